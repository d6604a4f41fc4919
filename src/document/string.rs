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
