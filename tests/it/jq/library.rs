//! What jq defines and jaq does not, or otherwise. The results are those of jq 1.8.

use super::{failure, results};

#[test]
fn values_become_events_and_events_values() {
    let document = r#"{"a": [1, {"b": 2}], "c": [], "d": {}}"#;
    assert_eq!(
        results("tostream", document),
        [
            r#"[["a",0],1]"#,
            r#"[["a",1,"b"],2]"#,
            r#"[["a",1,"b"]]"#,
            r#"[["a",1]]"#,
            r#"[["c"],[]]"#,
            r#"[["d"],{}]"#,
            r#"[["d"]]"#,
        ]
    );
    for (source, input, expected) in [
        ("tostream", "5", "[[],5]"),
        ("fromstream(tostream)", document, r#"{"a":[1,{"b":2}],"c":[],"d":{}}"#),
        ("fromstream(tostream, tostream)", "[null]", "[null] [null]"),
        ("fromstream(tostream)", "false", "false"),
        ("[1 | truncate_stream([[0], 1], [[1, 0], 2], [[1, 0]], [[1]])]", "0", "[[[0],2],[[0]]]"),
        ("fromstream(1 | truncate_stream([[0], 1], [[1, 0], 2], [[1, 0]], [[1]]))", "0", "[2]"),
    ] {
        assert_eq!(results(source, input).join(" "), expected, "{input} | {source}");
    }
}

#[test]
fn parts_are_picked_where_they_stand() {
    for (source, input, expected) in [
        ("pick(.[1])", "[1, 2, 3]", "[null,2]"),
        ("pick(first | first)", "[[10, 20], 30]", "[[10]]"),
        ("pick(.a.b, .c)", r#"{"a": {"b": 1, "x": 2}, "c": 3}"#, r#"{"a":{"b":1},"c":3}"#),
        ("pick(.a)", "null", r#"{"a":null}"#),
        ("[nth(0, 5, 9, 10, 15; range(.))]", "10", "[0,5,9]"),
        ("JOIN({\"1\": \"x\"}; tostring)", "[1, 2]", r#"[[1,"x"],[2,null]]"#),
        ("JOIN({\"1\": \"x\"}; .[]; tostring; .[1])", "[1, 2]", "\"x\" null"),
        ("have_literal_numbers and have_decnum", "0", "true"),
        ("flatten", r#"{"a": [1, [2, {"b": [3]}]], "c": []}"#, r#"[1,2,{"b":[3]}]"#),
        ("flatten", "[1, [[2], []], null]", "[1,2,null]"),
        ("flatten", "[]", "[]"),
        (
            "format(\"csv\", \"json\", \"text\")",
            "[1, \"a\"]",
            r#""1,\"a\"" "[1,\"a\"]" "[1,\"a\"]""#,
        ),
    ] {
        assert_eq!(results(source, input).join(" "), expected, "{input} | {source}");
    }
    for (source, message) in [
        ("nth(-1; 1, 2)", "nth takes no negative numbers"),
        ("[[1]] | flatten(-1)", "flatten takes no negative depth"),
        ("format(\"x\")", "there is no format of this name"),
    ] {
        let error = failure(source, "null").to_string();
        assert_eq!(error, format!("the filter failed: {message}"), "{source}");
    }
}

#[test]
fn an_expression_and_its_flags_can_be_one_array() {
    for (source, expected) in [
        (r#"test(["B", "i"]), test("B"), test(["b"]), test("b"; null)"#, "true false true true"),
        (r#"match(["B", "i"]) | .offset, .captures"#, "1 []"),
        (r#"match("(b)(?<x>c)").captures | map(.name)"#, r#"[null,"x"]"#),
        (r#"match("b") | keys"#, r#"["captures","length","offset","string"]"#),
        (r#"capture(["(?<X>B)", "i"]), capture("(?<x>b)"; null)"#, r#"{"X":"b"} {"x":"b"}"#),
        (r#"[scan("B"; "i")], [scan("b"; null)], [scan("(b)(c)")]"#, r#"["b"] ["b"] [["b","c"]]"#),
    ] {
        assert_eq!(results(source, "\"abc\"").join(" "), expected, "{source}");
    }
}

#[test]
fn base64_needs_no_padding() {
    for (text, expected) in
        [("eyJhIjoxfQ", r#"{\"a\":1}"#), ("YWJj", "abc"), ("YWI", "ab"), ("YQ==", "a"), ("=", "")]
    {
        let expected = format!("\"{expected}\"");
        assert_eq!(results("@base64d", &format!("\"{text}\"")), [expected], "{text}");
    }
    for text in ["QUJDa", "Not base64"] {
        assert!(!failure("@base64d", &format!("\"{text}\"")).to_string().contains(text));
    }
}

#[test]
fn numbers_are_divided_as_in_jq() {
    for (source, expected) in [
        ("[.[] | (1 / .)?]", "[1,-1]"),
        ("[.[] | try (1 % .) catch \"none\"]", r#"[0,"none",0]"#),
        ("[5.9 % 2, -7 % 3, 7 % -3, 5 % 1e300, -5.5 % 2.9]", "[1,-1,1,5,-1]"),
        ("try (1 % 0.5) catch .", r#""cannot divide by zero""#),
        ("[(infinite, -infinite) % (1, -1, infinite)]", "[0,0,0,0,0,-1]"),
        (
            "[nan, 1 % nan, nan % 1 | isnan], (nan < nan), (infinite > 1e308)",
            "[true,true,true] true true",
        ),
        ("[0, -1, 0.5, 1.5, -0.5] | map(. * \"ab\")", r#"["",null,"","ab",null]"#),
        ("1425599621.999 | todate", r#""2015-03-05T23:53:41Z""#),
        ("1425599621 | todate | fromdate", "1425599621"),
    ] {
        assert_eq!(results(source, "[1, 0, -1]").join(" "), expected, "{source}");
    }
    let error = failure(".[0] / .[1]", "[1, 0]").to_string();
    assert_eq!(error, "the filter failed: cannot divide by zero");
}
