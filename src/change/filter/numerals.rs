//! How jq spells numbers where they become part of a string, and reads them from one.

use std::borrow::Cow;

use jaq_json::Num;

use super::read;

/// Integers from here on are told apart: jq spells some of those that were computed with an exponent.
const LARGE: f64 = 1e16;

/// The text of a computed number: the fewest digits that mean it, and an exponent if it would take more
/// than fifteen zeros behind the digits, or four behind the point.
pub(super) fn computed(number: f64) -> String {
    let scientific = format!("{:e}", number.abs());
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let digits = mantissa.replace('.', "");
    let sign = if number.is_sign_negative() { "-" } else { "" };
    let point = exponent.parse::<isize>().unwrap_or_default() + 1;
    let text = placed(&digits, point).unwrap_or_else(|| {
        let sign = if point > 0 { '+' } else { '-' };
        format!("{mantissa}e{sign}{:02}", (point - 1).unsigned_abs())
    });
    format!("{sign}{text}")
}

/// Digits with the point behind the first `point` of them, if jq writes them so.
fn placed(digits: &str, point: isize) -> Option<String> {
    let count = digits.len();
    match usize::try_from(point) {
        Ok(point) if point > count + 15 => None,
        Ok(point) if point >= count => Some(format!("{digits:0<point$}")),
        Ok(point) if point > 0 => Some(format!("{}.{}", &digits[..point], &digits[point..])),
        _ if point > -4 => Some(format!("0.{}{digits}", "0".repeat(point.unsigned_abs()))),
        _ => None,
    }
}

/// Whether the text of an integer depends on whether it was computed or stands so in the document.
pub(super) fn is_ambiguous(integer: &str) -> bool {
    let digits = integer.trim_start_matches('-');
    digits.len() > 16 && digits.len() > digits.trim_end_matches('0').len() + 15
}

/// Whether a number can be one whose text [is ambiguous](is_ambiguous).
pub(super) fn is_large(number: f64) -> bool {
    number.abs() >= LARGE
}

/// The text of a number that stands so in a document: its digits stay, and its exponent becomes the one
/// that decimal arithmetic gives it. What has an exponent of more than nine digits is left as it is.
pub(super) fn literal(text: &str) -> Cow<'_, str> {
    if !text.contains(['.', 'e', 'E']) {
        return Cow::Borrowed(text);
    }
    written(text).map_or(Cow::Borrowed(text), Cow::Owned)
}

fn written(text: &str) -> Option<String> {
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text),
    };
    let (mantissa, exponent) = rest.split_once(['e', 'E']).unwrap_or((rest, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let exponent: i32 = exponent.parse().ok().filter(|exponent| *exponent < 1_000_000_000)?;
    let all = format!("{whole}{fraction}");
    let digits = match all.trim_start_matches('0') {
        "" => "0",
        digits => digits,
    };
    let exponent = i64::from(exponent) - i64::try_from(fraction.len()).ok()?;
    let count = i64::try_from(digits.len()).ok()?;
    let adjusted = exponent + count - 1;
    if exponent > 0 || adjusted < -6 {
        let (first, others) = digits.split_at(1);
        let point = if others.is_empty() { "" } else { "." };
        return Some(format!("{sign}{first}{point}{others}E{adjusted:+}"));
    }
    let places = usize::try_from(-exponent).ok()?;
    let padded = format!("{digits:0>width$}", width = places + 1);
    let (whole, fraction) = padded.split_at(padded.len() - places);
    let point = if fraction.is_empty() { "" } else { "." };
    Some(format!("{sign}{whole}{point}{fraction}"))
}

/// Spells the numbers of a JSON text as jq does.
pub(super) fn respell(json: &[u8]) -> Cow<'_, [u8]> {
    let mut new = Vec::new();
    let (mut at, mut kept) = (0, 0);
    while let Some(byte) = json.get(at) {
        match byte {
            b'"' => at = end_of_string(json, at),
            b'-' | b'0'..=b'9' => {
                let is_part =
                    |byte: &&u8| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
                let end = at + json[at..].iter().take_while(is_part).count();
                if let Ok(Cow::Owned(text)) = std::str::from_utf8(&json[at..end]).map(literal) {
                    new.extend_from_slice(&json[kept..at]);
                    new.extend_from_slice(text.as_bytes());
                    kept = end;
                }
                at = end;
            }
            _ => at += 1,
        }
    }
    if kept == 0 {
        return Cow::Borrowed(json);
    }
    new.extend_from_slice(&json[kept..]);
    Cow::Owned(new)
}

fn end_of_string(json: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(byte) = json.get(at) {
        at += match byte {
            b'"' => return at + 1,
            b'\\' => 2,
            _ => 1,
        };
    }
    json.len()
}

/// A number as jq reads it from a string: it may have a plus sign and zeros in front, and lack digits on
/// one side of the point; or it is `nan` or `infinity`.
pub(super) fn loose(text: &str) -> Option<Num> {
    let (sign, unsigned) = match text.strip_prefix(['+', '-']) {
        Some(unsigned) if text.starts_with('-') => ("-", unsigned),
        Some(unsigned) => ("", unsigned),
        None => ("", text),
    };
    match unsigned.to_ascii_lowercase().as_str() {
        "nan" => return Some(Num::Float(f64::NAN)),
        "inf" | "infinity" if sign == "-" => return Some(Num::Float(f64::NEG_INFINITY)),
        "inf" | "infinity" => return Some(Num::Float(f64::INFINITY)),
        _ => {}
    }
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_exponent = |text: &str| {
        let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
        !digits.is_empty() && are_digits(digits)
    };
    let is_number = are_digits(whole) && are_digits(fraction) && whole.len() + fraction.len() > 0;
    if !is_number || !exponent.is_none_or(is_exponent) {
        return None;
    }
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    let point = if fraction.is_empty() { "" } else { "." };
    let exponent = &unsigned[mantissa.len()..];
    Some(read::number(&format!("{sign}{whole}{point}{fraction}{exponent}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn computed_numbers_are_spelled_as_in_jq() {
        for (number, text) in [
            (0.0, "0"),
            (-0.0, "-0"),
            (1e15, "1000000000000000"),
            (1e16, "1e+16"),
            (-1e17, "-1e+17"),
            (123e15, "123000000000000000"),
            (1_234_567e15, "1234567000000000000000"),
            (12_345_678_901_234_567_890.0, "12345678901234567000"),
            (1.5e300, "1.5e+300"),
            (0.0001, "0.0001"),
            (0.00012345, "0.00012345"),
            (1e-5, "1e-05"),
            (1.5e-5, "1.5e-05"),
            (1.234_567_89e-6, "1.23456789e-06"),
            (5e-324, "5e-324"),
            (1e22, "1e+22"),
            (0.1, "0.1"),
            (59.5, "59.5"),
        ] {
            assert_eq!(computed(number), text);
        }
    }

    #[test]
    fn numbers_of_documents_keep_their_digits() {
        for (spelling, text) in [
            ("1e15", "1E+15"),
            ("1.0", "1.0"),
            ("1.10", "1.10"),
            ("1e1000", "1E+1000"),
            ("10e-1", "1.0"),
            ("0.00001", "0.00001"),
            ("0.0000001", "1E-7"),
            ("0.00000100", "0.00000100"),
            ("-0", "-0"),
            ("-0.0", "-0.0"),
            ("0e10", "0E+10"),
            ("0.0e3", "0E+2"),
            ("0E-10", "0E-10"),
            ("1.5e3", "1.5E+3"),
            ("123456789.123e2", "12345678912.3"),
            ("12345678901234567890.123", "12345678901234567890.123"),
            ("100000000000000000000", "100000000000000000000"),
            ("1e9999999999", "1e9999999999"),
        ] {
            assert_eq!(literal(spelling), text);
        }
        let json = br#"{"1e5":[1e5,"\"1e5",-2E1]}"#;
        assert_eq!(&*respell(json), br#"{"1e5":[1E+5,"\"1e5",-2E+1]}"#);
        assert!(matches!(respell(b"[1,\"1e5\"]"), Cow::Borrowed(_)));
    }
}
