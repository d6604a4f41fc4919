//! The white space between what stands in a container of JSONC, where it is not that of the base.

use std::borrow::Cow;
use std::ops::Range;

use crate::document::scan::{
    Child, byte, comment_end, is_line_comment, last_blank, skip_white, string_end,
};
use crate::document::style::collapse;

/// A container of the base.
pub(super) struct Frame<'a> {
    pub(super) base: &'a [u8],
    /// From the opening bracket to behind the closing one.
    pub(super) place: Range<usize>,
    pub(super) children: Vec<Child>,
    /// The white space on either side of a new comma.
    pub(super) usual: (&'a [u8], Cow<'a, [u8]>),
    /// A line break with the indentation of the container, and with that of its children.
    pub(super) outer_line: Vec<u8>,
    pub(super) inner_line: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Open,
    Close,
    Comma,
    Child,
    /// A comment on the line on which its child ends.
    Trailing,
    /// Any other comment.
    Comment,
}

/// What white space stands between.
#[derive(Clone, Debug)]
pub(super) struct Mark {
    pub(super) kind: Kind,
    /// `None` if it is new.
    pub(super) place: Option<Range<usize>>,
}

impl<'a> Frame<'a> {
    pub(super) fn child(&self, index: usize) -> Range<usize> {
        self.children[index].start..self.children[index].end
    }

    /// What stands between the key and the value of a member.
    pub(super) fn colon(&self, index: usize) -> Range<usize> {
        let Child { start, value, .. } = self.children[index];
        string_end(self.base, start)..value
    }

    /// The white space between two marks, if they are neighbours in the base.
    pub(super) fn between(&self, last: &Mark, next: &Mark) -> Option<Range<usize>> {
        let (last, next) = (last.place.as_ref()?, next.place.as_ref()?);
        (skip_white(self.base, last.end) == next.start).then_some(last.end..next.start)
    }

    /// The white space between two marks that were no neighbours. Behind `//` there is a line break in any case.
    pub(super) fn space(&self, last: &Mark, next: &Mark) -> Cow<'a, [u8]> {
        let space = self.usual_space(last, next);
        let ends_line = last.is_comment() && last.starts(|at| is_line_comment(self.base, at));
        let begins_line = next.kind == Kind::Comment && next.starts(|at| self.ends_line(at));
        match next.kind {
            _ if has_line(&space) || !(ends_line || begins_line) => space,
            Kind::Close => self.outer_line.clone().into(),
            _ => self.inner_line.clone().into(),
        }
    }

    fn usual_space(&self, last: &Mark, next: &Mark) -> Cow<'a, [u8]> {
        let behind = last.place.as_ref().map(|place| self.blank_behind(place.end));
        let before = next.place.as_ref().map(|place| self.blank_before(place.start));
        let behind = behind.unwrap_or_default();
        match (last.kind, next.kind, before) {
            (Kind::Open, Kind::Close, _) => b"".into(),
            (_, Kind::Comma, _) => self.usual.0.into(),
            (_, Kind::Close, before) => before.unwrap_or_default().into(),
            (Kind::Open, Kind::Comment, Some(before)) if has_line(before) && !has_line(&behind) => {
                collapse(before).into()
            }
            (Kind::Open, ..) => behind,
            (Kind::Comment, _, None) if lines(&behind) > lines(&self.usual.1) => behind,
            (_, _, None) => self.usual.1.clone(),
            (_, _, Some(before)) if lines(&behind) > lines(before) => behind,
            (_, _, Some(before)) => before.into(),
        }
    }

    /// The white space behind what ends there. A comma is passed over: if it stays, it does so elsewhere.
    fn blank_behind(&self, end: usize) -> Cow<'a, [u8]> {
        let white = |from| from_line(&self.base[from..skip_white(self.base, from)]);
        let (blank, next) = (white(end), skip_white(self.base, end));
        if next + 1 == self.place.end && has_line(blank) {
            return self.inner_line.clone().into();
        }
        if byte(self.base, next) != b',' || !has_line(white(next + 1)) {
            return blank.into();
        }
        let lines = blank.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
        [&blank[..lines], white(next + 1)].concat().into()
    }

    /// The white space before what starts there; for the first child, what would be there if it were not.
    fn blank_before(&self, start: usize) -> &'a [u8] {
        let blank = last_blank(&self.base[..start]);
        if start - blank.len() != self.place.start + 1 {
            return from_line(blank);
        }
        match &self.usual.1 {
            Cow::Borrowed(usual) => usual,
            Cow::Owned(_) => blank,
        }
    }

    /// Whether there is a line break between the comment at `start` and what is no comment.
    fn ends_line(&self, mut start: usize) -> bool {
        while let Some(end) = comment_end(self.base, start) {
            let next = skip_white(self.base, end);
            if has_line(&self.base[end..next]) {
                return true;
            }
            start = next;
        }
        false
    }
}

impl Mark {
    pub(super) fn child(place: Option<Range<usize>>) -> Self {
        Mark { kind: Kind::Child, place }
    }

    fn is_comment(&self) -> bool {
        matches!(self.kind, Kind::Trailing | Kind::Comment)
    }

    fn starts(&self, test: impl Fn(usize) -> bool) -> bool {
        self.place.as_ref().is_some_and(|place| test(place.start))
    }
}

pub(super) fn has_line(blank: &[u8]) -> bool {
    blank.contains(&b'\n')
}

pub(super) fn lines(blank: &[u8]) -> usize {
    blank.iter().filter(|&&byte| byte == b'\n').count()
}

/// White space from its first line break on, if it has one.
fn from_line(blank: &[u8]) -> &[u8] {
    let Some(at) = blank.iter().position(|&byte| byte == b'\n') else { return blank };
    let has_carriage_return = at > 0 && blank[at - 1] == b'\r';
    &blank[at - usize::from(has_carriage_return)..]
}
