//! From a path to the value that it denotes.

use std::collections::VecDeque;

use super::reconcile::duplicate_key;
use super::scan::Kind;
use super::string;
use super::tree::{Found, NodeId, Tree, Value};
use crate::error::{Error, ErrorKind, Result};
use crate::path::{Path, Segment};

/// Where the walk along a path to be written ends, `done` segments from the root.
pub(super) enum Spot {
    /// At a value that is there. It is the one that is meant, or null.
    Value { node: NodeId, done: usize },
    /// Behind the last child of a container, where a new one belongs, with a key in an object.
    End { parent: NodeId, key: Option<String>, done: usize },
}

/// Where a segment leads from an opened container.
pub(super) enum Step {
    Item(usize),
    End,
    OutOfRange,
    Mismatch,
}

/// The value at `path`, if there is one.
pub(super) fn find(tree: &Tree, path: &Path) -> Result<Option<Value>> {
    refuse_append(path)?;
    let mut value = tree.value(tree.root());
    for segment in path.segments() {
        match child(tree, value, segment) {
            Some(child) => value = child,
            None => return Ok(None),
        }
    }
    Ok(Some(value))
}

/// The value at `path`, if there is one, found faster where many are looked for.
pub(super) fn find_one_of_many(tree: &mut Tree, path: &Path) -> Result<Option<Value>> {
    refuse_append(path)?;
    let mut value = tree.value(tree.root());
    for segment in path.segments() {
        tree.expect_search(value);
        match child(tree, value, segment) {
            Some(child) => value = child,
            None => return Ok(None),
        }
    }
    Ok(Some(value))
}

/// Opens the containers on the way to the value at `path`, which is to be deleted. Gives its parent
/// and its position there, if it is there. The root has no parent.
pub(super) fn open_to(tree: &mut Tree, path: &Path) -> Result<Option<(NodeId, usize)>> {
    refuse_append(path)?;
    if path.segments().is_empty() {
        let message = "the whole document cannot be deleted from itself";
        return Err(Error::new(ErrorKind::Unfit, message));
    }
    let mut node = tree.root();
    let mut found = None;
    for segment in path.segments() {
        let Step::Item(index) = step(tree, node, segment)? else { return Ok(None) };
        found = Some((node, index));
        node = tree.child(node, index);
    }
    Ok(found)
}

/// Opens the containers on the way to where the value at `path` is to be written.
pub(super) fn open_for(tree: &mut Tree, path: &Path) -> Result<Spot> {
    let mut node = tree.root();
    for (done, segment) in path.segments().iter().enumerate() {
        let kind = tree.kind(tree.value(node));
        if kind == Kind::Null {
            return Ok(Spot::Value { node, done });
        }
        node = match step(tree, node, segment)? {
            Step::Item(index) => tree.child(node, index),
            Step::End => {
                let key = segment.name().filter(|_| kind == Kind::Object).map(string::encode);
                return Ok(Spot::End { parent: node, key, done: done + 1 });
            }
            Step::OutOfRange => return Err(out_of_range(path, done, tree.items(node).len())),
            Step::Mismatch => return Err(mismatch(path, done, kind)),
        };
    }
    Ok(Spot::Value { node, done: path.segments().len() })
}

/// The text of `value` inside of the new containers that the segments of `path` from `done` on ask
/// for.
pub(super) fn wrap(path: &Path, done: usize, value: &[u8]) -> Result<Vec<u8>> {
    let mut text = Vec::with_capacity(value.len());
    let mut closing = Vec::new();
    for (position, segment) in path.segments().iter().enumerate().skip(done) {
        match segment {
            Segment::Key(key) | Segment::Token(key) => {
                text.push(b'{');
                text.extend_from_slice(string::encode(key).as_bytes());
                text.push(b':');
                closing.push(b'}');
            }
            Segment::Index(0) | Segment::Append => {
                text.push(b'[');
                closing.push(b']');
            }
            Segment::Index(_) => return Err(out_of_range(path, position, 0)),
        }
    }
    text.extend_from_slice(value);
    text.extend(closing.iter().rev());
    Ok(text)
}

fn child(tree: &Tree, value: Value, segment: &Segment) -> Option<Value> {
    match (tree.kind(value), segment) {
        (Kind::Object, Segment::Key(name) | Segment::Token(name)) => {
            if let (Some(object), Some(_)) = (value.node, tree.opened(value)) {
                let found = tree.find(object, name.as_bytes())?;
                return tree.member_at(object, found.last).map(|member| member.value);
            }
            if let Some(known) = tree.guided_member(value, name.as_bytes()) {
                return known.map(|member| member.value);
            }
            let is_it = |key| *tree.key_name(key) == *name.as_bytes();
            let found = tree.members(value).filter(|member| member.key.is_some_and(is_it)).last();
            found.map(|member| member.value)
        }
        (Kind::Array, segment) => {
            let index = index(segment)?;
            if let Some(elements) = tree.guided_elements(value) {
                return elements.get(position(index, elements.len())?).copied();
            }
            if let (Some(array), Some(opened)) = (value.node, tree.opened(value)) {
                let position = position(index, opened.items.len())?;
                return tree.member_at(array, position).map(|member| member.value);
            }
            let mut members = tree.members(value).map(|member| member.value);
            let distance = usize::try_from(index.unsigned_abs()).ok()?;
            if index < 0 { from_end(members, distance) } else { members.nth(distance) }
        }
        _ => None,
    }
}

/// The item that is `distance` before the end, in one pass.
fn from_end<T>(items: impl Iterator<Item = T>, distance: usize) -> Option<T> {
    let mut last = VecDeque::new();
    for item in items {
        if last.len() == distance {
            last.pop_front();
        }
        last.push_back(item);
    }
    if last.len() == distance { last.pop_front() } else { None }
}

/// Opens the container of `node` and finds where `segment` leads in it.
pub(super) fn step(tree: &mut Tree, node: NodeId, segment: &Segment) -> Result<Step> {
    match (tree.kind(tree.value(node)), segment) {
        (Kind::Object, Segment::Key(name) | Segment::Token(name)) => {
            tree.open(node);
            step_to_key(tree, node, name)
        }
        (Kind::Array, Segment::Append) => {
            tree.open(node);
            Ok(Step::End)
        }
        (Kind::Array, Segment::Token(dash)) if dash == "-" => {
            tree.open(node);
            Ok(Step::End)
        }
        (Kind::Array, Segment::Index(_) | Segment::Token(_)) => {
            let length = tree.open(node).len();
            Ok(step_to_index(length, segment))
        }
        _ => Ok(Step::Mismatch),
    }
}

fn step_to_key(tree: &mut Tree, object: NodeId, name: &str) -> Result<Step> {
    match tree.search(object, name.as_bytes()) {
        None => Ok(Step::End),
        Some(Found { last, count: 1 }) => Ok(Step::Item(last)),
        Some(Found { last, .. }) => {
            let key = tree.member_at(object, last).and_then(|member| member.key);
            Err(duplicate_key(key.map(|key| tree.key(key)).unwrap_or_default()))
        }
    }
}

fn step_to_index(length: usize, segment: &Segment) -> Step {
    let Some(index) = index(segment) else { return Step::OutOfRange };
    match position(index, length) {
        Some(position) if position < length => Step::Item(position),
        Some(position) if position == length => Step::End,
        _ => Step::OutOfRange,
    }
}

/// The position that an index means, which counts from the end if it is negative.
fn position(index: i64, length: usize) -> Option<usize> {
    let from_end = || length.checked_add_signed(isize::try_from(index).ok()?);
    usize::try_from(index).ok().or_else(from_end)
}

/// The index that a segment gives to an element.
fn index(segment: &Segment) -> Option<i64> {
    match segment {
        Segment::Index(index) => Some(*index),
        Segment::Token(token) => token.parse().ok(),
        Segment::Key(_) | Segment::Append => None,
    }
}

fn refuse_append(path: &Path) -> Result<()> {
    if !path.segments().contains(&Segment::Append) {
        return Ok(());
    }
    let message =
        format!("{path}: `[]` is a place to write to, there is nothing to read or delete");
    Err(Error::new(ErrorKind::InvalidPath, message))
}

/// The container in which the segment `position` of `path` is, for messages.
fn container(path: &Path, position: usize) -> String {
    if position == 0 { "the document".to_owned() } else { path.first(position).to_string() }
}

pub(super) fn out_of_range(path: &Path, position: usize, length: usize) -> Error {
    let (whole, parent) = (path.first(position + 1), container(path, position));
    let elements = if length == 1 { "element" } else { "elements" };
    let message = format!("{whole}: index out of range, {parent} has {length} {elements}");
    Error::new(ErrorKind::Unfit, message)
}

pub(super) fn mismatch(path: &Path, position: usize, kind: Kind) -> Error {
    let expected = match path.segments().get(position) {
        Some(Segment::Index(_) | Segment::Append) => "an array",
        Some(Segment::Token(_)) if kind != Kind::Object => "an object or array",
        _ => "an object",
    };
    let parent = container(path, position);
    Error::new(ErrorKind::Unfit, format!("{parent} is {}, not {expected}", kind.name()))
}
