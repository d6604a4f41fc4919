//! Variables, the environment and modules.

use std::fs;

use jsonlock::{ErrorKind, Filter, FilterOptions};

use super::results;

#[test]
fn variables_have_their_values() {
    let options = FilterOptions::new()
        .variable("flow", "\"a\"")
        .variable("n", " [1.0] ")
        .variable("flow", "\"b\"")
        .positional("1e400")
        .positional("{}")
        .declare("old");
    let run = |source: &str, old: &str| {
        Filter::compile_with(source, &options)?.run_one("null", &[("old", old), ("x", "?")], None)
    };
    assert_eq!(run("$flow, $n | select(type == \"array\")", "1").unwrap(), "[1.0]");
    assert_eq!(run("$flow", "1").unwrap(), "\"a\"");
    assert_eq!(
        run("$ARGS", "1").unwrap(),
        r#"{"positional":[1e400,{}],"named":{"flow":"a","n":[1.0]}}"#
    );
    assert_eq!(run("$old", "-0").unwrap(), "-0");
    assert_eq!(run("def f($old): $old; f(2)", "1").unwrap(), "2");
    assert_eq!(run("$old", "nope").unwrap_err().kind(), ErrorKind::InvalidJson);
    assert_eq!(run("1", "nope").unwrap(), "1");
    assert_eq!(run("$x", "1").unwrap_err().kind(), ErrorKind::InvalidFilter);
    let without = Filter::compile_with("$old", &options).unwrap().run("1", &[], None).unwrap_err();
    assert_eq!(without.to_string(), "$old has no value");
    for options in [FilterOptions::new().variable("a", "1 2"), FilterOptions::new().positional("")]
    {
        let error = Filter::compile_with(".", &options).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidJson);
    }
}

#[test]
fn the_environment_is_that_of_the_process() {
    let path = serde_json::to_string(&std::env::var("PATH").unwrap()).unwrap();
    assert_eq!(results("$ENV.PATH, env.PATH, ($ENV == env)", "null"), [&path, &path, "true"]);
}

#[test]
fn modules_and_data_are_found() {
    let directory = tempfile::TempDir::new().unwrap();
    #[expect(clippy::disallowed_methods, reason = "modules are no documents")]
    let write = |name: &str, text: &str| fs::write(directory.path().join(name), text).unwrap();
    write("m.jq", "import \"n\" as n; def inc: n::plus(1); def names: map_values($ENV | type);");
    write("n.jq", "def plus($x): . + $x;\ndef bad: . + ;\n");
    write("d.json", "{\"a\": 1.0} [2]");
    write("broken.json", "{");
    let options = FilterOptions::new().library_path(directory.path()).variable("v", "5");
    let run = |source: &str| Filter::compile_with(source, &options)?.run_one("[1]", &[], None);
    let error = run("include \"m\"; map(inc)").unwrap_err();
    let path = directory.path().canonicalize().unwrap().join("n.jq");
    assert_eq!(
        error.to_string(),
        format!(
            "the filter does not compile: expected a filter, found `;` ({}, line 2, column 14)\n    \
             def bad: . + ;\n                 ^",
            path.display()
        )
    );
    write("n.jq", "def plus($x): . + $x;");
    assert_eq!(run("include \"m\"; map(inc)").unwrap(), "[2]");
    assert_eq!(run("import \"m\" as m; m::names").unwrap(), "[\"object\"]");
    assert_eq!(
        run("import \"d\" as $d; [$d, $v, $ARGS.named]").unwrap(),
        r#"[[{"a":1.0},[2]],5,{"v":5}]"#
    );
    let error = run("import \"broken\" as $d; .").unwrap_err().to_string();
    assert!(error.contains("expected a string at byte 1"), "{error}");
}
