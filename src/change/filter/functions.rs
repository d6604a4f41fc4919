//! What filters can call that is written in Rust: that of jaq, and the replacements of what jaq
//! writes for its own values or does unlike jq.

mod arrays;
mod formats;
mod maths;
mod regex;
mod strftime;
mod substitute;
mod time;

use std::io::Write;

use jaq_core::native::{Filter, Fun, bome, run, unary, v};
use jaq_core::{Bind, Cv, RunPtr, ValR, ValXs};
use jaq_json::{Num, Val};
use jaq_std::ValT;

use super::nested::descend;
use super::run::Jq;
use super::value::{Failure, Seen, Value};
use super::{delete, numerals, paths, read, search, write};

/// All functions. Where two have the same name and number of arguments, the first one counts.
pub(super) fn all() -> impl Iterator<Item = Fun<Jq>> {
    let ours = ours().into_iter().chain(maths::all()).map(run::<Jq>).chain(paths::all());
    let jaqs = jaq_core::funs().chain(jaq_core::funs().filter_map(renamed));
    ours.chain(jaqs).chain(jaq_std::funs())
}

/// What definitions of ours call by another name, since they have that name themselves.
fn renamed((name, arguments, function): Fun<Jq>) -> Option<Fun<Jq>> {
    let name = match name {
        "limit" => "limit_",
        "skip" => "skip_",
        _ => return None,
    };
    Some((name, arguments, function))
}

fn ours() -> Vec<Filter<RunPtr<Jq>>> {
    vec![
        ("error_empty", v(0), error),
        ("debug_empty", v(0), debug),
        ("stderr_empty", v(0), stderr),
        ("fromjson", v(0), |cv| bome(from_json(&cv.1))),
        ("tojson", v(0), |cv| bome(Ok(Value::string(write::json(&cv.1))))),
        ("tobytes", v(0), |cv| bome(bytes(&cv.1).map(|bytes| Value::Plain(Val::byte_str(bytes))))),
        ("length", v(0), |cv| bome(length(&cv.1))),
        ("type_of", v(0), |cv| bome(Ok(type_of(&cv.1)))),
        ("contains", v(1), |cv| unary(cv, |x, y| search::contains(&x, &y))),
        ("has", v(1), |cv| unary(cv, |value, key| search::has(&value, &key))),
        ("indices", v(1), |cv| unary(cv, |value, part| search::indices(&value, &part))),
        ("bsearch", v(1), |cv| unary(cv, |value, wanted| search::binary_search(&value, &wanted))),
        ("ltrimstr", v(1), |cv| {
            unary(cv, |value, start| without(value, &start, |text, start| text.strip_prefix(start)))
        }),
        ("rtrimstr", v(1), |cv| {
            unary(cv, |value, end| without(value, &end, |text, end| text.strip_suffix(end)))
        }),
        ("to_number", v(0), |cv| bome(to_number(cv.1))),
        ("entries", v(0), |cv| bome(arrays::to_entries(&cv.1))),
        ("reverse", v(0), |cv| bome(arrays::reversed(cv.1))),
        ("implode", v(0), |cv| bome(arrays::imploded(&cv.1))),
        ("flattened", v(1), |cv| unary(cv, |value, depth| arrays::flattened(&value, &depth))),
        ("joined", v(1), |cv| unary(cv, |value, separator| arrays::joined(&value, &separator))),
        ("sum", function(), arrays::sum),
        ("range", v(3), arrays::range),
        ("sort_by", function(), arrays::sorted_by),
        ("from_stream", function(), arrays::from_stream),
        ("format_csv", v(0), |cv| bome(formats::csv(&cv.1))),
        ("format_tsv", v(0), |cv| bome(formats::tsv(&cv.1))),
        ("format_sh", v(0), |cv| bome(formats::shell(&cv.1))),
        ("format_html", v(0), |cv| bome(Ok(formats::html(&cv.1)))),
        ("format_urid", v(0), |cv| bome(formats::from_uri(&cv.1))),
        ("format_base64d", v(0), |cv| bome(formats::from_base64(&cv.1))),
        ("gmtime", v(0), |cv| bome(time::gmtime(&cv.1))),
        ("mktime", v(0), |cv| bome(time::mktime(&cv.1))),
        ("strftime", v(1), |cv| unary(cv, |value, format| strftime::format(&value, &format))),
        ("strptime", v(1), |cv| unary(cv, |value, format| strftime::parse(&value, &format))),
        ("todateiso8601", v(0), |cv| bome(strftime::to_iso(&cv.1))),
        ("fromdateiso8601", v(0), |cv| bome(strftime::from_iso(&cv.1))),
        ("delete_paths", v(1), |cv| unary(cv, delete_paths)),
        ("is_match", v(2), substitute::is_match),
        ("matches", v(2), substitute::matches),
        ("captured", v(2), substitute::captured),
        ("scanned", v(2), substitute::scanned),
        ("split_", v(2), substitute::split),
        (
            "substitute",
            [Bind::Var(()), Bind::Fun(()), Bind::Var(())].into(),
            substitute::substitute,
        ),
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

/// What a function has for an argument that is a filter.
fn function() -> Box<[Bind]> {
    [Bind::Fun(())].into()
}

fn from_json(text: &Value) -> ValR<Value> {
    match text {
        Value::Plain(Val::TStr(text)) => read::loosely(text)
            .map_err(|error| Failure::str(format_args!("cannot parse a string as JSON: {error}"))),
        _ => Err(Failure::str(format_args!("cannot parse {text} as JSON"))),
    }
}

fn to_number(value: Value) -> ValR<Value> {
    let number = match &value {
        Value::Plain(Val::Num(_)) => return Ok(value),
        Value::Plain(Val::TStr(text)) => std::str::from_utf8(text).ok().and_then(numerals::loose),
        _ => None,
    };
    let fail = || Failure::str(format_args!("cannot parse {value} as a number"));
    number.map(|number| Value::Plain(Val::Num(number))).ok_or_else(fail)
}

fn bytes(value: &Value) -> Result<Vec<u8>, Failure> {
    descend();
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

fn type_of(value: &Value) -> Value {
    let kind = value.kind();
    Value::string(kind.rsplit(' ').next().unwrap_or(kind))
}

fn length(value: &Value) -> ValR<Value> {
    Ok(match value {
        Value::Plain(Val::Null) => 0usize.into(),
        Value::Plain(Val::Num(Num::Dec(spelling))) => {
            let spelling = spelling.trim_start_matches('-').to_owned();
            Value::Plain(Val::Num(Num::Dec(spelling.into())))
        }
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

/// What `strip` leaves of a string.
fn without(value: Value, affix: &Value, strip: Strip) -> ValR<Value> {
    match (value.as_utf8_bytes(), affix.as_utf8_bytes()) {
        (Some(text), Some(affix)) => Ok(match strip(text, affix) {
            Some(rest) => value.as_sub_str(rest),
            None => value,
        }),
        _ => {
            let kinds = (value.kind(), affix.kind());
            Err(Failure::str(format_args!("cannot trim {} from {}", kinds.1, kinds.0)))
        }
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
