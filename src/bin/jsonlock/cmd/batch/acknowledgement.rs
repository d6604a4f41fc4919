//! What is said of a line: that its edit is in the document, or why it is not.

use crate::report;
use jsonlock::{Etag, Json};
use std::io::Write as _;

/// Appends that the edit of a line is in the document that has this etag.
pub(crate) fn push_done(output: &mut Vec<u8>, line: u64, etag: Option<&Etag>) {
    let etag = etag.map_or_else(|| "null".to_owned(), |etag| string(etag.as_str()));
    push(output, format_args!(r#"{{"line":{line},"ok":true,"etag":{etag}}}"#));
}

/// Appends why the edit of a line is not in the document, and the exit status that this would be.
pub(super) fn push_refused(output: &mut Vec<u8>, line: u64, error: &anyhow::Error) {
    let (code, text) = (report::exit_code(error), string(&format!("{error:#}")));
    push(output, format_args!(r#"{{"line":{line},"ok":false,"code":{code},"error":{text}}}"#));
}

fn string(text: &str) -> String {
    Json::string(text).as_str().to_owned()
}

fn push(output: &mut Vec<u8>, text: std::fmt::Arguments<'_>) {
    // Writing to memory does not fail.
    let _ = writeln!(output, "{text}");
}
