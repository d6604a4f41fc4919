//! What a filter changes of an array or object that is still text.
//!
//! Other children, and what is deleted and added, are kept beside the text, as long as it is little. So an
//! update of one member of many costs no more than finding it, and is written by itself.

use std::collections::BTreeMap;
use std::ops::Range;

use jaq_json::{Num, Rc, Val};

use super::arithmetic::whole;
use super::text::Text;
use super::value::{Members, Value};

/// How many children are added or deleted at once without reading all the others.
const FEW: usize = 16;

/// What is other than in the text of an array or object.
#[derive(Clone, Default)]
pub(super) struct Changes {
    /// What became of children, by where those start in the text: another value, or nothing.
    pub(super) children: BTreeMap<usize, Option<Value>>,
    /// How many of them are nothing.
    pub(super) deleted: usize,
    pub(super) added: Added,
}

/// What comes behind the children.
#[derive(Clone, Default)]
pub(super) struct Added {
    pub(super) members: Members,
    pub(super) elements: Vec<Value>,
}

impl Changes {
    /// Whether there are more or fewer children than in the text.
    pub(super) fn moves_children(&self) -> bool {
        self.deleted > 0 || !self.added.members.is_empty() || !self.added.elements.is_empty()
    }
}

impl Added {
    /// All of it, with the keys of members.
    pub(super) fn all(&self) -> impl Iterator<Item = (Option<&Val>, &Value)> {
        let members = self.members.iter().map(|(key, value)| (Some(key), value));
        members.chain(self.elements.iter().map(|value| (None, value)))
    }
}

impl Text {
    /// Where the child with this key or position is that is to be changed, if it is there and it is not
    /// time to keep all of them.
    pub(super) fn place_to_change(&self, key: &Value) -> Option<Range<usize>> {
        if self.known().is_some() {
            return None;
        }
        match key {
            Value::Plain(key @ Val::TStr(_)) if self.is_object() => {
                self.find_member(key).map(|found| found.place)
            }
            _ if !self.is_object() => self.find_element(self.position(key)?),
            _ => None,
        }
    }

    /// Whether this is an object that has no such member, if that can be told without reading all.
    pub(super) fn is_without(&self, key: &Value) -> bool {
        let Value::Plain(key @ Val::TStr(_)) = key else { return false };
        let is_added = || self.added().is_some_and(|added| added.members.contains_key(key));
        self.is_object()
            && self.opened.get().is_none()
            && self.find_member(key).is_none()
            && !is_added()
    }

    /// The position that an index means.
    fn position(&self, index: &Value) -> Option<usize> {
        match whole(index, f64::trunc).plain()? {
            Val::Num(Num::Int(at)) if *at < 0 => self.len().checked_sub(at.unsigned_abs()),
            Val::Num(Num::Int(at)) => usize::try_from(*at).ok(),
            _ => None,
        }
    }

    /// The child at a place, to be changed.
    pub(super) fn child_mut(text: &mut Rc<Text>, place: Range<usize>) -> &mut Value {
        let text = Rc::make_mut(text);
        let old = text.child(place.clone());
        let children = &mut text.changes_mut().children;
        let child = children.entry(place.start).or_insert(old);
        child.get_or_insert_default()
    }

    /// The member with this key, which is made if it is missing; `None` if it is better to read all.
    pub(super) fn member_mut<'t>(text: &'t mut Rc<Text>, key: &Val) -> Option<&'t mut Value> {
        if !text.is_object() || text.known().is_some() {
            return None;
        }
        if let Some(found) = text.find_member(key) {
            return Some(Text::child_mut(text, found.place));
        }
        let is_new = text.added().is_none_or(|added| !added.members.contains_key(key));
        if is_new && text.added().is_some_and(|added| added.members.len() >= FEW) {
            return None;
        }
        let members = &mut Rc::make_mut(text).changes_mut().added.members;
        Some(members.entry(key.clone()).or_default())
    }

    /// Puts values behind the elements of an array, unless it is better to read all.
    pub(super) fn extend(text: &mut Rc<Text>, values: &[Value]) -> bool {
        let is_possible = !text.is_object() && values.len() <= FEW && text.known().is_none();
        if is_possible && !values.is_empty() {
            let elements = &mut Rc::make_mut(text).changes_mut().added.elements;
            elements.extend(values.iter().cloned());
        }
        is_possible
    }

    /// Sets members, unless it is better to read all.
    pub(super) fn set_all(text: &mut Rc<Text>, members: &Members) -> bool {
        let added = text.added().map_or(0, |added| added.members.len());
        if !text.is_object() || added + members.len() > FEW || text.known().is_some() {
            return false;
        }
        for (key, value) in members {
            match Text::member_mut(text, key) {
                Some(member) => *member = value.clone(),
                None => return false,
            }
        }
        true
    }

    /// Deletes the children with these keys or positions, unless it is better to read all.
    pub(super) fn delete(text: &mut Rc<Text>, keys: &[&Value]) -> bool {
        if keys.len() > FEW || text.known().is_some() {
            return false;
        }
        let doomed = keys.iter().map(|key| text.doomed(key)).collect::<Option<Vec<_>>>();
        let Some(doomed) = doomed else { return false };
        for start in doomed.into_iter().flatten() {
            let changes = Rc::make_mut(text).changes_mut();
            let before = changes.children.insert(start, None);
            changes.deleted += usize::from(before != Some(None));
        }
        true
    }

    /// Where the child is that is to be deleted, if it is there. `None` if that takes more than deleting it.
    fn doomed(&self, key: &Value) -> Option<Option<usize>> {
        match key {
            Value::Plain(key @ Val::TStr(_)) if self.is_object() => match self.find_member(key) {
                Some(found) => (found.count == 1).then_some(Some(found.place.start)),
                None => match self.added() {
                    Some(added) if added.members.contains_key(key) => None,
                    _ => Some(None),
                },
            },
            Value::Plain(Val::Num(_)) if !self.is_object() => {
                let Some(position) = self.position(key) else { return Some(None) };
                match (self.find_element(position), self.added()) {
                    (None, Some(added)) if !added.elements.is_empty() => None,
                    (place, _) => Some(place.map(|place| place.start)),
                }
            }
            _ => None,
        }
    }

    /// Makes these the only children that are others than in the text.
    pub(super) fn become_changed(&mut self, children: Vec<(usize, Value)>) {
        let children = children.into_iter().map(|(start, value)| (start, Some(value))).collect();
        self.changes = None;
        self.changes_mut().children = children;
    }

    pub(super) fn added(&self) -> Option<&Added> {
        self.changes.as_ref().map(|changes| &changes.added)
    }

    pub(super) fn has_deleted(&self) -> bool {
        self.changes.as_ref().is_some_and(|changes| changes.deleted > 0)
    }

    pub(super) fn is_deleted(&self, start: usize) -> bool {
        matches!(self.changed_at(start), Some(None))
    }

    /// What the child at `start` became, if it is another one than in the text.
    pub(super) fn changed_at(&self, start: usize) -> Option<&Option<Value>> {
        self.changes.as_ref()?.children.get(&start)
    }

    fn changes_mut(&mut self) -> &mut Changes {
        self.opened.take();
        self.changes.get_or_insert_default()
    }
}

#[cfg(test)]
mod tests {
    use crate::change::filter::{Filter, only};
    use crate::document::Document;

    /// How much is written of what the filter makes of an object with so many members and an array with so
    /// many elements.
    fn written(filter: &Filter, count: usize) -> usize {
        let member = |number: usize| format!("\"k{number:05}\": {{\"n\": 0, \"l\": [1]}}");
        let members: Vec<_> = (0..count).map(member).collect();
        let elements: Vec<_> = (0..count).map(|number| format!("[1{number:05}]")).collect();
        let text = format!("{{{}, \"l\": [{}]}}", members.join(", "), elements.join(", "));
        let document = Document::parse(text).unwrap();
        only(filter.job_to_change(&document), None).unwrap().into_text().len()
    }

    #[test]
    fn of_many_members_only_those_that_change_are_written() {
        for source in [
            ".",
            ".k00123.n += 1",
            ".k00123.l += [2]",
            ".k00123 = 1 | .k00124 = 2",
            ".k00001.n = 1 | .k00002.n = 2 | .k00003.n = 3 | .k00004.n = 4 | .k00005.n = 5",
            "del(.k00123)",
            "del(.k00123.n)",
            "del(.k00001, .k00002.l[0])",
            ".new = 1",
            ".new.deeper = [1]",
            "setpath([\"k00123\", \"n\"]; 1)",
            "setpath([\"new\"]; 1) | setpath([\"other\", \"deeper\"]; 1)",
            "(.new | select(. == null)) = 1",
            "(.k00123 | select(.n == 0)).m += 1",
            "(.l[7] | select(. != null)) |= [1]",
            "del(.none.deeper)",
            ". + {k00001: 2, new: 3}",
            ".l[77] = [8]",
            ".l[-1] = 5",
            ".l[-1][0] += 1",
            ".l += [1]",
            ".l += [1] | .l += [2]",
            "del(.l[0])",
            "del(.l[0, 7, -1])",
            "del(.l[0]) | .l += [1]",
            ".l[5] = 1 | .l[6] = 1 | .l[7] = 1 | .l[8] = 1 | .l[9] = 1",
            "if .k00500.n == 0 then .k00500.n = 1 else . end",
        ] {
            let filter = Filter::compile(source).unwrap();
            let (small, large) = (written(&filter, 1_000), written(&filter, 2_000));
            assert_eq!(small, large, "{source}");
        }
    }
}
