//! From the values that filters compute with to compact JSON text.

use std::fmt::Write;

use jaq_json::{Map, Num, Val};

use super::read::MAX_DEPTH;
use super::value::kind;

/// The text of a value.
pub(super) struct Text {
    pub(super) text: String,
    /// What in the value JSON has no words for. The text has a stand-in for it, the one jq prints.
    pub(super) foreign: Option<&'static str>,
}

/// Writes a value that may hold what JSON does not.
pub(super) fn text(value: &Val) -> Text {
    let mut writer = Writer { out: Text { text: String::new(), foreign: None }, depth: 0 };
    writer.value(value);
    writer.out
}

/// Writes a string, which always is JSON.
pub(super) fn string(text: &str) -> String {
    let mut out = String::from("\"");
    escape(text, &mut out);
    out.push('"');
    out
}

struct Writer {
    out: Text,
    depth: usize,
}

impl Writer {
    fn push(&mut self, text: &str) {
        self.out.text.push_str(text);
    }

    fn stand_in(&mut self, text: &str, foreign: &'static str) {
        self.out.foreign = Some(foreign);
        self.push(text);
    }

    fn value(&mut self, value: &Val) {
        match value {
            Val::Null => self.push("null"),
            Val::Bool(true) => self.push("true"),
            Val::Bool(false) => self.push("false"),
            Val::Num(number) => self.number(number),
            Val::TStr(bytes) => self.string(bytes),
            Val::BStr(bytes) => {
                self.out.foreign = Some(kind(value));
                self.string(bytes);
            }
            Val::Arr(_) | Val::Obj(_) if self.depth == MAX_DEPTH => {
                self.stand_in("null", "a value that is nested more than 10,000 levels deep");
            }
            Val::Arr(values) => {
                self.depth += 1;
                self.array(values);
                self.depth -= 1;
            }
            Val::Obj(members) => {
                self.depth += 1;
                self.object(members);
                self.depth -= 1;
            }
        }
    }

    fn number(&mut self, number: &Num) {
        match number {
            Num::Dec(spelling) => self.push(spelling),
            Num::Float(x) if x.is_nan() => self.stand_in("null", "NaN"),
            Num::Float(f64::INFINITY) => self.stand_in("1.7976931348623157e308", "Infinity"),
            Num::Float(f64::NEG_INFINITY) => self.stand_in("-1.7976931348623157e308", "-Infinity"),
            _ => {
                // Writing to a string cannot fail.
                let _ = write!(self.out.text, "{number}");
            }
        }
    }

    fn array(&mut self, values: &[Val]) {
        let mut separator = "[";
        for value in values {
            self.push(separator);
            self.value(value);
            separator = ",";
        }
        self.push(if values.is_empty() { "[]" } else { "]" });
    }

    fn object(&mut self, members: &Map) {
        let mut separator = "{";
        for (key, value) in members {
            self.push(separator);
            self.value(key);
            self.push(":");
            self.value(value);
            separator = ",";
        }
        self.push(if members.is_empty() { "{}" } else { "}" });
    }

    /// Lone surrogates, which a JSON text can name, become escapes again; other bytes that are not
    /// UTF-8 become U+FFFD, as in jq.
    fn string(&mut self, bytes: &[u8]) {
        self.push("\"");
        let mut rest = bytes;
        while let Err(error) = std::str::from_utf8(rest) {
            let (valid, invalid) = rest.split_at(error.valid_up_to());
            escape(&String::from_utf8_lossy(valid), &mut self.out.text);
            rest = self.invalid(invalid, error.error_len());
        }
        escape(&String::from_utf8_lossy(rest), &mut self.out.text);
        self.push("\"");
    }

    /// Writes the first bytes of `rest`, which are not UTF-8, and returns those after them.
    fn invalid<'b>(&mut self, rest: &'b [u8], len: Option<usize>) -> &'b [u8] {
        if let [0xed, second @ 0xa0..=0xbf, third @ 0x80..=0xbf, rest @ ..] = rest {
            let surrogate = 0xd000 | (u32::from(second & 0x3f) << 6) | u32::from(third & 0x3f);
            // Writing to a string cannot fail.
            let _ = write!(self.out.text, "\\u{surrogate:04x}");
            return rest;
        }
        self.push("\u{fffd}");
        &rest[len.unwrap_or(rest.len())..]
    }
}

fn escape(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find(|c| matches!(c, '"' | '\\' | '\0'..='\x1f' | '\x7f')) {
        out.push_str(&rest[..at]);
        match rest.as_bytes()[at] {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\t' => out.push_str("\\t"),
            b'\r' => out.push_str("\\r"),
            0x08 => out.push_str("\\b"),
            0x0c => out.push_str("\\f"),
            control => {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\u{control:04x}");
            }
        }
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
}
