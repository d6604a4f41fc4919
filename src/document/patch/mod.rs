//! JSON Patch (RFC 6902): [`Patch`] is one that was read, [`apply`] makes it of a document.

mod apply;

use std::fmt;
use std::str::FromStr;

use bytes::Bytes;

use super::scan::{self, Children, Kind, Marks, Text};
use super::{Document, Json, string};
use crate::error::{Error, ErrorKind, Result};
use crate::path::{Path, visible};

/// A JSON Patch ([RFC 6902]): operations that are made one after the other, all or none.
///
/// It is read once and can be applied to many documents, with [`Document::patch`].
///
/// ```
/// use jsonlock::Patch;
///
/// let patch: Patch = r#"[{"op": "test", "path": "/n", "value": 1}]"#.parse()?;
/// let error = r#"[{"op": "add", "path": "/n"}]"#.parse::<Patch>().unwrap_err();
/// assert_eq!(error.to_string(), "operation 1 has no \"value\"");
/// # Ok::<(), jsonlock::Error>(())
/// ```
///
/// [RFC 6902]: https://www.rfc-editor.org/rfc/rfc6902
#[derive(Clone)]
pub struct Patch {
    text: Bytes,
    operations: Vec<Operation>,
}

#[derive(Clone)]
struct Operation {
    action: Action,
    target: Pointer,
}

/// What an operation does. Values are places in the text of the patch.
#[derive(Clone)]
enum Action {
    Add(usize),
    Remove,
    Replace(usize),
    Move(Pointer),
    Copy(Pointer),
    Test(usize),
}

/// A JSON Pointer, as it is written and as it is meant.
#[derive(Clone)]
struct Pointer {
    text: String,
    path: Path,
}

impl Patch {
    /// Takes a value that is a patch: an array of operations. Members of an operation that it has no
    /// use for are ignored.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidJson`] if it is not, with the operation, counted from 1, and what is wrong
    /// with it.
    pub fn new(json: Json) -> Result<Self> {
        let text = Bytes::from(json.into_bytes());
        let marks = Marks::of(&text);
        let operations = operations(Text::new(&text, &marks))?;
        Ok(Patch { text, operations })
    }
}

/// Reads the text of a patch.
impl FromStr for Patch {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Patch::new(Json::parse(text)?)
    }
}

/// Shows no value, because it may be a secret.
impl fmt::Debug for Patch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Patch({} operations)", self.operations.len())
    }
}

impl Document {
    /// Applies a JSON Patch ([RFC 6902]).
    ///
    /// As [`set`](Document::set) does, `add` and `replace` touch nothing that is equal already. What
    /// `move` and `copy` bring elsewhere keeps its text, but for the indentation. A document that is
    /// [absent](Document::absent) starts as `{}`.
    ///
    /// ```
    /// use jsonlock::{Document, ErrorKind, Patch};
    ///
    /// let mut document = Document::parse(r#"{"jobs": ["a", "c"], "n": 1.0}"#)?;
    /// let patch: Patch = r#"[
    ///     {"op": "test", "path": "/n", "value": 1},
    ///     {"op": "add", "path": "/jobs/1", "value": "b"},
    ///     {"op": "move", "from": "/n", "path": "/count"}
    /// ]"#.parse()?;
    /// document.patch(&patch)?;
    /// assert_eq!(document.to_bytes(), r#"{"jobs": ["a", "b", "c"], "count": 1.0}"#);
    /// assert_eq!(document.patch(&patch).unwrap_err().kind(), ErrorKind::Conflict);
    /// # Ok::<(), jsonlock::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Conflict`] if a `test` fails. [`ErrorKind::Unfit`] if another operation does not
    /// fit: there is no such value, an index is larger than the length, the parent is not a container,
    /// a value would move into itself, a key is there twice, or the result would be nested too deeply
    /// or be far larger than document and patch. The text says which operation it was.
    ///
    /// [RFC 6902]: https://www.rfc-editor.org/rfc/rfc6902
    pub fn patch(&mut self, patch: &Patch) -> Result<()> {
        let is_absent = self.is_absent();
        self.tree.begin();
        let applied = apply::apply(&mut self.tree, patch, is_absent);
        match applied {
            Ok(()) => self.tree.keep(),
            Err(_) => self.tree.undo(),
        }
        applied
    }
}

impl Operation {
    /// What messages call it; it is the one with this number.
    fn title(&self, number: usize) -> String {
        let name = match self.action {
            Action::Add(_) => "add",
            Action::Remove => "remove",
            Action::Replace(_) => "replace",
            Action::Move(_) => "move",
            Action::Copy(_) => "copy",
            Action::Test(_) => "test",
        };
        let pointer = |pointer: &Pointer| visible(&string::encode(&pointer.text));
        let target = pointer(&self.target);
        match &self.action {
            Action::Move(from) | Action::Copy(from) => {
                format!("operation {number} ({name} {} to {target})", pointer(from))
            }
            _ => format!("operation {number} ({name} {target})"),
        }
    }
}

fn operations(text: Text<'_>) -> Result<Vec<Operation>> {
    match Kind::of(text.bytes, 0) {
        Kind::Array => {}
        kind => {
            let kind = kind.name();
            return Err(malformed(format!("a JSON Patch is an array of operations, not {kind}")));
        }
    }
    let numbered = Children::new(text, 0).zip(1..);
    numbered.map(|(child, number)| Reader { text, start: child.value, number }.read()).collect()
}

fn malformed(message: String) -> Error {
    Error::new(ErrorKind::InvalidJson, message)
}

/// The operation at a place in the text of a patch.
struct Reader<'a> {
    text: Text<'a>,
    start: usize,
    number: usize,
}

impl Reader<'_> {
    fn read(&self) -> Result<Operation> {
        let kind = Kind::of(self.text.bytes, self.start);
        if kind != Kind::Object {
            return Err(self.fault(&format!("is {}, not an object", kind.name())));
        }
        let action = match self.string("op")?.as_str() {
            "add" => Action::Add(self.member("value")?),
            "remove" => Action::Remove,
            "replace" => Action::Replace(self.member("value")?),
            "move" => Action::Move(self.pointer("from")?),
            "copy" => Action::Copy(self.pointer("from")?),
            "test" => Action::Test(self.member("value")?),
            _ => {
                let known = "add, remove, replace, move, copy and test";
                return Err(self.fault(&format!("has an \"op\" that is none of {known}")));
            }
        };
        Ok(Operation { action, target: self.pointer("path")? })
    }

    fn pointer(&self, name: &str) -> Result<Pointer> {
        let text = self.string(name)?;
        let fault = |error: Error| {
            let context = format!("operation {}, {name:?}", self.number);
            error.with_kind(ErrorKind::InvalidJson).context(context)
        };
        let path = Path::from_pointer(&text).map_err(fault)?;
        Ok(Pointer { text, path })
    }

    fn string(&self, name: &str) -> Result<String> {
        let (bytes, start) = (self.text.bytes, self.member(name)?);
        let kind = Kind::of(bytes, start);
        if kind != Kind::String {
            return Err(
                self.fault(&format!("has a {name:?} that is {}, not a string", kind.name()))
            );
        }
        let string = string::decode(&bytes[start..scan::string_end(bytes, start)]).into_owned();
        let half = |_| self.fault(&format!("has a {name:?} with half a surrogate pair"));
        String::from_utf8(string).map_err(half)
    }

    /// Where the value of a member starts.
    fn member(&self, name: &str) -> Result<usize> {
        let bytes = self.text.bytes;
        let key = |start| string::decode(&bytes[start..scan::string_end(bytes, start)]);
        let mut members = Children::new(self.text, self.start);
        let found = members.find(|member| *key(member.start) == *name.as_bytes());
        found.map(|member| member.value).ok_or_else(|| self.fault(&format!("has no {name:?}")))
    }

    fn fault(&self, what: &str) -> Error {
        malformed(format!("operation {} {what}", self.number))
    }
}
