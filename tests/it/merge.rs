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

const LISTS: &str =
    "{\n  \"tags\": [\"a\", 1.0],\n  \"rows\": [\n    {\"x\": 1}\n  ],\n  \"s\": \"\"\n}\n";

/// Merges with options and gives the document.
#[track_caller]
fn merged(before: &str, patch: &str, options: &[&str]) -> String {
    let sandbox = Sandbox::with("f", before);
    let arguments = ["merge", "f", patch].into_iter().chain(options.iter().copied());
    sandbox.run(arguments).succeeds().prints_nothing();
    sandbox.read("f")
}

#[test]
fn arrays_are_replaced_unless_they_are_to_be_kept() {
    let patch = r#"{"tags": ["b", 1, "a"], "rows": [{"y": 2}], "s": []}"#;
    let replaced =
        "{\n  \"tags\": [\"b\", 1, \"a\"],\n  \"rows\": [\n    {\"y\": 2}\n  ],\n  \"s\": []\n}\n";
    assert_eq!(merged(LISTS, patch, &[]), replaced);
    assert_eq!(merged(LISTS, patch, &["--arrays=replace"]), replaced);
    let rows = "\"rows\": [\n    {\"x\": 1},\n    {\"y\": 2}\n  ],\n  \"s\": []\n}\n";
    assert_eq!(
        merged(LISTS, patch, &["--arrays=append"]),
        format!("{{\n  \"tags\": [\"a\", 1.0, \"b\", 1, \"a\"],\n  {rows}")
    );
    assert_eq!(
        merged(LISTS, patch, &["--arrays=union"]),
        format!("{{\n  \"tags\": [\"a\", 1.0, \"b\"],\n  {rows}")
    );
}

#[test]
fn a_union_knows_equal_values_however_they_are_spelled() {
    let before =
        r#"[{"k": [1e2], "m": null}, "\u00e9", 123456789012345678901234567890, [1, 2], -0]"#;
    let same = r#"[{"m":null,"k":[100.0]}, "é", 12345678901234567890123456789e1, [1,2], 0.0]"#;
    assert_eq!(merged(before, same, &["--arrays=union"]), before);
    let other =
        r#"[{"k": [1e2]}, "e", 123456789012345678901234567891, [2, 1], "0", "1", ["1", 2]]"#;
    let both = format!("{}, {}", before.trim_end_matches(']'), &other[1..]);
    assert_eq!(merged(before, other, &["--arrays=union"]), both);
    assert_eq!(merged("[2, 2]", "[3, 3.0, 2, 3]", &["--arrays=union"]), "[2, 2, 3]");
    let made = merged("{}", r#"{"a": {"b": [1, 1, [1, 1]]}}"#, &["--arrays=union", "--keep-null"]);
    assert!(made.contains("\"b\"") && made.matches('1').count() == 3, "{made}");
}

/// Comparing each with each would take minutes.
#[test]
fn large_unions_are_quick() {
    let list = |range: std::ops::Range<u32>| {
        format!("[{}]", range.map(|n| format!("{{\"n\": {n}}}")).collect::<Vec<_>>().join(", "))
    };
    let sandbox = Sandbox::with("f", list(0..40_000));
    let patch = list(20_000..60_000) + "\n";
    sandbox.run_with_input(["merge", "f", "-", "--arrays=union"], patch).succeeds();
    assert_eq!(sandbox.read("f"), list(0..60_000));
}

#[test]
fn nulls_can_be_kept() {
    let patch = r#"{"tags": null, "new": {"n": null}, "s": {"n": null}}"#;
    let kept = "{\n  \"tags\": null,\n  \"rows\": [\n    {\"x\": 1}\n  ],\n  \"s\": {";
    let result = merged(LISTS, patch, &["--keep-null"]);
    assert!(result.starts_with(kept), "{result}");
    let value: serde_json::Value = serde_json::from_str(&result).unwrap();
    let null = serde_json::json!({"n": null});
    assert_eq!((&value["new"], &value["s"]), (&null, &null));
    assert_eq!(merged("{\"a\": null}", "{\"a\": null}", &["--keep-null"]), "{\"a\": null}");
}

/// A second time appends a second time; a union is there already, and nothing is published.
#[test]
fn a_union_can_be_repeated() {
    let sandbox = Sandbox::with("f", LISTS);
    let merge = |how: &'static str| {
        let run = sandbox.run(["merge", "f", r#"{"tags": ["b"]}"#, how, "--report"]).succeeds();
        run.stdout().contains("\"changed\":true")
    };
    assert_eq!([merge("--arrays=union"), merge("--arrays=union")], [true, false]);
    assert_eq!([merge("--arrays=append"), merge("--arrays=append")], [true, true]);
    assert_eq!(sandbox.json("f")["tags"], serde_json::json!(["a", 1.0, "b", "b", "b"]));
}

#[test]
fn appending_does_not_go_through_duplicated_keys() {
    let before = r#"{"a": [1], "a": [2]}"#;
    let sandbox = Sandbox::with("f", before);
    for how in ["--arrays=append", "--arrays=union"] {
        sandbox.run(["merge", "f", r#"{"a": [3]}"#, how]).exits_with(5).says("\"a\"");
    }
    sandbox.run(["merge", "f", r#"{"a": [2.0]}"#, "--arrays=union"]).succeeds();
    assert_eq!(sandbox.read("f"), before);
}
