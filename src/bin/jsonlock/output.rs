//! What goes to standard output. It is collected and written at once, so that nothing is printed where
//! something fails, unless it is meant to be, and a full disk or a closed pipe is noticed.

use crate::report::Failed;
use anyhow::{Context as _, Result};
use bytes::Bytes;
use jsonlock::{Document, ErrorKind, Json, Path};
use std::borrow::Cow;
use std::io::{self, BufWriter, Write};

/// How much is written at a time, at least.
const BLOCK: usize = 1 << 16;

/// What has been collected. Documents and their values may be large, so they are not copied.
#[derive(Default)]
pub(crate) struct Output<'a> {
    parts: Vec<Part<'a>>,
    /// What comes behind the parts.
    text: Vec<u8>,
}

enum Part<'a> {
    Text(Vec<u8>),
    /// A part of a document.
    Piece(Bytes),
    /// A value to be moved to the left margin.
    Value(Cow<'a, str>),
}

impl<'a> Output<'a> {
    pub(crate) fn is_empty(&self) -> bool {
        self.parts.is_empty() && self.text.is_empty()
    }

    /// What has been collected last, to be added to.
    pub(crate) fn text(&mut self) -> &mut Vec<u8> {
        &mut self.text
    }

    fn push(&mut self, part: Part<'a>) {
        if !self.text.is_empty() {
            self.parts.push(Part::Text(std::mem::take(&mut self.text)));
        }
        self.parts.push(part);
    }

    /// Adds a text, which is not copied if it is long.
    fn push_text(&mut self, text: Vec<u8>) {
        match text.len() {
            0..BLOCK => self.text.extend_from_slice(&text),
            _ => self.push(Part::Text(text)),
        }
    }

    /// Adds a whole document, with a final newline if it has none.
    pub(crate) fn push_document(&mut self, pieces: impl IntoIterator<Item = Bytes>) {
        let mut ends_line = false;
        for piece in pieces {
            ends_line = piece.ends_with(b"\n");
            self.push(Part::Piece(piece));
        }
        if !ends_line {
            self.text.push(b'\n');
        }
    }

    /// Writes all of it.
    pub(crate) fn write(&self) -> Result<()> {
        let written = self.write_to(BufWriter::with_capacity(BLOCK, io::stdout().lock()));
        written.context("cannot write to standard output")
    }

    fn write_to(&self, mut out: impl Write) -> io::Result<()> {
        for part in &self.parts {
            match part {
                Part::Text(text) => out.write_all(text)?,
                Part::Piece(piece) => out.write_all(piece)?,
                Part::Value(value) => write_outdented(value, &mut out)?,
            }
        }
        out.write_all(&self.text)?;
        out.flush()
    }
}

/// How values are printed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Format {
    pub(crate) strings: Strings,
    pub(crate) layout: Layout,
    pub(crate) end: u8,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Strings {
    /// The text itself, as `jq -r` prints it.
    Raw,
    /// JSON, with quotes.
    Quoted,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Layout {
    /// As it stands in the document, moved to the left margin.
    AsIs,
    /// Many lines, two spaces to a level.
    Pretty,
    OneLine,
}

impl Default for Format {
    /// As `jq -r` prints.
    fn default() -> Self {
        Format { strings: Strings::Raw, layout: Layout::Pretty, end: b'\n' }
    }
}

impl Format {
    /// Appends a value to the output.
    pub(crate) fn push<'a>(
        &self,
        output: &mut Output<'a>,
        value: impl Into<Cow<'a, str>>,
    ) -> Result<()> {
        let value = value.into();
        match (self.strings, self.layout) {
            (Strings::Raw, _) if value.starts_with('"') => {
                let text: String = serde_json::from_str(&value).map_err(|_| {
                    let message = "a string holds half of a surrogate pair; use --json to see it";
                    Failed::new(ErrorKind::InvalidJson, message.to_owned())
                })?;
                output.push_text(text.into_bytes());
            }
            (_, Layout::AsIs) => output.push(Part::Value(value)),
            (_, Layout::OneLine) => {
                let compact = Json::parse(value)?.compact();
                output.text().extend_from_slice(compact.as_str().as_bytes());
            }
            (_, Layout::Pretty) => {
                output.text().extend_from_slice(pretty(&value)?.trim_ascii_end());
            }
        }
        output.text().push(self.end);
        Ok(())
    }
}

fn pretty(value: &str) -> Result<Bytes> {
    let mut document = Document::absent();
    document.set(&Path::root(), Json::parse(value)?)?;
    Ok(document.to_bytes())
}

/// Takes from each line the indentation that its last line has: the closing bracket stands as deep as
/// the line on which the value began. Strings cannot be damaged, since they hold no line breaks.
fn write_outdented(value: &str, out: &mut impl Write) -> io::Result<()> {
    let last = value.rsplit_once('\n').map_or("", |(_, last)| last);
    let indent = &last[..last.len() - last.trim_start().len()];
    if indent.is_empty() {
        return out.write_all(value.as_bytes());
    }
    for line in value.split_inclusive('\n') {
        out.write_all(line.strip_prefix(indent).unwrap_or(line).as_bytes())?;
    }
    Ok(())
}

/// Writes what there is at once.
pub(crate) fn write(text: Vec<u8>) -> Result<()> {
    Output { parts: Vec::new(), text }.write()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_move_to_the_left_margin() {
        for (value, expected) in [
            ("1", "1"),
            ("{\n    \"a\": 1\n  }", "{\n  \"a\": 1\n}"),
            ("[\r\n\t\t1\r\n\t]", "[\r\n\t1\r\n]"),
            ("[\n1\n]", "[\n1\n]"),
        ] {
            let mut written = Vec::new();
            write_outdented(value, &mut written).unwrap();
            assert_eq!(String::from_utf8(written).unwrap(), expected);
        }
    }
}
