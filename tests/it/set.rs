//! `set`: the syntax of assignments, and what they make of a document.

use crate::harness::Sandbox;

#[test]
fn a_missing_document_is_created_and_nothing_is_printed() {
    let sandbox = Sandbox::new();
    sandbox.run(["set", "f.json", "flow=abc", "n:=1"]).succeeds().prints_nothing();
    assert_eq!(sandbox.read("f.json"), "{\n  \"flow\": \"abc\",\n  \"n\": 1\n}\n");
    assert_eq!(sandbox.names(), ["f.json", "f.json.lock"]);
}

#[test]
fn a_blank_document_counts_as_missing() {
    for blank in ["", "\n", " \t\r\n", "\u{feff}"] {
        let sandbox = Sandbox::with("f", blank);
        sandbox.run(["set", "f", "a=b"]).succeeds();
        assert_eq!(sandbox.read("f"), "{\n  \"a\": \"b\"\n}\n", "{blank:?}");
    }
}

#[test]
fn text_is_always_a_string_and_json_is_what_it_is() {
    let sandbox = Sandbox::with("f", "{}\n");
    let texts = ["a=0123", "b=1e5", "c=true", "d=", "e=x=y", r"f=\@at", r"g=back\slash", "h=é\"\n"];
    sandbox.run([&["set", "f"][..], &texts].concat()).succeeds();
    let json =
        ["i:=1.0", "j:=1e400", "k:=12345678901234567890123", "l:=null", r#"m:="\u00e9""#, "n:=-0"];
    sandbox.run([&["set", "f"][..], &json].concat()).succeeds();
    let expected = r#"{
  "a": "0123",
  "b": "1e5",
  "c": "true",
  "d": "",
  "e": "x=y",
  "f": "@at",
  "g": "back\\slash",
  "h": "é\"\n",
  "i": 1.0,
  "j": 1e400,
  "k": 12345678901234567890123,
  "l": null,
  "m": "\u00e9",
  "n": -0
}
"#;
    assert_eq!(sandbox.read("f"), expected);
}

#[test]
fn values_come_from_files_standard_input_and_the_environment() {
    let sandbox = Sandbox::with("f", "{}");
    sandbox.write("text", "line\n");
    sandbox.write("json", "[1.0,\n 2]\n");
    sandbox.run(["set", "f", "a=@text", "b:=@json"]).succeeds();
    sandbox.run_with_input(["set", "f", "c=@-"], "from a pipe").succeeds();
    let mut command = sandbox.command(["set", "f", "--env", "d=A_TOKEN"]);
    command.env("A_TOKEN", "s3cret");
    sandbox.run_command(command).succeeds().prints_nothing();
    let expected =
        serde_json::json!({"a": "line\n", "b": [1.0, 2], "c": "from a pipe", "d": "s3cret"});
    assert_eq!(sandbox.json("f"), expected);
}

#[test]
fn parents_are_created_and_arrays_grow_one_by_one() {
    let sandbox = Sandbox::new();
    let assignments =
        ["a.b.c=1", "l[0].x=2", "l[]:=3", "l[-1]:=4", r#"["k.l"]=5"#, r"m\.n=6", "/p~1q/r=7"];
    sandbox.run([&["set", "f"][..], &assignments].concat()).succeeds();
    let expected = serde_json::json!({
        "a": {"b": {"c": "1"}}, "l": [{"x": "2"}, 4], "k.l": "5", "m.n": "6", "p/q": {"r": "7"}
    });
    assert_eq!(sandbox.json("f"), expected);
}

#[test]
fn only_the_bytes_of_the_edit_change() {
    let before = "{\r\n\t\"a\" : 1.0,\r\n\r\n\t\"b\" : [1,2,  3],\r\n\t\"c\\/\" : \"\\u00e9\"\r\n}";
    let sandbox = Sandbox::with("f", before);
    sandbox.run(["set", "f", "b[1]:=7"]).succeeds();
    assert_eq!(sandbox.read("f"), before.replace("1,2,  3", "1,7,  3"));
    sandbox.run(["set", "f", "d=e"]).succeeds();
    let expected =
        before.replace("1,2,  3", "1,7,  3").replace("\"\r\n}", "\",\r\n\t\"d\" : \"e\"\r\n}");
    assert_eq!(sandbox.read("f"), expected);
}

#[test]
fn all_assignments_or_none() {
    let before = "{\"a\": \"text\"}";
    let sandbox = Sandbox::with("f", before);
    sandbox.run(["set", "f", "b=1", "a.x=2"]).exits_with(5).says("f was not changed");
    sandbox.run(["set", "f", "b=1", "a[=2"]).exits_with(2).says("f was not changed");
    sandbox.run(["set", "f", "b=1", "c:=nonsense"]).exits_with(65).says("f was not changed");
    sandbox.run(["set", "f", "b=1", "l[1]=2"]).exits_with(5).says("out of range");
    assert_eq!(sandbox.read("f"), before);
}

#[test]
fn setting_what_is_there_already_touches_nothing() {
    use std::os::unix::fs::MetadataExt as _;
    let sandbox = Sandbox::with("f", "{\"a\": \"\\u00e9\", \"b\": {\"x\": 1, \"y\": 2}}");
    let before = sandbox.path("f").metadata().unwrap();
    sandbox.run(["set", "f", "a=é", r#"b:={"y":2,"x":1}"#]).succeeds();
    let after = sandbox.path("f").metadata().unwrap();
    assert_eq!((before.ino(), before.mtime_nsec()), (after.ino(), after.mtime_nsec()));
}

#[test]
fn a_duplicated_key_is_not_edited() {
    let before = r#"{"a": 1, "a": 2, "b": 3}"#;
    let sandbox = Sandbox::with("f", before);
    sandbox.run(["set", "f", "a=x"]).exits_with(5).says("\"a\"").says("f was not changed");
    sandbox.run(["set", "f", "b:=4"]).succeeds();
    assert_eq!(sandbox.read("f"), before.replace('3', "4"));
}

#[test]
fn the_new_document_can_be_printed_and_the_edit_reported() {
    let sandbox = Sandbox::with("f", "{\"n\": 1}\n");
    sandbox.run(["set", "f", "n:=2", "--print"]).succeeds().prints("{\"n\": 2}\n");
    sandbox.run(["set", "f", "n:=3", "--print=.n, $old.n"]).succeeds().prints("3\n2\n");
    sandbox.run(["set", "f", "t=text", "--print=.t"]).succeeds().prints("text\n");
    let report = sandbox.run(["set", "f", "n:=4", "--report"]).succeeds().stdout();
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["changed"], true);
    assert_eq!(report["durable"], true);
    assert_eq!(report["attempts"], 1);
    assert!(report.get("dry_run").is_none());
    assert!(report["held_ms"].is_f64() && report["waited_ms"].is_f64());
    let etag = sandbox.run(["get", "f", "--etag"]).stdout();
    assert_eq!(report["etag"], etag.trim_end());
}

#[test]
fn a_dry_run_shows_the_document_and_leaves_no_trace() {
    let sandbox = Sandbox::with("f", "{\"n\": 1}\n");
    sandbox.run(["set", "f", "n:=2", "--dry-run"]).succeeds().prints("{\"n\": 2}\n");
    sandbox.run(["set", "f", "n:=2", "--dry-run", "--print=.n"]).succeeds().prints("2\n");
    let run = sandbox.run(["set", "f", "n:=2", "--dry-run", "--report"]).succeeds();
    assert!(run.stdout().contains("\"dry_run\":true"), "{run}");
    sandbox.run(["set", "f", "n.x=2", "--dry-run"]).exits_with(5);
    sandbox.run(["set", "new", "n:=2", "--dry-run"]).succeeds().prints("{\n  \"n\": 2\n}\n");
    sandbox.run(["set", "d/new", "n:=2", "--dry-run", "--parents"]).succeeds();
    assert_eq!(sandbox.read("f"), "{\"n\": 1}\n");
    assert_eq!(sandbox.names(), ["f"]);
}

#[test]
fn a_print_filter_that_fails_leaves_the_document_as_it_was() {
    let sandbox = Sandbox::with("f", "{\"a\": \"1\"}");
    sandbox.run(["set", "f", "a=2", "--print=.a.b"]).exits_with(5).says("f was not changed");
    sandbox
        .run(["set", "f", "a=2", "--print=.["])
        .exits_with(3)
        .says("--print")
        .says("f was not changed");
    assert_eq!(
        sandbox.json("f")["a"],
        "1",
        "a filter that does not compile is found before the edit"
    );
}

#[test]
fn a_full_disk_for_the_output_does_not_undo_the_edit() {
    let sandbox = Sandbox::new();
    sandbox
        .shell("jsonlock set f a=1 --print > /dev/full")
        .exits_with(74)
        .says("f was changed as asked");
    assert_eq!(sandbox.json("f")["a"], "1");
    sandbox.shell("jsonlock set f a=2 --print | true").succeeds();
}

#[test]
fn null_is_a_document_too() {
    let sandbox = Sandbox::new();
    sandbox.run(["set", "f", ".:=null"]).succeeds();
    assert_eq!(sandbox.read("f"), "null\n");
    sandbox.run_with_input(["merge", "g"], "null").succeeds();
    assert_eq!(sandbox.read("g"), "null\n");
}

#[test]
fn standard_input_is_read_once() {
    let sandbox = Sandbox::new();
    let run = sandbox.run_with_input(["set", "f", "a=@-", "b=@-"], "text");
    run.exits_with(2).says("only once").says("f was not changed");
}

#[test]
fn nobody_to_tell_is_no_failure() {
    let sandbox = Sandbox::new();
    for to in ["2>/dev/full", "2>&-", "2>&1 | true"] {
        sandbox.shell(&format!("jsonlock set f a=1 --verbose {to}")).succeeds();
    }
}

#[test]
fn the_lock_file_is_not_the_document() {
    let sandbox = Sandbox::with("f", "");
    sandbox.run(["set", "f", "a=1", "--lock-file", "f"]).exits_with(77).says("is the document");
    sandbox.run(["set", "g", "a=1", "--lock-file", "./g"]).exits_with(77).says("g was not changed");
    std::os::unix::fs::symlink("f", sandbox.path("link")).unwrap();
    sandbox.run(["set", "link", "a=1", "--lock-file", "f"]).exits_with(77);
    assert_eq!(
        (sandbox.read("f"), sandbox.names()),
        (String::new(), vec!["f".into(), "link".into()])
    );
}

#[test]
fn empty_variables_are_as_good_as_none() {
    let sandbox = Sandbox::new();
    let run = |name: &str, value: &str| {
        let mut command = sandbox.command(["set", "f", "a=1"]);
        command.env(name, value);
        sandbox.run_command(command)
    };
    for name in ["JSONLOCK_TIMEOUT", "JSONLOCK_NETWORK_FS"] {
        run(name, "").succeeds();
        run(name, "nonsense").exits_with(2).says(name).says("f was not changed");
    }
}

#[test]
fn parents_are_made_where_a_link_leads() {
    let sandbox = Sandbox::with("file", "{}");
    std::os::unix::fs::symlink("a/b/real", sandbox.path("link")).unwrap();
    sandbox.run(["set", "link", "x=1"]).exits_with(73).says("a/b does not exist").says("--parents");
    sandbox.run(["set", "link", "x=1", "--parents"]).succeeds();
    assert_eq!(sandbox.json("a/b/real")["x"], "1");
    let below_a_file = sandbox.run(["set", "file/f", "x=1", "--parents"]);
    below_a_file.exits_with(73).says("file is not a directory");
    sandbox.run(["set", "-", "x=1"]).exits_with(2).says("./-");
}
