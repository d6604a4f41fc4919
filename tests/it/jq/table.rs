//! Filters that give what jq 1.8 gives: a table, each row of which both programs run.

use std::io::Write as _;
use std::process::{Command, Stdio};

use jsonlock::{ErrorKind, Filter};

use super::against::oracle::jq;

/// Rows of a filter, a document, and the results or how it fails.
const TABLE: &str = include_str!("table.txt");

fn rows() -> impl Iterator<Item = [&'static str; 3]> {
    let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| match line.split('\t').collect::<Vec<_>>()[..] {
        [filter, document, results] => [filter, document, results],
        _ => panic!("{line} is no row"),
    })
}

#[test]
fn each_row_is_what_we_do() {
    let mut failures = Vec::new();
    for [filter, document, expected] in rows() {
        let results = Filter::compile(filter).and_then(|filter| filter.run(document, &[], None));
        let is = match &results {
            Ok(results) => results.join(" "),
            Err(error) if error.kind() == ErrorKind::InvalidFilter => "does not compile".into(),
            Err(_) => "error".into(),
        };
        if is != expected {
            failures.push(format!("{document} | {filter}\n  {expected}\n  {results:?}"));
        }
    }
    assert!(rows().count() > 400);
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn each_row_is_what_jq_does() {
    let Some(jq) = jq("that filters give what jq gives") else { return };
    for [filter, document, expected] in rows() {
        let mut command = Command::new(&jq);
        command.args(["-c", "--", filter]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.stderr(Stdio::null()).spawn().unwrap();
        // A filter that does not compile ends jq before it reads.
        let _ = child.stdin.take().unwrap().write_all(document.as_bytes());
        let output = child.wait_with_output().unwrap();
        let is = match output.status.code() {
            Some(0) => String::from_utf8(output.stdout).unwrap().trim_end().replace('\n', " "),
            Some(3) => "does not compile".into(),
            _ => "error".into(),
        };
        assert_eq!(is, expected, "{document} | {filter}");
    }
}
