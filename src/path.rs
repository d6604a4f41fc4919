//! Where in a document: [`Path`], in dotted notation or as a JSON Pointer.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, ErrorKind, Result};

/// Where in a document: `a.b[0]`, or the JSON Pointer ([RFC 6901]) `/a/b/0`.
///
/// | written | means |
/// |---|---|
/// | `.` | the whole document |
/// | `a.b`, `.a.b` | the member `b` of the member `a` |
/// | `a\.b` | the member `a.b`: a backslash takes the next character as it is |
/// | `a["any key"]` | any key, written as a JSON string |
/// | `a[0]`, `a[-1]` | the first, the last element |
/// | `a[]` | behind the last element; for writing only |
/// | `a.0` | an element if `a` is an array, else the member `0` |
/// | `/a/b~1c/0` | a JSON Pointer; its last token may be `-`, which is `[]` for an array |
///
/// ```
/// use jsonlock::Path;
///
/// let path: Path = "jobs[0].name".parse()?;
/// assert_eq!(path, Path::root().key("jobs").index(0).key("name"));
/// assert_eq!(Path::root().key("a.b").to_string(), r#"["a.b"]"#);
/// # Ok::<(), jsonlock::Error>(())
/// ```
///
/// [RFC 6901]: https://www.rfc-editor.org/rfc/rfc6901
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Path {
    segments: Vec<Segment>,
}

/// One step from a container to a value in it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Segment {
    /// A member of an object.
    Key(String),
    /// An element of an array; a negative index counts from the end.
    Index(i64),
    /// The place behind the last element of an array.
    Append,
    /// A number without sign, or `-`: an index or the place behind the last element if the
    /// container is an array, else a key.
    Token(String),
}

impl Path {
    /// The path of the whole document, written `.`.
    pub fn root() -> Self {
        Path::default()
    }

    /// The path that a JSON Pointer ([RFC 6901](https://www.rfc-editor.org/rfc/rfc6901)) denotes.
    /// The empty pointer is the root.
    ///
    /// ```
    /// use jsonlock::Path;
    ///
    /// assert_eq!(Path::from_pointer("/a/b~1c")?, Path::root().key("a").key("b/c"));
    /// # Ok::<(), jsonlock::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidPath`] if `pointer` is not empty and does not begin with `/`, or if a `~`
    /// is not followed by `0` or `1`.
    pub fn from_pointer(pointer: &str) -> Result<Self> {
        if pointer.is_empty() {
            return Ok(Path::root());
        }
        let Some(tokens) = pointer.strip_prefix('/') else {
            return Err(fault(pointer, 0, "expected `/`, with which a JSON Pointer begins"));
        };
        let mut at = 1;
        let mut segments = Vec::new();
        for token in tokens.split('/') {
            segments.push(Segment::bare(unescape_pointer(pointer, at, token)?));
            at += token.len() + 1;
        }
        Ok(Path { segments })
    }

    /// This path and then the member `key`, which may be any text.
    #[must_use]
    pub fn key(mut self, key: &str) -> Self {
        self.segments.push(Segment::Key(key.to_owned()));
        self
    }

    /// This path and then the element `index`; a negative one counts from the end.
    #[must_use]
    pub fn index(mut self, index: i64) -> Self {
        self.segments.push(Segment::Index(index));
        self
    }

    pub(crate) fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// The path made of the first `count` segments, for messages about the place where a longer
    /// one fails.
    pub(crate) fn first(&self, count: usize) -> Path {
        Path { segments: self.segments.iter().take(count).cloned().collect() }
    }
}

impl Segment {
    /// The key that it is in an object.
    pub(crate) fn name(&self) -> Option<&str> {
        match self {
            Segment::Key(name) | Segment::Token(name) => Some(name),
            Segment::Index(_) | Segment::Append => None,
        }
    }

    /// What an unquoted, unescaped word means.
    fn bare(word: String) -> Self {
        let number = word.bytes().all(|byte| byte.is_ascii_digit())
            && (word == "0" || !word.starts_with('0'))
            && !word.is_empty();
        if number || word == "-" { Segment::Token(word) } else { Segment::Key(word) }
    }
}

impl FromStr for Path {
    type Err = Error;

    /// Reads either notation: what begins with `/` is a JSON Pointer.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidPath`], with the place and what was expected there.
    fn from_str(text: &str) -> Result<Self> {
        match text.as_bytes() {
            [] => Err(Error::new(
                ErrorKind::InvalidPath,
                "an empty text is not a path; write `.` for the whole document",
            )),
            b"." => Ok(Path::root()),
            [b'/', ..] => Path::from_pointer(text),
            _ => Parser { text, at: 0 }.path(),
        }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.segments.is_empty() {
            return f.write_str(".");
        }
        for (position, segment) in self.segments.iter().enumerate() {
            let dot = if position == 0 { "" } else { "." };
            match segment {
                Segment::Key(key) if is_plain(key) => write!(f, "{dot}{key}")?,
                Segment::Key(key) => {
                    write!(f, "[{}]", visible(&serde_json::Value::from(key.as_str()).to_string()))?;
                }
                Segment::Token(token) => write!(f, "{dot}{token}")?,
                Segment::Index(index) => write!(f, "[{index}]")?,
                Segment::Append => f.write_str("[]")?,
            }
        }
        Ok(())
    }
}

/// A JSON string with escapes for those control characters too that may stand in one as they are, from
/// U+007F to U+009F: some of them are commands to a terminal.
pub(crate) fn visible(string: &str) -> String {
    let mut visible = String::with_capacity(string.len());
    for letter in string.chars() {
        if letter.is_control() {
            visible.push_str(&format!("\\u{:04x}", u32::from(letter)));
        } else {
            visible.push(letter);
        }
    }
    visible
}

/// Whether `key` reads back as itself without quotes wherever it stands in a path.
fn is_plain(key: &str) -> bool {
    let special = |letter: char| matches!(letter, '.' | '[' | ']' | '\\') || letter.is_control();
    !key.is_empty()
        && !key.starts_with('/')
        && !key.contains(special)
        && matches!(Segment::bare(key.to_owned()), Segment::Key(_))
}

fn unescape_pointer(pointer: &str, start: usize, token: &str) -> Result<String> {
    let mut parts = token.split('~');
    let mut key = parts.next().unwrap_or_default().to_owned();
    let mut at = start + key.len();
    for part in parts {
        match part.as_bytes().first() {
            Some(b'0') => key.push('~'),
            Some(b'1') => key.push('/'),
            _ => return Err(fault(pointer, at + 1, "expected `0` or `1` after `~`")),
        }
        key.push_str(&part[1..]);
        at += part.len() + 1;
    }
    Ok(key)
}

/// The error of a path that breaks its grammar at the byte `at`.
fn fault(text: &str, at: usize, expected: &str) -> Error {
    let position = text.get(..at).unwrap_or(text).chars().count() + 1;
    let shown = text.escape_debug();
    let message = format!("`{shown}` is not a path: {expected}, at character {position}");
    Error::new(ErrorKind::InvalidPath, message)
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl Parser<'_> {
    fn path(mut self) -> Result<Path> {
        let mut segments = Vec::new();
        while let Some(next) = self.peek() {
            segments.push(match next {
                '[' => self.bracket()?,
                '.' => {
                    self.at += 1;
                    if self.peek() == Some('[') { self.bracket()? } else { self.word()? }
                }
                ']' => return Err(self.fault("expected `[` before this `]`")),
                _ if segments.is_empty() => self.word()?,
                _ => return Err(self.fault("expected `.` or `[` after `]`")),
            });
        }
        Ok(Path { segments })
    }

    /// A key or number without quotes.
    fn word(&mut self) -> Result<Segment> {
        let start = self.at;
        let mut word = String::new();
        while let Some(letter) = self.peek().filter(|letter| !matches!(letter, '.' | '[' | ']')) {
            self.at += letter.len_utf8();
            if letter != '\\' {
                word.push(letter);
                continue;
            }
            let Some(taken) = self.peek() else {
                return Err(self.fault("expected a character after the backslash"));
            };
            self.at += taken.len_utf8();
            word.push(taken);
        }
        if self.at == start {
            return Err(self.fault("expected a key (an empty one is written `[\"\"]`)"));
        }
        // A backslash makes a word that would be a number a key.
        let escaped = self.at - start != word.len();
        Ok(if escaped { Segment::Key(word) } else { Segment::bare(word) })
    }

    /// What stands in square brackets.
    fn bracket(&mut self) -> Result<Segment> {
        self.at += 1;
        let segment = match self.peek() {
            Some(']') => Segment::Append,
            Some('"') => self.quoted()?,
            _ => self.number()?,
        };
        if self.peek() != Some(']') {
            return Err(self.fault("expected `]`"));
        }
        self.at += 1;
        Ok(segment)
    }

    fn quoted(&mut self) -> Result<Segment> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let mut escaped = false;
        let end = rest.bytes().skip(1).position(|byte| {
            let quote = byte == b'"' && !escaped;
            escaped = byte == b'\\' && !escaped;
            quote
        });
        let key = end.and_then(|end| serde_json::from_str(&rest[..end + 2]).ok());
        match (end, key) {
            (Some(end), Some(key)) => {
                self.at += end + 2;
                Ok(Segment::Key(key))
            }
            _ => Err(self.fault("expected a key written as a JSON string, such as `[\"key\"]`")),
        }
    }

    fn number(&mut self) -> Result<Segment> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let sign = usize::from(rest.starts_with('-'));
        let digits = rest.bytes().skip(sign).take_while(u8::is_ascii_digit).count();
        let Ok(index) = rest[..sign + digits].parse() else {
            return Err(self.fault("expected an index, a quoted key, or `]`"));
        };
        self.at += sign + digits;
        Ok(Segment::Index(index))
    }

    fn peek(&self) -> Option<char> {
        self.text.get(self.at..)?.chars().next()
    }

    fn fault(&self, expected: &str) -> Error {
        fault(self.text, self.at, expected)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_look_like_numbers_wait_for_their_container() {
        let token = |text: &str| Segment::Token(text.to_owned());
        let key = |text: &str| Segment::Key(text.to_owned());
        for (text, segment) in [
            ("0", token("0")),
            ("12", token("12")),
            ("-", token("-")),
            ("007", key("007")),
            ("-1", key("-1")),
            ("1a", key("1a")),
            ("\\0", key("0")),
            ("[\"0\"]", key("0")),
            ("[0]", Segment::Index(0)),
            ("[]", Segment::Append),
        ] {
            assert_eq!(text.parse::<Path>().unwrap().segments(), [segment], "{text}");
        }
    }
}
