//! JSON Patches (RFC 6902): what they make of a plain value, and what they leave of a text.

use serde_json::{Value, json};

use super::choices::{Change, Choices};
use super::oracle::surroundings_stay;
use super::path::token;
use super::printer::{Printer, Step};

/// An operation with its pointers.
#[derive(Clone, Debug)]
pub enum Operation {
    Add(String, Value),
    Remove(String),
    Replace(String, Value),
    Move(String, String),
    Copy(String, String),
    Test(String, Value),
}

use Operation::{Add, Copy, Move, Remove, Replace, Test};

impl Operation {
    pub fn as_json(&self) -> Value {
        match self {
            Add(path, value) => json!({"op": "add", "path": path, "value": value}),
            Remove(path) => json!({"op": "remove", "path": path}),
            Replace(path, value) => json!({"op": "replace", "path": path, "value": value}),
            Move(from, path) => json!({"op": "move", "from": from, "path": path}),
            Copy(from, path) => json!({"path": path, "from": from, "op": "copy", "more": [1]}),
            Test(path, value) => json!({"value": value, "op": "test", "path": path}),
        }
    }

    /// Says whether it can be done; if not, the value is of no more use.
    pub fn make(&self, value: &mut Value) -> bool {
        match self {
            Add(path, new) => add(value, path, new.clone()),
            Remove(path) => remove(value, path).is_some(),
            Replace(path, new) => value.pointer_mut(path).map(|old| *old = new.clone()).is_some(),
            Move(from, path) if from == path => value.pointer(from).is_some(),
            Move(from, path) if path.starts_with(&format!("{from}/")) => false,
            Move(from, path) => remove(value, from).is_some_and(|moved| add(value, path, moved)),
            Copy(from, path) => {
                let copy = value.pointer(from).cloned();
                copy.is_some_and(|copy| add(value, path, copy))
            }
            Test(path, new) => value.pointer(path) == Some(new),
        }
    }

    /// The pointers to what it may write.
    fn pointers(&self) -> Vec<&str> {
        match self {
            Add(path, _) | Remove(path) | Replace(path, _) | Copy(_, path) => vec![path],
            Move(from, path) => vec![from, path],
            Test(..) => Vec::new(),
        }
    }

    /// Whether the member at `path`, on which only objects lie, may be written.
    pub fn speaks_of(&self, path: &[Step]) -> bool {
        let place = format!("{}/", pointer(path));
        self.pointers().iter().any(|pointer| place.starts_with(&format!("{pointer}/")))
    }
}

pub fn pointer(path: &[Step]) -> String {
    path.iter().map(token).collect()
}

fn add(value: &mut Value, path: &str, new: Value) -> bool {
    let Some((parent, token)) = path.rsplit_once('/') else {
        *value = new;
        return true;
    };
    match value.pointer_mut(parent) {
        Some(Value::Object(members)) => _ = members.insert(unescape(token), new),
        Some(Value::Array(elements)) => match index(token, elements.len()) {
            Some(at) if at <= elements.len() => elements.insert(at, new),
            _ => return false,
        },
        _ => return false,
    }
    true
}

fn remove(value: &mut Value, path: &str) -> Option<Value> {
    let (parent, token) = path.rsplit_once('/')?;
    match value.pointer_mut(parent)? {
        Value::Object(members) => members.remove(&unescape(token)),
        Value::Array(elements) => {
            let at = index(token, usize::MAX)?;
            (at < elements.len()).then(|| elements.remove(at))
        }
        _ => None,
    }
}

fn unescape(token: &str) -> String {
    token.replace("~1", "/").replace("~0", "~")
}

/// The position that a token means in an array of this length.
fn index(token: &str, length: usize) -> Option<usize> {
    match token {
        "-" => Some(length),
        _ => token.parse().ok().filter(|index: &usize| index.to_string() == token),
    }
}

impl Choices<'_> {
    /// A patch whose operations mostly fit.
    pub fn patch(&mut self, document: &Value) -> Vec<Operation> {
        let mut now = document.clone();
        let mut patch = Vec::new();
        for _ in 0..=self.below(4) {
            let operation = self.operation(&now);
            let fits = operation.make(&mut now);
            patch.push(operation);
            if !fits {
                break;
            }
        }
        patch
    }

    fn operation(&mut self, now: &Value) -> Operation {
        let kind = self.below(10);
        let there = pointer(&self.path_in(now));
        match kind {
            0 | 1 => Add(there, self.value()),
            2 => Add(pointer(&self.path_about(now)), self.value()),
            3 => Add(there + "/-", self.value()),
            4 => Remove(there),
            5 => Replace(there, self.value()),
            6 | 7 => Move(there, pointer(&self.path_about(now))),
            8 => Copy(there, pointer(&self.path_about(now))),
            _ => {
                let value = now.pointer(&there).cloned().unwrap_or_default();
                Test(there, if self.below(8) == 7 { self.value() } else { value })
            }
        }
    }
}

/// The steps that a pointer means in a value.
fn steps(document: &Value, path: &str) -> Vec<Step> {
    let mut value = Some(document);
    let mut steps = Vec::new();
    for token in path.split('/').skip(1) {
        let place = format!("/{token}");
        steps.push(match value {
            Some(Value::Array(elements)) => match index(token, elements.len()) {
                Some(index) => Step::Index(index),
                None => Step::Key(unescape(token)),
            },
            _ => Step::Key(unescape(token)),
        });
        value = value.and_then(|value| value.pointer(&place));
    }
    steps
}

/// What a single operation is not about is as it was; what it carries keeps its spelling.
pub fn rest_stays(printed: &Printer<'_>, patch: &[Operation], document: &Value, result: &str) {
    let [operation] = patch else { return };
    let steps = |path: &str| steps(document, path);
    match operation {
        Add(path, value) => added(printed, &steps(path), document, value, result),
        Copy(from, path) => {
            let value = document.pointer(from).cloned().unwrap_or_default();
            added(printed, &steps(path), document, &value, result);
        }
        Replace(path, value) => {
            surroundings_stay(printed, &Change::Set(steps(path), value.clone()), result);
        }
        Remove(path) => surroundings_stay(printed, &Change::Delete(steps(path)), result),
        Move(from, path) => {
            let value = document.pointer(from);
            let is_container = value.is_some_and(|value| value.is_object() || value.is_array());
            let is_there = document.pointer(path).is_some();
            if let Some(spans) =
                printed.spans.get(&steps(from)).filter(|_| !is_container && !is_there)
            {
                let text = &printed.text[spans.value.clone()];
                assert!(result.contains(text), "{text} is missing in\n{result}");
            }
        }
        Test(..) => assert_eq!(result, printed.text),
    }
}

fn added(printed: &Printer<'_>, path: &[Step], document: &Value, value: &Value, result: &str) {
    let spans = printed.spans.get(path);
    let (Some(Step::Index(index)), Some(next)) = (path.last(), spans) else {
        return surroundings_stay(printed, &Change::Set(path.to_vec(), value.clone()), result);
    };
    let parent = &path[..path.len() - 1];
    let before = match index.checked_sub(1) {
        Some(before) => printed.spans[&[parent, &[Step::Index(before)]].concat()].item.end,
        None => printed.spans.get(parent).map_or(0, |parent| parent.value.start),
    };
    let (base, behind) = (&printed.text, next.item.start);
    assert!(result.starts_with(&base[..before]), "{document}\n{result}");
    assert!(result.ends_with(&base[behind..]), "{document}\n{result}");
}
