//! Functions of arrays and objects that jaq lacks, or does unlike jq.

use jaq_core::box_iter::box_once;
use jaq_core::native::bome;
use jaq_core::{Cv, Exn, ValR, ValX, ValXs};
use jaq_json::{Num, Rc, Val};

use super::super::run::Jq;
use super::super::value::{Failure, Members, Seen, Value};
use super::formats;

type Result<T> = std::result::Result<T, Failure>;

/// `reverse`: as in jq, what has no parts is an empty array.
pub(super) fn reversed(value: Value) -> ValR<Value> {
    match value.seen() {
        Seen::Arr(values) => Ok(values.iter().rev().cloned().collect()),
        Seen::Obj(members) if members.is_empty() => Ok(Value::array(Vec::new())),
        Seen::Plain(Val::Null) => Ok(Value::array(Vec::new())),
        Seen::Plain(Val::TStr(text)) if text.is_empty() => Ok(Value::array(Vec::new())),
        Seen::Plain(Val::Num(_)) if jaq_std::ValT::as_f64(&value) == Some(0.0) => {
            Ok(Value::array(Vec::new()))
        }
        _ => Err(Failure::str(format_args!("cannot reverse {value}"))),
    }
}

/// The values of an array or object.
fn children(value: &Value) -> Result<Vec<&Value>> {
    match value.seen() {
        Seen::Arr(values) => Ok(values.iter().collect()),
        Seen::Obj(members) => Ok(members.values().collect()),
        Seen::Plain(_) => Err(Failure::str(format_args!("cannot iterate over {value}"))),
    }
}

/// `to_entries`: the members of an object, or the elements of an array, with their keys.
pub(super) fn to_entries(value: &Value) -> ValR<Value> {
    let entry = |key: Value, value: &Value| {
        let members = [("key", key), ("value", value.clone())].into_iter();
        Value::object(members.map(|(name, value)| (Val::utf8_str(name), value)).collect())
    };
    match value.seen() {
        Seen::Arr(values) => {
            let values = values.iter().enumerate();
            Ok(values.map(|(at, value)| entry(at.into(), value)).collect())
        }
        Seen::Obj(members) => {
            Ok(members.iter().map(|(key, value)| entry(Value::Plain(key.clone()), value)).collect())
        }
        Seen::Plain(_) => Err(Failure::str(format_args!("{value} has no keys"))),
    }
}

/// `flatten`: the parts of arrays take the place of these, so many levels deep.
pub(super) fn flattened(value: &Value, depth: &Value) -> ValR<Value> {
    let depth = jaq_std::ValT::as_f64(depth)
        .ok_or_else(|| Failure::str(format_args!("flatten takes a number, not {depth}")))?;
    if depth < 0.0 {
        return Err(Failure::str("flatten takes no negative depth"));
    }
    let mut out = Vec::new();
    children(value)?.into_iter().for_each(|child| flatten(child, depth, &mut out));
    Ok(Value::array(out))
}

fn flatten(value: &Value, depth: f64, out: &mut Vec<Value>) {
    if depth == 0.0 || value.kind() != "an array" {
        return out.push(value.clone());
    }
    if let Seen::Arr(values) = value.seen() {
        values.iter().for_each(|value| flatten(value, depth - 1.0, out));
    }
}

/// `implode`: as in jq, what is no character is replaced.
pub(super) fn imploded(value: &Value) -> ValR<Value> {
    let Seen::Arr(values) = value.seen() else {
        return Err(Failure::str(format_args!("implode takes an array, not {value}")));
    };
    let mut text = String::with_capacity(values.len());
    for value in values {
        let number = jaq_std::ValT::as_f64(value).filter(|number| !number.is_nan());
        let number = number.ok_or_else(|| Failure::str("implode takes an array of numbers"))?;
        let code_point = (number > -1.0).then_some(number as u32);
        text.push(code_point.and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER));
    }
    Ok(Value::string(text))
}

/// `join`: as in jq, null is nothing, and what is neither string, number nor boolean is refused.
pub(super) fn joined(value: &Value, separator: &Value) -> ValR<Value> {
    let mut out = Vec::new();
    for (number, part) in children(value)?.into_iter().enumerate() {
        if number > 0 {
            match separator {
                Value::Plain(Val::TStr(separator)) => out.extend_from_slice(separator),
                Value::Plain(Val::Null) => {}
                _ => {
                    return Err(Failure::str(format_args!("join takes a string, not {separator}")));
                }
            }
        }
        match part {
            Value::Plain(Val::Null) => {}
            Value::Plain(_) => out.extend_from_slice(&formats::text(part)),
            _ => return Err(Failure::str(format_args!("join cannot take {part}"))),
        }
    }
    Ok(Value::string(out))
}

/// `add`: the sum of what a filter gives. Strings are put together at once at the end.
pub(super) fn sum(mut cv: Cv<'_, Jq>) -> ValXs<'_, Value> {
    let (filter, context) = cv.0.pop_fun();
    box_once(added(filter.run((context, cv.1))))
}

fn added<'a>(values: ValXs<'a, Value>) -> ValX<'a, Value> {
    let (mut sum, mut text) = (Value::default(), None::<Vec<u8>>);
    for value in values {
        let value = value?;
        match (&mut text, &value) {
            (Some(text), Value::Plain(Val::TStr(more))) => text.extend_from_slice(more),
            (None, Value::Plain(Val::TStr(first))) if is_null(&sum) => text = Some(first.to_vec()),
            (Some(_), value) if is_null(value) => {}
            _ => {
                let left = text.take().map_or_else(|| std::mem::take(&mut sum), Value::string);
                sum = (left + value).map_err(Exn::from)?;
            }
        }
    }
    Ok(text.map_or(sum, Value::string))
}

fn is_null(value: &Value) -> bool {
    matches!(value, Value::Plain(Val::Null))
}

/// `sort_by`: calls the filter with every value, even if there is only one.
pub(super) fn sorted_by(mut cv: Cv<'_, Jq>) -> ValXs<'_, Value> {
    let (filter, context) = cv.0.pop_fun();
    let Seen::Arr(values) = cv.1.seen() else {
        return bome(Err(Failure::str(format_args!("cannot sort {}", cv.1))));
    };
    let keyed = values.iter().map(|value| {
        let keys =
            filter.run((context.clone(), value.clone())).collect::<std::result::Result<_, _>>()?;
        Ok((keys, value.clone()))
    });
    let keyed = keyed.collect::<std::result::Result<Vec<(Vec<Value>, Value)>, Exn<Value>>>();
    box_once(keyed.map(|mut keyed| {
        keyed.sort_by(|(left, _), (right, _)| left.cmp(right));
        keyed.into_iter().map(|(_, value)| value).collect()
    }))
}

/// `range`: the numbers from one to another, in steps. As in jq, a step of 0 leads nowhere.
pub(super) fn range(mut cv: Cv<'_, Jq>) -> ValXs<'_, Value> {
    let bounds = [cv.0.pop_var(), cv.0.pop_var(), cv.0.pop_var()];
    if let [Value::Plain(Val::Null | Val::Bool(_)), to, from] = &bounds
        && from.kind() == "a number"
        && from <= to
    {
        // What is less than all numbers is a step backwards.
        return Box::new(std::iter::empty());
    }
    let [Some(by), Some(to), Some(from)] = bounds.each_ref().map(jaq_std::ValT::as_f64) else {
        return bome(Err(Failure::str("range takes numbers")));
    };
    let is_before_end = move |at: &f64| if by > 0.0 { *at < to } else { by < 0.0 && *at > to };
    let numbers = std::iter::successors(Some(from), move |at| Some(at + by));
    Box::new(numbers.take_while(is_before_end).map(|number| Ok(Value::from(number))))
}

/// `fromstream`: the values that events tell, each as soon as it is whole.
pub(super) fn from_stream(mut cv: Cv<'_, Jq>) -> ValXs<'_, Value> {
    let (filter, context) = cv.0.pop_fun();
    let mut value = Value::default();
    Box::new(filter.run((context, cv.1)).filter_map(move |event| {
        let told = event.and_then(|event| tell(&mut value, &event).map_err(Exn::from));
        told.map(|is_whole| is_whole.then(|| std::mem::take(&mut value))).transpose()
    }))
}

/// Whether the value is whole after the event.
fn tell(value: &mut Value, event: &Value) -> Result<bool> {
    let malformed = || Failure::str("fromstream takes events, which are arrays that hold a path");
    let Seen::Arr([path, leaf @ ..]) = event.seen() else { return Err(malformed()) };
    let Seen::Arr(path) = path.seen() else { return Err(malformed()) };
    match leaf {
        [leaf] => {
            put(value, path, leaf.clone())?;
            Ok(path.is_empty())
        }
        _ => Ok(path.len() == 1),
    }
}

/// Makes a value the one at a path.
fn put(value: &mut Value, path: &[Value], new: Value) -> Result<()> {
    let mut place = value;
    for key in path {
        place = child(place, key)?;
    }
    *place = new;
    Ok(())
}

/// The place of a child, which is made if it is not there.
fn child<'v>(parent: &'v mut Value, key: &Value) -> Result<&'v mut Value> {
    *parent = match (std::mem::take(parent).opened(), key) {
        (Value::Plain(Val::Null), Value::Plain(Val::TStr(_))) => Value::object(Members::default()),
        (Value::Plain(Val::Null), Value::Plain(Val::Num(_))) => Value::array(Vec::new()),
        (parent, _) => parent,
    };
    let kind = parent.kind();
    match (parent, key) {
        (Value::Obj(members), Value::Plain(key @ Val::TStr(_))) => {
            Ok(Rc::make_mut(members).entry(key.clone()).or_default())
        }
        (Value::Arr(values), Value::Plain(Val::Num(Num::Int(at)))) => {
            let at = usize::try_from(*at).ok().filter(|at| *at <= MAX_LEN);
            let at = at.ok_or_else(|| Failure::str("an index of fromstream is out of range"))?;
            let values = Rc::make_mut(values);
            if values.len() <= at {
                values.resize(at + 1, Value::default());
            }
            Ok(&mut values[at])
        }
        (_, key) => Err(Value::no_index(kind, key)),
    }
}

/// The greatest index, as in jq.
const MAX_LEN: usize = (1 << 29) - 1;
