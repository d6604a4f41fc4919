//! Whether two values are equal, without building either.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::number::{self, Decimal};
use super::scan::{Kind, byte, skip_blank, token_end};
use super::string;
use super::tree::{Members, Tree, Value};

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

    /// Whether two untouched values consist of equal tokens, white space aside. Objects whose keys
    /// are in another order do not, and what was opened never does.
    pub(super) fn same(&mut self, tree: &Tree, a: Value, b: Value) -> bool {
        if tree.opened(a).is_some() || tree.opened(b).is_some() {
            return false;
        }
        let (old, new) = (tree.source(a.place.source).bytes, tree.source(b.place.source).bytes);
        let (mut at, mut to, mut depth) = (a.place.start, b.place.start, 0_usize);
        loop {
            let (end, stop) = (token_end(old, at), token_end(new, to));
            if !self.spend(end - at) || !self.same_token(&old[at..end], &new[to..stop]) {
                return false;
            }
            match byte(old, at) {
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 {
                return true;
            }
            (at, to) = (skip_blank(old, end), skip_blank(new, stop));
        }
    }

    /// A number that is the same for equal values, and with luck for no others; `None` if the budget
    /// is spent.
    pub(super) fn hash(&mut self, tree: &Tree, value: Value) -> Option<u64> {
        if !self.spend(tree.text(value).len()) {
            return None;
        }
        let mut open = vec![Sum::new(tree, value, 0)];
        loop {
            let sum = open.last_mut()?;
            if let Some(member) = sum.members.next() {
                let key = member.key.map_or(0, |key| of(&tree.key_name(key)));
                open.push(Sum::new(tree, member.value, key));
                continue;
            }
            let done = open.pop()?;
            let hash = match done.kind {
                Kind::Object | Kind::Array => of(&(done.kind as u8, done.total)),
                _ => self.hash_scalar(done.kind, tree.text(done.value)),
            };
            match open.last_mut() {
                Some(parent) => parent.add(of(&(done.key, hash))),
                None => return Some(hash),
            }
        }
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
            Kind::Number if self.likeness == Likeness::Value => match Decimal::parse(text) {
                Some(decimal) => of(&decimal),
                None => of(&text),
            },
            _ => of(&text),
        }
    }

    fn spend(&mut self, bytes: usize) -> bool {
        self.budget = self.budget.saturating_sub(bytes + 1);
        self.budget > 0
    }
}

/// The hash of a value in the making.
struct Sum<'a> {
    value: Value,
    kind: Kind,
    key: u64,
    members: Members<'a>,
    total: u64,
}

impl<'a> Sum<'a> {
    fn new(tree: &'a Tree, value: Value, key: u64) -> Self {
        Sum { value, kind: tree.kind(value), key, members: tree.members(value), total: 0 }
    }

    /// The members of an object count in any order.
    fn add(&mut self, member: u64) {
        self.total = match self.kind {
            Kind::Object => self.total.wrapping_add(member),
            _ => of(&(self.total, member)),
        };
    }
}

/// Always the same for the same input, so that an edit gives the same result every time.
fn of(value: &(impl Hash + ?Sized)) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
