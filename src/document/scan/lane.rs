//! The fast lane of the validator: it passes over what large texts are mostly made of, eight bytes at a
//! time, and leaves to the validator itself all that is unusual, wrong, or near the end of the text.
//!
//! Its parts are inlined by force, which saves a tenth of the instructions.

use super::Kind;
use super::validate::Validator;
use super::words::{digits, first, plain, spaces};

/// Where the lane ends. The validator is there then.
pub(super) enum Exit {
    AtValue,
    BehindValue,
}

/// What a value that was passed over is followed by.
enum Next<'a> {
    /// The first value in it.
    Value(&'a [u8]),
    /// What comes behind it.
    Behind(&'a [u8]),
}

impl<'a> Validator<'a> {
    /// Goes on from where a value should start, as far as that is quickly done.
    pub(super) fn hurry(&mut self) -> Exit {
        let mut rest = self.rest();
        loop {
            self.at = self.place(rest);
            match self.quick_value(rest) {
                None => return Exit::AtValue,
                Some(Next::Value(value)) => {
                    rest = value;
                    continue;
                }
                Some(Next::Behind(behind)) => rest = behind,
            }
            match self.quick_close(rest) {
                Some(value) => rest = value,
                None => return Exit::BehindValue,
            }
        }
    }

    #[inline(always)]
    fn quick_value(&mut self, rest: &'a [u8]) -> Option<Next<'a>> {
        let behind = match rest.first()? {
            b'"' => quick_string(rest)?,
            b'-' | b'0'..=b'9' => quick_number(rest)?,
            b't' => rest.strip_prefix(b"true")?,
            b'f' => rest.strip_prefix(b"false")?,
            b'n' => rest.strip_prefix(b"null")?,
            b'{' => return self.quick_open(rest, Kind::Object).map(Next::Value),
            b'[' => return self.quick_open(rest, Kind::Array).map(Next::Value),
            _ => return None,
        };
        Some(Next::Behind(behind))
    }

    /// Passes over the opening bracket, up to the first value. Empty containers are unusual.
    #[inline(always)]
    fn quick_open(&mut self, rest: &'a [u8], kind: Kind) -> Option<&'a [u8]> {
        let first = quick_first(rest.get(1..)?, kind)?;
        if self.open.len() == self.deepest {
            return None;
        }
        self.open.push((kind, self.place(rest)));
        Some(first)
    }

    /// Passes over closing brackets and a comma, up to the next value.
    #[inline(always)]
    fn quick_close(&mut self, mut rest: &'a [u8]) -> Option<&'a [u8]> {
        loop {
            self.at = self.place(rest);
            let &(kind, start) = self.open.last()?;
            let at = quick_blank(rest)?;
            match at {
                [b',', ..] if self.stop == Some(self.place(at)) => return None,
                [b',', next @ ..] => return quick_first(next, kind),
                [b'}', behind @ ..] if kind == Kind::Object => rest = behind,
                [b']', behind @ ..] if kind == Kind::Array => rest = behind,
                _ => return None,
            }
            self.marks.add(start, self.place(rest));
            self.open.pop();
        }
    }

    fn rest(&self) -> &'a [u8] {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn place(&self, rest: &[u8]) -> usize {
        self.text.len() - rest.len()
    }
}

/// Behind a bracket or comma, up to the value, unless a comment is there.
#[inline(always)]
fn quick_first(rest: &[u8], kind: Kind) -> Option<&[u8]> {
    let rest = quick_blank(rest)?;
    let value = match (kind, rest.first()?) {
        (Kind::Object, b'"') => quick_colon(quick_string(rest)?),
        (Kind::Object, _) | (_, b']') => None,
        _ => Some(rest),
    };
    value.filter(|value| value.first() != Some(&b'/'))
}

#[inline(always)]
fn quick_colon(rest: &[u8]) -> Option<&[u8]> {
    match rest {
        [b':', b' ', value, ..] if *value > b' ' => rest.get(2..),
        _ => quick_blank(quick_blank(rest)?.strip_prefix(b":")?),
    }
}

/// Behind white space that is a line break and spaces, or spaces, or none.
#[inline(always)]
fn quick_blank(rest: &[u8]) -> Option<&[u8]> {
    let rest = match rest {
        [first, ..] if *first > b' ' => return Some(rest),
        [b'\n' | b' ', rest @ ..] => rest,
        _ => return None,
    };
    run(rest, spaces).filter(|rest| rest.first().is_some_and(|byte| *byte > b' '))
}

/// Behind a string without escapes.
#[inline(always)]
fn quick_string(rest: &[u8]) -> Option<&[u8]> {
    run(rest.get(1..)?, plain)?.strip_prefix(b"\"")
}

/// Behind a number without an exponent.
#[inline(always)]
fn quick_number(rest: &[u8]) -> Option<&[u8]> {
    let whole = rest.strip_prefix(b"-").unwrap_or(rest);
    let rest = quick_digits(whole)?;
    if whole.first() == Some(&b'0') && whole.len() > rest.len() + 1 {
        return None;
    }
    let rest = match rest {
        [b'.', fraction @ ..] => quick_digits(fraction)?,
        _ => rest,
    };
    Some(rest).filter(|rest| !matches!(rest.first(), Some(b'e' | b'E')))
}

/// Behind digits, of which there is one at least.
#[inline(always)]
fn quick_digits(text: &[u8]) -> Option<&[u8]> {
    run(text, digits).filter(|rest| rest.len() < text.len())
}

/// Behind the bytes that `others` marks in no word.
#[inline(always)]
fn run(mut rest: &[u8], others: impl Fn([u8; 8]) -> u64) -> Option<&[u8]> {
    loop {
        let found = others(*rest.first_chunk()?);
        if found != 0 {
            return rest.get(first(found)..);
        }
        rest = rest.get(8..)?;
    }
}
