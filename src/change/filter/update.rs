//! How `=` and `|=` change a value, as jq does it: a missing parent is made, an array is filled up
//! with `null`, and what is deleted leaves the order of its siblings alone.

use jaq_core::path::Opt;
use jaq_core::{Exn, ValX};
use jaq_json::{Num, Rc, Val};

use super::arithmetic::whole;
use super::text::Text;
use super::value::{Array, Failure, Members, Seen, Value};

/// The longest array that an assignment behind its end makes, as in jq.
pub(super) const MAX_LEN: usize = 1 << 29;

pub(super) fn not_iterable(value: &Value) -> Failure {
    Failure::str(format_args!("cannot iterate over {value}"))
}

pub(super) fn no_slice(kind: &str) -> Failure {
    Failure::str(format_args!("cannot take such a slice of {kind}"))
}

/// `.[] |= f`
pub(super) fn values<'a, I: Iterator<Item = ValX<'a, Value>>>(
    value: Value,
    opt: Opt,
    f: impl Fn(Value) -> I,
) -> ValX<'a, Value> {
    match value {
        Value::Arr(array) => {
            let old = Rc::unwrap_or_clone(array).into_iter();
            old.filter_map(|value| f(value).next()).collect()
        }
        Value::Obj(object) => {
            let old = Rc::unwrap_or_clone(object).into_iter();
            let new =
                old.filter_map(|(key, value)| Some(f(value).next()?.map(|value| (key, value))));
            Ok(Value::object(new.collect::<Result<Members, Exn<'a, Value>>>()?))
        }
        Value::Text(text) => Text::map(text, |value| f(value).next().transpose()),
        value @ Value::Plain(_) => opt.fail(value, |value| not_iterable(&value).into()),
    }
}

/// `.[key] |= f`
pub(super) fn index<'a, I: Iterator<Item = ValX<'a, Value>>>(
    value: Value,
    key: &Value,
    opt: Opt,
    f: impl Fn(Value) -> I,
) -> ValX<'a, Value> {
    let value = match value {
        Value::Text(text) => match text.place_to_change(key) {
            Some(place) => return child(text, place, key, f),
            None => return missing(text, key, opt, f),
        },
        value => value,
    };
    match (value, key) {
        (Value::Obj(object), Value::Plain(key @ Val::TStr(_))) => member(object, key, f),
        (Value::Arr(array), Value::Plain(Val::Num(_))) => element(array, key, opt, f),
        (Value::Plain(Val::Null), Value::Plain(Val::TStr(_) | Val::Num(_))) => {
            match f(Value::default()).next().transpose()? {
                Some(new) => made(key, opt, new),
                None => Ok(Value::default()),
            }
        }
        (value @ (Value::Plain(Val::Null) | Value::Arr(_)), _) if key.kind() == "an object" => {
            let Seen::Obj(members) = key.seen() else { return Ok(value) };
            match bounds(members) {
                Some(bounds) => range(value, bounds, opt, f),
                None => opt.fail(value, |value| no_slice(value.kind()).into()),
            }
        }
        (value, key) => opt.fail(value, |value| Value::no_index(value.kind(), key).into()),
    }
}

/// Changes a child of what is still text and, unless the child is deleted, stays so.
fn child<'a, I: Iterator<Item = ValX<'a, Value>>>(
    mut text: Rc<Text>,
    place: std::ops::Range<usize>,
    key: &Value,
    f: impl Fn(Value) -> I,
) -> ValX<'a, Value> {
    let child = Text::child_mut(&mut text, place);
    if let Some(new) = f(std::mem::take(child)).next().transpose()? {
        *child = new;
        return Ok(Value::Text(text));
    }
    without(text, key)
}

/// What is left when a child is deleted.
fn without<'a>(text: Rc<Text>, key: &Value) -> ValX<'a, Value> {
    let mut value = Text::into_opened(text);
    match (&mut value, key) {
        (Value::Obj(members), Value::Plain(key)) => {
            Rc::make_mut(members).shift_remove(key);
        }
        (Value::Arr(values), key) => {
            let at = position(key, values.len()).filter(|at| *at < values.len());
            at.map(|at| Rc::make_mut(values).remove(at));
        }
        _ => {}
    }
    Ok(value)
}

/// Adds a member to what is still text, if it is not there. Else what is to be changed is not text any more.
fn missing<'a, I: Iterator<Item = ValX<'a, Value>>>(
    mut text: Rc<Text>,
    key: &Value,
    opt: Opt,
    f: impl Fn(Value) -> I,
) -> ValX<'a, Value> {
    let new = match key {
        Value::Plain(key @ Val::TStr(_)) => Text::member_mut(&mut text, key),
        _ => None,
    };
    let Some(new) = new else { return index(Text::into_opened(text), key, opt, f) };
    match f(std::mem::take(new)).next().transpose()? {
        Some(value) => *new = value,
        None => return without(text, key),
    }
    Ok(Value::Text(text))
}

/// A new parent that holds nothing but `new` at `key`.
fn made<'a>(key: &Value, opt: Opt, new: Value) -> ValX<'a, Value> {
    match key {
        Value::Plain(name @ Val::TStr(_)) => {
            Ok(Value::object(Members::from_iter([(name.clone(), new)])))
        }
        _ => element(Rc::default(), key, opt, |_| std::iter::once(Ok(new.clone()))),
    }
}

fn member<'a, I: Iterator<Item = ValX<'a, Value>>>(
    mut object: Rc<Members>,
    key: &Val,
    f: impl Fn(Value) -> I,
) -> ValX<'a, Value> {
    let map = Rc::make_mut(&mut object);
    let old = map.get_mut(key).map(std::mem::take);
    let is_new = old.is_none();
    match f(old.unwrap_or_default()).next().transpose()? {
        Some(new) => drop(map.insert(key.clone(), new)),
        None if is_new => {}
        None => drop(map.shift_remove(key)),
    }
    Ok(Value::Obj(object))
}

fn element<'a, I: Iterator<Item = ValX<'a, Value>>>(
    mut array: Rc<Array>,
    key: &Value,
    opt: Opt,
    f: impl Fn(Value) -> I,
) -> ValX<'a, Value> {
    let Some(at) = position(key, array.len()).filter(|at| *at < MAX_LEN) else {
        let outside = |_| Failure::str("an array index is out of bounds").into();
        return opt.fail(Value::Arr(array), outside);
    };
    let values = Rc::make_mut(&mut array);
    let old = values.get_mut(at).map(std::mem::take);
    match f(old.unwrap_or_default()).next().transpose()? {
        Some(new) => {
            if at >= values.len() {
                values.resize(at + 1, Value::default());
            }
            values[at] = new;
        }
        None if at < values.len() => drop(values.remove(at)),
        None => {}
    }
    Ok(Value::Arr(array))
}

/// `.[start:end] |= f`
pub(super) fn range<'a, I: Iterator<Item = ValX<'a, Value>>>(
    value: Value,
    bounds: std::ops::Range<Option<&Value>>,
    opt: Opt,
    f: impl Fn(Value) -> I,
) -> ValX<'a, Value> {
    let is_null = matches!(value, Value::Plain(Val::Null));
    let mut array = match value.opened() {
        Value::Arr(array) => array,
        Value::Plain(Val::Null) => Rc::default(),
        value => return opt.fail(value, |value| no_slice(value.kind()).into()),
    };
    let Some(span) = span(bounds, array.len()) else {
        return opt.fail(Value::Arr(array), |value| no_slice(value.kind()).into());
    };
    let old = match is_null {
        true => Value::default(),
        false => array[span.clone()].iter().cloned().collect(),
    };
    let new = match f(old).next().transpose()?.map(Value::opened) {
        Some(Value::Arr(new)) => new,
        None => Rc::default(),
        Some(_) => return Err(Failure::str("a slice can only be assigned an array").into()),
    };
    Rc::make_mut(&mut array).splice(span, new.iter().cloned());
    Ok(Value::Arr(array))
}

/// Changes the slice of an array, or of null, that `key` names.
pub(super) fn slice(
    value: &mut Value,
    key: &Value,
    change: impl FnOnce(&mut Value) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let kind = value.kind();
    let bounds = match key.seen() {
        Seen::Obj(members) => bounds(members),
        _ => None,
    };
    let mut part = Value::default();
    let mut array = match std::mem::take(value).opened() {
        Value::Arr(array) => array,
        Value::Plain(Val::Null) => Rc::default(),
        _ => return Err(no_slice(kind)),
    };
    let span = bounds.and_then(|bounds| span(bounds, array.len())).ok_or_else(|| no_slice(kind))?;
    if kind == "an array" {
        part = array[span.clone()].iter().cloned().collect();
    }
    change(&mut part)?;
    let Seen::Arr(new) = part.seen() else {
        return Err(Failure::str("a slice can only be assigned an array"));
    };
    Rc::make_mut(&mut array).splice(span, new.iter().cloned());
    *value = Value::Arr(array);
    Ok(())
}

/// The bounds of a slice, both of which its key must name.
pub(super) fn bounds(key: &Members) -> Option<std::ops::Range<Option<&Value>>> {
    let bound = |name: &'static str| key.get(&Val::utf8_str(name));
    Some(Some(bound("start")?)..Some(bound("end")?))
}

/// Where in an array of `len` values `index` points, which may be behind its end.
pub(super) fn position(index: &Value, len: usize) -> Option<usize> {
    match whole(index, f64::trunc).plain() {
        Some(Val::Num(Num::Int(index))) if *index < 0 => len.checked_sub(index.unsigned_abs()),
        Some(Val::Num(Num::Int(index))) => Some(index.unsigned_abs()),
        _ => None,
    }
}

/// Which values of an array of `len` a slice is, if its bounds are numbers.
pub(super) fn span(
    bounds: std::ops::Range<Option<&Value>>,
    len: usize,
) -> Option<std::ops::Range<usize>> {
    let bound = |bound: Option<&Value>, open: usize, round: fn(f64) -> f64| match bound {
        None | Some(Value::Plain(Val::Null)) => Some(open),
        Some(bound) => match self::bound(bound, round)? {
            Val::Num(Num::Int(at)) if at < 0 => Some(len.saturating_sub(at.unsigned_abs())),
            Val::Num(Num::Int(at)) => Some(at.unsigned_abs().min(len)),
            _ => Some(open),
        },
    };
    let start = bound(bounds.start, 0, f64::floor)?;
    let end = bound(bounds.end, len, f64::ceil)?;
    Some(start..end.max(start))
}

/// The bound of a slice as an integer, or null where it is open: NaN is open, as in jq.
pub(super) fn bound(bound: &Value, round: fn(f64) -> f64) -> Option<Val> {
    let number = match bound.plain()? {
        Val::Null => return Some(Val::Null),
        Val::Num(Num::Int(at)) => return Some(Val::from(*at)),
        number => jaq_std::ValT::as_f64(number)?,
    };
    Some(if number.is_nan() { Val::Null } else { Val::from(round(number) as isize) })
}
