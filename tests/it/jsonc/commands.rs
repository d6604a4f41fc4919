//! Every command, and what options see and show of comments.

use crate::harness::Sandbox;

const BASE: &str =
    "// head\n{\n  // one\n  \"a\": 1, // first\n  \"b\": [1, /* two */ 2,],\n}\n// foot";

#[test]
fn status_takes_comments_where_edits_do() {
    let sandbox = Sandbox::with("settings.jsonc", "{} // none\n");
    sandbox.write("f", "{} // none\n");
    sandbox.run(["status", "settings.jsonc"]).succeeds();
    sandbox.run(["status", "f"]).exits_with(65);
    sandbox.run(["status", "f", "--jsonc"]).succeeds();
}

#[test]
fn get_shows_strict_json_except_of_the_whole_text() {
    let sandbox = Sandbox::with("f.jsonc", BASE);
    for (args, output) in [
        (&["get", "f.jsonc"][..], format!("{BASE}\n")),
        (&["get", "f.jsonc", "."], "{\n  \"a\": 1,\n  \"b\": [1, 2]\n}\n".into()),
        (&["get", "f.jsonc", "b"], "[1, 2]\n".into()),
        (&["get", "f.jsonc", "-c"], "{\"a\":1,\"b\":[1,2]}\n".into()),
        (&["get", "f.jsonc", "b", "-c"], "[1,2]\n".into()),
        (&["get", "f.jsonc", "--jq", ".b[]"], "1\n2\n".into()),
        (&["wait", "f.jsonc", ".a == 1", "--print=.b|length"], "2\n".into()),
        (&["wait", "f.jsonc", ".a == 1", "--print"], format!("{BASE}\n")),
    ] {
        sandbox.run(args).succeeds().prints(&output);
    }
}

#[test]
fn conditions_and_print_see_values() {
    let sandbox = Sandbox::with("f.jsonc", BASE);
    let after = BASE.replace("\"a\": 1", "\"a\": 2");
    let args =
        ["set", "f.jsonc", "a:=2", "--if", ".a == 1", "--check", ".a == $old.a + 1", "--print"];
    sandbox.run(args).succeeds().prints(&format!("{after}\n"));
    sandbox.run(["set", "f.jsonc", "a:=3", "--print=[.a, $old.a]|add"]).succeeds().prints("5\n");
    sandbox.run(["set", "f.jsonc", "a:=4", "--if", ".a == 1"]).exits_with(76);
    sandbox.run(["set", "f.jsonc", "a:=4", "--if-absent"]).exits_with(76);
    assert_eq!(sandbox.read("f.jsonc"), BASE.replace("\"a\": 1", "\"a\": 3"));
}

#[test]
fn diff_and_dry_run_show_the_text() {
    let sandbox = Sandbox::with("f.jsonc", BASE);
    let run = sandbox.run(["del", "f.jsonc", "a", "--diff", "--dry-run"]).succeeds();
    assert!(run.stdout().contains("\n-  // one\n-  \"a\": 1, // first\n"), "{run}");
    let without = BASE.replace("  // one\n  \"a\": 1, // first\n", "");
    sandbox.run(["del", "f.jsonc", "a", "--dry-run"]).succeeds().prints(&format!("{without}\n"));
    assert_eq!(sandbox.read("f.jsonc"), BASE);
    sandbox.run(["del", "f.jsonc", "a", "--backup"]).succeeds();
    assert_eq!((sandbox.read("f.jsonc"), sandbox.read("f.jsonc.bak")), (without, BASE.to_owned()));
}

#[test]
fn batches_keep_comments() {
    let lines =
        "{\"a\": null}\n[{\"op\": \"add\", \"path\": \"/b/0\", \"value\": 0}]\n{\"c\": {}}\n";
    let expected = "// head\n{\n  \"b\": [0, 1, /* two */ 2,],\n  \"c\": {},\n}\n// foot";
    for options in [&[][..], &["--atomic"]] {
        let sandbox = Sandbox::with("f.jsonc", BASE);
        let args = [&["batch", "f.jsonc"], options].concat();
        let run = sandbox.run_with_input(args, lines).succeeds();
        assert_eq!(run.stdout().matches("\"ok\":true").count(), 3, "{run}");
        assert_eq!(sandbox.read("f.jsonc"), expected);
    }
}

#[test]
fn filter_gets_and_gives_jsonc() {
    let sandbox = Sandbox::with("f.jsonc", BASE);
    sandbox.run(["filter", "f.jsonc", "--", "sed", "s/first/1st/; s/1,/3,/"]).succeeds();
    assert_eq!(
        sandbox.read("f.jsonc"),
        BASE.replace("1, // first", "3, // 1st").replace("[1", "[3")
    );
    sandbox.run(["filter", "f.jsonc", "--optimistic", "--", "sed", "s/foot/end/"]).succeeds();
    assert!(sandbox.read("f.jsonc").ends_with("// end"));
}

#[test]
fn patches_move_values_with_the_comments_in_them() {
    let base = "{\n  \"a\": {\n    // in a\n    \"x\": 1, // x\n  },\n  \"b\": {},\n}\n";
    for (op, expected) in [
        (
            "move",
            "{\n  \"b\": {\n    \"c\": {\n      // in a\n      \"x\": 1, // x\n    },\n  },\n}\n",
        ),
        (
            "copy",
            "{\n  \"a\": {\n    // in a\n    \"x\": 1, // x\n  },\n  \"b\": {\n    \"c\": {\n      // in a\n      \
             \"x\": 1, // x\n    },\n  },\n}\n",
        ),
    ] {
        let sandbox = Sandbox::with("f.jsonc", base);
        let patch = format!(r#"[{{"op": "{op}", "from": "/a", "path": "/b/c"}}]"#);
        sandbox.run(["patch", "f.jsonc", &patch]).succeeds();
        assert_eq!(sandbox.read("f.jsonc"), expected);
    }
}

#[test]
fn a_value_that_is_moved_and_changed_keeps_the_comments_in_it() {
    let base = "{\n  \"a\": {\n    // in a\n    \"x\": 1, // x\n    \"y\": [ /* y */ ]\n  },\n  \"b\": {}\n}\n";
    let moved = "{\n  \"b\": {\n    \"c\": {\n      // in a\n      \"x\": 5, // x\n      \"y\": [ /* y */ ]\n    }\n  }\n}\n";
    let within = |list: &str| moved.replace("5,", "1,").replace("[ /* y */ ]", list);
    for (patch, expected) in [
        (
            r#"[{"op": "move", "from": "/a", "path": "/b/c"}, {"op": "replace", "path": "/b/c/x", "value": 5}]"#,
            moved.to_owned(),
        ),
        (
            r#"[{"op": "replace", "path": "/a/x", "value": 5}, {"op": "move", "from": "/a", "path": "/b/c"}]"#,
            moved.to_owned(),
        ),
        (
            r#"[{"op": "add", "path": "/a/y/-", "value": 2}, {"op": "move", "from": "/a", "path": "/b/c"}]"#,
            within("[ /* y */ 2 ]"),
        ),
    ] {
        let sandbox = Sandbox::with("f.jsonc", base);
        sandbox.run(["patch", "f.jsonc", patch]).succeeds();
        assert_eq!(sandbox.read("f.jsonc"), expected, "{patch}");
    }
}

#[test]
fn a_member_that_gets_another_key_keeps_its_comments() {
    let base = "{\n  // one\n  \"a\" /* x */: { /* in */ }, // first\n  \"b\": 2,\n}\n";
    for (patch, expected) in [
        (r#"[{"op": "move", "from": "/a", "path": "/c"}]"#, MOVED.to_owned()),
        (
            r#"[{"op": "copy", "from": "/a", "path": "/c"}, {"op": "remove", "path": "/a"}]"#,
            MOVED.to_owned(),
        ),
        (
            r#"[{"op": "copy", "from": "/a", "path": "/c"}]"#,
            base.replace("2,\n", "2,\n  \"c\": { /* in */ },\n"),
        ),
        (
            r#"[{"op": "move", "from": "/a", "path": "/c"}, {"op": "copy", "from": "/c", "path": "/d"}]"#,
            MOVED.replace("// first\n", "// first\n  \"d\": { /* in */ },\n"),
        ),
    ] {
        let sandbox = Sandbox::with("f.jsonc", base);
        sandbox.run(["patch", "f.jsonc", patch]).succeeds();
        assert_eq!(sandbox.read("f.jsonc"), expected, "{patch}");
    }
}

const MOVED: &str = "{\n  \"b\": 2,\n  // one\n  \"c\" /* x */: { /* in */ }, // first\n}\n";

#[test]
fn a_duplicate_key_is_refused_and_a_comment_is_none() {
    let base = "{\"a\": 1, // \"a\": 2\n\"b\": 1, \"b\": 2}";
    let sandbox = Sandbox::with("f.jsonc", base);
    sandbox.run(["set", "f.jsonc", "b:=3"]).exits_with(5);
    sandbox.run(["set", "f.jsonc", "a:=3"]).succeeds();
    assert_eq!(sandbox.read("f.jsonc"), base.replacen("1,", "3,", 1));
}
