//! What is said about a filter that does not compile: where, the line, and what is wrong.

use std::path::PathBuf;

use jaq_core::compile::Undefined;
use jaq_core::load::lex::Expect as ExpectChar;
use jaq_core::load::parse::Expect as ExpectToken;
use jaq_core::load::{Error as LoadError, Errors, File};

use super::library;
use crate::error::{Error, ErrorKind};

/// How much of a line is shown, in characters.
const MAX_LINE: usize = 100;

/// What jq has and jaq has not.
const ONLY_IN_JQ: [&str; 8] = [
    "$__loc__",
    "$__prog_args",
    "@base32",
    "@base32d",
    "builtins",
    "get_search_list",
    "lgamma_r",
    "modulemeta",
];

type Source<'s> = File<&'s str, PathBuf>;

/// The error for the first of `errors`, which loading and parsing found.
pub(super) fn load(errors: &Errors<&str, PathBuf>) -> Error {
    let Some((file, error)) = errors.first() else { return unknown() };
    let found = match error {
        LoadError::Io(errors) => errors
            .first()
            .map(|(path, error)| (*path, format!("cannot load the module \"{path}\": {error}"))),
        LoadError::Lex(errors) => errors.first().map(|(expected, rest)| {
            let char = rest.chars().next().map_or(0, char::len_utf8);
            (&rest[..char], unexpected_char(expected, rest))
        }),
        LoadError::Parse(errors) => {
            errors.first().map(|(expected, found)| (*found, unexpected_token(expected, found)))
        }
    };
    found.map_or_else(unknown, |(part, what)| located(file, part, &what))
}

/// The error for the first of `errors`, which compiling found.
pub(super) fn compile(errors: &jaq_core::compile::Errors<&str, PathBuf>) -> Error {
    let first = errors.first().and_then(|(file, errors)| Some((file, errors.first()?)));
    let Some((file, (name, undefined))) = first else { return unknown() };
    let what = match undefined {
        Undefined::Filter(arity) => format!("undefined filter {name}/{arity}{}", hint(name)),
        other => format!("undefined {} {name}{}", other.as_str(), hint(name)),
    };
    located(file, name, &what)
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

fn unexpected_char(expected: &ExpectChar<&str>, rest: &str) -> String {
    match (expected, rest.chars().next()) {
        (ExpectChar::Token, Some(found)) => format!("unexpected `{}`", found.escape_debug()),
        (_, Some(_)) => format!("expected {}", expected.as_str()),
        (_, None) => format!("expected {}, found the end", expected.as_str()),
    }
}

fn unexpected_token(expected: &ExpectToken<&str>, found: &str) -> String {
    let expected = match expected {
        ExpectToken::Just(token) => &format!("`{token}`"),
        ExpectToken::Var => "a variable",
        ExpectToken::Pattern => "a pattern such as $x",
        ExpectToken::ElseOrEnd => "`else` or `end`",
        ExpectToken::CommaOrRBrack => "`,` or `]`",
        ExpectToken::CommaOrRBrace => "`,` or `}`",
        ExpectToken::SemicolonOrRParen => "`;` or `)`",
        ExpectToken::Term => "a filter",
        ExpectToken::Key => "a key",
        ExpectToken::Ident => "a name",
        ExpectToken::Arg => "the name of an argument",
        ExpectToken::Str => "a string",
        ExpectToken::Nothing => "an operator or the end",
        other => other.as_str(),
    };
    let found: String = found.chars().take_while(|c| !c.is_control()).take(20).collect();
    match found.as_str() {
        "" => format!("expected {expected}, found the end"),
        found => format!("expected {expected}, found `{found}`"),
    }
}

fn unknown() -> Error {
    Error::new(ErrorKind::InvalidFilter, "the filter does not compile")
}

/// The error `what` about `part` of a source.
fn located(file: &Source<'_>, part: &str, what: &str) -> Error {
    let start = (part.as_ptr().addr()).checked_sub(file.code.as_ptr().addr());
    let split = start.and_then(|start| file.code.split_at_checked(start));
    let Some((before, after)) = split else { return unknown().context(what) };
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let lead = &before[line_start..];
    let rest = after.lines().next().unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = lead.chars().count() + 1;
    let marked = part.lines().next().unwrap_or_default().chars().count();
    let place = if file.path.as_os_str().is_empty() {
        format!("line {line}, column {column}")
    } else {
        format!("{}, line {line}, column {column}", file.path.display())
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
