//! Arrays and objects that are still text.
//!
//! A filter looks at little of a large document. So an array or object is read when it is looked at, and
//! only what stands directly in it: the arrays and objects in it stay text in turn. Of the first looks
//! each just searches the text. Then all children are kept, so that no filter goes through the same text
//! again and again. Of an array or object in which few children were changed only these are kept.

use std::cell::{Cell, OnceCell};
use std::ops::Range;

use jaq_json::{Num, Rc, Val};

use super::arithmetic::whole;
use super::read;
use super::value::{Members, Value};
use crate::document::{Cursor, Piece, View};

/// How often a text is searched before its children are kept.
const SEARCHES: u32 = 3;

/// A checked text that containers are from.
pub(super) struct Source {
    pub(super) view: View,
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
    opened: OnceCell<Value>,
    /// The children that are others than in the text, by where those start.
    changed: Vec<(usize, Value)>,
}

/// The value of a checked text.
pub(super) fn value(view: View) -> Value {
    let place = view.place();
    child(&Rc::new(Source { view }), place, 0)
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
            changed: Vec::new(),
        })),
        _ => Value::Plain(read::scalar(source.view.bytes(), place)),
    }
}

impl Text {
    pub(super) fn is_object(&self) -> bool {
        self.source.view.bytes().get(self.start) == Some(&b'{')
    }

    /// Whether it is what the text says.
    pub(super) fn is_unchanged(&self) -> bool {
        self.changed.is_empty()
    }

    /// Whether both are the same text, and so equal: no number in a text is NaN.
    pub(super) fn is_same(&self, other: &Text) -> bool {
        self.is_at(&other.source, other.start) && other.is_unchanged()
    }

    fn is_at(&self, source: &Rc<Source>, start: usize) -> bool {
        self.start == start && Rc::ptr_eq(&self.source, source) && self.is_unchanged()
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
            _ => self.find_member(key).map(|place| self.child(place)),
        }
    }

    fn find_member(&self, key: &Val) -> Option<Range<usize>> {
        let Val::TStr(name) = key else { return None };
        let bytes = self.source.view.bytes();
        let is_it = |piece: &Piece| read::is_string(bytes, piece.key.clone(), name);
        self.pieces().filter(is_it).last().map(|piece| piece.value)
    }

    /// The element at this position.
    pub(super) fn element(&self, position: usize) -> Option<Value> {
        match self.known() {
            Some(Value::Arr(values)) => values.get(position).cloned(),
            _ => self.find_element(position).map(|place| self.child(place)),
        }
    }

    fn find_element(&self, position: usize) -> Option<Range<usize>> {
        self.pieces().nth(position).map(|piece| piece.value)
    }

    /// How many elements an array has.
    pub(super) fn len(&self) -> usize {
        match self.known() {
            Some(Value::Arr(values)) => values.len(),
            _ => self.pieces().count(),
        }
    }

    /// The elements of an array, of which only one at a time need be in memory.
    pub(super) fn elements(text: Rc<Text>) -> Elements {
        let state = match text.known() {
            Some(Value::Arr(values)) => State::Kept(values.clone(), 0),
            _ => State::Text(text.source.view.cursor(text.start)),
        };
        Elements { text, state }
    }

    /// Where the child with this key or position is that is to be changed, if it is there and it is not
    /// time to keep all of them.
    pub(super) fn place_to_change(&self, key: &Value) -> Option<Range<usize>> {
        if self.known().is_some() {
            return None;
        }
        match (key, whole(key, f64::trunc).plain()?) {
            (Value::Plain(key @ Val::TStr(_)), _) if self.is_object() => self.find_member(key),
            (_, Val::Num(Num::Int(at))) if !self.is_object() => {
                self.find_element(usize::try_from(*at).ok()?)
            }
            _ => None,
        }
    }

    /// The child at a place, to be changed.
    pub(super) fn child_mut(text: &mut Rc<Text>, place: Range<usize>) -> &mut Value {
        let text = Rc::make_mut(text);
        text.opened.take();
        let at = text.changed.binary_search_by_key(&place.start, |changed| changed.0);
        let at = at.unwrap_or_else(|at| {
            text.changed.insert(at, (place.start, child(&text.source, place, text.level + 1)));
            at
        });
        &mut text.changed[at].1
    }

    /// Makes of all children what `f` makes of them, if anything. What stays the same stays text.
    pub(super) fn map<E>(
        text: Rc<Text>,
        f: impl Fn(Value) -> Result<Option<Value>, E>,
    ) -> Result<Value, E> {
        if text.is_object() { Text::map_members(text, f) } else { Text::map_elements(text, f) }
    }

    fn map_members<E>(
        mut text: Rc<Text>,
        f: impl Fn(Value) -> Result<Option<Value>, E>,
    ) -> Result<Value, E> {
        let (mut changed, mut lost) = (Vec::new(), Vec::new());
        for (key, place) in text.places() {
            match f(text.child(place.clone()))? {
                Some(new) if text.is_still(&new, place.clone()) => {}
                Some(new) => changed.push((place.start, new)),
                None => lost.push(read::scalar(text.source.view.bytes(), key)),
            }
        }
        if !changed.is_empty() || !text.is_unchanged() {
            changed.sort_by_key(|changed| changed.0);
            let text = Rc::make_mut(&mut text);
            (text.changed, text.opened) = (changed, OnceCell::new());
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
            let new = f(text.child(value.clone()))?;
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

    /// The child at a place, if it is another one than in the text, or a container.
    pub(super) fn noted(&self, place: &Range<usize>) -> Option<Value> {
        let is_container = matches!(self.source.view.bytes().get(place.start), Some(b'{' | b'['));
        let is_noted = is_container || self.changed_at(place.start).is_some();
        is_noted.then(|| self.child(place.clone()))
    }

    fn child(&self, place: Range<usize>) -> Value {
        match self.changed_at(place.start) {
            Some(changed) => changed.clone(),
            None => child(&self.source, place, self.level + 1),
        }
    }

    fn changed_at(&self, start: usize) -> Option<&Value> {
        let at = self.changed.binary_search_by_key(&start, |changed| changed.0).ok()?;
        Some(&self.changed[at].1)
    }

    fn pieces(&self) -> impl Iterator<Item = Piece> {
        let view = &self.source.view;
        let mut cursor = view.cursor(self.start);
        std::iter::from_fn(move || view.next(&mut cursor))
    }

    /// What is kept of the children, unless it is better to search.
    fn known(&self) -> Option<&Value> {
        if let Some(opened) = self.opened.get() {
            return Some(opened);
        }
        let searches = self.searches.get();
        self.searches.set(searches.saturating_add(1));
        (searches >= SEARCHES).then(|| self.opened())
    }

    fn read(&self) -> Value {
        if !self.is_object() {
            return self.pieces().map(|piece| self.child(piece.value)).collect();
        }
        let bytes = self.source.view.bytes();
        let mut members = Members::default();
        for Piece { key, value } in self.pieces() {
            members.insert(read::scalar(bytes, key), self.child(value));
        }
        Value::object(members)
    }
}

/// The elements of an array that is text.
pub(super) struct Elements {
    text: Rc<Text>,
    state: State,
}

enum State {
    Text(Cursor),
    Kept(Rc<Vec<Value>>, usize),
}

impl Iterator for Elements {
    type Item = Value;

    fn next(&mut self) -> Option<Value> {
        match &mut self.state {
            State::Kept(values, next) => {
                *next += 1;
                values.get(*next - 1).cloned()
            }
            State::Text(cursor) => {
                let piece = self.text.source.view.next(cursor)?;
                Some(self.text.child(piece.value))
            }
        }
    }
}
