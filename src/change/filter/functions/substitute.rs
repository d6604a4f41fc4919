//! The functions of regular expressions.

use jaq_core::box_iter::box_once;
use jaq_core::native::bome;
use jaq_core::{Cv, Exn, ValR, ValXs};
use jaq_json::Val;

use super::super::run::Jq;
use super::super::value::{Failure, Value};
use super::regex::{Matches, Pattern};

/// Whether the input has a match.
pub(super) fn is_match(cv: Cv<'_, Jq>) -> ValXs<'_, Value> {
    searched(cv, |pattern, string| Ok(pattern.is_in(string)?.into()))
}

/// What `match` gives, in an array.
pub(super) fn matches(cv: Cv<'_, Jq>) -> ValXs<'_, Value> {
    searched(cv, |pattern, string| {
        each(pattern, string, |matches, region| matches.described(region))
    })
}

/// What `capture` gives, in an array.
pub(super) fn captured(cv: Cv<'_, Jq>) -> ValXs<'_, Value> {
    searched(cv, |pattern, string| each(pattern, string, |matches, region| matches.named(region)))
}

/// What `scan` gives, in an array.
pub(super) fn scanned(cv: Cv<'_, Jq>) -> ValXs<'_, Value> {
    searched(cv, |pattern, string| each(pattern, string, |matches, region| matches.scanned(region)))
}

/// The parts of the input between matches, in an array.
pub(super) fn split(cv: Cv<'_, Jq>) -> ValXs<'_, Value> {
    searched(cv, |pattern, string| {
        let mut matches = pattern.matches(string)?;
        let (mut parts, mut previous) = (Vec::new(), 0);
        while let Some(region) = matches.next().transpose()? {
            let (start, end) = matches.place(&region);
            parts.push(matches.part(previous, start));
            previous = end;
        }
        parts.push(matches.part(previous, matches.len()));
        Ok(Value::array(parts))
    })
}

fn searched(mut cv: Cv<'_, Jq>, search: fn(&Pattern, &Value) -> ValR<Value>) -> ValXs<'_, Value> {
    let flags = cv.0.pop_var();
    let expression = cv.0.pop_var();
    bome(Pattern::of(&expression, &flags).and_then(|pattern| search(&pattern, &cv.1)))
}

fn each(
    pattern: &Pattern,
    string: &Value,
    describe: impl Fn(&mut Matches<'_>, &onig::Region) -> Value,
) -> ValR<Value> {
    let mut matches = pattern.matches(string)?;
    let mut all = Vec::new();
    while let Some(region) = matches.next().transpose()? {
        all.push(describe(&mut matches, &region));
    }
    Ok(Value::array(all))
}

/// `sub`: each match is replaced by what a filter makes of its named groups. If it gives several
/// results, the first ones make the first result, the second ones the second, and so on.
pub(super) fn substitute(mut cv: Cv<'_, Jq>) -> ValXs<'_, Value> {
    let flags = cv.0.pop_var();
    let (filter, context) = cv.0.pop_fun();
    let expression = cv.0.pop_var();
    let replace = |groups| filter.run((context.clone(), groups));
    match substituted(&cv.1, &expression, &flags, replace) {
        Ok(results) if results.is_empty() => box_once(Ok(cv.1)),
        Ok(results) => Box::new(results.into_iter().map(|result| Ok(Value::string(result)))),
        Err(error) => box_once(Err(error)),
    }
}

fn substituted<'a>(
    string: &Value,
    expression: &Value,
    flags: &Value,
    replace: impl Fn(Value) -> ValXs<'a, Value>,
) -> Result<Vec<Vec<u8>>, Exn<'a, Value>> {
    let pattern = Pattern::of(expression, flags)?;
    let mut matches = pattern.matches(string)?;
    let (mut results, mut previous) = (Vec::new(), 0);
    while let Some(region) = matches.next().transpose()? {
        let (start, end) = matches.place(&region);
        for (number, replacement) in replace(matches.named(&region)).enumerate() {
            if number == results.len() {
                results.push(Vec::new());
            }
            if let Some(result) = results.get_mut(number) {
                result.extend_from_slice(matches.bytes(previous, start));
                append(result, &replacement?)?;
            }
        }
        previous = end;
    }
    for result in &mut results {
        result.extend_from_slice(matches.bytes(previous, matches.len()));
    }
    Ok(results)
}

/// As in jq, null adds nothing.
fn append(result: &mut Vec<u8>, replacement: &Value) -> Result<(), Failure> {
    match replacement {
        Value::Plain(Val::TStr(text)) => result.extend_from_slice(text),
        Value::Plain(Val::Null) => {}
        _ => return Err(Failure::str(format_args!("a match can't be replaced by {replacement}"))),
    }
    Ok(())
}
