//! What binds variables: `as`, `reduce` and `foreach`, and their patterns.

use jaq_core::load::parse::BinaryOp;
use jaq_core::path::{Opt, Part, Path};

use super::order::{binary, bind, call, define, null, pathless, pipe, string, value};
use super::parser::Parser;
use super::token::{Kind, Token};
use super::{Parsed, Pattern, Term};

/// The name of the body behind alternative patterns.
const BODY: &str = "$ body";

impl<'s> Parser<'s> {
    /// What follows `value as`.
    pub(super) fn binding(&mut self, value: Term<'s>) -> Parsed<'s, Term<'s>> {
        let patterns = self.patterns()?;
        self.expect("|")?;
        let body = self.query()?;
        Ok(self.bound(value, patterns, body))
    }

    fn bound(&self, value: Term<'s>, mut patterns: Vec<Pattern<'s>>, body: Term<'s>) -> Term<'s> {
        match patterns.pop() {
            Some(only) if patterns.is_empty() => {
                let body = if matches!(only, Pattern::Var(_)) { body } else { pathless(body) };
                binary(value, BinaryOp::Pipe(Some(only)), body)
            }
            Some(last) => self.alternatives(value, patterns, last, body),
            None => body,
        }
    }

    /// Tries one pattern after the other until neither it nor the body fails. The variables of the other
    /// patterns are null then.
    fn alternatives(
        &self,
        value: Term<'s>,
        patterns: Vec<Pattern<'s>>,
        last: Pattern<'s>,
        body: Term<'s>,
    ) -> Term<'s> {
        let mut all = Vec::new();
        patterns.iter().chain([&last]).for_each(|pattern| variables(pattern, &mut all));
        let (value_name, input) = (self.names.bound(0), self.names.bound(1));
        let attempt = |pattern| {
            let body = call(BODY, all.iter().map(|name| Term::Var(name)).collect());
            let destructured = binary(Term::Var(value_name), BinaryOp::Pipe(Some(pattern)), body);
            all.iter().fold(destructured, |body, name| bind(null(), name, body))
        };
        let tried = patterns.into_iter().rev().fold(attempt(last), |next, pattern| {
            let next = pipe(Term::Var(input), next);
            Term::TryCatch(attempt(pattern).into(), Some(next.into()))
        });
        let tried = pathless(tried);
        let tried = bind(value, value_name, bind(Term::Id, input, tried));
        define(BODY, all, body, tried)
    }

    fn patterns(&mut self) -> Parsed<'s, Vec<Pattern<'s>>> {
        let mut patterns = vec![self.pattern()?];
        while self.take("?//") {
            patterns.push(self.pattern()?);
        }
        Ok(patterns)
    }

    fn pattern(&mut self) -> Parsed<'s, Pattern<'s>> {
        match self.peek() {
            Some(Token { kind: Kind::Variable, text }) => {
                self.skip();
                Ok(Pattern::Var(text))
            }
            _ if self.take("[") => {
                let mut inner = vec![self.pattern()?];
                while self.take(",") {
                    inner.push(self.pattern()?);
                }
                self.expect_or("]", "`,` or `]`")?;
                Ok(Pattern::Arr(inner))
            }
            _ if self.take("{") => {
                let mut entries = self.pattern_entry()?;
                while self.take(",") {
                    entries.append(&mut self.pattern_entry()?);
                }
                self.expect_or("}", "`,` or `}`")?;
                Ok(Pattern::Obj(entries))
            }
            _ => Err(self.unexpected("a pattern such as $x")),
        }
    }

    /// `$x`, `$x: pattern`, `x: pattern`, `"x": pattern` or `(x): pattern`
    fn pattern_entry(&mut self) -> Parsed<'s, Vec<(Term<'s>, Pattern<'s>)>> {
        let mut entries = Vec::new();
        let key = match self.peek() {
            Some(Token { kind: Kind::Variable, text }) => {
                self.skip();
                let name = || string(&text[1..]);
                entries.push((name(), Pattern::Var(text)));
                if !self.is_at(":") {
                    return Ok(entries);
                }
                name()
            }
            _ => self.key("a key")?,
        };
        self.expect(":")?;
        entries.push((key, self.pattern()?));
        Ok(entries)
    }

    /// What follows `reduce` or `foreach`.
    ///
    /// Their states are values that have no path: jq knows none either behind the first step.
    pub(super) fn fold(&mut self, name: &'s str) -> Parsed<'s, Term<'s>> {
        let source = self.expression()?;
        self.expect("as")?;
        let patterns = self.patterns()?;
        let (source, pattern) = self.folded(source, patterns);
        self.expect("(")?;
        let init = self.query()?;
        self.expect(";")?;
        let update = self.query()?;
        let is_one = self.is_one(&update);
        let (init, steps) = if name == "reduce" {
            (init, vec![if is_one { update } else { call("!last", vec![update]) }])
        } else {
            let extract = if self.take(";") { Some(self.query()?) } else { None };
            if is_one {
                (init, [Some(update), extract].into_iter().flatten().collect())
            } else {
                self.several(init, update, extract)
            }
        };
        self.expect_or(")", "`;` or `)`")?;
        let arguments = std::iter::once(pipe(init, value())).chain(steps).collect();
        Ok(Term::Fold(name, source.into(), pattern, arguments))
    }

    /// The source and the pattern of a fold. If patterns are alternatives, a pattern is chosen before the
    /// state is looked at.
    fn folded(&self, source: Term<'s>, mut patterns: Vec<Pattern<'s>>) -> (Term<'s>, Pattern<'s>) {
        if patterns.len() == 1 {
            return (source, patterns.remove(0));
        }
        let mut all = Vec::new();
        patterns.iter().for_each(|pattern| variables(pattern, &mut all));
        let found = all.iter().map(|name| Term::Var(name));
        let found = found.reduce(|left, right| binary(left, BinaryOp::Comma, right));
        let source = self.bound(source, patterns, Term::Arr(found.map(Box::new)));
        (source, Pattern::Arr(all.into_iter().map(Pattern::Var).collect()))
    }

    /// A `foreach` whose update can have several results, each of which is given, and the last of which
    /// is the next state; after no result that is null. The states are arrays of results here.
    fn several(
        &self,
        init: Term<'s>,
        update: Term<'s>,
        extract: Option<Term<'s>>,
    ) -> (Term<'s>, Vec<Term<'s>>) {
        let last = Term::Neg(Term::Num("1").into());
        let last = Term::Path(Term::Id.into(), Path(vec![(Part::Index(last), Opt::Essential)]));
        let each =
            Term::Path(Term::Id.into(), Path(vec![(Part::Range(None, None), Opt::Essential)]));
        let init = pipe(init, Term::Arr(Some(Term::Id.into())));
        let update = pipe(last, call("!results", vec![update]));
        let extract = match extract {
            Some(extract) => pipe(each, extract),
            None => each,
        };
        (init, vec![update, extract])
    }
}

/// Adds the variables of a pattern to those that are known.
fn variables<'s>(pattern: &Pattern<'s>, all: &mut Vec<&'s str>) {
    match pattern {
        Pattern::Var(name) if all.contains(name) => {}
        Pattern::Var(name) => all.push(name),
        Pattern::Arr(inner) => inner.iter().for_each(|inner| variables(inner, all)),
        Pattern::Obj(entries) => entries.iter().for_each(|(_, inner)| variables(inner, all)),
    }
}
