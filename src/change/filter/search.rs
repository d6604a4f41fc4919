//! The functions that look for something in a value.

use jaq_core::ValR;
use jaq_json::{Num, Val};

use super::arithmetic::whole;
use super::value::{Failure, Value, kind};

/// Where the characters of a text start; what is not UTF-8 counts byte by byte.
pub(super) fn characters(text: &[u8]) -> impl Iterator<Item = usize> {
    let chunks = text.utf8_chunks().scan(0, |start, chunk| {
        let valid = *start;
        let invalid = valid + chunk.valid().len();
        *start = invalid + chunk.invalid().len();
        let characters = chunk.valid().char_indices().map(move |(at, _)| valid + at);
        Some(characters.chain(invalid..*start))
    });
    chunks.flatten()
}

pub(super) fn contains(value: &Val, part: &Val) -> bool {
    match (value, part) {
        (Val::TStr(text) | Val::BStr(text), Val::TStr(part) | Val::BStr(part)) => {
            part.is_empty() || text.windows(part.len()).any(|window| window == &***part)
        }
        (Val::Arr(values), Val::Arr(parts)) => {
            parts.iter().all(|part| values.iter().any(|value| contains(value, part)))
        }
        (Val::Obj(members), Val::Obj(parts)) => {
            let found = |(key, part)| members.get(key).is_some_and(|value| contains(value, part));
            parts.iter().all(found)
        }
        _ => value == part,
    }
}

pub(super) fn has(value: &Val, key: &Val) -> ValR<Value> {
    match (value, key) {
        (Val::Obj(members), Val::TStr(_)) => Ok(members.contains_key(key).into()),
        (Val::Arr(values), Val::Num(_)) => match whole(key, f64::floor).as_ref() {
            Val::Num(Num::Int(at)) => {
                Ok(usize::try_from(*at).is_ok_and(|at| at < values.len()).into())
            }
            _ => Ok(false.into()),
        },
        _ => Err(Value::no_index(kind(value), key)),
    }
}

pub(super) fn indices(value: &Val, part: &Val) -> ValR<Value> {
    let found = |(at, found): (usize, bool)| found.then(|| Value::from(at));
    match (value, part) {
        (Val::Null, _) => Ok(Value::default()),
        (Val::TStr(text), Val::TStr(part)) => {
            let starts = characters(text).map(|at| text[at..].starts_with(part));
            Ok(starts.enumerate().filter(|_| !part.is_empty()).filter_map(found).collect())
        }
        (Val::BStr(bytes), Val::BStr(part)) => Ok(windows(bytes, part)),
        (Val::Arr(values), Val::Arr(part)) => Ok(windows(values, part)),
        (Val::Arr(values), part) => {
            Ok(values.iter().map(|value| value == part).enumerate().filter_map(found).collect())
        }
        _ => Err(Value::no_index(kind(value), part)),
    }
}

fn windows<T: PartialEq>(all: &[T], part: &[T]) -> Value {
    let windows = all.windows(part.len().max(1)).enumerate();
    windows.filter(|(_, window)| *window == part).map(|(at, _)| Value::from(at)).collect()
}

pub(super) fn binary_search(value: &Value, wanted: &Val) -> ValR<Value> {
    match &value.0 {
        Val::Arr(values) => Ok(match values.binary_search(wanted) {
            Ok(at) => at.into(),
            Err(at) => (-1 - at as isize).into(),
        }),
        _ => Err(Failure::str(format_args!("cannot search in {value}"))),
    }
}
