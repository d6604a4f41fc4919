//! What a program made of a document, with holes where parts of the document stand as they are.

#[cfg(feature = "filter")]
use std::string::FromUtf8Error;

/// What stands in the text where a hole is. No value in JSON begins with it, so that nothing can take
/// a hole for a value.
pub(crate) const HOLE: u8 = b'?';

/// A JSON text in which some arrays and objects are holes, each with where it starts in the text of
/// the document; or what of the document changes.
#[cfg(feature = "filter")]
#[derive(Debug, Default)]
pub(crate) struct Outline {
    pub(super) text: Vec<u8>,
    pub(super) holes: Holes,
    /// If there are any, the document is to be changed by them, and the text is not one value but those
    /// that they need.
    pub(super) patches: Vec<Patched>,
}

/// What becomes of an array or object of the document that mostly stays as it is. Where its children
/// start is said of the document, where values and keys are of the text of the outline.
#[cfg(feature = "filter")]
#[derive(Debug)]
pub(crate) struct Patched {
    /// The position in the outline of what it lies in, which comes before it.
    pub(super) parent: Option<usize>,
    pub(super) start: usize,
    /// Children that become other values.
    pub(crate) changed: Vec<(usize, usize)>,
    pub(crate) deleted: Vec<usize>,
    /// What comes behind the children, with the keys of members.
    pub(crate) added: Vec<(Option<usize>, usize)>,
}

/// Where the holes of a text are, in their order.
#[derive(Clone, Debug, Default)]
pub(super) struct Holes(Vec<(usize, usize)>);

#[cfg(feature = "filter")]
impl Outline {
    /// The text, in which each hole is a [`HOLE`].
    pub(crate) fn text(&mut self) -> &mut Vec<u8> {
        &mut self.text
    }

    /// The text, if there are no holes in it.
    pub(crate) fn into_text(self) -> String {
        let lossy = |error: FromUtf8Error| String::from_utf8_lossy(error.as_bytes()).into_owned();
        String::from_utf8(self.text).unwrap_or_else(lossy)
    }

    /// Writes a hole for what starts at `start` in the document.
    pub(crate) fn push_hole(&mut self, start: usize) {
        self.holes.0.push((self.text.len(), start));
        self.text.push(HOLE);
    }

    /// Begins to say what becomes of what starts at `start` in the document.
    pub(crate) fn push_patched(&mut self, parent: Option<usize>, start: usize) -> usize {
        let (changed, deleted, added) = (Vec::new(), Vec::new(), Vec::new());
        self.patches.push(Patched { parent, start, changed, deleted, added });
        self.patches.len() - 1
    }

    /// What was begun, by its position.
    pub(crate) fn patched(&mut self, position: usize) -> Option<&mut Patched> {
        self.patches.get_mut(position)
    }
}

impl Holes {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What belongs into the hole at `at`.
    pub(super) fn get(&self, at: usize) -> Option<usize> {
        let found = self.0.binary_search_by_key(&at, |hole| hole.0);
        found.ok().map(|index| self.0[index].1)
    }

    /// The holes in a part of the text.
    pub(super) fn within(&self, start: usize, end: usize) -> &[(usize, usize)] {
        let before = |at: usize| self.0.partition_point(|hole| hole.0 < at);
        &self.0[before(start)..before(end)]
    }
}
