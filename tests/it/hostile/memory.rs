//! Memory that runs out. Rust ends the program then, which loses nothing: the document is published
//! whole or not at all, the kernel frees the lock, and the next edit cleans up.

use super::{can_be_edited, with_memory};
use crate::harness::Sandbox;
use crate::system::{Ended, end_of};

/// Runs an edit with less and less memory: from what the program takes to start, and this much more, to
/// too little to begin with.
fn sweep(args: &[&str], more: usize, step: usize) {
    let base = format!("{{\"a\": 1, \"s\": \"{}\"}}", "x".repeat(1 << 20));
    let sandbox = Sandbox::with("f", &base);
    sandbox.write("value", "y".repeat(1 << 20));
    sandbox.run(args).succeeds();
    let new = sandbox.read("f");
    let (mut done, mut failed) = (0, 0);
    let least = least_to_start(&sandbox);
    for steps in (0..=more / step + 2).rev() {
        let kilobytes = (least + steps * step).saturating_sub(2 * step).max(1);
        sandbox.write("f", &base);
        let run = with_memory(&sandbox, kilobytes, args);
        let result = sandbox.read("f");
        if run.code() == Some(0) {
            assert!(result == new, "with {kilobytes} kB\n{run}");
            done += 1;
        } else {
            // Whoever is killed by it may have published already.
            let is_new = run.code().is_none() && result == new;
            assert!(result == base || is_new, "changed, with {kilobytes} kB\n{run}");
            failed += 1;
        }
        let args = ["set", "f", "next=edit", "--timeout", "0", "--durability=none"];
        sandbox.run(args).succeeds();
        assert_eq!(sandbox.names(), ["f", "f.lock", "value"], "with {kilobytes} kB\n{run}");
    }
    assert!(done > 2 && failed > 2, "{done} done, {failed} failed from {least} kB on");
}

/// How many kilobytes of addresses the program takes to get to its first line, which depends on how it
/// was built.
fn least_to_start(sandbox: &Sandbox) -> usize {
    let starts =
        |kilobytes: &usize| with_memory(sandbox, *kilobytes, ["--version"]).code() == Some(0);
    (1..1024).map(|megabytes| megabytes << 10).find(starts).unwrap()
}

#[test]
fn an_edit_that_runs_out_of_memory_loses_nothing() {
    sweep(&["set", "f", "s=@value", "--durability=none"], 20 << 10, 512);
}

#[test]
fn a_filter_that_runs_out_of_memory_loses_nothing() {
    // The stack of a filter takes 256 MB of addresses, of which few are used.
    sweep(&["apply", "f", ".s += .s", "--durability=none"], 320 << 10, 8 << 10);
}

/// How a filter ends that has a gigabyte.
fn with_a_gigabyte(sandbox: &Sandbox, filter: &str) -> Ended {
    let mut command = super::limited(sandbox, 1 << 20, ["apply", "f", filter, "--timeout", "60"]);
    command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
    end_of(command.spawn().unwrap())
}

#[test]
fn a_filter_that_eats_memory_is_ended_and_nothing_else() {
    let base = "{\"a\": \"hunter2\"}";
    for filter in [
        "[] | .[536870911] = 1",
        "\"x\" * 500000000 | . + . + . + . | length",
        "[range(100) | \"x\" * 100000000] | length",
        "\"x\" * 900000000 | explode | length",
    ] {
        let sandbox = Sandbox::with("f", base);
        let ended = with_a_gigabyte(&sandbox, filter);
        assert_eq!((ended.code, ended.signal), (None, Some(6)), "{filter}: {}", ended.stderr);
        assert!(!ended.stderr.contains("hunter2"), "{}", ended.stderr);
        assert_eq!(sandbox.read("f"), base);
        can_be_edited(&sandbox);
    }
}

/// How deep a value may be before dropping it takes more than the stack depends on how the program
/// was built. What must hold is the same either way.
#[test]
fn a_value_that_is_too_deep_for_the_stack_is_no_harm_to_the_document() {
    let base = "{\"a\": 1}";
    let sandbox = Sandbox::with("f", base);
    let filter = "reduce range(1000000) as $i (null; [.]) | error(\"after all\")";
    let ended = with_a_gigabyte(&sandbox, filter);
    assert!(ended.signal == Some(6) || ended.code == Some(5), "{}", ended.stderr);
    assert_eq!(sandbox.read("f"), base);
    can_be_edited(&sandbox);
}

/// Where addresses are limited, a filter's thread has to do with a smaller stack.
#[test]
fn a_filter_needs_no_more_addresses_than_there_are() {
    for (kilobytes, filter) in [
        (200_000, ".a += 1"),
        (200_000, "[.a, .b] | map(. + 1) | {a: .[0], b: 2}"),
        (200_000, ".a = (reduce range(10) as $i (.a; . + 1) - 9)"),
        (160_000, "def add_one: . + 1; .a |= add_one"),
    ] {
        let sandbox = Sandbox::with("f", "{\"a\": 1, \"b\": 2}\n");
        with_memory(&sandbox, kilobytes, ["apply", "f", filter]).succeeds();
        assert!(sandbox.read("f").contains("\"a\": 2"), "{filter}: {}", sandbox.read("f"));
        let deep = "[recurse(if . < 100000 then . + 1 else empty end)] | length";
        let run = with_memory(&sandbox, kilobytes, ["get", "f", "--jq", &format!(".b | {deep}")]);
        assert_ne!(run.code(), None, "{filter}\n{run}");
    }
}
