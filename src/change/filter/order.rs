//! How values compare: as those of jaq do.

use std::cmp::Ordering;

use jaq_json::Val;

use super::nested::descend;
use super::value::{Members, Seen, Value};

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        descend();
        match (self, other) {
            (Value::Plain(left), Value::Plain(right)) => left == right,
            (Value::Text(left), Value::Text(right)) if left.is_same(right) => true,
            _ if rank(self) != rank(other) => false,
            _ => match (self.seen(), other.seen()) {
                (Seen::Arr(left), Seen::Arr(right)) => left == right,
                (Seen::Obj(left), Seen::Obj(right)) => **left == **right,
                _ => false,
            },
        }
    }
}

impl Eq for Value {}

impl PartialOrd for Value {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Value {
    fn cmp(&self, other: &Self) -> Ordering {
        descend();
        match (self, other) {
            (Value::Plain(left), Value::Plain(right)) => left.cmp(right),
            (Value::Text(left), Value::Text(right)) if left.is_same(right) => Ordering::Equal,
            _ => rank(self).cmp(&rank(other)).then_with(|| match (self.seen(), other.seen()) {
                (Seen::Arr(left), Seen::Arr(right)) => left.cmp(right),
                (Seen::Obj(left), Seen::Obj(right)) => compare(left, right),
                _ => Ordering::Equal,
            }),
        }
    }
}

/// Arrays come behind scalars, objects behind arrays.
fn rank(value: &Value) -> u8 {
    match value {
        Value::Plain(_) => 0,
        Value::Arr(_) => 1,
        Value::Obj(_) => 2,
        Value::Text(text) => 1 + u8::from(text.is_object()),
    }
}

/// First by the sorted keys, then by the values in their order.
fn compare(left: &Members, right: &Members) -> Ordering {
    let (left, right) = (sorted(left), sorted(right));
    let keys = left.iter().map(|(key, _)| key).cmp(right.iter().map(|(key, _)| key));
    keys.then_with(|| left.iter().map(|(_, value)| value).cmp(right.iter().map(|(_, value)| value)))
}

fn sorted(members: &Members) -> Vec<(&Val, &Value)> {
    let mut sorted: Vec<_> = members.iter().collect();
    sorted.sort_by_key(|(key, _)| *key);
    sorted
}
