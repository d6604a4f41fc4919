//! How a document is laid out, learned from its text.

use super::scan::{
    self, Child, Children, Kind, Text, byte, last_blank, next_token, skip_blank, token_end,
};
use super::tree::Origin;

/// How much of a document is looked at to learn its habits.
const SAMPLE: usize = 1 << 16;

/// The habits of a whole document, for places whose surroundings say nothing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style<'a> {
    /// One level of indentation.
    pub(super) unit: &'a [u8],
    pub(super) newline: &'static [u8],
    /// Between a key and its value.
    pub(super) colon: &'a [u8],
    /// Behind a comma on one line.
    pub(super) space: &'a [u8],
    /// What stands behind the last child of a container of many lines: a comma or nothing.
    pub(super) last_comma: &'static [u8],
}

/// White space inside a container, without the line break and the indentation of the container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gap<'a> {
    /// On the same line.
    Same(&'a [u8]),
    /// A new line, indented by this more than the container.
    Line(&'a [u8]),
}

/// The form of a container.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout<'a> {
    /// Behind the opening bracket.
    pub(super) head: Gap<'a>,
    pub(super) before_comma: Gap<'a>,
    pub(super) after_comma: Gap<'a>,
    /// Before the closing bracket.
    pub(super) tail: Gap<'a>,
    pub(super) colon: &'a [u8],
}

impl<'a> Style<'a> {
    /// The habits that the beginning of `text` shows; else those of jq and npm.
    pub(super) fn of(text: &'a [u8]) -> Self {
        let (mut unit, mut newline, mut colon, mut space) = (None, None, None, None);
        let start = skip_blank(text, if text.starts_with(scan::BOM) { scan::BOM.len() } else { 0 });
        let (mut before, mut at) = (start, start);
        let (mut last_commas, mut last_children) = (0, 0);
        let mut indent: &[u8] = b"";
        if has_comment(&text[..start]) {
            newline = newline_in(&text[..start]);
        }
        while at < text.len().min(SAMPLE) {
            let end = token_end(text, at);
            let next = skip_blank(text, end);
            let between = &text[end..next];
            let blank = last_blank(between);
            let line = last_line(blank);
            match byte(text, at) {
                b'{' | b'[' if !closes(text, next) => {
                    let deeper = line.and_then(|line| line.strip_prefix(indent));
                    unit = unit.or(deeper.filter(|unit| !unit.is_empty()));
                }
                b':' if line.is_none() && !has_comment(&text[before..next]) => {
                    colon = colon.or(Some(&text[before..next]));
                }
                b',' if line.is_none() && before == at && !closes(text, next) => {
                    space = space.or(Some(blank));
                }
                _ => {}
            }
            if line.is_some() && closes(text, next) {
                last_children += 1;
                last_commas += usize::from(byte(text, at) == b',');
            }
            if let Some(line) = line {
                newline = newline.or_else(|| newline_in(blank));
                indent = line;
            }
            (before, at) = (end, next);
        }
        let is_tight = match (colon, space) {
            (_, Some(space)) => space.is_empty(),
            (Some(colon), None) => colon.ends_with(b":"),
            (None, None) => newline.is_none() && scan::is_filled(text, start),
        };
        Style {
            unit: unit.unwrap_or(b"  "),
            newline: newline.unwrap_or(b"\n"),
            colon: colon.unwrap_or(if is_tight { b":" } else { b": " }),
            space: space.unwrap_or(if is_tight { b"" } else { b" " }),
            last_comma: if last_commas * 2 > last_children { b"," } else { b"" },
        }
    }

    /// The form in which a document starts that has none yet.
    pub(super) fn many_lines(&self) -> Layout<'a> {
        Layout {
            head: Gap::Line(self.unit),
            before_comma: Gap::Same(b""),
            after_comma: Gap::Line(self.unit),
            tail: Gap::Line(b""),
            colon: self.colon,
        }
    }

    /// The form of a container on one line.
    pub(super) fn one_line(&self) -> Layout<'a> {
        Layout {
            head: Gap::Same(b""),
            before_comma: Gap::Same(b""),
            after_comma: Gap::Same(self.space),
            tail: Gap::Same(b""),
            colon: self.colon,
        }
    }

    /// The form of a container in whose first line the indentation is `indent`.
    pub(super) fn measure(&self, text: &'a [u8], shape: &Shape<'a>, indent: &[u8]) -> Layout<'a> {
        let head = self.gap(shape.head, indent, self.unit);
        let known_tail = shape.tail.map(|tail| self.gap(tail, indent, b""));
        let (before_comma, after_comma) = match (shape.gap, head, known_tail) {
            (Some(gap), _, _) => {
                let (before, after) = scan::around_comma(gap);
                (self.gap(before, indent, b""), self.gap(after, indent, self.unit))
            }
            (None, Gap::Line(_), _) => (Gap::Same(&b""[..]), head),
            // The comma that comes next will begin a line.
            (None, Gap::Same(_), Some(tail @ Gap::Line(_))) => (tail, head),
            (None, _, _) => (Gap::Same(&b""[..]), Gap::Same(self.space)),
        };
        let is_flat = [head, before_comma, after_comma].iter().all(Gap::is_same);
        let tail = known_tail.unwrap_or(if is_flat { head } else { Gap::Line(b"") });
        let colon = match shape.kind {
            Kind::Object => self.colon_after(text, shape.first),
            _ => self.colon,
        };
        Layout { head, before_comma, after_comma, tail, colon }
    }

    /// The colon behind the key at `start` with its white space, unless that spans lines.
    pub(super) fn colon_after(&self, text: &'a [u8], start: usize) -> &'a [u8] {
        let colon = scan::colon_gap(text, start);
        if colon.contains(&b'\n') || has_comment(colon) { self.colon } else { colon }
    }

    /// `blank` relative to `indent`, or `fallback` if its last line is indented less.
    fn gap(&self, blank: &'a [u8], indent: &[u8], fallback: &'a [u8]) -> Gap<'a> {
        match last_line(blank) {
            Some(line) => Gap::Line(line.strip_prefix(indent).unwrap_or(fallback)),
            None => Gap::Same(blank),
        }
    }
}

/// The white space by which the form of a container is known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape<'a> {
    kind: Kind,
    /// Where the first child starts.
    first: usize,
    head: &'a [u8],
    /// Between two children, if there are two.
    gap: Option<&'a [u8]>,
    /// Before the closing bracket, if that was looked at.
    tail: Option<&'a [u8]>,
}

impl<'a> Shape<'a> {
    /// The shape of the opened container at `start`, which ends at `end`.
    pub(super) fn of_opened(text: &'a [u8], start: usize, end: usize, origin: &Origin) -> Self {
        Shape {
            kind: Kind::of(text, start),
            first: origin.first,
            head: last_blank(&text[start + 1..origin.first]),
            gap: origin.last_gap.clone().map(|gap| &text[gap]),
            tail: Some(last_blank(&text[origin.tail..end - 1])),
        }
    }

    /// The shape of the container at `start`, unless it is empty. It may be large, so only its first
    /// child is read.
    pub(super) fn of(text: Text<'a>, start: usize) -> Option<Self> {
        let Child { start: first, end, .. } = Children::new(text, start).next()?;
        let text = text.bytes;
        let next = next_token(text, end);
        let is_single = byte(text, next) != b',';
        Some(Shape {
            kind: Kind::of(text, start),
            first,
            head: last_blank(&text[start + 1..first]),
            gap: (!is_single).then(|| &text[end..skip_blank(text, next + 1)]),
            tail: is_single.then(|| last_blank(&text[end..next])),
        })
    }
}

impl Gap<'_> {
    fn is_same(&self) -> bool {
        matches!(self, Gap::Same(_))
    }
}

impl Layout<'_> {
    /// Whether it has no line breaks.
    pub(super) fn is_flat(&self) -> bool {
        [self.head, self.before_comma, self.after_comma, self.tail].iter().all(Gap::is_same)
    }
}

fn closes(text: &[u8], at: usize) -> bool {
    matches!(byte(text, at), b'}' | b']')
}

fn newline_in(blank: &[u8]) -> Option<&'static [u8]> {
    let newline: &[u8] = if blank.contains(&b'\r') { b"\r\n" } else { b"\n" };
    blank.contains(&b'\n').then_some(newline)
}

/// Whether there is a comment between two tokens.
fn has_comment(between: &[u8]) -> bool {
    between.contains(&b'/')
}

/// The text behind the last line break.
pub(super) fn last_line(blank: &[u8]) -> Option<&[u8]> {
    blank.iter().rposition(|&byte| byte == b'\n').map(|at| &blank[at + 1..])
}

/// White space with no more than one line break.
pub(super) fn collapse(blank: &[u8]) -> &[u8] {
    let Some(at) = blank.iter().rposition(|&byte| byte == b'\n') else { return blank };
    let carriage = at > 0 && blank[at - 1] == b'\r';
    &blank[at - usize::from(carriage)..]
}
