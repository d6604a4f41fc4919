//! Texts that are JSON, nearly JSON, and neither, on which the fast ways of validating must agree with
//! the plain one: in what is accepted, in where the fault is and what it is called, and in the marks.

use proptest::prelude::*;

use super::validate::{Fault, Valid, Validator, validate_by};
use crate::dialect::Dialect;

/// The plain way: byte for byte, from one end to the other.
pub(super) fn careful(text: &[u8], dialect: Dialect) -> Result<Valid, Fault> {
    validate_by(text, dialect, |validator| {
        let start = validator.begin();
        while validator.value()? || !validator.close()? {}
        validator.end(start)
    })
}

/// Another way.
pub(super) fn hurried<'a>(
    text: &'a [u8],
    dialect: Dialect,
    way: impl FnOnce(&mut Validator<'a>) -> Result<Valid, Fault>,
) -> Result<Valid, Fault> {
    validate_by(text, dialect, way)
}

/// What a text may be made of, right and wrong.
const TOKENS: [&[u8]; 48] = [
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b": ",
    b", ",
    b",\n      ",
    b"\n",
    b"\r\n\t",
    b"\t",
    b"        ",
    b"\"\"",
    b"\"key\"",
    b"\"a longer string\"",
    b"\"sixteen bytes ..\"",
    b"\"\\u00e9\\n\"",
    b"\"\\x\"",
    b"\"\\ud83d\"",
    b"\"open",
    b"\"tab\there\"",
    b"\"\xC3\xA9t\xC3\xA9\"",
    b"\"\xC3\"",
    b"\xFF",
    b"0",
    b"-0",
    b"01",
    b"7",
    b"12345678",
    b"123456789",
    b"-1.5",
    b"1.",
    b".5",
    b"1e5",
    b"1E+",
    b"0.25e-7",
    b"-",
    b"true",
    b"false",
    b"null",
    b"nul",
    b"\x00",
    b"/* no */",
    b"// no\n",
    b" /* , */ // ]",
    b"/",
    b"/* open",
];

/// A document in which every kind of thing is near every other.
const DOCUMENT: &[u8] = b"\xEF\xBB\xBF{\n  \"id\": 10000000, \"name\":\"package-0\" ,\n  \"sha\": \"1e2f\\u00e9\\\\\",\n\
  \"ratio\": 0.7609624449125756,\n  \"tags\": [\"a60\", \"\", [], {}, [ ], [[-1.5e+3,0]]],\n\t\"\xC3\xA9\": {\"ok\": \
  false,\"no\":null , \"t\":true},\r\n        \"deep\": [{\"x\":[1,2,3],\n\"y\":{\"z\":[]}}]\n}\n";

pub(super) fn texts() -> Vec<Vec<u8>> {
    let mut texts = vec![DOCUMENT.to_vec()];
    texts.extend((0..DOCUMENT.len()).map(|end| DOCUMENT[..end].to_vec()));
    for at in 3..DOCUMENT.len() {
        let mut text = DOCUMENT.to_vec();
        text[at] = b"\"\\,:{}[] \n\t\x00\xFF019.-ex"[at % 20];
        texts.push(text);
    }
    texts
}

#[track_caller]
fn agree(text: &[u8]) {
    let shown = String::from_utf8_lossy(text);
    for dialect in [Dialect::Json, Dialect::Jsonc] {
        let found = hurried(text, dialect, Validator::document);
        assert_eq!(found, careful(text, dialect), "{dialect:?}: {shown}");
    }
}

#[test]
fn every_byte_at_every_place_is_found_the_same() {
    assert!(careful(DOCUMENT, Dialect::Json).is_ok());
    for at in 0..DOCUMENT.len() {
        agree(&DOCUMENT[..at]);
        for byte in 0..=255 {
            let mut text = DOCUMENT.to_vec();
            text[at] = byte;
            agree(&text);
            text.insert(at, byte);
            agree(&text);
        }
    }
}

#[test]
fn large_containers_are_marked_the_same() {
    let row = [b"[", DOCUMENT.strip_prefix(b"\xEF\xBB\xBF").unwrap(), b"],\n"].concat().repeat(20);
    agree(&[b"[[", &row[..], b"1],", &row, b"2]"].concat());
}

proptest! {
    #[test]
    fn tokens_in_any_order_are_found_the_same(
        tokens in prop::collection::vec(prop::sample::select(&TOKENS[..]), 0..40),
    ) {
        agree(&tokens.concat());
    }

    #[test]
    fn elements_of_any_kind_are_found_the_same(
        tokens in prop::collection::vec(prop::sample::select(&TOKENS[13..]), 0..20),
    ) {
        agree(&[b"[\n  ", &tokens.join(&b",\n  "[..])[..], b"\n]"].concat());
        let members: Vec<_> = tokens.iter().map(|token| [b"\"key\": ", *token].concat()).collect();
        agree(&[b"{", &members.join(&b","[..])[..], b"}                "].concat());
    }
}
