//! What filters can say.

use jsonlock::ErrorKind;

use super::{failure, result, results};

#[test]
fn assignments_make_what_is_missing() {
    for (source, input, expected) in [
        (".next += 1", "null", r#"{"next":1}"#),
        (".a.b.c = 1", "{}", r#"{"a":{"b":{"c":1}}}"#),
        (".a[2] = 1", "{}", r#"{"a":[null,null,1]}"#),
        (".[. | length] = 9", "[1, 2]", "[1,2,9]"),
        (".[1:] = [9]", "null", "[9]"),
        (".[1:3] = [\"x\"]", "[0, 1, 2, 3]", "[0,\"x\",3]"),
        (".[-1] += 1", "[0, 1]", "[0,2]"),
        (".a |= empty", "null", "null"),
        (".a // \"d\"", "null", "\"d\""),
        ("setpath([\"a\", 1]; 5)", "null", r#"{"a":[null,5]}"#),
        ("getpath([\"a\", \"b\"])", "null", "null"),
        (".[] += 1", r#"{"a": 1, "b": 2}"#, r#"{"a":2,"b":3}"#),
        (".. |= (numbers |= . + 1)", "[1, [2]]", "[2,[3]]"),
    ] {
        assert_eq!(result(source, input), expected, "{input} | {source}");
    }
    for (source, input, expected) in [
        (".a = 1", "[]", "cannot index an array with \"a\""),
        (".[0] = 1", "{}", "cannot index an object with a number"),
        (".[-3] = 1", "[0, 1]", "an array index is out of bounds"),
        (".[1e12] = 1", "[]", "an array index is out of bounds"),
        (".[1:] = 1", "[]", "a slice can only be assigned an array"),
        (".[] = 1", "null", "cannot iterate over null"),
        (".[0]", "{}", "cannot index an object with a number"),
    ] {
        let error = failure(source, input).to_string();
        assert_eq!(error, format!("the filter failed: {expected}"), "{input} | {source}");
    }
}

#[test]
fn what_is_deleted_leaves_the_rest_in_order() {
    let members = r#"{"a": 1, "b": 2, "c": 3, "d": 4}"#;
    for (source, expected) in [
        ("del(.b)", r#"{"a":1,"c":3,"d":4}"#),
        (".b |= empty", r#"{"a":1,"c":3,"d":4}"#),
        ("del(.a, .c, .x)", r#"{"b":2,"d":4}"#),
        ("delpaths([[\"d\"], [\"a\"]])", r#"{"b":2,"c":3}"#),
        ("with_entries(select(.value > 2))", r#"{"c":3,"d":4}"#),
        ("del(.[] | select(. < 4))", r#"{"d":4}"#),
        ("del(.)", "null"),
    ] {
        assert_eq!(result(source, members), expected, "{source}");
    }
    for (source, expected) in [
        ("del(.[0, 1])", "[3,[4,5],6]"),
        ("del(.[-1], .[4])", "[1,2,3,[4,5]]"),
        ("del(.[1:3], .[3][0])", "[1,[5],6]"),
        ("del(.[10])", "[1,2,3,[4,5],6]"),
        ("del(.. | numbers | select(. > 2))", "[1,2,[]]"),
        ("map(select(type == \"number\"))", "[1,2,3,6]"),
    ] {
        assert_eq!(result(source, "[1, 2, 3, [4, 5], 6]"), expected, "{source}");
    }
    assert_eq!(failure("del(.[\"a\"])", "[1]").kind(), ErrorKind::Unfit);
}

#[test]
fn the_library_is_that_of_jq() {
    for (source, expected) in [
        ("[1, 2] | @csv, @json, @text", r#""1,2" "[1,2]" "[1,2]""#),
        (
            r#"["a\"b\tc\\", null, true] | @csv, @tsv"#,
            r#""\"a\"\"b\tc\\\",,true" "a\"b\\tc\\\\\t\ttrue""#,
        ),
        (r#"@base64 "\("hi")", ("aGk=" | @base64d)"#, r#""aGk=" "hi""#),
        (r#"@uri "?q=\("a b&c")", ([1, "it's"] | @sh)"#, r#""?q=a%20b%26c" "1 'it'\\''s'""#),
        (r#""a, b" | splits(", ")"#, r#""a" "b""#),
        (
            r#""test" | test("T"; "i"), sub("t"; "x"), gsub("(?<l>[te])"; "<\(.l)>")"#,
            r#"true "xest" "<t><e>s<t>""#,
        ),
        (
            r#""2015-03-05T23:51:47Z" | fromdate, (fromdate | strftime("%Y %b")), (strptime("%Y-%m-%dT%H:%M:%SZ") | mktime)"#,
            r#"1425599507 "2015 Mar" 1425599507"#,
        ),
        (
            r#"[{name: "b", Value: 2}, {Key: "a", value: null}] | from_entries"#,
            r#"{"b":2,"a":null}"#,
        ),
        (r#"[1, null, "a"] | join(",")"#, r#""1,,a""#),
        (
            "[3, 1, 2] | sort, min, max, add, (sort_by(-.) | .[0]), group_by(. > 1)",
            "[1,2,3] 1 3 6 3 [[1],[3,2]]",
        ),
        ("[limit(3; repeat(1))], first(range(5; 9)), [range(0; 10; 4)]", "[1,1,1] 5 [0,4,8]"),
        (
            r#""a" * 3.0, 1e1 * "a", "a" * 2.9, "a" * 0.5, "a" * -1"#,
            r#""aaa" "aaaaaaaaaa" "aa" "" null"#,
        ),
        ("[inputs], input_filename", "[] null"),
        (r#"{a: [1, {b: 2}]} | [paths | length], [paths(scalars)][1]"#, r#"[1,2,2,3] ["a",1,"b"]"#),
        (
            r#"{"a": "ab"} | has("a"), contains({a: "b"}), ("b" | inside("abc")), IN({a: "ab"})"#,
            "true true true true",
        ),
        (
            r#"[1, 2, 1] | index(1), rindex(1), indices([1, 2]), (bsearch(0) | . < 0)"#,
            "0 2 [0] true",
        ),
        (
            r#""aéa" | length, utf8bytelength, indices("a"), ltrimstr("a"), ascii_upcase, explode"#,
            r#"3 4 [0,2] "éa" "AéA" [97,233,97]"#,
        ),
        (r#"now | type, (gmtime | length)"#, r#""number" 8"#),
        (
            "try error(\"x\") catch ., (try error({a: 1}) catch .a), (.a? // 2), ([.[]?] | length)",
            r#""x" 1 2 0"#,
        ),
        ("label $out | 1, break $out, 2", "1"),
        ("reduce range(5) as $i (0; . + $i), [foreach (1, 2) as $x (0; . + $x)]", "10 [1,3]"),
        (
            "[.[]?, walk(.), ([[1, [2]]] | flatten, flatten(1)), ([] | flatten(1))]",
            "[null,[1,2],[1,[2]],[]]",
        ),
        ("INDEX({id: 1}, {id: 2}; .id) | keys", r#"["1","2"]"#),
        ("def f($n): if $n > 0 then f($n - 1) else \"done\" end; f(100000)", r#""done""#),
    ] {
        assert_eq!(results(source, "null").join(" "), expected, "{source}");
    }
}
