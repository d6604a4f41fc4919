//! Terms: what stands between operators.

use jaq_core::load::lex::StrPart;
use jaq_core::path::{Opt, Part};

use super::names::Callee;
use super::order::{Parts, StringParts, call, string};
use super::parser::Parser;
use super::token::{Kind, Token};
use super::{Fault, Parsed, Term};

impl<'s> Parser<'s> {
    /// A term with all that follows it: fields, brackets and question marks.
    pub(super) fn term(&mut self) -> Parsed<'s, Term<'s>> {
        if self.take("-") {
            return Ok(Term::Neg(self.term()?.into()));
        }
        let (mut head, mut parts) = self.head()?;
        loop {
            if self.take("?") {
                match parts.last_mut() {
                    Some((_, opt @ Opt::Essential)) => *opt = Opt::Optional,
                    _ => {
                        head = self.path(head, std::mem::take(&mut parts));
                        head = self.attempt(head, None);
                    }
                }
            } else if let Some(part) = self.part()? {
                parts.push((part, Opt::Essential));
            } else {
                return Ok(self.path(head, parts));
            }
        }
    }

    /// What a term begins with.
    fn head(&mut self) -> Parsed<'s, (Term<'s>, Parts<'s>)> {
        let Some(token) = self.peek() else { return Err(self.unexpected("a filter")) };
        if token.kind == Kind::Field || token.text == "." && self.is_string_behind_dot() {
            let part = self.part()?;
            return Ok((Term::Id, part.map(|part| (part, Opt::Essential)).into_iter().collect()));
        }
        let term = match token.kind {
            Kind::Open => return Ok((self.string(None)?, Vec::new())),
            Kind::Word => return Ok((self.word_term(token.text)?, Vec::new())),
            Kind::Format if self.is_format_of_string() => {
                self.skip();
                return Ok((self.string(Some(token.text))?, Vec::new()));
            }
            Kind::Symbol => return Ok((self.symbol_term(token.text)?, Vec::new())),
            Kind::Number => Term::Num(self.number(token.text)),
            Kind::Format => call(token.text, Vec::new()),
            Kind::Variable if token.text == "$__loc__" => self.location(token.text),
            Kind::Variable => Term::Var(token.text),
            _ => return Err(self.unexpected("a filter")),
        };
        self.skip();
        Ok((term, Vec::new()))
    }

    fn symbol_term(&mut self, symbol: &'s str) -> Parsed<'s, Term<'s>> {
        if !matches!(symbol, "." | ".." | "(" | "[" | "{") {
            return Err(self.unexpected("a filter"));
        }
        self.skip();
        match symbol {
            "." => Ok(Term::Id),
            ".." => Ok(Term::Recurse),
            "(" => {
                let inner = self.query()?;
                self.expect_or(")", "an operator or `)`")?;
                Ok(inner)
            }
            "[" if self.take("]") => Ok(Term::Arr(None)),
            "[" => {
                let inner = self.query()?;
                self.expect_or("]", "an operator or `]`")?;
                Ok(Term::Arr(Some(inner.into())))
            }
            _ => self.object(),
        }
    }

    fn word_term(&mut self, word: &'s str) -> Parsed<'s, Term<'s>> {
        match word {
            "if" => {
                self.skip();
                self.condition()
            }
            "try" => {
                self.skip();
                let body = self.term()?;
                let handler = if self.take("catch") { Some(self.term()?) } else { None };
                Ok(self.attempt(body, handler))
            }
            "reduce" | "foreach" => {
                self.skip();
                self.fold(word)
            }
            "break" => {
                self.skip();
                Ok(Term::Break(self.take_kind(Kind::Variable, "a variable")?))
            }
            _ => {
                let name = self.name("a filter")?;
                self.called(name)
            }
        }
    }

    /// What follows `if`.
    fn condition(&mut self) -> Parsed<'s, Term<'s>> {
        let mut branches = Vec::new();
        loop {
            let condition = self.query()?;
            self.expect("then")?;
            branches.push((condition, self.query()?));
            if self.take("elif") {
                continue;
            }
            let otherwise = if self.take("else") {
                let otherwise = self.query()?;
                self.expect("end")?;
                Some(otherwise.into())
            } else {
                self.expect_or("end", "`else` or `end`")?;
                None
            };
            return Ok(Term::IfThenElse(branches, otherwise));
        }
    }

    /// A call of `name`.
    fn called(&mut self, name: &'s str) -> Parsed<'s, Term<'s>> {
        let mut arguments = Vec::new();
        if self.take("(") {
            arguments.push(self.query()?);
            while self.take(";") {
                arguments.push(self.query()?);
            }
            self.expect_or(")", "`;` or `)`")?;
        }
        let module = name.rsplit_once("::").map(|(module, _)| module);
        match self.names.callee(name, arguments.len()) {
            Callee::Module(unique) => Ok(call(unique, arguments)),
            Callee::Local => Ok(call(name, arguments)),
            Callee::Library if module.is_some_and(|module| self.names.has_module(module)) => {
                let what = format!("undefined filter {name}/{}", arguments.len());
                Err(Fault { part: name, what })
            }
            Callee::Library => Ok(self.call(name, arguments)),
        }
    }

    /// What stands behind a term, except a question mark.
    fn part(&mut self) -> Parsed<'s, Option<Part<Term<'s>>>> {
        let Some(token) = self.peek() else { return Ok(None) };
        if token.kind == Kind::Field {
            self.skip();
            return Ok(Some(Part::Index(string(&token.text[1..]))));
        }
        if token.text == "." && token.kind == Kind::Symbol {
            if self.is_string_behind_dot() {
                self.skip();
                return Ok(Some(Part::Index(self.key("a key")?)));
            }
            self.skip();
            if !self.is_at("[") {
                return Err(self.unexpected("a key"));
            }
        }
        if self.take("[") { self.bracket().map(Some) } else { Ok(None) }
    }

    /// What follows `[` behind a term.
    fn bracket(&mut self) -> Parsed<'s, Part<Term<'s>>> {
        if self.take("]") {
            return Ok(Part::Range(None, None));
        }
        if self.take(":") {
            let end = self.query()?;
            self.expect_or("]", "an operator or `]`")?;
            return Ok(Part::Range(None, Some(end)));
        }
        let index = self.query()?;
        let part = if !self.take(":") {
            Part::Index(index)
        } else if self.is_at("]") {
            Part::Range(Some(index), None)
        } else {
            Part::Range(Some(index), Some(self.query()?))
        };
        self.expect_or("]", "an operator or `]`")?;
        Ok(part)
    }

    pub(super) fn expect_or(&mut self, text: &str, expected: &str) -> Parsed<'s, ()> {
        if self.take(text) { Ok(()) } else { Err(self.unexpected(expected)) }
    }

    fn is_string_behind_dot(&self) -> bool {
        let mut behind = self.ahead().skip(1);
        match behind.next().map(|token| token.kind) {
            Some(Kind::Open) => true,
            Some(Kind::Format) => behind.next().is_some_and(|token| token.kind == Kind::Open),
            _ => false,
        }
    }

    pub(super) fn is_format_of_string(&self) -> bool {
        self.ahead().nth(1).is_some_and(|token| token.kind == Kind::Open)
    }

    /// A string, whose format has been taken.
    pub(super) fn string(&mut self, format: Option<&'s str>) -> Parsed<'s, Term<'s>> {
        let parts = self.string_parts()?;
        // What has nothing to be formatted needs no format that is known.
        let format = format.filter(|_| parts.iter().any(|part| matches!(part, StrPart::Term(_))));
        Ok(self.interpolated(format, parts))
    }

    pub(super) fn string_parts(&mut self) -> Parsed<'s, StringParts<'s>> {
        self.take_kind(Kind::Open, "a string")?;
        let mut parts = Vec::new();
        while let Some(Token { kind, text }) = self.peek() {
            self.skip();
            parts.push(match kind {
                Kind::Text => StrPart::Str(text),
                Kind::Char(char) => StrPart::Char(char),
                Kind::Hole => {
                    let inner = self.query()?;
                    self.expect_or(")", "an operator or `)`")?;
                    StrPart::Term(inner)
                }
                _ => break,
            });
        }
        Ok(parts)
    }

    /// `$__loc__`, which stands at `part`.
    pub(super) fn location(&self, part: &'s str) -> Term<'s> {
        let line = Term::Num(self.names.keep(self.line(part).to_string()));
        let file = string("<top-level>");
        Term::Obj(vec![(string("file"), Some(file)), (string("line"), Some(line))])
    }

    /// A number without a point that no digit follows.
    fn number(&self, text: &'s str) -> &'s str {
        match text.split_once('.') {
            Some((whole, "")) => whole,
            Some((whole, rest)) if rest.starts_with(['e', 'E']) => {
                self.names.keep(format!("{whole}{rest}"))
            }
            _ => text,
        }
    }
}
