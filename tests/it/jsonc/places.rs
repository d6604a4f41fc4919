//! Where comments stand, and what becomes of them.

use super::edits_anywhere;

#[test]
fn one_line_is_divided_by_commas() {
    let base = "[1 /* one */, /* two */ 2, 3 /* three */]";
    for (args, expected) in [
        (&["del", "[0]"][..], "[/* two */ 2, 3 /* three */]"),
        (&["del", "[1]"], "[1 /* one */, 3 /* three */]"),
        (&["del", "[2]"], "[1 /* one */, /* two */ 2]"),
        (&["del", "[0]", "[1]", "[2]"], "[]"),
        (&["set", "[]:=4"], "[1 /* one */, /* two */ 2, 3 /* three */, 4]"),
        (&["set", "[1]:=[{}]"], "[1 /* one */, /* two */ [{}], 3 /* three */]"),
        (&["apply", "[0] + ."], "[0, 1 /* one */, /* two */ 2, 3 /* three */]"),
        (&["apply", "reverse"], "[3 /* three */, /* two */ 2, 1 /* one */]"),
    ] {
        edits_anywhere(base, args, &[(base, expected)]);
    }
}

/// The classic damage: what is written behind `//` is a comment.
#[test]
fn nothing_is_swallowed_by_a_line_comment() {
    for (base, args, expected) in [
        ("[1 // one\n]", &["set", "[]:=2"][..], "[1, // one\n  2\n]"),
        ("[1, // one\n 2 ]", &["del", "[1]"], "[1 // one\n]"),
        ("[1, // one\n  2]", &["set", "[]:=3"], "[1, // one\n  2,\n  3]"),
        ("{\"a\": [ // none\n]}", &["set", "a[]:=1"], "{\"a\": [ // none\n  1\n]}"),
        ("{ // none\n}", &["set", "a:=1"], "{ // none\n  \"a\": 1\n}"),
        ("{\"a\": 1 // one\n, \"b\": 2}", &["del", "b"], "{\"a\": 1 // one\n}"),
        ("{\"a\": // one\n1}", &["set", "a:=2"], "{\"a\": // one\n2}"),
        ("{\"a\": 1, // one\n \"b\": [] }", &["set", "b:=1"], "{\"a\": 1, // one\n \"b\": 1 }"),
        ("[1, 2 // two\n]", &["apply", "reverse"], "[2, // two\n  1\n]"),
        ("[[], [1 // one\n]]", &["patch", MOVE], "[[[1 // one\n]]]"),
    ] {
        edits_anywhere(base, args, &[(base, expected)]);
    }
}

/// On the line of the bracket it would be nobody's.
#[test]
fn a_comment_stays_above_its_child_when_that_becomes_the_first() {
    for (base, args, expected) in [
        ("{\"a\": 1\n, /* b */\n \"b\": 2}", &["del", "a"], "{\n /* b */\n \"b\": 2}"),
        ("[1\n, // two\n  2\n]", &["del", "[0]"], "[\n  // two\n  2\n]"),
    ] {
        edits_anywhere(base, args, &[(base, expected)]);
    }
}

const MOVE: &str = r#"[{"op": "move", "from": "/1", "path": "/0/0"}]"#;

#[test]
fn the_comma_of_the_last_child_stays_a_habit() {
    for (base, args, expected) in [
        ("[\n  1,\n]", &["set", "[]:=2"][..], "[\n  1,\n  2,\n]"),
        ("[\n  1,\n]", &["set", "[]:=[2]"], "[\n  1,\n  [\n    2,\n  ],\n]"),
        ("[\n  1,\n  2,\n]", &["del", "[1]"], "[\n  1,\n]"),
        ("[\n  1,\n  2\n] // end", &["del", "[1]"], "[\n  1\n] // end"),
        ("[1, 2,]", &["del", "[0]"], "[2,]"),
        ("[1,]", &["set", "[]:=2"], "[1,2,]"),
        ("[1,]", &["del", "[0]"], "[]"),
        ("[\n  1, // one\n]", &["set", "[]:=2"], "[\n  1, // one\n  2,\n]"),
    ] {
        edits_anywhere(base, args, &[(base, expected)]);
    }
}

#[test]
fn comments_of_nobody_stay() {
    let base = "{ // settings\n  // of everybody\n\n  // one\n  \"a\": 1, // first\n  // \"old\": 0,\n  // two\n  \
                \"b\": 2\n  // the end\n}\n";
    for (args, changes) in [
        (&["del", "a"][..], &[("  // one\n  \"a\": 1, // first\n", "")][..]),
        (&["del", "b"], &[("\"a\": 1,", "\"a\": 1"), ("  // two\n  \"b\": 2\n", "")]),
        (
            &["del", "a", "b"],
            &[("  // one\n  \"a\": 1, // first\n", ""), ("  // two\n  \"b\": 2\n", "")],
        ),
        (&["set", "c:=3"], &[("\"b\": 2\n", "\"b\": 2,\n  \"c\": 3\n")]),
        (&["apply", "{c: 3} + ."], &[("  // one\n", "  \"c\": 3,\n  // one\n")]),
        (
            &["apply", "{b, a}"],
            &[
                ("  // one\n  \"a\": 1, // first\n  // \"old\": 0,\n", ""),
                ("\"b\": 2\n", "\"b\": 2,\n\n  // one\n  \"a\": 1 // first\n  // \"old\": 0,\n"),
            ],
        ),
    ] {
        edits_anywhere(base, args, changes);
    }
}

#[test]
fn comments_before_and_behind_a_document_stay() {
    let base = "// before\n/* and */ 1 // behind";
    edits_anywhere(base, &["set", ".:={\"a\":[]}"], &[(" 1 ", " {\n  \"a\": []\n} ")]);
}

#[test]
fn comments_between_key_and_value_stay_with_a_new_value() {
    let base = "{\"a\" /* key */ : /* value */ [1 /* gone */], \"b\": 2}";
    edits_anywhere(base, &["set", "a:=3"], &[("[1 /* gone */]", "3")]);
    edits_anywhere(base, &["del", "a"], &[("\"a\" /* key */ : /* value */ [1 /* gone */], ", "")]);
}

#[test]
fn what_is_equal_is_not_touched() {
    let base = "{\n  \"a\": [1, /* two */ 2,],\n  \"b\": { /* none */ }, // b\n}";
    for args in [
        &["set", "a:=[1,2]", "b:={}"][..],
        &["merge", "{\"b\": {}, \"a\": [1, 2]}"],
        &["apply", "{a: [1, 2], b: {}}"],
        &["patch", r#"[{"op": "replace", "path": "/a", "value": [1, 2]}]"#],
        &["patch", r#"[{"op": "test", "path": "", "value": {"b": {}, "a": [1, 2]}}]"#],
        &["filter", "--", "cat"],
    ] {
        edits_anywhere(base, args, &[]);
    }
}
