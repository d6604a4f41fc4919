//! The operators, from those that bind loosest to those that bind tightest.

use jaq_core::ops::{Cmp, Math};

#[derive(Clone, Copy)]
pub(super) enum Operator {
    Alternative,
    Assign(Assignment),
    Or,
    And,
    Compare(Cmp),
    Calculate(Math),
}

#[derive(Clone, Copy)]
pub(super) enum Assignment {
    /// `=`
    Plain,
    /// `|=`
    Update,
    /// `+=` and so on.
    Calculate(Math),
    /// `//=`
    Alternative,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Associativity {
    Left,
    Right,
    None,
}

impl Operator {
    pub(super) fn of(word: &str) -> Option<Self> {
        Some(match word {
            "//" => Operator::Alternative,
            "=" => Operator::Assign(Assignment::Plain),
            "|=" => Operator::Assign(Assignment::Update),
            "+=" => Operator::Assign(Assignment::Calculate(Math::Add)),
            "-=" => Operator::Assign(Assignment::Calculate(Math::Sub)),
            "*=" => Operator::Assign(Assignment::Calculate(Math::Mul)),
            "/=" => Operator::Assign(Assignment::Calculate(Math::Div)),
            "%=" => Operator::Assign(Assignment::Calculate(Math::Rem)),
            "//=" => Operator::Assign(Assignment::Alternative),
            "or" => Operator::Or,
            "and" => Operator::And,
            "==" => Operator::Compare(Cmp::Eq),
            "!=" => Operator::Compare(Cmp::Ne),
            "<" => Operator::Compare(Cmp::Lt),
            ">" => Operator::Compare(Cmp::Gt),
            "<=" => Operator::Compare(Cmp::Le),
            ">=" => Operator::Compare(Cmp::Ge),
            "+" => Operator::Calculate(Math::Add),
            "-" => Operator::Calculate(Math::Sub),
            "*" => Operator::Calculate(Math::Mul),
            "/" => Operator::Calculate(Math::Div),
            "%" => Operator::Calculate(Math::Rem),
            _ => return None,
        })
    }

    pub(super) fn level(self) -> u8 {
        match self {
            Operator::Alternative => 0,
            Operator::Assign(_) => 1,
            Operator::Or => 2,
            Operator::And => 3,
            Operator::Compare(_) => 4,
            Operator::Calculate(Math::Add | Math::Sub) => 5,
            Operator::Calculate(Math::Mul | Math::Div | Math::Rem) => 6,
        }
    }

    pub(super) fn associativity(self) -> Associativity {
        match self {
            Operator::Alternative => Associativity::Right,
            Operator::Assign(_) | Operator::Compare(_) => Associativity::None,
            Operator::Or | Operator::And | Operator::Calculate(_) => Associativity::Left,
        }
    }
}
