//! A text that is the same for equal values and for no others.

use std::borrow::Cow;
use std::collections::{BTreeMap, btree_map};

use super::scan::Kind;
use super::tree::{Members, Tree, Value};
use super::{number, string};

/// Gives two values the same text if they are [equal](super::equal::equal), so that many of them can be
/// compared with many others.
pub(super) fn canonical(tree: &Tree, value: Value) -> Vec<u8> {
    let mut text = Vec::new();
    let mut open = Vec::new();
    begin(tree, value, &mut text, &mut open);
    while let Some(container) = open.last_mut() {
        let next = match container {
            Container::Array(elements) => elements.next().map(|element| element.value),
            Container::Object(members) => members.next().map(|(key, value)| {
                push(&mut text, b'k', &key);
                value
            }),
        };
        match next {
            Some(value) => begin(tree, value, &mut text, &mut open),
            None => {
                text.push(b'.');
                open.pop();
            }
        }
    }
    text
}

/// A container in the middle of being written.
enum Container<'t> {
    Array(Members<'t>),
    /// In the order of the keys. Of a key that is there twice the last one counts, as in reading.
    Object(btree_map::IntoIter<Cow<'t, [u8]>, Value>),
}

/// Writes a scalar, or the beginning of a container, which is put on `open`.
fn begin<'t>(tree: &'t Tree, value: Value, text: &mut Vec<u8>, open: &mut Vec<Container<'t>>) {
    match tree.kind(value) {
        Kind::Array => {
            text.push(b'[');
            open.push(Container::Array(tree.members(value)));
        }
        Kind::Object => {
            text.push(b'{');
            let members = tree.members(value);
            let members = members.filter_map(|it| Some((tree.key_name(it.key?), it.value)));
            open.push(Container::Object(members.collect::<BTreeMap<_, _>>().into_iter()));
        }
        Kind::String => push(text, b's', &string::decode(tree.text(value))),
        Kind::Number => push(text, b'n', &number::canonical(tree.text(value))),
        Kind::Boolean | Kind::Null => text.extend_from_slice(tree.text(value)),
    }
}

/// With its length before it, so that no content can look like something else.
fn push(text: &mut Vec<u8>, mark: u8, content: &[u8]) {
    text.push(mark);
    text.extend_from_slice(&content.len().to_le_bytes());
    text.extend_from_slice(content);
}
