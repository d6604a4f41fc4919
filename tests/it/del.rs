//! `del`: what goes, and what stays as it is.

use crate::harness::Sandbox;

const BEFORE: &str = "{\n  \"a\": 1.0,\n  \"b\": [1, 2, 3],\n\n  \"c\": {\"x\": null}\n}\n";

#[test]
fn values_go_without_a_trace() {
    for (paths, expected) in [
        (&["a"][..], "{\n  \"b\": [1, 2, 3],\n\n  \"c\": {\"x\": null}\n}\n"),
        (&["c"], "{\n  \"a\": 1.0,\n  \"b\": [1, 2, 3]\n}\n"),
        (&["b[1]"], "{\n  \"a\": 1.0,\n  \"b\": [1, 3],\n\n  \"c\": {\"x\": null}\n}\n"),
        (&["b[-1]", "/b/0"], "{\n  \"a\": 1.0,\n  \"b\": [2],\n\n  \"c\": {\"x\": null}\n}\n"),
        (&["c.x"], "{\n  \"a\": 1.0,\n  \"b\": [1, 2, 3],\n\n  \"c\": {}\n}\n"),
        (&["a", "b", "c"], "{}\n"),
    ] {
        let sandbox = Sandbox::with("f", BEFORE);
        sandbox.run([&["del", "f"], paths].concat()).succeeds().prints_nothing();
        assert_eq!(sandbox.read("f"), expected, "{paths:?}");
    }
}

#[test]
fn the_command_has_other_names() {
    for name in ["delete", "unset", "rm"] {
        let sandbox = Sandbox::with("f", "{\"a\": 1}");
        sandbox.run([name, "f", "a"]).succeeds();
        assert_eq!(sandbox.read("f"), "{}");
    }
}

#[test]
fn what_is_absent_is_fine_unless_it_must_exist() {
    let sandbox = Sandbox::with("f", BEFORE);
    sandbox.run(["del", "f", "x", "a.b.c", "b[9]"]).succeeds();
    sandbox.run(["del", "f", "a", "x", "--must-exist"]).exits_with(5).says("no x to delete");
    assert_eq!(sandbox.read("f"), BEFORE);
}

#[test]
fn a_missing_document_is_not_created() {
    let sandbox = Sandbox::new();
    sandbox.run(["del", "f", "a"]).succeeds();
    sandbox.run(["del", "g", "a", "--no-create"]).exits_with(66).says("g does not exist");
    assert!(!sandbox.path("g.lock").exists());
}

#[test]
fn the_root_and_duplicated_keys_cannot_be_deleted() {
    let before = r#"{"a": 1, "a": 2}"#;
    let sandbox = Sandbox::with("f", before);
    sandbox.run(["del", "f", "."]).exits_with(5);
    sandbox.run(["del", "f", "a"]).exits_with(5).says("\"a\"");
    assert_eq!(sandbox.read("f"), before);
}

#[test]
fn all_paths_speak_of_the_document_as_it_was() {
    for (paths, expected) in [
        (&["l[0]", "l[2]"][..], "{\"l\": [1, 0]}"),
        (&["l[-1]", "l[-2]"], "{\"l\": [3, 1]}"),
        (&["l[3]", "l[0]", "/l/0", "l[1]", "l[2]"], "{\"l\": []}"),
        (&["l", "l[0]"], "{}"),
    ] {
        let sandbox = Sandbox::with("f", "{\"l\": [3, 1, 2, 0]}");
        sandbox.run([&["del", "f", "--must-exist"], paths].concat()).succeeds();
        assert_eq!(sandbox.read("f"), expected, "{paths:?}");
    }
}

#[test]
fn a_path_that_may_be_meant_for_print_is_not_deleted() {
    let sandbox = Sandbox::with("f", BEFORE);
    sandbox.run(["del", "f", "a", "--print", ".b"]).exits_with(2).says("--print=.b");
    assert_eq!(sandbox.read("f"), BEFORE);
    sandbox.run(["del", "f", "a", "b", "--print"]).succeeds();
}

#[test]
fn nothing_is_locked_for_a_missing_document() {
    let sandbox = Sandbox::new();
    let run = sandbox.run(["del", "f", "a", "--report"]).succeeds();
    assert!(run.stdout().contains("\"changed\":false"), "{run}");
    sandbox.run(["del", "f", "a", "--must-exist"]).exits_with(5);
    assert_eq!(sandbox.names(), [""; 0]);
}
