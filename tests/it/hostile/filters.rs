//! Filters that do not end. The time limit bounds them, native functions included, and with them the
//! time that the lock is held; signals end them at once.

use super::can_be_edited;
use crate::harness::Sandbox;
use crate::system::{end_of, is_locked, until};
use std::process::Child;

const BASE: &str = "{\"a\": \"hunter2\"}";

/// They call a filter again and again.
const LOOPS: [&str; 6] = [
    "def f: f; f",
    "last(range(infinite))",
    "last(repeat(.))",
    "until(false; .)",
    "[range(1e10)]",
    "reduce range(1e10) as $i (\"\"; . + \"x\")",
];

/// They burn on in one native function, which no flag can stop.
const NATIVE: [&str; 4] = [
    "(\"a\" * 100000000) | test(\"(a?){50}a{50}b\")",
    "reduce range(60) as $i (7; . * .)",
    "(\"ab\" * 100000000) | indices(\"ab\")",
    "(\"a\" * 100000000) | [match(\"\"; \"g\")]",
];

fn all() -> impl Iterator<Item = &'static str> {
    LOOPS.into_iter().chain(NATIVE)
}

/// Starts an edit that does not end, and waits until the filter is running under the lock.
fn running(sandbox: &Sandbox, filter: &str, timeout: &str) -> Child {
    let child = sandbox.spawn(["apply", "f", filter, "--timeout", timeout]);
    let tasks = format!("/proc/{}/task", child.id());
    let is_filter = |task: std::fs::DirEntry| {
        std::fs::read_to_string(task.path().join("comm")).is_ok_and(|name| name == "filter\n")
    };
    until("the filter's thread", || {
        let tasks = std::fs::read_dir(&tasks).into_iter().flatten();
        tasks.filter_map(Result::ok).any(is_filter)
    });
    assert!(is_locked(&sandbox.path("f.lock")), "{filter} runs without the lock");
    child
}

#[test]
fn the_time_limit_ends_every_filter_and_frees_the_lock() {
    let scenes = all().map(|filter| {
        let sandbox = Sandbox::with("f", BASE);
        let child = running(&sandbox, filter, "0");
        // Has to wait for the lock, and gets it when the filter's time is over.
        let waiter = sandbox.spawn(["set", "f", "w=1", "--timeout", "60"]);
        (filter, sandbox, child, waiter)
    });
    for (filter, sandbox, child, waiter) in scenes.collect::<Vec<_>>() {
        let ended = end_of(child);
        // Not 75, which would say that trying again is sensible.
        assert_eq!(ended.code, Some(5), "{filter}: {}", ended.stderr);
        assert!(
            ended.stderr.contains("did not finish within 5 s; a longer time limit gives it more")
        );
        assert!(ended.stderr.contains("f was not changed"));
        assert!(!ended.stderr.contains("hunter2"));
        assert_eq!(end_of(waiter).code, Some(0), "{filter} kept the lock");
        assert_eq!(sandbox.read("f"), "{\"a\": \"hunter2\", \"w\": \"1\"}", "{filter}");
        can_be_edited(&sandbox);
    }
}

#[test]
fn signals_end_every_filter_at_once() {
    for (filter, (name, signal)) in all().zip([("INT", 2), ("TERM", 15), ("HUP", 1)].iter().cycle())
    {
        let sandbox = Sandbox::with("f", BASE);
        let child = running(&sandbox, filter, "inf");
        sandbox.shell(&format!("kill -{name} {}", child.id())).succeeds();
        let ended = end_of(child);
        assert_eq!(ended.signal, Some(*signal), "{filter}: {}", ended.stderr);
        assert_eq!(sandbox.read("f"), BASE, "{filter}");
        can_be_edited(&sandbox);
    }
}

/// It runs on the result, before the commit.
#[test]
fn a_filter_that_only_prints_is_bounded_too() {
    for command in [&["set", "f", "b=1"][..], &["apply", "f", ".b = 1"], &["del", "f", "a"]] {
        let sandbox = Sandbox::with("f", BASE);
        let print = ["--timeout=0", "--print=last(range(infinite))"];
        let run = sandbox.run(command.iter().chain(&print));
        run.exits_with(5).says("did not finish").says("f was not changed").prints("");
        assert_eq!(sandbox.read("f"), BASE);
        can_be_edited(&sandbox);
    }
}

#[test]
fn bombs_that_are_seen_coming_are_errors() {
    let sandbox = Sandbox::with("f", BASE);
    for (filter, says) in [
        ("\"x\" * 1e10", "too long"),
        (".a * infinite", "too long"),
        (".l[1e18] = 1", "out of bounds"),
        ("\"a\" * 60 + \"b\" | test(\"(a+)+$\")", "the regex fails"),
        ("\"x\" | test(\"a{1,1000000}\")", "the regex fails"),
        ("def f: [f]; f", "calls itself too deeply"),
        ("\"[\" * 1000000 | fromjson", "no deeper nesting"),
        ("[\"x\"] | implode", "failed"),
        ("repeat(.)", "more than one result"),
    ] {
        let run = sandbox.run(["apply", "f", filter, "--timeout", "60"]);
        run.exits_with(5).says(says).says("f was not changed").never_says("hunter2");
        assert_eq!(sandbox.read("f"), BASE);
    }
    can_be_edited(&sandbox);
}
