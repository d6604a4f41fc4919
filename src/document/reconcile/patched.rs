//! What becomes of a document of which is known what changes: nothing else is looked at.

use super::{Manner, Planner, Task};
use crate::document::compare::Likeness;
use crate::document::outline::Patched;
use crate::document::scan::Kind;
use crate::document::tree::{Edit, Item, NodeId, Place, Tree};
use crate::error::Result;

/// The edits that change the document, which nobody has changed yet, as `patches` say, whose values are in
/// `source`.
pub(in crate::document) fn become_patched(
    tree: &mut Tree,
    source: u32,
    patches: &[Patched],
) -> Result<Vec<Edit>> {
    let mut planner = Planner::new(tree, source, Likeness::Value);
    let mut tasks: Vec<Task> = Vec::with_capacity(patches.len());
    for patched in patches {
        let wish = Place { source, start: 0 };
        let root = Task { node: planner.tree.root(), wish, manner: Manner::Become, frozen: None };
        let parent = patched.parent.and_then(|parent| tasks.get(parent).copied());
        let task = parent.map_or(root, |parent| planner.child_task(parent, patched.start).1);
        planner.patch(task, patched)?;
        tasks.push(task);
    }
    planner.complete()
}

impl Planner<'_> {
    fn patch(&mut self, task: Task, patched: &Patched) -> Result<()> {
        let source = task.wish.source;
        self.tree.open(task.node);
        for &(child, start) in &patched.changed {
            let (_, child) = self.child_task(task, child);
            let wish = self.tree.resolved(Place { source, start });
            self.tasks.push(Task { wish, ..child });
        }
        let mut deleted: Vec<(NodeId, usize)> = Vec::new();
        for &child in &patched.deleted {
            deleted.push((task.node, self.child_task(task, child).0));
        }
        let mut added: Vec<Item> = Vec::new();
        for &(key, start) in &patched.added {
            let key = key.map(|start| Place { source, start });
            let value = self.tree.resolved(Place { source, start });
            let value = self.filled(value);
            added.push(self.tree.insert(key, value));
        }
        self.delete_and_add(task, deleted, added)
    }

    /// The position of the child whose value starts there, and a task for it.
    fn child_task(&mut self, parent: Task, start: usize) -> (usize, Task) {
        let items = self.tree.open(parent.node);
        let behind = items.partition_point(|item| item.start().is_some_and(|key| key <= start));
        let index = behind.saturating_sub(1);
        let twin = self.twin_key(parent.node, index);
        let node = self.tree.child(parent.node, index);
        (index, Task { node, frozen: parent.frozen.or(twin), ..parent })
    }

    /// The key of a member, if there is another one with the same.
    fn twin_key(&mut self, parent: NodeId, index: usize) -> Option<Place> {
        if self.tree.kind(self.tree.value(parent)) != Kind::Object {
            return None;
        }
        let key = self.tree.member_at(parent, index)?.key?;
        let name = self.tree.key_name(key).into_owned();
        let found = self.tree.search(parent, &name)?;
        (found.count > 1).then_some(key)
    }
}
