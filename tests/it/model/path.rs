//! Paths, in both notations.

use jsonlock::{Document, Json, Path};
use serde_json::Value;

use super::choices::Choices;
use super::printer::Step;
use super::values::plain;

/// Any text as a path: what reads is printed so that it reads back as the same, and does no harm.
pub fn any_text(text: &str) {
    for path in [text.parse::<Path>(), Path::from_pointer(text)].into_iter().flatten() {
        assert_eq!(path.to_string().parse::<Path>().unwrap(), path, "{text}");
        let mut document = Document::parse(r#"{"a":{"b":[1,[2]]},"0":[],"é":null}"#).unwrap();
        let _ = document.text(&path);
        let before = document.to_bytes();
        if document.set(&path, Json::from(7_u64)).is_err() {
            assert_eq!(document.to_bytes(), before);
        } else {
            Document::parse(document.to_bytes()).unwrap();
        }
        let before = document.to_bytes();
        if !matches!(document.delete(&path), Ok(true)) {
            assert_eq!(document.to_bytes(), before);
        }
    }
}

/// A place in a value by path, in its printed form and as a JSON Pointer, all leading to the same.
pub fn known_place(bytes: &[u8]) {
    let mut choices = Choices::new(bytes);
    let value = choices.value();
    let steps = choices.path_about(&value);
    let document = Document::parse(value.to_string()).unwrap();
    let pointer: String = steps.iter().map(token).collect();
    let expected = value.pointer(&pointer);
    let read = |path: &Path| document.text(path).unwrap().map(|text| text.into_owned());

    let by_pointer = Path::from_pointer(&pointer).unwrap();
    let printed: Path = by_pointer.to_string().parse().unwrap();
    assert_eq!(printed, by_pointer);
    // In an array `-` is the place behind its end, of which there is nothing to read.
    if let Ok(text) = document.text(&by_pointer) {
        let there = text.map(|text| plain(serde_json::from_str(&text).unwrap()));
        assert_eq!(there, expected.cloned().map(plain), "{pointer} in {value}");
    } else {
        assert!(pointer.contains("/-") && expected.is_none(), "{pointer} in {value}");
    }

    let path = super::oracle::to_path(&steps);
    let again: Path = path.to_string().parse().unwrap();
    assert_eq!(again, path, "{path}");
    let there = steps.iter().try_fold(&value, |value, step| match (value, step) {
        (Value::Object(members), Step::Key(key)) => members.get(key),
        (Value::Array(elements), Step::Index(index)) => elements.get(*index),
        _ => None,
    });
    assert_eq!(read(&again), there.map(Value::to_string), "{path} in {value}");
}

/// A reference token as RFC 6901 has it.
pub fn token(step: &Step) -> String {
    match step {
        Step::Key(key) => format!("/{}", key.replace('~', "~0").replace('/', "~1")),
        Step::Index(index) => format!("/{index}"),
    }
}
