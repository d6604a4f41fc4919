//! JSON numbers, compared exactly and without computing them.

/// The value of a number: `±0.DIGITS × 10^exponent`, where `DIGITS` neither begins nor ends with a
/// zero. Zero has no digits.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Decimal {
    negative: bool,
    digits: Vec<u8>,
    exponent: i128,
}

impl Decimal {
    /// The value of the number spelled `text`, or `None` if its exponent has so many digits that only
    /// its spelling can be compared.
    pub(super) fn parse(text: &[u8]) -> Option<Self> {
        let (negative, text) = match text {
            [b'-', rest @ ..] => (true, rest),
            _ => (false, text),
        };
        let (mantissa, exponent) = split_at_any(text, b"eE");
        let (whole, fraction) = split_at_any(mantissa, b".");
        let mut digits = [whole, fraction].concat();
        let leading = digits.iter().take_while(|&&digit| digit == b'0').count();
        digits.drain(..leading);
        let trailing = digits.iter().rev().take_while(|&&digit| digit == b'0').count();
        digits.truncate(digits.len() - trailing);
        if digits.is_empty() {
            return Some(Decimal { negative: false, digits, exponent: 0 });
        }
        let shift = whole.len() as i128 - leading as i128;
        Some(Decimal { negative, digits, exponent: parse_exponent(exponent)? + shift })
    }
}

/// What `make` makes of the sign, the digits and the exponent of a [`Decimal`], which is not built for an
/// integer.
pub(super) fn with_parts<T>(text: &[u8], make: impl FnOnce(bool, &[u8], i128) -> T) -> Option<T> {
    let integer = text.strip_prefix(b"-").unwrap_or(text);
    if integer.iter().all(u8::is_ascii_digit) && integer != b"0" {
        let zeros = integer.iter().rev().take_while(|&&digit| digit == b'0').count();
        let digits = &integer[..integer.len() - zeros];
        return Some(make(integer.len() < text.len(), digits, integer.len() as i128));
    }
    Decimal::parse(text)
        .map(|Decimal { negative, digits, exponent }| make(negative, &digits, exponent))
}

/// Whether two spellings denote the same number: `1`, `1.0` and `10e-1` do.
pub(super) fn equal(a: &[u8], b: &[u8]) -> bool {
    a == b || matches!((Decimal::parse(a), Decimal::parse(b)), (Some(a), Some(b)) if a == b)
}

/// A spelling that equal numbers share, and others do not.
pub(super) fn canonical(text: &[u8]) -> Vec<u8> {
    match Decimal::parse(text) {
        Some(Decimal { negative, digits, exponent }) => {
            let sign = if negative { "-" } else { "" };
            [sign.as_bytes(), &digits, format!("e{exponent}").as_bytes()].concat()
        }
        None => [b"=", text].concat(),
    }
}

fn split_at_any<'a>(text: &'a [u8], marks: &[u8]) -> (&'a [u8], &'a [u8]) {
    match text.iter().position(|byte| marks.contains(byte)) {
        Some(at) => (&text[..at], &text[at + 1..]),
        None => (text, &[]),
    }
}

/// Exponents are read up to 30 digits, far beyond what the length of a text can add to them.
fn parse_exponent(text: &[u8]) -> Option<i128> {
    let (sign, digits) = match text {
        [b'-', digits @ ..] => (-1, digits),
        [b'+', digits @ ..] => (1, digits),
        digits => (1, digits),
    };
    let zeros = digits.iter().take_while(|&&digit| digit == b'0').count();
    let significant = &digits[zeros..];
    let value = |value: i128, digit: &u8| value * 10 + i128::from(digit - b'0');
    (significant.len() <= 30).then(|| sign * significant.iter().fold(0, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Option<(bool, Vec<u8>, i128)> {
        with_parts(text.as_bytes(), |sign, digits, exponent| (sign, digits.to_vec(), exponent))
    }

    #[test]
    fn spellings_of_one_number_are_equal() {
        for same in [
            &["1", "1.0", "10e-1", "0.1e1", "1E0", "1e+00", "0.001e3", "1000e-3"][..],
            &["0", "-0", "0.0", "0e5", "-0.00E-9", "0e99999999999999999999999999999999999999"],
            &["-12.5", "-125e-1", "-1.250e1"],
            &["-1200", "-12e2", "-1200.0"],
            &["1e400", "10e399", "0.1e401"],
            &["123456789012345678901234567890", "12345678901234567890123456789e1"],
            &["1e999999999999999999999", "10e999999999999999999998"],
        ] {
            for (a, b) in same.iter().flat_map(|a| same.iter().map(move |b| (a, b))) {
                assert!(equal(a.as_bytes(), b.as_bytes()), "{a} {b}");
                assert_eq!(parts(a), parts(b));
                assert_eq!(canonical(a.as_bytes()), canonical(b.as_bytes()));
            }
        }
    }

    #[test]
    fn different_numbers_are_not_equal() {
        let numbers = [
            "0",
            "1",
            "-1",
            "10",
            "1.1",
            "11",
            "1e400",
            "1e401",
            "9007199254740993",
            "9007199254740992",
            "1e99999999999999999999999999999999999999",
            "10e99999999999999999999999999999999999999",
        ];
        for (i, a) in numbers.iter().enumerate() {
            for (j, b) in numbers.iter().enumerate() {
                assert_eq!(equal(a.as_bytes(), b.as_bytes()), i == j, "{a} {b}");
                assert_eq!(canonical(a.as_bytes()) == canonical(b.as_bytes()), i == j);
            }
        }
    }
}
