//! `merge`: RFC 7396 on text, and where the patch comes from.

use crate::harness::Sandbox;

const BEFORE: &str = "{\n    \"a\": {\"x\": 1.0, \"y\": 2},\n    \"b\": \"\\u00e9\"\n}";

#[test]
fn members_are_merged_in_place() {
    let sandbox = Sandbox::with("f", BEFORE);
    sandbox
        .run(["merge", "f", r#"{"a": {"y": null, "z": {"n": null, "m": 3}}, "b": "é"}"#])
        .succeeds()
        .prints_nothing();
    let expected = "{\n    \"a\": {\"x\": 1.0, \"z\": {\"m\": 3}},\n    \"b\": \"\\u00e9\"\n}";
    assert_eq!(sandbox.read("f"), expected);
}

#[test]
fn the_patch_is_json_a_file_or_standard_input() {
    let patch = "{\"c\": 1e400}";
    let expected = BEFORE.replace("\"\n}", "\",\n    \"c\": 1e400\n}");
    let sandbox = Sandbox::new();
    sandbox.write("patch.json", patch);
    for arguments in [&["merge", "f", patch][..], &["merge", "f", "patch.json"]] {
        sandbox.write("f", BEFORE);
        sandbox.run(arguments).succeeds();
        assert_eq!(sandbox.read("f"), expected);
    }
    for arguments in [&["merge", "f", "-"][..], &["merge", "f"]] {
        sandbox.write("f", BEFORE);
        sandbox.run_with_input(arguments, patch).succeeds();
        assert_eq!(sandbox.read("f"), expected);
    }
}

#[test]
fn a_missing_document_is_created() {
    let sandbox = Sandbox::new();
    sandbox.run(["merge", "f", r#"{"a": {"b": null, "c": [1]}}"#]).succeeds();
    assert_eq!(sandbox.json("f"), serde_json::json!({"a": {"c": [1]}}));
}

#[test]
fn a_bad_patch_changes_nothing() {
    let sandbox = Sandbox::with("f", BEFORE);
    sandbox
        .run(["merge", "f", "{\"a\": }"])
        .exits_with(65)
        .says("the patch")
        .says("f was not changed");
    sandbox.run(["merge", "f", "missing.json"]).exits_with(66).says("missing.json");
    sandbox.run(["merge", "f", r#"{"k": 1, "k": 2}"#]).exits_with(65).says("\"k\"");
    assert_eq!(sandbox.read("f"), BEFORE);
}

#[test]
fn a_patch_does_not_go_through_duplicated_keys() {
    let before = r#"{"a": {"x": 1}, "a": {"x": 2}, "b": 1}"#;
    let sandbox = Sandbox::with("f", before);
    sandbox.run(["merge", "f", r#"{"b": 2, "a": {"x": 3}}"#]).exits_with(5).says("\"a\"");
    assert_eq!(sandbox.read("f"), before);
}
