//! Objects, and the keys of their members.

use jaq_core::path::{Opt, Part, Path};

use super::order::{Bound, pipe, string};
use super::parser::Parser;
use super::token::{Kind, Token};
use super::{Parsed, Term};

type Entry<'s> = (Term<'s>, Option<Term<'s>>);

impl<'s> Parser<'s> {
    /// What follows `{`.
    pub(super) fn object(&mut self) -> Parsed<'s, Term<'s>> {
        let mut entries = Vec::new();
        while !self.take("}") {
            entries.push(self.entry()?);
            if !self.take(",") {
                self.expect_or("}", "`,` or `}`")?;
                break;
            }
        }
        Ok(self.built(entries))
    }

    fn entry(&mut self) -> Parsed<'s, Entry<'s>> {
        match self.peek() {
            Some(token @ Token { kind: Kind::Variable, text: "$__loc__" }) => {
                self.skip();
                return Ok((string("__loc__"), Some(self.location(token.text))));
            }
            Some(Token { kind: Kind::Variable, text }) => {
                self.skip();
                let value = if self.take(":") { Some(self.value()?) } else { None };
                return Ok((Term::Var(text), value));
            }
            _ => {}
        }
        let has_value = self.is_at("(");
        let key = self.key("a key")?;
        if has_value {
            self.expect(":")?;
        }
        let value = if has_value || self.take(":") { Some(self.value()?) } else { None };
        Ok((key, value))
    }

    /// A key: a word, a string or a query in parentheses.
    pub(super) fn key(&mut self, expected: &str) -> Parsed<'s, Term<'s>> {
        match self.peek() {
            Some(Token { kind: Kind::Word, text }) => {
                self.skip();
                Ok(string(text))
            }
            Some(Token { kind: Kind::Open, .. }) => self.string(None),
            Some(Token { kind: Kind::Format, text }) if self.is_format_of_string() => {
                self.skip();
                self.string(Some(text))
            }
            _ if self.take("(") => {
                let key = self.query()?;
                self.expect_or(")", "`)`")?;
                Ok(key)
            }
            _ => Err(self.unexpected(expected)),
        }
    }

    /// The value of a member, which ends with a comma.
    fn value(&mut self) -> Parsed<'s, Term<'s>> {
        let value = self.expression()?;
        if self.take("|") { Ok(pipe(value, self.value()?)) } else { Ok(value) }
    }

    /// An object. Its keys and values are evaluated in their order.
    fn built(&self, entries: Vec<Entry<'s>>) -> Term<'s> {
        let terms = entries.iter().flat_map(|(key, value)| [key].into_iter().chain(value));
        if self.are_one(terms) {
            return Term::Obj(entries);
        }
        let mut bound = Bound::default();
        let entries = entries.into_iter().map(|(key, value)| match (key, value) {
            (Term::Var(name), None) => (Term::Var(name), None),
            (key, Some(value)) => (bound.add(self, key), Some(bound.add(self, value))),
            (key, None) => {
                let key = bound.add(self, key);
                let index = Part::Index(key.clone());
                (key, Some(Term::Path(Term::Id.into(), Path(vec![(index, Opt::Essential)]))))
            }
        });
        let entries = entries.collect();
        bound.around(Term::Obj(entries))
    }
}
