//! What is answered to which line, and what becomes of the document.

use super::{OLD, answers, codes};
use crate::harness::Sandbox;
use crate::system::end_of;

#[test]
fn objects_are_merged_and_arrays_are_patches() {
    let sandbox = Sandbox::with("f", OLD);
    let input =
        "{\"b\": {\"c\": 1.0}}\n[{\"op\": \"move\", \"from\": \"/b/c\", \"path\": \"/d\"}]\n";
    let run = sandbox.run_with_input(["batch", "f"], input).succeeds();
    assert_eq!(sandbox.read("f"), "{\"a\": \"0ld\", \"b\": {}, \"d\": 1.0}");
    let etag = sandbox.run(["get", "f", "--etag"]).stdout();
    let last = format!("{{\"line\":2,\"ok\":true,\"etag\":\"{}\"}}\n", etag.trim());
    assert!(run.stdout().ends_with(&last), "{run}");
    assert_eq!(codes(&answers(&run.stdout())), [(1, 0), (2, 0)]);
    assert_eq!(run.stderr(), "");
}

/// Each with the exit status that a command of its own would have had.
#[test]
fn a_line_that_cannot_be_applied_does_not_stop_the_others() {
    let sandbox = Sandbox::with("f", OLD);
    let lines: [(&[u8], u64); 13] = [
        (b"{\"b\": 1}", 0),
        (b"{\"b\": s3cret}", 65),
        (b"\"s3cret\"", 65),
        (b"7", 65),
        (b"null", 65),
        (b"{\"s\xFF\": 1}", 65),
        (b"[{\"op\": \"add\", \"path\": \"/c\"}]", 65),
        (b"{\"k\": 1, \"k\": 2}", 65),
        (b"{\"k\": 1} {\"k\": 2}", 65),
        (b"[{\"op\": \"remove\", \"path\": \"/b\"}, {\"op\": \"remove\", \"path\": \"/x\"}]", 5),
        (b"[{\"op\": \"test\", \"path\": \"/a\", \"value\": \"s3cret\"}]", 76),
        (b"[]", 0),
        (b"{\"c\": 2}", 0),
    ];
    let input = lines.map(|(line, _)| line).join(&b'\n');
    let run = sandbox.run_with_input(["batch", "f"], &input).exits_with(65).never_says("s3cret");
    let expected: Vec<(u64, u64)> = (1..).zip(lines.map(|(_, code)| code)).collect();
    assert_eq!(codes(&answers(&run.stdout())), expected, "{run}");
    assert_eq!(sandbox.read("f"), "{\"a\": \"0ld\", \"b\": 1, \"c\": 2}");
    let summary = "jsonlock: 10 of 13 lines were not applied; f got the edits of 3 lines\n";
    assert_eq!(run.stderr(), summary);
    let says = |number: usize| answers(&run.stdout())[number - 1]["error"].to_string();
    assert!(says(2).contains("not valid JSON at column 7"), "{}", says(2));
    assert!(says(10).contains("operation 2 (remove"), "{}", says(10));
}

#[test]
fn the_summary_is_silenced_and_tells_when_nothing_was_changed() {
    let sandbox = Sandbox::with("f", OLD);
    let patch = "[{\"op\": \"remove\", \"path\": \"/x\"}]";
    let run = sandbox.run_with_input(["batch", "f"], patch).exits_with(5);
    assert_eq!(run.stderr(), "jsonlock: the only line was not applied; f was not changed\n");
    let run = sandbox.run_with_input(["batch", "f", "--quiet"], patch).exits_with(5);
    assert_eq!(run.stderr(), "");
    assert_eq!(sandbox.read("f"), OLD);
}

#[test]
fn blank_lines_are_counted_and_the_last_line_needs_no_end() {
    let sandbox = Sandbox::with("f", OLD);
    let run =
        sandbox.run_with_input(["batch", "f"], "\n{\"b\": 1}\r\n \t\n\n{\"c\": 1}").succeeds();
    assert_eq!(codes(&answers(&run.stdout())), [(2, 0), (5, 0)]);
    assert_eq!(sandbox.json("f"), serde_json::json!({"a": "0ld", "b": 1, "c": 1}));
}

#[test]
fn where_there_are_no_edits_nothing_is_locked_or_created() {
    for (input, code) in [("", 0), ("\n\n", 0), ("{", 65)] {
        let sandbox = Sandbox::new();
        sandbox.run_with_input(["batch", "f"], input).exits_with(code);
        assert_eq!(sandbox.names(), [""; 0], "{input:?}");
    }
}

#[test]
fn a_missing_document_is_created_unless_that_is_forbidden() {
    let patch = "[{\"op\": \"add\", \"path\": \"/a\", \"value\": 1}]";
    for (input, expected) in [(patch, "{\n  \"a\": 1\n}\n"), ("{}", "{}\n"), ("[]", "{}\n")] {
        let sandbox = Sandbox::new();
        sandbox.run_with_input(["batch", "f"], input).succeeds();
        assert_eq!(sandbox.read("f"), expected);
    }
    let sandbox = Sandbox::new();
    let run = sandbox.run_with_input(["batch", "f", "--no-create"], "{}").exits_with(66);
    assert_eq!(codes(&answers(&run.stdout())), [(1, 66)]);
    run.says("the batch stopped: f does not exist").says("f was not changed");
    assert_eq!(sandbox.names(), [""; 0]);
}

#[test]
fn conditions_are_asked_of_each_line() {
    let sandbox = Sandbox::with("f", "{\"n\": 0}");
    let input = "{\"n\": 1}\n{\"n\": 5}\n{\"n\": 2, \"done\": true}\n{\"n\": 3}\n";
    let conditions = ["--if", ".done | not", "--check", ".n == $old.n + 1"];
    let run = sandbox.run_with_input([&["batch", "f"], &conditions[..]].concat(), input);
    let run = run.exits_with(78);
    assert_eq!(codes(&answers(&run.stdout())), [(1, 0), (2, 78), (3, 0), (4, 76)], "{run}");
    assert_eq!(sandbox.read("f"), "{\"n\": 2, \"done\": true}");
    sandbox.run_with_input(["batch", "f", "--if", ".["], "{}").exits_with(3).says("--if");
}

#[test]
fn options_that_speak_of_one_edit_are_refused() {
    let sandbox = Sandbox::with("f", OLD);
    let options =
        ["--if-match=x", "--if-absent", "--print", "--print=.a", "--etag", "--report", "--dry-run"];
    for option in options {
        let run = sandbox.run_with_input(["batch", "f", option], "{\"b\": 1}").exits_with(2);
        run.prints("").says(option.split('=').next().unwrap()).says("--atomic");
    }
    assert_eq!(sandbox.names(), ["f"]);
    assert_eq!(sandbox.read("f"), OLD);
}

#[test]
fn lines_that_are_huge_or_deep_are_answered() {
    let sandbox = Sandbox::with("f", OLD);
    let deep = "[".repeat(20_000);
    let script = format!(
        "(echo '{deep}'; head -c 68000000 /dev/zero | tr '\\0' x; echo; echo '{{\"b\": 1}}') | \
         jsonlock batch f"
    );
    let run = sandbox.shell(&script).exits_with(65);
    assert_eq!(codes(&answers(&run.stdout())), [(1, 65), (2, 65), (3, 0)]);
    assert!(run.stdout().contains("longer than 64 MiB"), "{run}");
    assert_eq!(sandbox.json("f")["b"], 1);
}

/// A producer that is faster than the disk: what waits is limited, and nothing gets lost or mixed up.
#[test]
fn many_lines_are_all_applied_in_order() {
    let sandbox = Sandbox::with("f", "{}");
    let lines: String = (0..25_000)
        .map(|n| format!("[{{\"op\":\"add\",\"path\":\"/{}\",\"value\":{n}}}]\n", n % 100))
        .collect();
    sandbox.write("edits", lines);
    let run = sandbox.shell("jsonlock batch f --durability=none < edits").succeeds();
    let numbers: Vec<(u64, u64)> = (1..=25_000).map(|number| (number, 0)).collect();
    assert!(codes(&answers(&run.stdout())) == numbers);
    let document = sandbox.json("f");
    assert!((0..100).all(|n| document[n.to_string()] == 24_900 + n), "{document}");
}

/// Waiting for somebody to type is hardly ever what is meant.
#[test]
fn a_terminal_is_no_input() {
    let sandbox = Sandbox::with("f", OLD);
    if !super::terminal::can_type("batch::answers::a_terminal_is_no_input") {
        return;
    }
    let mut child = super::terminal::command(&sandbox, "jsonlock batch f");
    let ended = end_of(child.spawn().unwrap());
    assert_eq!(ended.code, Some(2), "{}", ended.stdout);
    assert!(ended.stdout.contains("standard input is a terminal"), "{}", ended.stdout);
}
