//! The text of an edited document in the making.

use std::ops::Range;

use bytes::Bytes;

/// From this size on, a part of the base is shared instead of copied.
const SHARED: usize = 1 << 14;

/// Parts of the base and new text, in their order.
pub(super) struct Output {
    base: Bytes,
    pieces: Vec<Bytes>,
    /// What comes behind the pieces.
    copied: Vec<u8>,
}

impl Output {
    pub(super) fn new(base: Bytes) -> Self {
        Output { base, pieces: Vec::new(), copied: Vec::new() }
    }

    pub(super) fn copy(&mut self, text: &[u8]) {
        self.copied.extend_from_slice(text);
    }

    /// Adds a part of the base.
    pub(super) fn keep(&mut self, range: Range<usize>) {
        if range.len() < SHARED {
            self.copied.extend_from_slice(&self.base[range]);
            return;
        }
        self.end_copied();
        self.pieces.push(self.base.slice(range));
    }

    /// Where the output ends, for [`take`](Output::take).
    pub(super) fn end(&mut self) -> usize {
        self.end_copied();
        self.pieces.len()
    }

    /// Takes away what was added since the output ended there.
    pub(super) fn take(&mut self, end: usize) -> Vec<u8> {
        self.end_copied();
        self.pieces.split_off(end).concat()
    }

    pub(super) fn into_pieces(mut self) -> Vec<Bytes> {
        self.end_copied();
        self.pieces
    }

    fn end_copied(&mut self) {
        if !self.copied.is_empty() {
            self.pieces.push(std::mem::take(&mut self.copied).into());
        }
    }
}
