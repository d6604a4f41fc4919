//! One strict pass over a text that was never looked at.

use std::ops::Range;

use simdutf8::compat::from_utf8;

use super::comment::sound_comment_end;
use super::lane::Exit;
use super::{BOM, DEPTH_LIMIT, Kind, Marks, byte, plain_run, skip_white};
use crate::dialect::Dialect;

/// Where a text stops being JSON, and what should stand there.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::document) struct Fault {
    pub(in crate::document) at: usize,
    pub(in crate::document) expected: &'static str,
}

/// What is known of a text that is JSON.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::document) struct Valid {
    /// Where its value stands.
    pub(in crate::document) place: Range<usize>,
    pub(in crate::document) marks: Marks,
    /// The strictest dialect that it follows.
    pub(in crate::document) dialect: Dialect,
}

/// Checks that `text` is one JSON value in UTF-8, perhaps after a byte order mark.
pub(in crate::document) fn validate(text: &[u8], dialect: Dialect) -> Result<Valid, Fault> {
    validate_by(text, dialect, Validator::document_in_halves)
}

/// Checks the grammar by `document`, and that the text is UTF-8.
pub(super) fn validate_by<'a>(
    text: &'a [u8],
    dialect: Dialect,
    document: impl FnOnce(&mut Validator<'a>) -> Result<Valid, Fault>,
) -> Result<Valid, Fault> {
    let mut validator = Validator::new(text, dialect);
    let found = document(&mut validator);
    match (from_utf8(&text[..validator.unchecked]), found) {
        (Ok(_), found) => found,
        // The grammar is checked on bytes, so that all before the first fault is sound.
        (Err(error), Err(fault)) if fault.at < error.valid_up_to() => Err(fault),
        (Err(error), _) => {
            let utf16 = text.starts_with(b"\xFF\xFE") || text.starts_with(b"\xFE\xFF");
            let expected =
                if utf16 { "expected UTF-8, found UTF-16" } else { "expected valid UTF-8" };
            Err(Fault { at: error.valid_up_to(), expected })
        }
    }
}

pub(super) struct Validator<'a> {
    pub(super) text: &'a [u8],
    pub(super) dialect: Dialect,
    pub(super) at: usize,
    /// The containers around the current place, and where they start.
    pub(super) open: Vec<(Kind, usize)>,
    /// How many there may be.
    pub(super) deepest: usize,
    pub(super) marks: Marks,
    /// The dialect of what was read so far.
    pub(super) found: Dialect,
    /// The comma at which to stop.
    pub(super) stop: Option<usize>,
    /// From here on the text is known to be UTF-8.
    pub(super) unchecked: usize,
}

impl<'a> Validator<'a> {
    pub(super) fn new(text: &'a [u8], dialect: Dialect) -> Self {
        Validator {
            text,
            dialect,
            at: if text.starts_with(BOM) { BOM.len() } else { 0 },
            open: Vec::new(),
            deepest: DEPTH_LIMIT,
            marks: Marks::default(),
            found: Dialect::Json,
            stop: None,
            unchecked: text.len(),
        }
    }

    pub(super) fn document(&mut self) -> Result<Valid, Fault> {
        let start = self.begin();
        self.values()?;
        self.end(start)
    }

    /// Goes to where the value of the document starts.
    pub(super) fn begin(&mut self) -> usize {
        self.blank();
        self.at
    }

    /// Reads values until the outermost has ended, or to the comma at which to stop.
    pub(super) fn values(&mut self) -> Result<(), Fault> {
        loop {
            if let Exit::AtValue = self.hurry()
                && self.value()?
            {
                continue;
            }
            if self.close()? {
                return Ok(());
            }
        }
    }

    /// Likewise, from behind a value.
    pub(super) fn go_on(&mut self) -> Result<(), Fault> {
        if self.close()? { Ok(()) } else { self.values() }
    }

    /// Reads what may follow the value of the document.
    pub(super) fn end(&mut self, start: usize) -> Result<Valid, Fault> {
        let end = self.at;
        self.blank();
        if self.at < self.text.len() {
            return self.fault(self.what_is_here("expected the end of the text"));
        }
        let marks = std::mem::take(&mut self.marks).sorted();
        Ok(Valid { place: start..end, marks, dialect: self.found })
    }

    /// Reads a scalar, an empty container, or the opening of a container up to its first value.
    /// Says whether a value follows.
    pub(super) fn value(&mut self) -> Result<bool, Fault> {
        match self.peek() {
            b'{' => self.open(Kind::Object, b'}'),
            b'[' => self.open(Kind::Array, b']'),
            b'"' => self.string().map(|()| false),
            b'-' | b'0'..=b'9' => self.number().map(|()| false),
            b't' => self.literal("true"),
            b'f' => self.literal("false"),
            b'n' => self.literal("null"),
            _ => self.fault(self.what_is_here("expected a value")),
        }
    }

    fn open(&mut self, kind: Kind, close: u8) -> Result<bool, Fault> {
        if self.open.len() == self.deepest {
            return self.fault("expected no more than 10,000 levels of nesting");
        }
        let start = self.at;
        self.at += 1;
        self.blank();
        if self.peek() == close {
            self.at += 1;
            return Ok(false);
        }
        self.open.push((kind, start));
        if kind == Kind::Object {
            self.key("expected a key in double quotes or `}`")?;
        }
        Ok(true)
    }

    /// Reads what may follow a value: closing brackets, and a comma up to the next value. Says
    /// whether the outermost value ended, or the comma is the one at which to stop.
    pub(super) fn close(&mut self) -> Result<bool, Fault> {
        while let Some(&(kind, start)) = self.open.last() {
            self.blank();
            let (close, expected) = match kind {
                Kind::Object => (b'}', "expected `,` or `}`"),
                _ => (b']', "expected `,` or `]`"),
            };
            if self.peek() == b',' {
                if self.stop == Some(self.at) {
                    return Ok(true);
                }
                if self.next(kind, close)? {
                    return Ok(false);
                }
            }
            if self.peek() != close {
                return self.fault(self.what_is_here(expected));
            }
            self.at += 1;
            self.marks.add(start, self.at);
            self.open.pop();
        }
        Ok(true)
    }

    /// Reads a comma, up to the next value or the closing bracket. Says whether a value follows.
    fn next(&mut self, kind: Kind, close: u8) -> Result<bool, Fault> {
        let comma = self.at;
        self.at += 1;
        self.blank();
        if self.peek() == close {
            if self.dialect == Dialect::Jsonc {
                self.found = Dialect::Jsonc;
                return Ok(false);
            }
            self.at = comma;
            return self.fault("expected no comma before the closing bracket, only JSONC has it");
        }
        if kind == Kind::Object {
            self.key("expected a key in double quotes")?;
        }
        Ok(true)
    }

    fn key(&mut self, expected: &'static str) -> Result<(), Fault> {
        if self.peek() != b'"' {
            return self.fault(self.what_is_here(expected));
        }
        self.string()?;
        self.blank();
        if self.peek() != b':' {
            return self.fault(self.what_is_here("expected `:` after the key"));
        }
        self.at += 1;
        self.blank();
        Ok(())
    }

    fn string(&mut self) -> Result<(), Fault> {
        let start = self.at;
        self.at += 1;
        loop {
            self.at += plain_run(self.text.get(self.at..).unwrap_or_default());
            match self.peek() {
                b'"' => {
                    self.at += 1;
                    return Ok(());
                }
                b'\\' => self.escape()?,
                _ if self.at >= self.text.len() => {
                    self.at = start;
                    return self.fault("expected a closing quote for this string");
                }
                b'\n' | b'\r' => {
                    return self.fault("expected the closing quote before the line end");
                }
                _ => return self.fault("expected an escape such as \\t for a control character"),
            }
        }
    }

    fn escape(&mut self) -> Result<(), Fault> {
        let rest = self.text.get(self.at + 1..).unwrap_or_default();
        self.at += match rest {
            [b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', ..] => 2,
            [b'u', a, b, c, d, ..]
                if [a, b, c, d].iter().all(|digit| digit.is_ascii_hexdigit()) =>
            {
                6
            }
            [b'u', ..] => return self.fault("expected four hexadecimal digits after \\u"),
            _ => return self.fault("expected one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u"),
        };
        Ok(())
    }

    fn number(&mut self) -> Result<(), Fault> {
        if self.peek() == b'-' {
            self.at += 1;
        }
        if self.peek() == b'0' {
            self.at += 1;
            if self.peek().is_ascii_digit() {
                return self.fault("expected no digit after a leading zero");
            }
        } else {
            self.digits("expected a digit after the minus sign")?;
        }
        if self.peek() == b'.' {
            self.at += 1;
            self.digits("expected a digit after the decimal point")?;
        }
        if matches!(self.peek(), b'e' | b'E') {
            self.at += 1;
            if matches!(self.peek(), b'+' | b'-') {
                self.at += 1;
            }
            self.digits("expected a digit in the exponent")?;
        }
        Ok(())
    }

    fn digits(&mut self, expected: &'static str) -> Result<(), Fault> {
        let start = self.at;
        while self.peek().is_ascii_digit() {
            self.at += 1;
        }
        if self.at == start { self.fault(expected) } else { Ok(()) }
    }

    fn literal(&mut self, word: &str) -> Result<bool, Fault> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        if !rest.starts_with(word.as_bytes()) {
            return self.fault(self.what_is_here("expected a value"));
        }
        self.at += word.len();
        Ok(false)
    }

    /// A better hint than `expected`, if what stands here is a well-known mistake.
    fn what_is_here(&self, expected: &'static str) -> &'static str {
        match self.text.get(self.at..).unwrap_or_default() {
            [] => match self.open.last() {
                Some((Kind::Object, _)) => "expected `}` before the end of the text",
                Some(_) => "expected `]` before the end of the text",
                None if self.found == Dialect::Jsonc => {
                    "expected a value, the text has nothing but comments; write {} behind them"
                }
                None => "expected a value, the text is empty",
            },
            [b'/', b'/', ..] if self.dialect == Dialect::Jsonc => {
                "expected no carriage return within a comment"
            }
            [b'/', b'*', ..] if self.dialect == Dialect::Jsonc => {
                "expected `*/` at the end of this comment"
            }
            [b'#', ..] if self.dialect == Dialect::Jsonc => {
                "expected JSON, comments begin with // or /*"
            }
            [b'/', b'/' | b'*', ..] => "expected JSON, comments are not part of it but of JSONC",
            [b'#', ..] => "expected JSON, comments are not part of it",
            [b'\'', ..] => "expected double quotes, single quotes are not JSON",
            [0, ..] => "expected JSON, found a NUL byte",
            rest if rest.starts_with(b"NaN") || rest.starts_with(b"Infinity") => {
                "expected a number, JSON has no NaN and no Infinity"
            }
            rest if rest.starts_with("\u{FEFF}".as_bytes()) => {
                "expected JSON, found a second byte order mark"
            }
            _ => expected,
        }
    }

    fn blank(&mut self) {
        self.at = skip_white(self.text, self.at);
        if self.dialect == Dialect::Jsonc && self.peek() == b'/' {
            self.comments();
        }
    }

    /// Stops at a comment that has no end, since nothing else begins like one.
    fn comments(&mut self) {
        while let Some(end) = sound_comment_end(self.text, self.at) {
            self.found = Dialect::Jsonc;
            self.at = skip_white(self.text, end);
        }
    }

    fn peek(&self) -> u8 {
        byte(self.text, self.at)
    }

    fn fault<T>(&self, expected: &'static str) -> Result<T, Fault> {
        Err(Fault { at: self.at, expected })
    }
}
