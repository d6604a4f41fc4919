//! Functions of numbers. What the standard library of Rust asks the C library for is asked there, since jq
//! does so too: other libraries differ in the last digit.

use jaq_core::native::{Filter, bome, v};
use jaq_core::{RunPtr, ValR};

use super::super::run::Jq;
use super::super::value::{Failure, Value};

/// An entry for a function of one number.
macro_rules! of_one {
    ($name:literal, $function:expr) => {
        ($name, v(0), |cv| bome(number(&cv.1).map(|x| Value::from($function(x)))))
    };
}

/// An entry for a function of two numbers.
macro_rules! of_two {
    ($name:literal, $function:expr) => {
        ($name, v(2), |cv| two(cv, |x, y| Ok($function(x, y).into())))
    };
}

pub(super) fn all() -> Vec<Filter<RunPtr<Jq>>> {
    vec![
        of_one!("acos", f64::acos),
        of_one!("asin", f64::asin),
        of_one!("atan", f64::atan),
        of_one!("cbrt", f64::cbrt),
        of_one!("cos", f64::cos),
        of_one!("cosh", f64::cosh),
        of_one!("exp", f64::exp),
        of_one!("exp10", |x| f64::powf(10.0, x)),
        of_one!("exp2", f64::exp2),
        of_one!("expm1", f64::exp_m1),
        of_one!("log", f64::ln),
        of_one!("log10", f64::log10),
        of_one!("log1p", f64::ln_1p),
        of_one!("log2", f64::log2),
        of_one!("nearbyint", f64::round_ties_even),
        of_one!("rint", f64::round_ties_even),
        of_one!("significand_", significand),
        of_one!("sin", f64::sin),
        of_one!("sinh", f64::sinh),
        of_one!("tan", f64::tan),
        of_one!("tanh", f64::tanh),
        ("is_normal", v(0), |cv| bome(Ok(number(&cv.1).is_ok_and(f64::is_normal).into()))),
        of_two!("atan2", f64::atan2),
        of_two!("hypot", f64::hypot),
        of_two!("pow", f64::powf),
        ("ldexp", v(2), |cv| two(cv, scaled)),
        ("scalbln", v(2), |cv| two(cv, scaled)),
        ("scaled", v(2), |cv| two(cv, scaled_whole)),
    ]
}

fn number(value: &Value) -> Result<f64, Failure> {
    let number = jaq_std::ValT::as_f64(value);
    number.ok_or_else(|| Failure::str(format_args!("a number is needed, and {value} is none")))
}

/// Calls the function with the two arguments; the input is ignored.
fn two(
    mut cv: jaq_core::Cv<'_, Jq>,
    function: fn(f64, f64) -> ValR<Value>,
) -> jaq_core::ValXs<'_, Value> {
    let (y, x) = (cv.0.pop_var(), cv.0.pop_var());
    bome(number(&x).and_then(|x| function(x, number(&y)?)))
}

/// The number between 1 and 2 that is the same but for a power of two.
fn significand(number: f64) -> f64 {
    if number == 0.0 || !number.is_finite() {
        return number;
    }
    // Numbers that are too small to be normal have no exponent of their own.
    let number = if number.is_normal() { number } else { number * f64::from_bits(0x4350 << 48) };
    f64::from_bits(number.to_bits() & !(0x7ff << 52) | 0x3ff << 52)
}

/// `x` times a power of two, of whose exponent the whole part counts.
fn scaled(x: f64, exponent: f64) -> ValR<Value> {
    match exponent.trunc() {
        exponent if exponent.abs() <= f64::from(i32::MAX) => Ok(Value::from(shifted(x, exponent))),
        _ => Err(Failure::str("the exponent is out of range")),
    }
}

/// `x` times a power of two, whose exponent must be whole.
fn scaled_whole(x: f64, exponent: f64) -> ValR<Value> {
    if exponent.is_finite() && exponent.fract() != 0.0 {
        return Ok(Value::from(f64::NAN));
    }
    scaled(x, exponent)
}

/// Rounds once, even if the result is too small to be normal.
fn shifted(x: f64, exponent: f64) -> f64 {
    let power = |exponent: i32| f64::from_bits(((1023 + i64::from(exponent)) as u64) << 52);
    let mut exponent = exponent.clamp(-2200.0, 2200.0) as i32;
    let mut x = x;
    while exponent > 1023 {
        x *= power(1023);
        exponent -= 1023;
    }
    while exponent < -1022 {
        // Leaves the bits that the last step rounds away.
        x *= power(-1022 + 53);
        exponent += 1022 - 53;
    }
    x * power(exponent)
}
