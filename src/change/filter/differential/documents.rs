//! Documents on which the two ways are compared.

use std::fmt::Write;

const SMALL: [&str; 15] = [
    "null",
    " true ",
    "-0",
    "\"a\\u00e9\\/b\"",
    "[]",
    "{}",
    "[1, 2, [3, {\"a\": 4}], \"x\"]",
    "{ \"a\": { \"b\": { \"c\": [1, 2] } }, \"n\": 7, \"name\": \"alpha\", \"t\": true }",
    "{\"n\":1e400,\"name\":\"\",\"t\":null,\"a\":{\"b\":1},\"items\":{}}",
    "{\n  \"a\": {\"b\": {\"c\": {\"d\": 1}}, \"q\": [ ]},\n  \"n\": -1.50,\n  \"items\": [\n    \
     {\"id\": 3, \"tags\": [\"b\", \"a\"], \"meta\": {\"ok\": true}},\n    \
     { \"id\" : 1.0, \"tags\": [], \"meta\": {\"ok\": false, \"parent\": null} },\n    \
     {\"id\": 2, \"name\": \"a\\tb\"}\n  ]\n}\n",
    "{\"items\": [1, [2, 3], {\"id\": 2}, null, \"aXa\", [2,3], {\"id\":2.0}], \"a\": [1, 2]}",
    "{\"num\": [0, -0, 0.0, 1, 1.0, 10e-1, 1E5, 123456789012345678901234567890, 9007199254740993, \
     1e400, -1e400, 0.1, 1e-400], \"n\": 123456789012345678901}",
    "{\"str\": [\"\", \"\\u0000\\u001f\\u007f\", \"\u{7f}\", \"\\ud800\", \"\\ud83d\\ude00\", \"😀\", \
     \"\\\"\\\\\\/\\b\\f\\n\\r\\t\", \"é\", \"\\u00e9\", \"e\u{301}\", \"\\ude00\\ud83d\"], \
     \"keys\": {\"\": 1, \"\\u00e9\": 2, \"a b\": 3, \"\\\"\": 4, \"\\ud800\": 5}, \"name\": \"\\u0061b\"}",
    "{\"dup\": {\"x\": 1, \"y\": 2, \"\\u0078\": 3}, \"a\": [{\"k\": 1, \"k\": {\"l\": 1}}], \"n\": 1}",
    "{\"a\": 1, \"items\": [{\"id\": 1, \"id\": 2}, {\"id\": 1}], \"a\": {\"b\": [1]}, \"n\": 3, \"n\": 4}",
];

/// Documents of every kind.
pub(super) fn small() -> Vec<String> {
    let deep = format!("{{\"deep\": {}1{}, \"a\": 1}}", "[ ".repeat(60), "]".repeat(60));
    SMALL.iter().map(|text| (*text).to_owned()).chain([deep]).collect()
}

/// Documents with parts that are so large that they are passed over.
pub(super) fn large() -> Vec<String> {
    vec![
        format!(
            "{{\n  \"n\": 1,\n  \"items\": [{}\n  ],\n  \"a\": {{\"b\": {{\"c\": 5}}}}\n}}\n",
            items(60)
        ),
        format!(
            "{{\"a\":{{\"b\":[{}],\"q\":1}},\"items\":[{{\"id\":1}},{{\"id\": 1}}]}}",
            items(40)
        ),
        format!("[{}]", items(30)),
    ]
}

/// Elements, of which some are equal but for their layout.
fn items(count: usize) -> String {
    let mut items = String::new();
    for number in 0..count {
        let separator = if number == 0 { "" } else { "," };
        let (id, ok) = (number * 7 % 25, number % 3 == 0);
        let _ = match number % 4 {
            0 => write!(
                items,
                "{separator}\n    {{\n      \"id\": {id},\n      \"name\": \"package-{number}\",\n      \
                 \"tags\": [\n        \"a{id}\",\n        \"b\"\n      ],\n      \"meta\": {{\n        \
                 \"ok\": {ok},\n        \"parent\": null,\n        \"path\": \"/usr/lib/{number}/x\\/y\"\n      \
                 }}\n    }}"
            ),
            1 => write!(items, "{separator}\n    {{\"id\":{id}, \"meta\":{{\"ok\":{ok}}}}}"),
            2 => write!(items, "{separator} {{ \"id\" : {id}.0, \"tags\" : [ ] }}"),
            _ => write!(items, "{separator}\n    {{\"id\": 1,\"tags\": [\"\\u0061\", {number}]}}"),
        };
    }
    items
}
