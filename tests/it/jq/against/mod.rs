//! Filters that are put together at random, run by jq 1.8 and by us.

mod documents;
mod filters;
pub mod oracle;
mod texts;
mod tokens;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use fastrand::Rng;
use jsonlock::Filter;

use self::filters::AREAS;
use self::oracle::{Given, answers, jq};
pub use self::tokens::say_the_same;

/// How many documents each filter is run on.
const DOCUMENTS: usize = 25;

/// A number from the environment, for those who want other pairs, or more of them.
fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap())
}

#[test]
fn filters_give_what_jq_gives() {
    let Some(jq) = jq("filters beside those of jq") else { return };
    let seed = number("JSONLOCK_JQ_SEED").unwrap_or_else(|| Rng::new().u64(..));
    let pairs = number("JSONLOCK_JQ_PAIRS").unwrap_or(10_000);
    let mut rng = Rng::with_seed(seed);
    let mut differences = Vec::new();
    for turn in 0..pairs as usize / DOCUMENTS {
        let (_, filter) = AREAS[turn % AREAS.len()];
        let source = filter(&mut rng);
        let documents: Vec<String> =
            (0..DOCUMENTS).map(|_| documents::document(&mut rng)).collect();
        differences.extend(compare(&jq, &source, &documents).into_iter().next());
    }
    let (count, first) = (differences.len(), differences.into_iter().take(20));
    let first = first.collect::<Vec<_>>().join("\n");
    assert!(count == 0, "{count} filters differ with JSONLOCK_JQ_SEED={seed}:\n{first}");
}

/// What jq and we give for the same filter, where it differs.
fn compare(jq: &PathBuf, source: &str, documents: &[String]) -> Vec<String> {
    let filter = Filter::compile(source);
    let Some(answers) = answers(jq, source, documents) else {
        let is_refused = |document: &String| is_refused(&filter, document);
        return match documents.iter().find(|document| !is_refused(document)) {
            Some(document) => vec![format!("{source}\n  of {document}: jq refuses it")],
            None => Vec::new(),
        };
    };
    let pairs = documents.iter().zip(answers);
    pairs.filter_map(|(document, answer)| difference(&filter, source, document, &answer)).collect()
}

fn is_refused(filter: &jsonlock::Result<Filter>, document: &str) -> bool {
    filter.as_ref().map_or(true, |filter| filter.run(document, &[], soon()).is_err())
}

fn difference(
    filter: &jsonlock::Result<Filter>,
    source: &str,
    document: &str,
    answer: &Given,
) -> Option<String> {
    let given = match filter {
        Ok(filter) => filter.run(document, &[], soon()).map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    };
    let is_same = match &given {
        Ok(results) => {
            let results =
                results.iter().map(|text| format!("[{text}]")).collect::<Vec<_>>().join(",");
            !answer.failed && say_the_same(&answer.results, &format!("[{results}]"))
        }
        Err(_) => answer.failed,
    };
    (!is_same).then(|| format!("{source}\n  of {document}\n  jq: {answer:?}\n  we: {given:?}"))
}

/// When a filter counts as one that does not end.
fn soon() -> Option<Instant> {
    Some(Instant::now() + Duration::from_secs(20))
}
