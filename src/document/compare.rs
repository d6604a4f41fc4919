//! Whether two values are equal, without building either.

use std::collections::{HashMap, HashSet};

use super::number;
use super::outline::HOLE;
use super::scan::{Kind, byte, next_token, skip_blank, token_end, value_end};
use super::string;
use super::tree::{BASE, Members, Place, Tree, Value};

/// When two values count as equal, beside strings, which are compared by what they mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Likeness {
    /// A person wrote the new value: the spelling of a number is meant, the order of keys is not.
    Spelling,
    /// A program computed the new value: the order of keys is meant, the spelling of a number is not.
    Value,
}

/// Compares values, as long as it does not cost too much.
///
/// A comparison of containers that lie in each other could read the same text over and over. So there
/// is a limit, linear in the size of the texts, on what is read; behind it nothing seems equal, which
/// costs a larger difference but never a wrong one.
#[derive(Debug)]
pub(super) struct Comparison {
    likeness: Likeness,
    budget: usize,
}

impl Comparison {
    /// A comparison for texts of altogether `size` bytes.
    pub(super) fn new(likeness: Likeness, size: usize) -> Self {
        Comparison { likeness, budget: size.saturating_mul(16).saturating_add(1 << 16) }
    }

    pub(super) fn likeness(&self) -> Likeness {
        self.likeness
    }

    /// Whether two untouched values consist of equal tokens, white space and comments aside. Objects whose keys
    /// are in another order do not, and what was opened never does.
    pub(super) fn same(&mut self, tree: &Tree, a: Value, b: Value) -> bool {
        if tree.opened(a).is_some() || tree.opened(b).is_some() {
            return false;
        }
        if a.place == b.place {
            return true;
        }
        let (old, mut new) = (tree.source(a.place.source), tree.source(b.place.source).bytes);
        let (mut at, mut to, mut depth) = (a.place.start, b.place.start, 0_usize);
        // Where to go on behind the hole that was entered, and at which depth that is.
        let mut behind = None;
        loop {
            if byte(new, to) == HOLE && behind.is_none() {
                let hole = tree.resolved(Place { source: b.place.source, start: to });
                if hole == (Place { source: a.place.source, start: at }) {
                    at = skip_blank(old.bytes, value_end(old, at));
                    to = skip_blank(new, to + 1);
                    continue;
                }
                behind = Some((depth, new, to + 1));
                (new, to) = (tree.source(hole.source).bytes, hole.start);
            }
            let (end, mut stop) = (token_end(old.bytes, at), token_end(new, to));
            if !self.spend(end - at) || !self.same_token(&old.bytes[at..end], &new[to..stop]) {
                return false;
            }
            match byte(old.bytes, at) {
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 {
                return true;
            }
            if let Some((_, text, to)) = behind.filter(|behind| behind.0 == depth) {
                (new, stop, behind) = (text, to, None);
            }
            (at, to) = (next_token(old.bytes, end), next_token(new, stop));
        }
    }

    /// Whether the values are objects that each begin with one and the same key, as with an `id`, with
    /// scalars that are the same in both arrays and in each of them different from each other. Then no
    /// new value is equal to an old one at another position, which is worth a look before everything is
    /// hashed.
    pub(super) fn are_keyed_alike(&self, tree: &Tree, old: &[Value], new: &[Value]) -> bool {
        let mut seen = HashSet::with_capacity(old.len());
        let mut key = None;
        let mut is_next = |value: Value, counterpart: Value| {
            let Some(first) = self.first_member(tree, value) else { return false };
            self.first_member(tree, counterpart) == Some(first)
                && *key.get_or_insert(first.0) == first.0
                && seen.insert(first.1)
        };
        old.len() == new.len() && old.iter().zip(new).all(|(old, new)| is_next(*old, *new))
    }

    /// The hashes of the key and of the value of the first member, if that is a scalar.
    fn first_member(&self, tree: &Tree, value: Value) -> Option<(u64, u64)> {
        let place = tree.opened(value).is_none().then_some(tree.resolved(value.place))?;
        let text = tree.source(place.source).bytes;
        let start = skip_blank(text, place.start + 1);
        if byte(text, place.start) != b'{' || byte(text, start) != b'"' {
            return None;
        }
        let key = &text[start..token_end(text, start)];
        let start = skip_blank(text, skip_blank(text, start + key.len()) + 1);
        let kind = Kind::of(text, start);
        let is_scalar = byte(text, start) != HOLE && !kind.is_container();
        let scalar = is_scalar.then(|| &text[start..token_end(text, start)])?;
        Some((of(&string::decode(key)), self.hash_scalar(kind, scalar)))
    }

    /// For each value a number that is the same for equal values, and with luck for no others; `None`
    /// if the budget is spent.
    pub(super) fn hashes(
        &mut self,
        tree: &Tree,
        old: &[Value],
        new: &[Value],
    ) -> Option<(Vec<u64>, Vec<u64>)> {
        let before = old.iter().map(|value| self.checked_hash(tree, *value));
        let before = before.collect::<Option<Vec<_>>>()?;
        // What is the same place has the same hash.
        let untouched = |value: &&Value| value.place.source == BASE && value.node.is_none();
        let known: HashMap<usize, u64> = old
            .iter()
            .zip(&before)
            .filter(|(value, _)| untouched(value))
            .map(|(value, hash)| (value.place.start, *hash))
            .collect();
        let after = new.iter().map(|value| match known.get(&value.place.start) {
            Some(hash) if untouched(&value) => Some(*hash),
            _ => self.checked_hash(tree, *value),
        });
        Some((before, after.collect::<Option<Vec<_>>>()?))
    }

    fn checked_hash(&mut self, tree: &Tree, value: Value) -> Option<u64> {
        if tree.opened(value).is_none() {
            let (hash, size) = self.hash_untouched(tree, value.place);
            return self.spend(size).then_some(hash);
        }
        let is_affordable = self.spend(tree.text(value).len());
        is_affordable.then(|| self.hash(tree, value, &mut Vec::new()))
    }

    /// The hash of a value to which nothing happened, in one pass, and how much text was read.
    fn hash_untouched(&self, tree: &Tree, place: Place) -> (u64, usize) {
        let (mut text, mut at) = (tree.source(place.source).bytes, place.start);
        let (mut open, mut key, mut size): (Vec<Total>, u64, usize) = (Vec::new(), 0, 0);
        // Where to go on behind the hole that was entered, and at which depth that is.
        let mut behind = None;
        loop {
            if byte(text, at) == HOLE && behind.is_none() {
                let hole = tree.resolved(Place { source: place.source, start: at });
                behind = Some((open.len(), text, at + 1));
                (text, at) = (tree.source(hole.source).bytes, hole.start);
            }
            let mut end = token_end(text, at);
            let token = &text[at..end];
            size += token.len();
            let hash = match token.first() {
                None => return (0, size),
                Some(b'{' | b'[') => {
                    let kind = Kind::of(text, at);
                    open.push(Total { kind, key: std::mem::take(&mut key), total: 0 });
                    None
                }
                Some(b'}' | b']') => open.pop().map(|total| total.finish()),
                Some(b',' | b':') => None,
                Some(b'"') if byte(text, skip_blank(text, end)) == b':' => {
                    key = of(&string::decode(token));
                    None
                }
                _ => {
                    let hash = self.hash_scalar(Kind::of(text, at), token);
                    Some(mix(std::mem::take(&mut key), hash))
                }
            };
            match (hash, open.last_mut()) {
                (Some(hash), Some(parent)) => parent.add(hash),
                (Some(hash), None) => return (hash, size),
                (None, _) => {}
            }
            if let Some((_, outside, next)) = behind.filter(|behind| behind.0 == open.len()) {
                (text, end, behind) = (outside, next, None);
            }
            at = skip_blank(text, end);
        }
    }

    /// The hash of a value; `open` is empty before and after.
    fn hash<'t>(&self, tree: &'t Tree, value: Value, open: &mut Vec<Sum<'t>>) -> u64 {
        let mut result = self.begin(tree, value, 0, open).unwrap_or_default();
        while let Some(sum) = open.last_mut() {
            let done = match sum.members.next() {
                Some(member) => {
                    let key = member.key.map_or(0, |key| of(&tree.key_name(key)));
                    self.begin(tree, member.value, key, open)
                }
                None => open.pop().map(|sum| sum.total.finish()),
            };
            match (done, open.last_mut()) {
                (Some(hash), Some(parent)) => parent.total.add(hash),
                (Some(hash), None) => result = hash,
                (None, _) => {}
            }
        }
        result
    }

    /// The hash of a scalar with its key. A container is put on `open`.
    fn begin<'t>(
        &self,
        tree: &'t Tree,
        value: Value,
        key: u64,
        open: &mut Vec<Sum<'t>>,
    ) -> Option<u64> {
        let kind = tree.kind(value);
        if !kind.is_container() {
            return Some(mix(key, self.hash_scalar(kind, tree.text(value))));
        }
        open.push(Sum { total: Total { kind, key, total: 0 }, members: tree.members(value) });
        None
    }

    fn same_token(&self, a: &[u8], b: &[u8]) -> bool {
        if a == b {
            return true;
        }
        match (Kind::of(a, 0), Kind::of(b, 0)) {
            (Kind::String, Kind::String) => string::decode(a) == string::decode(b),
            (Kind::Number, Kind::Number) => self.likeness == Likeness::Value && number::equal(a, b),
            _ => false,
        }
    }

    fn hash_scalar(&self, kind: Kind, text: &[u8]) -> u64 {
        match kind {
            Kind::String => of(&string::decode(text)),
            Kind::Number if self.likeness == Likeness::Value => {
                let parts = |negative, digits: &[u8], exponent: i128| {
                    mix(mix(of(digits), exponent as u64), u64::from(negative))
                };
                number::with_parts(text, parts).unwrap_or_else(|| of(text))
            }
            _ => of(text),
        }
    }

    fn spend(&mut self, bytes: usize) -> bool {
        self.budget = self.budget.saturating_sub(bytes + 1);
        self.budget > 0
    }
}

/// The hash of a container in the making, and the members that are to come.
struct Sum<'a> {
    total: Total,
    members: Members<'a>,
}

/// The hash of a container in the making.
struct Total {
    kind: Kind,
    key: u64,
    total: u64,
}

impl Total {
    /// The members of an object count in any order.
    fn add(&mut self, member: u64) {
        self.total = match self.kind {
            Kind::Object => self.total.wrapping_add(member),
            _ => mix(self.total, member),
        };
    }

    fn finish(&self) -> u64 {
        mix(self.key, mix(self.kind as u64 + 1, self.total))
    }
}

/// Always the same for the same input, so that an edit gives the same result every time.
fn of(bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks::<8>();
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    let sum =
        words.iter().fold(bytes.len() as u64, |sum, word| mix(sum, u64::from_le_bytes(*word)));
    mix(sum, u64::from_le_bytes(last))
}

/// One number from two, the order of which counts.
fn mix(a: u64, b: u64) -> u64 {
    let product = u128::from(a ^ 0x9E37_79B9_7F4A_7C15) * u128::from(b.rotate_left(32) | 1);
    (product >> 64) as u64 ^ product as u64 ^ b
}
