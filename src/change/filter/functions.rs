//! What filters can call that is written in Rust: that of jaq, and the replacements of what jaq
//! writes for its own values or does unlike jq.

use std::io::Write;

use jaq_core::native::{Filter, Fun, bome, run, unary, v};
use jaq_core::{Cv, RunPtr, ValR, ValXs};
use jaq_json::Val;
use jaq_std::ValT;

use super::run::Jq;
use super::value::{Failure, Seen, Value};
use super::{delete, paths, read, search, write};

/// All functions. Where two have the same name and number of arguments, the first one counts.
pub(super) fn all() -> impl Iterator<Item = Fun<Jq>> {
    let ours = ours().map(run::<Jq>).into_iter().chain(paths::all());
    ours.chain(jaq_core::funs()).chain(jaq_std::funs()).chain(renamed())
}

/// The functions of jaq that definitions of the same name call.
fn renamed() -> impl Iterator<Item = Fun<Jq>> {
    jaq_core::funs().filter_map(|(name, arguments, function)| match name {
        "limit" => Some(("limit_of", arguments, function)),
        "skip" => Some(("skip_of", arguments, function)),
        _ => None,
    })
}

fn ours() -> [Filter<RunPtr<Jq>>; 14] {
    [
        ("error_empty", v(0), error),
        ("debug_empty", v(0), debug),
        ("stderr_empty", v(0), stderr),
        ("fromjson", v(0), |cv| bome(from_json(&cv.1))),
        ("tojson", v(0), |cv| bome(Ok(Value::string(write::text(&cv.1).text)))),
        ("tobytes", v(0), |cv| bome(bytes(&cv.1).map(|bytes| Value::Plain(Val::byte_str(bytes))))),
        ("length", v(0), |cv| bome(length(&cv.1))),
        ("contains", v(1), |cv| unary(cv, |x, y| Ok(search::contains(&x, &y).into()))),
        ("has", v(1), |cv| unary(cv, |value, key| search::has(&value, &key))),
        ("indices", v(1), |cv| unary(cv, |value, part| search::indices(&value, &part))),
        ("bsearch", v(1), |cv| unary(cv, |value, wanted| search::binary_search(&value, &wanted))),
        ("ltrimstr", v(1), |cv| {
            unary(cv, |value, start| {
                Ok(without(value, &start, |text, start| text.strip_prefix(start)))
            })
        }),
        ("rtrimstr", v(1), |cv| {
            unary(cv, |value, end| Ok(without(value, &end, |text, end| text.strip_suffix(end))))
        }),
        ("delete_paths", v(1), |cv| unary(cv, delete_paths)),
    ]
}

/// Fails with the input, and notes that the filter chose these words itself.
fn error(cv: Cv<'_, Jq>) -> ValXs<'_, Value> {
    cv.0.data().note_raised(&cv.1);
    bome(Err(Failure::new(cv.1)))
}

fn debug(cv: Cv<'_, Jq>) -> ValXs<'_, Value> {
    print(&format!("[\"DEBUG:\",{}]\n", write::text(&cv.1).text));
    Box::new(std::iter::empty())
}

fn stderr(cv: Cv<'_, Jq>) -> ValXs<'_, Value> {
    match cv.1.as_utf8_bytes() {
        Some(bytes) => print(&String::from_utf8_lossy(bytes)),
        None => print(&write::text(&cv.1).text),
    }
    Box::new(std::iter::empty())
}

fn print(text: &str) {
    // A filter works as well where nobody listens.
    let _ = std::io::stderr().write_all(text.as_bytes());
}

fn from_json(text: &Value) -> ValR<Value> {
    match text {
        Value::Plain(Val::TStr(text)) => read::one(text)
            .map_err(|error| Failure::str(format_args!("cannot parse a string as JSON: {error}"))),
        _ => Err(Failure::str(format_args!("cannot parse {text} as JSON"))),
    }
}

fn bytes(value: &Value) -> Result<Vec<u8>, Failure> {
    match value.seen() {
        Seen::Plain(Val::TStr(bytes) | Val::BStr(bytes)) => Ok(bytes.to_vec()),
        Seen::Arr(values) => values.iter().try_fold(Vec::new(), |mut all, value| {
            all.append(&mut bytes(value)?);
            Ok(all)
        }),
        Seen::Plain(Val::Num(number)) => match number.as_isize().map(u8::try_from) {
            Some(Ok(byte)) => Ok(vec![byte]),
            _ => Err(Failure::str("a byte must be an integer from 0 to 255")),
        },
        _ => Err(Failure::str(format_args!("cannot convert {value} to bytes"))),
    }
}

fn length(value: &Value) -> ValR<Value> {
    Ok(match value {
        Value::Plain(Val::Null) => 0usize.into(),
        Value::Plain(Val::Num(_)) if *value < 0isize.into() => return -value.clone(),
        Value::Plain(Val::TStr(text)) => search::characters(text).count().into(),
        Value::Plain(Val::BStr(bytes)) => bytes.len().into(),
        Value::Plain(Val::Bool(_)) => return Err(Failure::str("a boolean has no length")),
        Value::Plain(_) => value.clone(),
        Value::Text(text) if !text.is_object() => text.len().into(),
        _ => match value.seen() {
            Seen::Obj(members) => members.len().into(),
            Seen::Arr(values) => values.len().into(),
            Seen::Plain(_) => 0usize.into(),
        },
    })
}

type Strip = for<'t> fn(&'t [u8], &[u8]) -> Option<&'t [u8]>;

/// What `strip` leaves of a string; as in jq, other values are left alone.
fn without(value: Value, affix: &Value, strip: Strip) -> Value {
    match (value.as_utf8_bytes(), affix.as_utf8_bytes()) {
        (Some(text), Some(affix)) => match strip(text, affix) {
            Some(rest) => value.as_sub_str(rest),
            None => value,
        },
        _ => value,
    }
}

fn delete_paths(mut value: Value, paths: Value) -> ValR<Value> {
    let Seen::Arr(paths) = paths.seen() else {
        return Err(Failure::str("the paths to delete must be an array"));
    };
    let mut sorted = Vec::new();
    for path in paths {
        match path.seen() {
            Seen::Arr(path) => sorted.push(path),
            _ => return Err(Failure::str("a path must be an array")),
        }
    }
    sorted.sort();
    delete::paths(&mut value, &sorted)?;
    Ok(value)
}
