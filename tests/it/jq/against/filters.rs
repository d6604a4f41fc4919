//! Filters that are put together at random, by what they are about.

use fastrand::Rng;

use super::texts::{format, regex, string, time};

/// What a filter can be about, and what makes one.
pub type Area = (&'static str, fn(&mut Rng) -> String);

pub const AREAS: [Area; 10] = [
    ("regexes", regex),
    ("strings", string),
    ("formats", format),
    ("numbers", number),
    ("times", time),
    ("lists", list),
    ("streams", stream),
    ("logic", logic),
    ("compositions", composition),
    ("updates", update),
];

pub fn one<'t>(rng: &mut Rng, of: &[&'t str]) -> &'t str {
    of[rng.usize(..of.len())]
}

fn number(rng: &mut Rng) -> String {
    let functions = [
        "floor",
        "ceil",
        "round",
        "trunc",
        "fabs",
        "abs",
        "sqrt",
        "nearbyint",
        "rint",
        "significand",
        "logb",
        "frexp",
        "modf",
        "tostring",
        "tojson",
        "-.",
        ". + 0.1",
        ". * 3",
        ". / 7",
        ". % 5",
        "5 % .",
        "1 / .",
        ". - 1e3",
        "isnormal",
        "isinfinite",
        "isnan",
        "length",
        "pow(.; 2)",
        "fmin(.; 2)",
        "fmax(.; 2)",
        "ldexp(.; 2)",
        "scalb(.; 2)",
        "scalbln(.; -3)",
        "drem(.; 3)",
        "copysign(1; .)",
        "fma(.; 2; 1)",
        "fmod(.; 3)",
        "[limit(.; 1, 2, 3)]",
        "[skip(.; 1, 2, 3)]",
        "[range(0; 3; .)] | length",
        "nth(.; 1, 2)",
        "tojson | fromjson",
        ". * 1e17 | tojson",
        ". / 1e9 | tojson",
        ". == 1, . < 2",
        "[1, 2, 3][fabs]?",
        "\"ab\" * .",
        "-. | tostring",
        "toboolean",
        "tonumber",
        "flatten(.)",
        "[.] | implode",
    ];
    // Large numbers, of which jq loses digits, and endless counts are left out.
    let first = one(rng, &functions);
    format!("[.. | numbers | select(fabs < 1e5) | try ({first}) catch \"none\"]")
}

const KEYS: [&str; 8] =
    [".a?", ".", "type", "length?", ".[0]?", "tojson", ".a?, .b?", "(numbers, 0)"];

fn list(rng: &mut Rng) -> String {
    let key = one(rng, &KEYS);
    let plain = [
        "sort",
        "unique",
        "reverse",
        "min, max",
        "add",
        "flatten",
        "flatten(1)",
        "any, all",
        "transpose",
        "to_entries",
        "from_entries",
        "keys, length",
        "with_entries(.value |= tojson)",
        "combinations",
        "first, last",
        "map(has(0)?)",
        "map(in([1, 2])?)",
        "index(1), rindex(1), indices(1)",
        "indices([1, 2])",
        "tostream",
        "join(\"-\")",
        "implode",
        "map(arrays | contains([1]))",
        "sort | bsearch(1)",
        "[paths]",
        "[getpath(paths)]",
        "walk(numbers |= 1)",
        "map_values(type)",
        "[.[] | tostring] | add",
        "group_by(type)",
        "map(. * {a: {b: 1}}?)",
        "map(tojson) | join(null)",
        "@json",
        "any(.[]; . == 1), all(.[]; . != null)",
        "has(0, 5)",
        "has(\"a\", \"q\")",
    ];
    let call = match rng.usize(..12) {
        0 => format!("sort_by({key})"),
        1 => format!("group_by({key})"),
        2 => format!("unique_by({key})"),
        3 => format!("min_by({key}), max_by({key})"),
        4 => format!("INDEX({key} | tostring)"),
        5 => format!("[.[] | select([{key}] | any)]"),
        6 => format!("map({key})"),
        _ => one(rng, &plain).to_owned(),
    };
    format!("[.. | iterables | select(length < 8) | try ({call}) catch \"none\"]")
}

fn stream(rng: &mut Rng) -> String {
    let source =
        one(rng, &[".[]?", "..", "range(5)", "(1, 2, 3)", "tostream", "empty", "repeat(1; 2)"]);
    let source = if source.starts_with("repeat") { "limit(4; repeat(1))" } else { source };
    let count = one(rng, &["0", "1", "2", "1.5", "-1", "null", "\"a\"", "100"]);
    let calls = [
        "limit(N; S)",
        "skip(N; S)",
        "nth(N; S)",
        "first(S)",
        "last(S)",
        "isempty(S)",
        "until(true; S)",
        "add(S)",
        "fromstream(tostream)",
        "fromstream(1 | truncate_stream(2; S))",
        "any(S; . == 1)",
        "all(S; . != null)",
        "label $f | S | ., break $f",
        "reduce S as $x (0; . + 1)",
        "foreach S as $x (0; . + 1; [$x, .])",
        "IN(S)",
        "limit(3; S | tojson)",
        "[S] | tojson",
        "range(N)",
        "range(0; 3; N)",
        "first(skip(1; S))",
        "[limit(2; S)] | add",
        "try error(first(S)) catch .",
        "[S | numbers] | add",
        "input_line_number | type",
    ];
    let call = one(rng, &calls).replace('N', count).replace('S', source);
    let call =
        call.replace("1 | truncate_stream(2; ", "1 | truncate_stream(").replace("IN(", "any(. == ");
    match rng.bool() {
        true => format!("[{call}]"),
        false => format!("[.[]? | try ({call}) catch \"none\"]"),
    }
}

const OPERANDS: [&str; 16] = [
    ".", ".a?", ".b?", "1", "0", "null", "\"a\"", "[1]", "{a: 1}", "true", "false", "length?",
    "2.5", "[.[]?]", "-1", "type",
];

fn logic(rng: &mut Rng) -> String {
    fn term(rng: &mut Rng, depth: usize) -> String {
        if depth == 0 {
            return one(rng, &OPERANDS).to_owned();
        }
        let (left, right) = (term(rng, depth - 1), term(rng, depth - 1));
        let operators =
            ["+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "and", "or", "//"];
        match rng.usize(..6) {
            0 => format!("(if {left} then {right} else . end)"),
            // What a failure of ours says is in other words.
            1 => format!("(try ({left}) catch (\"caught\" | {right}))"),
            _ => format!("({left} {} {right})", one(rng, &operators)),
        }
    }
    let depth = rng.usize(1..4);
    let made = term(rng, depth);
    format!("[.., .[]? | try ({made}) catch \"none\"]")
}

fn composition(rng: &mut Rng) -> String {
    let steps = [
        ".[]?",
        ".a?",
        "..",
        "tojson",
        "keys?",
        "length?",
        "map(.)?",
        "select(. != null)",
        "[.]",
        "{a: .}",
        "to_entries?",
        "add?",
        "first(.[]?)",
        "tostring",
        "type",
        "[.[]?] | reverse",
        "{(type): .}",
        "[., .a?]",
        "\"<\\(.)>\"",
        ". as $x | [$x, $x]",
        "sort?",
        "unique?",
        "if type == \"array\" then .[0] else . end",
        "reduce .[]? as $x (null; . + 1)",
        "[limit(2; .[]?)]",
        "not",
        "arrays",
        "objects",
        "scalars",
        "tojson | fromjson",
        "tostream",
        "[paths]",
        "explode?",
        "ascii_downcase?",
        "(.a, .b)?",
        ". == .",
        "has(\"a\")?",
        "@json",
        "@text",
    ];
    let count = rng.usize(2..6);
    let steps: Vec<&str> = (0..count).map(|_| one(rng, &steps)).collect();
    format!("[limit(50; {})]", steps.join(" | "))
}

fn update(rng: &mut Rng) -> String {
    let paths = [
        ".a",
        ".a.b",
        ".[0]",
        ".[]?",
        ".[]?.a?",
        "(.. | .a? | strings)",
        ".a[1:3]",
        ".[-1]",
        "(.a, .b)",
        "first(.a, .b)",
        "(.. | numbers)",
        "(.[]? | select(. == 1))",
        "getpath([\"a\", \"c\"])",
        "(.a // .b)",
        ".a[]?",
        "(.a | values)",
    ];
    let path = one(rng, &paths);
    let values =
        ["1", "null", "\"x\"", ".", ".a?", "[.]", "{b: .}", "empty", "(1, 2)", "length?", "tojson"];
    let value = one(rng, &values);
    let operator = one(rng, &["=", "|=", "+=", "-=", "*=", "//=", "/="]);
    match rng.usize(..4) {
        0 => format!("del({path})"),
        1 => format!("try ({path} {operator} {value}) catch \"none\""),
        2 => format!("({path} |= {value})"),
        _ => format!("[.[]? | try ({path} {operator} {value}) catch \"none\"]"),
    }
}
