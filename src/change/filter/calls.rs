//! Which filters a definition calls.

use jaq_core::load::lex::StrPart;
use jaq_core::load::parse::{BinaryOp, Pattern, Term};
use jaq_core::path::{Part, Path};

/// Calls `found` with the name of everything that `term` calls. What is local to it is named too.
pub(super) fn of<'s>(term: &Term<&'s str>, found: &mut dyn FnMut(&'s str)) {
    match term {
        Term::Id | Term::Recurse | Term::Num(_) | Term::Break(_) => {}
        Term::Var(name) => found(name),
        Term::Str(format, parts) => string(*format, parts, found),
        Term::Arr(inner) => all(inner.as_deref(), found),
        Term::Neg(inner) | Term::Label(_, inner) => of(inner, found),
        Term::Obj(entries) => entries.iter().for_each(|(key, value)| {
            of(key, found);
            all(value, found);
        }),
        Term::BinOp(left, operator, right) => {
            if let BinaryOp::Pipe(Some(bound)) = operator {
                pattern(bound, found);
            }
            all([&**left, &**right], found);
        }
        Term::Fold(_, stream, bound, steps) => {
            of(stream, found);
            pattern(bound, found);
            all(steps, found);
        }
        Term::TryCatch(body, handler) => {
            all([Some(&**body), handler.as_deref()].into_iter().flatten(), found)
        }
        Term::IfThenElse(branches, otherwise) => {
            branches.iter().for_each(|(condition, then)| all([condition, then], found));
            all(otherwise.as_deref(), found);
        }
        Term::Def(definitions, body) => {
            all(definitions.iter().map(|def| &def.body), found);
            of(body, found);
        }
        Term::Call(name, arguments) => {
            found(name);
            all(arguments, found);
        }
        Term::Path(head, Path(parts)) => {
            of(head, found);
            parts.iter().for_each(|(part, _)| match part {
                Part::Index(index) => of(index, found),
                Part::Range(from, to) => all(from.iter().chain(to), found),
            });
        }
    }
}

fn all<'t, 's: 't>(
    terms: impl IntoIterator<Item = &'t Term<&'s str>>,
    found: &mut dyn FnMut(&'s str),
) {
    terms.into_iter().for_each(|term| of(term, found));
}

fn string<'s>(
    format: Option<&'s str>,
    parts: &[StrPart<&'s str, Term<&'s str>>],
    found: &mut dyn FnMut(&'s str),
) {
    // What is interpolated goes through the format, or is made a string.
    found(format.unwrap_or("tostring"));
    for part in parts {
        if let StrPart::Term(term) = part {
            of(term, found);
        }
    }
}

fn pattern<'s>(bound: &Pattern<&'s str>, found: &mut dyn FnMut(&'s str)) {
    match bound {
        Pattern::Var(_) => {}
        Pattern::Arr(inner) => inner.iter().for_each(|inner| pattern(inner, found)),
        Pattern::Obj(entries) => entries.iter().for_each(|(key, inner)| {
            of(key, found);
            pattern(inner, found);
        }),
    }
}
