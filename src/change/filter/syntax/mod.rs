//! Parsing: from the source of a filter to jaq's syntax tree, by the grammar of jq 1.8.
//!
//! jaq's own parser differs from jq in precedence, and jaq's evaluation in the order of several results
//! and in what an assignment means. So the tree that is built here says in jaq's terms what jq means.

mod assign;
mod binding;
mod modules;
mod names;
mod object;
mod operator;
mod order;
mod parser;
mod single;
mod term;
mod token;

use jaq_core::load::parse;

pub(super) use modules::load;

pub(super) type Term<'s> = parse::Term<&'s str>;
pub(super) type Pattern<'s> = parse::Pattern<&'s str>;
pub(super) type Def<'s> = parse::Def<&'s str>;

/// What is wrong with which part of a source.
#[derive(Debug)]
pub(super) struct Fault<'s> {
    pub(super) part: &'s str,
    pub(super) what: String,
}

pub(super) type Parsed<'s, T> = Result<T, Fault<'s>>;

/// The definitions in a source that is part of the program.
pub(super) fn definitions(source: &'static str) -> Vec<Def<'static>> {
    let parsed = token::tokens(source).and_then(|tokens| {
        parser::Parser::new(source, tokens, names::Names::default()).definitions()
    });
    debug_assert!(parsed.is_ok(), "{parsed:?}");
    parsed.unwrap_or_default()
}
