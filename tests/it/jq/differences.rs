//! That what docs/jq.md says of jq and of us is so.

use std::io::Write as _;
use std::process::{Command, Stdio};

use jsonlock::{ErrorKind, Filter};

use super::against::oracle::jq;

const PAGE: &str = include_str!("../../../docs/jq.md");

struct Row {
    filter: String,
    document: String,
    jq: String,
    jsonlock: String,
}

/// The rows of all tables of the page.
fn rows() -> Vec<Row> {
    let cells = |line: &str| {
        // A bar in a cell is written `\|`.
        let line = line.replace("\\|", "\u{1}");
        let cells = line.trim_matches('|').split('|');
        cells.map(|cell| cell.trim().replace('\u{1}', "|")).collect::<Vec<_>>()
    };
    let lines = PAGE.lines().filter(|line| line.starts_with("| `"));
    let row = |line| match cells(line).as_slice() {
        [filter, document, jq, jsonlock] => Row {
            filter: code(filter).concat(),
            document: code(document).concat(),
            jq: jq.clone(),
            jsonlock: jsonlock.clone(),
        },
        cells => panic!("{line} has {} cells", cells.len()),
    };
    lines.map(row).collect()
}

/// The texts between backticks.
fn code(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// What a cell says of results, so that the spelling of a string does not matter.
fn told(cell: &str) -> Result<Vec<String>, &str> {
    match cell {
        "no result" => Ok(Vec::new()),
        "*error*" | "*does not compile*" => Err(cell.trim_matches('*')),
        _ => Ok(code(cell).iter().map(|text| spelled(text)).collect()),
    }
}

fn spelled(json: &str) -> String {
    match serde_json::from_str::<String>(json) {
        Ok(string) => format!("{string:?}"),
        Err(_) => json.to_owned(),
    }
}

#[test]
fn each_row_tells_what_we_do() {
    let rows = rows();
    assert!(rows.len() > 30, "{} rows", rows.len());
    for Row { filter, document, jsonlock, .. } in rows {
        let result = Filter::compile(&filter).and_then(|filter| filter.run(&document, &[], None));
        let is = match &result {
            Ok(texts) => Ok(texts.iter().map(|text| spelled(text)).collect()),
            Err(error) if error.kind() == ErrorKind::InvalidFilter => Err("does not compile"),
            Err(_) => Err("error"),
        };
        assert_eq!(is, told(&jsonlock), "{document} | {filter}: {result:?}");
    }
}

#[test]
fn each_row_tells_what_jq_does() {
    let Some(program) = jq("what docs/jq.md says of jq") else { return };
    for Row { filter, document, jq, .. } in rows() {
        let mut command = Command::new(&program);
        command.args(["-c", &filter]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.stderr(Stdio::null()).spawn().unwrap();
        // A filter that does not compile ends jq before it reads.
        let _ = child.stdin.take().unwrap().write_all(document.as_bytes());
        let output = child.wait_with_output().unwrap();
        let texts = String::from_utf8(output.stdout).unwrap();
        let is = match output.status.success() {
            true => Ok(texts.lines().map(spelled).collect()),
            false => Err("error"),
        };
        assert_eq!(is, told(&jq), "{document} | {filter}");
    }
}
