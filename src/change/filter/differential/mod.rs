//! That it makes no difference whether a document is read at once or when a filter looks at it.

mod documents;
mod generated;

use std::time::{Duration, Instant};

use bytes::Bytes;

use super::run::{self, Job, Reading, Writing};
use super::{Filter, only, texts};
use crate::document::{Document, View};
use crate::error::Result;

/// Filters, one in a line.
const FILTERS: &str = include_str!("filters.txt");

type Results = std::result::Result<Vec<String>, String>;
type Applied = std::result::Result<String, String>;

/// Runs the filter on the text in one way.
fn results(filter: &Filter, text: &str, reading: Reading) -> Results {
    let job = Job { reading, ..filter.job(super::text(text), &[], super::text) };
    texts(run::run(job, soon()).all()).map_err(|error| format!("{:?}: {error}", error.kind()))
}

/// When a filter counts as one that does not end.
fn soon() -> Option<Instant> {
    Some(Instant::now() + Duration::from_secs(10))
}

/// Applies the filter to the document in the plain way: all is read, written and read again.
fn apply_plainly(filter: &Filter, document: &mut Document) -> Result<()> {
    let (reading, writing) = (Reading::Whole, Writing::Texts);
    let outline = only(Job { reading, writing, ..filter.job_on(document, &[]) }, soon())?;
    document.replace(&outline.into_text().parse()?)
}

fn applied(text: &str, apply: impl FnOnce(&mut Document) -> Result<()>) -> Applied {
    let mut document = Document::parse(text.to_owned()).unwrap();
    apply(&mut document).map_err(|error| format!("{:?}: {error}", error.kind()))?;
    Ok(String::from_utf8(document.to_bytes().to_vec()).unwrap())
}

/// What differs between the two ways, if anything does.
fn difference(filter: &Filter, text: &str) -> Option<String> {
    let (whole, lazy) =
        (results(filter, text, Reading::Whole), results(filter, text, Reading::Lazy));
    let is_endless = |result: &Results| matches!(result, Err(error) if error.starts_with("Busy"));
    if is_endless(&whole) || is_endless(&lazy) {
        return None;
    }
    if whole != lazy {
        return Some(format!("results: {whole:?}\nlazily: {lazy:?}"));
    }
    let plain = applied(text, |document| apply_plainly(filter, document));
    let lazy = applied(text, |document| filter.apply(document, soon()));
    let is_same = plain == lazy
        || has_twins(text) && is_same_but_for_twins(&plain, &lazy)
        || are_equal(&plain, &lazy) && kept(text, &lazy) >= kept(text, &plain);
    (!is_same).then(|| format!("applied: {plain:?}\nlazily: {lazy:?}"))
}

/// Whether the two are the same value, however it is spelled.
fn are_equal(plain: &Applied, lazy: &Applied) -> bool {
    let (Ok(plain), Ok(lazy)) = (plain, lazy) else { return false };
    let patch = format!("[{{\"op\": \"test\", \"path\": \"\", \"value\": {lazy}}}]");
    let patch: crate::Patch = patch.parse().unwrap();
    Document::parse(plain.clone()).unwrap().patch(&patch).is_ok()
}

/// How many words of a text are in what was made of it. The plain way has to guess which elements are still the
/// same, so it may keep fewer.
fn kept(text: &str, applied: &Applied) -> usize {
    let mut words: Vec<&str> = text.split_whitespace().collect();
    let result = applied.as_deref().unwrap_or_default();
    let keeps = |word: &&str| {
        let at = words.iter().position(|old| old == word);
        at.map(|at| words.swap_remove(at)).is_some()
    };
    result.split_whitespace().filter(keeps).count()
}

/// Whether a key is there twice in one object.
fn has_twins(text: &str) -> bool {
    text.parse::<crate::Json>().is_err()
}

/// An element that has a key twice and is to stand elsewhere is not known again in the plain way, so that
/// another one is made of it, or the edit is refused. Lazily it goes there as it is.
fn is_same_but_for_twins(plain: &Applied, lazy: &Applied) -> bool {
    let is_refused = matches!(plain, Err(error) if error.contains("more than once"));
    is_refused || compact(plain) == compact(lazy)
}

fn compact(text: &Applied) -> Applied {
    let text = text.clone()?;
    let view = View::of(Bytes::from(text)).unwrap();
    let mut compact = Vec::new();
    view.push_compact(view.place().start, usize::MAX, &mut compact);
    Ok(String::from_utf8(compact).unwrap())
}

fn compile(source: &str) -> Filter {
    Filter::compile(source).unwrap_or_else(|error| panic!("{source}: {error}"))
}

/// Asserts that there is no difference for any of the filters and documents.
fn compare(sources: impl Iterator<Item = String>, documents: &[String]) {
    let mut differences = Vec::new();
    for source in sources {
        let filter = compile(&source);
        for text in documents {
            let shown: String = text.chars().take(300).collect();
            let different = difference(&filter, text).map(|difference| {
                let difference: String = difference.chars().take(1500).collect();
                format!("{source}\nof {shown}\n{difference}\n")
            });
            differences.extend(different);
        }
    }
    let (count, first) = (differences.len(), differences.into_iter().take(10));
    assert!(count == 0, "{count} differences\n\n{}", first.collect::<Vec<_>>().join("\n"));
}

fn written() -> impl Iterator<Item = String> {
    FILTERS.lines().filter(|line| !line.starts_with('#')).map(str::to_owned)
}

#[test]
fn filters_do_the_same_on_small_documents() {
    compare(written(), &documents::small());
}

#[test]
fn filters_do_the_same_on_documents_with_large_parts() {
    compare(written(), &documents::large());
}

#[test]
fn updates_do_the_same_on_all_documents() {
    let documents: Vec<String> = documents::small().into_iter().chain(documents::large()).collect();
    compare(generated::updates(), &documents);
}

/// What lies deeper in the result than in the document may lie too deep.
#[test]
fn the_limit_on_depth_is_the_same() {
    let depths = [9_998, 10_000];
    let documents: Vec<String> = depths
        .iter()
        .map(|depth| format!("{}{{}}{}", "[".repeat(depth - 1), "]".repeat(depth - 1)))
        .chain([format!("{{\"a\":{}{}}}", "[".repeat(9_999), "]".repeat(9_999))])
        .collect();
    let filters = [
        ".",
        "[.]",
        "[[.]]",
        ".[0]",
        "[.[0]]",
        "[[.[0]]]",
        "[[[.[0]]]]",
        "{x: .}",
        ".a",
        ".b = .a",
        ".b.c = .a",
        ".a |= [.]",
        ".a[0] |= [.]",
        ".[0][0] |= [.]",
        ".[0] |= .[0]",
        "tojson",
        "tostring | length",
        "[.] | tojson",
        ". == .",
        "[.] == [.]",
        ".b = .a[0]",
    ];
    compare(filters.iter().map(|filter| (*filter).to_owned()), &documents);
}
