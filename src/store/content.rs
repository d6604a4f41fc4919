use bytes::Bytes;
use std::fmt;

/// The bytes of a document, in pieces that may be shared with other versions of it.
///
/// Where the pieces begin and end means nothing.
///
/// ```
/// use jsonlock::Content;
///
/// let content = Content::from(vec!["{\"a\": ".into(), "1}".into()]);
/// assert_eq!(content, *b"{\"a\": 1}");
/// assert_eq!(content.to_bytes(), "{\"a\": 1}");
/// ```
#[derive(Clone, Default)]
pub struct Content(Vec<Bytes>);

impl Content {
    /// The pieces, in order.
    pub fn pieces(&self) -> &[Bytes] {
        &self.0
    }

    /// All of it in one piece, which costs nothing if it is one already.
    pub fn to_bytes(&self) -> Bytes {
        match self.0.as_slice() {
            [] => Bytes::new(),
            [only] => only.clone(),
            pieces => pieces.concat().into(),
        }
    }
}

/// Shows no bytes, because documents may hold secrets.
impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let length: usize = self.0.iter().map(Bytes::len).sum();
        write!(f, "Content({length} bytes)")
    }
}

impl From<Vec<Bytes>> for Content {
    fn from(pieces: Vec<Bytes>) -> Self {
        Content(pieces)
    }
}

impl From<Bytes> for Content {
    fn from(only: Bytes) -> Self {
        Content(vec![only])
    }
}

impl<B: AsRef<[u8]> + ?Sized> PartialEq<B> for Content {
    fn eq(&self, other: &B) -> bool {
        let rest =
            self.0.iter().try_fold(other.as_ref(), |rest, piece| rest.strip_prefix(&**piece));
        rest == Some(&[])
    }
}
