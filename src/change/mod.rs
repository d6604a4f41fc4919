//! What to do to a document, as data: [`Change`].

#[cfg(feature = "filter")]
mod filter;

#[cfg(feature = "filter")]
pub use filter::{Filter, FilterOptions};

use crate::document::{Document, Json, MergeOptions, Patch};
use crate::error::Result;
use crate::path::Path;

/// What to do to a document.
///
/// A change is data, so that it can be built before the document is known and applied to several
/// versions of it.
///
/// ```
/// use jsonlock::{Change, Document, Json};
///
/// let change = Change::Set("build.number".parse()?, Json::from(7_u64));
/// let mut document = Document::parse(r#"{"build": {"number": 6}}"#)?;
/// change.apply(&mut document)?;
/// assert_eq!(document.to_bytes(), r#"{"build": {"number": 7}}"#);
/// # Ok::<(), jsonlock::Error>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Change {
    /// Sets a value, see [`Document::set`].
    Set(Path, Json),
    /// Deletes a value if it is there, see [`Document::delete`].
    Delete(Path),
    /// Applies a merge patch (RFC 7396), see [`Document::merge`].
    Merge(Json),
    /// Applies a merge patch with options, see [`Document::merge_with`].
    MergeWith(Json, MergeOptions),
    /// Applies a JSON Patch (RFC 6902), see [`Document::patch`].
    Patch(Patch),
    /// Applies a jq filter, see [`Filter::apply`].
    #[cfg(feature = "filter")]
    Filter(Filter),
}

impl Change {
    /// Makes the change, in full or not at all.
    ///
    /// # Errors
    ///
    /// What the method of [`Document`] for it gives.
    pub fn apply(&self, document: &mut Document) -> Result<()> {
        match self {
            Change::Set(path, value) => document.set(path, value.clone()),
            Change::Delete(path) => document.delete(path).map(drop),
            Change::Merge(patch) => document.merge(patch),
            Change::MergeWith(patch, options) => document.merge_with(patch, options),
            Change::Patch(patch) => document.patch(patch),
            #[cfg(feature = "filter")]
            Change::Filter(filter) => filter.apply(document, None),
        }
    }
}
