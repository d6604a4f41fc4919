//! Values, paths and changes, as bytes decide. What comes of no bytes is the simplest of all, so
//! that shorter input makes simpler cases.

use jsonlock::{Arrays, Nulls};
use serde_json::{Map, Value};

use super::patch::Operation;
use super::printer::Step;
use super::values::{at, delete, set};

const KEYS: [&str; 13] =
    ["a", "b", "c", "é", "x y", "", "0", "a.b", "k😀", "a/b~", "\u{1}\"\\", "-", "k=v:=]"];
const STRINGS: [&str; 8] = ["", "s", "é☃", "a,b", "{[:", "\u{7f}\0\n", "\"\\u00e9", "😀//#"];

/// How deeply values are nested at most.
const DEPTH: usize = 6;

#[derive(Clone, Debug)]
pub enum Change {
    Set(Vec<Step>, Value),
    Delete(Vec<Step>),
    Merge(Value, Arrays, Nulls),
    Replace(Value),
    Patch(Vec<Operation>),
}

impl Change {
    /// The value that it speaks of.
    pub fn wish(&self) -> Value {
        match self {
            Change::Set(_, new) | Change::Merge(new, ..) | Change::Replace(new) => new.clone(),
            Change::Patch(patch) => patch.iter().map(Operation::as_json).collect(),
            Change::Delete(_) => Value::Null,
        }
    }
}

/// The kinds of changes that a check is about, in which some come more often than others.
#[derive(Clone, Copy, Debug)]
pub enum Kinds {
    All,
    Merge,
    Replace,
    Patch,
}

/// Bytes to decide by.
#[derive(Clone, Debug)]
pub struct Choices<'a> {
    bytes: &'a [u8],
}

impl<'a> Choices<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Choices { bytes }
    }

    pub fn byte(&mut self) -> u8 {
        match self.bytes.split_first() {
            Some((byte, rest)) => {
                self.bytes = rest;
                *byte
            }
            None => 0,
        }
    }

    /// A number smaller than `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        usize::from(self.byte()) % bound
    }

    /// At most `most` bytes, which decide about something else.
    pub fn some(&mut self, most: usize) -> &'a [u8] {
        let count = self.below(most + 1).min(self.bytes.len());
        let (some, rest) = self.bytes.split_at(count);
        self.bytes = rest;
        some
    }

    /// All bytes that are left.
    pub fn rest(&self) -> &'a [u8] {
        self.bytes
    }

    pub fn are_left(&self) -> bool {
        !self.bytes.is_empty()
    }

    pub fn one_of<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }

    pub fn key(&mut self) -> String {
        match self.below(16) {
            15 => self.text(),
            _ => self.one_of(&KEYS).to_owned(),
        }
    }

    pub fn text(&mut self) -> String {
        String::from_utf8_lossy(self.some(9)).into_owned()
    }

    pub fn value(&mut self) -> Value {
        self.value_within(DEPTH)
    }

    fn value_within(&mut self, depth: usize) -> Value {
        match self.below(if depth == 0 { 8 } else { 16 }) {
            0 => Value::Null,
            1 => Value::from(self.below(2) == 1),
            2..=5 => Value::from(self.below(33) as i64 - 3),
            6 => Value::from(self.one_of(&STRINGS)),
            7 => Value::from(self.text()),
            8..=11 => (0..self.below(6)).map(|_| self.value_within(depth - 1)).collect(),
            _ => {
                let count = self.below(6);
                let member = |choices: &mut Self| (choices.key(), choices.value_within(depth - 1));
                Value::from((0..count).map(|_| member(self)).collect::<Map<_, _>>())
            }
        }
    }

    fn step(&mut self) -> Step {
        match self.below(5) {
            0..=2 => Step::Key(self.key()),
            _ => Step::Index(self.below(4)),
        }
    }

    /// A path that leads along what is there, perhaps not to its end.
    pub fn path_in(&mut self, document: &Value) -> Vec<Step> {
        path(document, self.some(5))
    }

    /// A path that mostly leads along what is there.
    pub fn path_about(&mut self, document: &Value) -> Vec<Step> {
        let mut path = self.path_in(document);
        for _ in 0..self.below(3) {
            path.push(self.step());
        }
        path
    }

    /// A value that differs from `document` here and there, as the result of a filter would.
    pub fn variation(&mut self, document: &Value) -> Value {
        let picks = self.some(5);
        let new = self.value();
        let mut result = document.clone();
        for (position, pick) in picks.iter().enumerate() {
            vary(&mut result, &picks[position..], *pick, &new);
        }
        result
    }

    pub fn change(&mut self, kinds: Kinds, document: &Value) -> Change {
        let kind = match kinds {
            Kinds::All => self.below(11),
            Kinds::Merge => self.one_of(&[4, 9]),
            Kinds::Replace => self.one_of(&[6, 5, 7]),
            Kinds::Patch => 10,
        };
        match kind {
            0 | 1 => Change::Set(self.path_about(document), self.value()),
            2 => Change::Delete(self.path_about(document)),
            3 => Change::Delete(self.path_in(document)),
            4 => self.merge(Self::value),
            5 => Change::Replace(self.value()),
            9 => self.merge(|choices| choices.variation(document)),
            10 => Change::Patch(self.patch(document)),
            _ => Change::Replace(self.variation(document)),
        }
    }

    /// A merge patch, mostly as RFC 7396 has it.
    fn merge(&mut self, patch: impl FnOnce(&mut Self) -> Value) -> Change {
        let arrays =
            self.one_of(&[Arrays::Replace, Arrays::Replace, Arrays::Append, Arrays::Union]);
        let nulls = self.one_of(&[Nulls::Delete, Nulls::Delete, Nulls::Keep]);
        Change::Merge(patch(self), arrays, nulls)
    }
}

/// The path that `picks` lead along in `document`.
pub fn path(document: &Value, picks: &[u8]) -> Vec<Step> {
    let mut value = document;
    let mut path = Vec::new();
    for &pick in picks {
        let (step, child) = match value {
            Value::Object(members) if !members.is_empty() => {
                let (key, child) = members.iter().nth(usize::from(pick) % members.len()).unwrap();
                (Step::Key(key.clone()), child)
            }
            Value::Array(elements) if !elements.is_empty() => {
                let index = usize::from(pick) % elements.len();
                (Step::Index(index), &elements[index])
            }
            _ => break,
        };
        path.push(step);
        value = child;
    }
    path
}

fn vary(result: &mut Value, picks: &[u8], pick: u8, new: &Value) {
    let mut target = path(result, picks);
    match pick % 4 {
        0 => _ = delete(result, &target),
        1 => {
            target.push(if pick % 8 == 1 { Step::Key("n".into()) } else { Step::Index(0) });
            _ = set(result, &target, new);
        }
        2 => _ = set(result, &target, new),
        _ => {
            if let Some(Value::Array(elements)) = at(result, &target) {
                elements.insert(0, new.clone());
            }
        }
    }
}
