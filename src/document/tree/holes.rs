//! What a program made of the document: a text with holes, in which values of the base belong.

use super::{BASE, Place, Source, Tree, Value};
use crate::document::compact;
use crate::document::outline::{HOLE, Holes};
use crate::document::scan::{self, Marks, byte};

impl Tree {
    /// Adds the text of what a program made of the document, and gives where it starts.
    #[cfg(feature = "filter")]
    pub(in crate::document) fn add_outline(&mut self, text: Vec<u8>, holes: Holes) -> Place {
        let source = self.add(text.into(), holes);
        Place { source, start: 0 }
    }

    /// Gives a source that was added without text its text.
    pub(in crate::document) fn set_text(&mut self, source: u32, text: Vec<u8>) {
        if let Some(source) = self.sources.get_mut(source as usize) {
            *source =
                Source { marks: Marks::of(&text), text: text.into(), holes: Holes::default() };
        }
    }

    /// The place itself or, if there is a hole, that of what belongs there.
    pub(in crate::document) fn resolved(&self, place: Place) -> Place {
        let source = &self.sources[place.source as usize];
        if byte(&source.text, place.start) != HOLE {
            return place;
        }
        let start = source.holes.get(place.start);
        start.map_or(place, |start| Place { source: BASE, start })
    }

    /// Whether all of an untouched value, which is to become part of the document, is in its text.
    pub(in crate::document) fn is_whole(&self, place: Place) -> bool {
        let value = Value::untouched(place);
        place.source != BASE && (!self.kind(value).is_container() || self.holes(place).is_empty())
    }

    /// Writes an untouched value with what belongs into its holes.
    pub(in crate::document) fn push_whole(&self, place: Place, out: &mut Vec<u8>) {
        let base = self.source(BASE);
        if place.source == BASE {
            compact::push(base, place.start, usize::MAX, out);
            return;
        }
        let text = self.text(Value::untouched(place));
        let mut done = 0;
        for &(at, start) in self.holes(place) {
            out.extend_from_slice(&text[done..at - place.start]);
            compact::push(base, start, usize::MAX, out);
            done = at - place.start + 1;
        }
        out.extend_from_slice(&text[done..]);
    }

    /// The holes in the container at a place.
    fn holes(&self, place: Place) -> &[(usize, usize)] {
        let holes = &self.sources[place.source as usize].holes;
        if holes.is_empty() {
            return &[];
        }
        let end = scan::value_end(self.source(place.source), place.start);
        holes.within(place.start, end)
    }
}
