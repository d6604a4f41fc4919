//! Proves that `--diff` shows what an edit changed, and that patch(1) makes the same of the old document.

use crate::harness::{Run, Sandbox};
use crate::system::works;
use std::process::Command;

const LINES: &str = "{\n  \"a\": 1,\n  \"b\": 2,\n  \"c\": 3,\n  \"d\": 4,\n  \"e\": 5\n}\n";

/// Makes an edit of `before`, and checks that its diff makes the same of a copy.
#[track_caller]
fn edited(before: Option<&str>, arguments: &[&str]) -> String {
    let sandbox = Sandbox::new();
    if let Some(before) = before {
        sandbox.write("f", before);
        sandbox.write("copy", before);
    }
    let diff = sandbox.run(arguments.iter().chain([&"--diff"])).succeeds().stdout();
    if works("diff::edited", &["patch", "--version"]) {
        sandbox.write("diff", &diff);
        let mut patch = Command::new("patch");
        patch.args(["--silent", "--fuzz=0", "copy", "diff"]).current_dir(sandbox.root());
        sandbox.run_command(patch).succeeds();
        assert_eq!(sandbox.read("copy"), sandbox.read("f"), "{diff}");
    }
    diff
}

#[test]
fn every_command_that_writes_prints_the_difference() {
    let expected = "--- f\n+++ f\n@@ -2,5 +2,5 @@\n   \"a\": 1,\n   \"b\": 2,\n   \"c\": 3,\n-  \"d\": 4,\n+  \"d\": 0,\n   \"e\": 5\n";
    for arguments in [
        &["set", "f", "d:=0"][..],
        &["merge", "f", "{\"d\": 0}"],
        &["patch", "f", "[{\"op\": \"replace\", \"path\": \"/d\", \"value\": 0}]"],
        &["apply", "f", ".d = 0"],
    ] {
        assert_eq!(
            edited(Some(LINES), arguments),
            expected.replace("-2,5 +2,5", "-2,6 +2,6") + " }\n"
        );
    }
    let deleted = edited(Some(LINES), &["del", "f", "a"]);
    assert_eq!(
        deleted,
        "--- f\n+++ f\n@@ -1,5 +1,4 @@\n {\n-  \"a\": 1,\n   \"b\": 2,\n   \"c\": 3,\n   \"d\": 4,\n"
    );
}

#[test]
fn patch_makes_the_same_of_the_old_document() {
    let unended = LINES.trim_end();
    let crlf = LINES.replace('\n', "\r\n");
    let mixed = "[\r1,\r\n2,\n3\r]\r";
    for before in [LINES, unended, &crlf, crlf.trim_end(), mixed, "{}", "[\n\n\n1,\n\n\n\n\n2]"] {
        let diff = edited(Some(before), &["apply", "f", "[.[] | [., 7]]"]);
        let ends = before.ends_with('\n');
        assert_eq!(diff.contains("\n\\ No newline at end of file\n"), !ends, "{diff}");
        edited(Some(before), &["set", "f", ".:=[]"]);
    }
    edited(Some(unended), &["set", "f", "e:=6"]);
    let far = (0..60).map(|n| format!("\n  \"k{n}\": {n}")).collect::<Vec<_>>().join(",");
    let diff = edited(Some(&format!("{{{far}\n}}\n")), &["set", "f", "k3=x", "k40=y", "z=z"]);
    assert_eq!(diff.matches("@@ -").count(), 3, "{diff}");
}

#[test]
fn any_difference_can_be_applied() {
    let mut random = fastrand::Rng::with_seed(12);
    let mut list = || {
        let elements = (0..random.usize(0..40)).map(|_| random.u32(0..9).to_string());
        format!("[\n{}\n]\n", elements.collect::<Vec<_>>().join(",\n"))
    };
    for _ in 0..12 {
        let wish = format!(".:={}", list());
        edited(Some(&list()), &["set", "f", &wish]);
    }
}

#[test]
fn a_document_that_is_created_is_all_new() {
    let diff = edited(None, &["set", "f", "a:=1"]);
    assert_eq!(diff, "--- /dev/null\n+++ f\n@@ -0,0 +1,3 @@\n+{\n+  \"a\": 1\n+}\n");
    assert!(edited(Some("\n"), &["set", "f", "a:=1"]).starts_with("--- f\n+++ f\n@@ -1 +1,3 @@\n"));
}

#[test]
fn nothing_is_printed_if_nothing_changed_or_the_edit_failed() {
    let sandbox = Sandbox::with("f", "{\"a\": \"s3cret\"}");
    sandbox.run(["set", "f", "a=s3cret", "--diff"]).succeeds().prints_nothing();
    sandbox.run(["del", "f", "b", "--diff"]).succeeds().prints_nothing();
    sandbox.run(["del", "missing", "b", "--diff"]).succeeds().prints_nothing();
    for check in ["false", ".a + 1"] {
        let run = sandbox.run(["set", "f", "b=other", "--diff", "--check", check]);
        assert_ne!(run.code(), Some(0));
        run.prints("").never_says("s3cret").never_says("other");
    }
    assert_eq!(sandbox.read("f"), "{\"a\": \"s3cret\"}");
}

#[test]
fn a_dry_run_shows_what_would_change_instead_of_the_document() {
    let sandbox = Sandbox::with("f", "{}\n");
    let expected = "--- f\n+++ f\n@@ -1 +1,3 @@\n-{}\n+{\n+  \"a\": 1\n+}\n";
    sandbox.run(["set", "f", "a:=1", "--diff", "--dry-run"]).succeeds().prints(expected);
    assert_eq!(sandbox.names(), ["f"]);
    let report = sandbox.run(["set", "f", "a:=1", "--diff", "--report"]).succeeds().stdout();
    let report = report.strip_prefix(expected).unwrap();
    assert!(report.starts_with("{\"") && report.contains("\"changed\":true"), "{report}");
    for other in ["--print", "--etag"] {
        sandbox.run(["set", "f", "a:=1", "--diff", other]).exits_with(2).says("--diff");
    }
}

/// patch(1) takes names as they are quoted here.
#[test]
fn names_cannot_be_mistaken() {
    for (name, shown) in [
        ("a b", "a b\t"),
        ("a\"b\\", "\"a\\\"b\\\\\""),
        ("a\nb\u{1b}", "\"a\\012b\\033\""),
        ("é", "é"),
    ] {
        let sandbox = Sandbox::with(name, "1\n");
        let diff = sandbox.run(["set", name, ".:=2", "--diff"]).succeeds().stdout();
        assert_eq!(diff, format!("--- {shown}\n+++ {shown}\n@@ -1 +1 @@\n-1\n+2\n"));
        if works("diff::names", &["patch", "--version"]) {
            sandbox.write("diff", diff);
            let mut patch = Command::new("patch");
            patch.args(["--silent", "--reverse", "-i", "diff"]).current_dir(sandbox.root());
            sandbox.run_command(patch).succeeds();
            assert_eq!(sandbox.read(name), "1\n");
        }
    }
}

/// On a terminal, with these variables set.
fn on_a_terminal(variables: &str) -> Run {
    let sandbox = Sandbox::with("f", "{\r\n\"a\": 1}");
    let script = format!(
        "env -u NO_COLOR TERM=xterm {variables} \
         script --quiet --return --command 'jsonlock set f a:=2 --diff' /dev/null"
    );
    sandbox.shell(&script).succeeds()
}

#[test]
fn colours_are_for_terminals_that_have_them() {
    if !works("diff::colours", &["script", "--version"]) {
        return;
    }
    let coloured = on_a_terminal("").stdout();
    assert!(coloured.contains("\u{1b}[31m-\"a\": 1}\u{1b}[0m\r\n"), "{coloured:?}");
    assert!(coloured.contains("\u{1b}[32m+\"a\": 2}\u{1b}[0m\r\n"), "{coloured:?}");
    assert!(on_a_terminal("NO_COLOR=").stdout().contains('\u{1b}'));
    for variables in ["NO_COLOR=1", "TERM=dumb"] {
        let plain = on_a_terminal(variables).stdout();
        assert!(plain.contains("\n-\"a\": 1}\r\n") && !plain.contains('\u{1b}'), "{plain:?}");
    }
}

/// Neither one long line nor many lines that all differ take long.
#[test]
fn large_documents_are_compared_in_time() {
    let long = format!("{{\"a\": \"{}\", \"b\": 1}}", "x".repeat(3 << 20));
    let sandbox = Sandbox::with("f", &long);
    let diff = sandbox.run(["set", "f", "b:=2", "--diff"]).succeeds().stdout();
    assert_eq!(diff.lines().count(), 7);
    assert!(diff.len() < 2 * long.len() + 200);
    let lines = |factor: u64| {
        let numbers = (0..60_000_u64).map(|n| (n * factor % 65_537).to_string());
        format!("[\n{}\n]", numbers.collect::<Vec<_>>().join(",\n"))
    };
    sandbox.write("many", lines(3));
    sandbox.write("other", lines(5));
    let diff = sandbox.run(["set", "many", ".:=@other", "--diff"]).succeeds().stdout();
    assert!(diff.starts_with("--- many\n+++ many\n@@ "));
}
