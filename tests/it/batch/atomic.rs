//! `--atomic`: all lines or none.

use super::{OLD, answers, codes};
use crate::harness::{Run, Sandbox};

const EDITS: &str = "{\"b\": 1}\n\n[{\"op\": \"remove\", \"path\": \"/a\"}]\n";

fn atomic(sandbox: &Sandbox, options: &[&str], input: &str) -> Run {
    sandbox.run_with_input([&["batch", "f", "--atomic"], options].concat(), input)
}

fn etag(sandbox: &Sandbox) -> String {
    sandbox.run(["get", "f", "--etag"]).succeeds().stdout().trim().to_owned()
}

#[test]
fn all_lines_are_one_edit() {
    let sandbox = Sandbox::with("f", OLD);
    let run = atomic(&sandbox, &[], EDITS).succeeds();
    assert_eq!(codes(&answers(&run.stdout())), [(1, 0), (3, 0)]);
    let etag = etag(&sandbox);
    assert!(answers(&run.stdout()).iter().all(|answer| answer["etag"] == etag), "{run}");
    assert_eq!(sandbox.json("f"), serde_json::json!({"b": 1}));
    assert_eq!(run.stderr(), "");
}

#[test]
fn the_first_line_that_fails_is_named_and_nothing_is_changed() {
    for (line, code) in [
        ("{", 65),
        ("7", 65),
        ("[{\"op\": \"remove\", \"path\": \"/x\"}]", 5),
        ("[{\"op\": \"test\", \"path\": \"/a\", \"value\": 1}]", 76),
    ] {
        let sandbox = Sandbox::with("f", OLD);
        let input = format!("{{\"b\": 1}}\n{line}\n{{\"c\": 1}}\n{line}\n");
        let run = atomic(&sandbox, &[], &input).exits_with(code).prints("");
        run.says("jsonlock: f: line 2: ").says("f was not changed");
        assert_eq!(sandbox.read("f"), OLD);
    }
}

#[test]
fn conditions_are_asked_of_all_lines_together() {
    let sandbox = Sandbox::with("f", OLD);
    atomic(&sandbox, &["--check", ".a"], EDITS).exits_with(78).prints("");
    atomic(&sandbox, &["--if", ".b"], EDITS).exits_with(76).prints("");
    atomic(&sandbox, &["--if-absent"], EDITS).exits_with(76).prints("");
    atomic(&sandbox, &["--if-match", "0"], EDITS).exits_with(76).prints("");
    assert_eq!(sandbox.read("f"), OLD);
    atomic(&sandbox, &["--if-match", &etag(&sandbox), "--check", ".b"], EDITS).succeeds();
    assert_eq!(sandbox.json("f"), serde_json::json!({"b": 1}));
}

/// The acknowledgements come first, so that the last line is what it would be without them.
#[test]
fn what_is_asked_for_is_printed_behind_the_acknowledgements() {
    for option in ["--print=.b", "--etag", "--report"] {
        let sandbox = Sandbox::with("f", OLD);
        let run = atomic(&sandbox, &[option], EDITS).succeeds();
        let stdout = run.stdout();
        let lines: Vec<&str> = stdout.lines().collect();
        assert_eq!(lines.len(), 3, "{run}");
        assert_eq!(codes(&answers(&lines[..2].join("\n"))), [(1, 0), (3, 0)]);
        match option {
            "--print=.b" => assert_eq!(lines[2], "1"),
            "--etag" => assert_eq!(lines[2], etag(&sandbox)),
            _ => assert!(lines[2].contains("\"durable\":true"), "{run}"),
        }
    }
}

#[test]
fn what_is_only_tried_is_not_acknowledged() {
    let sandbox = Sandbox::with("f", OLD);
    atomic(&sandbox, &["--dry-run"], EDITS).succeeds().prints("{\"b\": 1}\n");
    assert_eq!(sandbox.read("f"), OLD);
    assert_eq!(sandbox.names(), ["f"]);
}

#[test]
fn no_lines_are_an_edit_that_changes_nothing() {
    let sandbox = Sandbox::with("f", OLD);
    atomic(&sandbox, &[], "\n").succeeds().prints_nothing();
    atomic(&sandbox, &["--if", "false"], "").exits_with(76).says("f was not changed");
    atomic(&sandbox, &["--check", ".a == null"], "\n").exits_with(78);
    atomic(&sandbox, &["--print=.a"], "").succeeds().prints("0ld\n");
    let run = atomic(&sandbox, &["--report"], "").succeeds();
    assert!(run.stdout().contains("\"changed\":false"), "{run}");
    assert_eq!(sandbox.read("f"), OLD);
}

#[test]
fn no_lines_create_nothing() {
    let sandbox = Sandbox::new();
    atomic(&sandbox, &[], "\n").succeeds().prints_nothing();
    atomic(&sandbox, &["--no-create"], "").exits_with(66).says("f does not exist");
    atomic(&sandbox, &["--if", ". != null"], "").exits_with(76);
    let run = atomic(&sandbox, &["--report", "--parents"], "").succeeds();
    assert!(run.stdout().contains("\"etag\":null"), "{run}");
    assert_eq!(sandbox.names(), [""; 0]);
}
