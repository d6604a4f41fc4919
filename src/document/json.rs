//! [`Json`], a checked text.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::Serialize;

use super::scan::{self, byte, skip_blank, token_end};
use super::{excerpt, string};
use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind, Result};
use crate::path::visible;

/// One JSON value, kept as the text that was given.
///
/// Numbers and strings stay spelled as they are: `1.0`, `1e400` and `"\u00e9"` reach the document
/// like that. White space is laid out anew in the style of the document.
///
/// ```
/// use jsonlock::Json;
///
/// let json: Json = r#"{ "port": 8080.0 }"#.parse()?;
/// assert_eq!(json.as_str(), r#"{ "port": 8080.0 }"#);
/// assert_eq!(json.compact().as_str(), r#"{"port":8080.0}"#);
/// assert_eq!(Json::string("0123").as_str(), r#""0123""#);
/// # Ok::<(), jsonlock::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Json {
    text: String,
}

impl Json {
    /// Takes a text that holds one value in strict JSON ([RFC 8259]), with or without white space
    /// around it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidJson`] if it does not, or if an object in it has the same key twice. The
    /// text of the error shows the place, but no values.
    ///
    /// [RFC 8259]: https://www.rfc-editor.org/rfc/rfc8259
    pub fn parse(text: impl Into<String>) -> Result<Self> {
        let mut text = text.into();
        let place = scan::validate(text.as_bytes(), Dialect::Json)
            .map_err(|fault| excerpt::error(text.as_bytes(), &fault))?
            .place;
        text.truncate(place.end);
        text.drain(..place.start);
        refuse_duplicate_keys(text.as_bytes())?;
        Ok(Json { text })
    }

    /// What `value` serializes to.
    ///
    /// ```
    /// use jsonlock::Json;
    ///
    /// assert_eq!(Json::from_value(&("a", 1, [true]))?.as_str(), r#"["a",1,[true]]"#);
    /// # Ok::<(), jsonlock::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidJson`] if `value` has no form in JSON, for instance a map whose keys are
    /// not strings.
    pub fn from_value<T: Serialize + ?Sized>(value: &T) -> Result<Self> {
        let text = serde_json::to_string(value).map_err(|error| {
            Error::new(ErrorKind::InvalidJson, format!("the value has no form in JSON: {error}"))
        })?;
        Json::parse(text)
    }

    /// The JSON string that denotes `text`.
    pub fn string(text: &str) -> Self {
        Json { text: string::encode(text) }
    }

    /// The text, without white space around it.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The same value without white space between its parts; spellings stay.
    #[must_use]
    pub fn compact(&self) -> Self {
        let bytes = self.text.as_bytes();
        let mut text = String::with_capacity(bytes.len());
        let mut at = 0;
        while at < bytes.len() {
            let end = token_end(bytes, at);
            text.push_str(&self.text[at..end]);
            at = skip_blank(bytes, end);
        }
        Json { text }
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.text.into_bytes()
    }
}

/// Shows no value, because it may be a secret; [`Display`](fmt::Display) shows it.
impl fmt::Debug for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Json({} bytes)", self.text.len())
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Reads JSON; for a JSON string made of the text, see [`Json::string`].
impl FromStr for Json {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Json::parse(text)
    }
}

impl From<bool> for Json {
    fn from(value: bool) -> Self {
        Json { text: value.to_string() }
    }
}

impl From<i64> for Json {
    fn from(value: i64) -> Self {
        Json { text: value.to_string() }
    }
}

impl From<u64> for Json {
    fn from(value: u64) -> Self {
        Json { text: value.to_string() }
    }
}

/// The JSON string that denotes the text, as [`Json::string`].
impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Json::string(text)
    }
}

/// The JSON string that denotes the text, as [`Json::string`].
impl From<String> for Json {
    fn from(text: String) -> Self {
        Json::string(&text)
    }
}

impl From<serde_json::Value> for Json {
    fn from(value: serde_json::Value) -> Self {
        Json { text: value.to_string() }
    }
}

/// An object with a key twice does not say what it wants.
fn refuse_duplicate_keys(text: &[u8]) -> Result<()> {
    // The keys of all open objects, and for each open container how many were there before it.
    let (mut keys, mut open) = (Vec::new(), Vec::new());
    let mut at = 0;
    while at < text.len() {
        let end = token_end(text, at);
        let next = skip_blank(text, end);
        match byte(text, at) {
            b'{' | b'[' => open.push(keys.len()),
            b'}' | b']' => {
                let own = open.pop().unwrap_or_default();
                refuse_duplicates(&mut keys[own..])?;
                keys.truncate(own);
            }
            b'"' if byte(text, next) == b':' => keys.push(string::decode(&text[at..end])),
            _ => {}
        }
        at = next;
    }
    Ok(())
}

fn refuse_duplicates(keys: &mut [Cow<'_, [u8]>]) -> Result<()> {
    keys.sort_unstable();
    let Some(twice) = keys.windows(2).find(|pair| pair[0] == pair[1]) else { return Ok(()) };
    let key = visible(&string::encode(&String::from_utf8_lossy(&twice[0])));
    let message = format!("not usable as a value: an object has the key {key} twice");
    Err(Error::new(ErrorKind::InvalidJson, message))
}
