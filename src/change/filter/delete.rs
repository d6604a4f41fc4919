//! How `del` and `delpaths` change a value.

use std::ops::Range;

use jaq_json::{Rc, Val};

use super::nested::descend;
use super::text::Text;
use super::update::{position, span};
use super::value::{Failure, Seen, Value};

/// Deletes what `paths` lead to. They are sorted, so that those with the same first key are
/// neighbours and the shortest of them comes first.
pub(super) fn paths(value: &mut Value, paths: &[&[Value]]) -> Result<(), Failure> {
    descend();
    if paths.first().is_some_and(|path| path.is_empty()) {
        *value = Value::default();
        return Ok(());
    }
    let mut doomed = Vec::new();
    for group in paths.chunk_by(|left, right| left[0] == right[0]) {
        let key = &group[0][0];
        if group[0].len() == 1 {
            doomed.push(key);
        } else if let Some(child) = child(value, key)? {
            let tails: Vec<_> = group.iter().map(|path| &path[1..]).collect();
            self::paths(child, &tails)?;
        }
    }
    remove(value, &doomed)
}

fn child<'v>(value: &'v mut Value, key: &Value) -> Result<Option<&'v mut Value>, Failure> {
    let container = value.kind();
    let place = match value {
        Value::Text(text) => text.place_to_change(key),
        _ => None,
    };
    if place.is_none() {
        open(value);
    }
    match (value, key) {
        (Value::Text(text), _) => Ok(place.map(|place| Text::child_mut(text, place))),
        (Value::Plain(Val::Null), _) => Ok(None),
        (Value::Obj(object), Value::Plain(key @ Val::TStr(_))) => {
            Ok(Rc::make_mut(object).get_mut(key))
        }
        (Value::Arr(array), Value::Plain(Val::Num(_))) => match position(key, array.len()) {
            Some(at) => Ok(Rc::make_mut(array).get_mut(at)),
            None => Ok(None),
        },
        (Value::Arr(_), _) if key.kind() == "an object" => {
            Err(Failure::str("cannot delete inside a slice"))
        }
        _ => Err(Value::no_index(container, key)),
    }
}

fn open(value: &mut Value) {
    *value = std::mem::take(value).opened();
}

/// Removes the members or elements `keys`, which are sorted, in one pass.
fn remove(value: &mut Value, keys: &[&Value]) -> Result<(), Failure> {
    let Some(first) = keys.first() else { return Ok(()) };
    if let Value::Text(text) = value
        && Text::delete(text, keys)
    {
        return Ok(());
    }
    let container = value.kind();
    open(value);
    match value {
        Value::Plain(Val::Null) => {}
        Value::Obj(object) => {
            let mut names = Vec::new();
            for key in keys {
                match key {
                    Value::Plain(name @ Val::TStr(_)) => names.push(name),
                    _ => return Err(Value::no_index(container, key)),
                }
            }
            Rc::make_mut(object).retain(|key, _| names.binary_search(&key).is_err());
        }
        Value::Arr(array) => {
            let mut doomed = vec![false; array.len()];
            for key in keys {
                doomed
                    [elements(key, array.len()).ok_or_else(|| Value::no_index(container, key))?]
                .fill(true);
            }
            let mut doomed = doomed.into_iter();
            Rc::make_mut(array).retain(|_| doomed.next() == Some(false));
        }
        _ => return Err(Value::no_index(container, first)),
    }
    Ok(())
}

/// Which elements of an array of `len` an index or a slice names.
fn elements(key: &Value, len: usize) -> Option<Range<usize>> {
    match key.seen() {
        Seen::Obj(bounds) => {
            let bound = |name: &'static str| bounds.get(&Val::utf8_str(name));
            span(bound("start")..bound("end"), len)
        }
        Seen::Plain(Val::Num(_)) => match position(key, len) {
            Some(at) if at < len => Some(at..at + 1),
            _ => Some(0..0),
        },
        _ => None,
    }
}
