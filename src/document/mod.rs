//! The JSON text being edited, with the style it is written in: [`Document`].
//!
//! [`scan`] knows the grammar, [`tree`] holds what became of the text, [`walk`] follows paths in it,
//! [`reconcile`] plans changes, and [`emit`] writes the result, for which [`style`] and [`example`]
//! learn from the text how it is laid out, and [`comments`] whose the comments are.

mod align;
mod canonical;
mod comments;
mod compact;
mod compare;
mod emit;
mod equal;
mod example;
mod excerpt;
mod json;
mod jsonc;
mod merge;
mod number;
mod outline;
mod output;
mod patch;
mod reconcile;
mod scan;
mod string;
mod style;
mod tree;
#[cfg(feature = "filter")]
mod view;
mod walk;

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use bytes::Bytes;
use serde::de::DeserializeOwned;

use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind, Result};
use crate::path::Path;
use compare::Likeness;
use output::Output;
use scan::Marks;
use tree::{BASE, Edit, Item, Place, Tree};
use walk::Spot;

pub use json::Json;
pub use merge::{Arrays, MergeOptions, Nulls};
pub use patch::Patch;

#[cfg(feature = "filter")]
pub(crate) use {
    outline::Outline,
    string::respell,
    view::{Cursor, Piece, View},
};

/// A JSON document whose text survives being edited.
///
/// The text is the document: a change replaces only the bytes that it is about. Indentation, the
/// order of keys, the spelling of numbers and strings, blank lines, line ends, a byte order mark and
/// the end of the last line stay as they are, and what is added takes the form of what stands beside
/// it.
///
/// ```
/// use jsonlock::{Document, Json, Path};
///
/// let mut document = Document::parse("{\n\t\"pi\": 3.140,\n\t\"list\": [1, 2]\n}\n")?;
/// document.set(&"list[]".parse()?, Json::from(3_u64))?;
/// document.set(&"e".parse()?, "2.718".parse()?)?;
/// assert_eq!(
///     document.to_bytes(),
///     "{\n\t\"pi\": 3.140,\n\t\"list\": [1, 2, 3],\n\t\"e\": 2.718\n}\n"
/// );
/// # Ok::<(), jsonlock::Error>(())
/// ```
///
/// # Limits
///
/// The text is strict JSON ([RFC 8259]) in UTF-8, or JSONC if [asked for](Document::parse_as), nested
/// no deeper than 10,000 levels. If an object has a key twice, reading takes the last, and an edit
/// through that key is refused.
///
/// # Comments
///
/// Comments and trailing commas of JSONC stay where they are. Comments that describe a member or an
/// element go with it: those on its line, and those on the lines directly above it. Values that are
/// read from a document have none.
///
/// # Errors
///
/// A method that fails leaves the document as it was. No message contains a value of the document.
///
/// [RFC 8259]: https://www.rfc-editor.org/rfc/rfc8259
#[derive(Clone)]
pub struct Document {
    tree: Tree,
    /// Where the value stands in the base; before and after it is white space.
    place: Range<usize>,
    is_absent: bool,
    /// The strictest dialect that the text follows which was read.
    dialect: Dialect,
}

impl Document {
    /// Reads a text of strict JSON, once and completely.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidJson`] with the line and column, what was expected there, and an excerpt in
    /// which all values are masked.
    ///
    /// ```
    /// use jsonlock::Document;
    ///
    /// let error = Document::parse("{\"token\": \"abc\",}").unwrap_err().to_string();
    /// assert!(error.starts_with("not valid JSON at line 1, column 16: expected no comma"));
    /// assert!(error.contains("{\"token\": \"***\",}"));
    /// ```
    pub fn parse(text: impl Into<Bytes>) -> Result<Self> {
        Self::parse_as(text, Dialect::Json)
    }

    /// The document of a file that is missing or [blank](Document::is_blank).
    ///
    /// It reads as null. As long as nothing is changed its text is empty; what is set in it is laid
    /// out with two spaces and ends with a line break.
    ///
    /// ```
    /// use jsonlock::{Document, Json};
    ///
    /// let mut document = Document::absent();
    /// assert_eq!(document.to_bytes(), "");
    /// document.set(&"a.b".parse()?, Json::from(true))?;
    /// assert_eq!(document.to_bytes(), "{\n  \"a\": {\n    \"b\": true\n  }\n}\n");
    /// # Ok::<(), jsonlock::Error>(())
    /// ```
    pub fn absent() -> Self {
        Document { tree: Tree::absent(), place: 0..0, is_absent: true, dialect: Dialect::Json }
    }

    /// Whether a text is empty or nothing but white space and a byte order mark, so that the file that
    /// holds it counts as missing.
    ///
    /// ```
    /// use jsonlock::Document;
    ///
    /// assert!(Document::is_blank(b"\xEF\xBB\xBF \r\n") && !Document::is_blank(b"null"));
    /// ```
    pub fn is_blank(text: &[u8]) -> bool {
        scan::is_blank(text.strip_prefix(scan::BOM).unwrap_or(text))
    }

    /// Whether this is [the document of a missing file](Document::absent) to which nothing happened.
    pub fn is_absent(&self) -> bool {
        self.is_absent && !self.is_changed()
    }

    /// The text of the value at `path`, `None` if it is not there. It is strict JSON: comments and
    /// trailing commas are left out.
    ///
    /// ```
    /// use jsonlock::{Document, Path};
    ///
    /// let document = Document::parse(r#"{"a": [1.0, {"b" : 2}]}"#)?;
    /// assert_eq!(document.text(&"a[0]".parse()?)?.as_deref(), Some("1.0"));
    /// assert_eq!(document.text(&"/a/1".parse()?)?.as_deref(), Some(r#"{"b" : 2}"#));
    /// assert_eq!(document.text(&"a.b".parse()?)?, None);
    /// # Ok::<(), jsonlock::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidPath`] if `path` has a place to append to.
    pub fn text(&self, path: &Path) -> Result<Option<Cow<'_, str>>> {
        let Some(value) = walk::find(&self.tree, path)? else { return Ok(None) };
        let is_kept = value.place.source == BASE && self.tree.opened(value).is_none();
        if (is_kept && !self.tree.has_moved())
            || !self.is_changed()
            || !self.tree.kind(value).is_container()
        {
            return Ok(Some(self.strict(self.tree.text(value))));
        }
        // How it is laid out depends on what is around it.
        let text = self.to_bytes();
        let marks = Marks::of(&text);
        let result = Tree::new(text, marks, self.place.start);
        let value = walk::find(&result, path)?;
        Ok(value.map(|value| self.strict(result.text(value)).into_owned().into()))
    }

    /// The value at `path`, `None` if it is not there.
    ///
    /// ```
    /// use jsonlock::Document;
    ///
    /// let document = Document::parse(r#"{"jobs": ["build", "test"]}"#)?;
    /// assert_eq!(document.get::<Vec<String>>(&"jobs".parse()?)?.map(|jobs| jobs.len()), Some(2));
    /// # Ok::<(), jsonlock::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Unfit`] if the value does not have the form of a `T`, or is nested deeper than
    /// `serde_json` reads; else as [`text`](Document::text).
    pub fn get<T: DeserializeOwned>(&self, path: &Path) -> Result<Option<T>> {
        let Some(text) = self.text(path)? else { return Ok(None) };
        let unfit = |error| Error::new(ErrorKind::Unfit, format!("{path}: {}", reason(&error)));
        serde_json::from_str(&text).map(Some).map_err(unfit)
    }

    /// Sets the value at `path`, and makes the containers on the way that are missing or null: an
    /// array for `[0]` and `[]`, else an object.
    ///
    /// What is equal already is not touched, down to single members and elements. A number is set to
    /// the spelling given; the order of keys is left as it is.
    ///
    /// ```
    /// use jsonlock::{Document, Json};
    ///
    /// let mut document = Document::parse(r#"{"jobs":[{"name":"a"}]}"#)?;
    /// document.set(&"jobs[0].done".parse()?, Json::from(true))?;
    /// document.set(&"jobs[].name".parse()?, Json::string("b"))?;
    /// assert_eq!(document.to_bytes(), r#"{"jobs":[{"name":"a","done":true},{"name":"b"}]}"#);
    /// # Ok::<(), jsonlock::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Unfit`] if the path leads through something else than an object or array, an
    /// index is larger than the length, a key on the way is there twice, or the result would be nested
    /// too deeply.
    pub fn set(&mut self, path: &Path, value: Json) -> Result<()> {
        let value = value.into_bytes();
        if path.segments().len() + scan::depth(&value, 0) > scan::DEPTH_LIMIT {
            let message = format!("{path}: the value would be nested deeper than 10,000 levels");
            return Err(Error::new(ErrorKind::Unfit, message));
        }
        let plan = match walk::open_for(&mut self.tree, path)? {
            // A document that is absent reads as null, and is not null for that.
            Spot::Value { node, done } if self.is_absent() => {
                let text = walk::wrap(path, done, &value)?;
                vec![Edit::Become(node, Place { source: self.tree.add_source(text), start: 0 })]
            }
            Spot::Value { node, done } => {
                let text = walk::wrap(path, done, &value)?;
                let wish = Place { source: self.tree.add_source(text), start: 0 };
                reconcile::become_equal(&mut self.tree, node, wish, Likeness::Spelling)?
            }
            Spot::End { parent, key, done } => {
                let value = walk::wrap(path, done, &value)?;
                vec![Edit::Push(parent, self.new_item(key, &value))]
            }
        };
        self.tree.make(plan);
        Ok(())
    }

    /// Deletes the value at `path` and says whether it was there.
    ///
    /// ```
    /// use jsonlock::Document;
    ///
    /// let mut document = Document::parse(r#"{"a": 1, "b": 2}"#)?;
    /// assert!(document.delete(&"b".parse()?)?);
    /// assert!(!document.delete(&"b.c".parse()?)?);
    /// assert_eq!(document.to_bytes(), r#"{"a": 1}"#);
    /// # Ok::<(), jsonlock::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Unfit`] if `path` is the root, or if a key on the way is there twice;
    /// [`ErrorKind::InvalidPath`] if `path` has a place to append to.
    pub fn delete(&mut self, path: &Path) -> Result<bool> {
        self.delete_all(std::slice::from_ref(path)).map(|found| found == [true])
    }

    /// Deletes the values at all these paths and says of each whether it was there. The paths speak of
    /// the document as it is before, so that deleting `[0]` does not move what `[1]` means.
    ///
    /// ```
    /// use jsonlock::{Document, Path};
    ///
    /// let mut document = Document::parse("[3, 1, 2]")?;
    /// let paths: [Path; 2] = ["[0]".parse()?, "[1]".parse()?];
    /// assert_eq!(document.delete_all(&paths)?, [true, true]);
    /// assert_eq!(document.to_bytes(), "[2]");
    /// # Ok::<(), jsonlock::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`delete`](Document::delete), and then nothing is deleted.
    pub fn delete_all(&mut self, paths: &[Path]) -> Result<Vec<bool>> {
        let found = paths.iter().map(|path| walk::open_to(&mut self.tree, path));
        let found = found.collect::<Result<Vec<_>>>()?;
        self.tree.make(reconcile::without(found.iter().flatten().copied().collect()));
        Ok(found.iter().map(Option::is_some).collect())
    }

    /// Makes the value of the document equal to `value`, which a program computed from it, with as
    /// small a difference as can be found.
    ///
    /// Numbers of the same value keep their spelling in the document (`1.0` for `1`), strings their
    /// escapes. Members come to stand in the order of `value`.
    ///
    /// ```
    /// use jsonlock::Document;
    ///
    /// let mut document = Document::parse(r#"{ "a": 1.0, "b": [ 1, 2, 3 ] }"#)?;
    /// document.replace(&r#"{"a":1,"c":null,"b":[1,3]}"#.parse()?)?;
    /// assert_eq!(document.to_bytes(), r#"{ "a": 1.0, "c": null, "b": [ 1, 3 ] }"#);
    /// # Ok::<(), jsonlock::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Unfit`] if a key that is to be changed is there twice.
    pub fn replace(&mut self, value: &Json) -> Result<()> {
        let wish = self.add(value);
        self.become_equal(wish)
    }

    fn become_equal(&mut self, wish: Place) -> Result<()> {
        let root = self.tree.root();
        let plan = reconcile::become_equal(&mut self.tree, root, wish, Likeness::Value)?;
        self.tree.make(plan);
        Ok(())
    }

    /// Whether a change had an effect.
    pub fn is_changed(&self) -> bool {
        self.tree.is_changed()
    }

    /// The text. As long as nothing changed it is the very text that was read, and costs nothing.
    pub fn to_bytes(&self) -> Bytes {
        match <[Bytes; 1]>::try_from(self.to_pieces()) {
            Ok([piece]) => piece,
            Err(pieces) => pieces.concat().into(),
        }
    }

    /// The text in pieces, which are to be put one behind the other. Large parts that did not change
    /// share the memory of the text that was read, so that a large document is not there twice.
    pub fn to_pieces(&self) -> Vec<Bytes> {
        let base = self.tree.base();
        if !self.is_changed() {
            return vec![base.clone()];
        }
        let mut output = Output::new(base.clone());
        output.keep(0..self.place.start);
        emit::emit(&self.tree, self.place.start, self.dialect, &mut output);
        if self.is_absent {
            output.copy(b"\n");
        }
        output.keep(self.place.end..base.len());
        output.into_pieces()
    }

    fn add(&mut self, value: &Json) -> Place {
        Place { source: self.tree.add_source(value.clone().into_bytes()), start: 0 }
    }

    /// A child with the text `value`, and the key if it is a member.
    fn new_item(&mut self, key: Option<String>, value: &[u8]) -> Item {
        let start = key.as_ref().map_or(0, |key| key.len() + 1);
        let lead = key.as_ref().map_or([&b""[..], b""], |key| [key.as_bytes(), b":"]);
        let source = self.tree.add_source([lead[0], lead[1], value].concat());
        let key = key.map(|_| Place { source, start: 0 });
        self.tree.insert(key, Place { source, start })
    }
}

impl fmt::Debug for Document {
    /// Shows no content, because a document may hold secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Document")
            .field("length", &self.tree.base().len())
            .field("is_absent", &self.is_absent())
            .field("is_changed", &self.is_changed())
            .finish()
    }
}

/// What `serde_json` says, without the value about which it says it.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    if text.starts_with("missing field") {
        return text;
    }
    match text.rsplit_once(", expected ") {
        Some((_, expected)) => format!("expected {expected}"),
        None => "the value does not have the form that is asked for".to_owned(),
    }
}
