//! How `=` and `|=` change a value, as jq does it: a missing parent is made, an array is filled up
//! with `null`, and what is deleted leaves the order of its siblings alone.

use jaq_core::path::Opt;
use jaq_core::{Exn, ValX};
use jaq_json::{Map, Num, Rc, Val};

use super::arithmetic::whole;
use super::value::{Failure, Value};

/// The longest array that an assignment behind its end makes, as in jq.
const MAX_LEN: usize = 1 << 29;

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
    match value.0 {
        Val::Arr(array) => {
            let old = Rc::unwrap_or_clone(array).into_iter();
            old.filter_map(|value| f(Value(value)).next()).collect()
        }
        Val::Obj(object) => {
            let old = Rc::unwrap_or_clone(object).into_iter();
            let new = old.filter_map(|(key, value)| {
                Some(f(Value(value)).next()?.map(|value| (key, value.0)))
            });
            Ok(Value(Val::obj(new.collect::<Result<Map, Exn<'a, Value>>>()?)))
        }
        _ => opt.fail(value, |value| not_iterable(&value).into()),
    }
}

/// `.[key] |= f`
pub(super) fn index<'a, I: Iterator<Item = ValX<'a, Value>>>(
    value: Value,
    key: &Val,
    opt: Opt,
    f: impl Fn(Value) -> I,
) -> ValX<'a, Value> {
    match (value.0, key) {
        (Val::Obj(object), Val::TStr(_)) => member(object, key, f),
        (Val::Arr(array), Val::Num(_)) => element(array, key, opt, f),
        (Val::Null, Val::TStr(_) | Val::Num(_)) => match f(Value::default()).next().transpose()? {
            Some(new) => made(key, opt, new),
            None => Ok(Value::default()),
        },
        (value @ (Val::Null | Val::Arr(_)), Val::Obj(bounds)) => {
            let bound = |name: &'static [u8]| bounds.get(&Val::utf8_str(name));
            range(Value(value), bound(b"start")..bound(b"end"), opt, f)
        }
        (value, key) => opt.fail(Value(value), |value| Value::no_index(value.kind(), key).into()),
    }
}

/// A new parent that holds nothing but `new` at `key`.
fn made<'a>(key: &Val, opt: Opt, new: Value) -> ValX<'a, Value> {
    match key {
        Val::Num(_) => element(Rc::default(), key, opt, |_| std::iter::once(Ok(new.clone()))),
        _ => Ok(Value(Val::obj(Map::from_iter([(key.clone(), new.0)])))),
    }
}

fn member<'a, I: Iterator<Item = ValX<'a, Value>>>(
    mut object: Rc<Map>,
    key: &Val,
    f: impl Fn(Value) -> I,
) -> ValX<'a, Value> {
    let map = Rc::make_mut(&mut object);
    let old = map.get_mut(key).map(std::mem::take);
    let is_new = old.is_none();
    match f(Value(old.unwrap_or_default())).next().transpose()? {
        Some(new) => drop(map.insert(key.clone(), new.0)),
        None if is_new => {}
        None => drop(map.shift_remove(key)),
    }
    Ok(Value(Val::Obj(object)))
}

fn element<'a, I: Iterator<Item = ValX<'a, Value>>>(
    mut array: Rc<Vec<Val>>,
    key: &Val,
    opt: Opt,
    f: impl Fn(Value) -> I,
) -> ValX<'a, Value> {
    let Some(at) = position(key, array.len()).filter(|at| *at < MAX_LEN) else {
        let outside = |_| Failure::str("an array index is out of bounds").into();
        return opt.fail(Value(Val::Arr(array)), outside);
    };
    let values = Rc::make_mut(&mut array);
    let old = values.get_mut(at).map(std::mem::take);
    match f(Value(old.unwrap_or_default())).next().transpose()? {
        Some(new) => {
            if at >= values.len() {
                values.resize(at + 1, Val::Null);
            }
            values[at] = new.0;
        }
        None if at < values.len() => drop(values.remove(at)),
        None => {}
    }
    Ok(Value(Val::Arr(array)))
}

/// `.[start:end] |= f`
pub(super) fn range<'a, I: Iterator<Item = ValX<'a, Value>>>(
    value: Value,
    bounds: std::ops::Range<Option<&Val>>,
    opt: Opt,
    f: impl Fn(Value) -> I,
) -> ValX<'a, Value> {
    let mut array = match value.0 {
        Val::Arr(array) => array,
        Val::Null => Rc::default(),
        _ => return opt.fail(value, |value| no_slice(value.kind()).into()),
    };
    let Some(span) = span(bounds, array.len()) else {
        return opt.fail(Value(Val::Arr(array)), |value| no_slice(value.kind()).into());
    };
    let old = Value(array[span.clone()].iter().cloned().collect());
    let new = match f(old).next().transpose()?.map(|new| new.0) {
        Some(Val::Arr(new)) => new,
        None => Rc::default(),
        Some(_) => return Err(Failure::str("a slice can only be assigned an array").into()),
    };
    Rc::make_mut(&mut array).splice(span, new.iter().cloned());
    Ok(Value(Val::Arr(array)))
}

/// Where in an array of `len` values `index` points, which may be behind its end.
pub(super) fn position(index: &Val, len: usize) -> Option<usize> {
    match whole(index, f64::floor).as_ref() {
        Val::Num(Num::Int(index)) if *index < 0 => len.checked_sub(index.unsigned_abs()),
        Val::Num(Num::Int(index)) => Some(index.unsigned_abs()),
        _ => None,
    }
}

/// Which values of an array of `len` a slice is, if its bounds are numbers.
pub(super) fn span(
    bounds: std::ops::Range<Option<&Val>>,
    len: usize,
) -> Option<std::ops::Range<usize>> {
    let bound = |bound: Option<&Val>, open: usize, round: fn(f64) -> f64| match bound {
        None | Some(Val::Null) => Some(open),
        Some(bound) => match whole(bound, round).as_ref() {
            Val::Num(Num::Int(at)) if *at < 0 => Some(len.saturating_sub(at.unsigned_abs())),
            Val::Num(Num::Int(at)) => Some(at.unsigned_abs().min(len)),
            _ => None,
        },
    };
    let start = bound(bounds.start, 0, f64::floor)?;
    let end = bound(bounds.end, len, f64::ceil)?;
    Some(start..end.max(start))
}
