//! Comments, which JSONC has and JSON has not.
//!
//! In strict JSON no token begins with a slash, so what walks texts that passed validation can pass over
//! comments without knowing the dialect.

use super::{byte, skip_white};

/// Behind the comment at `start`, `None` if there is none or its end is missing. The line break behind a
/// line comment is not part of it.
pub(in crate::document) fn comment_end(text: &[u8], start: usize) -> Option<usize> {
    match text.get(start..)? {
        [b'/', b'/', rest @ ..] => {
            let line = rest.split(|&byte| byte == b'\n').next().unwrap_or_default();
            let is_last = line.len() == rest.len();
            let line = line.strip_suffix(b"\r").filter(|_| !is_last).unwrap_or(line);
            Some(start + 2 + line.len())
        }
        [b'/', b'*', rest @ ..] => {
            let length = rest.windows(2).position(|pair| pair == b"*/")?;
            Some(start + 2 + length + 2)
        }
        _ => None,
    }
}

/// As [`comment_end`], but `None` too for a line comment with a carriage return in it that ends no line:
/// to some programs it does, and what comes behind it is no comment to them.
pub(super) fn sound_comment_end(text: &[u8], start: usize) -> Option<usize> {
    let end = comment_end(text, start)?;
    let with_break = &text[start..text.len().min(end + 1)];
    let is_lone = |pair: &[u8]| pair[0] == b'\r' && pair[1] != b'\n';
    let is_sound = !is_line_comment(text, start) || !with_break.windows(2).any(is_lone);
    is_sound.then_some(end)
}

/// Whether the comment at `start` ends with its line.
pub(in crate::document) fn is_line_comment(text: &[u8], start: usize) -> bool {
    byte(text, start + 1) == b'/'
}

/// Behind the comments at `at` and the white space between and behind them.
#[cold]
pub(super) fn skip_comments(text: &[u8], mut at: usize) -> usize {
    while let Some(end) = comment_end(text, at) {
        at = skip_white(text, end);
    }
    at
}

/// The white space at the end of what stands between two tokens. Without comments that is all of it.
pub(in crate::document) fn last_blank(between: &[u8]) -> &[u8] {
    let is_blank = |byte: &&u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
    let length = between.iter().rev().take_while(is_blank).count();
    &between[between.len() - length..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_end_where_they_should() {
        for (text, rest) in [
            ("// a\n1", Some("\n1")),
            ("// a", Some("")),
            ("//", Some("")),
            ("// a \" ] , */ // b\r\n1", Some("\r\n1")),
            ("/* a */1", Some("1")),
            ("/**/1", Some("1")),
            ("/***/1", Some("1")),
            ("/* // \n \" [ , /* */ */", Some(" */")),
            ("/*/", None),
            ("/* a", None),
            ("/", None),
            ("/1", None),
            ("1", None),
        ] {
            let end = comment_end(text.as_bytes(), 0);
            assert_eq!(end.map(|end| &text[end..]), rest, "{text}");
        }
    }

    #[test]
    fn a_carriage_return_in_a_line_comment_ends_a_line_or_is_refused() {
        for (text, is_sound) in [
            ("// a\r\n1", true),
            ("// a\r1\n", false),
            ("// a\r\r\n", false),
            ("// a\r", true),
            ("/* a\rb */", true),
        ] {
            assert_eq!(sound_comment_end(text.as_bytes(), 0).is_some(), is_sound, "{text:?}");
        }
    }
}
