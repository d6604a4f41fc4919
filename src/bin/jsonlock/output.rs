//! What goes to standard output. It is collected and written at once, so that a full disk or a closed
//! pipe is noticed.

use crate::report::Failed;
use anyhow::{Context as _, Result};
use jsonlock::{Document, ErrorKind, Json, Path};
use std::io::{self, Write as _};

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
    pub(crate) fn push(&self, output: &mut Vec<u8>, value: &str) -> Result<()> {
        match self.strings {
            Strings::Raw if value.starts_with('"') => {
                let text: String = serde_json::from_str(value).map_err(|_| {
                    let message = "a string holds half of a surrogate pair; use --json to see it";
                    Failed::new(ErrorKind::InvalidJson, message.to_owned())
                })?;
                output.extend_from_slice(text.as_bytes());
            }
            _ => output.extend_from_slice(self.layout.apply(value)?.as_bytes()),
        }
        output.push(self.end);
        Ok(())
    }
}

impl Layout {
    fn apply(self, value: &str) -> Result<String> {
        Ok(match self {
            Layout::AsIs => outdent(value),
            Layout::OneLine => Json::parse(value)?.compact().to_string(),
            Layout::Pretty => {
                let mut document = Document::absent();
                document.set(&Path::root(), Json::parse(value)?)?;
                String::from_utf8_lossy(&document.to_bytes()).trim_end().to_owned()
            }
        })
    }
}

/// Takes from each line the indentation that its last line has: the closing bracket stands as deep as
/// the line on which the value began. Strings cannot be damaged, since they hold no line breaks.
fn outdent(value: &str) -> String {
    let Some((_, last)) = value.rsplit_once('\n') else { return value.to_owned() };
    let indent = &last[..last.len() - last.trim_start().len()];
    let lines = value.split_inclusive('\n');
    lines.map(|line| line.strip_prefix(indent).unwrap_or(line)).collect()
}

/// Appends a whole document, with a final newline if it has none.
pub(crate) fn push_document(output: &mut Vec<u8>, text: &[u8]) {
    output.extend_from_slice(text);
    if !text.ends_with(b"\n") {
        output.push(b'\n');
    }
}

/// Writes what has been collected.
pub(crate) fn write(output: &[u8]) -> Result<()> {
    let mut stdout = io::stdout().lock();
    let written = stdout.write_all(output).and_then(|()| stdout.flush());
    written.context("cannot write to standard output")
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
            assert_eq!(outdent(value), expected);
        }
    }
}
