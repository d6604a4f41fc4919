//! What is not JSON, or not even JSONC, is refused.

use crate::harness::Sandbox;

const TEXT: &str = "{\n  \"a\": 1 // s3cret\n}\n";

/// Runs a command that must be refused, with an error that has these texts, and leave FILE as it is.
#[track_caller]
fn refused(name: &str, text: &str, args: &[&str], input: &str, whys: &[&str]) {
    let sandbox = Sandbox::with(name, text);
    let run = sandbox.run_with_input(args, input).exits_with(65).never_says("s3cret");
    assert_eq!(sandbox.read(name), text);
    whys.iter().fold(run, |run, why| run.says(why));
}

/// Every command that reads FILE.
#[test]
fn other_files_stay_strict() {
    let patch = r#"[{"op": "test", "path": "/a", "value": 1}]"#;
    for args in [
        &["set", "f.json", "a:=2"][..],
        &["set", "f.json", "a:=2", "--dry-run"],
        &["del", "f.json", "a"],
        &["merge", "f.json", "{}"],
        &["patch", "f.json", patch],
        &["apply", "f.json", "."],
        &["batch", "f.json", "--atomic"],
        &["filter", "f.json", "--", "cat"],
        &["filter", "f.json", "--optimistic", "--", "cat"],
        &["get", "f.json"],
        &["get", "f.json", "a"],
        &["get", "f.json", "--jq", "."],
        &["wait", "f.json", "true"],
    ] {
        for (text, why) in [
            (TEXT, "line 2, column 10: expected JSON, comments are not part of it but of JSONC"),
            (
                "[1,]",
                "line 1, column 3: expected no comma before the closing bracket, only JSONC has it",
            ),
        ] {
            let advice = "; --jsonc, or a name that ends in .jsonc, accepts that and keeps it\n";
            refused("f.json", text, args, "{\"b\": 1}\n", &[why, advice]);
        }
    }
    refused("f.json", TEXT, &["batch", "f.json"], "{\"b\": 1}\n", &["--jsonc"]);
}

#[test]
fn advice_is_given_only_where_it_helps() {
    let refused = |text: &str, args: &[&str]| {
        let sandbox = Sandbox::with("f.json", text);
        sandbox.run(args).exits_with(65).never_says("--jsonc").never_says("s3cret");
    };
    refused("{a: 1}", &["set", "f.json", "a:=2"]);
    refused("{} // a\n}", &["set", "f.json", "a:=2"]);
    refused("{}", &["set", "f.json", "a:=[1,]"]);
    refused("{}", &["merge", "f.json", "{} // s3cret"]);
    refused("{}", &["filter", "f.json", "--", "echo", "[1,]"]);
    refused("{}", &["filter", "f.json", "--", "echo", "// s3cret"]);
}

/// Whatever is put into a document is strict JSON.
#[test]
fn values_and_patches_stay_strict() {
    for args in [
        &["set", "f.jsonc", "a:=[1,]"][..],
        &["set", "f.jsonc", "a:=1 // one"],
        &["merge", "f.jsonc", "{\"a\": 2,}"],
        &["merge", "f.jsonc", "-"],
        &["patch", "f.jsonc", "[] // none"],
        &["apply", "f.jsonc", ".", "--argjson", "a", "[1,]"],
    ] {
        refused("f.jsonc", TEXT, args, "{} // none", &[]);
    }
}

#[test]
fn errors_in_jsonc_name_the_place_and_mask_comments() {
    for (text, why, excerpt) in [
        (
            "{\"a\": 1 /* s3cret",
            "line 1, column 9: expected `*/` at the end of this comment",
            "{\"a\": * /*",
        ),
        ("{a: 1}", "line 1, column 2: expected a key in double quotes or `}`", "{*: *}"),
        (
            "{'a': 1}",
            "line 1, column 2: expected double quotes, single quotes are not JSON",
            "{'*'",
        ),
        ("[,]", "line 1, column 2: expected a value", "[,]"),
        ("[1,,]", "line 1, column 4: expected a value", "[*,,]"),
        ("[1] # s3cret", "line 1, column 5: expected JSON, comments begin with // or /*", "[*] # "),
        (
            "[1, // s3cret\r2\n]",
            "line 1, column 5: expected no carriage return within a comment",
            "[*, //",
        ),
        ("/* s3cret\n s3cret */ [x]", "line 2, column 13: expected a value", "********** [*]"),
        (
            "[/* s3cret: */ \"s3cret\", // s3cret\n",
            "line 2, column 1: expected `]` before the end",
            "",
        ),
        (
            "[/* s3cret */ 1, x // s3cret",
            "line 1, column 18: expected a value",
            "[/*********** *, * //*******",
        ),
    ] {
        refused("f.jsonc", text, &["get", "f.jsonc"], "", &[why, &format!("\n{excerpt}")]);
    }
}

#[test]
fn nothing_but_comments_is_no_document() {
    for text in ["// s3cret", "/* s3cret */\n\n// s3cret\n"] {
        let why = "expected a value, the text has nothing but comments; write {} behind them";
        refused("f.jsonc", text, &["set", "f.jsonc", "a:=1"], "", &[why]);
        // Where there is a file, the edit is not one that makes it.
        refused("f.jsonc", text, &["get", "f.jsonc", "--default", "x"], "", &[why]);
    }
    let sandbox = Sandbox::with("f.jsonc", " \n");
    sandbox.run(["set", "f.jsonc", "a:=1"]).succeeds();
    assert_eq!(sandbox.read("f.jsonc"), "{\n  \"a\": 1\n}\n");
}
