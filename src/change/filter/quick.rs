//! Which filters take no longer than their small input lets them: those that can be run without a thread.
//!
//! Steps of a filter are counted, and its stack is measured, but what one native function does in one step
//! is not. So only those count that do little with a small input, and nothing that makes much of it.

use jaq_core::load::lex::StrPart;
use jaq_core::load::parse::{BinaryOp, Pattern, Term};
use jaq_core::ops::Math;
use jaq_core::path::{Part, Path};

/// What may be called; names that begin with `!` are of what assignments become.
const QUICK: [&str; 55] = [
    "!assign",
    "!update",
    "!update_or_delete",
    "!value",
    "add",
    "all",
    "any",
    "arrays",
    "ascii_downcase",
    "ascii_upcase",
    "booleans",
    "ceil",
    "del",
    "empty",
    "endswith",
    "error",
    "false",
    "first",
    "floor",
    "fromdate",
    "from_entries",
    "group_by",
    "has",
    "index",
    "isempty",
    "join",
    "keys",
    "keys_unsorted",
    "last",
    "length",
    "ltrimstr",
    "map",
    "map_values",
    "max",
    "min",
    "not",
    "now",
    "null",
    "numbers",
    "objects",
    "reverse",
    "round",
    "rtrimstr",
    "select",
    "sort",
    "sort_by",
    "startswith",
    "strings",
    "to_entries",
    "todate",
    "tostring",
    "true",
    "type",
    "unique",
    "values",
];

/// An index with more digits could make a long array.
const MAX_DIGITS: usize = 3;

/// How many parts a filter may have. With each few more the result can be twice as large.
const MAX_PARTS: usize = 40;

/// Whether a filter, as it is compiled, is one of these.
pub(super) fn is_quick(filter: &Term<&str>) -> bool {
    Parts { left: MAX_PARTS }.are_quick(filter)
}

/// The parts that a filter may still have.
struct Parts {
    left: usize,
}

impl Parts {
    fn are_quick(&mut self, term: &Term<&str>) -> bool {
        let Some(left) = self.left.checked_sub(1) else { return false };
        self.left = left;
        match term {
            Term::Id | Term::Num(_) | Term::Var(_) | Term::Arr(None) => true,
            Term::Str(None, parts) => parts.iter().all(|part| match part {
                StrPart::Term(term) => self.are_quick(term),
                _ => true,
            }),
            Term::Arr(Some(inner)) | Term::Neg(inner) => self.are_quick(inner),
            Term::Obj(entries) => {
                entries.iter().all(|(key, value)| self.are_quick(key) && self.all(value))
            }
            Term::BinOp(left, operator, right) => {
                operator_is_quick(operator) && self.are_quick(left) && self.are_quick(right)
            }
            Term::TryCatch(body, handler) => self.are_quick(body) && self.all(handler.as_deref()),
            Term::IfThenElse(branches, otherwise) => {
                branches.iter().all(|(condition, then)| self.all([condition, then]))
                    && self.all(otherwise.as_deref())
            }
            Term::Call(name, arguments) => QUICK.contains(name) && self.all(arguments),
            Term::Path(head, Path(parts)) => {
                self.are_quick(head) && parts.iter().all(|(part, _)| self.is_quick(part))
            }
            _ => false,
        }
    }

    fn all<'t>(&mut self, terms: impl IntoIterator<Item = &'t Term<&'t str>>) -> bool {
        terms.into_iter().all(|term| self.are_quick(term))
    }

    fn is_quick(&mut self, part: &Part<Term<&str>>) -> bool {
        let mut is_quick = |index: &Term<&str>| match index {
            Term::Str(..) => self.are_quick(index),
            Term::Neg(index) => is_small(index),
            index => is_small(index),
        };
        match part {
            Part::Index(index) => is_quick(index),
            Part::Range(from, to) => from.iter().chain(to).all(is_quick),
        }
    }
}

/// Products of numbers, and of strings and numbers, grow.
fn operator_is_quick(operator: &BinaryOp<&str>) -> bool {
    match operator {
        BinaryOp::Math(Math::Mul) | BinaryOp::UpdateMath(Math::Mul) => false,
        BinaryOp::Pipe(bound) => {
            bound.as_ref().is_none_or(|bound| matches!(bound, Pattern::Var(_)))
        }
        _ => true,
    }
}

fn is_small(index: &Term<&str>) -> bool {
    let Term::Num(digits) = index else { return false };
    digits.len() <= MAX_DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use jaq_core::load::Arena;

    use crate::change::filter::syntax;

    fn is_quick(source: &str) -> bool {
        let arena = Arena::default();
        syntax::load(source, &arena, &[]).main.is_ok_and(|filter| super::is_quick(&filter))
    }

    #[test]
    fn everyday_filters_are_quick() {
        for source in [
            ".",
            ".next += 1",
            ".a.b[\"c d\"].e[0] = \"repeat(.)\"",
            "del(.a, .b[-1])",
            ".l += [\"x\"] | .l |= unique",
            "if .a == 1 then .b = \"x\\(.c)\" else error(\"no\") end",
            ".flows | has(\"a\") | not",
            "[.[] | select(.id == $id)] | length > 0",
            ". as $all | .x = ($all.y // 3)",
            "{a, b: .c, $d}",
            "try .a.b catch null",
            ".a[1:3]",
            ".a = .b // 5",
            "(.l[] | select(.id == 1)).n = 2",
            "(.a, .b) |= empty",
            "(.a // .b) += 1",
            "(1, 2) + (10, 20)",
        ] {
            assert!(is_quick(source), "{source}");
        }
    }

    #[test]
    fn what_may_not_end_soon_is_not() {
        for source in [
            &format!(".{}", "|.+.".repeat(30)),
            "def f: f; f",
            "..",
            "[range(1e9)]",
            "def select(f): repeat(f); .a | select(.)",
            ".. |= .",
            "(.. | strings) = 1",
            "(.a[1000000000] | values) = 1",
            "(.a | repeat(.)) = 1",
            "(.a, .b) *= 3",
            ".a * 3",
            ".a *= 3",
            ".a[1000000000] = 1",
            ".a[.n] = 1",
            ".a[1e9] = 1",
            "getpath([\"a\", 1]) | repeat(.)",
            "reduce .[] as $x (0; . + $x)",
            "test(\"(a?)*b\")",
            "label $out | break $out",
            "@base64 \"\\(.)\"",
            "[limit(3; repeat(1))]",
            ".[] as [$a, $b] | $a",
            "debug",
            "input",
            "not a filter",
            "",
        ] {
            assert!(!is_quick(source), "{source}");
        }
    }
}
