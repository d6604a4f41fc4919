//! Finding members by their keys, in objects in which many are looked for one after the other.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};

use super::{Member, NodeId, Tree};

/// After how many searches of an object an index is worth its making.
const SEARCHES: u32 = 16;

/// The members of an object that have one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::document) struct Found {
    /// The position of the last one.
    pub(in crate::document) last: usize,
    pub(in crate::document) count: usize,
}

/// What is known of the keys of an object.
#[derive(Clone, Debug, Default)]
pub(super) struct Keys {
    searches: u32,
    index: Option<Box<Index>>,
}

/// Where keys are, by their hashes. Keys that share a hash count as one that is there several times,
/// and what is there several times is looked for without the index.
#[derive(Clone, Debug, Default)]
struct Index {
    hasher: RandomState,
    slots: HashMap<u64, Found>,
}

impl Keys {
    /// Forgets the index, because the members are others now.
    pub(super) fn reset(&mut self) {
        *self = Keys::default();
    }

    /// Notes a new last member.
    pub(super) fn push(&mut self, name: &[u8], position: usize) {
        if let Some(index) = &mut self.index {
            index.push(name, position);
        }
    }

    /// Notes that a member is gone.
    pub(super) fn remove(&mut self, name: &[u8], position: usize) {
        if self.index.as_mut().is_some_and(|index| !index.remove(name, position)) {
            self.reset();
        }
    }
}

impl Index {
    fn push(&mut self, name: &[u8], position: usize) {
        let slot = self.slots.entry(self.hasher.hash_one(name));
        let slot = slot.or_insert(Found { last: position, count: 0 });
        *slot = Found { last: position, count: slot.count + 1 };
    }

    /// Gives whether the index still holds.
    fn remove(&mut self, name: &[u8], position: usize) -> bool {
        let removed = self.slots.remove(&self.hasher.hash_one(name));
        let later = self.slots.values_mut().filter(|slot| slot.last > position);
        later.for_each(|slot| slot.last -= 1);
        removed == Some(Found { last: position, count: 1 })
    }

    fn get(&self, name: &[u8]) -> Option<Found> {
        self.slots.get(&self.hasher.hash_one(name)).copied()
    }
}

impl Tree {
    /// Looks for a key in an opened object, which is made ready for many searches when there were some.
    pub(in crate::document) fn search(&mut self, object: NodeId, name: &[u8]) -> Option<Found> {
        self.count_search(object);
        self.find(object, name)
    }

    /// Looks for a key in an opened object.
    pub(in crate::document) fn find(&self, object: NodeId, name: &[u8]) -> Option<Found> {
        let slot = self.index(object).map(|index| index.get(name));
        match slot {
            Some(None) => None,
            Some(Some(found)) if found.count == 1 && self.is_at(object, name, found.last) => {
                Some(found)
            }
            _ => self.scan(object, name),
        }
    }

    /// Notes that there is a search. Gives whether it will be faster than a look at all members.
    pub(in crate::document) fn count_search(&mut self, object: NodeId) -> bool {
        let Some(opened) = &mut self.nodes[object.index()].opened else { return false };
        opened.keys.searches = opened.keys.searches.saturating_add(1);
        if opened.keys.index.is_none() && opened.keys.searches > SEARCHES {
            let index = self.make_index(object);
            if let Some(opened) = &mut self.nodes[object.index()].opened {
                opened.keys.index = Some(Box::new(index));
            }
        }
        self.index(object).is_some()
    }

    /// The child of an opened container at a position.
    pub(in crate::document) fn member_at(&self, id: NodeId, position: usize) -> Option<Member> {
        let container = self.value(id);
        let item = self.items(id).get(position)?;
        Some(self.member(container.place.source, self.kind(container), item))
    }

    /// What the key there means; there is none in an array.
    pub(super) fn name_at(&self, id: NodeId, position: usize) -> Option<Cow<'_, [u8]>> {
        self.member_at(id, position)?.key.map(|key| self.key_name(key))
    }

    fn index(&self, object: NodeId) -> Option<&Index> {
        self.node(object).opened.as_ref()?.keys.index.as_deref()
    }

    fn make_index(&self, object: NodeId) -> Index {
        let mut index = Index::default();
        for (position, member) in self.members(self.value(object)).enumerate() {
            if let Some(key) = member.key {
                index.push(&self.key_name(key), position);
            }
        }
        index
    }

    fn is_at(&self, object: NodeId, name: &[u8], position: usize) -> bool {
        self.name_at(object, position).is_some_and(|found| *found == *name)
    }

    fn scan(&self, object: NodeId, name: &[u8]) -> Option<Found> {
        let mut found = None;
        for (last, member) in self.members(self.value(object)).enumerate() {
            if member.key.is_some_and(|key| *self.key_name(key) == *name) {
                let count = found.map_or(0, |found: Found| found.count) + 1;
                found = Some(Found { last, count });
            }
        }
        found
    }
}
