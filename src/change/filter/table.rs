//! Where the children of large arrays and objects are.
//!
//! A first look at a large text searches it. What was found last is remembered, because an update looks
//! for the same child several times, and after a few searches for others there is a table of all children.
//! It has but two numbers for each, which is much less than the values would take.

use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::ops::Range;

use jaq_json::{Rc, Val};

use super::read;
use crate::document::{Piece, View};

/// From this size on, an array or object is worth a table.
pub(super) const LARGE: usize = 4096;

/// How often one is searched before there is a table.
const SEARCHES: u32 = 3;

/// A member or element that was found.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) place: Range<usize>,
    /// How many members there are with this key.
    pub(super) count: usize,
}

/// What is known of the large arrays and objects of a text, by where they start.
#[derive(Default)]
pub(super) struct Tables(RefCell<HashMap<usize, Table>>);

#[derive(Default)]
struct Table {
    searches: u32,
    len: Option<usize>,
    last: Option<(Val, Option<Found>)>,
    children: Option<Rc<Children>>,
}

/// Where the children of one array or object start.
enum Children {
    /// By the hash of the key, then in their order.
    Members(RandomState, Vec<(u64, usize)>),
    Elements(Vec<usize>),
}

impl Tables {
    /// The last member with this key of the object at `start`.
    pub(super) fn member(&self, view: &View, start: usize, key: &Val) -> Option<Found> {
        let Val::TStr(name) = key else { return None };
        self.find(start, key, |table| match table.children(view, start) {
            Some(children) => children.member(view, start, name),
            None => scan(view, start, name),
        })
    }

    /// The element of the array at `start` at a position.
    pub(super) fn element(&self, view: &View, start: usize, position: usize) -> Option<Found> {
        self.find(start, &Val::from(position), |table| {
            let piece = match table.children(view, start) {
                Some(children) => children.element(view, start, position),
                None => pieces(view, start).nth(position),
            };
            piece.map(|piece| Found { place: piece.value, count: 1 })
        })
    }

    /// How many elements the array at `start` has.
    pub(super) fn len(&self, view: &View, start: usize) -> usize {
        let mut tables = self.0.borrow_mut();
        let table = tables.entry(start).or_default();
        if let Some(len) = table.len {
            return len;
        }
        let (len, last) = pieces(view, start)
            .fold((0_usize, None), |(len, _), piece| (len + 1, Some(piece.value)));
        // What counts from the end mostly means the last one.
        let last = last.map(|place| Found { place, count: 1 });
        table.last = len.checked_sub(1).map(|position| (Val::from(position), last));
        *table.len.insert(len)
    }

    fn find(
        &self,
        start: usize,
        key: &Val,
        search: impl FnOnce(&mut Table) -> Option<Found>,
    ) -> Option<Found> {
        let mut tables = self.0.borrow_mut();
        let table = tables.entry(start).or_default();
        if let Some((_, found)) = table.last.as_ref().filter(|(last, _)| last == key) {
            return found.clone();
        }
        let found = search(table);
        table.last = Some((key.clone(), found.clone()));
        found
    }
}

impl Table {
    /// The table of the children, if it is time for it.
    fn children(&mut self, view: &View, start: usize) -> Option<Rc<Children>> {
        self.searches = self.searches.saturating_add(1);
        if self.children.is_none() && self.searches > SEARCHES {
            self.children = Some(Rc::new(Children::of(view, start)));
        }
        self.children.clone()
    }
}

impl Children {
    fn of(view: &View, start: usize) -> Self {
        if view.bytes().get(start) == Some(&b'[') {
            return Children::Elements(
                pieces(view, start).map(|piece| piece.value.start).collect(),
            );
        }
        let hasher = RandomState::new();
        let slot = |piece: Piece| match read::scalar(view.bytes(), piece.key.clone()) {
            Val::TStr(name) => (hasher.hash_one(&**name), piece.key.start),
            _ => (0, piece.key.start),
        };
        let mut slots: Vec<_> = pieces(view, start).map(slot).collect();
        slots.sort_unstable();
        Children::Members(hasher, slots)
    }

    fn member(&self, view: &View, start: usize, name: &[u8]) -> Option<Found> {
        let Children::Members(hasher, slots) = self else { return None };
        let hash = hasher.hash_one(name);
        let first = slots.partition_point(|slot| slot.0 < hash);
        let same = slots[first..].iter().take_while(|slot| slot.0 == hash);
        let pieces = same.filter_map(|slot| view.next(&mut view.cursor_at(start, slot.1)));
        last_of(view, name, pieces)
    }

    fn element(&self, view: &View, start: usize, position: usize) -> Option<Piece> {
        let Children::Elements(starts) = self else { return None };
        view.next(&mut view.cursor_at(start, *starts.get(position)?))
    }
}

/// The last member with this key of the object at `start`, found by a look at all of them.
pub(super) fn scan(view: &View, start: usize, name: &[u8]) -> Option<Found> {
    last_of(view, name, pieces(view, start))
}

fn last_of(view: &View, name: &[u8], pieces: impl Iterator<Item = Piece>) -> Option<Found> {
    let is_it = |piece: &Piece| read::is_string(view.bytes(), piece.key.clone(), name);
    pieces.filter(is_it).fold(None, |found: Option<Found>, piece| {
        let count = found.map_or(0, |found| found.count) + 1;
        Some(Found { place: piece.value, count })
    })
}

/// The children of the array or object at `start`.
pub(super) fn pieces(view: &View, start: usize) -> impl Iterator<Item = Piece> {
    let mut cursor = view.cursor(start);
    std::iter::from_fn(move || view.next(&mut cursor))
}
