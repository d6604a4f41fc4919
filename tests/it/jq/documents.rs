//! Filters that are run on documents, which they read where they look.

use jsonlock::{Document, ErrorKind, Filter, FilterOptions, Json};

fn parse(text: &str) -> Document {
    Document::parse(text.to_owned()).unwrap()
}

fn compile(source: &str) -> Filter {
    let options = FilterOptions::new().declare("old").declare("unused");
    Filter::compile_with(source, &options).unwrap()
}

#[test]
fn a_document_is_read_as_its_text_is() {
    let text = "\u{feff} { \"a\" : [1.0, {\"b\\/\" : \"\\u00e9\"}], \"n\": 1, \"n\": 2 }\r\n";
    let document = parse(text);
    for (source, result) in [
        (".", r#"{"a":[1.0,{"b/":"é"}],"n":2}"#),
        (".a[1]", r#"{"b/":"é"}"#),
        (".n", "2"),
        (".a[0]", "1.0"),
        ("keys", r#"["a","n"]"#),
    ] {
        assert_eq!(compile(source).run_one_on(&document, &[], None).unwrap(), result, "{source}");
    }
    assert_eq!(document.to_bytes(), text);
}

#[test]
fn a_changed_document_is_read_as_it_is_now() {
    let mut document = parse("{\"n\": 1, \"a\": {\"b\": [1, 2]}}");
    let before = document.clone();
    document.set(&"a.b[]".parse().unwrap(), Json::from(3_u64)).unwrap();
    let filter = compile("[.a.b, $old.a.b]");
    assert_eq!(filter.run_on(&document, &[("old", &before)], None).unwrap(), ["[[1,2,3],[1,2]]"]);
    // What stays text in the result is text of the document as it is now.
    compile(".copy = .a | .n = .a.b").apply(&mut document, None).unwrap();
    let after = "{\"n\": [1, 2, 3], \"a\": {\"b\": [1, 2, 3]}, \"copy\": {\"b\": [1, 2, 3]}}";
    assert_eq!(document.to_bytes(), after);
}

#[test]
fn a_document_that_is_absent_is_null() {
    let mut absent = Document::absent();
    assert_eq!(compile("., $old").run_on(&absent, &[("old", &absent)], None).unwrap(), ["null"; 2]);
    compile(".a = 1").apply(&mut absent, None).unwrap();
    assert_eq!(absent.to_bytes(), "{\n  \"a\": 1\n}\n");
    assert_eq!(compile(".a").run_one_on(&absent, &[], None).unwrap(), "1");
}

#[test]
fn a_variable_that_the_filter_uses_must_be_given() {
    let document = parse("1");
    let error = compile("$old").run_on(&document, &[("unused", &document)], None).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unfit);
    assert_eq!(error.to_string(), "$old has no value");
}

#[test]
fn one_result_of_a_document_is_one_result() {
    let document = parse("[1, 2]");
    for source in [".[]", "empty"] {
        let error = compile(source).run_one_on(&document, &[], None).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unfit, "{source}");
    }
}

/// Parts of the document that a filter puts elsewhere, into each other, or twice, while others stay.
#[test]
fn parts_of_a_document_can_stand_anywhere_in_the_result() {
    let big = format!("[{}]", vec!["{ \"k\" : [ 1,\n2 ] }"; 500].join(", "));
    let text = format!("{{\n  \"a\": {{\"x\": 1}},\n  \"big\": {big},\n  \"z\": [0]\n}}\n");
    let compact = format!("[{}]", vec![r#"{"k":[1,2]}"#; 500].join(","));
    for (source, result) in [
        (".a = .z | .z = {x: 1}", r#"{"a":[0],"big":BIG,"z":{"x":1}}"#),
        (".z[0] = .big", r#"{"a":{"x":1},"big":BIG,"z":[BIG]}"#),
        ("{big, z, old: .}", r#"{"big":BIG,"z":[0],"old":{"a":{"x":1},"big":BIG,"z":[0]}}"#),
        (".big |= [.]", r#"{"a":{"x":1},"big":[BIG],"z":[0]}"#),
        (".big", "BIG"),
        ("[.big[], .a] | .[499:]", r#"[{"k":[1,2]},{"x":1}]"#),
    ] {
        let mut document = parse(&text);
        compile(source).apply(&mut document, None).unwrap();
        let found = document.text(&".".parse().unwrap()).unwrap().unwrap().into_owned();
        let found = found.parse::<Json>().unwrap().compact();
        assert_eq!(found.as_str(), result.replace("BIG", &compact), "{source}");
    }
}
