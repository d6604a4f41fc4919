//! How `del` and `delpaths` change a value.

use std::ops::Range;

use jaq_json::{Rc, Val};

use super::update::{position, span};
use super::value::{Failure, Value, kind};

/// Deletes what `paths` lead to. They are sorted, so that those with the same first key are
/// neighbours and the shortest of them comes first.
pub(super) fn paths(value: &mut Val, paths: &[&[Val]]) -> Result<(), Failure> {
    if paths.first().is_some_and(|path| path.is_empty()) {
        *value = Val::Null;
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

fn child<'v>(value: &'v mut Val, key: &Val) -> Result<Option<&'v mut Val>, Failure> {
    let container = kind(value);
    match (value, key) {
        (Val::Null, _) => Ok(None),
        (Val::Obj(object), Val::TStr(_)) => Ok(Rc::make_mut(object).get_mut(key)),
        (Val::Arr(array), Val::Num(_)) => match position(key, array.len()) {
            Some(at) => Ok(Rc::make_mut(array).get_mut(at)),
            None => Ok(None),
        },
        (Val::Arr(_), Val::Obj(_)) => Err(Failure::str("cannot delete inside a slice")),
        _ => Err(Value::no_index(container, key)),
    }
}

/// Removes the members or elements `keys`, which are sorted, in one pass.
fn remove(value: &mut Val, keys: &[&Val]) -> Result<(), Failure> {
    let Some(first) = keys.first() else { return Ok(()) };
    let container = kind(value);
    match value {
        Val::Null => {}
        Val::Obj(object) => {
            if let Some(key) = keys.iter().find(|key| !matches!(key, Val::TStr(_))) {
                return Err(Value::no_index(container, key));
            }
            Rc::make_mut(object).retain(|key, _| keys.binary_search(&key).is_err());
        }
        Val::Arr(array) => {
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
fn elements(key: &Val, len: usize) -> Option<Range<usize>> {
    match key {
        Val::Obj(bounds) => {
            let bound = |name: &'static [u8]| bounds.get(&Val::utf8_str(name));
            span(bound(b"start")..bound(b"end"), len)
        }
        Val::Num(_) => match position(key, len) {
            Some(at) if at < len => Some(at..at + 1),
            _ => Some(0..0),
        },
        _ => None,
    }
}
