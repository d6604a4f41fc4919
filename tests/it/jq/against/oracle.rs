//! jq 1.8 itself, if it is there.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use crate::harness::skip;

/// The program: what `JSONLOCK_JQ` names, or the jq on the path if it is 1.8. Else this says that `what`
/// is skipped.
pub fn jq(what: &str) -> Option<PathBuf> {
    static FOUND: OnceLock<Option<PathBuf>> = OnceLock::new();
    let found = FOUND.get_or_init(|| {
        let named = std::env::var_os("JSONLOCK_JQ").map(PathBuf::from);
        let program = named.clone().unwrap_or_else(|| "jq".into());
        let version = Command::new(&program).arg("--version").output();
        let version = version.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
        let is_right = version.as_ref().is_ok_and(|version| version.starts_with("jq-1.8"));
        assert!(is_right || named.is_none(), "JSONLOCK_JQ names no jq 1.8: {version:?}");
        is_right.then_some(program)
    });
    if found.is_none() {
        skip(what, "there is no jq 1.8; tests/engines/jq.sh gets it, and JSONLOCK_JQ names it");
    }
    found.clone()
}

/// What a filter gives for a document: its results, and whether it failed then.
#[derive(Debug, PartialEq)]
pub struct Given {
    /// Compact JSON, one array that holds one result each.
    pub results: String,
    pub failed: bool,
}

/// What jq gives for each of the documents; `None` if it does not compile the filter, or ended on its way.
pub fn answers(jq: &PathBuf, filter: &str, documents: &[String]) -> Option<Vec<Given>> {
    // What JSON has no words for is an error to jsonlock.
    let source = format!(
        "[try (({filter}\n) | if any(..; isnan) or any(.. | numbers; tojson | test(\"e\\\\+308$\")) \
         then error(null) else [.] end) catch null]"
    );
    let mut command = Command::new(jq);
    command.args(["-c", &source]).env("TZ", "UTC").stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.stderr(Stdio::null()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let text = documents.join("\n");
    let writer = std::thread::spawn(move || input.write_all(text.as_bytes()));
    let output = child.wait_with_output().unwrap();
    // A filter that does not compile reads nothing.
    let _ = writer.join().unwrap();
    let lines = String::from_utf8_lossy(&output.stdout).into_owned();
    let given: Vec<Given> = lines.lines().map(given).collect();
    (given.len() == documents.len()).then_some(given)
}

fn given(line: &str) -> Given {
    let failed = line.strip_suffix("null]").map(|start| start.trim_end_matches(','));
    match failed {
        Some(start) => Given { results: format!("{start}]"), failed: true },
        None => Given { results: line.to_owned(), failed: false },
    }
}
