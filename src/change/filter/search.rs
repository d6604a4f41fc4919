//! The functions that look for something in a value.

use jaq_core::ValR;
use jaq_json::{Num, Val};

use super::arithmetic::whole;
use super::index;
use super::nested::descend;
use super::value::{Failure, Seen, Value};

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

/// Values of different types are refused, as in jq, to which true and false are types of their own.
pub(super) fn contains(value: &Value, part: &Value) -> ValR<Value> {
    let are_booleans = value.kind() == "a boolean" && value != part;
    if value.kind() != part.kind() || are_booleans {
        return Err(Failure::str(format_args!("cannot look for {part} in {value}")));
    }
    Ok(holds(value, part).into())
}

fn holds(value: &Value, part: &Value) -> bool {
    descend();
    match (value.seen(), part.seen()) {
        (
            Seen::Plain(Val::TStr(text) | Val::BStr(text)),
            Seen::Plain(Val::TStr(part) | Val::BStr(part)),
        ) => match (std::str::from_utf8(text), std::str::from_utf8(part)) {
            (Ok(text), Ok(part)) => text.contains(part),
            _ => part.is_empty() || text.windows(part.len()).any(|window| window == &***part),
        },
        (Seen::Arr(values), Seen::Arr(parts)) => {
            parts.iter().all(|part| values.iter().any(|value| holds(value, part)))
        }
        (Seen::Obj(members), Seen::Obj(parts)) => {
            let found = |(key, part)| members.get(key).is_some_and(|value| holds(value, part));
            parts.iter().all(found)
        }
        _ => value == part,
    }
}

pub(super) fn has(value: &Value, key: &Value) -> ValR<Value> {
    match (value, key) {
        (Value::Plain(Val::Null), _) => Ok(false.into()),
        (Value::Text(text), Value::Plain(key @ Val::TStr(_))) if text.is_object() => {
            Ok(text.member(key).is_some().into())
        }
        (Value::Obj(members), Value::Plain(key @ Val::TStr(_))) => {
            Ok(members.contains_key(key).into())
        }
        (Value::Arr(_) | Value::Text(_), Value::Plain(Val::Num(_)))
            if value.kind() == "an array" =>
        {
            match whole(key, f64::floor).plain() {
                Some(Val::Num(Num::Int(at))) => {
                    Ok(usize::try_from(*at).is_ok_and(|at| index::has(value, at)).into())
                }
                _ => Ok(false.into()),
            }
        }
        _ => Err(Value::no_index(value.kind(), key)),
    }
}

pub(super) fn indices(value: &Value, part: &Value) -> ValR<Value> {
    let found = |(at, found): (usize, bool)| found.then(|| Value::from(at));
    match (value.seen(), part.seen()) {
        (Seen::Plain(Val::Null), Seen::Plain(Val::TStr(_) | Val::Num(_)) | Seen::Obj(_)) => {
            Ok(Value::default())
        }
        (Seen::Obj(members), Seen::Plain(key @ Val::TStr(_))) => {
            Ok(members.get(key).cloned().unwrap_or_default())
        }
        (Seen::Plain(Val::TStr(text)), Seen::Plain(Val::TStr(part))) => {
            let starts = characters(text).map(|at| text[at..].starts_with(part));
            Ok(starts.enumerate().filter(|_| !part.is_empty()).filter_map(found).collect())
        }
        (Seen::Plain(Val::BStr(bytes)), Seen::Plain(Val::BStr(part))) => Ok(windows(bytes, part)),
        (Seen::Arr(values), Seen::Arr(part)) => Ok(windows(values, part)),
        (Seen::Arr(values), _) => {
            Ok(values.iter().map(|value| value == part).enumerate().filter_map(found).collect())
        }
        _ => Err(Value::no_index(value.kind(), part)),
    }
}

/// Where `part` begins in `all`.
pub(super) fn windows<T: PartialEq>(all: &[T], part: &[T]) -> Value {
    let windows = all.windows(part.len().max(1)).enumerate();
    windows.filter(|(_, window)| *window == part).map(|(at, _)| Value::from(at)).collect()
}

pub(super) fn binary_search(value: &Value, wanted: &Value) -> ValR<Value> {
    match value.seen() {
        Seen::Arr(values) => Ok(match values.binary_search(wanted) {
            Ok(at) => at.into(),
            Err(at) => (-1 - at as isize).into(),
        }),
        _ => Err(Failure::str(format_args!("cannot search in {value}"))),
    }
}
