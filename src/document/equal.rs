//! Whether two values are the same value, as the `test` of a JSON Patch has it.

use std::borrow::Cow;
use std::collections::HashMap;

use super::scan::Kind;
use super::tree::{Tree, Value};
use super::{number, string};

/// Whether values are equal: numbers by what they amount to, strings by what they mean, objects in
/// any order of their keys. Of a key that is there twice the last one counts, as in reading.
pub(super) fn equal(tree: &Tree, a: Value, b: Value) -> bool {
    let mut open = vec![(a, b)];
    while let Some((a, b)) = open.pop() {
        let kind = tree.kind(a);
        let is_equal = kind == tree.kind(b)
            && match kind {
                Kind::Object => pair_members(tree, a, b, &mut open),
                Kind::Array => pair_elements(tree, a, b, &mut open),
                Kind::String => string::decode(tree.text(a)) == string::decode(tree.text(b)),
                Kind::Number => number::equal(tree.text(a), tree.text(b)),
                Kind::Boolean | Kind::Null => tree.text(a) == tree.text(b),
            };
        if !is_equal {
            return false;
        }
    }
    true
}

fn pair_members(tree: &Tree, a: Value, b: Value, open: &mut Vec<(Value, Value)>) -> bool {
    let (a, b) = (by_key(tree, a), by_key(tree, b));
    let pairs = a.iter().filter_map(|(key, value)| Some((*value, *b.get(key)?)));
    let before = open.len();
    open.extend(pairs);
    a.len() == b.len() && open.len() - before == a.len()
}

fn by_key(tree: &Tree, object: Value) -> HashMap<Cow<'_, [u8]>, Value> {
    let members = tree.members(object);
    members.filter_map(|member| Some((tree.key_name(member.key?), member.value))).collect()
}

fn pair_elements(tree: &Tree, a: Value, b: Value, open: &mut Vec<(Value, Value)>) -> bool {
    let (mut a, mut b) = (tree.members(a), tree.members(b));
    loop {
        match (a.next(), b.next()) {
            (Some(a), Some(b)) => open.push((a.value, b.value)),
            (None, None) => return true,
            _ => return false,
        }
    }
}
