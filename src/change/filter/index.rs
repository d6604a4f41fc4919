//! How `.[key]` and `.[start:end]` find what they mean.

use std::ops::Range;

use jaq_core::ValT;
use jaq_json::{Num, Rc, Val};

use super::arithmetic::whole;
use super::search;
use super::text::Text;
use super::update::{self, bounds as bounds_of};
use super::value::{Seen, Value};

/// What `key` means in a value, `None` if it can mean nothing there.
pub(super) fn index(value: &Value, key: &Value) -> Option<Value> {
    let found = match (value, key) {
        (Value::Obj(members), Value::Plain(key @ Val::TStr(_))) => members.get(key).cloned(),
        (Value::Text(text), Value::Plain(key @ Val::TStr(_))) if text.is_object() => {
            text.member(key)
        }
        (Value::Obj(_), _) => return None,
        (Value::Text(text), _) if text.is_object() => return None,
        (Value::Plain(value), _) => return in_plain(value, key),
        (Value::Arr(_) | Value::Text(_), Value::Plain(_)) => {
            let key = whole(key, f64::trunc);
            element(value, key.plain()?)?
        }
        (Value::Arr(_) | Value::Text(_), _) => match (value.seen(), key.seen()) {
            (Seen::Arr(values), Seen::Arr(part)) => Some(search::windows(values, part)),
            (_, Seen::Obj(bounds)) => {
                return slice(value.clone(), bounds_of(bounds)?);
            }
            _ => return None,
        },
    };
    Some(found.unwrap_or_default())
}

fn in_plain(value: &Val, key: &Value) -> Option<Value> {
    match key {
        _ if matches!(value, Val::Null) => {
            let is_key = matches!(key.plain(), Some(Val::TStr(_) | Val::Num(_)));
            (is_key || key.kind() == "an object").then(Value::default)
        }
        Value::Plain(_) => {
            let key = whole(key, f64::trunc);
            value.clone().index(key.plain()?).ok().map(Value::from)
        }
        _ => match key.seen() {
            Seen::Obj(bounds) => slice(Value::Plain(value.clone()), bounds_of(bounds)?),
            _ => None,
        },
    }
}

/// The element at an index, if it is one.
fn element(array: &Value, index: &Val) -> Option<Option<Value>> {
    let Some(Position { is_from_end, distance }) = Position::of(index) else {
        return matches!(index, Val::Num(_)).then_some(None);
    };
    Some(match array {
        Value::Text(text) if !is_from_end => text.element(distance),
        Value::Text(text) => text.len().checked_sub(distance).and_then(|at| text.element(at)),
        _ => match array.seen() {
            Seen::Arr(values) => match is_from_end {
                true => values.len().checked_sub(distance).and_then(|at| values.get(at)).cloned(),
                false => values.get(distance).cloned(),
            },
            _ => None,
        },
    })
}

/// The part of a string or array between two bounds, if they are integers or null.
pub(super) fn slice(value: Value, range: Range<Option<&Value>>) -> Option<Value> {
    let plain = |bound: Option<&Value>, round| match bound {
        Some(bound) => update::bound(bound, round).map(Some),
        None => Some(None),
    };
    let (start, end) = (plain(range.start, f64::floor)?, plain(range.end, f64::ceil)?);
    if let Value::Plain(value) = value {
        return value.range(start.as_ref()..end.as_ref()).ok().map(Value::from);
    }
    if let Value::Text(text) = value {
        if text.is_object() {
            return None;
        }
        let len = text.len();
        let (start, end) = (bound(start, len, 0)?, bound(end, len, len)?);
        let values = Text::elements(text).skip(start);
        return Some(values.take(end.saturating_sub(start)).collect());
    }
    let Seen::Arr(values) = value.seen() else { return None };
    let start = bound(start, values.len(), 0)?;
    let end = bound(end, values.len(), values.len())?;
    Some(values.get(start..end).unwrap_or_default().iter().cloned().collect())
}

fn bound(bound: Option<Val>, len: usize, open: usize) -> Option<usize> {
    match bound {
        None | Some(Val::Null) => Some(open),
        Some(bound) => Position::of(&bound).map(|Position { is_from_end, distance }| {
            if is_from_end { len.saturating_sub(distance) } else { distance.min(len) }
        }),
    }
}

/// A place in an array, as an integer names it.
struct Position {
    is_from_end: bool,
    distance: usize,
}

impl Position {
    /// `None` if it is no integer, or one that jaq does not index with.
    fn of(index: &Val) -> Option<Self> {
        match index {
            Val::Num(Num::Int(at)) => {
                Some(Position { is_from_end: *at < 0, distance: at.unsigned_abs() })
            }
            Val::Num(Num::BigInt(_)) => {
                Val::Arr(Rc::default()).index(index).ok()?;
                Some(Position { is_from_end: *index < Val::from(0usize), distance: usize::MAX })
            }
            _ => None,
        }
    }
}

/// Whether an array that may be text has an element at this position.
pub(super) fn has(array: &Value, at: usize) -> bool {
    match array {
        Value::Text(text) => Text::element(text, at).is_some(),
        _ => matches!(array.seen(), Seen::Arr(values) if at < values.len()),
    }
}
