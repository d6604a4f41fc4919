//! Edits of a tree, which can be taken back.

use std::borrow::Cow;

use super::{Edit, Item, NodeId, Opened, Place, Tree};

/// What was done since some moment, and how things were then.
#[derive(Clone, Debug)]
pub(super) struct Journal {
    undos: Vec<Undo>,
    sources: usize,
    is_changed: bool,
    has_moved: bool,
}

/// How to take something back.
#[derive(Clone, Debug)]
pub(super) enum Undo {
    Edit(Edit),
    Restore(NodeId, Place, Option<Box<Opened>>),
    SetKey(NodeId, Option<Place>),
}

impl Tree {
    /// Makes the planned edits.
    pub(in crate::document) fn make(&mut self, plan: Vec<Edit>) {
        self.is_changed |= !plan.is_empty();
        for edit in plan {
            let undo = self.edit(edit);
            self.note(undo);
        }
    }

    /// Begins to note how to take back what is done, until [`keep`](Tree::keep) or
    /// [`undo`](Tree::undo) ends that.
    pub(in crate::document) fn begin(&mut self) {
        self.journal = Some(Journal {
            undos: Vec::new(),
            sources: self.sources.len(),
            is_changed: self.is_changed,
            has_moved: self.has_moved,
        });
    }

    /// Leaves everything as it is now.
    pub(in crate::document) fn keep(&mut self) {
        self.journal = None;
    }

    /// Takes back what was done since the beginning.
    pub(in crate::document) fn undo(&mut self) {
        let Some(journal) = self.journal.take() else { return };
        for undo in journal.undos.into_iter().rev() {
            match undo {
                Undo::Edit(edit) => _ = self.edit(edit),
                Undo::Restore(id, place, opened) => {
                    let node = &mut self.nodes[id.index()];
                    (node.place, node.opened) = (place, opened);
                }
                Undo::SetKey(id, key) => self.nodes[id.index()].key = key,
            }
        }
        // What can be reached is from earlier ones again.
        self.sources.truncate(journal.sources);
        (self.is_changed, self.has_moved) = (journal.is_changed, journal.has_moved);
    }

    pub(super) fn note(&mut self, undo: Undo) {
        if let Some(journal) = &mut self.journal {
            journal.undos.push(undo);
        }
    }

    /// Makes an edit and gives its opposite.
    fn edit(&mut self, edit: Edit) -> Undo {
        let opposite = match edit {
            Edit::Become(id, place) => {
                let node = &mut self.nodes[id.index()];
                let place = std::mem::replace(&mut node.place, place);
                return Undo::Restore(id, place, node.opened.take());
            }
            Edit::Rearrange(id, items) => Edit::Rearrange(id, self.rearrange(id, items)),
            Edit::Push(id, item) => {
                let last = self.items(id).len();
                self.insert_at(id, last, item);
                Edit::Remove(id, last)
            }
            Edit::Insert(id, at, item) => {
                self.insert_at(id, at, item);
                Edit::Remove(id, at)
            }
            Edit::Remove(id, index) => {
                let item = self.items(id)[index];
                self.remove(id, index);
                Edit::Insert(id, index, item)
            }
        };
        Undo::Edit(opposite)
    }

    fn rearrange(&mut self, id: NodeId, items: Vec<Item>) -> Vec<Item> {
        let Some(opened) = &mut self.nodes[id.index()].opened else { return Vec::new() };
        opened.keys.reset();
        std::mem::replace(&mut opened.items, items)
    }

    fn insert_at(&mut self, id: NodeId, at: usize, item: Item) {
        let Some(opened) = &mut self.nodes[id.index()].opened else { return };
        opened.items.insert(at, item);
        let is_last = at + 1 == opened.items.len();
        let name = self.name_at(id, at).map(Cow::into_owned);
        if let (Some(opened), Some(name)) = (&mut self.nodes[id.index()].opened, name) {
            match is_last {
                true => opened.keys.push(&name, at),
                false => opened.keys.reset(),
            }
        }
    }

    fn remove(&mut self, id: NodeId, index: usize) {
        let name = self.name_at(id, index).map(Cow::into_owned);
        let Some(opened) = &mut self.nodes[id.index()].opened else { return };
        opened.items.remove(index);
        if let Some(name) = name {
            opened.keys.remove(&name, index);
        }
    }
}
