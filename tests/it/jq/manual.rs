//! What the manual of jq is about, case by case, and what its library does with odd input. The files have a
//! filter, and indented below it a document and the results, or that it fails.

use super::against::oracle::{answers, jq};
use super::against::say_the_same;
use jsonlock::Filter;

struct Case {
    filter: &'static str,
    document: &'static str,
    results: Vec<&'static str>,
}

fn cases() -> Vec<Case> {
    let blocks = [include_str!("manual.txt"), include_str!("library.txt")];
    let blocks = blocks.into_iter().flat_map(|text| text.trim_end().split("\n\n"));
    let blocks = blocks.filter(|block| !block.starts_with('#'));
    let case = |block: &'static str| {
        let mut lines = block.lines();
        let filter = lines.next().unwrap();
        let document = lines.next().unwrap().trim();
        Case { filter, document, results: lines.map(str::trim).collect() }
    };
    blocks.map(case).collect()
}

/// One array with one result each.
fn joined<T: AsRef<str>>(results: &[T]) -> String {
    let results = results.iter().map(|result| format!("[{}]", result.as_ref()));
    format!("[{}]", results.collect::<Vec<_>>().join(","))
}

const FAILS: [&str; 1] = ["error"];

#[test]
fn each_case_gives_its_results() {
    let cases = cases();
    assert!(cases.len() > 400, "{} cases", cases.len());
    for Case { filter, document, results } in cases {
        let given = Filter::compile(filter).and_then(|filter| filter.run(document, &[], None));
        let is_same = match &given {
            Ok(given) => say_the_same(&joined(given), &joined(&results)),
            Err(_) => results == FAILS,
        };
        assert!(is_same, "{document} | {filter}: {given:?}");
    }
}

#[test]
fn each_case_gives_its_results_in_jq_too() {
    let Some(jq) = jq("the cases of jq's manual") else { return };
    for Case { filter, document, results } in cases() {
        let given = answers(&jq, filter, &[document.to_owned()]).map(|mut given| given.remove(0));
        let given = given.unwrap_or_else(|| panic!("{document} | {filter}"));
        let is_same = match given.failed {
            true => results == FAILS,
            false => say_the_same(&given.results, &joined(&results)),
        };
        assert!(is_same, "{document} | {filter}: {given:?}");
    }
}
