//! Any text, as JSONC.

use jsonlock::{Dialect, Document, Json, Path};

use super::printer::{STYLES, print};
use crate::model::choices::Choices;
use crate::model::text::is_document;

/// What a document with comments has become when some of it was replaced by something else.
pub fn damaged_text(bytes: &[u8]) {
    let mut choices = Choices::new(bytes);
    let style = choices.one_of(&STYLES);
    let damage = choices.some(8);
    let mut text = print(style, choices.some(60), &choices.clone().value()).into_bytes();
    for place in damage.chunks_exact(4) {
        let start = usize::from(u16::from_le_bytes([place[0], place[1]])) % text.len();
        text.splice(
            start..=start,
            [b"/", b"*", b",", b"\n", b"]", b"\r"][usize::from(place[2]) % 6].iter().copied(),
        );
    }
    any_text(&text);
}

/// A text that is taken for JSONC is strict JSON without its comments, and can be edited as that can.
pub fn any_text(bytes: &[u8]) {
    let Ok(document) = Document::parse_as(bytes.to_vec(), Dialect::Jsonc) else {
        assert!(!is_document(bytes), "{}", bytes.escape_ascii());
        return;
    };
    assert_eq!(document.to_bytes(), bytes);
    let strict = document.text(&Path::root()).unwrap().unwrap();
    assert!(is_document(strict.as_bytes()), "{}\n{strict}", bytes.escape_ascii());
    for path in ["[0]", "[-1]", "a", "a[0]", "[0].a", "[0][0]"] {
        let (mut edited, mut plain) =
            (document.clone(), Document::parse(strict.clone().into_owned()).unwrap());
        let path: Path = path.parse().unwrap();
        assert_eq!(edited.delete(&path).is_ok(), plain.delete(&path).is_ok());
        same(&edited, &plain);
        let value = || Json::from(7_u64);
        assert_eq!(edited.set(&path, value()).is_ok(), plain.set(&path, value()).is_ok());
        same(&edited, &plain);
    }
}

fn same(edited: &Document, plain: &Document) {
    let text = edited.to_bytes();
    let again = Document::parse_as(text.clone(), Dialect::Jsonc);
    let again = again.unwrap_or_else(|error| panic!("{error}\n{}", text.escape_ascii()));
    let [a, b, c] = [edited, plain, &again].map(|document| {
        let text = document.text(&Path::root()).unwrap().unwrap();
        // Keys may be there twice, which no value of this kind has.
        text.split_ascii_whitespace().collect::<String>()
    });
    assert_eq!(a, b, "{}", text.escape_ascii());
    assert_eq!(a, c, "{}", text.escape_ascii());
}
