//! The syntax of `PATH=VALUE`. The program's own file is included, with something harmless in place
//! of the modules by which it reads files and standard input.

use jsonlock::{Json, Path};
use serde_json::Value;

use super::choices::Choices;
use super::oracle::to_path;
use super::printer::{Printer, Step};

#[path = "../../../src/bin/jsonlock/value.rs"]
mod value;

mod input {
    /// What is in every file.
    pub(super) const CONTENT: &str = "[\"from a file\"]";

    pub(super) fn text(_: &str) -> anyhow::Result<String> {
        Ok(CONTENT.to_owned())
    }

    pub(super) fn name(file: &str) -> &str {
        file
    }
}

mod report {
    #[derive(Debug)]
    pub(super) struct Usage(pub(super) String);

    impl std::fmt::Display for Usage {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(&self.0)
        }
    }

    impl std::error::Error for Usage {}
}

/// Any text as an assignment: it is a path, `=` or `:=`, and a value.
pub fn any_text(text: &str) {
    let _ = value::environment(text);
    let Ok((path, json)) = value::assignment(text, 1) else { return };
    let splits = text.match_indices('=').map(|(at, _)| (&text[..at], &text[at + 1..]));
    let found = splits.map(|(left, right)| reads_as(left, right)).collect::<Vec<_>>();
    assert!(found.iter().flatten().any(|found| *found == (path.clone(), json.clone())), "{text}");
}

/// What a division of an assignment into its two sides means.
fn reads_as(left: &str, right: &str) -> Vec<(Path, Json)> {
    let json = match right.starts_with('@') {
        true => Json::parse(input::CONTENT),
        false => Json::parse(right),
    };
    let as_json = left.strip_suffix(':').and_then(|path| Some((path.parse().ok()?, json.ok()?)));
    let text = match right.strip_prefix('@') {
        Some(_) => input::CONTENT,
        None => right.strip_prefix('\\').filter(|rest| rest.starts_with('@')).unwrap_or(right),
    };
    let as_text = left.parse().ok().map(|path| (path, Json::string(text)));
    as_json.into_iter().chain(as_text).collect()
}

/// A path and a value, written as an assignment, are that path and that value.
pub fn known_parts(bytes: &[u8]) {
    let mut choices = Choices::new(bytes);
    let document = choices.value();
    let steps = choices.path_about(&document);
    let written = quoted(&steps);
    let text = choices.text();
    // The escape is for a leading at sign, so a text cannot begin with the escape itself.
    if !text.starts_with("\\@") {
        let escape = if text.starts_with('@') { "\\" } else { "" };
        let read = value::assignment(&format!("{written}={escape}{text}"), 1);
        assert_eq!(read.unwrap(), (to_path(&steps), Json::string(&text)), "{written}");
    }
    let json = Printer::print(choices.below(6) as u8, choices.some(20), &choices.value()).text;
    let read = value::assignment(&format!("{written}:={json}"), 1).unwrap();
    assert_eq!(read, (to_path(&steps), Json::parse(json).unwrap()), "{written}");
}

/// A path in which an equals sign belongs to a key wherever it stands.
fn quoted(steps: &[Step]) -> String {
    let written = |step: &Step| match step {
        Step::Key(key) => format!("[{}]", Value::from(key.as_str())),
        Step::Index(index) => format!("[{index}]"),
    };
    if steps.is_empty() { ".".to_owned() } else { steps.iter().map(written).collect() }
}
