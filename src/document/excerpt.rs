//! Errors about text that is not JSON, with the line where it stops being JSON.
//!
//! A document may hold secrets and an error may end up in the log of a CI job. So of the line only
//! keys, punctuation and white space are shown; letters and digits become `*`, and so does everything
//! in a string or comment.

use super::scan::{self, Fault, byte, comment_end, skip_blank, skip_white, token_end};
use crate::error::{Error, ErrorKind};

/// How many characters of a line are shown.
const WIDTH: usize = 72;

/// How many bytes or characters are kept on either side of the fault before the line is cut.
const REACH: usize = 4 * WIDTH;

/// The error for `text`, in which `fault` was found.
pub(super) fn error(text: &[u8], fault: &Fault) -> Error {
    if !text.is_empty() && text.iter().all(|&byte| byte == 0) {
        return Error::new(
            ErrorKind::InvalidJson,
            "not valid JSON: nothing but NUL bytes, which looks like damage from a crash; \
             restore the content from a backup",
        );
    }
    let before = text.get(..fault.at).unwrap_or(text);
    let line = 1 + before.iter().filter(|&&byte| byte == b'\n').count();
    let start = before.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
    let column =
        String::from_utf8_lossy(&before[start..]).chars().filter(|&c| c != BOM).count() + 1;
    let mut message = format!("not valid JSON at line {line}, column {column}: {}", fault.expected);
    // Where there is nothing, there is nothing to show.
    if !scan::is_blank(line_at(text, start)) {
        message += &format!("\n{}", excerpt(text, start, fault.at));
    }
    Error::new(ErrorKind::InvalidJson, message)
}

/// The line that begins at `start`.
fn line_at(text: &[u8], start: usize) -> &[u8] {
    let rest = text.get(start..).unwrap_or_default();
    rest.split(|&byte| byte == b'\n').next().unwrap_or_default()
}

const BOM: char = '\u{FEFF}';

/// The masked line that begins at `start`, cut to the surroundings of `at`, and below it a caret.
fn excerpt(text: &[u8], start: usize, at: usize) -> String {
    let mut shown = masked_before(text, start, at);
    let caret = shown.len();
    shown.extend(masked_after(text.get(at..).unwrap_or_default()));
    let first = caret.saturating_sub(WIDTH / 2).min(shown.len().saturating_sub(WIDTH));
    let line: String = shown[first..].iter().take(WIDTH).collect();
    let pad = |letter: &char| if *letter == '\t' { '\t' } else { ' ' };
    let pad: String = shown[first..caret].iter().map(pad).collect();
    format!("{}\n{pad}^", line.trim_end())
}

/// The end of the line before the fault. It passed validation, so what stands before a colon is a
/// key; nothing else is.
fn masked_before(text: &[u8], start: usize, at: usize) -> Vec<char> {
    let mut shown = Vec::new();
    let mut place = last_token(text, start);
    while place < at {
        let token = skip_blank(text, place).min(at);
        let end = token_end(text, token).min(at);
        let colon = skip_blank(text, end);
        let is_key = colon < at && byte(text, token) == b'"' && byte(text, colon) == b':';
        push_blank(&mut shown, &text[..token], place, start);
        let mask = match byte(text, token) {
            b'"' if is_key => mask_control,
            b'"' => mask_string,
            _ => mask,
        };
        push(&mut shown, &text[token..end], mask);
        // Only a fault makes an empty token.
        place = end.max(place + 1);
        if shown.len() > 4 * REACH {
            shown.drain(..2 * REACH);
        }
    }
    shown
}

/// Behind the last token that ends before the line at `start`: a comment may have begun there.
fn last_token(text: &[u8], start: usize) -> usize {
    let mut place = if text.starts_with(scan::BOM) { scan::BOM.len() } else { 0 };
    loop {
        let token = skip_blank(text, place);
        let end = token_end(text, token);
        if token >= start || end == token {
            return place;
        }
        place = end;
    }
}

/// Appends the white space and the comments from `at` to the end of `text`, as far as they stand in the line
/// at `start`.
fn push_blank(shown: &mut Vec<char>, text: &[u8], mut at: usize, start: usize) {
    while at < text.len() {
        let comment = skip_white(text, at);
        let end = comment_end(text, comment).unwrap_or(text.len()).min(text.len());
        let mark = (comment + 2).min(end);
        for (from, to, mask) in [
            (at, comment, mask as fn(char) -> char),
            (comment, mark, mask),
            (mark, end, mask_comment),
        ] {
            push(shown, text.get(from.max(start)..to).unwrap_or_default(), mask);
        }
        at = end;
    }
}

/// The line from the fault on. What is a string there nobody knows, so only marks are shown,
/// and nothing of what may be a comment.
fn masked_after(rest: &[u8]) -> Vec<char> {
    let mut shown = Vec::new();
    let line = rest.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let line = &line[..line.len().min(REACH)];
    let is_mark = |pair: &[u8]| pair == b"//" || pair == b"/*";
    let comment = line.windows(2).position(is_mark).map_or(line.len(), |at| at + 2);
    push(&mut shown, &line[..comment], mask);
    push(&mut shown, &line[comment..], mask_comment);
    shown
}

/// Appends `piece`, masked; of a long one only the end.
fn push(shown: &mut Vec<char>, piece: &[u8], mask: fn(char) -> char) {
    let end = &piece[piece.len().saturating_sub(REACH)..];
    let text = String::from_utf8_lossy(end);
    shown.extend(text.chars().filter(|&letter| letter != '\r').map(mask));
}

fn mask_control(letter: char) -> char {
    if letter.is_control() { '*' } else { letter }
}

fn mask_comment(_: char) -> char {
    '*'
}

fn mask_string(letter: char) -> char {
    if letter == '"' { letter } else { '*' }
}

fn mask(letter: char) -> char {
    if matches!(letter, ' ' | '\t') || letter.is_ascii_punctuation() { letter } else { '*' }
}
