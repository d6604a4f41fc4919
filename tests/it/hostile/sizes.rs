//! Much text and many members, within a bound of memory.

use super::{can_be_edited, size, with_memory};
use crate::harness::Sandbox;

const MEGABYTE: usize = 1 << 20;

/// What the program takes without a document, in kilobytes.
const EMPTY: usize = if cfg!(feature = "schema") { 34 } else { 24 } << 10;

/// So many times `length` of memory beside what the program takes anyhow, in kilobytes.
fn memory(length: usize, times: f64) -> usize {
    EMPTY + (length as f64 * times / 1024.0) as usize
}

#[test]
fn a_long_string_is_set_read_and_passed_by() {
    let length = size(32, 100) * MEGABYTE;
    let text = "0123456789abcde\n".repeat(length / 16);
    let base = "{\"a\": 1}\n";
    let sandbox = Sandbox::with("f", base);
    sandbox.write("big", &text);
    // Less memory than the text takes: nothing happens, so that the bounds below mean something.
    let run = with_memory(&sandbox, memory(length, 1.0), ["set", "f", "s=@big"]);
    assert_ne!(run.code(), Some(0));
    assert_eq!(sandbox.read("f"), base);

    with_memory(&sandbox, memory(length, 6.0), ["set", "f", "s=@big"]).succeeds();
    let lines = length / 16;
    let written = sandbox.read("f");
    assert_eq!(written.len(), base.len() + length + lines + ", \"s\": \"\"".len());
    assert!(written.ends_with("89abcde\\n\"}\n"));
    let read = with_memory(&sandbox, memory(length, 4.5), ["get", "f", "s"]).succeeds();
    assert!(read.stdout().strip_suffix('\n') == Some(&*text), "another text was read");

    // What stands beside it does not make another copy.
    with_memory(&sandbox, memory(length, 1.5), ["set", "f", "a:=2"]).succeeds();
    with_memory(&sandbox, memory(length, 1.5), ["merge", "f", "{\"b\": [3]}"]).succeeds();
    with_memory(&sandbox, memory(length, 1.5), ["del", "f", "s"]).succeeds();
    assert_eq!(sandbox.read("f"), "{\"a\": 2, \"b\": [3]}\n");
}

#[test]
fn many_members_are_read_and_edited() {
    let count = size(100_000, 1_000_000);
    let members: Vec<String> = (0..count).map(|n| format!("\"k{n}\": {n}")).collect();
    let base = format!("{{\n  {}\n}}\n", members.join(",\n  "));
    let sandbox = Sandbox::with("f", &base);
    let run = |args: &[&str]| with_memory(&sandbox, memory(base.len(), 6.0), args).succeeds();
    let (first, middle, last) = ("k0".to_owned(), count / 2, format!("k{}", count - 1));
    run(&["get", "f", &first, &last]).prints(&format!("0\n{}\n", count - 1));
    run(&["set", "f", &format!("{last}:=null"), "new:=1"]);
    run(&["del", "f", &format!("k{middle}")]);
    run(&["merge", "f", "{\"k1\": null, \"k2\": \"two\"}"]);
    let expected = base
        .replace(
            &format!("\"{last}\": {}\n", count - 1),
            &format!("\"{last}\": null,\n  \"new\": 1\n"),
        )
        .replace(&format!("  \"k{middle}\": {middle},\n"), "")
        .replace("  \"k1\": 1,\n", "")
        .replace("\"k2\": 2,", "\"k2\": \"two\",");
    assert!(sandbox.read("f") == expected, "something else was changed");
    sandbox.run(["apply", "f", ".k0 += 7", "--timeout", "120"]).succeeds();
    assert!(sandbox.read("f") == expected.replace("\"k0\": 0,", "\"k0\": 7,"));
    can_be_edited(&sandbox);
}
