//! Reading tokens, and what stands between pipes, commas and operators.

use jaq_core::load::parse::BinaryOp;

use super::names::{Names, Visible};
use super::operator::{Associativity, Operator};
use super::order::{self, binary, pipe};
use super::token::{Kind, Token};
use super::{Def, Fault, Parsed, Term};

/// Words that are no names.
const KEYWORDS: [&str; 19] = [
    "__loc__", "and", "as", "break", "catch", "def", "elif", "else", "end", "foreach", "if",
    "import", "include", "label", "module", "or", "reduce", "then", "try",
];

pub(super) struct Parser<'s> {
    source: &'s str,
    tokens: Vec<Token<'s>>,
    next: usize,
    pub(super) names: Names<'s>,
}

impl<'s> Parser<'s> {
    pub(super) fn new(source: &'s str, tokens: Vec<Token<'s>>, names: Names<'s>) -> Self {
        Parser { source, tokens, next: 0, names }
    }

    pub(super) fn peek(&self) -> Option<Token<'s>> {
        self.tokens.get(self.next).copied()
    }

    /// The next tokens.
    pub(super) fn ahead(&self) -> impl Iterator<Item = Token<'s>> {
        self.tokens.get(self.next..).unwrap_or_default().iter().copied()
    }

    pub(super) fn skip(&mut self) {
        self.next += 1;
    }

    /// The text of the next token, if it is a symbol or a word.
    pub(super) fn word(&self) -> Option<&'s str> {
        let is_plain = |token: &Token<'s>| matches!(token.kind, Kind::Symbol | Kind::Word);
        self.peek().filter(is_plain).map(|token| token.text)
    }

    pub(super) fn is_at(&self, text: &str) -> bool {
        self.word() == Some(text)
    }

    /// Whether the next token was this symbol or word, which is taken then.
    pub(super) fn take(&mut self, text: &str) -> bool {
        let is_it = self.is_at(text);
        self.next += usize::from(is_it);
        is_it
    }

    pub(super) fn expect(&mut self, text: &str) -> Parsed<'s, ()> {
        if self.take(text) { Ok(()) } else { Err(self.unexpected(&format!("`{text}`"))) }
    }

    pub(super) fn take_kind(&mut self, kind: Kind, expected: &str) -> Parsed<'s, &'s str> {
        match self.peek() {
            Some(token) if token.kind == kind => {
                self.skip();
                Ok(token.text)
            }
            _ => Err(self.unexpected(expected)),
        }
    }

    /// The fault that the next token is not what was expected.
    pub(super) fn unexpected(&self, expected: &str) -> Fault<'s> {
        let found = self.peek().map(|token| token.text);
        let part = found.unwrap_or(&self.source[self.source.len()..]);
        let shown: String = part.chars().take_while(|c| !c.is_control()).take(20).collect();
        let what = match found {
            None => format!("expected {expected}, found the end"),
            Some(_) => format!("expected {expected}, found `{shown}`"),
        };
        Fault { part, what }
    }

    pub(super) fn end(&self) -> Parsed<'s, ()> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.unexpected("an operator or the end")),
        }
    }

    /// The line of a part of the source.
    pub(super) fn line(&self, part: &str) -> usize {
        let start = part.as_ptr().addr() - self.source.as_ptr().addr();
        self.source[..start].matches('\n').count() + 1
    }

    /// All that stands between brackets: parts with `|` and `,` between them.
    pub(super) fn query(&mut self) -> Parsed<'s, Term<'s>> {
        let left = self.list()?;
        if self.take("|") { Ok(pipe(left, self.query()?)) } else { Ok(left) }
    }

    fn list(&mut self) -> Parsed<'s, Term<'s>> {
        let mut left = self.item()?;
        while self.take(",") {
            left = binary(left, BinaryOp::Comma, self.item()?);
        }
        Ok(left)
    }

    /// What ends with the bracket around it, or an expression.
    fn item(&mut self) -> Parsed<'s, Term<'s>> {
        match self.word() {
            Some("def") => self.definition_and_body(),
            Some("label") => {
                self.skip();
                let name = self.take_kind(Kind::Variable, "a variable")?;
                self.expect("|")?;
                Ok(Term::Label(name, self.query()?.into()))
            }
            _ => {
                let value = self.expression()?;
                if self.take("as") { self.binding(value) } else { Ok(value) }
            }
        }
    }

    fn definition_and_body(&mut self) -> Parsed<'s, Term<'s>> {
        let outer = self.names.local.len();
        let definition = self.definition()?;
        let body = self.query()?;
        self.names.local.truncate(outer);
        Ok(Term::Def(vec![definition], body.into()))
    }

    /// A definition, which what follows can call.
    fn definition(&mut self) -> Parsed<'s, Def<'s>> {
        self.expect("def")?;
        let name = match self.peek() {
            // Those that come with the program define formats.
            Some(Token { kind: Kind::Format, text }) if self.names.arena.is_none() => {
                self.skip();
                text
            }
            _ => self.name("a name")?,
        };
        let parameters = self.parameters()?;
        self.expect(":")?;
        let arity = parameters.len();
        let unique = self.declare(name, arity);
        let outer = self.names.local.len();
        let start = self.next;
        for parameter in &parameters {
            self.names.local.push((parameter.trim_start_matches('$'), 0));
        }
        let body = self.query()?;
        let body_tokens = &self.tokens[start..self.next];
        let is_called = |parameter: &str| {
            let called = parameter.strip_prefix('$');
            body_tokens.iter().any(|token| token.kind == Kind::Word && Some(token.text) == called)
        };
        let (args, body) = order::parameters(parameters, body, is_called);
        self.names.local.truncate(outer);
        self.expect(";")?;
        Ok(Def { name: unique, args, body })
    }

    /// Makes a definition known, by a name of its own if it is one of a module.
    fn declare(&mut self, name: &'s str, arity: usize) -> &'s str {
        match self.names.module {
            Some(module) if self.names.local.is_empty() => {
                let unique = self.names.keep(format!("{module} {name}"));
                self.names.visible.push(Visible { name, arity, unique });
                unique
            }
            // What comes with the program is known.
            None if self.names.arena.is_none() && self.names.local.is_empty() => name,
            _ => {
                self.names.local.push((name, arity));
                name
            }
        }
    }

    fn parameters(&mut self) -> Parsed<'s, Vec<&'s str>> {
        let mut parameters = Vec::new();
        if !self.take("(") {
            return Ok(parameters);
        }
        loop {
            parameters.push(match self.peek() {
                Some(Token { kind: Kind::Variable, text }) => {
                    self.skip();
                    text
                }
                _ => self.name("the name of an argument")?,
            });
            if self.take(")") {
                return Ok(parameters);
            }
            if !self.take(";") {
                return Err(self.unexpected("`;` or `)`"));
            }
        }
    }

    /// A word that is no keyword.
    pub(super) fn name(&mut self, expected: &str) -> Parsed<'s, &'s str> {
        match self.peek() {
            Some(Token { kind: Kind::Word, text }) if !KEYWORDS.contains(&text) => {
                self.skip();
                Ok(text)
            }
            _ => Err(self.unexpected(expected)),
        }
    }

    /// Definitions up to the end.
    pub(super) fn definitions(&mut self) -> Parsed<'s, Vec<Def<'s>>> {
        let mut definitions = Vec::new();
        while self.is_at("def") {
            definitions.push(self.definition()?);
        }
        self.end()?;
        Ok(definitions)
    }

    /// Terms with operators between them.
    pub(super) fn expression(&mut self) -> Parsed<'s, Term<'s>> {
        self.operation(0)
    }

    /// Terms with operators between them that bind at least as tightly as `level`.
    fn operation(&mut self, level: u8) -> Parsed<'s, Term<'s>> {
        let mut left = self.term()?;
        while let Some(operator) = self.operator().filter(|operator| operator.level() >= level) {
            self.skip();
            let right = self.operation(match operator.associativity() {
                Associativity::Right => operator.level(),
                Associativity::Left | Associativity::None => operator.level() + 1,
            })?;
            left = self.operated(left, operator, right);
            let is_next = self.operator().is_some_and(|next| next.level() == operator.level());
            if is_next && operator.associativity() == Associativity::None {
                let what = "needs parentheses: operators of this kind are not put in a row";
                let part = self.peek().map_or("", |token| token.text);
                return Err(Fault { part, what: format!("`{part}` {what}") });
            }
        }
        Ok(left)
    }

    fn operator(&self) -> Option<Operator> {
        self.word().and_then(Operator::of)
    }
}
