//! Arrays and objects that are still text.
//!
//! A filter looks at little of a large document. So an array or object is read when it is looked at, and
//! only what stands directly in it: the arrays and objects in it stay text in turn. Of the first looks
//! each just searches the text. Then all children are kept, so that no filter goes through the same text
//! again and again.

use std::cell::{Cell, OnceCell};

use jaq_json::{Rc, Val};

use super::read;
use super::value::{Members, Value};
use crate::document::{Cursor, View};

/// How often a text is searched before its children are kept.
const SEARCHES: u32 = 3;

/// Objects up to this size are not searched but read: that is as quick.
const SMALL: usize = 0;

/// A checked text that containers are from.
pub(super) struct Source {
    pub(super) view: View,
}

/// An array or object in a text.
pub(super) struct Text {
    pub(super) source: Rc<Source>,
    pub(super) start: usize,
    pub(super) end: usize,
    /// In how many containers it lies.
    pub(super) level: u32,
    searches: Cell<u32>,
    opened: OnceCell<Value>,
}

/// The value of a checked text.
pub(super) fn value(view: View) -> Value {
    let place = view.place();
    child(&Rc::new(Source { view }), place, 0)
}

fn child(source: &Rc<Source>, place: std::ops::Range<usize>, level: u32) -> Value {
    match source.view.bytes().get(place.start) {
        Some(b'{' | b'[') => Value::Text(Rc::new(Text {
            source: source.clone(),
            start: place.start,
            end: place.end,
            level,
            searches: Cell::new(0),
            opened: OnceCell::new(),
        })),
        _ => Value::Plain(read::scalar(source.view.bytes(), place)),
    }
}

impl Text {
    pub(super) fn is_object(&self) -> bool {
        self.source.view.bytes().get(self.start) == Some(&b'{')
    }

    /// Whether both are the same text, and so equal: no number in a text is NaN.
    pub(super) fn is_same(&self, other: &Text) -> bool {
        self.start == other.start && Rc::ptr_eq(&self.source, &other.source)
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
        let Val::TStr(name) = key else { return None };
        if let Value::Obj(members) = self.known() {
            return members.get(key).cloned();
        }
        let mut found = None;
        let mut cursor = self.source.view.cursor(self.start);
        while let Some(piece) = self.source.view.next(&mut cursor) {
            if read::is_string(self.source.view.bytes(), piece.key, name) {
                found = Some(piece.value);
            }
        }
        found.map(|place| self.child(place))
    }

    /// The element at this position.
    pub(super) fn element(&self, position: usize) -> Option<Value> {
        if let Value::Arr(values) = self.known() {
            return values.get(position).cloned();
        }
        let mut cursor = self.source.view.cursor(self.start);
        for _ in 0..position {
            self.source.view.next(&mut cursor)?;
        }
        self.source.view.next(&mut cursor).map(|piece| self.child(piece.value))
    }

    /// How many elements an array has.
    pub(super) fn len(&self) -> usize {
        if let Value::Arr(values) = self.known() {
            return values.len();
        }
        let mut cursor = self.source.view.cursor(self.start);
        std::iter::from_fn(|| self.source.view.next(&mut cursor)).count()
    }

    /// The elements of an array, of which only one at a time need be in memory.
    pub(super) fn elements(text: Rc<Text>) -> Elements {
        let state = match text.known() {
            Value::Arr(values) => State::Kept(values.clone(), 0),
            _ => State::Text(text.source.view.cursor(text.start)),
        };
        Elements { text, state }
    }

    /// What is kept of the children; null as long as it is better to search.
    fn known(&self) -> &Value {
        const UNKNOWN: &Value = &Value::Plain(Val::Null);
        if let Some(opened) = self.opened.get() {
            return opened;
        }
        let searches = self.searches.get();
        self.searches.set(searches.saturating_add(1));
        if searches < SEARCHES && self.end - self.start > SMALL { UNKNOWN } else { self.opened() }
    }

    fn child(&self, place: std::ops::Range<usize>) -> Value {
        child(&self.source, place, self.level + 1)
    }

    fn read(&self) -> Value {
        let view = &self.source.view;
        let mut cursor = view.cursor(self.start);
        let pieces = std::iter::from_fn(|| view.next(&mut cursor));
        if !self.is_object() {
            return Value::Arr(Rc::new(pieces.map(|piece| self.child(piece.value)).collect()));
        }
        let mut members = Members::default();
        pieces.for_each(|piece| {
            let key = read::scalar(view.bytes(), piece.key);
            members.insert(key, self.child(piece.value));
        });
        Value::Obj(Rc::new(members))
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
