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
        self.0.iter().try_fold(other.as_ref(), |rest, piece| behind(rest, piece)) == Some(&[])
    }
}

/// What comes in `text` behind `piece`, if it begins with that. Large documents are edited in pieces
/// that are parts of the old one, which need not be looked at.
fn behind<'a>(text: &'a [u8], piece: &[u8]) -> Option<&'a [u8]> {
    if std::ptr::eq(text.as_ptr(), piece.as_ptr()) {
        return text.get(piece.len()..);
    }
    text.strip_prefix(piece)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_that_share_memory_are_compared_by_place_and_length() {
        let base = Bytes::from_static(b"abcabc");
        let (head, tail) = (base.slice(..3), base.slice(3..));
        for (pieces, is_equal) in [
            (vec![base.clone()], true),
            (vec![head.clone(), tail.clone()], true),
            (vec![tail.clone(), head.clone()], true),
            (vec![head.clone()], false),
            (vec![base.clone(), head.clone()], false),
            (vec![head, Bytes::from_static(b"abd")], false),
            (vec![base.slice(1..), tail], false),
        ] {
            assert_eq!(Content::from(pieces.clone()) == base, is_equal, "{pieces:?}");
        }
    }
}
