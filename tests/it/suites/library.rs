//! The suites through the public library.

use super::{cases, suite};
use jsonlock::{Document, ErrorKind, Json, Patch, Path};
use serde_json::Value;
use std::fs;

fn value(document: &Document) -> Value {
    serde_json::from_slice(&document.to_bytes()).unwrap()
}

#[test]
fn json_test_suite() {
    let Some(folder) = suite("jsontestsuite") else { return };
    let mut count = 0;
    for folder in ["test_parsing", "test_transform"].map(|name| folder.join(name)) {
        for entry in fs::read_dir(folder).unwrap() {
            let file = entry.unwrap().path();
            let name = file.file_name().unwrap().to_string_lossy().into_owned();
            let text = fs::read(&file).unwrap();
            let parsed = Document::parse(text.clone());
            match name.as_bytes() {
                [b'y', b'_', ..] => assert!(parsed.is_ok(), "{name}: {}", parsed.unwrap_err()),
                [b'n', b'_', ..] => assert!(parsed.is_err(), "{name}"),
                _ => {}
            }
            if let Ok(mut document) = parsed {
                assert_eq!(document.to_bytes(), text, "{name}");
                let whole = document.text(&Path::root()).unwrap().unwrap().into_owned();
                if let Ok(json) = Json::parse(whole) {
                    document.replace(&json).unwrap();
                    assert_eq!(document.to_bytes(), text, "{name}");
                    document.set(&Path::root(), json.compact()).unwrap();
                    assert_eq!(document.to_bytes(), text, "{name}");
                }
            }
            count += 1;
        }
    }
    assert!(count > 300, "{count} files");
}

#[test]
fn merge_patches() {
    let Some(cases) = cases("merge-patch", "all.json") else { return };
    for case in cases.as_array().unwrap() {
        let mut document = Document::parse(case["doc"].to_string()).unwrap();
        let patch = Json::from(case["patch"].clone());
        document.merge(&patch).unwrap();
        assert_eq!(value(&document), case["expected"], "{case}");
        let result = document.to_bytes();
        let mut again = Document::parse(result.clone()).unwrap();
        again.merge(&patch).unwrap();
        assert_eq!(again.to_bytes(), result, "{case}");
    }
}

#[test]
fn json_patches() {
    let Some(cases) = cases("json-patch", "all.json") else { return };
    let mut counts = [0; 2];
    for case in cases.as_array().unwrap() {
        let base = case["doc"].to_string();
        let mut document = Document::parse(base.clone()).unwrap();
        let patch = Patch::new(Json::from(case["patch"].clone()));
        let done = patch.and_then(|patch| document.patch(&patch));
        if let Some(expected) = case.get("expected") {
            done.unwrap_or_else(|error| panic!("{error}: {case}"));
            assert_eq!(value(&document), *expected, "{case}");
        } else {
            let kind = done.unwrap_err().kind();
            let kinds = [ErrorKind::Conflict, ErrorKind::Unfit, ErrorKind::InvalidJson];
            assert!(kinds.contains(&kind), "{kind:?}: {case}");
            assert_eq!(document.to_bytes(), base, "{case}");
        }
        counts[usize::from(case.get("expected").is_some())] += 1;
    }
    assert!(counts[0] > 40 && counts[1] > 80, "{counts:?}");
}

#[test]
fn json_pointers() {
    let Some(cases) = cases("json-pointer", "rfc6901.json") else { return };
    let document = Document::parse(cases["doc"].to_string()).unwrap();
    let read = |pointer: &Value| {
        let path = Path::from_pointer(pointer.as_str().unwrap())?;
        document.get::<Value>(&path)
    };
    for case in cases["ok"].as_array().unwrap() {
        assert_eq!(read(&case["pointer"]).unwrap(), Some(case["expected"].clone()), "{case}");
    }
    for (name, list) in cases.as_object().unwrap() {
        for case in list.as_array().into_iter().flatten().filter(|_| name != "ok") {
            let pointer = if case.is_string() { case } else { &case["pointer"] };
            assert!(matches!(read(pointer), Ok(None) | Err(_)), "{name} {case}");
        }
    }
}

#[test]
fn json_pointer_syntax() {
    let Some(groups) = cases("json-pointer", "schema-suite_json-pointer-format.json") else {
        return;
    };
    let tests =
        groups.as_array().unwrap().iter().flat_map(|group| group["tests"].as_array().unwrap());
    for test in tests {
        let Some(pointer) = test["data"].as_str() else { continue };
        assert_eq!(Path::from_pointer(pointer).is_ok(), test["valid"] == true, "{test}");
    }
}
