//! Finding children of containers that nobody has opened, where many are looked for one after the other.
//!
//! Opening them would do that too, but what is opened loses its layout when it is copied.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::Arc;

use super::{BASE, Member, Place, Tree, Value};
use crate::document::scan::Kind;

/// After how many searches of a container a guide is worth its making.
const SEARCHES: u32 = 16;

/// What is known of containers of the base, by where they start. The text of the base never changes, so
/// this never becomes wrong.
#[derive(Clone, Debug, Default)]
pub(super) struct Guides(HashMap<usize, Guide>);

#[derive(Clone, Debug, Default)]
struct Guide {
    searches: u32,
    children: Option<Arc<Children>>,
}

#[derive(Debug)]
enum Children {
    /// The last member for each hash of a key.
    Object(RandomState, HashMap<u64, Member>),
    Array(Vec<Value>),
}

impl Tree {
    /// Notes that children of a value are looked for, and makes it ready for many searches when there
    /// were some.
    pub(in crate::document) fn expect_search(&mut self, value: Value) {
        let kind = self.kind(value);
        match value.node.filter(|_| self.opened(value).is_some()) {
            Some(object) if kind == Kind::Object => _ = self.count_search(object),
            None if kind.is_container() && value.place.source == BASE => self.count_unopened(value),
            _ => {}
        }
    }

    fn count_unopened(&mut self, value: Value) {
        let guide = self.guides.0.entry(value.place.start).or_default();
        guide.searches = guide.searches.saturating_add(1);
        if guide.children.is_some() || guide.searches <= SEARCHES {
            return;
        }
        let children = Some(Arc::new(self.children(value)));
        if let Some(guide) = self.guides.0.get_mut(&value.place.start) {
            guide.children = children;
        }
    }

    /// The last member of an object that has this key, or that there is none, if a guide knows.
    pub(in crate::document) fn guided_member(
        &self,
        object: Value,
        name: &[u8],
    ) -> Option<Option<Member>> {
        let Children::Object(hasher, members) = self.guide(object)? else { return None };
        let Some(member) = members.get(&hasher.hash_one(name)) else { return Some(None) };
        // Another key may have the same hash.
        (*self.key_name(member.key?) == *name).then_some(Some(*member))
    }

    /// The elements of an array, if a guide knows them.
    pub(in crate::document) fn guided_elements(&self, array: Value) -> Option<&[Value]> {
        match self.guide(array)? {
            Children::Array(elements) => Some(elements),
            Children::Object(..) => None,
        }
    }

    fn guide(&self, value: Value) -> Option<&Children> {
        let Place { source: BASE, start } = value.place else { return None };
        if self.opened(value).is_some() {
            return None;
        }
        self.guides.0.get(&start)?.children.as_deref()
    }

    fn children(&self, value: Value) -> Children {
        let members = self.members(value);
        if self.kind(value) != Kind::Object {
            return Children::Array(members.map(|member| member.value).collect());
        }
        let hasher = RandomState::new();
        let slot =
            |member: Member| member.key.map(|key| (hasher.hash_one(&*self.key_name(key)), member));
        let members = members.filter_map(slot).collect();
        Children::Object(hasher, members)
    }
}
