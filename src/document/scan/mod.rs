//! The only place that knows the grammar of JSON (RFC 8259), and what JSONC adds to it.
//!
//! [`validate()`] reads a text once and refuses what is not JSON. The other functions walk texts that
//! passed it. They keep no stack, so depth costs them nothing, and they do not allocate. Comments are
//! white space to them.

mod comment;
#[cfg(test)]
mod differential;
mod halves;
mod lane;
mod strict;
mod text;
mod validate;
mod words;

use std::ops::Range;

use comment::skip_comments;
use words::{blank_run, plain_run};

pub(super) use comment::{comment_end, is_line_comment, last_blank};
pub(super) use strict::strict;
pub(super) use text::{Marks, Text};
pub(super) use validate::{Fault, Valid, validate};

/// How deeply arrays and objects may be nested.
pub(super) const DEPTH_LIMIT: usize = 10_000;

/// The mark with which some editors begin a UTF-8 file.
pub(super) const BOM: &[u8] = b"\xEF\xBB\xBF";

/// The kinds of JSON values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Object,
    Array,
    String,
    Number,
    Boolean,
    Null,
}

impl Kind {
    /// The kind of the value that starts at `start`.
    pub(super) fn of(text: &[u8], start: usize) -> Self {
        match byte(text, start) {
            b'{' => Kind::Object,
            b'[' => Kind::Array,
            b'"' => Kind::String,
            b't' | b'f' => Kind::Boolean,
            b'n' => Kind::Null,
            _ => Kind::Number,
        }
    }

    pub(super) fn is_container(self) -> bool {
        matches!(self, Kind::Object | Kind::Array)
    }

    /// The kind with its article, for messages.
    pub(super) fn name(self) -> &'static str {
        match self {
            Kind::Object => "an object",
            Kind::Array => "an array",
            Kind::String => "a string",
            Kind::Number => "a number",
            Kind::Boolean => "a boolean",
            Kind::Null => "null",
        }
    }
}

/// A direct child of a container. In an object, `start` is where the key starts; in an array, it is
/// where the value does.
#[derive(Clone, Copy, Debug)]
pub(super) struct Child {
    pub(super) start: usize,
    pub(super) value: usize,
    pub(super) end: usize,
}

/// The direct children of a container; what they contain is passed over.
#[derive(Clone, Debug)]
pub(super) struct Children<'a> {
    text: Text<'a>,
    kind: Kind,
    at: usize,
}

impl<'a> Children<'a> {
    /// The children of the value at `start`, none if it is not a container.
    pub(super) fn new(text: Text<'a>, start: usize) -> Self {
        let bytes = text.bytes;
        let kind = Kind::of(bytes, start);
        let at = if kind.is_container() { skip_blank(bytes, start + 1) } else { bytes.len() };
        Children { text, kind, at }
    }

    /// Goes on where [`position`](Children::position) was.
    #[cfg(feature = "filter")]
    pub(super) fn resumed(text: Text<'a>, kind: Kind, at: usize) -> Self {
        Children { text, kind, at }
    }

    /// The kind of the container, and where its next child starts.
    #[cfg(feature = "filter")]
    pub(super) fn position(&self) -> (Kind, usize) {
        (self.kind, self.at)
    }

    /// Behind the closing bracket, once all children were taken.
    pub(super) fn end(&self) -> usize {
        self.at + 1
    }
}

impl Iterator for Children<'_> {
    type Item = Child;

    fn next(&mut self) -> Option<Child> {
        let bytes = self.text.bytes;
        if matches!(byte(bytes, self.at), b'}' | b']' | 0) {
            return None;
        }
        let start = self.at;
        let value = value_start(bytes, self.kind, start);
        let end = value_end(self.text, value);
        self.at = gap_end(bytes, end);
        Some(Child { start, value, end })
    }
}

/// The byte at `at`, or NUL, which no valid text contains, behind the end.
pub(super) fn byte(text: &[u8], at: usize) -> u8 {
    text.get(at).copied().unwrap_or(0)
}

/// Behind the white space and comments at `at`.
pub(super) fn skip_blank(text: &[u8], at: usize) -> usize {
    let at = skip_white(text, at);
    if text.get(at) == Some(&b'/') { skip_comments(text, at) } else { at }
}

/// Behind the white space at `at`.
pub(super) fn skip_white(text: &[u8], at: usize) -> usize {
    at + blank_run(text.get(at..).unwrap_or_default())
}

/// Whether `text` is white space only.
pub(super) fn is_blank(text: &[u8]) -> bool {
    skip_white(text, 0) == text.len()
}

/// Where the value of the child at `start` of a container of `kind` starts.
pub(super) fn value_start(text: &[u8], kind: Kind, start: usize) -> usize {
    match kind {
        Kind::Object => skip_blank(text, colon(text, start).end),
        _ => start,
    }
}

/// From the end of the key at `start` to behind its colon.
fn colon(text: &[u8], start: usize) -> Range<usize> {
    let key_end = string_end(text, start);
    key_end..skip_blank(text, key_end) + 1
}

/// Behind the string whose opening quote is at `start`.
pub(super) fn string_end(text: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    loop {
        at += plain_run(text.get(at..).unwrap_or_default());
        match byte(text, at) {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ if at >= text.len() => return text.len(),
            _ => at += 1,
        }
    }
}

/// Behind the token at `start`: a bracket, comma, colon, string, number or literal.
pub(super) fn token_end(text: &[u8], start: usize) -> usize {
    match byte(text, start) {
        b'"' => string_end(text, start),
        b'{' | b'}' | b'[' | b']' | b',' | b':' => start + 1,
        _ => {
            let rest = text.get(start..).unwrap_or_default();
            let ends = |byte: &u8| {
                matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b',' | b'}' | b']' | b'/')
            };
            start + rest.iter().position(ends).unwrap_or(rest.len())
        }
    }
}

/// Behind the value at `start`.
pub(super) fn value_end(text: Text<'_>, start: usize) -> usize {
    let bytes = text.bytes;
    if !Kind::of(bytes, start).is_container() {
        return token_end(bytes, start);
    }
    if let Some(end) = text.mark(start) {
        return end;
    }
    let mut depth = 0_usize;
    let mut at = start;
    while at < bytes.len() {
        match bytes[at] {
            b'"' => {
                at = string_end(bytes, at);
                continue;
            }
            // Indentation is much of a text, and comments are rare.
            b'\n' => {
                at = skip_white(bytes, at);
                continue;
            }
            b'/' => {
                at = comment_end(bytes, at).unwrap_or(at + 1);
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            _ => {}
        }
        at += 1;
        if depth == 0 {
            break;
        }
    }
    at
}

/// From the end of a child over the comma to the next child, or to the closing bracket.
pub(super) fn gap_end(text: &[u8], end: usize) -> usize {
    let at = skip_blank(text, end);
    if byte(text, at) == b',' { skip_blank(text, at + 1) } else { at }
}

/// The text between the key at `start` and its value, such as `: `.
pub(super) fn colon_gap(text: &[u8], start: usize) -> &[u8] {
    let colon = colon(text, start);
    text.get(colon.start..skip_blank(text, colon.end)).unwrap_or_default()
}

/// The white space on either side of the comma in the text between two children.
pub(super) fn around_comma(gap: &[u8]) -> (&[u8], &[u8]) {
    let at = skip_blank(gap, 0);
    let (before, after) = (gap.get(..at), gap.get(at + 1..));
    (last_blank(before.unwrap_or_default()), last_blank(after.unwrap_or_default()))
}

/// Behind the token that ends at `end`, at the next one. A comma that only JSONC allows is passed over.
pub(super) fn next_token(text: &[u8], end: usize) -> usize {
    let at = skip_blank(text, end);
    if byte(text, at) != b',' {
        return at;
    }
    let behind = skip_blank(text, at + 1);
    if matches!(byte(text, behind), b'}' | b']') { behind } else { at }
}

/// Whether the value at `start` is an array or object with something in it.
pub(super) fn is_filled(text: &[u8], start: usize) -> bool {
    let closes = || matches!(byte(text, skip_blank(text, start + 1)), b'}' | b']');
    Kind::of(text, start).is_container() && !closes()
}

/// How deeply the value at `start` is nested: 0 for a scalar, 1 for a flat array or object.
pub(super) fn depth(text: &[u8], start: usize) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let mut at = start;
    while at < text.len() {
        match text[at] {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            _ => {}
        }
        deepest = deepest.max(depth);
        at = skip_blank(text, token_end(text, at));
        if depth == 0 {
            break;
        }
    }
    deepest
}

/// Whether there is a comment in the value that is all of `text`.
pub(super) fn has_comment(text: &[u8]) -> bool {
    let mut at = 0;
    while at < text.len() {
        let end = token_end(text, at);
        let next = skip_white(text, end);
        if byte(text, next) == b'/' {
            return true;
        }
        at = next;
    }
    false
}
