//! In which order jq evaluates what has several parts.
//!
//! Of two operands jq evaluates the right one first, and the left one for each of its results; of several
//! indices, interpolations and arguments of functions that are not written in jq, the last one. jaq
//! begins on the left. So where it can make a difference, values are bound to variables in jq's order.

use jaq_core::load::lex::StrPart;
use jaq_core::load::parse::BinaryOp;
use jaq_core::path::{Opt, Part, Path};

use super::operator::Operator;
use super::parser::Parser;
use super::{Def, Pattern, Term};

/// Functions of several values that jq evaluates from the last to the first.
const LAST_FIRST: [&str; 17] = [
    "atan2",
    "copysign",
    "drem",
    "fdim",
    "fma",
    "fmax",
    "fmin",
    "fmod",
    "hypot",
    "ldexp",
    "nextafter",
    "nexttoward",
    "pow",
    "scalb",
    "scalbln",
    "setpath",
    "set_path",
];

pub(super) type Parts<'s> = Vec<(Part<Term<'s>>, Opt)>;
pub(super) type StringParts<'s> = Vec<StrPart<&'s str, Term<'s>>>;

pub(super) fn binary<'s>(left: Term<'s>, operator: BinaryOp<&'s str>, right: Term<'s>) -> Term<'s> {
    Term::BinOp(left.into(), operator, right.into())
}

pub(super) fn pipe<'s>(left: Term<'s>, right: Term<'s>) -> Term<'s> {
    binary(left, BinaryOp::Pipe(None), right)
}

/// `value as $name | body`
pub(super) fn bind<'s>(value: Term<'s>, name: &'s str, body: Term<'s>) -> Term<'s> {
    binary(value, BinaryOp::Pipe(Some(Pattern::Var(name))), body)
}

pub(super) fn call<'s>(name: &'s str, arguments: Vec<Term<'s>>) -> Term<'s> {
    Term::Call(name, arguments)
}

/// `null`, whatever a filter calls so.
pub(super) fn null<'s>() -> Term<'s> {
    let first = Part::Index(Term::Num("0"));
    Term::Path(Term::Arr(None).into(), Path(vec![(first, Opt::Essential)]))
}

/// What has no result, and can be part of a path.
pub(super) fn nothing<'s>() -> Term<'s> {
    let each = Part::Range(None, None);
    let none = Term::Path(Term::Obj(Vec::new()).into(), Path(vec![(each, Opt::Essential)]));
    bind(none, "$ none", Term::Id)
}

pub(super) fn string(text: &str) -> Term<'_> {
    Term::Str(None, vec![StrPart::Str(text)])
}

/// The parameters and the body of a definition. In jq a parameter `$x` is also a filter `x`; it is made
/// one where it is called.
pub(super) fn parameters<'s>(
    parameters: Vec<&'s str>,
    body: Term<'s>,
    is_called: impl Fn(&str) -> bool,
) -> (Vec<&'s str>, Term<'s>) {
    if !parameters.iter().any(|parameter| is_called(parameter)) {
        return (parameters, body);
    }
    let filter = |parameter: &'s str| parameter.strip_prefix('$').unwrap_or(parameter);
    let variables = parameters.iter().rev().filter(|parameter| parameter.starts_with('$'));
    let body = variables
        .fold(body, |body, variable| bind(call(filter(variable), Vec::new()), variable, body));
    (parameters.into_iter().map(filter).collect(), body)
}

/// `def name(parameters): definition; body`
pub(super) fn define<'s>(
    name: &'s str,
    parameters: Vec<&'s str>,
    definition: Term<'s>,
    body: Term<'s>,
) -> Term<'s> {
    Term::Def(vec![Def { name, args: parameters, body: definition }], body.into())
}

/// The input, which has no path.
pub(super) fn value<'s>() -> Term<'s> {
    call("!value", Vec::new())
}

/// A term that is never a path.
pub(super) fn pathless<'s>(term: Term<'s>) -> Term<'s> {
    pipe(value(), term)
}

/// Values that are to be evaluated one for each result of the one before.
#[derive(Default)]
pub(super) struct Bound<'s>(Vec<(Term<'s>, &'s str)>);

impl<'s> Bound<'s> {
    /// What stands for `term` when it is evaluated next.
    pub(super) fn add(&mut self, parser: &Parser<'s>, term: Term<'s>) -> Term<'s> {
        if parser.is_constant(&term) {
            return term;
        }
        let name = parser.names.bound(self.0.len());
        self.0.push((term, name));
        Term::Var(name)
    }

    pub(super) fn around(self, body: Term<'s>) -> Term<'s> {
        self.0.into_iter().rev().fold(body, |body, (value, name)| bind(value, name, body))
    }
}

impl<'s> Parser<'s> {
    pub(super) fn operated(
        &mut self,
        left: Term<'s>,
        operator: Operator,
        right: Term<'s>,
    ) -> Term<'s> {
        match operator {
            Operator::Alternative => self.alternative(left, right),
            Operator::Assign(assignment) => self.assigned(left, assignment, right),
            Operator::Or => binary(left, BinaryOp::Or, right),
            Operator::And => binary(left, BinaryOp::And, right),
            Operator::Compare(compare) => self.calculated(left, BinaryOp::Cmp(compare), right),
            Operator::Calculate(math) => self.calculated(left, BinaryOp::Math(math), right),
        }
    }

    /// As a path, too, what is false or null of the left side is left out.
    fn alternative(&self, left: Term<'s>, right: Term<'s>) -> Term<'s> {
        let left = match self.is_one(&left) {
            true => left,
            false => {
                pipe(left, Term::IfThenElse(vec![(Term::Id, Term::Id)], Some(nothing().into())))
            }
        };
        binary(left, BinaryOp::Alt, right)
    }

    /// `try body catch handler`. In a path, jq finds that a result is none where the path ends, so it is
    /// not caught here; what may be none is refused in paths before it is tried.
    pub(super) fn attempt(&self, body: Term<'s>, handler: Option<Term<'s>>) -> Term<'s> {
        let is_path = self.is_path(&body) && handler.as_ref().is_none_or(|term| self.is_path(term));
        let attempt = Term::TryCatch(body.into(), handler.map(Box::new));
        if is_path { attempt } else { pathless(attempt) }
    }

    fn calculated(&self, left: Term<'s>, operator: BinaryOp<&'s str>, right: Term<'s>) -> Term<'s> {
        if self.is_constant(&left) || self.are_one([&right, &left]) {
            return binary(left, operator, right);
        }
        let mut bound = Bound::default();
        let right = bound.add(self, right);
        bound.around(binary(left, operator, right))
    }

    /// What `parts` lead to in `head`.
    pub(super) fn path(&self, head: Term<'s>, parts: Parts<'s>) -> Term<'s> {
        if parts.is_empty() {
            return head;
        }
        let indices = parts.iter().flat_map(|(part, _)| match part {
            Part::Index(index) => vec![index],
            Part::Range(from, to) => from.iter().chain(to).collect(),
        });
        if self.are_one(indices.clone().chain([&head])) || self.are_constant(indices) {
            return Term::Path(head.into(), Path(parts));
        }
        let mut bound = Bound::default();
        let mut ordered: Parts<'s> = parts
            .into_iter()
            .rev()
            .map(|(part, opt)| (part_of(part, |term| bound.add(self, term)), opt))
            .collect();
        ordered.reverse();
        bound.around(Term::Path(head.into(), Path(ordered)))
    }

    /// A call of what comes with the program.
    pub(super) fn call(&self, name: &'s str, arguments: Vec<Term<'s>>) -> Term<'s> {
        if !LAST_FIRST.contains(&name) || self.are_one(&arguments) || arguments.len() < 2 {
            return call(name, arguments);
        }
        let mut bound = Bound::default();
        let mut ordered: Vec<_> =
            arguments.into_iter().rev().map(|term| bound.add(self, term)).collect();
        ordered.reverse();
        bound.around(call(name, ordered))
    }

    pub(super) fn interpolated(&self, format: Option<&'s str>, parts: StringParts<'s>) -> Term<'s> {
        let terms = parts.iter().filter_map(|part| match part {
            StrPart::Term(term) => Some(term),
            _ => None,
        });
        if terms.clone().count() < 2 || self.are_one(terms) {
            return Term::Str(format, parts);
        }
        let mut bound = Bound::default();
        let ordered = parts.into_iter().rev().map(|part| match part {
            StrPart::Term(term) => StrPart::Term(bound.add(self, term)),
            other => other,
        });
        let mut ordered: StringParts<'s> = ordered.collect();
        ordered.reverse();
        bound.around(Term::Str(format, ordered))
    }
}

fn part_of<'s>(part: Part<Term<'s>>, mut of: impl FnMut(Term<'s>) -> Term<'s>) -> Part<Term<'s>> {
    match part {
        Part::Index(index) => Part::Index(of(index)),
        Part::Range(from, to) => {
            let from = from.map(&mut of);
            Part::Range(from, to.map(of))
        }
    }
}
