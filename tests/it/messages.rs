//! What errors say: enough to act on, and never a secret.

use crate::harness::Sandbox;

#[test]
fn invalid_json_shows_the_place_but_not_the_values() {
    let text = "{\n  \"user\": \"alice\",\n  \"token\": \"s3cret\"\n  \"pin\": 4711\n}\n";
    let sandbox = Sandbox::with("f", text);
    let run = sandbox.run(["set", "f", "a=1"]).exits_with(65);
    let run = run.says("jsonlock: f: not valid JSON at line 4, column 3").says("  \"***\": ****");
    run.says("\n  ^").says("f was not changed").never_says("s3cret").never_says("4711");
}

#[test]
fn values_given_on_the_command_line_are_not_repeated() {
    let sandbox = Sandbox::with("f", "{\"a\": 1}");
    sandbox.run(["set", "f", "a.b=s3cret"]).exits_with(5).never_says("s3cret");
    sandbox.run(["set", "f", "a..b=s3cret"]).exits_with(2).never_says("s3cret");
    sandbox.run(["set", "f", "a:={\"k\": s3cret}"]).exits_with(65).never_says("s3cret");
    sandbox.run(["merge", "f", "{\"k\": \"s3cret\", }"]).exits_with(65).never_says("s3cret");
    sandbox.run(["set", "f", "s3cret"]).exits_with(2).never_says("s3cret");
    sandbox.run(["set", "f", "a=1", "--verbose"]).succeeds().never_says("\"1\"");
}

#[test]
fn values_of_options_that_stand_behind_a_space_are_recognized() {
    let sandbox = Sandbox::with("f", "{}");
    let run = |args: &[&str]| sandbox.run([&["set", "f", "a=1"], args].concat()).exits_with(2);
    let _ = run(&["--backup", ".old"]).says("JSON; --backup takes its value behind an equals sign");
    let _ = run(&["--print", ".s3cret"]).says("--print=…; f was").never_says("s3cret");
    let _ = run(&[".a"]).says("assignment 2 is neither PATH=TEXT nor PATH:=JSON; f was");
}

#[test]
fn damage_from_a_crash_is_called_that() {
    let sandbox = Sandbox::with("f", [0; 64]);
    sandbox.run(["set", "f", "a=1"]).exits_with(65).says("crash");
    assert_eq!(sandbox.read_bytes("f"), [0; 64]);
}

#[test]
fn a_path_that_does_not_parse_shows_where() {
    let sandbox = Sandbox::with("f", "{}");
    for (path, expected) in [("a..b", "a..b"), ("a[x]", "a[x]"), ("a[1", "a[1"), ("", ".")] {
        sandbox.run(["get", "f", path]).exits_with(2).says(expected);
    }
}

#[test]
fn verbose_says_what_was_done() {
    let sandbox = Sandbox::with("f", "{\"a\": \"s3cret\"}");
    for (arguments, what) in [
        (&["set", "f", "b=s3cret"][..], "f was changed; 1 attempt, waited "),
        (&["set", "f", "b=s3cret"], "f is as asked already; 1 attempt, waited "),
        (&["del", "f", "b", "--dry-run"], "jsonlock: f would be changed\n"),
        (&["del", "f", "c", "--dry-run"], "jsonlock: f is as asked already\n"),
    ] {
        let run = sandbox.run(arguments.iter().chain([&"-v"])).succeeds().says(what);
        let is_preview = arguments.contains(&"--dry-run");
        assert_ne!(run.stderr().contains(" ms, held the lock "), is_preview);
        assert!(!run.stderr().contains("s3cret"));
    }
}

#[test]
fn what_is_no_file_is_called_what_it_is() {
    let sandbox = Sandbox::new();
    sandbox.run(["get", "/dev/stdin"]).exits_with(77).says("the file's own name");
    sandbox.run(["set", "/dev/null", "a=1"]).exits_with(77).says("a device");
    sandbox.run(["set", "..", "a=1"]).exits_with(77).says("a directory");
    sandbox.run(["set", "", "a=1"]).exits_with(2);
}

/// Names and keys come from other people, who may like to move the cursor.
#[test]
fn control_characters_do_not_reach_the_terminal() {
    let sandbox = Sandbox::with("f\u{1b}[2J", "{\"a\": 1}");
    for args in [
        &["set", "f\u{1b}[2J", "a.b=x"][..],
        &["set", "-v", "f\u{1b}[2J", "b=x"],
        &["get", "f\u{1b}[2J", "b\u{9b}"],
        &["get", "f\u{1b}[2J", "[\"c\\u009b\"]"],
        &["apply", "f\u{1b}[2J", ".a | error(\"\u{1b}[2J\")"],
        &["set", "missing\u{1b}[2J/f", "a=x"],
    ] {
        let _ = sandbox.run(args).never_says("\u{1b}").never_says("\u{9b}");
    }
    sandbox.run(["set", "f\u{1b}[2J", "a.b=x"]).says(r"f\u{1b}[2J was not changed");
}

#[test]
fn debugging_output_of_the_library_shows_no_values() {
    use jsonlock::{Change, Document, Json, LocalStore};
    let sandbox = Sandbox::with("f", "{\"token\": \"s3cret\"}");
    let path = "token".parse().unwrap();
    let edited = jsonlock::edit(&LocalStore::new(sandbox.path("f")), |document| {
        document.set(&path, Json::from("s3cret too"))
    });
    let change = Change::Set(path.clone(), Json::from("s3cret"));
    let shown = format!("{edited:?} {change:?} {:?}", Document::parse("\"s3cret\"").unwrap());
    assert!(!shown.contains("s3cret"), "{shown}");
}

#[cfg(not(feature = "schema"))]
#[test]
fn an_option_that_was_not_built_says_so() {
    let sandbox = Sandbox::with("f", "{}");
    sandbox.write("schema.json", "true");
    let run = sandbox.run(["set", "f", "a=1", "--schema", "schema.json"]).exits_with(2);
    run.says("built without the feature schema").says("f was not changed");
    assert_eq!(sandbox.names(), ["f", "schema.json"]);
}
