use std::fmt;

/// An opaque string that names a document's content: equal etags mean equal content.
///
/// ```
/// use jsonlock::Etag;
///
/// assert_eq!(Etag::of(b"{}"), Etag::of(b"{}"));
/// assert_ne!(Etag::of(b"{}"), Etag::of(b"{ }"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Etag(String);

impl Etag {
    /// The etag of local content: the first 128 bits of its BLAKE3 hash, in hexadecimal.
    ///
    /// Inode numbers and times would be cheaper, but they repeat.
    pub fn of(content: &[u8]) -> Self {
        Etag::of_pieces([content])
    }

    /// The etag of local content that is in pieces.
    pub(crate) fn of_pieces<P: AsRef<[u8]>>(pieces: impl IntoIterator<Item = P>) -> Self {
        let mut hasher = blake3::Hasher::new();
        for piece in pieces {
            hasher.update(piece.as_ref());
        }
        let mut hash = hasher.finalize().to_hex().to_string();
        hash.truncate(32);
        Etag(hash)
    }

    /// The etag as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An etag that was printed or stored, as it was. It is opaque, so every text can be one.
impl From<&str> for Etag {
    fn from(text: &str) -> Self {
        Etag(text.to_owned())
    }
}

impl fmt::Display for Etag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
