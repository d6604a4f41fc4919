//! What is said when a filter fails or does not compile.

use jsonlock::{ErrorKind, Filter};

use super::{failure, invalid};

#[test]
fn errors_show_types_and_the_words_of_the_filter() {
    for (source, expected) in [
        (".b", "cannot index a string with \"b\""),
        (".[.]", "cannot index a string with \"…\""),
        ("{} | has(0)", "cannot index an object with a number"),
        (". + 1", "cannot calculate a string + a number"),
        (". - [1]", "cannot calculate a string - an array"),
        ("-.", "cannot negate a string"),
        ("1 % 0", "cannot divide by zero"),
        (".[]", "cannot iterate over a string"),
        ("sort", "cannot use a string as array"),
        ("fromjson", "cannot parse a string as JSON: expected a value at byte 0"),
        ("error(\"no such flow\")", "no such flow"),
        ("error(\"say \\\"hi\\\"\")", "say \"hi\""),
        ("error(\"bad \\\"\\(.)\\\"\")", "bad \"hunter2\""),
        ("error(\"a\\u001b[31m\")", "a [31m"),
        (". * 1000000000000", "the repeated string would be too long"),
        ("input", "No more inputs"),
    ] {
        let error = failure(source, "\"hunter2\"");
        assert_eq!(error.kind(), ErrorKind::Unfit);
        assert_eq!(error.to_string(), format!("the filter failed: {expected}"), "{source}");
    }
    assert_eq!(failure("error", "null").to_string(), "the filter failed with null");
    assert_eq!(failure("error", "{\"a\": 1}").to_string(), "the filter failed with an object");
    let long = failure("error(\"x\" * 300)", "null").to_string();
    assert_eq!(long, format!("the filter failed: {}…", "x".repeat(200)));
}

#[test]
fn errors_show_no_character_of_a_value() {
    for (source, input, message) in [
        ("fromdate", "\"ZSECRET\"", "a time does not match its format"),
        ("implode", "[\"SECRET\"]", "implode takes an array of numbers"),
        ("test(.)", "\"(?<SECRET>\"", "the regex fails: end pattern with unmatched parenthesis"),
        ("test(.)", "\"\\\\k<SECRET>\"", "the regex fails: undefined name"),
    ] {
        assert_eq!(failure(source, input).to_string(), format!("the filter failed: {message}"));
    }
}

#[test]
fn errors_keep_secrets() {
    let secrets = [
        r#""SECRET7""#,
        r#""2015-SECRET7""#,
        r#""a\"SECRET7\"`b`""#,
        r#"["SECRET7"]"#,
        r#"{"SECRET7": {"SECRET7": "SECRET7"}}"#,
    ];
    for source in [
        "fromdate",
        "strptime(\"%Y\")",
        "strptime(\"%Y-%\")",
        "strftime(\"%\")",
        "mktime",
        "todate",
        "gmtime",
        "@base64d",
        "test(\"a\"; .)",
        "test(. + \"(\")",
        "test(\"(\" + .)",
        "implode",
        "tonumber",
        "fromjson",
        "toboolean",
        "ltrimstr(1)",
        "splits(1)",
        "limit(.; 1)",
        "range(.; 1; .)",
        "sort",
        "keys",
        "-.",
        "has(0)",
        "[] | has(1, \"SECRET\" + \"7\")",
        ".[0]",
        ".a.b",
        ".[.]",
        ". as $x | {} | .[$x]",
        ". as $x | [] | .[$x]",
        "{(.): 1}",
        "[.] | @csv",
        "[[.]] | @csv",
        "[[.]] | @tsv",
        "[[.]] | join(\",\")",
        "error",
        "error([.])",
        "error({a: .})",
        "tobytes",
        "halt(.)",
        "halt",
        ". + 1",
        "1 - .",
        ". * {}",
        ". / 1",
        "1 % .",
        ".[1:] = 1",
        ".[] = 1",
        ".a = 1",
        "del(.[0], .a)",
        "delpaths(.)",
        "delpaths([.])",
        "path(1)",
        "setpath(.; 1)",
        "getpath(.)",
        "splits(.; .)",
        "test(.; .)",
        "floor",
        "pow(.; 1)",
        "strings | [.] | implode",
        "map(.a)",
        "map(implode)",
        "first(.[])",
        "nan",
        "[., nan]",
        "bsearch(1)",
        "group_by(.a)",
        "min_by(.a)",
        "to_entries",
        "from_entries",
        "env | .[1]",
        "\"x\" as [$a] | $a",
        ". as [$a, {b: $c}] | $c",
        "tojson | fromdate",
        "fromjson?, tojson.a",
    ] {
        for input in secrets {
            let filter = Filter::compile(source).unwrap();
            let Err(error) = filter.run(input, &[], None) else { continue };
            let is_own = matches!(source, "error") && input.starts_with('"');
            assert!(
                is_own || !error.to_string().contains("SECRET7"),
                "{input} | {source}: {error}"
            );
        }
    }
}

#[test]
fn halt_ends_the_filter_only() {
    for source in
        ["halt", "1, halt", "halt(0)", "halt_error", "{a: 1} | halt_error(3)", "try halt catch 1"]
    {
        let error = failure(source, "null");
        assert_eq!(error.kind(), ErrorKind::Unfit);
        assert_eq!(error.to_string(), "the filter called halt", "{source}");
    }
}

#[test]
fn a_filter_that_does_not_compile_is_shown() {
    for (source, expected) in [
        (".a | foo(1)", "undefined filter foo/1 (line 1, column 6)\n    .a | foo(1)\n         ^^^"),
        (
            "1 as $x | $y",
            "undefined variable $y (line 1, column 11)\n    1 as $x | $y\n              ^^",
        ),
        ("break $f", "undefined label $f (line 1, column 7)\n    break $f\n          ^^"),
        ("x::f", "undefined module x (line 1, column 1)\n    x::f\n    ^"),
        (
            "limit(3)",
            "undefined filter limit/1, which takes 2 arguments (line 1, column 1)\n    limit(3)\n    ^^^^^",
        ),
        (
            "builtins",
            "undefined filter builtins/0, which jq has but jaq has not (line 1, column 1)\n    builtins\n    ^^^^^^^^",
        ),
        (".a |", "expected a filter, found the end (line 1, column 5)\n    .a |\n        ^"),
        (
            "[1, 2",
            "expected closing bracket, found the end (line 1, column 6)\n    [1, 2\n         ^",
        ),
        (
            "if . then 1",
            "expected `else` or `end`, found the end (line 1, column 12)\n    if . then 1\n               ^",
        ),
        ("{a: 1;}", "expected `,` or `}`, found `;` (line 1, column 6)\n    {a: 1;}\n         ^"),
        ("# no\n\n.é &", "unexpected `.` (line 3, column 1)"),
        ("\n\n.a\t& 1", "unexpected `&` (line 3, column 4)\n    .a & 1\n       ^"),
        ("\"\\x\"", "expected string escape sequence (line 1, column 3)\n    \"\\x\"\n      ^"),
        (
            "import \"no\" as n; .",
            "cannot load the module \"no\": file not found (line 1, column 9)\n    import \"no\" as n; .\n            ^^",
        ),
    ] {
        let message = invalid(source);
        let message = message.strip_prefix("the filter does not compile: ").unwrap();
        if expected.contains('^') {
            assert_eq!(message, expected);
        } else {
            assert!(message.contains("line 3"), "{message}");
        }
    }
    assert_eq!(invalid(" \n"), "the filter is empty; write . to leave the document as it is");
    let long = invalid(&format!("{} | nope | {}", "1 + ".repeat(500), ".a".repeat(500)));
    assert!(long.len() < 400, "{long}");
}

#[test]
fn nonsense_is_refused_without_a_panic() {
    let pieces = [
        "(", ")", "[", "]", "{", "}", "\"", "\\(", "|", ",", ".", "..", "?", "//", "$x", "as",
        "if", "then", "end", "def", "f", ":", ";", "reduce", "foreach", "label", "break", "try",
        "@x", "1", "-", "é", "import", "#", "\\u12", "$", "@", "::", "=", "|=",
    ];
    let mut state = 1u64;
    for _ in 0..3000 {
        let mut source = String::new();
        for _ in 0..8 {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            source += pieces[(state >> 33) as usize % pieces.len()];
            source += if state >> 63 == 0 { " " } else { "" };
        }
        if let Err(error) = Filter::compile(&source) {
            assert_eq!(error.kind(), ErrorKind::InvalidFilter, "{source}");
        }
    }
}
