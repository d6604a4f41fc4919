//! Computing with values as jq does, where a number is an integer if it is one.

use std::borrow::Cow;
use std::ops::{Add, Div, Mul, Neg, Rem, Sub};

use jaq_core::ValR;
use jaq_json::{Num, Val};

use super::value::{Failure, Value};

/// The longest string that `*` makes.
const MAX_REPEATED: usize = 1 << 30;

/// The integer that an array is indexed with: jq rounds down, jaq refuses `.[1.0]`.
pub(super) fn whole(index: &Val, round: fn(f64) -> f64) -> Cow<'_, Val> {
    match index {
        Val::Num(Num::Float(_) | Num::Dec(_)) => match jaq_std::ValT::as_f64(index) {
            Some(number) if number.is_finite() => Cow::Owned(Val::from(round(number) as isize)),
            _ => Cow::Borrowed(index),
        },
        _ => Cow::Borrowed(index),
    }
}

/// A computed number: an integer if it is one, so that `.count / 2` stays `2`.
pub(super) fn computed(value: Val) -> Value {
    const EXACT: f64 = (1u64 << 53) as f64;
    match value {
        Val::Num(Num::Float(x)) if x.fract() == 0.0 && x.abs() < EXACT && !is_negative_zero(x) => {
            Value(Val::from(x as isize))
        }
        value => Value(value),
    }
}

fn is_negative_zero(number: f64) -> bool {
    number == 0.0 && number.is_sign_negative()
}

fn incalculable(left: &str, operator: &str, right: &str) -> Failure {
    match (left, right) {
        ("a number", "a number") => Failure::str("cannot divide by zero"),
        _ => Failure::str(format_args!("cannot calculate {left} {operator} {right}")),
    }
}

macro_rules! arithmetic {
    ($($Trait:ident, $method:ident, $operator:literal;)*) => {$(
        impl $Trait for Value {
            type Output = ValR<Self>;

            fn $method(self, right: Self) -> ValR<Self> {
                let kinds = (self.kind(), right.kind());
                let result = $Trait::$method(self.0, right.0);
                result.map(computed).map_err(|_| incalculable(kinds.0, $operator, kinds.1))
            }
        }
    )*};
}

arithmetic! {
    Add, add, "+";
    Sub, sub, "-";
    Div, div, "/";
    Rem, rem, "%";
}

impl Mul for Value {
    type Output = ValR<Self>;

    fn mul(self, right: Self) -> ValR<Self> {
        let kinds = (self.kind(), right.kind());
        let (left, right) = match (is_text(&self.0), is_text(&right.0)) {
            (true, _) => (self.0, whole(&right.0, f64::floor).into_owned()),
            (_, true) => (whole(&self.0, f64::floor).into_owned(), right.0),
            _ => (self.0, right.0),
        };
        if repeated_len(&left, &right).max(repeated_len(&right, &left)) > MAX_REPEATED {
            return Err(Failure::str("the repeated string would be too long"));
        }
        (left * right).map(computed).map_err(|_| incalculable(kinds.0, "*", kinds.1))
    }
}

fn is_text(value: &Val) -> bool {
    matches!(value, Val::TStr(_) | Val::BStr(_))
}

/// How long `text * count` is, 0 if that is not a string.
fn repeated_len(text: &Val, count: &Val) -> usize {
    match (text, count) {
        (Val::TStr(text) | Val::BStr(text), Val::Num(count)) => match count.as_isize() {
            Some(count) => text.len().saturating_mul(count.try_into().unwrap_or(0)),
            None => usize::MAX,
        },
        _ => 0,
    }
}

impl Neg for Value {
    type Output = ValR<Self>;

    fn neg(self) -> ValR<Self> {
        let kind = self.kind();
        (-self.0).map(computed).map_err(|_| Failure::str(format_args!("cannot negate {kind}")))
    }
}
