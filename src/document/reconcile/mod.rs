//! The one operation behind every change: make a value equal to another one, touching only what
//! differs.

mod merge;
#[cfg(feature = "filter")]
mod patched;
mod twin;

use std::cmp::Reverse;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use crate::document::align::{align, by_position};
use crate::document::compare::{Comparison, Likeness};
use crate::document::merge::{Arrays, MergeOptions};
use crate::document::scan::Kind;
use crate::document::tree::{Edit, Item, Member, NodeId, Place, Tree, Value};
use crate::error::{Error, ErrorKind, Result};
use crate::path::visible;

/// The edits that make the value of `node` equal to the one at `wish`.
pub(super) fn become_equal(
    tree: &mut Tree,
    node: NodeId,
    wish: Place,
    likeness: Likeness,
) -> Result<Vec<Edit>> {
    plan(tree, Task { node, wish, manner: Manner::Become, frozen: None }, likeness)
}

#[cfg(feature = "filter")]
pub(super) use patched::become_patched;

/// The edits that apply the merge patch (RFC 7396) at `patch` to the value of `node`.
pub(super) fn merge(
    tree: &mut Tree,
    node: NodeId,
    patch: Place,
    options: MergeOptions,
) -> Result<Vec<Edit>> {
    let task = Task { node, wish: patch, manner: Manner::Merge(options), frozen: None };
    plan(tree, task, Likeness::Spelling)
}

/// The edits that remove the children at these positions of their parents.
pub(super) fn without(mut places: Vec<(NodeId, usize)>) -> Vec<Edit> {
    // From the back, so that positions keep their meaning until their turn.
    places.sort_unstable_by_key(|&(parent, index)| (parent, Reverse(index)));
    places.dedup();
    places.into_iter().map(|(parent, index)| Edit::Remove(parent, index)).collect()
}

/// The error for an edit through a key that is there more than once.
pub(super) fn duplicate_key(key: &[u8]) -> Error {
    let key = visible(&String::from_utf8_lossy(key));
    let message = format!(
        "the document has the key {key} more than once in one object; reads take the last, \
         an edit could mean either"
    );
    Error::new(ErrorKind::Unfit, message)
}

/// What is to be done to one value.
#[derive(Clone, Copy)]
struct Task {
    node: NodeId,
    wish: Place,
    manner: Manner,
    /// The duplicated key through which the value is reached, which forbids to change it.
    frozen: Option<Place>,
}

#[derive(Clone, Copy)]
enum Manner {
    Become,
    Merge(MergeOptions),
}

struct Planner<'t> {
    tree: &'t mut Tree,
    comparison: Comparison,
    plan: Vec<Edit>,
    tasks: Vec<Task>,
    filled: Filled,
}

/// The texts of wishes that stand elsewhere in the base, or in which there are holes.
#[derive(Default)]
struct Filled {
    source: Option<u32>,
    text: Vec<u8>,
}

/// How the members of two objects belong together.
struct Matching {
    /// The members of the wish, in its order.
    wishes: Vec<Wish>,
    /// For each member of the old object, which wish it is for.
    owners: Vec<Option<usize>>,
}

struct Wish {
    member: Member,
    /// The last old member with this key, and how many there are.
    old: Option<usize>,
    count: usize,
}

fn plan(tree: &mut Tree, task: Task, likeness: Likeness) -> Result<Vec<Edit>> {
    let mut planner = Planner::new(tree, task.wish.source, likeness);
    planner.tasks.push(task);
    planner.complete()
}

impl<'t> Planner<'t> {
    /// For wishes in this source.
    fn new(tree: &'t mut Tree, source: u32, likeness: Likeness) -> Self {
        let size = tree.base().len() + tree.source(source).bytes.len();
        let comparison = Comparison::new(likeness, size);
        let (plan, tasks, filled) = (Vec::new(), Vec::new(), Filled::default());
        Planner { tree, comparison, plan, tasks, filled }
    }

    /// Plans all that is to be done.
    fn complete(mut self) -> Result<Vec<Edit>> {
        while let Some(task) = self.tasks.pop() {
            self.step(task)?;
        }
        if let Some(source) = self.filled.source {
            self.tree.set_text(source, self.filled.text);
        }
        Ok(self.plan)
    }

    fn step(&mut self, task: Task) -> Result<()> {
        let old = self.tree.value(task.node);
        let wish = Value::untouched(task.wish);
        match (task.manner, self.tree.kind(old), self.tree.kind(wish)) {
            (Manner::Merge(options), Kind::Object, Kind::Object) => {
                self.merge_object(task, options)
            }
            (Manner::Merge(options), _, Kind::Object) => {
                let wish = self.patch_of_nothing(task.wish, options);
                self.edit(task, Edit::Become(task.node, wish))
            }
            (Manner::Merge(options), Kind::Array, Kind::Array)
                if options.arrays != Arrays::Replace =>
            {
                self.extend_array(task, options)
            }
            _ if old.place == wish.place && self.tree.opened(old).is_none() => Ok(()),
            (_, Kind::Object, Kind::Object) => self.become_object(task),
            (_, Kind::Array, Kind::Array) => self.become_array(task),
            _ if self.comparison.same(self.tree, old, wish) => Ok(()),
            _ => {
                let wish = self.filled(task.wish);
                self.edit(task, Edit::Become(task.node, wish))
            }
        }
    }

    fn become_object(&mut self, task: Task) -> Result<()> {
        if let Some(differing) = self.differing_members(task) {
            for (index, wish) in differing {
                self.tree.open(task.node);
                let node = self.tree.child(task.node, index);
                self.tasks.push(Task { node, wish, ..task });
            }
            return Ok(());
        }
        let matching = self.match_members(task)?;
        self.refuse_duplicates_of_deleted(task.node, &matching)?;
        for wish in &matching.wishes {
            if let Some(index) = wish.old {
                self.descend(task, index, wish, Manner::Become);
            }
        }
        let deletes = matching.owners.contains(&None);
        let inserts = matching.wishes.iter().any(|wish| wish.old.is_none());
        let ordered = self.comparison.likeness() == Likeness::Spelling || matching.is_in_order();
        if ordered && !deletes && !inserts {
            return Ok(());
        }
        let items = match self.comparison.likeness() {
            Likeness::Spelling => self.keep_order(task.node, &matching),
            Likeness::Value if ordered => self.weave(task.node, &matching),
            Likeness::Value => self.reorder(task.node, &matching),
        };
        self.edit(task, Edit::Rearrange(task.node, items))
    }

    /// The kept members as they stand, then the new ones.
    fn keep_order(&mut self, node: NodeId, matching: &Matching) -> Vec<Item> {
        let owners = matching.owners.iter();
        let kept = self.tree.items(node).iter().zip(owners).filter(|(_, owner)| owner.is_some());
        let mut items: Vec<Item> = kept.map(|(item, _)| *item).collect();
        for wish in matching.wishes.iter().filter(|wish| wish.old.is_none()) {
            items.push(self.insert(&wish.member));
        }
        items
    }

    /// The kept members as they stand, and each new one behind the member that it follows in the wish.
    fn weave(&mut self, node: NodeId, matching: &Matching) -> Vec<Item> {
        let old = self.tree.items(node).to_vec();
        let kept = |range: std::ops::Range<usize>| {
            let owned = range.filter(|&index| matching.owners[index].is_some());
            owned.map(|index| old[index]).collect::<Vec<_>>()
        };
        let mut items = Vec::new();
        let mut done = 0;
        for wish in &matching.wishes {
            match wish.old {
                Some(index) if index >= done => {
                    items.extend(kept(done..index + 1));
                    done = index + 1;
                }
                Some(_) => {}
                None => items.push(self.insert(&wish.member)),
            }
        }
        items.extend(kept(done..old.len()));
        items
    }

    /// All members in the order of the wish.
    fn reorder(&mut self, node: NodeId, matching: &Matching) -> Vec<Item> {
        let owners = matching.owners.iter().copied();
        let kept = self.tree.items(node).iter().copied().zip(owners);
        let mut items: Vec<_> =
            kept.filter_map(|(item, owner)| owner.map(|owner| (owner, item))).collect();
        for (position, wish) in matching.wishes.iter().enumerate() {
            if wish.old.is_none() {
                items.push((position, self.insert(&wish.member)));
            }
        }
        items.sort_by_key(|(position, _)| *position);
        items.into_iter().map(|(_, item)| item).collect()
    }

    fn become_array(&mut self, task: Task) -> Result<()> {
        self.tree.open(task.node);
        let values =
            |value| self.tree.members(value).map(|member| member.value).collect::<Vec<_>>();
        let (old, new) = (values(self.tree.value(task.node)), values(Value::untouched(task.wish)));
        let pairs = self.pair_elements(&old, &new);
        let mut items = Vec::with_capacity(new.len());
        for (value, pair) in new.iter().zip(&pairs) {
            let Some(index) = *pair else {
                let place = self.filled(value.place);
                items.push(self.tree.insert(None, place));
                continue;
            };
            if !self.comparison.same(self.tree, old[index], *value) {
                let node = self.tree.child(task.node, index);
                // Also in a merge patch an array stands for itself.
                self.tasks.push(Task { node, wish: value.place, manner: Manner::Become, ..task });
            }
            items.push(self.tree.items(task.node)[index]);
        }
        let is_rearranged = pairs.iter().copied().ne((0..old.len()).map(Some));
        if !is_rearranged { Ok(()) } else { self.edit(task, Edit::Rearrange(task.node, items)) }
    }

    /// For each new element the old one that it is made from.
    fn pair_elements(&mut self, old: &[Value], new: &[Value]) -> Vec<Option<usize>> {
        let (tree, comparison) = (&*self.tree, &mut self.comparison);
        let mut same = |(a, b): &(&Value, &Value)| comparison.same(tree, **a, **b);
        let first = old.iter().zip(new).take_while(&mut same).count();
        let (old_rest, new_rest) = (&old[first..], &new[first..]);
        let last = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(&mut same).count();
        let old_middle = &old_rest[..old_rest.len() - last];
        let new_middle = &new_rest[..new_rest.len() - last];
        let middle = self.pair_middle(old_middle, new_middle);
        let head = (0..first).map(Some);
        let middle = middle.into_iter().map(|pair| pair.map(|index| first + index));
        let tail = (old.len() - last..old.len()).map(Some);
        head.chain(middle).chain(tail).collect()
    }

    fn pair_middle(&mut self, old: &[Value], new: &[Value]) -> Vec<Option<usize>> {
        // Where one side is a single element, the position says as much as a hash.
        let is_pair = old.is_empty() || new.is_empty() || (old.len() == 1 && new.len() == 1);
        if is_pair || self.comparison.are_keyed_alike(self.tree, old, new) {
            return by_position(old.len(), new.len());
        }
        match self.comparison.hashes(self.tree, old, new) {
            Some((before, after)) => align(&before, &after),
            None => by_position(old.len(), new.len()),
        }
    }

    /// Plans what is to happen to the old member that a wish is for.
    fn descend(&mut self, task: Task, index: usize, wish: &Wish, manner: Manner) {
        let parent = self.tree.value(task.node);
        let item = self.tree.items(task.node)[index];
        let old = self.tree.member(parent.place.source, Kind::Object, &item).value;
        // A merge patch may be equal to what it patches and yet have nulls in it, or elements to append.
        let is_patch = match (manner, self.tree.kind(wish.member.value)) {
            (Manner::Merge(_), Kind::Object) => true,
            (Manner::Merge(options), Kind::Array) => options.arrays != Arrays::Replace,
            _ => false,
        };
        if !is_patch && self.comparison.same(self.tree, old, wish.member.value) {
            return;
        }
        let node = self.tree.child(task.node, index);
        let own = wish.member.key.filter(|_| wish.count > 1);
        let frozen = task.frozen.or(own);
        self.tasks.push(Task { node, wish: wish.member.value.place, manner, frozen });
    }

    fn match_members(&mut self, task: Task) -> Result<Matching> {
        self.tree.open(task.node);
        let tree = &*self.tree;
        let mut wishes: Vec<Wish> = Vec::new();
        let mut positions: HashMap<_, usize> = HashMap::new();
        for member in tree.members(Value::untouched(task.wish)) {
            let Some(key) = member.key else { continue };
            match positions.entry(tree.key_name(key)) {
                // What is copied from elsewhere in a document may have a key twice. The last one counts.
                Entry::Occupied(entry) => wishes[*entry.get()].member = member,
                Entry::Vacant(entry) => {
                    entry.insert(wishes.len());
                    wishes.push(Wish { member, old: None, count: 0 });
                }
            }
        }
        let mut owners = Vec::new();
        for (index, member) in tree.members(tree.value(task.node)).enumerate() {
            let key = member.key.map(|key| tree.key_name(key)).unwrap_or_default();
            let owner = positions.get(&key).copied();
            if let Some(wish) = owner.and_then(|owner| wishes.get_mut(owner)) {
                wish.old = Some(index);
                wish.count += 1;
            }
            owners.push(owner);
        }
        Ok(Matching { wishes, owners })
    }

    fn refuse_duplicates_of_deleted(&self, node: NodeId, matching: &Matching) -> Result<()> {
        let mut keys = HashSet::new();
        let members = self.tree.members(self.tree.value(node));
        for (member, _) in members.zip(&matching.owners).filter(|(_, owner)| owner.is_none()) {
            if let Some(key) = member.key.filter(|key| !keys.insert(self.tree.key_name(*key))) {
                return Err(duplicate_key(self.tree.key(key)));
            }
        }
        Ok(())
    }

    fn insert(&mut self, member: &Member) -> Item {
        let key = member.key.map(|key| self.filled(key));
        let place = self.filled(member.value.place);
        self.tree.insert(key, place)
    }

    /// A place for a wish that is to become part of the document, where all of its text is: a value that
    /// is in the base would count as standing where it was. The text comes when the plan is complete.
    fn filled(&mut self, wish: Place) -> Place {
        if self.tree.is_whole(wish) {
            return wish;
        }
        let tree = &mut *self.tree;
        let source = *self.filled.source.get_or_insert_with(|| tree.add_source(Vec::new()));
        let start = self.filled.text.len();
        self.tree.push_whole(wish, &mut self.filled.text);
        self.filled.text.push(b' ');
        Place { source, start }
    }

    fn edit(&mut self, task: Task, edit: Edit) -> Result<()> {
        if let Some(key) = task.frozen {
            return Err(duplicate_key(self.tree.key(key)));
        }
        self.plan.push(edit);
        Ok(())
    }
}

impl Matching {
    /// Whether the old members that are kept stand in the order of the wishes. Where a key with
    /// several places belongs, nobody can say, so it stays.
    fn is_in_order(&self) -> bool {
        let unique = self.wishes.iter().filter(|wish| wish.count == 1);
        unique.map(|wish| wish.old).is_sorted()
    }
}
