//! Third-party conformance data. `JSONLOCK_SUITES` says where it is; where it is not set, these tests
//! are skipped and say so.

/// Through the public library.
mod library;
/// Through the built program.
mod program;

use crate::harness::skip;
use serde_json::Value;
use std::fs;
use std::path::PathBuf;

/// The directory of a suite.
fn suite(name: &str) -> Option<PathBuf> {
    let suites = std::env::var_os("JSONLOCK_SUITES").map(PathBuf::from);
    if suites.is_none() {
        skip(name, "JSONLOCK_SUITES is not set");
    }
    Some(suites?.join(name))
}

/// The content of a file of a suite.
fn cases(suite: &str, file: &str) -> Option<Value> {
    let text = fs::read(self::suite(suite)?.join(file)).unwrap();
    Some(serde_json::from_slice(&text).unwrap())
}
