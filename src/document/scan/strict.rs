//! From JSONC to strict JSON: the text without comments and trailing commas, laid out as it was.

use std::ops::Range;

use super::{byte, comment_end, skip_blank, string_end};

/// The text of a value without comments and trailing commas. A comment that is alone on its lines takes
/// them along, and of the empty lines around it all but one; others take the blanks beside them along,
/// unless they have some on both sides.
pub(in crate::document) fn strict(text: &[u8]) -> Vec<u8> {
    let mut result = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let end = match text[at] {
            b'"' => string_end(text, at),
            b'/' => {
                at = without(text, comments(text, at), &mut result);
                continue;
            }
            b',' if is_trailing(text, at) => {
                at += 1;
                continue;
            }
            _ => at + 1,
        };
        result.extend_from_slice(&text[at..end]);
        at = end;
    }
    result
}

fn is_trailing(text: &[u8], comma: usize) -> bool {
    matches!(byte(text, skip_blank(text, comma + 1)), b'}' | b']')
}

/// The comment at `start` with those behind it on the same line.
fn comments(text: &[u8], start: usize) -> Range<usize> {
    let mut end = comment_end(text, start).unwrap_or(text.len());
    loop {
        let next = end + blanks(&text[end..]);
        match comment_end(text, next) {
            Some(behind) => end = behind,
            None => return start..end,
        }
    }
}

/// Leaves out `comments`, before which everything was written. Gives where to go on.
fn without(text: &[u8], comments: Range<usize>, result: &mut Vec<u8>) -> usize {
    let before = result.iter().rev().take_while(|byte| is_blank(byte)).count();
    let behind = comments.end + blanks(&text[comments.end..]);
    let rest = text.get(behind..).unwrap_or_default();
    let ends_line = rest.is_empty() || rest.starts_with(b"\n") || rest.starts_with(b"\r\n");
    let begins_line = before == result.len() || result[result.len() - before - 1] == b'\n';
    match (begins_line, ends_line) {
        (true, true) => {
            result.truncate(result.len() - before);
            let next = behind + line_end(rest);
            if ends_with_space(result) { skip_empty_lines(text, next) } else { next }
        }
        (true, false) => behind,
        (false, false) if before > 0 && behind > comments.end => behind,
        (false, _) => {
            result.truncate(result.len() - before);
            behind
        }
    }
}

/// Whether an empty line, or that of an opening bracket, has just ended.
fn ends_with_space(text: &[u8]) -> bool {
    let line = text.strip_suffix(b"\n").unwrap_or(text);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let before = &line[..line.len() - line.iter().rev().take_while(|byte| is_blank(byte)).count()];
    matches!(before.last(), None | Some(b'{' | b'[' | b'\n'))
}

/// The first line from `start` on that is not empty.
fn skip_empty_lines(text: &[u8], mut start: usize) -> usize {
    loop {
        let rest = text.get(start..).unwrap_or_default();
        let length = line_end(rest);
        if length == 0 || !rest[..length].trim_ascii().is_empty() {
            return start;
        }
        start += length;
    }
}

/// Where the line behind the first one begins.
fn line_end(text: &[u8]) -> usize {
    text.iter().position(|&byte| byte == b'\n').map_or(0, |at| at + 1)
}

fn blanks(text: &[u8]) -> usize {
    text.iter().take_while(|byte| is_blank(byte)).count()
}

fn is_blank(byte: &u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_laid_out_as_it_was() {
        for (text, expected) in [
            ("[1, 2]", "[1, 2]"),
            ("[1, /* two */ 2, 3]", "[1, 2, 3]"),
            ("[1 /* one */, 2]", "[1, 2]"),
            ("[/* one */1/* one */,2]", "[1,2]"),
            ("[1, /* a */ /* b */ 2]", "[1, 2]"),
            ("[1,]", "[1]"),
            ("[1, /* , */ ]", "[1 ]"),
            ("[1 ,\n]", "[1 \n]"),
            ("[\n  1, // one\n  // two\n  2 // two\n]", "[\n  1,\n  2\n]"),
            ("[\n  /* a\n   b */\n  1\n]", "[\n  1\n]"),
            ("[\r\n\t// a\r\n\t1, // b\r\n]", "[\r\n\t1\r\n]"),
            ("[\n  /* a */ 1\n]", "[\n  1\n]"),
            ("[ // a\n]", "[\n]"),
            ("{\"a\": // b\n  1}", "{\"a\":\n  1}"),
            (r#"["http://a", "/* b */", "\"//"]"#, r#"["http://a", "/* b */", "\"//"]"#),
            ("[\n  // a\n\n  // b\n  1,\n\n  // c\n\n  2\n]", "[\n  1,\n\n  2\n]"),
            ("[ // a\r\n\r\n  // b\r\n \r\n  1\r\n]", "[\r\n\r\n  1\r\n]"),
            ("[\n  1, // a\n\n\n  2\n  // b\n\n]", "[\n  1,\n\n\n  2\n\n]"),
            ("[1 // ] \" ,\n, 2 /* ] */]", "[1\n, 2]"),
        ] {
            assert_eq!(String::from_utf8(strict(text.as_bytes())).unwrap(), expected, "{text}");
        }
    }
}
