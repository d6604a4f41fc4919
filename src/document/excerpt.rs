//! Errors about text that is not JSON, with the line where it stops being JSON.
//!
//! A document may hold secrets and an error may end up in the log of a CI job. So of the line only
//! keys, punctuation and white space are shown; letters and digits become `*`, and so does everything
//! in a string.

use super::scan::{self, Fault, byte, skip_blank, token_end};
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
    if !scan::is_blank(text) {
        message += &format!("\n{}", excerpt(text, start, fault.at));
    }
    Error::new(ErrorKind::InvalidJson, message)
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
    let mut place = if text[start..at].starts_with(scan::BOM) { start + 3 } else { start };
    while place < at {
        let token = skip_blank(text, place).min(at);
        let end = token_end(text, token).min(at);
        let colon = skip_blank(text, end);
        let is_key = colon < at && byte(text, token) == b'"' && byte(text, colon) == b':';
        push(&mut shown, &text[place..token], mask);
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

/// The line from the fault on. What is a string there nobody knows, so only marks are shown.
fn masked_after(rest: &[u8]) -> Vec<char> {
    let mut shown = Vec::new();
    let line = rest.split(|&byte| byte == b'\n').next().unwrap_or_default();
    push(&mut shown, &line[..line.len().min(REACH)], mask);
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

fn mask_string(letter: char) -> char {
    if letter == '"' { letter } else { '*' }
}

fn mask(letter: char) -> char {
    if matches!(letter, ' ' | '\t') || letter.is_ascii_punctuation() { letter } else { '*' }
}
