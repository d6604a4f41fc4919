//! Values written again without white space, as a filter writes what it computed.

use std::borrow::Cow;
use std::collections::HashMap;
use std::vec;

use super::scan::{Child, Children, Kind, Text, string_end};
use super::string;

/// Objects with so few members are searched for a key that is there twice without an index.
const FEW: usize = 16;

/// Writes the value at `start` of a valid text: without white space, with no more escapes than needed,
/// and of a key that is there twice the last value in the first place. Numbers stay spelled as they
/// are. What is nested in more than `room` containers becomes null, and the result says whether there
/// was enough room.
pub(super) fn push(text: Text<'_>, start: usize, room: usize, out: &mut Vec<u8>) -> bool {
    let mut open = Vec::new();
    let mut fits = true;
    let mut next = Some(start);
    loop {
        if let Some(start) = next.take() {
            if open.len() == room && Kind::of(text.bytes, start).is_container() {
                out.extend_from_slice(b"null");
                fits = false;
            } else {
                open.extend(begin(text, start, out));
            }
        }
        let Some(Container { kind, children, is_first }) = open.last_mut() else { return fits };
        let Some(child) = children.next() else {
            out.push(if *kind == Kind::Object { b'}' } else { b']' });
            open.pop();
            continue;
        };
        if !std::mem::take(is_first) {
            out.push(b',');
        }
        if *kind == Kind::Object {
            push_string(&text.bytes[child.start..string_end(text.bytes, child.start)], out);
            out.push(b':');
        }
        next = Some(child.value);
    }
}

/// Writes a JSON string, given with its quotes, with no more escapes than needed.
pub(super) fn push_string(quoted: &[u8], out: &mut Vec<u8>) {
    if quoted.iter().any(|byte| matches!(byte, b'\\' | 0x7f)) {
        string::respell(&string::decode(quoted), out);
    } else {
        out.extend_from_slice(quoted);
    }
}

struct Container<'a> {
    kind: Kind,
    children: List<'a>,
    is_first: bool,
}

/// The children of a container, the latter of two with the same key in the place of the former.
enum List<'a> {
    Elements(Children<'a>),
    Members(vec::IntoIter<Child>),
}

impl Iterator for List<'_> {
    type Item = Child;

    fn next(&mut self) -> Option<Child> {
        match self {
            List::Elements(children) => children.next(),
            List::Members(members) => members.next(),
        }
    }
}

/// Writes a scalar, or of a container the bracket, and gives what is to follow.
fn begin<'t>(text: Text<'t>, start: usize, out: &mut Vec<u8>) -> Option<Container<'t>> {
    let bytes = text.bytes;
    let kind = Kind::of(bytes, start);
    let children = match kind {
        Kind::Object => List::Members(members(text, start).into_iter()),
        Kind::Array => List::Elements(Children::new(text, start)),
        Kind::String => {
            push_string(&bytes[start..string_end(bytes, start)], out);
            return None;
        }
        _ => {
            out.extend_from_slice(&bytes[start..super::scan::token_end(bytes, start)]);
            return None;
        }
    };
    out.push(if kind == Kind::Object { b'{' } else { b'[' });
    Some(Container { kind, children, is_first: true })
}

/// The members of the object at `start`; of those with the same key the last, where the first stands.
pub(super) fn members(text: Text<'_>, start: usize) -> Vec<Child> {
    let mut members: Vec<Child> = Vec::new();
    let mut names: Vec<Cow<'_, [u8]>> = Vec::new();
    let mut index: HashMap<Cow<'_, [u8]>, usize> = HashMap::new();
    for child in Children::new(text, start) {
        let key = &text.bytes[child.start..string_end(text.bytes, child.start)];
        let name = string::decode(key);
        if names.len() == FEW {
            index = names.iter().cloned().zip(0..).collect();
        }
        let twin = match names.len() {
            0..FEW => names.iter().position(|other| *other == name),
            _ => index.get(&name).copied(),
        };
        match twin {
            // Its key is the same however it is spelled.
            Some(twin) => members[twin] = child,
            None => {
                if names.len() >= FEW {
                    index.insert(name.clone(), names.len());
                }
                names.push(name);
                members.push(child);
            }
        }
    }
    members
}
