use jsonlock::{ErrorKind, Path};

#[test]
fn both_notations_give_the_same_paths() {
    let root = Path::root;
    for (text, path) in [
        (".", root()),
        ("a", root().key("a")),
        (".a", root().key("a")),
        ("a.b", root().key("a").key("b")),
        ("/a/b", root().key("a").key("b")),
        ("a[0][-1]", root().key("a").index(0).index(-1)),
        ("[0]", root().index(0)),
        (".[0].a", root().index(0).key("a")),
        (r"a\.b.c", root().key("a.b").key("c")),
        (r"a\\b\[", root().key(r"a\b[")),
        (r#"a["any key"]["\u00e9\n.[]"]"#, root().key("a").key("any key").key("é\n.[]")),
        (r#"[""]"#, root().key("")),
        ("/", root().key("")),
        ("/a~1b/m~0n/~01", root().key("a/b").key("m~n").key("~1")),
        ("x y=@-'\"é", root().key("x y=@-'\"é")),
        ("a/b", root().key("a/b")),
        (r#"["/a"]"#, root().key("/a")),
    ] {
        assert_eq!(text.parse::<Path>().unwrap(), path, "{text}");
    }
    assert_eq!(Path::from_pointer("").unwrap(), root());
    assert_eq!("/a/0".parse::<Path>().unwrap(), "a.0".parse().unwrap());
    assert_ne!("a[0]".parse::<Path>().unwrap(), "a.0".parse().unwrap());
}

#[test]
fn what_is_printed_reads_back() {
    let keys = [
        "a", "", "0", "007", "-", "-1", ".", "/", "a b", "[", "]", "\\", "\"", "é", "\n", "a/b",
        "'",
    ];
    for first in keys {
        for second in keys {
            let path = Path::root().key(first).index(3).key(second);
            assert_eq!(path.to_string().parse::<Path>().unwrap(), path, "{path}");
            let path = Path::root().key(first).key(second).index(-1);
            assert_eq!(path.to_string().parse::<Path>().unwrap(), path, "{path}");
        }
    }
    for text in [".", "a.b[0]", "a[]", "a.0.-", "[0]", r#"["0"]"#, "0.a", r#"a["b.c"]"#] {
        assert_eq!(text.parse::<Path>().unwrap().to_string(), text);
    }
    assert_eq!("/a/-".parse::<Path>().unwrap().to_string(), "a.-");
    // Some of these are commands to a terminal.
    let control = Path::root().key("\u{1b}\u{7f}\u{9b}");
    assert_eq!(control.to_string(), r#"["\u001b\u007f\u009b"]"#);
    assert_eq!(control.to_string().parse::<Path>().unwrap(), control);
    assert_eq!(Path::root().key("a b").index(-1).to_string(), "a b[-1]");
}

#[test]
fn errors_show_the_place() {
    let key = "expected a key (an empty one is written `[\"\"]`)";
    for (text, message) in [
        ("", "an empty text is not a path; write `.` for the whole document".to_owned()),
        ("a..b", format!("`a..b` is not a path: {key}, at character 3")),
        ("..", format!("`..` is not a path: {key}, at character 2")),
        ("é.", format!("`é.` is not a path: {key}, at character 3")),
        (
            "a[",
            "`a[` is not a path: expected an index, a quoted key, or `]`, at character 3"
                .to_owned(),
        ),
        (
            "a[x]",
            "`a[x]` is not a path: expected an index, a quoted key, or `]`, at character 3"
                .to_owned(),
        ),
        (
            "a[-]",
            "`a[-]` is not a path: expected an index, a quoted key, or `]`, at character 3"
                .to_owned(),
        ),
        ("a[0", "`a[0` is not a path: expected `]`, at character 4".to_owned()),
        ("a[0x]", "`a[0x]` is not a path: expected `]`, at character 4".to_owned()),
        ("a]", "`a]` is not a path: expected `[` before this `]`, at character 2".to_owned()),
        (
            "a[0]b",
            "`a[0]b` is not a path: expected `.` or `[` after `]`, at character 5".to_owned(),
        ),
        (
            "a\\",
            "`a\\\\` is not a path: expected a character after the backslash, at character 3"
                .to_owned(),
        ),
        ("/a~2", "`/a~2` is not a path: expected `0` or `1` after `~`, at character 4".to_owned()),
        (
            "/a/b~",
            "`/a/b~` is not a path: expected `0` or `1` after `~`, at character 6".to_owned(),
        ),
    ] {
        let error = text.parse::<Path>().unwrap_err();
        assert_eq!((error.kind(), error.to_string()), (ErrorKind::InvalidPath, message));
    }
    for text in ["a[\"x]", "a[\"x\"", "a['x']", "a[99999999999999999999]", "a[\"\\x\"]"] {
        assert_eq!(text.parse::<Path>().unwrap_err().kind(), ErrorKind::InvalidPath, "{text}");
    }
    assert!(Path::from_pointer("a").unwrap_err().to_string().contains("expected `/`"));
}
