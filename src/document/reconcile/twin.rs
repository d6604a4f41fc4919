//! Objects whose members are the same and stand in the same order, which is what most filters leave
//! behind: then nothing must be looked up.

use super::{Planner, Task};
use crate::document::scan::{Children, string_end};
use crate::document::tree::{Place, Value};

/// Up to how many members it is quicker to compare their keys with each other than to hash them.
const FEW: usize = 16;

impl Planner<'_> {
    /// The positions of the members that differ, with what they are to become, if the untouched object
    /// and its wish have the same few keys in the same order, each of them once.
    pub(super) fn differing_members(&mut self, task: Task) -> Option<Vec<(usize, Place)>> {
        let (tree, comparison) = (&*self.tree, &mut self.comparison);
        let old = tree.value(task.node);
        if tree.opened(old).is_some() {
            return None;
        }
        let (before, after) = (tree.source(old.place.source), tree.source(task.wish.source));
        let mut wishes = Children::new(after, task.wish.start);
        let (mut keys, mut differing) = ([&[][..]; FEW], Vec::new());
        let mut count = 0;
        for member in Children::new(before, old.place.start) {
            let wish = wishes.next()?;
            let key = &before.bytes[member.start..string_end(before.bytes, member.start)];
            let is_twin = after.bytes[wish.start..].starts_with(key);
            if !is_twin || key.contains(&b'\\') || keys[..count].contains(&key) {
                return None;
            }
            *keys.get_mut(count)? = key;
            count += 1;
            let value = Place { source: old.place.source, start: member.value };
            let wished = tree.resolved(Place { source: task.wish.source, start: wish.value });
            if !comparison.same(tree, Value::untouched(value), Value::untouched(wished)) {
                differing.push((count - 1, wished));
            }
        }
        wishes.next().is_none().then_some(differing)
    }
}
