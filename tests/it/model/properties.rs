//! The checks, on random bytes. `fuzz/` runs the same checks on bytes that find new ways through the
//! code.

use proptest::prelude::*;

use super::choices::Kinds;
use super::{assignment, document, edits, jsonc, path};

fn bytes(most: usize) -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..most)
}

/// `PROPTEST_CASES` says how many; 25,000 take a minute of processor time as programs are built for tests.
fn cases() -> ProptestConfig {
    let default = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    match std::env::var_os("PROPTEST_CASES") {
        Some(_) => default,
        None if crate::harness::is_long() => ProptestConfig { cases: 250_000, ..default },
        None => ProptestConfig { cases: 2_500, ..default },
    }
}

/// What looks like JSON, more or less, and then choices.
fn near_json() -> impl Strategy<Value = Vec<u8>> {
    let words = [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\"a\"", "\"b\":", "\\u00e9", "\\ud800", "\\n",
        "u", "0", "1", "1.0", "-", ".", "e", "+", "true", "null", "fals", " ", "\n", "\r\n", "\t",
        "é", "😀", "\0", "/", "'", "\"\":[", "{}", "[1,2,", "\"a\":",
    ];
    let text = prop::collection::vec(prop::sample::select(words.to_vec()), 0..24);
    let text = text.prop_map(|words| words.concat().into_bytes());
    let whole = prop::sample::select(DOCUMENTS).prop_map(|text| text.as_bytes().to_vec());
    let place = any::<prop::sample::Index>();
    let broken = (whole.clone(), place, bytes(3)).prop_map(|(mut text, place, bytes)| {
        let place = place.index(text.len());
        text.splice(place..=place, bytes);
        text
    });
    let text = prop_oneof![text, whole, broken];
    (text, bytes(60)).prop_map(|(text, choices)| [text, vec![0xFF], choices].concat())
}

const DOCUMENTS: &[&str] = &[
    "{\"a\": 1, \"b\": {\"x\": 1, \"x\": [2]},\r\n  \"\\ud83d\\ude00\": [-0, 1e400, 1.0, [ ]]}\n",
    "\u{FEFF} [ {\"\\ud800\": {\"k\": 1}, \"k\": {}}, \"\\udc00\", [[[0]], \"\\/\"] ]",
    "{\n\t\"k\": [\n\t\t1,\n\t\t2\n\t],\n\n\t\"\\u006b\" : [ ] , \"z\":{ \"y\" :null }\n}",
    " \n\n[1,2 , 3\n,4,[5],{\"a\":6,\n\"b\":7}]\r\n\r\n  ",
];

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn documents_do_what_values_do(bytes in bytes(300)) {
        edits::one_change(&bytes, Kinds::All);
    }

    #[test]
    fn merge_patches_do_what_rfc_7396_says(bytes in bytes(300)) {
        edits::one_change(&bytes, Kinds::Merge);
    }

    #[test]
    fn patches_do_what_rfc_6902_says(bytes in bytes(300)) {
        edits::one_change(&bytes, Kinds::Patch);
    }

    #[test]
    fn results_of_filters_are_spliced_in(bytes in bytes(300)) {
        edits::one_change(&bytes, Kinds::Replace);
    }

    #[test]
    fn any_text_is_jsonc_or_not(bytes in bytes(300)) {
        jsonc::damaged_text(&bytes);
        jsonc::any_text(&bytes);
    }

    #[test]
    fn comments_stay_with_what_they_describe(bytes in bytes(400)) {
        jsonc::one_change(&bytes, Kinds::All);
    }

    #[test]
    fn comments_stay_when_filters_change_documents(bytes in bytes(400)) {
        jsonc::one_change(&bytes, Kinds::Replace);
    }

    #[test]
    fn comments_stay_when_patches_are_applied(bytes in bytes(400)) {
        jsonc::one_change(&bytes, Kinds::Patch);
    }

    #[test]
    fn several_changes_in_one_document_are_several_edits(bytes in bytes(400)) {
        edits::several_changes(&bytes);
    }

    #[test]
    fn any_bytes_that_are_json_can_be_edited(bytes in near_json()) {
        document::any_document(&bytes);
    }

    #[test]
    fn any_bytes_do_no_harm(bytes in bytes(60)) {
        document::any_document(&bytes);
    }

    #[test]
    fn any_text_is_a_path_or_not(text in "[a-c.0\\[\\]\"\\\\/~é-]{0,12}|\\PC{0,12}") {
        path::any_text(&text);
    }

    #[test]
    fn all_notations_of_a_path_lead_to_the_same(bytes in bytes(200)) {
        path::known_place(&bytes);
    }

    #[test]
    fn any_text_is_an_assignment_or_not(text in "[ab=.:@0\\[\\]\"\\\\/~{}]{0,16}|\\PC{0,9}=\\PC{0,9}") {
        assignment::any_text(&text);
    }

    #[test]
    fn assignments_are_their_parts(bytes in bytes(200)) {
        assignment::known_parts(&bytes);
    }
}
