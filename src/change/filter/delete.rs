//! How `del` and `delpaths` change a value.

use std::ops::Range;

use jaq_json::{Rc, Val};

use super::nested::descend;
use super::text::Text;
use super::update::{self, position, span};
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
        let tails = || group.iter().map(|path| &path[1..]).collect::<Vec<_>>();
        if group[0].len() == 1 {
            doomed.push(key);
        } else if matches!(key.seen(), Seen::Obj(_)) {
            if !matches!(value, Value::Plain(Val::Null)) {
                update::slice(value, key, |part| self::paths(part, &tails()))?;
            }
        } else if let Some(child) = child(value, key)? {
            self::paths(child, &tails())?;
        }
    }
    remove(value, &doomed)
}

/// The child that `key` names, to be changed, if it is there.
pub(super) fn child<'v>(
    value: &'v mut Value,
    key: &Value,
) -> Result<Option<&'v mut Value>, Failure> {
    let container = value.kind();
    let place = match value {
        Value::Text(text) => text.place_to_change(key),
        _ => None,
    };
    if place.is_none() {
        if matches!(value, Value::Text(text) if text.is_without(key)) {
            return Ok(None);
        }
        open(value);
    }
    match (value, key) {
        (Value::Text(text), _) => Ok(place.map(|place| Text::child_mut(text, place))),
        (Value::Plain(Val::Null), Value::Plain(Val::TStr(_) | Val::Num(_))) => Ok(None),
        (Value::Obj(object), Value::Plain(key @ Val::TStr(_))) => {
            Ok(Rc::make_mut(object).get_mut(key))
        }
        (Value::Arr(array), Value::Plain(Val::Num(_))) => match position(key, array.len()) {
            Some(at) => Ok(Rc::make_mut(array).get_mut(at)),
            None => Ok(None),
        },
        _ => Err(Value::no_index(container, key)),
    }
}

pub(super) fn open(value: &mut Value) {
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
        Seen::Obj(bounds) => span(update::bounds(bounds)?, len),
        Seen::Plain(Val::Num(_)) => match position(key, len) {
            Some(at) if at < len => Some(at..at + 1),
            _ => Some(0..0),
        },
        _ => None,
    }
}
