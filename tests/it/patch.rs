//! `patch`: RFC 6902 on text, byte by byte, what is refused, and where the patch comes from. The cases
//! of others are in `suites`.

use crate::document::check;
use crate::harness::Sandbox;
use jsonlock::{Document, ErrorKind, Patch};

const BEFORE: &str = "{\n    \"a\": {\"x\": 1.0, \"y\": 2},\n    \"l\": [\"\\u00e9\", 1e400]\n}";

/// A patch with these operations, in the short form `add /path JSON`, `move /from /path`.
fn patch(operations: &[&str]) -> String {
    let operation = |line: &&str| {
        let (op, rest) = line.split_once(' ').unwrap();
        let (first, second) = rest.split_once(' ').unwrap_or((rest, ""));
        match op {
            "remove" => format!(r#"{{"op":"remove","path":"{first}"}}"#),
            "move" | "copy" => {
                format!(r#"{{"op":"{op}","from":"{first}","path":"{second}"}}"#)
            }
            _ => format!(r#"{{"op":"{op}","path":"{first}","value":{second}}}"#),
        }
    };
    format!("[{}]", operations.iter().map(operation).collect::<Vec<_>>().join(","))
}

/// Each row is an operation, or several divided by `;`, and the text that they make of `base`.
#[track_caller]
fn table(base: &str, rows: &[(&str, &str)]) {
    for (operations, expected) in rows {
        let operations: Vec<&str> = operations.split(';').collect();
        check(base, &[(&format!("patch {}", patch(&operations)), expected)]);
    }
}

#[test]
fn one_line() {
    table(
        r#"{"a":1,"b":[1,2,3],"c":{"d":null}}"#,
        &[
            ("add /b/0 9", r#"{"a":1,"b":[9,1,2,3],"c":{"d":null}}"#),
            ("add /b/1 9", r#"{"a":1,"b":[1,9,2,3],"c":{"d":null}}"#),
            ("add /b/3 9", r#"{"a":1,"b":[1,2,3,9],"c":{"d":null}}"#),
            ("add /b/- [ 9, 8 ]", r#"{"a":1,"b":[1,2,3,[9,8]],"c":{"d":null}}"#),
            ("add /c/0 9", r#"{"a":1,"b":[1,2,3],"c":{"d":null,"0":9}}"#),
            ("add /c/- 9", r#"{"a":1,"b":[1,2,3],"c":{"d":null,"-":9}}"#),
            ("add /a 1.0", r#"{"a":1.0,"b":[1,2,3],"c":{"d":null}}"#),
            ("replace /b [1,2,3]", r#"{"a":1,"b":[1,2,3],"c":{"d":null}}"#),
            ("replace /b [1,4,3]", r#"{"a":1,"b":[1,4,3],"c":{"d":null}}"#),
            ("remove /b/1", r#"{"a":1,"b":[1,3],"c":{"d":null}}"#),
            ("remove /b/2", r#"{"a":1,"b":[1,2],"c":{"d":null}}"#),
            ("remove /c/d", r#"{"a":1,"b":[1,2,3],"c":{}}"#),
            ("remove /c", r#"{"a":1,"b":[1,2,3]}"#),
            ("move /a /z", r#"{"b":[1,2,3],"c":{"d":null},"z":1}"#),
            ("move /a /b/1", r#"{"b":[1,1,2,3],"c":{"d":null}}"#),
            ("move /b/0 /b/2", r#"{"a":1,"b":[2,3,1],"c":{"d":null}}"#),
            ("move /b/2 /b/0", r#"{"a":1,"b":[3,1,2],"c":{"d":null}}"#),
            ("move /a /a", r#"{"a":1,"b":[1,2,3],"c":{"d":null}}"#),
            ("move /b /a", r#"{"a":[1,2,3],"c":{"d":null}}"#),
            ("move /c ", r#"{"d":null}"#),
            ("copy /b /c/b", r#"{"a":1,"b":[1,2,3],"c":{"d":null,"b":[1,2,3]}}"#),
            ("copy /c /c/c", r#"{"a":1,"b":[1,2,3],"c":{"d":null,"c":{"d":null}}}"#),
            ("copy /c/d /a", r#"{"a":null,"b":[1,2,3],"c":{"d":null}}"#),
            ("test /b [1.0,20e-1,3]", r#"{"a":1,"b":[1,2,3],"c":{"d":null}}"#),
            ("remove /a;remove /b;remove /c", "{}"),
            ("add /b/0 0;remove /b/1;move /b /B", r#"{"a":1,"c":{"d":null},"B":[0,2,3]}"#),
            ("replace  [ 1 ]", "[1]"),
        ],
    );
    table(
        r#"{ "a": 1, "b": [ 1, 2 ] }"#,
        &[
            ("add /b/1 {\"x\":1}", r#"{ "a": 1, "b": [ 1, { "x": 1 }, 2 ] }"#),
            ("remove /b/0", r#"{ "a": 1, "b": [ 2 ] }"#),
            ("move /a /c", r#"{ "b": [ 1, 2 ], "c": 1 }"#),
        ],
    );
}

#[test]
fn many_lines() {
    let base = "{\n  \"a\": [\n    1,\n    2\n  ],\n\n  \"b\": {\n    \"x\": [1, 2],\n    \"y\": {\n      \"z\": 1.0\n    }\n  },\n  \"e\": []\n}\n";
    table(
        base,
        &[
            ("add /a/0 0", &base.replace("[\n    1", "[\n    0,\n    1")),
            ("add /a/1 0", &base.replace("1,\n    2", "1,\n    0,\n    2")),
            ("add /a/- 0", &base.replace("2\n  ]", "2,\n    0\n  ]")),
            (
                "add /a/1 {\"k\":1}",
                &base.replace("1,\n    2", "1,\n    {\n      \"k\": 1\n    },\n    2"),
            ),
            ("remove /a/0", &base.replace("1,\n    2", "2")),
            ("move /a/1 /a/0", &base.replace("1,\n    2", "2,\n    1")),
            // What keeps its depth keeps its text, what does not is indented anew.
            (
                "move /b /c",
                "{\n  \"a\": [\n    1,\n    2\n  ],\n\n  \"e\": [],\n  \"c\": {\n    \"x\": [1, 2],\n    \"y\": {\n      \"z\": 1.0\n    }\n  }\n}\n",
            ),
            (
                "move /b/y /y",
                &base
                    .replace(",\n    \"y\": {\n      \"z\": 1.0\n    }", "")
                    .replace("[]\n", "[],\n  \"y\": {\n    \"z\": 1.0\n  }\n"),
            ),
            (
                "copy /b /b/y/b",
                &base.replace(
                    "1.0\n",
                    "1.0,\n      \"b\": {\n        \"x\": [1, 2],\n        \"y\": {\n          \"z\": 1.0\n        }\n      }\n",
                ),
            ),
            ("copy /b/y /b/x/1", &base.replace("[1, 2]", "[1, {\"z\": 1.0}, 2]")),
            (
                "add /b/x/- 3;move /b /a/0",
                "{\n  \"a\": [\n    {\n      \"x\": [1, 2, 3],\n      \"y\": {\n        \"z\": 1.0\n      }\n    },\n    1,\n    2\n  ],\n\n  \"e\": []\n}\n",
            ),
            ("test /b/y {\"z\": 1};move /b/y/z /b/y/Z", &base.replace("\"z\"", "\"Z\"")),
        ],
    );
    let tabs = base.replace('\n', "\r\n").replace("  ", "\t");
    table(
        &tabs,
        &[
            ("add /a/1 0", &tabs.replace("1,\r\n", "1,\r\n\t\t0,\r\n")),
            (
                "move /b/y /y",
                &tabs
                    .replace(",\r\n\t\t\"y\": {\r\n\t\t\t\"z\": 1.0\r\n\t\t}", "")
                    .replace("[]\r\n", "[],\r\n\t\"y\": {\r\n\t\t\"z\": 1.0\r\n\t}\r\n"),
            ),
        ],
    );
}

#[test]
fn commas_that_begin_lines() {
    table(
        "{ \"a\": 1\n, \"b\": [ 1\n       , 2\n       ]\n}\n",
        &[
            ("add /b/1 3", "{ \"a\": 1\n, \"b\": [ 1\n       , 3\n       , 2\n       ]\n}\n"),
            ("add /b/0 3", "{ \"a\": 1\n, \"b\": [ 3\n       , 1\n       , 2\n       ]\n}\n"),
            ("move /a /c", "{ \"b\": [ 1\n       , 2\n       ]\n, \"c\": 1\n}\n"),
            ("remove /b/1", "{ \"a\": 1\n, \"b\": [ 1\n       ]\n}\n"),
        ],
    );
}

#[test]
fn spellings_are_carried_along() {
    table(
        r#"{"n":[1.0,1e400,-0],"s":"\u00e9\/\ud800","\u006b":12345678901234567890123.50}"#,
        &[
            (
                "move /n/1 /e;move /k /K;copy /s /t",
                r#"{"n":[1.0,-0],"s":"\u00e9\/\ud800","e":1e400,"K":12345678901234567890123.50,"t":"\u00e9\/\ud800"}"#,
            ),
            ("move /s /k", r#"{"n":[1.0,1e400,-0],"\u006b":"\u00e9\/\ud800"}"#),
            (
                "add /s \"\\u00E9/\\uD800\"",
                r#"{"n":[1.0,1e400,-0],"s":"\u00e9\/\ud800","\u006b":12345678901234567890123.50}"#,
            ),
        ],
    );
}

/// The kind of the error that an operation gives on `document`, and its text.
fn failure(document: &str, operation: &str) -> (ErrorKind, String) {
    let mut edited = Document::parse(document.to_owned()).unwrap();
    // What came before is taken back.
    let earlier = "add  {\"before\":[]}";
    let back = format!("replace  {document}");
    let patch: Patch = patch(&[earlier, &back, operation]).parse().unwrap();
    let error = edited.patch(&patch).unwrap_err();
    assert_eq!(edited.to_bytes(), document);
    assert!(!edited.is_changed());
    (error.kind(), error.to_string())
}

#[test]
fn a_test_compares_values() {
    let document = r#"{"n": [1, 100, 0.1, 12345678901234567890, 1e400], "o": {"a": "é", "b": null}, "s": "1"}"#;
    let mut edited = Document::parse(document).unwrap();
    let holds = [
        "test /n [1.0,1e2,10e-2,12345678901234567890.0,10e399]",
        r#"test /o {"b":null,"a":"\u00e9"}"#,
        "test /s \"\\u0031\"",
        r#"add /o/c true;test /o {"c":true,"b":null,"a":"é"};remove /o/c"#,
    ];
    for operations in holds {
        let operations: Vec<&str> = operations.split(';').collect();
        edited.patch(&patch(&operations).parse().unwrap()).unwrap();
        assert_eq!(edited.to_bytes(), document, "{operations:?}");
    }
    for operation in [
        "test /n [1,100,0.1,12345678901234567891,1e400]",
        "test /n [1,100,0.1,12345678901234567890,1e401]",
        "test /n [1,100,0.1,12345678901234567890]",
        "test /n [100,1,0.1,12345678901234567890,1e400]",
        "test /n {}",
        "test /o {\"a\":\"é\"}",
        "test /o {\"a\":\"é\",\"b\":null,\"c\":null}",
        "test /o {\"a\":\"é\",\"c\":null}",
        "test /o/b false",
        "test /s 1",
        "test /missing null",
        "test /n/- null",
        "test /n/01 100",
    ] {
        let (kind, message) = failure(document, operation);
        assert_eq!(kind, ErrorKind::Conflict, "{operation}: {message}");
        let pointer = operation.split(' ').nth(1).unwrap();
        assert!(message.starts_with(&format!("operation 3 (test \"{pointer}\"): ")), "{message}");
        assert!(!message.contains("123456") && !message.contains('é'), "{message}");
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    let document = r#"{"a": {"b": "s3cret"}, "l": [1, 2], "d": {"k": 1, "k": 2}}"#;
    for (operation, expected) in [
        ("add /x/y 1", "x does not exist"),
        ("add /a/b/c 1", "a.b is a string, not an object"),
        ("add /l/3 1", "index out of range, l has 2 elements"),
        ("add /l/01 1", "l is an array"),
        ("add /l/-1 1", "l is an array"),
        ("add /l/99999999999999999999 1", "out of range"),
        ("add /d/k 1", "more than once"),
        ("remove /x", "x does not exist"),
        ("remove /l/2", "l.2 does not exist"),
        ("remove /l/-", "does not exist"),
        ("remove ", "cannot be deleted"),
        ("remove /d/k", "more than once"),
        ("replace /l/2 1", "l.2 does not exist"),
        ("replace /d/k 2", "more than once"),
        ("move /x /y", "x does not exist"),
        ("move /a /a/b", "cannot move into itself"),
        ("move  /a", "cannot move into itself"),
        ("move /l/0 /l/2", "out of range"),
        ("copy /x /y", "x does not exist"),
        ("copy /a /l/7", "out of range"),
    ] {
        let (kind, message) = match operation.contains("/d/") {
            // A document with a key twice cannot be set to itself.
            true => {
                let mut edited = Document::parse(document).unwrap();
                let error = edited.patch(
                    &patch(&["test /a/b \"s3cret\"", "test /l [1,2]", operation]).parse().unwrap(),
                );
                let error = error.unwrap_err();
                assert_eq!(edited.to_bytes(), document);
                (error.kind(), error.to_string())
            }
            false => failure(&document.replace("\"k\": 1, ", ""), operation),
        };
        assert_eq!(kind, ErrorKind::Unfit, "{operation}: {message}");
        assert!(message.contains(expected), "{operation}: {message}");
        assert!(message.starts_with("operation 3 (") && !message.contains("s3cret"), "{message}");
    }
}

#[test]
fn copies_do_not_grow_without_end() {
    let doubled: Vec<String> = (0..60).map(|n| format!("copy  /k{n}")).collect();
    let doubled = patch(&doubled.iter().map(String::as_str).collect::<Vec<_>>());
    let mut document = Document::parse(r#"{"s": "text"}"#).unwrap();
    let error = document.patch(&doubled.parse().unwrap()).unwrap_err();
    assert!(
        error.kind() == ErrorKind::Unfit && error.to_string().contains("far larger"),
        "{error}"
    );
    assert!(!document.is_changed());
}

#[test]
fn a_malformed_patch_says_which_operation_and_what_is_wrong() {
    let sandbox = Sandbox::with("f", BEFORE);
    let good = r#"{"op": "remove", "path": "/a"}"#;
    for (operation, expected) in [
        ("1", "operation 2 is a number, not an object"),
        ("{}", "operation 2 has no \"op\""),
        (r#"{"op": 1}"#, "operation 2 has a \"op\" that is a number"),
        (r#"{"op": "spam", "path": ""}"#, "operation 2 has an \"op\" that is none of add, remove"),
        (r#"{"op": "remove"}"#, "operation 2 has no \"path\""),
        (r#"{"op": "remove", "path": null}"#, "operation 2 has a \"path\" that is null"),
        (r#"{"op": "add", "path": ""}"#, "operation 2 has no \"value\""),
        (r#"{"op": "replace", "path": ""}"#, "operation 2 has no \"value\""),
        (r#"{"op": "test", "path": ""}"#, "operation 2 has no \"value\""),
        (r#"{"op": "move", "path": ""}"#, "operation 2 has no \"from\""),
        (r#"{"op": "copy", "path": ""}"#, "operation 2 has no \"from\""),
        (r#"{"op": "remove", "path": "a"}"#, "operation 2, \"path\": `a` is not a path"),
        (r#"{"op": "copy", "path": "", "from": "/~2"}"#, "operation 2, \"from\": `/~2`"),
        (r#"{"op": "remove", "path": "/\ud800"}"#, "half a surrogate pair"),
        (r#"{"op": "remove", "op": "add", "path": ""}"#, "the key \"op\" twice"),
        ("{", "not valid JSON"),
    ] {
        let run = sandbox.run(["patch", "f", &format!("[{good}, {operation}]")]).exits_with(65);
        run.says("the patch: ").says(expected).says("f was not changed");
        assert_eq!(sandbox.read("f"), BEFORE);
    }
    for (text, expected) in [(good, "not an object"), ("", "not valid JSON"), ("nul", "not valid")]
    {
        let run = sandbox.run_with_input(["patch", "f"], text).exits_with(65);
        run.says("the patch in standard input").says(expected).says("f was not changed");
    }
    sandbox.run(["patch", "f", good]).exits_with(65).says("an array of operations, not an object");
    sandbox.run(["patch", "f", "missing.json"]).exits_with(66).says("missing.json");
    sandbox.run(["patch", "f", " "]).exits_with(2).says("PATCH is empty");
    assert_eq!((sandbox.read("f").as_str(), sandbox.names()), (BEFORE, vec!["f".to_owned()]));
}

#[test]
fn all_operations_or_none() {
    let sandbox = Sandbox::with("f", BEFORE);
    let good = ["add /l/1 2", "move /a/x /x", "copy /a /b", "replace /a 1", "remove /a"];
    for (bad, code) in [("test /x 2", 76), ("remove /a", 5), ("add /q/r 1", 5)] {
        let operations = patch(&[&good[..], &[bad]].concat());
        let run = sandbox.run(["patch", "f", &operations]).exits_with(code);
        run.says("f: operation 6 (").says("f was not changed").prints("");
        assert_eq!(sandbox.read("f"), BEFORE);
    }
    sandbox.run(["patch", "f", &patch(&good)]).succeeds().prints_nothing();
    let expected =
        "{\n    \"l\": [\"\\u00e9\", 2, 1e400],\n    \"x\": 1.0,\n    \"b\": {\"y\": 2}\n}";
    assert_eq!(sandbox.read("f"), expected);
}

#[test]
fn the_patch_is_json_a_file_or_standard_input() {
    let patch = format!("\n {}", patch(&["add /l/0 []"]));
    let expected = BEFORE.replace("\"l\": [", "\"l\": [[], ");
    let sandbox = Sandbox::new();
    sandbox.write("patch.json", &patch);
    for arguments in [&["patch", "f", &patch][..], &["patch", "f", "patch.json"]] {
        sandbox.write("f", BEFORE);
        sandbox.run(arguments).succeeds();
        assert_eq!(sandbox.read("f"), expected);
    }
    for arguments in [&["patch", "f", "-"][..], &["patch", "f"]] {
        sandbox.write("f", BEFORE);
        sandbox.run_with_input(arguments, &patch).succeeds();
        assert_eq!(sandbox.read("f"), expected);
    }
}

#[test]
fn a_missing_document_starts_as_an_empty_object() {
    for (operations, expected) in [
        (&["add /a {\"b\":[1]}"][..], "{\n  \"a\": {\n    \"b\": [\n      1\n    ]\n  }\n}\n"),
        (&["test  {}", "add /a 1", "move /a /b"], "{\n  \"b\": 1\n}\n"),
        (&["add  [1.0]"], "[\n  1.0\n]\n"),
        (&["add  null"], "null\n"),
        (&["test  {}"], "{}\n"),
    ] {
        for before in [None, Some(" \n")] {
            let sandbox = Sandbox::new();
            before.into_iter().for_each(|blank| sandbox.write("f", blank));
            sandbox.run(["patch", "f", &patch(operations)]).succeeds();
            assert_eq!(sandbox.read("f"), expected, "{operations:?}");
        }
    }
    let sandbox = Sandbox::new();
    sandbox.run(["patch", "f", &patch(&["test  null"])]).exits_with(76);
    sandbox.run(["patch", "f", &patch(&["add /a 1"]), "--no-create"]).exits_with(66);
    assert!(!sandbox.path("f").exists());
}

#[test]
fn nothing_to_do_leaves_the_very_file() {
    use std::os::unix::fs::MetadataExt as _;
    let sandbox = Sandbox::with("f", BEFORE);
    let inode = || sandbox.path("f").metadata().unwrap().ino();
    let before = inode();
    for operations in [
        &["test /a/x 1", "replace /a {\"y\":2,\"x\":1.0}", "add /l/0 0", "remove /l/0"][..],
        &["move /l/1 /l/-", "move /l/0 /l/0"],
    ] {
        sandbox.run(["patch", "f", &patch(operations)]).succeeds();
        assert_eq!((sandbox.read("f").as_str(), inode()), (BEFORE, before), "{operations:?}");
    }
}

#[test]
fn of_a_key_that_is_there_twice_the_last_is_copied() {
    let document = r#"{"a":{"k":1,"k":2},"b":{"k":5},"c":{}}"#;
    for (operation, expected) in [
        ("copy /a /b", r#"{"a":{"k":1,"k":2},"b":{"k":2},"c":{}}"#),
        ("copy /a /c", r#"{"a":{"k":1,"k":2},"b":{"k":5},"c":{"k":2}}"#),
        ("move /a /b", r#"{"b":{"k":2},"c":{}}"#),
    ] {
        let sandbox = Sandbox::with("f", document);
        sandbox.run(["patch", "f", &patch(&[operation])]).succeeds();
        assert_eq!(sandbox.read("f"), expected, "{operation}");
    }
}
