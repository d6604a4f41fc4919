//! How the document is written stays, byte by byte, whether edits come alone or together.

use crate::harness::Sandbox;

const LINES: [&str; 3] = [
    r#"{"a": 2, "c": {"d": [1]}}"#,
    r#"[{"op": "add", "path": "/l/-", "value": 3}, {"op": "test", "path": "/n", "value": 1}]"#,
    r#"{"e": null}"#,
];

/// Before, and after these lines.
const TABLE: [(&str, &str); 7] = [
    (r#"{"a":1,"l":[1,2],"n":1.0,"e":0}"#, r#"{"a":2,"l":[1,2,3],"n":1.0,"c":{"d":[1]}}"#),
    (
        r#"{ "a": 1, "l": [ 1, 2 ], "n": 1.0, "e": 0 }"#,
        r#"{ "a": 2, "l": [ 1, 2, 3 ], "n": 1.0, "c": { "d": [ 1 ] } }"#,
    ),
    (
        "{\n  \"a\": 1,\n\n  \"l\": [1, 2],\n  \"n\": 1.0,\n  \"e\": 0\n}\n",
        "{\n  \"a\": 2,\n\n  \"l\": [1, 2, 3],\n  \"n\": 1.0,\n  \"c\": {\"d\": [1]}\n}\n",
    ),
    (
        "{\n\t\"a\": 1,\n\t\"l\": [\n\t\t1\n\t],\n\t\"n\": 1.0,\n\t\"e\": 0\n}",
        "{\n\t\"a\": 2,\n\t\"l\": [\n\t\t1,\n\t\t3\n\t],\n\t\"n\": 1.0,\n\t\"c\": {\n\t\t\"d\": [\n\t\t\t1\n\t\t]\n\t}\n}",
    ),
    (
        "{\r\n    \"a\": 1,\r\n    \"l\": [1],\r\n    \"n\": 1e0,\r\n    \"e\": 0\r\n}\r\n",
        "{\r\n    \"a\": 2,\r\n    \"l\": [1, 3],\r\n    \"n\": 1e0,\r\n    \"c\": {\"d\": [1]}\r\n}\r\n",
    ),
    (
        "\u{FEFF}{\"\\u0061\" : 1, \"l\":[],\"n\": 1, \"e\" : 0}\n",
        "\u{FEFF}{\"\\u0061\" : 2, \"l\":[3],\"n\": 1, \"c\" : {\"d\" : [1]}}\n",
    ),
    (
        "{ \"a\": 1\n, \"l\": [1]\n, \"n\": 1.0\n, \"e\": 0\n}\n",
        "{ \"a\": 2\n, \"l\": [1, 3]\n, \"n\": 1.0\n, \"c\": {\"d\": [1]}\n}\n",
    ),
];

#[test]
fn each_style_is_kept() {
    for (before, after) in TABLE {
        let together = Sandbox::with("f", before);
        together.run_with_input(["batch", "f"], LINES.join("\n")).succeeds();
        assert_eq!(together.read("f"), after, "{before}");
        let atomic = Sandbox::with("f", before);
        atomic.run_with_input(["batch", "f", "--atomic"], LINES.join("\n")).succeeds();
        assert_eq!(atomic.read("f"), after, "{before}");
    }
}

/// What a line does to a document is what the command for it does.
#[test]
fn a_line_alone_is_as_the_command_for_it() {
    for (before, _) in TABLE {
        for line in LINES {
            let (batch, command) = (Sandbox::with("f", before), Sandbox::with("f", before));
            batch.run_with_input(["batch", "f"], line).succeeds();
            let name = if line.starts_with('{') { "merge" } else { "patch" };
            command.run([name, "f", line]).succeeds();
            assert_eq!(batch.read("f"), command.read("f"), "{before}\n{line}");
        }
    }
}

#[test]
fn lines_without_effect_leave_the_very_file() {
    let sandbox = Sandbox::with("f", TABLE[5].0);
    let before = crate::system::inode(&sandbox.path("f"));
    let input =
        "{\"a\": 1}\n{}\n[]\n[{\"op\": \"add\", \"path\": \"/n\", \"value\": 1}]\n{\"x\": null}";
    sandbox.run_with_input(["batch", "f"], input).succeeds();
    assert_eq!(sandbox.read("f"), TABLE[5].0);
    assert_eq!(crate::system::inode(&sandbox.path("f")), before);
}
