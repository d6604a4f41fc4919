//! Filters of strings, and of what is told by them.

use fastrand::Rng;

use super::filters::one;

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

const ATOMS: [&str; 36] = [
    "a",
    "b",
    "c",
    ".",
    "é",
    "\\w",
    "\\d",
    "\\s",
    "\\h",
    "[ab]",
    "[^a]",
    "\\b",
    "^",
    "$",
    "\\p{L}",
    "\\p{Ll}",
    "[[:upper:]]",
    "\\n",
    "A",
    "ß",
    "x",
    "1",
    "-",
    "\\<",
    "\\>",
    "\\Z",
    "\\z",
    "\\A",
    "\\B",
    "😀",
    "\\S",
    "\\W",
    "\\G",
    "K",
    "[à-ü]",
    "\\R",
];

fn expression(rng: &mut Rng, depth: usize) -> String {
    if depth == 0 || rng.f64() < 0.3 {
        return one(rng, &ATOMS).to_owned();
    }
    let inner = expression(rng, depth - 1);
    match rng.usize(..8) {
        0..3 => inner + &expression(rng, depth - 1),
        3 => format!("({inner})"),
        4 => {
            let open = ["?:", "?<n>", "?<m>", "?=", "?!", "?<=", "?<!", "?>", "?i:"];
            format!("({}{inner})", one(rng, &open))
        }
        5 => {
            let times = ["*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{,2}", "*+", "++"];
            format!("(?:{inner}){}", one(rng, &times))
        }
        6 => format!("{inner}|{}", expression(rng, depth - 1)),
        _ => inner + one(rng, &["\\1", "\\k<n>"]),
    }
}

pub fn regex(rng: &mut Rng) -> String {
    let depth = rng.usize(1..5);
    let re = quoted(&expression(rng, depth));
    let flags = [
        "null", "\"\"", "\"g\"", "\"gi\"", "\"gx\"", "\"gs\"", "\"gn\"", "\"gl\"", "\"gp\"",
        "\"i\"",
    ];
    let flags = one(rng, &flags);
    let call = match rng.usize(..9) {
        0 => format!("[match({re}; {flags})]"),
        1 => format!("test({re}; {flags})"),
        2 => format!("[capture({re}; {flags})]"),
        3 => format!("[scan({re}; {flags})]"),
        4 => format!("gsub({re}; \"<\\(.n)>\"; {flags})"),
        5 => format!("[gsub({re}; \"x\", .n)]"),
        6 => format!("sub({re}; .n // empty, \"y\"; {flags})"),
        7 => format!("[splits({re}; {flags})]"),
        _ => format!("[match([{re}, {flags}])]"),
    };
    format!("[.. | strings | {call}]")
}

const TEXTS: [&str; 8] = ["a", "", ", ", "é", "ab", " ", "1", "b c"];

pub fn string(rng: &mut Rng) -> String {
    let text = quoted(one(rng, &TEXTS));
    let plain = [
        "ascii_downcase",
        "ascii_upcase",
        "explode | implode",
        "length",
        "utf8bytelength",
        "trim",
        "ltrim",
        "rtrim",
        "tojson",
        "tostring",
        "tonumber",
        "fromjson",
        "[.[2:4], .[:-1], .[-2:]]",
        ". * 2",
        ". * 0.5",
        ". * -1",
        "explode",
        "ascii_downcase | explode",
        "tojson | fromjson",
        ".[1:] | length",
        "@json",
    ];
    let call = match rng.usize(..12) {
        0 => format!("split({text})"),
        1 => format!("ltrimstr({text})"),
        2 => format!("rtrimstr({text})"),
        3 => format!("startswith({text}), endswith({text})"),
        4 => format!("index({text}), rindex({text}), indices({text})"),
        5 => format!("contains({text}), inside({text})"),
        6 => format!(". + {text}, {text} + ."),
        7 => format!("(. / {text})"),
        8 => format!("trimstr({text})"),
        _ => one(rng, &plain).to_owned(),
    };
    let source = one(rng, &["strings", "strings", "scalars", "."]);
    format!("[.. | {source} | (try ({call}) catch \"none\")]")
}

pub fn format(rng: &mut Rng) -> String {
    let formats =
        ["@csv", "@tsv", "@sh", "@html", "@uri", "@urid", "@base64", "@base64d", "@json", "@text"];
    let format = one(rng, &formats);
    match rng.usize(..4) {
        0 => format!("[.. | try {format} catch \"none\"]"),
        1 => format!("[.[]? | try {format} \"<\\(.)&\\(.a?)>\" catch \"none\"]"),
        2 => format!("[.. | scalars | (try {format} catch \"none\") | length]"),
        _ => {
            format!("[.. | arrays | map(tostring) | try (join(\", \") | {format}) catch \"none\"]")
        }
    }
}

pub fn time(rng: &mut Rng) -> String {
    let formats = [
        "%Y-%m-%dT%H:%M:%SZ",
        "%A, %B %d, %Y",
        "%j %U %W %V %G %u %w",
        "%e %k %l %I %p",
        "%c",
        "%D %T",
        "%F %R",
        "%y %h %b %a",
        "%n%%",
        "%d/%m/%Y %r",
        "%X %x %Z %z",
        "%-d %_H %^a %0e",
    ];
    let format = quoted(one(rng, &formats));
    let seconds = rng.i64(-5_000_000_000..20_000_000_000);
    let parts: Vec<String> = (0..rng.usize(1..9))
        .map(|part| match part {
            0 => rng.i64(1000..3000).to_string(),
            _ => rng.i64(-30..70).to_string() + one(rng, &["", "", ".7"]),
        })
        .collect();
    let parts = parts.join(", ");
    match rng.usize(..7) {
        0 => format!("{seconds} | strftime({format})"),
        1 => format!("[{parts}] | strftime({format})"),
        2 => format!("[{parts}] | mktime, todate"),
        3 => format!("{seconds}.25 | gmtime, todate, (gmtime | mktime)"),
        // Weeks and flags are not read back.
        4 if !format.contains("%U") && !format.contains("%-") => {
            format!("{seconds} | strftime({format}) | try strptime({format}) catch \"none\"")
        }
        5 => format!("{seconds} | todate | fromdate"),
        _ => format!("[.. | try strptime({format}) catch \"none\"] | unique"),
    }
}
