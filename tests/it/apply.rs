//! `apply`: jq filters, their arguments, and how little of the text they change.

use crate::harness::Sandbox;
use serde_json::json;

const BEFORE: &str = "{\n  \"next\": 41,\n  \"keep\": [1.0, 1e400, 12345678901234567890123, \"\\u00e9\\/\"],\n  \"l\": [3, 1, 2]\n}\n";

#[test]
fn only_what_the_filter_changes_is_written() {
    for (filter, from, to) in [
        (".next += 1", "41", "42"),
        ("del(.l[1])", "[3, 1, 2]", "[3, 2]"),
        (".l |= sort", "[3, 1, 2]", "[1, 2, 3]"),
        (".l += [.next]", "[3, 1, 2]", "[3, 1, 2, 41]"),
        ("del(.next)", "\n  \"next\": 41,", ""),
        (".x = {y: 1}", "[3, 1, 2]\n", "[3, 1, 2],\n  \"x\": {\"y\": 1}\n"),
        (".", "", ""),
        ("walk(.)", "", ""),
        (".keep[0] |= . + 0", "", ""),
    ] {
        let sandbox = Sandbox::with("f", BEFORE);
        sandbox.run(["apply", "f", filter]).succeeds().prints_nothing();
        assert_eq!(
            sandbox.read("f"),
            BEFORE.replacen(from, to, usize::from(!from.is_empty())),
            "{filter}"
        );
    }
}

#[test]
fn a_counter_counts() {
    let sandbox = Sandbox::new();
    for n in 1..=3 {
        sandbox
            .run(["apply", "f", ".next += 1", "--print=.next"])
            .succeeds()
            .prints(&format!("{n}\n"));
    }
}

#[test]
fn arguments_are_those_of_jq() {
    let sandbox = Sandbox::with("f", "{}");
    sandbox.write("values", "1 {\"a\": 2.0}\n[3]");
    sandbox.write("text", "raw\n");
    sandbox
        .run([
            "apply",
            "f",
            ". + {a: $a, j: $j, s: $s, r: $r}",
            "--arg",
            "a",
            "1",
            "--argjson",
            "j",
            "1.50",
            "--slurpfile",
            "s",
            "values",
            "--rawfile",
            "r",
            "text",
        ])
        .succeeds();
    assert_eq!(
        sandbox.run(["get", "-c", "f"]).stdout(),
        "{\"a\":\"1\",\"j\":1.50,\"s\":[1,{\"a\":2.0},[3]],\"r\":\"raw\\n\"}\n"
    );
    sandbox.run(["apply", "f", "$ARGS", "--arg", "n", "v", "--args", "x", "y"]).succeeds();
    let expected = json!({"positional": ["x", "y"], "named": {"n": "v"}});
    assert_eq!(sandbox.json("f"), expected);
    sandbox.run(["apply", "f", "$ARGS.positional", "--jsonargs", "1", "[null]"]).succeeds();
    assert_eq!(sandbox.json("f"), json!([1, [null]]));
    for (arguments, expected) in [
        (&["--args", "1", "--jsonargs", "1", "{}", "--args", "x"][..], json!(["1", 1, {}, "x"])),
        (&["--jsonargs", "1", "--args", "1"], json!([1, "1"])),
        (&["--args", "--jsonargs", "--arg", "n", "v", "1", "--args"], json!([1])),
        (&["--args", "--jsonargs", "--args", "a", "b"], json!(["a", "b"])),
        (&["--args"], json!([])),
    ] {
        let command = ["apply", "f", "$ARGS.positional"].iter().chain(arguments);
        sandbox.run(command).succeeds();
        assert_eq!(sandbox.json("f"), expected, "{arguments:?}");
    }
    sandbox.run(["apply", "--args", "f", "$ARGS.positional", "x"]).succeeds();
    assert_eq!(sandbox.json("f"), json!(["x"]));
    sandbox.run(["apply", "f", "x", "--args", "y"]).exits_with(3);
    sandbox.run(["apply", "f", ".", "x", "--args", "y"]).exits_with(2).says("more than one EXPR");
    let mut command = sandbox.command(["apply", "f", "[$ENV.A_TOKEN, env.A_TOKEN]"]);
    command.env("A_TOKEN", "s3cret");
    sandbox.run_command(command).succeeds();
    assert_eq!(sandbox.json("f"), json!(["s3cret", "s3cret"]));
}

#[test]
fn filters_and_modules_come_from_files() {
    let sandbox = Sandbox::with("f", "{\"n\": 1}");
    sandbox.write("filter.jq", "# a comment\n.n = $ARGS.positional[0]\n");
    sandbox.run(["apply", "f", "-f", "filter.jq", "x", "--args"]).exits_with(2);
    sandbox.run(["apply", "f", "-f", "filter.jq", "--args", "x"]).succeeds();
    assert_eq!(sandbox.read("f"), "{\"n\": \"x\"}");
    std::fs::create_dir(sandbox.path("lib")).unwrap();
    sandbox.write("lib/m.jq", "def twice: . + .;");
    sandbox.run(["apply", "f", "include \"m\"; .n |= twice", "-L", "lib"]).succeeds();
    sandbox.run(["apply", "f", "import \"m\" as m; .n |= m::twice", "-L", "lib"]).succeeds();
    assert_eq!(sandbox.read("f"), "{\"n\": \"xxxx\"}");
}

#[test]
fn exactly_one_result_is_a_document() {
    let sandbox = Sandbox::with("f", BEFORE);
    sandbox.run(["apply", "f", "empty"]).exits_with(5).says("no result").says("f was not changed");
    sandbox
        .run(["apply", "f", ".l[]"])
        .exits_with(5)
        .says("more than one result")
        .says("f was not changed");
    sandbox.run(["apply", "f", "nan"]).exits_with(5);
    sandbox.run(["apply", "f", "error(\"no good\")"]).exits_with(5).says("no good");
    sandbox.run(["apply", "f", "halt"]).exits_with(5).says("f was not changed");
    assert_eq!(sandbox.read("f"), BEFORE);
}

#[test]
fn a_filter_that_does_not_compile_shows_where() {
    let sandbox = Sandbox::with("f", BEFORE);
    sandbox
        .run(["apply", "f", ".next +"])
        .exits_with(3)
        .says(".next +")
        .says("^")
        .says("f was not changed");
    sandbox.run(["apply", "f", ".next | nosuch(1)"]).exits_with(3).says("nosuch").says("column 9");
    sandbox.run(["apply", "f", ".next = $nosuch"]).exits_with(3).says("$nosuch");
    assert_eq!(sandbox.names(), ["f"], "nothing was locked");
}

#[test]
fn a_filter_error_shows_no_values() {
    let sandbox = Sandbox::with("f", "{\"token\": \"s3cret\"}");
    for filter in [
        ".token.x",
        ".token + 1",
        ".token | tonumber",
        ".token[0]",
        "error(.)",
        "{(.): 1}",
        ".token as $t | $t | .[$t]",
    ] {
        sandbox.run(["apply", "f", filter]).never_says("s3cret");
    }
    assert_eq!(sandbox.read("f"), "{\"token\": \"s3cret\"}");
}

#[test]
fn a_filter_that_loops_is_given_up() {
    let sandbox = Sandbox::with("f", "{}");
    let run = sandbox.run(["apply", "f", "--timeout", "0.3", "def f: f; f"]);
    run.exits_with(5).says("did not finish within").says("f was not changed");
    sandbox.run(["set", "f", "a=1"]).succeeds();
}

#[test]
fn stray_arguments_are_refused() {
    let sandbox = Sandbox::with("f", "{}");
    sandbox.run(["apply", "f", ".a", "=", "1"]).exits_with(2).says("quote the filter");
}

#[test]
fn values_may_begin_with_a_hyphen() {
    let sandbox = Sandbox::with("f", "{}");
    let arguments = ["--argjson", "n", "-1", "--arg", "s", "--s3cret"];
    sandbox.run([&["apply", "f", ". + {n: $n, s: $s}"][..], &arguments].concat()).succeeds();
    assert_eq!(sandbox.json("f"), json!({"n": -1, "s": "--s3cret"}));
    sandbox.run(["get", "f", "x", "--default", "-1"]).succeeds().prints("-1\n");
}

#[test]
fn print_knows_the_variables_of_the_filter() {
    let sandbox = Sandbox::with("f", "{\"n\": 1}");
    let arguments = ["--argjson", "by", "2", "--print=.n, $old.n, $by, $ARGS.named.by"];
    sandbox
        .run([&["apply", "f", ".n += $by"][..], &arguments].concat())
        .succeeds()
        .prints("3\n1\n2\n2\n");
}

#[test]
fn elements_that_move_keep_their_spelling() {
    let sandbox = Sandbox::with("f", "[\n  \"x\\u00e9\",\n  {\"k\":  1.0},\n  \"y\\/z\"\n]\n");
    sandbox.run(["apply", "f", "reverse"]).succeeds();
    assert_eq!(sandbox.read("f"), "[\n  \"y\\/z\",\n  {\"k\":  1.0},\n  \"x\\u00e9\"\n]\n");
}

#[test]
fn deletions_do_not_move_each_other() {
    for (filter, expected) in [
        ("del(.[] | select(. > 1))", "[1]"),
        ("del(.[0, 2])", "[1]"),
        ("delpaths([[0], [2]])", "[1]"),
        ("del(.)", "null"),
    ] {
        let sandbox = Sandbox::with("f", "[3, 1, 2]");
        sandbox.run(["apply", "f", filter]).succeeds();
        assert_eq!(sandbox.read("f"), expected, "{filter}");
    }
}

#[test]
fn whoever_does_not_wait_still_has_time_for_the_filter() {
    let sandbox = Sandbox::with("f", "{\"n\": 1}");
    for (timeout, n) in [("0", 2), ("0.000001", 3)] {
        let options = ["--timeout", timeout, "--print=.n"];
        let run = sandbox.run([&["apply", "f", ".n += 1"][..], &options].concat());
        run.succeeds().prints(&format!("{n}\n"));
    }
    sandbox.run(["set", "f", "t=x", "--timeout", "0", "--print=.t"]).succeeds().prints("x\n");
}
