//! jq filters.

mod against;
mod differences;
mod documents;
mod errors;
mod inputs;
mod language;
mod library;
mod limits;
mod manual;
mod table;
mod values;

use jsonlock::{Error, ErrorKind, Filter};

#[track_caller]
fn results(source: &str, input: &str) -> Vec<String> {
    let filter = Filter::compile(source).unwrap();
    filter.run(input, &[], None).unwrap_or_else(|error| panic!("{input} | {source}: {error}"))
}

#[track_caller]
fn result(source: &str, input: &str) -> String {
    let results = results(source, input);
    assert_eq!(results.len(), 1, "{input} | {source}");
    results.concat()
}

#[track_caller]
fn failure(source: &str, input: &str) -> Error {
    let filter = Filter::compile(source).unwrap();
    match filter.run(input, &[], None) {
        Ok(results) => panic!("{input} | {source}: {results:?}"),
        Err(error) => error,
    }
}

#[track_caller]
fn invalid(source: &str) -> String {
    let error = Filter::compile(source).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidFilter);
    error.to_string()
}
