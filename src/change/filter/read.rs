//! From JSON text to the values that filters compute with.
//!
//! jaq's own reader takes a superset of JSON, turns `-0` into `0` and refuses lone surrogates; this
//! one is strict and keeps what the filter does not touch as it is spelled. Strings without
//! escapes share the memory of the text.

use std::fmt;
use std::ops::Range;

use bytes::Bytes;
use jaq_json::{Num, Val};

use super::numerals;
use super::value::{Members, Value};

/// How deeply arrays and objects may be nested.
pub(super) const MAX_DEPTH: usize = 10_000;

/// Integers with more digits stay text: they are beyond `f64`, and making a number of them takes
/// time in the square of their length.
const MAX_DIGITS: usize = 1_000;

/// Why a text is not JSON.
pub(super) struct Malformed {
    expected: &'static str,
    at: usize,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {} at byte {}", self.expected, self.at)
    }
}

type Result<T> = std::result::Result<T, Malformed>;

/// Reads exactly one value.
pub(super) fn one(text: &Bytes) -> Result<Value> {
    let mut reader = Reader::new(text);
    let value = reader.value()?;
    match reader.peek() {
        None => Ok(value),
        Some(_) => Err(reader.expected("the end")),
    }
}

/// Reads exactly one value in the way of jq's `fromjson`, which takes more than JSON for a number.
pub(super) fn loosely(text: &Bytes) -> Result<Value> {
    let mut reader = Reader { numbers: Numbers::Loose, ..Reader::new(text) };
    let value = reader.value()?;
    match reader.peek() {
        None => Ok(value),
        Some(_) => Err(reader.expected("the end")),
    }
}

/// Reads any number of values that follow each other.
pub(super) fn many(text: &Bytes) -> Result<Vec<Value>> {
    let mut reader = Reader::new(text);
    let mut values = Vec::new();
    while reader.peek().is_some() {
        values.push(reader.value()?);
    }
    Ok(values)
}

/// Reads the scalar or key at a place of a valid text.
pub(super) fn scalar(text: &Bytes, place: Range<usize>) -> Val {
    match &text[place.clone()] {
        [b'"', inner @ .., b'"'] if !inner.contains(&b'\\') => {
            Val::utf8_str(text.slice(place.start + 1..place.end - 1))
        }
        [b'"', ..] => {
            let mut reader = Reader { at: place.start, ..Reader::new(text) };
            reader.string().unwrap_or_default()
        }
        b"true" => Val::Bool(true),
        b"false" => Val::Bool(false),
        b"null" => Val::Null,
        digits => Val::Num(number(&String::from_utf8_lossy(digits))),
    }
}

/// Whether the string at a place of a valid text denotes `bytes`.
pub(super) fn is_string(text: &Bytes, place: Range<usize>, bytes: &[u8]) -> bool {
    match &text[place.clone()] {
        [b'"', inner @ .., b'"'] if !inner.contains(&b'\\') => inner == bytes,
        _ => matches!(scalar(text, place), Val::TStr(string) if **string == *bytes),
    }
}

/// Whether the scalar at a place of a valid text would be read as this value, spelling included.
pub(super) fn is_scalar(text: &Bytes, place: Range<usize>, value: &Val) -> bool {
    match (&text[place.clone()], value) {
        (b"null", Val::Null) | (b"true", Val::Bool(true)) | (b"false", Val::Bool(false)) => true,
        ([b'"', ..], Val::TStr(string)) => is_string(text, place, string),
        (spelling @ [b'-' | b'0'..=b'9', ..], Val::Num(number)) => match number {
            Num::Dec(other) => other.as_bytes() == spelling,
            Num::Int(_) => number.to_string().as_bytes() == spelling,
            _ => false,
        },
        _ => false,
    }
}

/// A number as a filter writes it, which may start with more zeros than JSON allows.
pub(super) fn literal(text: &str) -> Num {
    let significant = text.trim_start_matches('0');
    if significant.starts_with(|c: char| c.is_ascii_digit()) {
        number(significant)
    } else {
        number(&format!("0{significant}"))
    }
}

/// A number with the spelling that JSON allows.
pub(super) fn number(text: &str) -> Num {
    let is_integer = text.bytes().all(|byte| byte == b'-' || byte.is_ascii_digit());
    let integer = if is_integer && text != "-0" && text.len() <= MAX_DIGITS {
        Num::from_str_radix(text, 10)
    } else {
        None
    };
    integer.unwrap_or_else(|| Num::Dec(text.to_owned().into()))
}

struct Reader<'t> {
    text: &'t Bytes,
    at: usize,
    depth: usize,
    /// What has been read of the arrays and objects around the place, so that each of them is
    /// allocated once, when its length is known.
    pending: Vec<Value>,
    numbers: Numbers,
}

/// What is taken for a number.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Numbers {
    /// What JSON calls so.
    Strict,
    /// What jq reads as one in a string.
    Loose,
}

impl<'t> Reader<'t> {
    fn new(text: &'t Bytes) -> Self {
        Reader { text, at: 0, depth: 0, pending: Vec::new(), numbers: Numbers::Strict }
    }

    fn expected(&self, expected: &'static str) -> Malformed {
        Malformed { expected, at: self.at }
    }

    /// The next byte that is not white space.
    fn peek(&mut self) -> Option<u8> {
        loop {
            match self.text.get(self.at) {
                Some(b' ' | b'\t' | b'\n' | b'\r') => self.at += 1,
                next => return next.copied(),
            }
        }
    }

    fn value(&mut self) -> Result<Value> {
        match self.peek() {
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::array),
            Some(b'"') => self.string().map(Value::Plain),
            Some(_) if self.numbers == Numbers::Loose => self.loose_word(),
            Some(b'-' | b'0'..=b'9') => self.number().map(Value::Plain),
            Some(b't') => self.word(b"true", Val::Bool(true)),
            Some(b'f') => self.word(b"false", Val::Bool(false)),
            Some(b'n') => self.word(b"null", Val::Null),
            _ => Err(self.expected("a value")),
        }
    }

    fn loose_word(&mut self) -> Result<Value> {
        let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || b"+-.".contains(byte);
        let len = self.text[self.at..].iter().take_while(is_part).count();
        let word = self.text.slice(self.at..self.at + len);
        let value = match &*word {
            b"true" => Val::Bool(true),
            b"false" => Val::Bool(false),
            b"null" => Val::Null,
            word => match std::str::from_utf8(word).ok().and_then(numerals::loose) {
                Some(number) => Val::Num(number),
                None => return Err(self.expected("a value")),
            },
        };
        self.at += len;
        Ok(Value::Plain(value))
    }

    fn word(&mut self, word: &[u8], value: Val) -> Result<Value> {
        if !self.text[self.at..].starts_with(word) {
            return Err(self.expected("a value"));
        }
        self.at += word.len();
        Ok(Value::Plain(value))
    }

    fn nested(&mut self, read: fn(&mut Self) -> Result<Value>) -> Result<Value> {
        if self.depth == MAX_DEPTH {
            return Err(self.expected("no deeper nesting"));
        }
        self.at += 1;
        self.depth += 1;
        let value = read(self)?;
        self.depth -= 1;
        Ok(value)
    }

    fn array(&mut self) -> Result<Value> {
        let start = self.pending.len();
        if self.peek() != Some(b']') {
            loop {
                let value = self.value()?;
                self.pending.push(value);
                match self.peek() {
                    Some(b',') => self.at += 1,
                    Some(b']') => break,
                    _ => return Err(self.expected("`,` or `]`")),
                }
            }
        }
        self.at += 1;
        Ok(self.pending.drain(start..).collect())
    }

    fn object(&mut self) -> Result<Value> {
        let start = self.pending.len();
        if self.peek() != Some(b'}') {
            loop {
                self.member()?;
                match self.peek() {
                    Some(b',') => self.at += 1,
                    Some(b'}') => break,
                    _ => return Err(self.expected("`,` or `}`")),
                }
            }
        }
        self.at += 1;
        let mut pending = self.pending.drain(start..);
        let mut members = Members::default();
        members.reserve(pending.len() / 2);
        while let (Some(Value::Plain(key)), Some(value)) = (pending.next(), pending.next()) {
            members.insert(key, value);
        }
        drop(pending);
        Ok(Value::object(members))
    }

    fn member(&mut self) -> Result<()> {
        if self.peek() != Some(b'"') {
            return Err(self.expected("a string"));
        }
        let key = self.string()?;
        self.pending.push(Value::Plain(key));
        if self.peek() != Some(b':') {
            return Err(self.expected("`:`"));
        }
        self.at += 1;
        let value = self.value()?;
        self.pending.push(value);
        Ok(())
    }

    fn number(&mut self) -> Result<Val> {
        let start = self.at;
        self.skip(b"-");
        if self.skip(b"0") == 0 {
            self.digits()?;
        }
        if self.skip(b".") == 1 {
            self.digits()?;
        }
        if self.skip(b"eE") == 1 {
            self.skip(b"+-");
            self.digits()?;
        }
        match std::str::from_utf8(&self.text[start..self.at]) {
            Ok(text) => Ok(Val::Num(number(text))),
            Err(_) => Err(self.expected("a number")),
        }
    }

    /// Skips the next byte if it is one of `bytes`, and says how many it skipped.
    fn skip(&mut self, bytes: &[u8]) -> usize {
        let skipped = self.text.get(self.at).is_some_and(|byte| bytes.contains(byte));
        self.at += usize::from(skipped);
        usize::from(skipped)
    }

    fn digits(&mut self) -> Result<()> {
        let count = self.text[self.at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += count;
        if count == 0 { Err(self.expected("a digit")) } else { Ok(()) }
    }

    fn string(&mut self) -> Result<Val> {
        self.at += 1;
        let plain = self.plain();
        if self.skip(b"\"") == 1 {
            return Ok(Val::utf8_str(self.text.slice(plain)));
        }
        let mut decoded = self.text[plain].to_vec();
        loop {
            match self.text.get(self.at) {
                Some(b'"') => break,
                Some(b'\\') => self.escape(&mut decoded)?,
                Some(_) => return Err(self.expected("no control character")),
                None => return Err(self.expected("`\"`")),
            }
            let plain = self.plain();
            decoded.extend_from_slice(&self.text[plain]);
        }
        self.at += 1;
        Ok(Val::utf8_str(decoded))
    }

    /// Skips what stands for itself in a string, and says where that is.
    fn plain(&mut self) -> std::ops::Range<usize> {
        let is_plain = |byte: &&u8| !matches!(byte, b'"' | b'\\' | 0..=0x1f);
        let start = self.at;
        self.at += self.text[start..].iter().take_while(is_plain).count();
        start..self.at
    }

    fn escape(&mut self, decoded: &mut Vec<u8>) -> Result<()> {
        self.at += 1;
        let byte = match self.text.get(self.at) {
            Some(byte @ (b'"' | b'\\' | b'/')) => *byte,
            Some(b'b') => 0x08,
            Some(b'f') => 0x0c,
            Some(b'n') => b'\n',
            Some(b'r') => b'\r',
            Some(b't') => b'\t',
            Some(b'u') => {
                self.at += 1;
                return self.code_point(decoded);
            }
            _ => return Err(self.expected("an escape")),
        };
        self.at += 1;
        decoded.push(byte);
        Ok(())
    }

    fn code_point(&mut self, decoded: &mut Vec<u8>) -> Result<()> {
        let unit = self.hex()?;
        let low = match unit {
            0xd800..0xdc00 => self.low_surrogate(),
            _ => None,
        };
        let code_point = match low {
            Some(low) => 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00),
            None => unit,
        };
        match char::from_u32(code_point) {
            Some(char) => decoded.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes()),
            None => decoded.extend_from_slice(&surrogate_bytes(code_point)),
        }
        Ok(())
    }

    fn hex(&mut self) -> Result<u32> {
        let digits = self.text.get(self.at..self.at + 4).unwrap_or_default();
        let number = digits
            .iter()
            .try_fold(0, |number, digit| Some(number * 16 + char::from(*digit).to_digit(16)?));
        match number {
            Some(number) if !digits.is_empty() => {
                self.at += 4;
                Ok(number)
            }
            _ => Err(self.expected("four hexadecimal digits")),
        }
    }

    /// The second half of a surrogate pair, if one follows.
    fn low_surrogate(&mut self) -> Option<u32> {
        let start = self.at;
        if self.text[start..].starts_with(b"\\u") {
            self.at += 2;
            if let Ok(low @ 0xdc00..0xe000) = self.hex() {
                return Some(low);
            }
        }
        self.at = start;
        None
    }
}

/// A lone surrogate as WTF-8 encodes it, which is not valid UTF-8.
fn surrogate_bytes(surrogate: u32) -> [u8; 3] {
    let low_six_bits = |number: u32| 0x80 | (number & 0x3f) as u8;
    [0xed, low_six_bits(surrogate >> 6), low_six_bits(surrogate)]
}
