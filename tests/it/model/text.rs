//! Which bytes are a document, by other means than jsonlock's.

use serde::de::IgnoredAny;

/// How deeply documents may be nested.
const DEPTH: usize = 10_000;

pub const BOM: &[u8] = b"\xEF\xBB\xBF";

/// Whether jsonlock has to accept these bytes.
pub fn is_document(bytes: &[u8]) -> bool {
    let text = bytes.strip_prefix(BOM).unwrap_or(bytes);
    std::str::from_utf8(text).is_ok_and(|text| {
        // Neither recursion nor the meaning of numbers and escapes limits what is ignored.
        serde_json::from_str::<IgnoredAny>(text).is_ok() && depth(text) <= DEPTH
    })
}

/// How deeply a text that is JSON is nested.
pub fn depth(text: &str) -> usize {
    let (mut depth, mut deepest, mut in_string) = (0_usize, 0, false);
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' if in_string => _ = bytes.next(),
            b'"' => in_string = !in_string,
            b'[' | b'{' if !in_string => depth += 1,
            b']' | b'}' if !in_string => depth -= 1,
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}
