//! Text as lines, each of which is an edit.

use crate::report::Failed;
use anyhow::{Context as _, Result};
use jsonlock::{Change, Document, ErrorKind, Json, Patch};
use std::io::{self, BufRead, Read as _};

/// How many bytes a line may have. Without a limit, input without line breaks would fill the memory.
const LONGEST: u64 = 64 << 20;

/// An edit that was asked for.
#[derive(Debug)]
pub(super) struct Line {
    /// Counted from 1, blank lines included.
    pub(super) number: u64,
    /// In bytes.
    pub(super) length: usize,
    /// What to do to the document, or what is wrong with the line.
    pub(super) change: Result<Change>,
}

/// The lines of an input that are not blank.
pub(super) struct Lines<R> {
    input: R,
    number: u64,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(input: R) -> Self {
        Lines { input, number: 0 }
    }

    /// The text of the next line, none if there is no more. A line that is too long ends early.
    fn next_text(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut text = Vec::new();
        self.input.by_ref().take(LONGEST + 1).read_until(b'\n', &mut text)?;
        if is_too_long(&text) {
            self.input.skip_until(b'\n')?;
        }
        Ok(Some(text).filter(|text| !text.is_empty()))
    }
}

impl<R: BufRead> Iterator for Lines<R> {
    type Item = Result<Line>;

    fn next(&mut self) -> Option<Result<Line>> {
        loop {
            let text = match self.next_text().context("cannot read standard input") {
                Ok(text) => text?,
                Err(error) => return Some(Err(error)),
            };
            self.number += 1;
            if !Document::is_blank(&text) {
                let length = text.len();
                return Some(Ok(Line { number: self.number, length, change: change(text) }));
            }
        }
    }
}

fn is_too_long(text: &[u8]) -> bool {
    text.len() as u64 > LONGEST && !text.ends_with(b"\n")
}

fn change(text: Vec<u8>) -> Result<Change> {
    if is_too_long(&text) {
        return Err(invalid("the line is longer than 64 MiB; make this edit with merge or patch"));
    }
    let text = String::from_utf8(text).map_err(|_| invalid("the line is not UTF-8"))?;
    let json = Json::parse(text.trim()).map_err(without_line)?;
    match json.as_str().as_bytes().first() {
        Some(b'{') => Ok(Change::Merge(json)),
        Some(b'[') => Ok(Change::Patch(Patch::new(json)?)),
        _ => {
            Err(invalid("the line is neither an object, a merge patch, nor an array, a JSON Patch"))
        }
    }
}

fn invalid(message: &str) -> anyhow::Error {
    Failed::new(ErrorKind::InvalidJson, message.to_owned()).into()
}

/// The text is one line of many, so that it is its line 1 would be misread.
fn without_line(error: jsonlock::Error) -> anyhow::Error {
    let text = error.to_string();
    Failed::new(error.kind(), text.replacen("at line 1, column", "at column", 1)).into()
}
