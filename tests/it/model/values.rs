//! Changes to plain values: what the same changes to documents must come to.

use jsonlock::{Arrays, Nulls};
use serde_json::{Value, json};

use super::choices::Change;
use super::printer::Step;

pub fn at<'v>(value: &'v mut Value, path: &[Step]) -> Option<&'v mut Value> {
    path.iter().try_fold(value, |value, step| match (value, step) {
        (Value::Object(members), Step::Key(key)) => members.get_mut(key),
        (Value::Array(elements), Step::Index(index)) => elements.get_mut(*index),
        _ => None,
    })
}

/// Says whether it can be done.
pub fn set(value: &mut Value, path: &[Step], new: &Value) -> bool {
    let Some((step, rest)) = path.split_first() else {
        *value = new.clone();
        return true;
    };
    let before = value.clone();
    if value.is_null() {
        *value = if let Step::Key(_) = step { json!({}) } else { json!([]) };
    }
    let done = match (&mut *value, step) {
        (Value::Object(members), Step::Key(key)) => {
            set(members.entry(key.clone()).or_insert(Value::Null), rest, new)
        }
        (Value::Array(elements), Step::Index(index)) if *index <= elements.len() => {
            if *index == elements.len() {
                elements.push(Value::Null);
            }
            set(&mut elements[*index], rest, new)
        }
        _ => false,
    };
    if !done {
        *value = before;
    }
    done
}

pub fn delete(value: &mut Value, path: &[Step]) -> bool {
    let Some((last, parents)) = path.split_last() else { return false };
    match (at(value, parents), last) {
        (Some(Value::Object(members)), Step::Key(key)) => members.remove(key).is_some(),
        (Some(Value::Array(elements)), Step::Index(index)) if *index < elements.len() => {
            elements.remove(*index);
            true
        }
        _ => false,
    }
}

pub fn merge(target: &mut Value, patch: &Value, arrays: Arrays, nulls: Nulls) {
    match patch {
        Value::Object(members) => {
            if !target.is_object() {
                *target = json!({});
            }
            for (key, value) in members {
                let target = target.as_object_mut().unwrap();
                if value.is_null() && nulls == Nulls::Delete {
                    target.remove(key);
                } else {
                    merge(target.entry(key.clone()).or_insert(Value::Null), value, arrays, nulls);
                }
            }
        }
        Value::Array(elements) if arrays != Arrays::Replace => {
            if !target.is_array() {
                *target = json!([]);
            }
            let target = target.as_array_mut().unwrap();
            for element in elements {
                if arrays == Arrays::Append || !target.contains(element) {
                    target.push(element.clone());
                }
            }
        }
        _ => *target = patch.clone(),
    }
}

/// All numbers as floating point numbers, so that spellings do not count.
pub fn plain(value: Value) -> Value {
    match value {
        Value::Number(number) => Value::from(number.as_f64()),
        Value::Array(elements) => elements.into_iter().map(plain).collect(),
        Value::Object(members) => members.into_iter().map(|(k, v)| (k, plain(v))).collect(),
        other => other,
    }
}

/// What `change` makes of `document`, or that it must fail.
pub fn expected(document: &Value, change: &Change) -> Option<Value> {
    let mut result = document.clone();
    match change {
        Change::Set(path, new) => return set(&mut result, path, new).then_some(result),
        Change::Delete(path) if path.is_empty() => return None,
        Change::Delete(path) => _ = delete(&mut result, path),
        Change::Merge(patch, arrays, nulls) => merge(&mut result, patch, *arrays, *nulls),
        Change::Replace(new) => result = new.clone(),
        Change::Patch(patch) => {
            return patch.iter().all(|operation| operation.make(&mut result)).then_some(result);
        }
    }
    Some(result)
}
