//! Documents of another dialect than strict JSON.

use std::borrow::Cow;

use bytes::Bytes;

use super::scan::{self, Valid};
use super::tree::Tree;
use super::{Document, excerpt};
use crate::dialect::Dialect;
use crate::error::Result;

impl Document {
    /// Reads a text of a dialect, once and completely.
    ///
    /// ```
    /// use jsonlock::{Dialect, Document};
    ///
    /// let text = "{\n  // one\n  \"a\": 1,\n  // two\n  \"b\": 2, // second\n}\n";
    /// let mut document = Document::parse_as(text, Dialect::Jsonc)?;
    /// document.delete(&"b".parse()?)?;
    /// assert_eq!(document.to_bytes(), "{\n  // one\n  \"a\": 1,\n}\n");
    /// assert_eq!(document.text(&".".parse()?)?.unwrap(), "{\n  \"a\": 1\n}");
    /// # Ok::<(), jsonlock::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`parse`](Document::parse).
    pub fn parse_as(text: impl Into<Bytes>, dialect: Dialect) -> Result<Self> {
        let text = text.into();
        let Valid { place, marks, dialect } =
            scan::validate(&text, dialect).map_err(|fault| excerpt::error(&text, &fault))?;
        Ok(Document { tree: Tree::new(text, marks, place.start), place, is_absent: false, dialect })
    }

    /// A part of the document without what only JSONC has.
    pub(super) fn strict<'a>(&self, text: &'a [u8]) -> Cow<'a, str> {
        match self.dialect {
            Dialect::Json => String::from_utf8_lossy(text),
            Dialect::Jsonc => String::from_utf8_lossy(&scan::strict(text)).into_owned().into(),
        }
    }
}
