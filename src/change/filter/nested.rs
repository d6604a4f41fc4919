//! The arrays and objects of values, which a filter may nest in each other a million times.
//!
//! What recurses into values looks after the stack by [`descend`]. Dropping them cannot fail, so it does not
//! recurse but so far: what lies deeper is put aside until the outermost value is dropped.

use std::cell::{Cell, RefCell};
use std::hint::black_box;
use std::ops::{Deref, DerefMut};

use jaq_json::{Map, Val};

use super::overlay::Changes;
use super::run::{Stopped, stop};
use super::value::Value;

/// How many values that lie in each other are dropped by recursion, which is the quicker way.
const DROPPED: usize = 128;

/// The values of an array.
#[derive(Clone, Default)]
pub(super) struct Array(Vec<Value>);

/// The members of an object. The keys are strings.
#[derive(Clone, Default)]
pub(super) struct Members(Map<Val, Value>);

/// What is to be dropped.
#[expect(dead_code, reason = "nothing else is done with it")]
pub(super) enum Garbage {
    Values(Vec<Value>),
    Members(Map<Val, Value>),
    Text(Option<Value>, Option<Box<Changes>>),
}

thread_local! {
    /// How many values that lie in each other are being dropped.
    static DEPTH: Cell<usize> = const { Cell::new(0) };
    /// What lies deeper.
    static ASIDE: RefCell<Vec<Garbage>> = const { RefCell::new(Vec::new()) };
    /// The lowest place on the stack that may be used.
    static LOWEST: Cell<usize> = const { Cell::new(0) };
    /// How many values may still be looked at.
    static LEFT: Cell<usize> = const { Cell::new(usize::MAX) };
}

/// Drops it, at once or, if it lies deep in what is being dropped, soon.
pub(super) fn release(garbage: Garbage) {
    let depth = DEPTH.try_with(Cell::get).unwrap_or(0);
    if depth == DROPPED {
        // Nothing is dropped by putting it aside, so that nobody else holds the list.
        _ = ASIDE.try_with(|aside| aside.borrow_mut().push(garbage));
        return;
    }
    set_depth(depth + 1);
    drop(garbage);
    while depth == 0
        && let Ok(Some(garbage)) = ASIDE.try_with(|aside| aside.borrow_mut().pop())
    {
        drop(garbage);
    }
    set_depth(depth);
}

fn set_depth(depth: usize) {
    _ = DEPTH.try_with(|cell| cell.set(depth));
}

/// Lets what recurses into values on this thread use so many bytes of the stack from here on, and look at so
/// many values.
pub(super) fn limit(stack: usize, values: usize) {
    LOWEST.set(stack_position().saturating_sub(stack));
    LEFT.set(values);
}

/// Says that a value in another one is looked at. Where the stack is used up, the filter is ended.
pub(super) fn descend() {
    if stack_position() < LOWEST.get() {
        stop(Stopped::TooNested);
    }
    match LEFT.get().checked_sub(1) {
        Some(left) => LEFT.set(left),
        None => stop(Stopped::Abandoned),
    }
}

/// Roughly how far the stack has grown.
#[inline(never)]
pub(super) fn stack_position() -> usize {
    let here = 0u8;
    black_box(&raw const here).addr()
}

impl Drop for Array {
    fn drop(&mut self) {
        if !self.0.is_empty() {
            release(Garbage::Values(std::mem::take(&mut self.0)));
        }
    }
}

impl Drop for Members {
    fn drop(&mut self) {
        if !self.0.is_empty() {
            release(Garbage::Members(std::mem::take(&mut self.0)));
        }
    }
}

impl From<Vec<Value>> for Array {
    fn from(values: Vec<Value>) -> Self {
        Array(values)
    }
}

impl From<Map<Val, Value>> for Members {
    fn from(members: Map<Val, Value>) -> Self {
        Members(members)
    }
}

impl Deref for Array {
    type Target = Vec<Value>;

    fn deref(&self) -> &Vec<Value> {
        &self.0
    }
}

impl DerefMut for Array {
    fn deref_mut(&mut self) -> &mut Vec<Value> {
        &mut self.0
    }
}

impl Deref for Members {
    type Target = Map<Val, Value>;

    fn deref(&self) -> &Map<Val, Value> {
        &self.0
    }
}

impl DerefMut for Members {
    fn deref_mut(&mut self) -> &mut Map<Val, Value> {
        &mut self.0
    }
}

impl IntoIterator for Array {
    type Item = Value;
    type IntoIter = std::vec::IntoIter<Value>;

    fn into_iter(mut self) -> Self::IntoIter {
        std::mem::take(&mut self.0).into_iter()
    }
}

impl IntoIterator for Members {
    type Item = (Val, Value);
    type IntoIter = <Map<Val, Value> as IntoIterator>::IntoIter;

    fn into_iter(mut self) -> Self::IntoIter {
        std::mem::take(&mut self.0).into_iter()
    }
}

impl<'m> IntoIterator for &'m Members {
    type Item = (&'m Val, &'m Value);
    type IntoIter = <&'m Map<Val, Value> as IntoIterator>::IntoIter;

    fn into_iter(self) -> Self::IntoIter {
        (&self.0).into_iter()
    }
}

impl FromIterator<(Val, Value)> for Members {
    fn from_iter<I: IntoIterator<Item = (Val, Value)>>(members: I) -> Self {
        Members(members.into_iter().collect())
    }
}
