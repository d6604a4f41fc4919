//! JSON strings: what their escapes mean, and how to write one.

use std::borrow::Cow;
use std::fmt::Write as _;

/// The bytes that the JSON string `quoted` (quotes included) denotes.
///
/// They are WTF-8, which is UTF-8 that also has room for half a surrogate pair, because JSON permits
/// `"\ud800"`. Equal strings give equal bytes however they are escaped.
pub(super) fn decode(quoted: &[u8]) -> Cow<'_, [u8]> {
    let inner = match quoted {
        [b'"', inner @ .., b'"'] => inner,
        other => other,
    };
    if !inner.contains(&b'\\') {
        return Cow::Borrowed(inner);
    }
    let mut decoded = Vec::with_capacity(inner.len());
    let mut rest = inner;
    loop {
        rest = match rest {
            [] => return Cow::Owned(decoded),
            [b'\\', b'u', after @ ..] => {
                let (code, after) = code_point(after);
                push_wtf8(&mut decoded, code);
                after
            }
            [b'\\', letter, after @ ..] => {
                decoded.push(unescape(*letter));
                after
            }
            [other, after @ ..] => {
                decoded.push(*other);
                after
            }
        };
    }
}

/// `text` as a JSON string. Only what must be escaped is.
pub(super) fn encode(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for letter in text.chars() {
        match letter {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\u{8}' => quoted.push_str("\\b"),
            '\u{c}' => quoted.push_str("\\f"),
            // Writing to a string cannot fail.
            '\0'..' ' => _ = write!(quoted, "\\u{:04x}", u32::from(letter)),
            _ => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}

/// Writes the JSON string that denotes the bytes `decoded`, as filters write it.
///
/// Lone surrogates, which a JSON text can name, become escapes again; other bytes that are not UTF-8
/// become U+FFFD, as in jq.
pub(crate) fn respell(decoded: &[u8], out: &mut Vec<u8>) {
    out.push(b'"');
    let mut rest = decoded;
    while let Err(error) = str::from_utf8(rest) {
        let (valid, invalid) = rest.split_at(error.valid_up_to());
        escape(valid, out);
        rest = respell_invalid(invalid, error.error_len(), out);
    }
    escape(rest, out);
    out.push(b'"');
}

/// Writes the first bytes of `rest`, which are not UTF-8, and returns those after them.
fn respell_invalid<'b>(rest: &'b [u8], len: Option<usize>, out: &mut Vec<u8>) -> &'b [u8] {
    if let [0xed, second @ 0xa0..=0xbf, third @ 0x80..=0xbf, rest @ ..] = rest {
        let surrogate = 0xd000 | (u32::from(second & 0x3f) << 6) | u32::from(third & 0x3f);
        out.extend_from_slice(format!("\\u{surrogate:04x}").as_bytes());
        return rest;
    }
    out.extend_from_slice("\u{fffd}".as_bytes());
    &rest[len.unwrap_or(rest.len())..]
}

fn escape(text: &[u8], out: &mut Vec<u8>) {
    let is_special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..=0x1f | 0x7f);
    let mut rest = text;
    while let Some(at) = rest.iter().position(is_special) {
        out.extend_from_slice(&rest[..at]);
        match rest[at] {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\t' => out.extend_from_slice(b"\\t"),
            b'\r' => out.extend_from_slice(b"\\r"),
            0x08 => out.extend_from_slice(b"\\b"),
            0x0c => out.extend_from_slice(b"\\f"),
            control => out.extend_from_slice(format!("\\u{control:04x}").as_bytes()),
        }
        rest = &rest[at + 1..];
    }
    out.extend_from_slice(rest);
}

/// The code point whose digits come first in `text`, with the second half of a surrogate pair if one
/// follows, and what is left.
fn code_point(text: &[u8]) -> (u32, &[u8]) {
    let (first, after) = hex4(text);
    if !(0xD800..0xDC00).contains(&first) {
        return (first, after);
    }
    match after {
        [b'\\', b'u', digits @ ..] => match hex4(digits) {
            (second @ 0xDC00..0xE000, after) => {
                (0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00), after)
            }
            _ => (first, after),
        },
        _ => (first, after),
    }
}

fn hex4(text: &[u8]) -> (u32, &[u8]) {
    let (digits, rest) = text.split_at_checked(4).unwrap_or((text, &[]));
    let digit = |&byte: &u8| char::from(byte).to_digit(16).unwrap_or(0);
    (digits.iter().fold(0, |code, byte| code * 16 + digit(byte)), rest)
}

fn unescape(letter: u8) -> u8 {
    match letter {
        b'b' => 0x08,
        b'f' => 0x0C,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        other => other,
    }
}

fn push_wtf8(bytes: &mut Vec<u8>, code: u32) {
    match char::from_u32(code) {
        Some(letter) => bytes.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes()),
        // Half a surrogate pair, in the three bytes that UTF-8 would use if it allowed it.
        None => bytes.extend([
            0xE0 | (code >> 12) as u8,
            0x80 | (code >> 6 & 0x3F) as u8,
            0x80 | (code & 0x3F) as u8,
        ]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_decode_to_what_they_mean() {
        let cases: &[(&str, &[u8])] = &[
            (r#""""#, b""),
            (r#""plain""#, b"plain"),
            (r#""\"\\\/\b\f\n\r\t""#, b"\"\\/\x08\x0C\n\r\t"),
            (r#""\u00e9\u00E9""#, "éé".as_bytes()),
            (r#""\ud83d\ude00""#, "😀".as_bytes()),
            (r#""\ud83d""#, b"\xED\xA0\xBD"),
            (r#""\ude00\ud83d""#, b"\xED\xB8\x80\xED\xA0\xBD"),
            (r#""\ud83dx\ude00""#, b"\xED\xA0\xBDx\xED\xB8\x80"),
            (r#""\ud83d\ud83d\ude00""#, b"\xED\xA0\xBD\xF0\x9F\x98\x80"),
            (r#""\ud83d\n""#, b"\xED\xA0\xBD\n"),
            (r#""\u0000""#, b"\0"),
        ];
        for (quoted, bytes) in cases {
            assert_eq!(decode(quoted.as_bytes()), *bytes, "{quoted}");
        }
    }

    #[test]
    fn what_is_encoded_decodes_to_itself() {
        for text in ["", "a\"b\\c/d", "\u{0}\u{1f}\u{7f}\n\r\t\u{8}\u{c}", "é😀\u{2028}"] {
            let quoted = encode(text);
            assert_eq!(decode(quoted.as_bytes()), text.as_bytes());
            assert_eq!(serde_json::from_str::<String>(&quoted).unwrap(), text);
        }
    }
}
