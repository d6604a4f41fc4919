//! Computing with values as jq does, where a number is an integer if it is one.

use std::borrow::Cow;
use std::ops::{Add, Div, Mul, Neg, Rem, Sub};

use jaq_core::ValR;
use jaq_json::{Num, Rc, Val};

use super::nested::descend;
use super::numerals;
use super::text::Text;
use super::value::{Failure, Seen, Value};

/// The longest string that `*` makes.
const MAX_REPEATED: usize = 1 << 30;

/// The integer that an array is indexed with: jq rounds down, jaq refuses `.[1.0]`.
pub(super) fn whole(index: &Value, round: fn(f64) -> f64) -> Cow<'_, Value> {
    match index {
        Value::Plain(number @ Val::Num(Num::Float(_) | Num::Dec(_))) => {
            match jaq_std::ValT::as_f64(number) {
                Some(number) if number.is_finite() => {
                    Cow::Owned(Value::from(round(number) as isize))
                }
                _ => Cow::Borrowed(index),
            }
        }
        _ => Cow::Borrowed(index),
    }
}

/// A computed number: an integer if it is one, so that `.count / 2` stays `2`.
pub(super) fn computed(value: Val) -> Value {
    const EXACT: f64 = (1u64 << 53) as f64;
    match value {
        Val::Num(Num::Float(x)) if x.fract() == 0.0 && x.abs() < EXACT && !is_negative_zero(x) => {
            Value::from(x as isize)
        }
        Val::Num(number @ (Num::Int(_) | Num::BigInt(_))) => Value::Plain(Val::Num(told(number))),
        value => Value::from(value),
    }
}

/// A computed integer is a float if its text would else be that of one which stands in the document.
fn told(number: Num) -> Num {
    let Some(float) = float(&Val::Num(number.clone())).filter(|float| numerals::is_large(*float))
    else {
        return number;
    };
    let text = number.to_string();
    let is_exact = format!("{float:.0}") == text;
    if is_exact && numerals::is_ambiguous(&text) { Num::Float(float) } else { number }
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

fn result(
    result: jaq_json::ValR,
    kinds: (&'static str, &'static str),
    operator: &str,
) -> ValR<Value> {
    result.map(computed).map_err(|_| incalculable(kinds.0, operator, kinds.1))
}

impl Add for Value {
    type Output = ValR<Self>;

    fn add(self, right: Self) -> ValR<Self> {
        let kinds = (self.kind(), right.kind());
        match (self, right) {
            (Value::Plain(left), Value::Plain(right)) => result(left + right, kinds, "+"),
            (Value::Plain(Val::Null), value) | (value, Value::Plain(Val::Null)) => Ok(value),
            (left, right) if kinds.0 == kinds.1 => {
                match (with_little(left, &right), right.seen()) {
                    (sum @ Value::Text(_), _) => Ok(sum),
                    (Value::Arr(mut left), Seen::Arr(right)) => {
                        Rc::make_mut(&mut left).extend(right.iter().cloned());
                        Ok(Value::Arr(left))
                    }
                    (Value::Obj(mut left), Seen::Obj(right)) => {
                        let right = right.iter().map(|(key, value)| (key.clone(), value.clone()));
                        Rc::make_mut(&mut left).extend(right);
                        Ok(Value::Obj(left))
                    }
                    _ => Err(incalculable(kinds.0, "+", kinds.1)),
                }
            }
            _ => Err(incalculable(kinds.0, "+", kinds.1)),
        }
    }
}

/// The sum, if that is still text because little is added to it. Else what it is to be added to.
fn with_little(left: Value, right: &Value) -> Value {
    let Value::Text(mut text) = left else { return left };
    let is_done = match right {
        Value::Arr(values) => Text::extend(&mut text, values),
        Value::Obj(members) => Text::set_all(&mut text, members),
        _ => false,
    };
    if is_done { Value::Text(text) } else { Text::into_opened(text) }
}

impl Sub for Value {
    type Output = ValR<Self>;

    fn sub(self, right: Self) -> ValR<Self> {
        let kinds = (self.kind(), right.kind());
        match (self, right) {
            (Value::Plain(left), Value::Plain(right)) => result(left - right, kinds, "-"),
            (left, right) if kinds == ("an array", "an array") => {
                let (Value::Arr(mut left), Seen::Arr(right)) = (left.opened(), right.seen()) else {
                    return Err(incalculable(kinds.0, "-", kinds.1));
                };
                let mut right: Vec<&Value> = right.iter().collect();
                right.sort_unstable();
                Rc::make_mut(&mut left).retain(|value| right.binary_search(&value).is_err());
                Ok(Value::Arr(left))
            }
            _ => Err(incalculable(kinds.0, "-", kinds.1)),
        }
    }
}

impl Div for Value {
    type Output = ValR<Self>;

    fn div(self, right: Self) -> ValR<Self> {
        let kinds = (self.kind(), right.kind());
        match (self, right) {
            (Value::Plain(Val::Num(_)), Value::Plain(right)) if float(&right) == Some(0.0) => {
                Err(incalculable(kinds.0, "/", kinds.1))
            }
            (Value::Plain(left), Value::Plain(right)) => result(left / right, kinds, "/"),
            _ => Err(incalculable(kinds.0, "/", kinds.1)),
        }
    }
}

impl Rem for Value {
    type Output = ValR<Self>;

    fn rem(self, right: Self) -> ValR<Self> {
        let kinds = (self.kind(), right.kind());
        match (self, right) {
            (Value::Plain(left), Value::Plain(right)) => remainder(left, right)
                .unwrap_or_else(|(left, right)| result(left % right, kinds, "%")),
            _ => Err(incalculable(kinds.0, "%", kinds.1)),
        }
    }
}

/// Of numbers that are no integers, jq takes the whole parts. Gives others back.
fn remainder(left: Val, right: Val) -> Result<ValR<Value>, (Val, Val)> {
    let is_broken = |value: &Val| matches!(value, Val::Num(Num::Float(_) | Num::Dec(_)));
    let (Some(dividend), Some(divisor)) = (float(&left), float(&right)) else {
        return Err((left, right));
    };
    if !is_broken(&left) && !is_broken(&right) {
        return Err((left, right));
    }
    if dividend.is_nan() || divisor.is_nan() {
        return Ok(Ok(Value::from(f64::NAN)));
    }
    let remainder = match divisor as i64 {
        0 => return Ok(Err(Failure::str("cannot divide by zero"))),
        divisor => (dividend as i64).wrapping_rem(divisor),
    };
    Ok(Ok(Value::from(remainder as f64)))
}

/// The value of a number.
fn float(value: &Val) -> Option<f64> {
    match value {
        Val::Num(_) => jaq_std::ValT::as_f64(value),
        _ => None,
    }
}

impl Mul for Value {
    type Output = ValR<Self>;

    fn mul(self, right: Self) -> ValR<Self> {
        let kinds = (self.kind(), right.kind());
        match (self, right) {
            (Value::Plain(Val::TStr(text)), Value::Plain(count @ Val::Num(_)))
            | (Value::Plain(count @ Val::Num(_)), Value::Plain(Val::TStr(text))) => {
                repeated(&text, float(&count).unwrap_or_default())
            }
            (Value::Plain(left), Value::Plain(right)) => result(left * right, kinds, "*"),
            (left, right) if kinds == ("an object", "an object") => Ok(merged(left, right)),
            _ => Err(incalculable(kinds.0, "*", kinds.1)),
        }
    }
}

/// The text so many times, null if that is less than none.
fn repeated(text: &[u8], count: f64) -> ValR<Value> {
    if count < 0.0 || count.is_nan() {
        return Ok(Value::default());
    }
    // Of a fraction, the whole part counts; what is too much is the greatest number.
    let count = count as usize;
    if text.len().saturating_mul(count) > MAX_REPEATED {
        return Err(Failure::str("the repeated string would be too long"));
    }
    Ok(Value::string(text.repeat(if text.is_empty() { 0 } else { count })))
}

/// The members of both objects; where both have an object, that is merged too.
fn merged(left: Value, right: Value) -> Value {
    descend();
    match (left.opened(), right.opened()) {
        (Value::Obj(mut left), Value::Obj(right)) => {
            let members = Rc::make_mut(&mut left);
            for (key, new) in Rc::unwrap_or_clone(right) {
                match members.get_mut(&key) {
                    Some(old) if [old.kind(), new.kind()] == ["an object"; 2] => {
                        *old = merged(std::mem::take(old), new);
                    }
                    Some(old) => *old = new,
                    None => drop(members.insert(key, new)),
                }
            }
            Value::Obj(left)
        }
        (_, right) => right,
    }
}

impl Neg for Value {
    type Output = ValR<Self>;

    fn neg(self) -> ValR<Self> {
        let kind = self.kind();
        let negated = self.plain().and_then(|value| (-value.clone()).ok());
        let fail = || Failure::str(format_args!("cannot negate {kind}"));
        negated.map(computed).ok_or_else(fail)
    }
}
