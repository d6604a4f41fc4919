//! Merge patches (RFC 7396), and what may be done otherwise than the RFC has it.

use std::collections::HashSet;

use bytes::Bytes;

use super::canonical::canonical;
use super::scan::Kind;
use super::tree::{Edit, Place};
use super::{Document, Json, reconcile};
use crate::error::Result;

/// How a merge patch is applied. By default, as [RFC 7396] has it.
///
/// ```
/// use jsonlock::{Arrays, Document, MergeOptions, Nulls};
///
/// let mut document = Document::parse(r#"{"tags": ["a", "b"], "owner": "me"}"#)?;
/// let options = MergeOptions::new().arrays(Arrays::Union).nulls(Nulls::Keep);
/// document.merge_with(&r#"{"tags": ["b", "c"], "owner": null}"#.parse()?, &options)?;
/// assert_eq!(document.to_bytes(), r#"{"tags": ["a", "b", "c"], "owner": null}"#);
/// # Ok::<(), jsonlock::Error>(())
/// ```
///
/// [RFC 7396]: https://www.rfc-editor.org/rfc/rfc7396
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MergeOptions {
    pub(super) arrays: Arrays,
    pub(super) nulls: Nulls,
}

/// What an array in a merge patch does to the array that it meets. An array that meets anything else
/// takes its place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Arrays {
    /// It takes its place.
    #[default]
    Replace,
    /// Its elements are appended. Applied twice, such a patch appends twice.
    Append,
    /// Those of its elements that are not there yet are appended, each once. Numbers are equal by what
    /// they amount to, strings by what they mean, objects in any order of their keys. An array that
    /// meets no array comes without duplicates too.
    Union,
}

/// What a null in a merge patch does to the member that it meets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Nulls {
    /// It deletes the member.
    #[default]
    Delete,
    /// It is a value like any other.
    Keep,
}

impl MergeOptions {
    /// The options of RFC 7396.
    pub fn new() -> Self {
        MergeOptions::default()
    }

    /// What arrays do to arrays.
    #[must_use]
    pub fn arrays(mut self, arrays: Arrays) -> Self {
        self.arrays = arrays;
        self
    }

    /// What nulls do.
    #[must_use]
    pub fn nulls(mut self, nulls: Nulls) -> Self {
        self.nulls = nulls;
        self
    }
}

impl Document {
    /// Applies a merge patch ([RFC 7396]): members that are null are deleted, other members set,
    /// objects merged.
    ///
    /// ```
    /// use jsonlock::Document;
    ///
    /// let mut document = Document::parse(r#"{"a": {"b": 1, "c": 2}}"#)?;
    /// document.merge(&r#"{"a": {"b": null, "d": [3]}}"#.parse()?)?;
    /// assert_eq!(document.to_bytes(), r#"{"a": {"c": 2, "d": [3]}}"#);
    /// # Ok::<(), jsonlock::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Unfit`](crate::ErrorKind::Unfit) if a key that is to be changed is there twice.
    ///
    /// [RFC 7396]: https://www.rfc-editor.org/rfc/rfc7396
    pub fn merge(&mut self, patch: &Json) -> Result<()> {
        self.merge_with(patch, &MergeOptions::new())
    }

    /// Applies a merge patch with options; see there for an example.
    ///
    /// # Errors
    ///
    /// As [`merge`](Document::merge).
    pub fn merge_with(&mut self, patch: &Json, options: &MergeOptions) -> Result<()> {
        let wish = match options.arrays {
            Arrays::Union => Place { source: self.tree.add_source(distinct(patch)?), start: 0 },
            Arrays::Replace | Arrays::Append => self.add(patch),
        };
        let root = self.tree.root();
        let mut plan = reconcile::merge(&mut self.tree, root, wish, *options)?;
        if plan.is_empty() && self.is_absent() {
            // A document that is absent reads as null, and is not null for that.
            plan.push(Edit::Become(root, wish));
        }
        self.tree.make(plan);
        Ok(())
    }
}

/// The patch without the elements that one of its arrays has twice. Arrays in arrays stand for
/// themselves.
fn distinct(patch: &Json) -> Result<Bytes> {
    let mut document = Document::parse(patch.as_str().to_owned())?;
    let tree = &mut document.tree;
    let mut plan = Vec::new();
    let mut open = vec![tree.root()];
    while let Some(node) = open.pop() {
        match tree.kind(tree.value(node)) {
            Kind::Array => {
                let items = tree.open(node).to_vec();
                let mut seen = HashSet::new();
                let elements = tree.members(tree.value(node)).zip(&items);
                let first = elements.filter(|(it, _)| seen.insert(canonical(tree, it.value)));
                let first: Vec<_> = first.map(|(_, item)| *item).collect();
                if first.len() < items.len() {
                    plan.push(Edit::Rearrange(node, first));
                }
            }
            Kind::Object => {
                let count = tree.open(node).len();
                open.extend((0..count).map(|index| tree.child(node, index)));
            }
            Kind::String | Kind::Number | Kind::Boolean | Kind::Null => {}
        }
    }
    tree.make(plan);
    Ok(document.to_bytes())
}
