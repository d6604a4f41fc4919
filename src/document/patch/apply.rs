//! The operations of a JSON Patch, made one after the other.

use std::borrow::Cow;

use super::{Action, Operation, Patch};
use crate::document::compare::Likeness;
use crate::document::equal::equal;
use crate::document::scan::{self, Kind};
use crate::document::tree::{Edit, Item, Members, NodeId, Place, Tree, Value};
use crate::document::walk::{self, Step};
use crate::document::{reconcile, string};
use crate::error::{Error, ErrorKind, Result};
use crate::path::Path;

/// How much text `copy` may make beyond the size of the document. A patch that copies the document
/// into itself would double it with each operation.
const COPIED: usize = 1 << 26;

/// Makes all operations. If one fails, those before it are to be undone.
pub(super) fn apply(tree: &mut Tree, patch: &Patch, is_absent: bool) -> Result<()> {
    if is_absent {
        let empty = Place { source: tree.add_source(&b"{}"[..]), start: 0 };
        tree.make(vec![Edit::Become(tree.root(), empty)]);
    }
    let source = tree.add_source(patch.text.clone());
    let copies_left = tree.base().len().saturating_add(COPIED);
    let mut patcher = Patcher { tree, source, copies_left };
    for (operation, number) in patch.operations.iter().zip(1..) {
        patcher.step(operation).map_err(|error| error.context(operation.title(number)))?;
    }
    Ok(())
}

struct Patcher<'t> {
    tree: &'t mut Tree,
    /// The text of the patch.
    source: u32,
    copies_left: usize,
}

/// Where a value is to be put.
enum Spot {
    /// In place of this one.
    Value(NodeId),
    /// Between the children of a container; with a key in an object.
    Between { parent: NodeId, index: usize, key: Option<String> },
}

/// What is to be put there.
enum Newcomer {
    Text(Place),
    /// A child that was just removed from `parent`.
    Moved {
        node: NodeId,
        item: Item,
        parent: NodeId,
    },
}

impl Patcher<'_> {
    fn step(&mut self, Operation { action, target }: &Operation) -> Result<()> {
        let path = &target.path;
        match action {
            Action::Add(start) => self.put(path, Newcomer::Text(self.given(*start))),
            Action::Remove => self.remove(path),
            Action::Replace(start) => self.replace(path, self.given(*start)),
            Action::Move(from) => self.carry(&from.path, path),
            Action::Copy(from) => self.copy(&from.path, path),
            Action::Test(start) => self.test(path, self.given(*start)),
        }
    }

    /// A value in the text of the patch.
    fn given(&self, start: usize) -> Place {
        Place { source: self.source, start }
    }

    fn remove(&mut self, path: &Path) -> Result<()> {
        let (parent, index) = self.located(path)?;
        self.tree.make(vec![Edit::Remove(parent, index)]);
        Ok(())
    }

    fn replace(&mut self, path: &Path, wish: Place) -> Result<()> {
        let node = self.existing(path)?;
        self.refuse_depth(path, Value::untouched(wish))?;
        self.become_equal(node, wish)
    }

    fn carry(&mut self, from: &Path, to: &Path) -> Result<()> {
        if from == to {
            return self.existing(from).map(drop);
        }
        if to.segments().starts_with(from.segments()) {
            return Err(Error::new(ErrorKind::Unfit, "a value cannot move into itself"));
        }
        let (parent, index) = self.located(from)?;
        let node = self.tree.child(parent, index);
        let item = self.tree.items(parent)[index];
        self.tree.make(vec![Edit::Remove(parent, index)]);
        self.put(to, Newcomer::Moved { node, item, parent })
    }

    fn copy(&mut self, from: &Path, to: &Path) -> Result<()> {
        let value = walk::find_one_of_many(self.tree, from)?.ok_or_else(|| missing(from))?;
        let text = text_of(self.tree, value);
        let Some(left) = self.copies_left.checked_sub(text.len()) else {
            let message = "the copies would make the document far larger than it is";
            return Err(Error::new(ErrorKind::Unfit, message));
        };
        self.copies_left = left;
        let place = match text {
            Cow::Borrowed(_) => value.place,
            Cow::Owned(text) => self.place_of(text),
        };
        self.put(to, Newcomer::Text(place))
    }

    fn test(&mut self, path: &Path, wish: Place) -> Result<()> {
        let conflict = |message| Err(Error::new(ErrorKind::Conflict, message));
        match walk::find_one_of_many(self.tree, path)? {
            None => conflict(format!("{path} does not exist")),
            Some(value) if equal(self.tree, value, Value::untouched(wish)) => Ok(()),
            Some(_) => conflict("the document has another value there".to_owned()),
        }
    }

    fn put(&mut self, path: &Path, newcomer: Newcomer) -> Result<()> {
        self.refuse_depth(path, self.value(&newcomer))?;
        match self.spot(path)? {
            Spot::Value(node) => {
                let wish = self.wish(&newcomer);
                self.become_equal(node, wish)
            }
            Spot::Between { parent, index, key } => {
                let item = self.item(newcomer, parent, key);
                self.tree.make(vec![Edit::Insert(parent, index, item)]);
                Ok(())
            }
        }
    }

    fn spot(&mut self, path: &Path) -> Result<Spot> {
        let Some((last, parents)) = path.segments().split_last() else {
            return Ok(Spot::Value(self.tree.root()));
        };
        let position = parents.len();
        let parent = self.existing(&path.first(position))?;
        let kind = self.tree.kind(self.tree.value(parent));
        let step = walk::step(self.tree, parent, last)?;
        let length = self.tree.items(parent).len();
        match step {
            Step::Item(index) if kind == Kind::Object => {
                Ok(Spot::Value(self.tree.child(parent, index)))
            }
            Step::Item(index) => Ok(Spot::Between { parent, index, key: None }),
            Step::End => {
                let key = last.name().filter(|_| kind == Kind::Object).map(string::encode);
                Ok(Spot::Between { parent, index: length, key })
            }
            Step::OutOfRange => Err(walk::out_of_range(path, position, length)),
            Step::Mismatch => Err(walk::mismatch(path, position, kind)),
        }
    }

    fn existing(&mut self, path: &Path) -> Result<NodeId> {
        if path.segments().is_empty() {
            return Ok(self.tree.root());
        }
        let (parent, index) = self.located(path)?;
        Ok(self.tree.child(parent, index))
    }

    fn located(&mut self, path: &Path) -> Result<(NodeId, usize)> {
        walk::open_to(self.tree, path)?.ok_or_else(|| missing(path))
    }

    fn become_equal(&mut self, node: NodeId, wish: Place) -> Result<()> {
        let plan = reconcile::become_equal(self.tree, node, wish, Likeness::Spelling)?;
        self.tree.make(plan);
        Ok(())
    }

    fn value(&self, newcomer: &Newcomer) -> Value {
        match newcomer {
            Newcomer::Text(place) => Value::untouched(*place),
            Newcomer::Moved { node, .. } => self.tree.value(*node),
        }
    }

    /// A text of its own for what is to replace a value, since a value that is in the base counts as
    /// standing where it was.
    fn wish(&mut self, newcomer: &Newcomer) -> Place {
        match newcomer {
            Newcomer::Text(place) if place.source == self.source => *place,
            _ => {
                let text = text_of(self.tree, self.value(newcomer)).into_owned();
                self.place_of(text)
            }
        }
    }

    /// A child of `to` for what is to stand beside others.
    fn item(&mut self, newcomer: Newcomer, to: NodeId, key: Option<String>) -> Item {
        let is_element = key.is_none();
        let key = key.map(|key| self.place_of(key.into_bytes()));
        match newcomer {
            Newcomer::Text(place) => self.tree.insert(key, place),
            Newcomer::Moved { item, parent, .. } if parent == to && is_element => item,
            Newcomer::Moved { node, .. } => self.tree.adopt(key, node),
        }
    }

    fn place_of(&mut self, text: Vec<u8>) -> Place {
        Place { source: self.tree.add_source(text), start: 0 }
    }

    fn refuse_depth(&self, path: &Path, value: Value) -> Result<()> {
        let depth = scan::depth(&text_of(self.tree, value), 0);
        if path.segments().len() + depth <= scan::DEPTH_LIMIT {
            return Ok(());
        }
        let message = "the value would be nested deeper than 10,000 levels";
        Err(Error::new(ErrorKind::Unfit, message))
    }
}

fn missing(path: &Path) -> Error {
    Error::new(ErrorKind::Unfit, format!("{path} does not exist"))
}

/// The text of a value as it now is, laid out somehow if it was opened.
fn text_of(tree: &Tree, value: Value) -> Cow<'_, [u8]> {
    if tree.opened(value).is_none() {
        return Cow::Borrowed(tree.text(value));
    }
    let mut text = Vec::new();
    let mut open = Vec::new();
    open.extend(begin(tree, value, &mut text));
    while let Some((kind, members)) = open.last_mut() {
        let Some(member) = members.next() else {
            text.push(if *kind == Kind::Object { b'}' } else { b']' });
            open.pop();
            continue;
        };
        if !matches!(text.last(), Some(b'{' | b'[')) {
            text.push(b',');
        }
        if let Some(key) = member.key {
            text.extend_from_slice(tree.key(key));
            text.push(b':');
        }
        open.extend(begin(tree, member.value, &mut text));
    }
    Cow::Owned(text)
}

/// Writes the text of a value, or of an opened one the bracket, and gives what is to follow.
fn begin<'t>(tree: &'t Tree, value: Value, text: &mut Vec<u8>) -> Option<(Kind, Members<'t>)> {
    if tree.opened(value).is_none() {
        text.extend_from_slice(tree.text(value));
        return None;
    }
    let kind = tree.kind(value);
    text.push(if kind == Kind::Object { b'{' } else { b'[' });
    Some((kind, tree.members(value)))
}
