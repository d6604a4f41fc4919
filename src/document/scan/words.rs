//! Runs of uninteresting bytes, passed over eight at a time, because files are mostly made of them.

const LOW: u64 = u64::from_ne_bytes([0x01; 8]);
const HIGH: u64 = u64::from_ne_bytes([0x80; 8]);
const BLANKS: u64 = u64::from_ne_bytes([b' '; 8]);

/// How many bytes come before the first quote, backslash or control character.
pub(super) fn plain_run(text: &[u8]) -> usize {
    let (words, rest) = text.as_chunks::<8>();
    for (position, word) in words.iter().enumerate() {
        let found = plain(*word);
        if found != 0 {
            return position * 8 + first(found);
        }
    }
    let stops = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..0x20);
    words.len() * 8 + rest.iter().position(stops).unwrap_or(rest.len())
}

/// Marks the first quote, backslash or control character of a word, if there is one.
pub(super) fn plain(word: [u8; 8]) -> u64 {
    let word = u64::from_le_bytes(word);
    zeros(word ^ (LOW * u64::from(b'"')))
        | zeros(word ^ (LOW * u64::from(b'\\')))
        | (word.wrapping_sub(LOW * 0x20) & !word & HIGH)
}

/// Marks the first byte of a word that is no space, if there is one.
pub(super) fn spaces(word: [u8; 8]) -> u64 {
    u64::from_le_bytes(word) ^ BLANKS
}

/// Marks the first byte of a word that is no digit, if there is one.
pub(super) fn digits(word: [u8; 8]) -> u64 {
    let values = u64::from_le_bytes(word) ^ (LOW * u64::from(b'0'));
    (((values & !HIGH) + LOW * (0x80 - 10)) | values) & HIGH
}

/// The position of the lowest byte that is marked.
pub(super) fn first(marks: u64) -> usize {
    marks.trailing_zeros() as usize / 8
}

/// How many bytes of white space come first.
pub(super) fn blank_run(text: &[u8]) -> usize {
    let stops = |byte: &u8| !matches!(byte, b' ' | b'\n' | b'\r' | b'\t');
    if text.first().is_none_or(stops) {
        return 0;
    }
    // A line break and then indentation is the usual case.
    let indent = text.get(1..).unwrap_or_default();
    let words = indent.as_chunks::<8>().0;
    let whole = words.iter().take_while(|word| u64::from_ne_bytes(**word) == BLANKS).count();
    let done = 1 + whole * 8;
    let rest = text.get(done..).unwrap_or_default();
    done + rest.iter().position(stops).unwrap_or(rest.len())
}

/// The high bit of each byte that is zero. Above the lowest one it may also be set for others.
fn zeros(word: u64) -> u64 {
    word.wrapping_sub(LOW) & !word & HIGH
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_at_every_place_stops_a_run_or_does_not() {
        for stop in 0..=255_u8 {
            for place in 0..20 {
                let mut text = [b'x'; 20];
                text[place] = stop;
                let stops = matches!(stop, b'"' | b'\\' | 0..0x20);
                assert_eq!(plain_run(&text), if stops { place } else { 20 }, "{stop} at {place}");
                let mut text = [b' '; 20];
                text[place] = stop;
                let blank = matches!(stop, b' ' | b'\n' | b'\r' | b'\t');
                assert_eq!(blank_run(&text), if blank { 20 } else { place }, "{stop} at {place}");
            }
        }
    }
}
