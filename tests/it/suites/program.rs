//! The suites through the built program.

use super::{cases, suite};
use crate::harness::{Sandbox, names};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;

#[test]
fn json_test_suite() {
    let Some(directory) = suite("jsontestsuite") else { return };
    let directory = directory.join("test_parsing");
    let sandbox = Sandbox::new();
    let mut counts = [0; 3];
    for name in names(&directory) {
        let text = fs::read(directory.join(&name)).unwrap();
        sandbox.write("f", &text);
        // A filter that changes nothing reads all of the document and would write it all.
        let code = sandbox.run(["apply", "f", ".", "--durability=none"]).code();
        match name.as_bytes()[0] {
            b'y' => assert_eq!(code, Some(0), "{name}"),
            // An empty file is no JSON text, but it is where scripts begin.
            b'n' if !text.trim_ascii().is_empty() && text != b"\xef\xbb\xbf" => {
                assert_eq!(code, Some(65), "{name}");
            }
            _ => assert!(matches!(code, Some(0 | 5 | 65)), "{name}: {code:?}"),
        }
        assert_eq!(sandbox.read_bytes("f"), text, "{name} was changed");
        counts["yni".find(&name[..1]).unwrap()] += 1;
    }
    assert!(counts.iter().all(|count| *count > 30), "{counts:?}");
}

#[test]
fn merge_patch_cases() {
    let Some(cases) = cases("merge-patch", "all.json") else { return };
    let sandbox = Sandbox::new();
    for case in cases.as_array().unwrap() {
        sandbox.write("f", case["doc"].to_string());
        sandbox.write("patch", case["patch"].to_string());
        sandbox.run(["merge", "f", "patch", "--durability=none"]).succeeds();
        assert_eq!(sandbox.json("f"), case["expected"], "{case}");
    }
}

#[test]
fn json_patch_cases() {
    let Some(cases) = cases("json-patch", "all.json") else { return };
    let sandbox = Sandbox::new();
    let mut codes = BTreeMap::new();
    for case in cases.as_array().unwrap() {
        let base = case["doc"].to_string();
        sandbox.write("f", &base);
        sandbox.write("patch", case["patch"].to_string());
        let run = sandbox.run(["patch", "f", "patch", "--durability=none"]);
        let code = run.code().unwrap();
        match case.get("expected") {
            Some(expected) => {
                run.succeeds().prints_nothing();
                assert_eq!(sandbox.json("f"), *expected, "{case}");
            }
            None => {
                assert!(matches!(code, 5 | 65 | 76), "{code}: {case}");
                run.says("operation ").says("f was not changed");
                assert_eq!(sandbox.read("f"), base, "{case}");
            }
        }
        *codes.entry(code).or_insert(0) += 1;
    }
    assert!(codes.len() == 4 && codes.values().all(|count| *count > 5), "{codes:?}");
}

#[test]
fn json_pointer_cases() {
    let Some(cases) = cases("json-pointer", "rfc6901.json") else { return };
    let sandbox = Sandbox::with("f", cases["doc"].to_string());
    let ok = cases["ok"].as_array().unwrap();
    assert!(ok.len() > 10);
    for case in ok {
        // On the command line the whole document is called `.`, since an empty PATH is a mistake.
        let pointer = case["pointer"].as_str().filter(|pointer| !pointer.is_empty()).unwrap_or(".");
        let run = sandbox.run(["get", "f", pointer, "--json"]).succeeds();
        let value: Value = serde_json::from_str(&run.stdout()).unwrap();
        assert_eq!(value, case["expected"], "{case}");
    }
    for case in cases["error"].as_array().unwrap() {
        let pointer = case["pointer"].as_str().unwrap();
        // What does not begin with a slash is a path of the other kind.
        if pointer.starts_with('/') {
            let code = sandbox.run(["get", "f", pointer]).code();
            assert!(matches!(code, Some(1 | 2)), "{case}: {code:?}");
        }
    }
}
