//! What assignments mean: jq takes the paths of the left side first, and then changes one after the
//! other. jaq changes values on the way, which is the same, and quicker, for paths that fork only at
//! `[]` and lead to something whatever the value is.

use jaq_core::load::parse::BinaryOp;
use jaq_core::path::{Opt, Part, Path};

use super::Term;
use super::operator::Assignment;
use super::order::{binary, bind, call};
use super::parser::Parser;

impl<'s> Parser<'s> {
    pub(super) fn assigned(
        &self,
        left: Term<'s>,
        assignment: Assignment,
        right: Term<'s>,
    ) -> Term<'s> {
        if self.is_chain(&left) {
            let operator = match assignment {
                Assignment::Plain => BinaryOp::Assign,
                Assignment::Update if !self.is_one(&right) => return update(left, right),
                Assignment::Update => BinaryOp::Update,
                Assignment::Calculate(math) => BinaryOp::UpdateMath(math),
                Assignment::Alternative => BinaryOp::UpdateAlt,
            };
            return binary(left, operator, right);
        }
        match assignment {
            Assignment::Plain => call("!assign", vec![left, right]),
            Assignment::Update if !self.is_one(&right) => update(left, right),
            Assignment::Update => update_one(left, right),
            Assignment::Calculate(math) => self.update_by(left, BinaryOp::Math(math), right),
            Assignment::Alternative => self.update_by(left, BinaryOp::Alt, right),
        }
    }

    /// `right as $x | left |= . operator $x`
    fn update_by(&self, left: Term<'s>, operator: BinaryOp<&'s str>, right: Term<'s>) -> Term<'s> {
        let name = self.names.bound(0);
        let new = binary(Term::Id, operator, Term::Var(name));
        bind(right, name, update_one(left, new))
    }

    /// Whether each part of a path leads to something, unless it fails.
    fn is_chain(&self, path: &Term<'s>) -> bool {
        match path {
            Term::Id => true,
            Term::Path(head, Path(parts)) => {
                let is_link = |(part, opt): &(Part<Term<'s>>, Opt)| {
                    matches!(opt, Opt::Essential)
                        && match part {
                            Part::Index(index) => self.is_one(index),
                            Part::Range(from, to) => from.is_none() && to.is_none(),
                        }
                };
                matches!(**head, Term::Id) && parts.iter().all(is_link)
            }
            _ => false,
        }
    }
}

/// An update whose right side can have no result, which deletes what the path leads to.
fn update<'s>(left: Term<'s>, right: Term<'s>) -> Term<'s> {
    call("!update_or_delete", vec![left, right])
}

/// An update whose right side has one result.
fn update_one<'s>(left: Term<'s>, right: Term<'s>) -> Term<'s> {
    match left {
        Term::Recurse => call("!update_all", vec![right]),
        left => call("!update", vec![left, right]),
    }
}
