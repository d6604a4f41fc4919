use jsonlock::{Change, Document, ErrorKind, Json, Path, Result};

/// Does what `command` says: `set PATH JSON`, `del PATH`, `merge JSON`, `patch JSON` or `replace JSON`.
pub fn run(document: &mut Document, command: &str) -> Result<()> {
    let (verb, rest) = command.split_once(' ').unwrap();
    match verb {
        "set" => {
            let (path, json) = rest.split_once(' ').unwrap();
            Change::Set(path.parse()?, json.parse()?).apply(document)
        }
        "del" => Change::Delete(rest.parse()?).apply(document),
        "merge" => Change::Merge(rest.parse()?).apply(document),
        "patch" => Change::Patch(rest.parse()?).apply(document),
        "replace" => document.replace(&rest.parse()?),
        _ => panic!("{command}"),
    }
}

/// Each row is a command and the text that it makes of `base`.
#[track_caller]
pub fn check(base: &str, rows: &[(&str, &str)]) {
    for (command, expected) in rows {
        let mut document = Document::parse(base.to_owned()).unwrap();
        run(&mut document, command).unwrap_or_else(|error| panic!("{command}: {error}"));
        let result = String::from_utf8(document.to_bytes().to_vec()).unwrap();
        assert_eq!(result, *expected, "\n{base}\n{command}\ngave\n{result}\nnot\n{expected}");
        assert_eq!(document.is_changed(), result != base, "{base} {command}");
        let text = document.text(&Path::root()).unwrap().unwrap();
        assert_eq!(text, expected.trim_matches(['\u{FEFF}', ' ', '\t', '\r', '\n']), "{command}");
        // What was done need not be done again.
        let mut again = Document::parse(result.clone()).unwrap();
        let appends = command.contains("[] ") || command.ends_with("/- 9");
        if !appends && !command.starts_with("del") && !command.starts_with("patch") {
            run(&mut again, command).unwrap();
            assert_eq!(again.to_bytes(), result, "{command} twice");
        }
    }
}

fn fails(base: &str, command: &str) -> String {
    let mut document = Document::parse(base.to_owned()).unwrap();
    let error = run(&mut document, command).unwrap_err();
    assert_eq!(document.to_bytes(), base);
    assert!(!document.is_changed());
    assert_eq!(error.kind(), ErrorKind::Unfit, "{error}");
    error.to_string()
}

#[test]
fn several_changes_in_one_document() {
    let mut document = Document::parse("{\n  \"z\": 1\n}\n").unwrap();
    for command in [
        "set a.b 1",
        "set a.c {\"x\":[1,2]}",
        "set a.c.x[] 3",
        "del z",
        "set a.b null",
        "set a.b.c 5",
        "del a.c.x[0]",
    ] {
        run(&mut document, command).unwrap();
    }
    let text =
        |path: &str| document.text(&path.parse().unwrap()).unwrap().map(|text| text.into_owned());
    assert_eq!(text("a.c.x[-1]").as_deref(), Some("3"));
    assert_eq!(text("a.b").as_deref(), Some("{\n      \"c\": 5\n    }"));
    assert_eq!(text("z"), None);
    assert_eq!(
        document.to_bytes(),
        "{\n  \"a\": {\n    \"b\": {\n      \"c\": 5\n    },\n    \"c\": {\n      \"x\": [\n        2,\n        3\n      ]\n    }\n  }\n}\n"
    );
}

#[test]
fn duplicate_keys() {
    let base = r#"{"a":1,"b":{"x":1,"x":2},"a":[5]}"#;
    let document = Document::parse(base).unwrap();
    let text = |path: &str| document.text(&path.parse().unwrap()).unwrap().unwrap().into_owned();
    assert_eq!((text("a"), text("b.x")), ("[5]".to_owned(), "2".to_owned()));
    check(
        base,
        &[
            ("set c 1", r#"{"a":1,"b":{"x":1,"x":2},"a":[5],"c":1}"#),
            ("set b.y 1", r#"{"a":1,"b":{"x":1,"x":2,"y":1},"a":[5]}"#),
            ("del b", r#"{"a":1,"a":[5]}"#),
            (r#"replace {"a":[5.0],"b":{"x":2}}"#, base),
            (r#"replace {"b":{"x":2},"a":[5]}"#, base),
            (
                r#"replace {"a":[5],"b":{"x":2,"z":1}}"#,
                r#"{"a":1,"b":{"x":1,"x":2,"z":1},"a":[5]}"#,
            ),
            (r#"merge {"a":[5],"b":{"x":2}}"#, base),
        ],
    );
    for command in [
        "set a 1",
        "set a[0] 1",
        "del a",
        "del b.x",
        "merge {\"a\":null}",
        "merge {\"c\":1,\"b\":{\"x\":3}}",
        "replace {}",
        "replace {\"a\":[6],\"b\":{}}",
    ] {
        let error = fails(base, command);
        assert!(error.contains("more than once") && error.contains("take the last"), "{error}");
        assert!(error.contains("\"a\"") || error.contains("\"x\""), "{error}");
    }
}

#[test]
fn what_does_not_fit_is_named() {
    let base = r#"{"a":{"b":"secret"},"c":[1],"n":null}"#;
    for (command, message) in [
        ("set a.b.c 1", "a.b is a string, not an object"),
        ("set a[0] 1", "a is an object, not an array"),
        ("set a[] 1", "a is an object, not an array"),
        ("set c.x 1", "c is an array, not an object"),
        ("set [0] 1", "the document is an object, not an array"),
        ("set c[0].x 1", "c[0] is a number, not an object"),
        ("set c[2] 1", "c[2]: index out of range, c has 1 element"),
        ("set c[-2] 1", "c[-2]: index out of range, c has 1 element"),
        ("set c.5.x 1", "c.5: index out of range, c has 1 element"),
        ("set n[1] 1", "n[1]: index out of range, n has 0 elements"),
        ("set x.y[-1] 1", "x.y[-1]: index out of range, x.y has 0 elements"),
        ("del .", "the whole document cannot be deleted from itself"),
    ] {
        assert_eq!(fails(base, command), message);
    }
    let mut document = Document::parse(base).unwrap();
    let append: Path = "c[]".parse().unwrap();
    assert_eq!(document.text(&append).unwrap_err().kind(), ErrorKind::InvalidPath);
    assert_eq!(document.delete(&append).unwrap_err().kind(), ErrorKind::InvalidPath);
}

#[test]
fn get_gives_values_and_keeps_secrets() {
    let document =
        Document::parse(r#"{"a":["hunter2, expected x"],"n":18446744073709551615}"#).unwrap();
    assert_eq!(document.get::<u64>(&"n".parse().unwrap()).unwrap(), Some(u64::MAX));
    assert_eq!(document.get::<u64>(&"x".parse().unwrap()).unwrap(), None);
    let error = document.get::<u64>(&"a[0]".parse().unwrap()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unfit);
    assert_eq!(error.to_string(), "a[0]: expected u64 at line 1 column 21");
    assert!(!format!("{document:?}").contains("hunter2"));
}

#[test]
fn absent() {
    let change = |command: &str| {
        let mut document = Document::absent();
        run(&mut document, command).unwrap();
        (document.is_absent(), String::from_utf8(document.to_bytes().to_vec()).unwrap())
    };
    assert_eq!(change("set a 1"), (false, "{\n  \"a\": 1\n}\n".to_owned()));
    assert_eq!(
        change("set [0].a [[],{}]"),
        (false, "[\n  {\n    \"a\": [\n      [],\n      {}\n    ]\n  }\n]\n".to_owned())
    );
    assert_eq!(change("merge {\"a\":{\"b\":null}}"), (false, "{\n  \"a\": {}\n}\n".to_owned()));
    assert_eq!(change("merge {}"), (false, "{}\n".to_owned()));
    assert_eq!(change("replace null"), (true, String::new()));
    assert_eq!(change("replace 1"), (false, "1\n".to_owned()));
    assert_eq!(change("del a"), (true, String::new()));
    assert_eq!(Document::absent().text(&Path::root()).unwrap().as_deref(), Some("null"));
}

#[test]
fn json_values() {
    assert_eq!(Json::from(serde_json::json!({"a": [1.5, null]})).as_str(), r#"{"a":[1.5,null]}"#);
    assert_eq!(Json::from("a\"\u{1}é").as_str(), "\"a\\\"\\u0001é\"");
    assert_eq!(Json::from(-5_i64).to_string(), "-5");
    assert_eq!(Json::parse(" [1 , 2.0]\n").unwrap().as_str(), "[1 , 2.0]");
    assert_eq!(
        Json::parse("{ \"a b\" : [ 1 , \" \" ] }").unwrap().compact().as_str(),
        r#"{"a b":[1," "]}"#
    );
    let error = Json::parse(r#"[{"a":{"k":1,"b":2,"\u006b":"secret"}}]"#).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidJson);
    assert!(
        error.to_string().contains(r#"the key "k" twice"#) && !error.to_string().contains("secret")
    );
    assert!(Json::parse("").is_err() && Json::parse("1 2").is_err());
    let map = std::collections::HashMap::from([((1, 2), 3)]);
    assert_eq!(Json::from_value(&map).unwrap_err().kind(), ErrorKind::InvalidJson);
}

/// Runs `test` with the stack that a thread of a server has.
fn in_small_stack(test: fn()) {
    std::thread::Builder::new().stack_size(2 << 20).spawn(test).unwrap().join().unwrap();
}

#[test]
fn depth() {
    in_small_stack(|| {
        for (open, inner, close) in [("[", "0", "]"), ("{\"a\":", "0", "}")] {
            let nested =
                |depth| [open.repeat(depth), inner.to_owned(), close.repeat(depth)].concat();
            let mut document = Document::parse(nested(10_000)).unwrap();
            assert!(Document::parse(nested(10_001)).unwrap_err().to_string().contains("10,000"));
            assert!(Json::parse(nested(10_001)).is_err());
            let step = |path: Path| if open == "[" { path.index(0) } else { path.key("a") };
            let path = (0..9_999).fold(Path::root(), |path, _| step(path));
            let deepest = step(path.clone());
            let changed = |inner: &str| nested(10_000).replacen('0', inner, 1);
            document.set(&deepest, Json::from(1_u64)).unwrap();
            assert_eq!(document.to_bytes(), changed("1"));
            document.replace(&Json::parse(changed("2")).unwrap()).unwrap();
            assert_eq!(document.to_bytes(), changed("2"));
            document.merge(&Json::parse(changed("3")).unwrap()).unwrap();
            assert_eq!(document.to_bytes(), changed("3"));
            assert_eq!(document.text(&deepest).unwrap().as_deref(), Some("3"));
            let error = document.set(&step(deepest.clone()), Json::from(1_u64)).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Unfit);
            assert!(document.delete(&path).unwrap());
            let mut absent = Document::absent();
            absent.set(&deepest, Json::from(1_u64)).unwrap();
            assert!(Document::parse(absent.to_bytes()).is_ok());
            absent.set(&Path::root(), Json::parse(nested(10_000)).unwrap()).unwrap();
            assert!(absent.to_bytes().len() < 1_000_000);
        }
    });
}
