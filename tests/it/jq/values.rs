//! Values on their way through a filter.

use jsonlock::{ErrorKind, Filter};

use super::{failure, result, results};

#[test]
fn numbers_keep_their_spelling() {
    for number in [
        "0",
        "-0",
        "-0.0",
        "1.0",
        "1.50",
        "1E5",
        "1e+5",
        "-1.5E-07",
        "1e400",
        "-1e-400",
        "12345678901234567890123",
        "-9223372036854775809",
        "0.1000000000000000055511151231257827",
    ] {
        assert_eq!(result(".", number), number);
        assert_eq!(result(".a", &format!("{{\"a\": {number}}}")), number);
        // jq spells exponents in its own way where a number becomes part of a string.
        let spelled = result("tojson | fromjson", number).to_lowercase().replace("e+", "e");
        assert!(number == spelled || number.contains(['e', 'E']), "{spelled}");
        assert_eq!(result("[., 1] | .[1] += 1 | .[0]", number), number);
    }
    let long = "9".repeat(100_000);
    assert_eq!(result(".", &long), long);
}

#[test]
fn computed_numbers_are_integers_if_they_can_be() {
    for (source, expected) in [
        (". + 1", "5"),
        (". / 2", "2"),
        (". / 8", "0.5"),
        ("1.5 + 0.5", "2"),
        ("1.0 + 0", "1"),
        ("9007199254740993 + 1", "9007199254740994"),
        ("9223372036854775807 + 1", "9223372036854775808"),
        ("0.1 + 0.2", "0.30000000000000004"),
        ("1e300 * 10", "1e+301"),
        ("-(1.0)", "-1.0"),
        ("0 * -1.5", "-0"),
        ("007, 00.5 | select(. > 1)", "7"),
        ("\"\\(. / 2)\"", "\"2\""),
        ("[10, 20, 30] | .[. | length / 2]", "20"),
        ("[1, 2, 3, 4] | .[0.5:2.5]", "[1,2,3]"),
    ] {
        assert_eq!(result(source, "4"), expected, "{source}");
    }
}

#[test]
fn strings_survive() {
    for string in [
        r#""""#,
        r#""\ud800""#,
        r#""a\udfffb\ud83d""#,
        r#""\udc00\ud800""#,
        r#""\"\\\b\f\n\r\t\u0000\u001f\u007f""#,
        "\"é€😀\u{fffd}\"",
    ] {
        assert_eq!(result(".", string), string);
        assert_eq!(result("tojson | fromjson", string), string);
        assert_eq!(result("{(.): 1} | keys[0]", string), string);
    }
    assert_eq!(result(".", r#""\u00e9\ud83d\ude00\/""#), "\"é😀/\"");
    assert_eq!(result(".[0] + .[1]", r#"["\ud83d", "\ude00"]"#), r#""\ud83d\ude00""#);
    assert_eq!(result("[255, 97] | tobytes | tostring", "null"), "\"\u{fffd}a\"");
}

#[test]
fn the_last_of_duplicate_keys_counts_where_the_first_stands() {
    assert_eq!(result(".", r#"{"a": 1, "b": 2, "a": 3}"#), r#"{"a":3,"b":2}"#);
}

#[test]
fn what_is_not_json_is_refused() {
    for text in [
        "",
        " ",
        "nul",
        "01",
        "1.",
        ".5",
        "+1",
        "-",
        "1e",
        "[1,]",
        "[1 2]",
        "{\"a\"}",
        "{a:1}",
        "{\"a\":1,}",
        "{1:2}",
        "\"",
        "\"\\x\"",
        "\"\\u12g4\"",
        "\"\\u12\"",
        "\"\n\"",
        "1 2",
        "NaN",
        "# 1\n1",
        "[",
        "{",
        "{\"a\":",
        "'a'",
    ] {
        let error = failure(".", text);
        assert_eq!(error.kind(), ErrorKind::InvalidJson, "{text}");
        assert!(error.to_string().starts_with("the input of the filter is not valid JSON"));
        // As in jq, a filter may read numbers from a string that are none in JSON.
        if !["01", "1.", ".5", "+1"].contains(&text) {
            let error = failure("fromjson", &serde_json::to_string(text).unwrap());
            assert_eq!(error.kind(), ErrorKind::Unfit, "{text}");
        }
    }
}

#[test]
fn a_result_that_json_has_no_words_for_is_refused() {
    for (source, what) in [
        ("nan", "NaN"),
        ("[1, -infinite]", "-Infinity"),
        ("1e308 * 10", "Infinity"),
        ("{a: (\"b\" | tobytes)}", "a byte string"),
        (
            "reduce range(10001) as $i (1; [.])",
            "a value that is nested more than 10,000 levels deep",
        ),
    ] {
        let error = failure(source, "null");
        assert_eq!(error.kind(), ErrorKind::Unfit);
        assert_eq!(error.to_string(), format!("the filter's result is not JSON: it holds {what}"));
    }
    assert_eq!(
        failure("{(1): 2}", "null").to_string(),
        "the filter failed: an object key cannot be a number"
    );
}

#[test]
fn all_results_are_given() {
    assert_eq!(results("empty", "1"), [""; 0]);
    assert_eq!(results(".[]", "[1, null, \"a\"]"), ["1", "null", "\"a\""]);
}

#[test]
fn one_result_is_one_result() {
    let run_one = |source| Filter::compile(source).unwrap().run_one("[1, 2]", &[], None);
    assert_eq!(run_one("length").unwrap(), "2");
    for (source, what) in [
        ("empty", "no result"),
        (".[]", "more than one result"),
        ("repeat(.)", "more than one result"),
    ] {
        let error = run_one(source).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unfit);
        assert_eq!(
            error.to_string(),
            format!("the filter gives {what}, and exactly one is needed")
        );
    }
}
