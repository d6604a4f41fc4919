//! Documents that are put together at random: nulls, holes, duplicates, odd strings and odd numbers.

use fastrand::Rng;

const SCALARS: [&str; 40] = [
    "null",
    "true",
    "false",
    "0",
    "1",
    "2",
    "-1",
    "1.5",
    "-1.5",
    "2.5",
    "1.0",
    "1.10",
    "-0",
    "1e3",
    "1e-5",
    "0.0001",
    "65",
    "3",
    "\"\"",
    "\"a\"",
    "\"abc\"",
    "\"aab\"",
    "\"a,b, c\"",
    "\"é\"",
    "\"éaé\"",
    "\"aé😀b\"",
    "\"Aa1 é-\\n\"",
    "\"a\\nb\\n\"",
    "\" x \"",
    "\"+5\"",
    "\".5\"",
    "\"1e3\"",
    "\"2015-03-05T23:51:47Z\"",
    "\"YWJj\"",
    "\"YWI\"",
    "\"<&'\\\">\"",
    "\"%41%20\"",
    "\"a'b\\\\\"",
    "\"xxKk ßSS\"",
    "\"[1,{}]\"",
];

const KEYS: [&str; 9] = ["a", "b", "c", "key", "value", "name", "id", "é", "a b"];

/// Compact JSON without a line break.
pub fn document(rng: &mut Rng) -> String {
    match rng.usize(..8) {
        0 => scalar(rng),
        1 => format!("[{},{0}]", value(rng, 1)),
        _ => value(rng, 3),
    }
}

fn scalar(rng: &mut Rng) -> String {
    match rng.usize(..6) {
        0 => rng.i64(-1000..1000).to_string(),
        1 => format!("{}.{}", rng.i64(-99..99), rng.u32(1..999)),
        _ => SCALARS[rng.usize(..SCALARS.len())].to_owned(),
    }
}

fn value(rng: &mut Rng, depth: usize) -> String {
    if depth == 0 {
        return scalar(rng);
    }
    let count = rng.usize(..5);
    if rng.bool() {
        let values: Vec<String> = (0..count).map(|_| some(rng, depth)).collect();
        return format!("[{}]", values.join(","));
    }
    let mut keys = KEYS;
    rng.shuffle(&mut keys);
    let members = keys[..count].iter().map(|key| format!("\"{key}\":{}", some(rng, depth)));
    format!("{{{}}}", members.collect::<Vec<_>>().join(","))
}

fn some(rng: &mut Rng, depth: usize) -> String {
    let depth = rng.usize(..depth);
    value(rng, depth)
}
