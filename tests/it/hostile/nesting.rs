//! Nesting just below, at and above the limit of 10,000 levels: in documents, values, patches, paths
//! and what filters make.

use crate::harness::Sandbox;

const LIMIT: usize = 10_000;

fn nested(depth: usize) -> String {
    format!("{}1{}", "[".repeat(depth), "]".repeat(depth))
}

fn members(depth: usize) -> String {
    format!("{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth))
}

#[test]
fn a_document_may_be_nested_that_deeply_and_no_deeper() {
    for make in [nested, members] {
        for depth in [LIMIT - 1, LIMIT] {
            let sandbox = Sandbox::with("f", make(depth));
            let step = if make(1).starts_with('[') { "[0]" } else { ".a" };
            let deepest = step.repeat(depth);
            sandbox.run(["get", "f", &deepest]).succeeds().prints("1\n");
            sandbox.run(["set", "f", &format!("{deepest}:=2")]).succeeds();
            sandbox.run(["apply", "f", ".. |= if type == \"number\" then 3 else . end"]).succeeds();
            assert!(sandbox.read("f") == make(depth).replace('1', "3"));
            sandbox.run(["del", "f", &deepest]).succeeds();
            assert_eq!(sandbox.read("f").matches(['3']).count(), 0);
        }
        for depth in [LIMIT + 1, 100 * LIMIT] {
            let sandbox = Sandbox::with("f", make(depth));
            for args in [&["set", "f", "a=1"][..], &["apply", "f", "1"], &["merge", "f", "{}"]] {
                sandbox.run(args).exits_with(65).says("10,000").says("f was not changed");
            }
            sandbox.run(["get", "f", "."]).exits_with(65).says("10,000");
            assert!(sandbox.read("f") == make(depth));
        }
    }
}

/// The document without its white space.
fn compact(sandbox: &Sandbox) -> String {
    sandbox.read("f").replace([' ', '\n'], "")
}

/// Runs `args` on `{}`, where they put what is in the file `value` below one level.
#[track_caller]
fn puts(args: &[&str], refused: i32) {
    for make in [nested, members] {
        for (depth, code) in
            [(LIMIT - 2, 0), (LIMIT - 1, 0), (LIMIT, refused), (LIMIT + 1, 65), (100 * LIMIT, 65)]
        {
            let sandbox = Sandbox::with("f", "{}");
            sandbox.write("value", make(depth));
            sandbox.write("patch", format!("{{\"a\": {}}}", make(depth)));
            let run = sandbox.run(args).exits_with(code);
            if code == 0 {
                let expected = format!("{{\"a\":{}}}", make(depth));
                assert!(compact(&sandbox) == expected, "another value at depth {depth}");
                sandbox.run(["get", "f", "a"]).succeeds();
            } else {
                run.says("10,000").says("f was not changed");
                assert_eq!(sandbox.read("f"), "{}");
            }
        }
    }
}

#[test]
fn a_value_may_be_nested_as_deeply_as_its_place_allows() {
    puts(&["set", "f", "a:=@value"], 5);
}

#[test]
fn a_merge_patch_may_be_nested_that_deeply_and_no_deeper() {
    puts(&["merge", "f", "patch"], 65);
}

#[test]
fn a_json_patch_makes_nothing_deeper() {
    let patch = |op: &str, to: &str| format!(r#"[{{"op":"{op}","from":"/a","path":"{to}"}}]"#);
    for make in [nested, members] {
        for (depth, to, code) in
            [(LIMIT - 1, "/b", 0), (LIMIT - 2, "/o/a", 0), (LIMIT - 1, "/o/a", 5)]
        {
            for op in ["move", "copy"] {
                let base = format!("{{\"a\": {}, \"o\": {{}}}}", make(depth));
                let sandbox = Sandbox::with("f", &base);
                let run = sandbox.run(["patch", "f", &patch(op, to)]).exits_with(code);
                if code == 0 {
                    sandbox.run(["get", "f", to]).succeeds();
                    let copies = if op == "copy" { 2 } else { 1 };
                    assert_eq!(sandbox.read("f").matches('1').count(), copies);
                } else {
                    run.says("10,000").says("f was not changed");
                    assert!(sandbox.read("f") == base);
                }
            }
        }
        for (depth, code) in [(LIMIT - 2, 0), (LIMIT - 1, 65)] {
            let sandbox = Sandbox::with("f", make(LIMIT - 2));
            let value = make(depth);
            sandbox.write("patch", format!(r#"[{{"op":"test","path":"","value":{value}}}]"#));
            sandbox.run(["patch", "f", "patch"]).exits_with(code);
        }
    }
}

#[test]
fn a_path_may_be_that_deep_and_no_deeper() {
    let sandbox = Sandbox::with("f", "{}");
    let assign = |depth: usize| format!("{}:=1", ".a".repeat(depth));
    sandbox.run(["set", "f", &assign(LIMIT + 1)]).exits_with(5).says("10,000");
    assert_eq!(sandbox.read("f"), "{}");
    sandbox.run(["set", "f", &assign(LIMIT)]).succeeds();
    assert!(compact(&sandbox) == members(LIMIT));
    let far = ".b".repeat(20 * LIMIT / 4);
    sandbox.run(["get", "f", &far]).exits_with(1);
    sandbox.run(["del", "f", &far]).succeeds();
}

#[test]
fn a_filter_may_make_that_much_and_no_more() {
    let sandbox = Sandbox::with("f", "1");
    let make = |depth: usize, step: &str| format!("reduce range({depth}) as $i (1; {step})");
    for (step, expected) in [("[.]", nested as fn(usize) -> String), ("{a: .}", members)] {
        for depth in [LIMIT + 1, 20 * LIMIT] {
            sandbox.write("f", "1");
            let run = sandbox.run(["apply", "f", &make(depth, step), "--timeout", "60"]);
            run.exits_with(5).says("10,000").says("f was not changed");
            assert_eq!(sandbox.read("f"), "1");
        }
        for depth in [LIMIT - 1, LIMIT] {
            sandbox.run(["apply", "f", &format!("1 | {}", make(depth, step))]).succeeds();
            assert!(compact(&sandbox) == expected(depth), "another value at depth {depth}");
        }
    }
    let text = "\"[\" * 10001 + \"]\" * 10001 | fromjson";
    sandbox.run(["apply", "f", text]).exits_with(5).says("no deeper nesting");
}
