//! What two texts do not begin and end with in common, so that a small change of a large document is
//! looked at without all that it leaves alone.

use super::CONTEXT;
use bytes::Bytes;
use jsonlock::Content;
use std::ops::Range;

/// The part in which the texts differ, in whole lines, with at least as many lines around as are shown.
pub(super) struct Middle<'a> {
    pub(super) old: &'a [u8],
    pub(super) new: Vec<u8>,
    /// How many lines come before.
    pub(super) line: usize,
}

impl<'a> Middle<'a> {
    pub(super) fn of(old: &'a [u8], new: &Content) -> Self {
        let pieces = new.pieces();
        let length: usize = pieces.iter().map(Bytes::len).sum();
        let head = common_head(old, pieces);
        let most = old.len().min(length) - head;
        let tail = common_tail(old, pieces).min(most);
        let start = lines_back(&old[..head]);
        let more = lines_forth(&old[old.len() - tail..]);
        let rest = tail - more;
        Middle {
            old: &old[start..old.len() - rest],
            new: cut(pieces, start..length - rest),
            line: old[..start].iter().filter(|byte| **byte == b'\n').count(),
        }
    }
}

/// How many bytes are the same at the start. Pieces that share the old text's memory need no look.
fn common_head(old: &[u8], pieces: &[Bytes]) -> usize {
    let mut rest = old;
    for piece in pieces {
        let same = match std::ptr::eq(rest.as_ptr(), piece.as_ptr()) {
            true => rest.len().min(piece.len()),
            false => rest.iter().zip(piece).take_while(|(old, new)| old == new).count(),
        };
        rest = &rest[same..];
        if same < piece.len() {
            break;
        }
    }
    old.len() - rest.len()
}

/// Likewise, at the end.
fn common_tail(old: &[u8], pieces: &[Bytes]) -> usize {
    let mut rest = old;
    for piece in pieces.iter().rev() {
        let (ours, theirs) = (rest.iter().rev(), piece.iter().rev());
        let same = match rest.as_ptr_range().end == piece.as_ptr_range().end {
            true => rest.len().min(piece.len()),
            false => ours.zip(theirs).take_while(|(old, new)| old == new).count(),
        };
        rest = &rest[..rest.len() - same];
        if same < piece.len() {
            break;
        }
    }
    old.len() - rest.len()
}

/// Where the lines before the end start that are to be shown, and the one that the end is in.
fn lines_back(text: &[u8]) -> usize {
    let ends = text.iter().enumerate().rev().filter(|(_, byte)| **byte == b'\n');
    ends.map(|(at, _)| at + 1).nth(CONTEXT).unwrap_or(0)
}

/// Where the lines end that are to be shown, behind the one that the start is in.
fn lines_forth(text: &[u8]) -> usize {
    let ends = text.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
    ends.map(|(at, _)| at + 1).nth(CONTEXT).unwrap_or(text.len())
}

fn cut(pieces: &[Bytes], range: Range<usize>) -> Vec<u8> {
    let mut text = Vec::with_capacity(range.len());
    let mut at = 0;
    for piece in pieces {
        let place = |end: usize| end.clamp(at, at + piece.len()) - at;
        text.extend_from_slice(&piece[place(range.start)..place(range.end)]);
        at += piece.len();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_has_all_that_differs_and_three_lines_around_at_least() {
        let old = Bytes::from_static(b"1\n2\n3\n4\n5\n6\n7\n8\n9\n");
        let pieces =
            |pieces: &[&Bytes]| Content::from(pieces.iter().copied().cloned().collect::<Vec<_>>());
        let x = Bytes::from_static(b"x");
        for (new, middle_old, middle_new, line) in [
            (pieces(&[&old]), "7\n8\n9\n", "7\n8\n9\n", 6),
            (
                pieces(&[&old.slice(..8), &x, &old.slice(9..)]),
                "2\n3\n4\n5\n6\n7\n8\n",
                "2\n3\n4\nx\n6\n7\n8\n",
                1,
            ),
            (
                pieces(&[&old.slice(..7), &old.slice(9..)]),
                "2\n3\n4\n5\n6\n7\n8\n9\n",
                "2\n3\n4\n6\n7\n8\n9\n",
                1,
            ),
            (pieces(&[&old.slice(..17)]), "6\n7\n8\n9\n", "6\n7\n8\n9", 5),
            (pieces(&[]), str::from_utf8(&old).unwrap(), "", 0),
        ] {
            let middle = Middle::of(&old, &new);
            assert_eq!(str::from_utf8(middle.old).unwrap(), middle_old);
            assert_eq!(str::from_utf8(&middle.new).unwrap(), middle_new);
            assert_eq!(middle.line, line);
        }
    }
}
