//! A checked text that is looked at piece by piece: what filters see of a document.

use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;

use super::outline::Outline;
use super::scan::{self, BOM, Child, Children, Kind, Marks, Text, Valid};
use super::{Document, compact, reconcile};
use crate::dialect::Dialect;
use crate::error::Result;

/// A checked text. Clones share it.
#[derive(Clone, Debug)]
pub(crate) struct View {
    bytes: Bytes,
    marks: Arc<Marks>,
    /// Where its value stands.
    place: Range<usize>,
}

/// A child of a container. The key has its quotes; it is empty in an array.
pub(crate) struct Piece {
    pub(crate) key: Range<usize>,
    pub(crate) value: Range<usize>,
}

/// How far the children of a container have been read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cursor {
    kind: Kind,
    at: usize,
}

impl Document {
    /// The text as filters look at it: that which was read, as long as nothing changed. `None` if there
    /// is none that can be looked at piece by piece: if the document is [absent](Document::is_absent).
    pub(crate) fn view(&self) -> Option<View> {
        if self.is_absent() {
            return None;
        }
        let text = self.to_bytes();
        if self.is_its_view() {
            return Some(View::new(text, self.tree.marks().clone(), self.place.clone()));
        }
        let marks = Marks::of(&text);
        let end = scan::value_end(Text::new(&text, &marks), self.place.start);
        let place = self.place.start..end;
        Some(match self.dialect {
            Dialect::Json => View::new(text, marks, place),
            Dialect::Jsonc => {
                let strict = scan::strict(&text[place]);
                let (marks, place) = (Marks::of(&strict), 0..strict.len());
                View::new(strict.into(), marks, place)
            }
        })
    }

    /// Whether the [view](Document::view) is the text that was read.
    pub(crate) fn is_its_view(&self) -> bool {
        self.dialect == Dialect::Json && !self.is_changed()
    }

    /// As [`replace`](Document::replace), with a value in whose holes parts of the text of this
    /// document belong, which has not been changed yet.
    pub(crate) fn replace_by_outline(&mut self, outline: Outline) -> Result<()> {
        let Outline { text, holes, patches } = outline;
        let wish = self.tree.add_outline(text, holes);
        if patches.is_empty() {
            return self.become_equal(self.tree.resolved(wish));
        }
        let plan = reconcile::become_patched(&mut self.tree, wish.source, &patches)?;
        self.tree.make(plan);
        Ok(())
    }
}

impl View {
    /// Checks a text without byte order mark. `None` if it is not JSON.
    pub(crate) fn of(bytes: Bytes) -> Option<Self> {
        if bytes.starts_with(BOM) {
            return None;
        }
        let Valid { place, marks, .. } = scan::validate(&bytes, Dialect::Json).ok()?;
        Some(View::new(bytes, marks, place))
    }

    pub(super) fn new(bytes: Bytes, marks: Marks, place: Range<usize>) -> Self {
        View { bytes, marks: Arc::new(marks), place }
    }

    pub(crate) fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    pub(crate) fn place(&self) -> Range<usize> {
        self.place.clone()
    }

    /// Before the first child of the container at `start`.
    pub(crate) fn cursor(&self, start: usize) -> Cursor {
        let (kind, at) = Children::new(self.text(), start).position();
        Cursor { kind, at }
    }

    /// Before the child at `at` of the container at `start`.
    pub(crate) fn cursor_at(&self, start: usize, at: usize) -> Cursor {
        Cursor { kind: Kind::of(&self.bytes, start), at }
    }

    /// The members of the object at `start`; of those with the same key the last, where the first stands.
    pub(crate) fn members(&self, start: usize) -> Vec<Piece> {
        let members = compact::members(self.text(), start);
        members.into_iter().map(|child| self.piece(Kind::Object, child)).collect()
    }

    /// The next child of a container.
    pub(crate) fn next(&self, cursor: &mut Cursor) -> Option<Piece> {
        let mut children = Children::resumed(self.text(), cursor.kind, cursor.at);
        let child = children.next()?;
        cursor.at = children.position().1;
        Some(self.piece(cursor.kind, child))
    }

    fn piece(&self, kind: Kind, child: Child) -> Piece {
        let key_end = match kind {
            Kind::Object => scan::string_end(&self.bytes, child.start),
            _ => child.start,
        };
        Piece { key: child.start..key_end, value: child.value..child.end }
    }

    /// Writes the value at `start` compactly, see [`compact::push`].
    pub(crate) fn push_compact(&self, start: usize, room: usize, out: &mut Vec<u8>) -> bool {
        compact::push(self.text(), start, room, out)
    }

    /// How deeply the value at `start` is nested: 0 for a scalar, 1 for a flat array or object.
    pub(crate) fn depth(&self, start: usize) -> usize {
        scan::depth(&self.bytes, start)
    }

    fn text(&self) -> Text<'_> {
        Text::new(&self.bytes, &self.marks)
    }
}
