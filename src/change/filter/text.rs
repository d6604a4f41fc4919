//! Arrays and objects that are still text.
//!
//! A filter looks at little of a large document. So an array or object is read when it is looked at, and
//! only what stands directly in it: the arrays and objects in it stay text in turn. Of the first looks
//! each just searches the text. Then all children of a small one are kept, and of a large one where they
//! [are](super::table), so that no filter goes through the same text again and again. One of which little
//! was [changed](super::overlay) stays text, too, and only what is other is kept.

use std::cell::{Cell, OnceCell};
use std::ops::Range;

use jaq_json::{Rc, Val};

use super::nested::{Garbage, release};
use super::overlay::Changes;
use super::read;
use super::table::{self, Found, LARGE, Tables};
use super::value::{Array, Members, Value};
use crate::document::{Cursor, Piece, View};

/// How often a small text is searched before its children are kept.
const SEARCHES: u32 = 3;

/// A checked text that containers are from.
pub(super) struct Source {
    pub(super) view: View,
    tables: Tables,
}

/// An array or object in a text.
#[derive(Clone)]
pub(super) struct Text {
    pub(super) source: Rc<Source>,
    pub(super) start: usize,
    pub(super) end: usize,
    /// In how many containers it lies.
    pub(super) level: u32,
    searches: Cell<u32>,
    pub(super) opened: OnceCell<Value>,
    /// What is other than in the text.
    pub(super) changes: Option<Box<Changes>>,
}

/// The value of a checked text.
pub(super) fn value(view: View) -> Value {
    let place = view.place();
    child(&Rc::new(Source { view, tables: Tables::default() }), place, 0)
}

fn child(source: &Rc<Source>, place: Range<usize>, level: u32) -> Value {
    match source.view.bytes().get(place.start) {
        Some(b'{' | b'[') => Value::Text(Rc::new(Text {
            source: source.clone(),
            start: place.start,
            end: place.end,
            level,
            searches: Cell::new(0),
            opened: OnceCell::new(),
            changes: None,
        })),
        _ => Value::Plain(read::scalar(source.view.bytes(), place)),
    }
}

/// A child as it is to be written.
pub(super) enum Noted {
    /// The scalar that stands in the text.
    Scalar,
    Value(Value),
}

impl Text {
    pub(super) fn is_object(&self) -> bool {
        self.source.view.bytes().get(self.start) == Some(&b'{')
    }

    /// Whether it is what the text says.
    pub(super) fn is_unchanged(&self) -> bool {
        self.changes.is_none()
    }

    /// Whether both are the same text, and so equal: no number in a text is NaN.
    pub(super) fn is_same(&self, other: &Text) -> bool {
        self.is_at(&other.source, other.start) && other.is_unchanged()
    }

    pub(super) fn is_at(&self, source: &Rc<Source>, start: usize) -> bool {
        self.is_from(source, start) && self.is_unchanged()
    }

    /// Whether it is, or was made from, what starts there.
    pub(super) fn is_from(&self, source: &Rc<Source>, start: usize) -> bool {
        self.start == start && Rc::ptr_eq(&self.source, source)
    }

    /// The array or object with its children, which are kept.
    pub(super) fn opened(&self) -> &Value {
        self.opened.get_or_init(|| self.read())
    }

    /// The array or object with its children, which are kept if anything else knows this text.
    pub(super) fn into_opened(text: Rc<Text>) -> Value {
        match Rc::try_unwrap(text) {
            Ok(mut text) => text.opened.take().unwrap_or_else(|| text.read()),
            Err(text) => text.opened().clone(),
        }
    }

    /// The last member with this key.
    pub(super) fn member(&self, key: &Val) -> Option<Value> {
        match self.known() {
            Some(Value::Obj(members)) => members.get(key).cloned(),
            _ => match self.find_member(key) {
                Some(found) => self.child(found.place),
                None => self.added().and_then(|added| added.members.get(key).cloned()),
            },
        }
    }

    pub(super) fn find_member(&self, key: &Val) -> Option<Found> {
        let (view, Val::TStr(name)) = (&self.source.view, key) else { return None };
        let found = match self.is_large() {
            true => self.source.tables.member(view, self.start, key),
            false => table::scan(view, self.start, name),
        };
        found.filter(|found| !self.is_deleted(found.place.start))
    }

    /// The element at this position.
    pub(super) fn element(&self, position: usize) -> Option<Value> {
        match self.known() {
            Some(Value::Arr(values)) => values.get(position).cloned(),
            _ => match self.find_element(position) {
                Some(place) => self.child(place),
                None => {
                    let added = self.added()?;
                    added.elements.get(position.checked_sub(self.kept_len())?).cloned()
                }
            },
        }
    }

    pub(super) fn find_element(&self, position: usize) -> Option<Range<usize>> {
        let kept = || self.pieces().filter(|piece| !self.is_deleted(piece.value.start));
        let found = match self.is_large() && !self.has_deleted() {
            true => {
                let (tables, view) = (&self.source.tables, &self.source.view);
                tables.element(view, self.start, position).map(|found| found.place)
            }
            false => kept().nth(position).map(|piece| piece.value),
        };
        found.filter(|place| !self.is_deleted(place.start))
    }

    /// How many elements an array has.
    pub(super) fn len(&self) -> usize {
        match self.known() {
            Some(Value::Arr(values)) => values.len(),
            _ => self.kept_len() + self.added().map_or(0, |added| added.elements.len()),
        }
    }

    /// How many elements of the text are left in the array.
    pub(super) fn kept_len(&self) -> usize {
        let all = match self.is_large() {
            true => self.source.tables.len(&self.source.view, self.start),
            false => self.pieces().count(),
        };
        all - self.changes.as_ref().map_or(0, |changes| changes.deleted)
    }

    /// The elements of an array, of which only one at a time need be in memory.
    pub(super) fn elements(text: Rc<Text>) -> Elements {
        let state = match text.known() {
            Some(Value::Arr(values)) => State::Kept(values.clone(), 0),
            _ => State::Text(text.source.view.cursor(text.start)),
        };
        Elements { text, state }
    }

    /// Makes of all children what `f` makes of them, if anything. What stays the same stays text.
    pub(super) fn map<E>(
        text: Rc<Text>,
        f: impl Fn(Value) -> Result<Option<Value>, E>,
    ) -> Result<Value, E> {
        match &text.changes {
            Some(changes) if changes.moves_children() => map_opened(Text::into_opened(text), f),
            _ if text.is_object() => Text::map_members(text, f),
            _ => Text::map_elements(text, f),
        }
    }

    fn map_members<E>(
        mut text: Rc<Text>,
        f: impl Fn(Value) -> Result<Option<Value>, E>,
    ) -> Result<Value, E> {
        let (mut changed, mut lost) = (Vec::new(), Vec::new());
        for (key, place) in text.places() {
            let Some(old) = text.child(place.clone()) else { continue };
            match f(old)? {
                Some(new) if text.is_still(&new, place.clone()) => {}
                Some(new) => changed.push((place.start, new)),
                None => lost.push(read::scalar(text.source.view.bytes(), key)),
            }
        }
        if !changed.is_empty() || !text.is_unchanged() {
            Rc::make_mut(&mut text).become_changed(changed);
        }
        if lost.is_empty() {
            return Ok(Value::Text(text));
        }
        lost.sort_unstable();
        let mut rest = Text::into_opened(text);
        if let Value::Obj(members) = &mut rest {
            Rc::make_mut(members).retain(|key, _| lost.binary_search(key).is_err());
        }
        Ok(rest)
    }

    fn map_elements<E>(
        text: Rc<Text>,
        f: impl Fn(Value) -> Result<Option<Value>, E>,
    ) -> Result<Value, E> {
        let (mut values, mut is_still) = (Vec::new(), text.is_unchanged());
        for Piece { value, .. } in text.pieces() {
            let Some(old) = text.child(value.clone()) else { continue };
            let new = f(old)?;
            is_still = is_still && new.as_ref().is_some_and(|new| text.is_still(new, value));
            values.extend(new);
        }
        Ok(if is_still { Value::Text(text) } else { Value::array(values) })
    }

    /// Whether a value is what the text says at a place, in the spelling too.
    fn is_still(&self, value: &Value, place: Range<usize>) -> bool {
        match value {
            Value::Text(text) => text.is_at(&self.source, place.start),
            Value::Plain(value) => read::is_scalar(self.source.view.bytes(), place, value),
            _ => false,
        }
    }

    /// Where the keys and values of the children are; of members with the same key the last, where the
    /// first stands.
    pub(super) fn places(&self) -> Vec<(Range<usize>, Range<usize>)> {
        let pieces = match self.is_object() {
            true => self.source.view.members(self.start),
            false => self.pieces().collect(),
        };
        pieces.into_iter().map(|Piece { key, value }| (key, value)).collect()
    }

    /// The child at a place, if it is not deleted.
    pub(super) fn child(&self, place: Range<usize>) -> Option<Value> {
        match self.changed_at(place.start) {
            Some(changed) => changed.clone(),
            None => Some(self.child_of_text(place)),
        }
    }

    /// The child at a place, as it is to be written, if it is not deleted.
    pub(super) fn noted(&self, place: &Range<usize>) -> Option<Noted> {
        let is_container = matches!(self.source.view.bytes().get(place.start), Some(b'{' | b'['));
        match self.changed_at(place.start) {
            None if !is_container => Some(Noted::Scalar),
            _ => self.child(place.clone()).map(Noted::Value),
        }
    }

    pub(super) fn child_of_text(&self, place: Range<usize>) -> Value {
        child(&self.source, place, self.level + 1)
    }

    pub(super) fn pieces(&self) -> impl Iterator<Item = Piece> {
        table::pieces(&self.source.view, self.start)
    }

    fn is_large(&self) -> bool {
        self.end - self.start >= LARGE
    }

    /// What is kept of the children, unless it is better to search.
    pub(super) fn known(&self) -> Option<&Value> {
        if let Some(opened) = self.opened.get() {
            return Some(opened);
        }
        let searches = self.searches.get();
        self.searches.set(searches.saturating_add(1));
        (searches >= SEARCHES && !self.is_large()).then(|| self.opened())
    }

    fn read(&self) -> Value {
        if !self.is_object() {
            let kept = self.pieces().filter_map(|piece| self.child(piece.value));
            let added = self.added().map_or(&[][..], |added| &added.elements);
            return kept.chain(added.iter().cloned()).collect();
        }
        let bytes = self.source.view.bytes();
        let mut members = Members::default();
        for Piece { key, value } in self.pieces() {
            if let Some(value) = self.child(value) {
                members.insert(read::scalar(bytes, key), value);
            }
        }
        if let Some(added) = self.added() {
            members.extend(added.members.iter().map(|(key, value)| (key.clone(), value.clone())));
        }
        Value::object(members)
    }
}

fn map_opened<E>(value: Value, f: impl Fn(Value) -> Result<Option<Value>, E>) -> Result<Value, E> {
    match value {
        Value::Arr(array) => {
            let old = Rc::unwrap_or_clone(array).into_iter();
            old.filter_map(|value| f(value).transpose()).collect()
        }
        Value::Obj(object) => {
            let old = Rc::unwrap_or_clone(object).into_iter();
            let new = old.filter_map(|(key, value)| {
                f(value).transpose().map(|value| value.map(|value| (key, value)))
            });
            Ok(Value::object(new.collect::<Result<Members, E>>()?))
        }
        value => Ok(value),
    }
}

impl Drop for Text {
    fn drop(&mut self) {
        let (opened, changes) = (self.opened.take(), self.changes.take());
        if opened.is_some() || changes.is_some() {
            release(Garbage::Text(opened, changes));
        }
    }
}

/// The elements of an array that is text.
pub(super) struct Elements {
    text: Rc<Text>,
    state: State,
}

enum State {
    Text(Cursor),
    Added(usize),
    Kept(Rc<Array>, usize),
}

impl Iterator for Elements {
    type Item = Value;

    fn next(&mut self) -> Option<Value> {
        loop {
            match &mut self.state {
                State::Kept(values, next) => {
                    *next += 1;
                    return values.get(*next - 1).cloned();
                }
                State::Added(next) => {
                    *next += 1;
                    return self.text.added()?.elements.get(*next - 1).cloned();
                }
                State::Text(cursor) => match self.text.source.view.next(cursor) {
                    None => self.state = State::Added(0),
                    Some(piece) => {
                        if let Some(value) = self.text.child(piece.value) {
                            return Some(value);
                        }
                    }
                },
            }
        }
    }
}
