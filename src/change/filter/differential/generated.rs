//! Filters that are put together.

use proptest::prelude::*;

use super::{compile, difference};

const PATHS: [&str; 22] = [
    ".",
    ".a",
    ".a.b",
    ".a.b.c",
    ".a[0]",
    ".n",
    ".new",
    ".new.x",
    ".new[1]",
    ".items",
    ".items[0]",
    ".items[-1]",
    ".items[1:3]",
    ".items[]",
    ".items[].id",
    ".items[].tags",
    ".items[]?.meta?",
    ".[]",
    ".[]?",
    ".[0]",
    "(.. | numbers)",
    "(.. | select(type == \"array\"))",
];

const OPERATORS: [&str; 9] = ["=", "|=", "+=", "-=", "*=", "/=", "%=", "//=", "+="];

const VALUES: [&str; 8] =
    ["1", "\"x\"", "null", ".a", ".items", "[.items[0]?]", "{b: .a}", "empty"];

/// Each path with each operator and each value.
pub(super) fn updates() -> impl Iterator<Item = String> {
    let operators = OPERATORS
        .iter()
        .flat_map(|operator| VALUES.iter().map(move |value| format!("{operator} {value}")));
    let updates = operators.flat_map(|update| PATHS.map(|path| format!("{path} {update}")));
    updates.step_by(13).chain(PATHS.map(|path| format!("del({path})")))
}

fn path() -> impl Strategy<Value = String> {
    prop::sample::select(&PATHS[..]).prop_map(str::to_owned)
}

fn filter() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        3 => path(),
        1 => prop::sample::select(vec!["1", "null", "\"x\"", "[]", "{}", "keys?", "length?", "tojson",
            "reverse?", "sort?", "unique?", "to_entries?", "add?", "first?", "[.[]?]", "[..]", "-1"])
            .prop_map(str::to_owned),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        let pair = (inner.clone(), inner.clone());
        prop_oneof![
            pair.clone().prop_map(|(a, b)| format!("({a} | {b})")),
            pair.clone().prop_map(|(a, b)| format!("({a}, {b})")),
            (pair.clone(), prop::sample::select(vec!["+", "-", "*", "==", "<", "//", "and"]))
                .prop_map(|((a, b), operator)| format!("({a} {operator} {b})")),
            pair.clone().prop_map(|(a, b)| format!("{{x: {a}, y: {b}}}")),
            pair.clone().prop_map(|(a, b)| format!("(try ({a}) catch ({b}))")),
            pair.clone().prop_map(|(a, b)| format!("(if {a} then {b} else . end)")),
            pair.clone().prop_map(|(a, b)| format!("({a} as $x | {b} | [$x, .])")),
            pair.clone().prop_map(|(a, b)| format!("reduce ({a}) as $x (.; {b})")),
            (path(), inner.clone()).prop_map(|(path, f)| format!("({path} |= {f})")),
            (path(), inner.clone()).prop_map(|(path, f)| format!("({path} = {f})")),
            (path(), prop::sample::select(&PATHS[..])).prop_map(|(a, b)| format!("({a} += ({b}))")),
            path().prop_map(|path| format!("del({path})")),
            inner.clone().prop_map(|f| format!("map({f})?")),
            inner.clone().prop_map(|f| format!("map(select({f}))?")),
            inner.clone().prop_map(|f| format!("sort_by({f})?")),
            inner.clone().prop_map(|f| format!("group_by({f})?")),
            inner.clone().prop_map(|f| format!("with_entries({f})?")),
            inner.clone().prop_map(|f| format!("[limit(3; {f})]")),
            inner.prop_map(|f| format!("[{f}]")),
        ]
    })
}

fn document() -> impl Strategy<Value = String> {
    let blank = || prop::sample::select(vec!["", "", " ", "\n  "]);
    let scalar = prop::sample::select(vec![
        "0",
        "-0",
        "1",
        "1.0",
        "1e2",
        "12345678901234567890123",
        "2",
        "\"\"",
        "\"x\"",
        "\"\\u0078\"",
        "\"a\\/b\"",
        "\"\\ud800\"",
        "true",
        "false",
        "null",
        "[ ]",
        "{ }",
    ]);
    let value = scalar.prop_map(str::to_owned).prop_recursive(4, 40, 5, move |inner| {
        let key = prop::sample::select(vec!["a", "b", "c", "id", "items", "tags", "meta", "n"]);
        let element = (blank(), inner.clone()).prop_map(|(blank, value)| format!("{blank}{value}"));
        let member = (blank(), key, blank(), inner);
        prop_oneof![
            prop::collection::vec(element, 0..6).prop_map(|list| format!("[{}]", list.join(","))),
            prop::collection::vec(member, 0..6).prop_map(|mut list| {
                // Of a key that is there twice more is said elsewhere.
                let mut seen = Vec::new();
                list.retain(|member| {
                    let is_new = !seen.contains(&member.1);
                    seen.push(member.1);
                    is_new
                });
                let member = |(blank, key, after, value): &(&str, &str, &str, String)| {
                    format!("{blank}\"{key}\":{after}{value}")
                };
                format!("{{{}}}", list.iter().map(member).collect::<Vec<_>>().join(","))
            }),
        ]
    });
    (value.clone(), value)
        .prop_map(|(a, items)| format!("{{\"a\": {a}, \"n\": 3,\n \"items\": {items}}}"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn filters_put_together_do_the_same(source in filter(), text in document()) {
        let difference = difference(&compile(&source), &text);
        prop_assert!(difference.is_none(), "{source}\nof {text}\n{}", difference.unwrap_or_default());
    }
}
