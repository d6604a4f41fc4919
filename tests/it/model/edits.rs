//! Changes to documents of which everything is known, as plain values know it.

use jsonlock::{Arrays, Document, Path};

use super::choices::{Change, Choices, Kinds, path};
use super::oracle::{apply, keys, members_stay, surroundings_stay, to_path};
use super::patch::rest_stays;
use super::printer::Printer;
use super::values::{at, expected, plain};

/// How many styles the printer knows.
const STYLES: usize = 6;

/// One change in one document.
pub fn one_change(bytes: &[u8], kinds: Kinds) {
    let mut choices = Choices::new(bytes);
    let (style, wish_style) = (choices.below(STYLES) as u8, choices.below(STYLES) as u8);
    let document = choices.value();
    let change = choices.change(kinds, &document);
    let noise = choices.rest();
    let wish = Printer::print(wish_style, &noise[noise.len() / 2..], &change.wish()).text;
    let printed = Printer::print(style, noise, &document);
    let base = printed.text.clone();

    let mut edited = Document::parse(base.clone()).unwrap();
    assert_eq!(edited.to_bytes(), base);
    let done = apply(&mut edited, &change, &wish);
    let result = String::from_utf8(edited.to_bytes().to_vec()).unwrap();
    let Some(expected) = expected(&document, &change) else {
        assert!(done.is_err(), "{base}\n{change:?}");
        assert_eq!(result, base);
        return;
    };
    assert!(done.is_ok(), "{base}\n{change:?}\n{done:?}");

    let value = plain(serde_json::from_str(&result).unwrap());
    assert_eq!(value, plain(expected.clone()), "{base}\n{wish}\n{result}");
    assert_eq!(edited.text(&Path::root()).unwrap().unwrap(), result.trim());
    members_stay(&printed, &change, &document, &expected, &result, &mut Vec::new());
    surroundings_stay(&printed, &change, &result);
    if let Change::Replace(_) = change {
        assert_eq!(keys(&result), keys(&wish), "{base}\n{wish}\n{result}");
    }
    if let Change::Patch(patch) = &change {
        rest_stays(&printed, patch, &document, &result);
    }
    let adds_again = matches!(change, Change::Merge(_, Arrays::Append, _));
    if !adds_again && !matches!(change, Change::Delete(_) | Change::Patch(_)) {
        is_done_already(&result, &change, &wish);
    }
}

/// What was done need not be done again.
fn is_done_already(result: &str, change: &Change, wish: &str) {
    let mut again = Document::parse(result.to_owned()).unwrap();
    apply(&mut again, change, wish).unwrap();
    assert_eq!(again.to_bytes(), result, "{change:?}");
    assert!(!again.is_changed());
}

/// Several changes in one document are several edits.
pub fn several_changes(bytes: &[u8]) {
    let mut choices = Choices::new(bytes);
    let style = choices.below(STYLES) as u8;
    let noise = choices.some(60);
    let mut model = choices.value();
    let base = Printer::print(style, noise, &model).text;
    let mut edited = Document::parse(base.clone()).unwrap();
    for _ in 0..=choices.below(4) {
        let change = choices.change(Kinds::All, &model);
        let wish = change.wish().to_string();
        let done = apply(&mut edited, &change, &wish);
        match expected(&model, &change) {
            Some(value) => model = value,
            None => assert!(done.is_err(), "{base}\n{change:?}"),
        }
        let value = serde_json::from_slice(&edited.to_bytes()).unwrap();
        assert_eq!(plain(value), plain(model.clone()), "{base}\n{change:?}\n{done:?}");
        let picks = choices.some(5);
        for length in 0..=picks.len() {
            let place = path(&model, &picks[..length]);
            let text = edited.text(&to_path(&place)).unwrap().unwrap();
            let there = at(&mut model, &place).unwrap().clone();
            assert_eq!(plain(serde_json::from_str(&text).unwrap()), plain(there));
        }
    }
}
