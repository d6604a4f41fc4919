//! What an edit changed, as patch(1) and people read it.

mod middle;

use jsonlock::Content;
use middle::Middle;
use similar::{Algorithm, ChangeTag, DiffOp, capture_diff_slices_deadline, group_diff_ops};
use std::io::IsTerminal as _;
use std::ops::Range;
use std::path::Path;
use std::time::{Duration, Instant};

/// How many lines around a change are shown.
const CONTEXT: usize = 3;

/// How long the smallest difference is searched for. After that a larger one is shown.
const SEARCH: Duration = Duration::from_secs(1);

/// Whether lines are told apart by colour.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Colours {
    Terminal,
    None,
}

impl Colours {
    /// On a terminal that has colours, unless the user wants none (no-color.org).
    pub(crate) fn of_standard_output() -> Self {
        let is = |name, value: &str| std::env::var_os(name).is_some_and(|text| text == value);
        let wants_none = std::env::var_os("NO_COLOR").is_some_and(|text| !text.is_empty());
        if std::io::stdout().is_terminal() && !wants_none && !is("TERM", "dumb") {
            Colours::Terminal
        } else {
            Colours::None
        }
    }

    fn begin(self, mark: u8) -> &'static [u8] {
        match (self, mark) {
            (Colours::Terminal, b'-') => b"\x1b[31m",
            (Colours::Terminal, b'+') => b"\x1b[32m",
            (Colours::Terminal, b'@') => b"\x1b[36m",
            _ => b"",
        }
    }

    fn end(self, mark: u8) -> &'static [u8] {
        if self.begin(mark).is_empty() { b"" } else { b"\x1b[0m" }
    }
}

/// Appends the unified diff from `old`, `None` where there was no document, to `new`; nothing if they
/// are equal. A line ends with a line feed and nothing else, as patch(1) has it.
pub(crate) fn push(
    output: &mut Vec<u8>,
    file: &Path,
    old: Option<&[u8]>,
    new: &Content,
    colours: Colours,
) {
    let lines = |text| <[u8]>::split_inclusive(text, |byte| *byte == b'\n').collect::<Vec<_>>();
    let middle = Middle::of(old.unwrap_or_default(), new);
    let (before, after) = (lines(middle.old), lines(&middle.new));
    let deadline = Some(Instant::now() + SEARCH);
    let operations = capture_diff_slices_deadline(Algorithm::Myers, &before, &after, deadline);
    let mut lines = Lines { output, colours, before: middle.line };
    for (number, hunk) in group_diff_ops(operations, CONTEXT).iter().enumerate() {
        if number == 0 {
            let name = name(file);
            lines.header(b"--- ", if old.is_some() { &name } else { b"/dev/null" });
            lines.header(b"+++ ", &name);
        }
        lines.hunk(hunk, &before, &after);
    }
}

struct Lines<'o> {
    output: &'o mut Vec<u8>,
    colours: Colours,
    /// How many lines come before those that were compared.
    before: usize,
}

impl Lines<'_> {
    fn header(&mut self, mark: &[u8], name: &[u8]) {
        self.output.extend_from_slice(mark);
        self.output.extend_from_slice(name);
        self.output.push(b'\n');
    }

    fn hunk(&mut self, hunk: &[DiffOp], old: &[&[u8]], new: &[&[u8]]) {
        let (Some(first), Some(last)) = (hunk.first(), hunk.last()) else { return };
        let before = self.range(first.old_range().start..last.old_range().end);
        let after = self.range(first.new_range().start..last.new_range().end);
        self.line(b'@', format!("@ -{before} +{after} @@\n").as_bytes());
        for change in hunk.iter().flat_map(|operation| operation.iter_changes(old, new)) {
            let mark = match change.tag() {
                ChangeTag::Equal => b' ',
                ChangeTag::Delete => b'-',
                ChangeTag::Insert => b'+',
            };
            self.line(mark, change.value());
        }
    }

    /// Where a hunk stands. One without lines stands behind the line of its number.
    fn range(&self, lines: Range<usize>) -> String {
        let start = self.before + lines.start;
        match lines.len() {
            1 => (start + 1).to_string(),
            0 => format!("{start},0"),
            count => format!("{},{count}", start + 1),
        }
    }

    /// The colour ends before the line does, since terminals fill what comes behind the end.
    fn line(&mut self, mark: u8, line: &[u8]) {
        let text = line.strip_suffix(b"\n");
        self.output.extend_from_slice(self.colours.begin(mark));
        self.output.push(mark);
        self.output.extend_from_slice(text.unwrap_or(line));
        self.output.extend_from_slice(self.colours.end(mark));
        self.output.push(b'\n');
        if text.is_none() {
            self.output.extend_from_slice(b"\\ No newline at end of file\n");
        }
    }
}

/// The name of the file as patch(1) reads it: with quotes and escapes if it could be mistaken.
fn name(file: &Path) -> Vec<u8> {
    let bytes = file.as_os_str().as_encoded_bytes();
    if bytes.iter().any(|byte| byte.is_ascii_control() || b"\"\\".contains(byte)) {
        let escape = |byte: &u8| match byte {
            b'"' | b'\\' => vec![b'\\', *byte],
            byte if byte.is_ascii_control() => format!("\\{byte:03o}").into_bytes(),
            byte => vec![*byte],
        };
        return [b"\"".to_vec(), bytes.iter().flat_map(escape).collect(), b"\"".to_vec()].concat();
    }
    // A tab ends a name that has spaces in it.
    [bytes, if bytes.contains(&b' ') { b"\t" } else { b"" }].concat()
}
