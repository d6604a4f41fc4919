//! The order in which what stands in a container of JSONC is written: children with the comments that are
//! theirs, commas, comments that are nobody's, and the white space between.

use std::borrow::Cow;
use std::ops::Range;

use super::super::align::rising;
use super::super::comments::{Edge, Gap};
use super::super::scan::{Child, byte, comment_end, is_line_comment, last_blank, skip_white};
use super::super::style::collapse;

/// A piece of the text of a container.
#[derive(Debug)]
pub(super) enum Part<'a> {
    /// A part of the base.
    Base(Range<usize>),
    Text(Cow<'a, [u8]>),
    /// The value of the child at this position, which stands in the base.
    Value(usize),
    /// The new child at this position, with its key.
    New(usize),
}

/// What becomes of a child.
#[derive(Clone, Copy, Debug)]
pub(super) enum Fate {
    /// It is this one of the base, as it was.
    Kept(usize),
    /// It is this one of the base, with another value.
    Changed(usize),
    New,
}

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
enum Kind {
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
struct Mark {
    kind: Kind,
    /// `None` if it is new.
    place: Option<Range<usize>>,
}

/// The child written last, of which the comma and the trailing comments are still to come.
#[derive(Clone, Copy)]
struct Pending {
    old: Option<usize>,
    has_comma: bool,
}

pub(super) struct Weaver<'f, 'a> {
    frame: &'f Frame<'a>,
    parts: Vec<Part<'a>>,
    last: Mark,
    pending: Option<Pending>,
    /// The first gap of which not all comments that are nobody's were written, and how many of them were.
    gap: usize,
    written: usize,
}

/// The parts of the text of a container whose children are to be these.
pub(super) fn weave<'a>(frame: &Frame<'a>, fates: &[Fate]) -> Vec<Part<'a>> {
    let start = frame.place.start;
    let last = Mark { kind: Kind::Open, place: Some(start..start + 1) };
    let mut weaver = Weaver { frame, parts: Vec::new(), last, pending: None, gap: 0, written: 0 };
    weaver.base(start..start + 1);
    weaver.all(fates);
    weaver.parts
}

impl<'a> Weaver<'_, 'a> {
    fn all(&mut self, fates: &[Fate]) {
        let count = self.frame.children.len();
        let ends_with_comma = self.gap_at(count).comma.is_some();
        let anchors = anchors(fates);
        self.free_at_head(self.gap_at(0).on_bracket_line);
        for (index, fate) in fates.iter().enumerate() {
            let old = fate.old();
            match old {
                None => self.lead_to_new(index),
                Some(old) if self.goes_on_to(old) => {}
                Some(old) => {
                    if anchors.binary_search(&index).is_ok() {
                        self.free_up_to(old);
                    }
                    self.lead_to(old);
                }
            }
            match *fate {
                Fate::New => self.parts.push(Part::New(index)),
                Fate::Kept(old) => self.base(self.frame.child(old)),
                Fate::Changed(old) => {
                    self.base(self.frame.children[old].start..self.frame.children[old].value);
                    self.parts.push(Part::Value(index));
                }
            }
            self.last = Mark::child(old.map(|old| self.frame.child(old)));
            let has_comma = ends_with_comma || index + 1 < fates.len();
            self.pending = Some(Pending { old, has_comma });
        }
        self.free_up_to(count);
        let end = self.frame.place.end;
        self.put(Mark { kind: Kind::Close, place: Some(end - 1..end) });
    }

    /// Writes what comes before a new child. The first comes below the comments of nobody at the beginning;
    /// where there are no others, only below those beside the bracket.
    fn lead_to_new(&mut self, index: usize) {
        if index == 0 && !self.frame.children.is_empty() {
            self.free_at_head(self.gap_at(0).free.len());
        }
        self.space_before(&mut Mark::child(None));
    }

    /// Writes what comes before a child of the base, if all of that is as it was.
    fn goes_on_to(&mut self, old: usize) -> bool {
        let follows = old > 0 && self.pending.is_some_and(|last| last.old == Some(old - 1));
        let goes_on = follows && self.gap == old && self.written == 0;
        if goes_on {
            self.base(self.frame.children[old - 1].end..self.frame.children[old].start);
            (self.gap, self.pending) = (old + 1, None);
        }
        goes_on
    }

    /// Writes the comments of a child of the base that come before it.
    fn lead_to(&mut self, old: usize) {
        for comment in self.gap_at(old).leading {
            self.put(Mark { kind: Kind::Comment, place: Some(comment) });
        }
        self.space_before(&mut Mark::child(Some(self.frame.child(old))));
    }

    /// Writes the first comments of nobody at the beginning, up to this many.
    fn free_at_head(&mut self, count: usize) {
        for comment in self.gap_at(0).free.drain(..count).skip(self.written) {
            self.put(Mark { kind: Kind::Comment, place: Some(comment) });
        }
        self.written = count;
    }

    /// Writes the comments of nobody in the gaps up to this one.
    fn free_up_to(&mut self, last: usize) {
        while self.gap <= last {
            for comment in self.gap_at(self.gap).free.into_iter().skip(self.written) {
                self.put(Mark { kind: Kind::Comment, place: Some(comment) });
            }
            (self.gap, self.written) = (self.gap + 1, 0);
        }
    }

    /// What stands before the child `index` of the base, or before the closing bracket.
    fn gap_at(&self, index: usize) -> Gap {
        let Frame { base, place, children, .. } = self.frame;
        let before = match index.checked_sub(1) {
            Some(before) => Edge::Child(children[before].end),
            None => Edge::Bracket(place.start + 1),
        };
        let behind = match children.get(index) {
            Some(child) => Edge::Child(child.start),
            None => Edge::Bracket(place.end - 1),
        };
        Gap::between(base, before, behind)
    }

    /// Writes a mark, and before it what is pending and the white space.
    fn put(&mut self, mut mark: Mark) {
        self.space_before(&mut mark);
        if let Some(place) = mark.place.clone() {
            self.base(place);
        }
        self.last = mark;
    }

    fn space_before(&mut self, mark: &mut Mark) {
        if let Some(pending) = self.pending.take() {
            self.end_child(pending, mark);
        }
        match self.frame.between(&self.last, mark) {
            Some(place) => self.base(place),
            None => {
                let space = self.frame.space(&self.last, mark);
                self.parts.push(Part::Text(space));
                // What stood behind it says nothing of what comes behind it here.
                if mark.kind == Kind::Comma {
                    mark.place = None;
                }
            }
        }
    }

    /// Writes the comma and the trailing comments of the last child. `next` comes behind them.
    fn end_child(&mut self, Pending { old, has_comma }: Pending, next: &Mark) {
        let gap = old.map(|old| self.gap_at(old + 1)).unwrap_or_default();
        let mut comments = gap.trailing.iter();
        if has_comma {
            let early = self.comments_before_comma(&gap, next);
            for comment in comments.by_ref().take(early) {
                self.put(Mark { kind: Kind::Trailing, place: Some(comment.clone()) });
            }
            self.comma(gap.comma);
        }
        for comment in comments {
            self.put(Mark { kind: Kind::Trailing, place: Some(comment.clone()) });
        }
    }

    /// How many trailing comments come before the comma. Where something else follows on the same line, it is
    /// all, since what is behind a comma there is not of the child before it.
    fn comments_before_comma(&self, gap: &Gap, next: &Mark) -> usize {
        let Some(last) = gap.trailing.last() else { return 0 };
        let last = Mark { kind: Kind::Trailing, place: Some(last.clone()) };
        let is_line_end = match self.frame.between(&last, next) {
            Some(space) => has_line(&self.frame.base[space]),
            None => has_line(&self.frame.space(&last, next)),
        };
        match gap.comma {
            _ if !is_line_end => gap.trailing.len(),
            Some(comma) => gap.trailing.iter().filter(|place| place.start < comma).count(),
            None if has_line(self.frame.usual.0) => gap.trailing.len(),
            None => 0,
        }
    }

    fn comma(&mut self, place: Option<usize>) {
        let mut mark = Mark { kind: Kind::Comma, place: place.map(|at| at..at + 1) };
        self.space_before(&mut mark);
        match mark.place.clone() {
            Some(place) => self.base(place),
            None => self.parts.push(Part::Text(Cow::Borrowed(b","))),
        }
        self.last = mark;
    }

    fn base(&mut self, range: Range<usize>) {
        match self.parts.last_mut() {
            Some(Part::Base(last)) if last.end == range.start => last.end = range.end,
            _ => self.parts.push(Part::Base(range)),
        }
    }
}

impl<'a> Frame<'a> {
    fn child(&self, index: usize) -> Range<usize> {
        self.children[index].start..self.children[index].end
    }

    /// The white space between two marks, if they are neighbours in the base.
    fn between(&self, last: &Mark, next: &Mark) -> Option<Range<usize>> {
        let (last, next) = (last.place.as_ref()?, next.place.as_ref()?);
        (skip_white(self.base, last.end) == next.start).then_some(last.end..next.start)
    }

    /// The white space between two marks that were no neighbours. Behind `//` there is a line break in any case.
    fn space(&self, last: &Mark, next: &Mark) -> Cow<'a, [u8]> {
        let space = self.usual_space(last, next);
        let ends_line = last.is_comment() && last.starts(|at| is_line_comment(self.base, at));
        let begins_line = next.kind == Kind::Comment
            && !matches!(last.kind, Kind::Open)
            && next.starts(|at| self.ends_line(at));
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
    fn child(place: Option<Range<usize>>) -> Self {
        Mark { kind: Kind::Child, place }
    }

    fn is_comment(&self) -> bool {
        matches!(self.kind, Kind::Trailing | Kind::Comment)
    }

    fn starts(&self, test: impl Fn(usize) -> bool) -> bool {
        self.place.as_ref().is_some_and(|place| test(place.start))
    }
}

impl Fate {
    fn old(self) -> Option<usize> {
        match self {
            Fate::Kept(old) | Fate::Changed(old) => Some(old),
            Fate::New => None,
        }
    }
}

/// The positions of children that stand in the order of the base, as many as possible. Comments of nobody are
/// placed by these.
fn anchors(fates: &[Fate]) -> Vec<usize> {
    let old = fates.iter().enumerate();
    let old: Vec<_> = old.filter_map(|(index, fate)| Some((fate.old()?, index))).collect();
    let anchors = if old.is_sorted() { old } else { rising(&old) };
    anchors.into_iter().map(|(_, index)| index).collect()
}

fn has_line(blank: &[u8]) -> bool {
    blank.contains(&b'\n')
}

fn lines(blank: &[u8]) -> usize {
    blank.iter().filter(|&&byte| byte == b'\n').count()
}

/// White space from its first line break on, if it has one.
fn from_line(blank: &[u8]) -> &[u8] {
    let Some(at) = blank.iter().position(|&byte| byte == b'\n') else { return blank };
    let has_carriage_return = at > 0 && blank[at - 1] == b'\r';
    &blank[at - usize::from(has_carriage_return)..]
}
