//! What is said about a filter that does not compile: where, the line, and what is wrong.

use std::path::PathBuf;

use jaq_core::compile::Undefined;
use jaq_core::load::File;

use super::library;
use super::syntax::Fault;
use crate::error::{Error, ErrorKind};

/// How much of a line is shown, in characters.
const MAX_LINE: usize = 100;

/// What jq has and jaq has not.
const ONLY_IN_JQ: [&str; 3] = ["builtins", "get_search_list", "modulemeta"];

type Source<'s> = File<&'s str, PathBuf>;

/// The error for a fault in one of the sources.
pub(super) fn fault(fault: &Fault<'_>, sources: &[Source<'_>]) -> Error {
    located(sources, fault.part, &fault.what)
}

/// The error for the first of `errors`, which compiling found.
pub(super) fn compile(
    errors: &jaq_core::compile::Errors<&str, PathBuf>,
    sources: &[Source<'_>],
) -> Error {
    let Some((name, undefined)) = errors.first().and_then(|(_, errors)| errors.first()) else {
        return unknown();
    };
    let what = match undefined {
        Undefined::Filter(arity) => format!("undefined filter {name}/{arity}{}", hint(name)),
        other => format!("undefined {} {name}{}", other.as_str(), hint(name)),
    };
    located(sources, name, &what)
}

fn hint(name: &str) -> String {
    if ONLY_IN_JQ.contains(&name) {
        return ", which jq has but jaq has not".into();
    }
    if matches!(name, "reduce" | "foreach") {
        return ", which takes 2 or 3 arguments behind its variable".into();
    }
    let arities: Vec<_> = library::arities(name).iter().map(usize::to_string).collect();
    match arities.as_slice() {
        [] => String::new(),
        [one] if one == "1" => ", which takes 1 argument".into(),
        several => format!(", which takes {} arguments", several.join(" or ")),
    }
}

fn unknown() -> Error {
    Error::new(ErrorKind::InvalidFilter, "the filter does not compile")
}

/// The error `what` about `part` of one of the sources.
fn located(sources: &[Source<'_>], part: &str, what: &str) -> Error {
    let found = sources.iter().find_map(|file| {
        let start = part.as_ptr().addr().checked_sub(file.code.as_ptr().addr())?;
        Some((&file.path, file.code.split_at_checked(start)?))
    });
    let Some((path, (before, after))) = found else {
        return Error::new(
            ErrorKind::InvalidFilter,
            format!("the filter does not compile: {what}"),
        );
    };
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let lead = &before[line_start..];
    let rest = after.lines().next().unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = lead.chars().count() + 1;
    let marked = part.lines().next().unwrap_or_default().chars().count();
    let place = if path.as_os_str().is_empty() {
        format!("line {line}, column {column}")
    } else {
        format!("{}, line {line}, column {column}", path.display())
    };
    let excerpt = excerpt(lead, rest, marked);
    let message = format!("the filter does not compile: {what} ({place})\n{excerpt}");
    Error::new(ErrorKind::InvalidFilter, message)
}

/// A line, or what of a long one is around the place, and a caret under each marked character.
fn excerpt(lead: &str, rest: &str, marked: usize) -> String {
    let printable = |c: char| if c.is_control() { ' ' } else { c };
    let length = lead.chars().count();
    let hidden = length.saturating_sub(MAX_LINE / 2);
    let lead: String = lead.chars().skip(hidden).map(printable).collect();
    let rest: String = rest.chars().take(MAX_LINE / 2).map(printable).collect();
    let marked = marked.clamp(1, rest.chars().count().max(1));
    let indent = " ".repeat(length - hidden);
    format!("    {lead}{rest}\n    {indent}{}", "^".repeat(marked))
}
