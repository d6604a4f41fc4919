//! From the values that filters compute with to compact JSON text.

use std::borrow::Cow;
use std::io::Write;

use jaq_json::{Num, Rc, Val};

use super::nested::descend;
use super::numerals;
use super::overlay::Added;
use super::read::MAX_DEPTH;
use super::run::{Stopped, stop};
use super::text::{Noted, Source, Text};
use super::value::{Members, Value};
use crate::document::{Outline, respell};

/// The text of a value.
pub(super) struct Written<T> {
    pub(super) text: T,
    /// What in the value JSON has no words for. The text has a stand-in for it, the one jq prints.
    pub(super) foreign: Option<&'static str>,
}

/// Writes a value that may hold what JSON does not.
pub(super) fn text(value: &Value) -> Written<String> {
    whole(value, Numerals::AsTheyAre)
}

/// Writes a value that may hold what JSON does not, with holes where text of `base` is.
pub(super) fn outline(value: &Value, base: Option<&Rc<Source>>) -> Written<Outline> {
    outlined(value, base, Numerals::AsTheyAre)
}

fn outlined(value: &Value, base: Option<&Rc<Source>>, numerals: Numerals) -> Written<Outline> {
    let mut writer = Writer { out: Outline::default(), foreign: None, depth: 0, base, numerals };
    match value {
        Value::Text(text) if !text.is_unchanged() && writer.is_root(text) => {
            writer.patched(text, None);
        }
        _ => writer.value(value),
    }
    Written { text: writer.out, foreign: writer.foreign }
}

/// Writes a value as jq makes a string of it, which may hold what JSON does not.
pub(super) fn json(value: &Value) -> String {
    whole(value, Numerals::OfJq).text
}

fn whole(value: &Value, numerals: Numerals) -> Written<String> {
    let Written { text, foreign } = outlined(value, None, numerals);
    if foreign == Some(TOO_DEEP) {
        stop(Stopped::TooNested);
    }
    Written { text: text.into_text(), foreign }
}

/// Writes a string, which always is JSON.
pub(super) fn string(text: &str) -> String {
    self::text(&Value::string(text.to_owned())).text
}

const TOO_DEEP: &str = "a value that is nested more than 10,000 levels deep";

struct Writer<'b> {
    out: Outline,
    foreign: Option<&'static str>,
    depth: usize,
    base: Option<&'b Rc<Source>>,
    numerals: Numerals,
}

/// How the numbers of the document are spelled.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Numerals {
    AsTheyAre,
    OfJq,
}

impl Writer<'_> {
    fn push(&mut self, text: &str) {
        self.out.text().extend_from_slice(text.as_bytes());
    }

    fn stand_in(&mut self, text: &str, foreign: &'static str) {
        // What is cut off is missed even where the rest need not be JSON.
        if self.foreign != Some(TOO_DEEP) {
            self.foreign = Some(foreign);
        }
        self.push(text);
    }

    fn value(&mut self, value: &Value) {
        descend();
        match value {
            Value::Plain(value) => self.plain(value),
            Value::Text(text) if text.is_unchanged() => self.copy(text),
            _ if self.depth == MAX_DEPTH => self.stand_in("null", TOO_DEEP),
            _ => {
                self.depth += 1;
                match value {
                    Value::Plain(_) => {}
                    Value::Arr(values) => self.array(values),
                    Value::Obj(members) => self.object(members),
                    Value::Text(text) => self.changed(text),
                }
                self.depth -= 1;
            }
        }
    }

    fn plain(&mut self, value: &Val) {
        match value {
            Val::Bool(true) => self.push("true"),
            Val::Bool(false) => self.push("false"),
            Val::Num(number) => self.number(number),
            Val::TStr(bytes) => respell(bytes, self.out.text()),
            Val::BStr(bytes) => {
                self.foreign = Some("a byte string");
                respell(bytes, self.out.text());
            }
            _ => self.push("null"),
        }
    }

    fn copy(&mut self, text: &Text) {
        match self.base {
            Some(base) if Rc::ptr_eq(base, &text.source) && self.has_room(text) => {
                self.out.push_hole(text.start);
            }
            _ => self.scan(&text.source, text.start),
        }
    }

    /// Whether a text is not nested too deeply here. Mostly there is no need to look.
    fn has_room(&self, text: &Text) -> bool {
        self.depth <= text.level as usize
            || self.depth + (text.end - text.start) / 2 <= MAX_DEPTH
            || self.depth + text.source.view.depth(text.start) <= MAX_DEPTH
    }

    /// Writes what stands at a place of a text.
    fn scan(&mut self, source: &Source, start: usize) {
        let (room, written) = (MAX_DEPTH - self.depth, self.out.text().len());
        if !source.view.push_compact(start, room, self.out.text()) {
            self.foreign = Some(TOO_DEEP);
        }
        if self.numerals == Numerals::OfJq {
            let text = self.out.text();
            if let Cow::Owned(respelled) = numerals::respell(&text[written..]) {
                text.truncate(written);
                text.extend_from_slice(&respelled);
            }
        }
    }

    /// Whether a text is all of the base.
    fn is_root(&self, text: &Text) -> bool {
        self.base.is_some_and(|base| text.is_from(base, base.view.place().start))
    }

    /// Writes of a text that stands where it stood only what is other now.
    fn patched(&mut self, text: &Text, parent: Option<usize>) {
        let Some(changes) = &text.changes else { return };
        descend();
        let this = self.out.push_patched(parent, text.start);
        let mut written = (Vec::new(), Vec::new(), Vec::new());
        self.depth += 1;
        for (start, child) in &changes.children {
            match child {
                None => written.1.push(*start),
                Some(Value::Text(child)) if child.is_from(&text.source, *start) => {
                    self.patched(child, Some(this));
                }
                Some(child) => written.0.push((*start, self.separate(child))),
            }
        }
        for (key, value) in changes.added.all() {
            let key = key.map(|key| self.separate(&Value::Plain(key.clone())));
            written.2.push((key, self.separate(value)));
        }
        self.depth -= 1;
        if let Some(patched) = self.out.patched(this) {
            (patched.changed, patched.deleted, patched.added) = written;
        }
    }

    /// Writes a value of its own, and gives where it starts.
    fn separate(&mut self, value: &Value) -> usize {
        self.push(" ");
        let start = self.out.text().len();
        self.value(value);
        start
    }

    /// Writes a text in which children are others now.
    fn changed(&mut self, text: &Text) {
        let (open, close) = if text.is_object() { ("{", "}") } else { ("[", "]") };
        let mut separator = open;
        for (key, place) in text.places() {
            let Some(value) = text.noted(&place) else { continue };
            self.push(separator);
            if text.is_object() {
                self.scan(&text.source, key.start);
                self.push(":");
            }
            match value {
                Noted::Value(value) => self.value(&value),
                Noted::Scalar => self.scan(&text.source, place.start),
            }
            separator = ",";
        }
        for (key, value) in text.added().into_iter().flat_map(Added::all) {
            self.push(separator);
            if let Some(key) = key {
                self.plain(key);
                self.push(":");
            }
            self.value(value);
            separator = ",";
        }
        self.push(if separator == open { open } else { "" });
        self.push(close);
    }

    fn number(&mut self, number: &Num) {
        match number {
            Num::Dec(spelling) => match self.numerals {
                Numerals::AsTheyAre => self.push(spelling),
                Numerals::OfJq => self.push(&numerals::literal(spelling)),
            },
            Num::Float(x) if x.is_nan() => self.stand_in("null", "NaN"),
            Num::Float(f64::INFINITY) => self.stand_in("1.7976931348623157e+308", "Infinity"),
            Num::Float(f64::NEG_INFINITY) => {
                self.stand_in("-1.7976931348623157e+308", "-Infinity");
            }
            Num::Float(number) => self.push(&numerals::computed(*number)),
            _ => {
                // Writing to memory cannot fail.
                let _ = write!(self.out.text(), "{number}");
            }
        }
    }

    fn array(&mut self, values: &[Value]) {
        let mut separator = "[";
        for value in values {
            self.push(separator);
            self.value(value);
            separator = ",";
        }
        self.push(if values.is_empty() { "[]" } else { "]" });
    }

    fn object(&mut self, members: &Members) {
        let mut separator = "{";
        for (key, value) in members {
            self.push(separator);
            self.plain(key);
            self.push(":");
            self.value(value);
            separator = ",";
        }
        self.push(if members.is_empty() { "{}" } else { "}" });
    }
}
