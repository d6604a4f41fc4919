//! What is known of a term before it runs: whether it has exactly one result, so that it makes no
//! difference when it is evaluated, and whether it is a path.

use jaq_core::load::lex::StrPart;
use jaq_core::load::parse::BinaryOp;
use jaq_core::path::{Opt, Part, Path};

use super::parser::Parser;
use super::{Pattern, Term};

/// How much of a term is looked at. What is larger counts as one that can have several results.
const MAX_LOOK: usize = 100;

/// Functions that have one result, or fail, if their arguments that are values have one.
const OF_VALUES: [&str; 45] = [
    "!assign",
    "abs",
    "add",
    "ascii_downcase",
    "ascii_upcase",
    "ceil",
    "contains",
    "endswith",
    "explode",
    "fabs",
    "false",
    "first",
    "flatten",
    "floor",
    "fromjson",
    "getpath",
    "has",
    "implode",
    "index",
    "indices",
    "join",
    "keys",
    "keys_unsorted",
    "last",
    "length",
    "ltrimstr",
    "max",
    "min",
    "not",
    "null",
    "reverse",
    "round",
    "rtrimstr",
    "setpath",
    "sort",
    "split",
    "startswith",
    "to_entries",
    "tojson",
    "tonumber",
    "tostring",
    "true",
    "trim",
    "type",
    "unique",
];

/// Functions of filters that have one result, or fail, however many their arguments have.
const OF_FILTERS: [&str; 15] = [
    "!last",
    "!update",
    "!update_all",
    "!update_or_delete",
    "all",
    "any",
    "del",
    "group_by",
    "map",
    "map_values",
    "max_by",
    "min_by",
    "sort_by",
    "unique_by",
    "with_entries",
];

/// Functions that are paths whatever their arguments are.
const PATHS: [&str; 15] = [
    "arrays",
    "booleans",
    "empty",
    "error",
    "finites",
    "getpath",
    "iterables",
    "normals",
    "nulls",
    "numbers",
    "objects",
    "scalars",
    "select",
    "strings",
    "values",
];

/// Functions that are paths if those of their arguments are that are none of a number or a condition.
const PATHS_OF_PATHS: [&str; 6] = ["first", "last", "limit", "nth", "recurse", "skip"];

impl<'s> Parser<'s> {
    /// Whether a term has one result, and never fails.
    pub(super) fn is_constant(&self, term: &Term<'s>) -> bool {
        match term {
            Term::Id | Term::Var(_) | Term::Num(_) | Term::Arr(None) => true,
            Term::Neg(inner) => matches!(**inner, Term::Num(_)),
            Term::Str(_, parts) => !parts.iter().any(|part| matches!(part, StrPart::Term(_))),
            Term::Obj(entries) => entries.is_empty(),
            _ => false,
        }
    }

    pub(super) fn are_constant<'t>(&self, terms: impl IntoIterator<Item = &'t Term<'s>>) -> bool
    where
        's: 't,
    {
        terms.into_iter().all(|term| self.is_constant(term))
    }

    /// Whether a term is known to have one result, or to fail.
    pub(super) fn is_one(&self, term: &Term<'s>) -> bool {
        self.is_one_within(term, &mut 0)
    }

    pub(super) fn are_one<'t>(&self, terms: impl IntoIterator<Item = &'t Term<'s>>) -> bool
    where
        's: 't,
    {
        terms.into_iter().all(|term| self.is_one(term))
    }

    fn is_one_within(&self, term: &Term<'s>, looked: &mut usize) -> bool {
        *looked += 1;
        if *looked > MAX_LOOK {
            return false;
        }
        let mut is_one = |term: &Term<'s>| self.is_one_within(term, looked);
        match term {
            Term::Arr(_) => true,
            Term::Neg(inner) => is_one(inner),
            Term::Obj(entries) => entries
                .iter()
                .all(|(key, value)| is_one(key) && value.as_ref().is_none_or(&mut is_one)),
            Term::Str(_, parts) => parts.iter().all(|part| match part {
                StrPart::Term(term) => is_one(term),
                _ => true,
            }),
            Term::BinOp(left, operator, right) => {
                let is_plain = match operator {
                    BinaryOp::Pipe(pattern) => matches!(pattern, None | Some(Pattern::Var(_))),
                    BinaryOp::Comma => false,
                    // The left side of an assignment is a path of its own.
                    BinaryOp::Assign | BinaryOp::UpdateMath(_) | BinaryOp::UpdateAlt => {
                        return is_one(right);
                    }
                    BinaryOp::Update => return true,
                    _ => true,
                };
                is_plain && is_one(right) && is_one(left)
            }
            Term::IfThenElse(branches, otherwise) => {
                branches.iter().all(|(condition, then)| is_one(condition) && is_one(then))
                    && otherwise.as_deref().is_none_or(&mut is_one)
            }
            Term::Call(name, arguments) => {
                let is_ours = self.names.is_library(name, arguments.len());
                is_ours
                    && (OF_FILTERS.contains(name)
                        || OF_VALUES.contains(name) && arguments.iter().all(is_one))
            }
            Term::Path(head, Path(parts)) => {
                is_one(head)
                    && parts.iter().all(|(part, opt)| {
                        matches!(opt, Opt::Essential)
                            && match part {
                                Part::Index(index) => is_one(index),
                                Part::Range(None, None) => false,
                                Part::Range(from, to) => from.iter().chain(to).all(&mut is_one),
                            }
                    })
            }
            _ => self.is_constant(term),
        }
    }

    /// Whether a term is known to be a path.
    pub(super) fn is_path(&self, term: &Term<'s>) -> bool {
        self.is_path_within(term, &mut 0)
    }

    fn is_path_within(&self, term: &Term<'s>, looked: &mut usize) -> bool {
        *looked += 1;
        if *looked > MAX_LOOK {
            return false;
        }
        let mut is_path = |term: &Term<'s>| self.is_path_within(term, looked);
        match term {
            Term::Id | Term::Recurse | Term::Break(_) => true,
            Term::Path(inner, _) | Term::Label(_, inner) | Term::TryCatch(inner, None) => {
                is_path(inner)
            }
            Term::BinOp(left, BinaryOp::Pipe(None) | BinaryOp::Comma | BinaryOp::Alt, right) => {
                is_path(left) && is_path(right)
            }
            Term::BinOp(_, BinaryOp::Pipe(Some(Pattern::Var(_))), body) => is_path(body),
            Term::IfThenElse(branches, otherwise) => {
                branches.iter().all(|(_, then)| is_path(then))
                    && otherwise.as_deref().is_none_or(is_path)
            }
            Term::Call(name, arguments) if self.names.is_library(name, arguments.len()) => {
                PATHS.contains(name)
                    || PATHS_OF_PATHS.contains(name) && arguments.last().is_none_or(is_path)
                    || *name == "nth" && arguments.len() == 1
            }
            _ => false,
        }
    }
}
