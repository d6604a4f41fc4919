//! What a merge patch does to the value that it meets.

use std::collections::HashSet;

use super::{Manner, Planner, Task, Wish, duplicate_key, without};
use crate::document::canonical::canonical;
use crate::document::merge::{Arrays, MergeOptions, Nulls};
use crate::document::scan::{Children, Kind, Marks, Text};
use crate::document::tree::{Edit, Item, Member, NodeId, Place, Value};
use crate::error::{Error, Result};

/// How many members are removed one by one, which keeps what is known of the keys of the others.
const FEW: usize = 16;

impl Planner<'_> {
    pub(super) fn merge_object(&mut self, task: Task, options: MergeOptions) -> Result<()> {
        let mut deleted = Vec::new();
        let mut inserted = Vec::new();
        for wish in self.match_some_members(task)? {
            let is_null = self.tree.kind(wish.member.value) == Kind::Null;
            let deletes = is_null && options.nulls == Nulls::Delete;
            match wish.old {
                Some(_) if deletes && wish.count > 1 => return Err(self.duplicate(&wish)),
                Some(index) if deletes => deleted.push((task.node, index)),
                Some(index) => self.descend(task, index, &wish, Manner::Merge(options)),
                None if deletes => {}
                None => {
                    let place = self.patch_of_nothing(wish.member.value.place, options);
                    inserted.push(self.tree.insert(wish.member.key, place));
                }
            }
        }
        self.delete_and_add(task, deleted, inserted)
    }

    /// Leaves out children, and adds others behind the rest.
    pub(super) fn delete_and_add(
        &mut self,
        task: Task,
        deleted: Vec<(NodeId, usize)>,
        added: Vec<Item>,
    ) -> Result<()> {
        if deleted.len() > FEW {
            return self.rearrange_merged(task, &deleted, added);
        }
        let pushes = added.into_iter().map(|item| Edit::Push(task.node, item));
        without(deleted).into_iter().chain(pushes).try_for_each(|edit| self.edit(task, edit))
    }

    /// Leaves out and adds many members at once.
    fn rearrange_merged(
        &mut self,
        task: Task,
        deleted: &[(NodeId, usize)],
        inserted: Vec<Item>,
    ) -> Result<()> {
        let deleted: HashSet<usize> = deleted.iter().map(|(_, index)| *index).collect();
        let old = self.tree.items(task.node).iter().enumerate();
        let kept = old.filter(|(index, _)| !deleted.contains(index)).map(|(_, item)| *item);
        let items = kept.chain(inserted).collect();
        self.edit(task, Edit::Rearrange(task.node, items))
    }

    /// The members of the wish, each with the old one that it is for.
    fn match_some_members(&mut self, task: Task) -> Result<Vec<Wish>> {
        self.tree.open(task.node);
        if !self.tree.count_search(task.node) {
            return Ok(self.match_members(task)?.wishes);
        }
        let members: Vec<Member> = self.tree.members(Value::untouched(task.wish)).collect();
        let wishes = members.into_iter().map(|member| {
            let name = member.key.map(|key| self.tree.key_name(key)).unwrap_or_default();
            let found = self.tree.find(task.node, &name);
            Wish {
                member,
                old: found.map(|found| found.last),
                count: found.map_or(0, |found| found.count),
            }
        });
        Ok(wishes.collect())
    }

    /// Puts the elements of the patch behind those that are there.
    pub(super) fn extend_array(&mut self, task: Task, options: MergeOptions) -> Result<()> {
        let mut items = self.tree.open(task.node).to_vec();
        let mut new = self.elements(Value::untouched(task.wish));
        if options.arrays == Arrays::Union {
            let old = self.elements(self.tree.value(task.node)).into_iter();
            let mut seen: HashSet<_> = old.map(|old| canonical(self.tree, old)).collect();
            new.retain(|element| seen.insert(canonical(self.tree, *element)));
        }
        if new.is_empty() {
            return Ok(());
        }
        items.extend(new.into_iter().map(|element| self.tree.insert(None, element.place)));
        self.edit(task, Edit::Rearrange(task.node, items))
    }

    /// What a merge patch that meets nothing amounts to: its members that are null and delete, however
    /// deep in objects, are left out.
    pub(super) fn patch_of_nothing(&mut self, patch: Place, options: MergeOptions) -> Place {
        let text = self.tree.text(Value::untouched(patch));
        if options.nulls == Nulls::Keep
            || Kind::of(text, 0) != Kind::Object
            || !text.windows(4).any(|window| window == b"null")
        {
            return patch;
        }
        let text = without_nulls(text);
        Place { source: self.tree.add_source(text), start: 0 }
    }

    fn elements(&self, array: Value) -> Vec<Value> {
        self.tree.members(array).map(|member| member.value).collect()
    }

    fn duplicate(&self, wish: &Wish) -> Error {
        duplicate_key(wish.member.key.map(|key| self.tree.key(key)).unwrap_or_default())
    }
}

fn without_nulls(text: &[u8]) -> Vec<u8> {
    let marks = Marks::of(text);
    let marked = Text::new(text, &marks);
    let mut result = vec![b'{'];
    let mut open = vec![Children::new(marked, 0)];
    while let Some(children) = open.last_mut() {
        let Some(child) = children.next() else {
            open.pop();
            result.push(b'}');
            continue;
        };
        let kind = Kind::of(text, child.value);
        if kind == Kind::Null {
            continue;
        }
        if result.last() != Some(&b'{') {
            result.push(b',');
        }
        result.extend_from_slice(&text[child.start..child.value]);
        if kind == Kind::Object {
            result.push(b'{');
            open.push(Children::new(marked, child.value));
        } else {
            result.extend_from_slice(&text[child.value..child.end]);
        }
    }
    result
}
