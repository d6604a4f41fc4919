//! What the formats `@csv`, `@sh` and so on make of a value.

use jaq_core::ValR;
use jaq_json::Val;

use super::super::value::{Failure, Seen, Value};
use super::super::write;

type Result<T> = std::result::Result<T, Failure>;

/// What a string is made of that stands for the value, without copying one that is a string.
pub(super) fn text(value: &Value) -> std::borrow::Cow<'_, [u8]> {
    match value {
        Value::Plain(Val::TStr(text) | Val::BStr(text)) => std::borrow::Cow::Borrowed(text),
        _ => std::borrow::Cow::Owned(write::json(value).into_bytes()),
    }
}

/// What stands for a byte, if it does not stand for itself.
type Escape = fn(u8) -> Option<&'static str>;

fn escaped(text: &[u8], escape: Escape, out: &mut Vec<u8>) {
    let mut kept = 0;
    for (at, byte) in text.iter().enumerate() {
        if let Some(replacement) = escape(*byte) {
            out.extend_from_slice(&text[kept..at]);
            out.extend_from_slice(replacement.as_bytes());
            kept = at + 1;
        }
    }
    out.extend_from_slice(&text[kept..]);
}

/// A row of values, as a string.
struct Row {
    separator: &'static str,
    quote: &'static str,
    escape: Escape,
    /// What stands for null.
    null: &'static str,
    name: &'static str,
}

impl Row {
    fn of(&self, values: &[Value]) -> ValR<Value> {
        let mut out = Vec::new();
        for (number, value) in values.iter().enumerate() {
            if number > 0 {
                out.extend_from_slice(self.separator.as_bytes());
            }
            self.append(value, &mut out)?;
        }
        Ok(Value::string(out))
    }

    fn append(&self, value: &Value, out: &mut Vec<u8>) -> Result<()> {
        match value {
            Value::Plain(Val::TStr(text)) => {
                out.extend_from_slice(self.quote.as_bytes());
                escaped(text, self.escape, out);
                out.extend_from_slice(self.quote.as_bytes());
            }
            Value::Plain(Val::Null) => out.extend_from_slice(self.null.as_bytes()),
            Value::Plain(Val::Num(_)) if is_nan(value) => {
                out.extend_from_slice(self.null.as_bytes())
            }
            Value::Plain(_) => out.extend_from_slice(&text(value)),
            _ => {
                let name = self.name;
                return Err(Failure::str(format_args!("a row of {name} cannot hold {value}")));
            }
        }
        Ok(())
    }
}

fn is_nan(value: &Value) -> bool {
    jaq_std::ValT::as_f64(value).is_some_and(f64::is_nan)
}

const CSV: Row = Row {
    separator: ",",
    quote: "\"",
    escape: |byte| match byte {
        0 => Some("\\0"),
        b'"' => Some("\"\""),
        _ => None,
    },
    null: "",
    name: "@csv",
};

const TSV: Row = Row {
    separator: "\t",
    quote: "",
    escape: |byte| match byte {
        0 => Some("\\0"),
        b'\t' => Some("\\t"),
        b'\r' => Some("\\r"),
        b'\n' => Some("\\n"),
        b'\\' => Some("\\\\"),
        _ => None,
    },
    null: "",
    name: "@tsv",
};

const SHELL: Row = Row {
    separator: " ",
    quote: "'",
    escape: |byte| match byte {
        0 => Some("\\0"),
        b'\'' => Some("'\\''"),
        _ => None,
    },
    null: "null",
    name: "@sh",
};

pub(super) fn csv(value: &Value) -> ValR<Value> {
    only_row(value, &CSV)
}

pub(super) fn tsv(value: &Value) -> ValR<Value> {
    only_row(value, &TSV)
}

fn only_row(value: &Value, row: &Row) -> ValR<Value> {
    match value.seen() {
        Seen::Arr(values) => row.of(values),
        _ => Err(Failure::str(format_args!("{} takes an array, not {value}", row.name))),
    }
}

pub(super) fn shell(value: &Value) -> ValR<Value> {
    match value.seen() {
        Seen::Arr(values) => SHELL.of(values),
        _ => SHELL.of(std::slice::from_ref(value)),
    }
}

pub(super) fn html(value: &Value) -> Value {
    let mut out = Vec::new();
    let escape: Escape = |byte| match byte {
        0 => Some("\\0"),
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        b'\'' => Some("&apos;"),
        b'"' => Some("&quot;"),
        _ => None,
    };
    escaped(&text(value), escape, &mut out);
    Value::string(out)
}

/// Decodes percent signs. What is not two digits behind one, or is not UTF-8 then, is refused.
pub(super) fn from_uri(value: &Value) -> ValR<Value> {
    let (encoded, mut out) = (text(value), Vec::new());
    let mut parts = encoded.split(|byte| *byte == b'%');
    out.extend_from_slice(parts.next().unwrap_or_default());
    for part in parts {
        let digits = part.get(..2).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        let byte = digits.and_then(|digits| std::str::from_utf8(digits).ok());
        let byte = byte.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        out.push(byte.ok_or_else(|| Failure::str("@urid takes two digits behind a percent sign"))?);
        out.extend_from_slice(&part[2..]);
    }
    match std::str::from_utf8(&out) {
        Ok(_) => Ok(Value::string(out)),
        Err(_) => Err(Failure::str("@urid takes what is UTF-8")),
    }
}

/// Decodes base64 up to the first `=`. Padding may be missing, and what is not UTF-8 is replaced.
pub(super) fn from_base64(value: &Value) -> ValR<Value> {
    let encoded = text(value);
    let sextets = encoded.iter().take_while(|byte| **byte != b'=');
    let sextets: Option<Vec<u8>> = sextets.map(|byte| sextet(*byte)).collect();
    let sextets = sextets.ok_or_else(|| Failure::str("@base64d takes letters of base64"))?;
    let mut out = Vec::with_capacity(sextets.len() / 4 * 3 + 2);
    for group in sextets.chunks(4) {
        let bits = group.iter().fold(0u32, |bits, sextet| bits << 6 | u32::from(*sextet));
        let bits = bits << (6 * (4 - group.len()));
        match group.len() {
            1 => return Err(Failure::str("@base64d takes no single letter at the end")),
            len => out.extend_from_slice(&bits.to_be_bytes()[1..len]),
        }
    }
    Ok(Value::string(match String::from_utf8(out) {
        Ok(text) => text,
        Err(error) => repaired(error.as_bytes()),
    }))
}

/// Replaces what is not UTF-8 as jq does: one sign for as many bytes as belong together, and one for all
/// that is left if that is shorter than its first byte says.
fn repaired(mut bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    while let [first, ..] = bytes {
        let len = match first {
            0..=0xc1 | 0xf5.. => 1,
            0xc2..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xf4 => 4,
        };
        let end = bytes.len().min(len);
        let is_amid = |at: &usize| bytes[*at] & 0xc0 == 0x80;
        let end = if end < len { end } else { (1..len).find(|at| !is_amid(at)).unwrap_or(len) };
        text.push_str(std::str::from_utf8(&bytes[..end]).unwrap_or("\u{fffd}"));
        bytes = &bytes[end..];
    }
    text
}

fn sextet(letter: u8) -> Option<u8> {
    match letter {
        b'A'..=b'Z' => Some(letter - b'A'),
        b'a'..=b'z' => Some(letter - b'a' + 26),
        b'0'..=b'9' => Some(letter - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}
