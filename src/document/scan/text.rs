//! A valid text, with what makes it quick to pass over its large parts.

use super::{BOM, skip_blank, token_end};

/// Containers of this many bytes are remembered: few enough, and the others are quickly read.
const LARGE: usize = 4096;

/// How many containers are remembered at most, so that no text makes the list large.
const MOST: usize = 1 << 18;

/// Where the large containers of a text start and end.
///
/// Without this, walking down into a text would read its innermost part once per level.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::document) struct Marks {
    list: Vec<(usize, usize)>,
}

/// A text that passed validation.
#[derive(Clone, Copy, Debug)]
pub(in crate::document) struct Text<'a> {
    pub(in crate::document) bytes: &'a [u8],
    marks: &'a [(usize, usize)],
}

impl Marks {
    /// The marks of a valid text.
    pub(in crate::document) fn of(text: &[u8]) -> Self {
        let mut marks = Marks::default();
        let mut open = Vec::new();
        let start = if text.starts_with(BOM) { BOM.len() } else { 0 };
        let mut at = if text.len() < LARGE { text.len() } else { skip_blank(text, start) };
        while at < text.len() {
            match text[at] {
                b'{' | b'[' => open.push(at),
                b'}' | b']' => _ = open.pop().map(|start| marks.add(start, at + 1)),
                _ => {}
            }
            at = skip_blank(text, token_end(text, at));
        }
        marks.sorted()
    }

    /// Remembers a container if it is large.
    pub(super) fn add(&mut self, start: usize, end: usize) {
        if end - start >= LARGE && self.list.len() < MOST {
            self.list.push((start, end));
        }
    }

    /// Adds what is known of another part of the text.
    pub(super) fn append(&mut self, mut other: Marks) {
        self.list.append(&mut other.list);
        self.list.truncate(MOST);
    }

    /// The others than the container that starts at `start`.
    pub(super) fn without(mut self, start: usize) -> Self {
        self.list.retain(|mark| mark.0 != start);
        self
    }

    pub(super) fn sorted(mut self) -> Self {
        self.list.sort_unstable();
        self
    }
}

impl<'a> Text<'a> {
    pub(in crate::document) fn new(bytes: &'a [u8], marks: &'a Marks) -> Self {
        Text { bytes, marks: &marks.list }
    }

    /// Where the container at `start` ends, if it is remembered.
    pub(super) fn mark(&self, start: usize) -> Option<usize> {
        let found = self.marks.binary_search_by_key(&start, |mark| mark.0);
        found.ok().map(|index| self.marks[index].1)
    }
}
