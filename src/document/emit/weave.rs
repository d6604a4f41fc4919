//! The order in which what stands in a container of JSONC is written: children with the comments that are
//! theirs, commas, comments that are nobody's, and the white space between.

use std::borrow::Cow;
use std::ops::Range;

use super::super::align::rising;
use super::super::comments::{Edge, Gap};
use super::super::style::collapse;
use super::space::{Frame, Kind, Mark, has_line, lines};

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
    /// The same, with this part of the base between key and value.
    Renamed(usize, Range<usize>),
}

/// What becomes of a child.
#[derive(Clone, Copy, Debug)]
pub(super) enum Fate {
    /// It is this one of the base, as it was.
    Kept(usize),
    /// It is this one of the base, with another value.
    Changed(usize),
    /// It is this one of the base, with another key.
    Renamed(usize),
    New,
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
    /// Whether there is an empty line before the new child written last.
    is_spaced: bool,
}

/// The parts of the text of a container whose children are to be these.
pub(super) fn weave<'a>(frame: &Frame<'a>, fates: &[Fate]) -> Vec<Part<'a>> {
    let start = frame.place.start;
    let last = Mark { kind: Kind::Open, place: Some(start..start + 1) };
    let mut weaver = Weaver {
        frame,
        parts: Vec::new(),
        last,
        pending: None,
        gap: 0,
        written: 0,
        is_spaced: false,
    };
    weaver.base(start..start + 1);
    weaver.all(fates);
    weaver.parts
}

impl<'a> Weaver<'_, 'a> {
    fn all(&mut self, fates: &[Fate]) {
        let count = self.frame.children.len();
        let ends_with_comma = self.gap_at(count).comma.is_some();
        let anchors = anchors(fates);
        self.free_at_head();
        for (index, fate) in fates.iter().enumerate() {
            let old = fate.old();
            match old {
                None => self.space_before(&mut Mark::child(None)),
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
                Fate::Renamed(old) => {
                    let part = Part::Renamed(index, self.frame.colon(old));
                    self.parts.push(part);
                }
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

    /// Writes the comments of nobody that come before any child: those at the beginning, and where there were no
    /// children, those beside the bracket.
    fn free_at_head(&mut self) {
        let head = self.gap_at(0);
        let is_empty = self.frame.children.is_empty();
        self.written = if is_empty { head.on_bracket_line } else { head.free.len() };
        for comment in head.free.into_iter().take(self.written) {
            self.put(Mark { kind: Kind::Comment, place: Some(comment) });
        }
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
                let space = self.new_space(mark);
                self.parts.push(Part::Text(space));
                // What stood behind it says nothing of what comes behind it here.
                if mark.kind == Kind::Comma {
                    mark.place = None;
                }
            }
        }
    }

    /// White space that was not there. An empty line before a new child is not needed again behind it.
    fn new_space(&mut self, mark: &Mark) -> Cow<'a, [u8]> {
        let space = self.frame.space(&self.last, mark);
        let follows_spaced = self.is_spaced && self.last.place.is_none();
        self.is_spaced = match mark.kind {
            Kind::Child if mark.place.is_none() => lines(&space) > 1,
            Kind::Comma => self.is_spaced,
            _ => false,
        };
        match space {
            Cow::Borrowed(space) if follows_spaced => collapse(space).into(),
            space => space,
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

impl Fate {
    fn old(self) -> Option<usize> {
        match self {
            Fate::Kept(old) | Fate::Changed(old) | Fate::Renamed(old) => Some(old),
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
