//! Proves that another program can change the document, and that it is changed by what the program
//! prints in full or not at all.

use crate::harness::{JSONLOCK, Run, Sandbox, is_long, skip};
use crate::system::{Held, can_trace, end_of, is_locked, until};
use crate::tracing::calls;
use std::thread;

const OLD: &str = "{\"a\": \"s3cret\"}\n";

fn filter(sandbox: &Sandbox, script: &str) -> Run {
    sandbox.run(["filter", "f", "--", "sh", "-c", script])
}

#[test]
fn what_the_command_prints_becomes_the_document() {
    let sandbox = Sandbox::with("f", OLD);
    filter(&sandbox, "sed s/s3cret/new/").succeeds().prints_nothing();
    assert_eq!(sandbox.read("f"), "{\"a\": \"new\"}\n");
    // How it is laid out is up to the command, to the last byte.
    for text in ["{ \"a\":1.0,\\r\\n\\t\"b\" : [ ] }", " [1,2 ]\\n\\n", "\\357\\273\\2771"] {
        filter(&sandbox, &format!("printf '{text}'")).succeeds();
        let expected = sandbox.shell(&format!("printf '{text}'")).stdout();
        assert_eq!(sandbox.read("f"), expected);
    }
    let inode = crate::system::inode(&sandbox.path("f"));
    filter(&sandbox, "cat").succeeds();
    assert_eq!(crate::system::inode(&sandbox.path("f")), inode, "an equal text is no change");
}

#[test]
fn a_missing_document_is_empty() {
    let sandbox = Sandbox::new();
    filter(&sandbox, "test -z \"$(cat)\" && echo '[1]'").succeeds();
    assert_eq!(sandbox.read("f"), "[1]\n");
    let run = sandbox.run(["filter", "g", "--no-create", "--", "touch", "ran"]);
    run.exits_with(66).says("g was not changed");
    assert_eq!(sandbox.names(), ["f", "f.lock"]);
}

#[test]
fn a_command_that_fails_changes_nothing_and_its_status_is_passed_on() {
    let sandbox = Sandbox::with("f", OLD);
    for (script, code, ending) in [
        ("echo 1; exit 7", 7, "sh failed with exit status 7; f was not changed"),
        ("echo 1; kill -KILL $$", 137, "sh was ended by signal 9 (SIGKILL); f was not changed"),
        ("nonesuch", 127, "sh failed with exit status 127; f was not changed"),
    ] {
        filter(&sandbox, script).exits_with(code).prints("").says(ending);
        assert_eq!(sandbox.read("f"), OLD);
    }
    let run = sandbox.run(["filter", "f", "--", "nonesuch"]).exits_with(127);
    run.says("cannot run nonesuch").says("f was not changed");
    sandbox.run(["filter", "f", "--", "./f"]).exits_with(126).says("f was not changed");
    sandbox.run(["filter", "f"]).exits_with(2);
    assert_eq!(sandbox.names(), ["f", "f.lock"]);
}

#[test]
fn what_is_not_one_json_value_is_refused_and_not_shown() {
    let sandbox = Sandbox::with("f", OLD);
    for output in ["", "\\n", "{\"a\": \"s3cret\"", "1 2", "{\"a\": \"s3cret\",}", "\\377"] {
        let run = filter(&sandbox, &format!("printf '{output}'")).exits_with(65);
        run.says("the output of sh").says("f was not changed").never_says("s3cret");
        assert_eq!(sandbox.read("f"), OLD);
    }
}

/// Neither waits for the other: a document is larger than a pipe in both directions.
#[test]
fn the_command_reads_and_prints_as_it_likes() {
    let large = format!("[\"{}\"]", "x".repeat(1 << 20));
    let sandbox = Sandbox::with("f", &large);
    filter(&sandbox, "cat").succeeds();
    assert_eq!(sandbox.read("f"), large);
    filter(&sandbox, "tr -d x").succeeds();
    assert_eq!(sandbox.read("f"), "[\"\"]");
    sandbox.write("f", &large);
    filter(&sandbox, "echo '{}'").succeeds();
    assert_eq!(sandbox.read("f"), "{}\n");
}

/// Half of an output could be a document, too.
#[test]
fn the_output_is_waited_for_when_the_command_leaves_it_to_others() {
    let sandbox = Sandbox::with("f", OLD);
    sandbox.shell("mkfifo go").succeeds();
    let script = "printf 1; echo $$ > pid.new; mv pid.new pid; (read line < go; printf 2) &";
    let child = sandbox.spawn(["filter", "f", "--", "sh", "-c", script]);
    until("the end of the command", || {
        let pid = sandbox.path("pid").exists().then(|| sandbox.read("pid"));
        let stat = pid.map(|pid| std::fs::read_to_string(format!("/proc/{}/stat", pid.trim())));
        stat.is_some_and(|stat| stat.map_or(true, |stat| stat.contains(") Z ")))
    });
    assert_eq!(sandbox.read("f"), OLD);
    sandbox.shell("echo > go").succeeds();
    assert_eq!(end_of(child).code, Some(0));
    assert_eq!(sandbox.read("f"), "12");
}

#[test]
fn it_is_an_edit_like_others() {
    let sandbox = Sandbox::with("f", "{\"n\": 1}\n");
    let run = |options: &[&str]| {
        let args = [&["filter", "f"], options, &["--", "sed", "s/[0-9]/2/"]].concat();
        sandbox.run(args)
    };
    run(&["--if", ".n > 1"]).exits_with(76).says("f was not changed");
    run(&["--check", ".n < 2"]).exits_with(78).says("f was not changed");
    run(&["--if-match", "other"]).exits_with(76);
    run(&["--dry-run"]).succeeds().prints("{\"n\": 2}\n");
    assert_eq!(sandbox.read("f"), "{\"n\": 1}\n");
    run(&["--print=.n - $old.n"]).succeeds().prints("1\n");
    let report = run(&["--report", "--optimistic"]).succeeds().stdout();
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    assert_eq!((&report["changed"], &report["attempts"]), (&false.into(), &1.into()));
}

#[test]
fn the_lock_is_held_while_the_command_runs_unless_it_is_optimistic() {
    let sandbox = Sandbox::with("f", "{}");
    let probe = "flock -n f.lock true && echo '\"free\"' || echo '\"held\"'";
    filter(&sandbox, probe).succeeds();
    assert_eq!(sandbox.read("f"), "\"held\"\n");
    sandbox.run(["filter", "f", "--optimistic", "--", "sh", "-c", probe]).succeeds();
    assert_eq!(sandbox.read("f"), "\"free\"\n");
    // The lock may be held meanwhile by whoever does not change the document.
    let held = Held::new(&sandbox.path("f.lock"));
    let mut command = sandbox.command(["filter", "f", "--optimistic", "--timeout", "0"]);
    command.args(["--", "sh", "-c", "echo > ran; cat"]);
    sandbox.run_command(command).exits_with(75);
    assert!(sandbox.path("ran").exists());
    held.release();
}

#[test]
fn a_document_that_changes_meanwhile_is_filtered_again() {
    let sandbox = Sandbox::with("f", "{\"n\": 0}");
    // The first time somebody is quicker.
    let script = format!(
        "text=$(cat); test -e once || {{ touch once; {JSONLOCK} set f other=1; }}
         echo \"$text\" | sed 's/0/1/'"
    );
    let mut command = sandbox.command(["filter", "f", "--optimistic", "--report"]);
    command.args(["--", "sh", "-c", &script]);
    let report = sandbox.run_command(command).succeeds().stdout();
    assert!(report.contains("\"attempts\":2"), "{report}");
    assert_eq!(sandbox.json("f"), serde_json::json!({"n": 1, "other": "1"}));
}

/// A program that is always quicker, and the arguments of a filter that it makes fail.
const ALWAYS: &str =
    "echo x >> runs; wc -l < runs | sed 's/.*/{\"n\": &}/' > new; mv new f; echo 1";

#[test]
fn trying_again_has_an_end() {
    let sandbox = Sandbox::with("f", OLD);
    let mut command = sandbox.command(["filter", "f", "--optimistic", "--timeout", "0.3"]);
    command.args(["--", "sh", "-c", ALWAYS]);
    let run = sandbox.run_command(command).exits_with(75);
    let runs = sandbox.read("runs").lines().count();
    assert!(runs > 1);
    run.says(&format!("gave up after {runs} tries")).says("f was not changed");
    assert_eq!(sandbox.json("f"), serde_json::json!({"n": runs}));
}

/// Programs that have met must not meet again and again.
#[test]
fn no_two_programs_pause_alike() {
    let test = "filter::no_two_programs_pause_alike";
    if !can_trace(test) {
        return;
    }
    let args = ["filter", "f", "--optimistic", "--timeout", "1", "--", "sh", "-c", ALWAYS];
    let pauses = || {
        let calls = calls(&Sandbox::with("f", OLD), &args);
        let pauses = calls.iter().filter(|call| call.name == "clock_nanosleep");
        let pauses: Vec<String> = pauses
            .filter_map(|call| Some(call.line.split_once("tv_nsec=")?.1.split_once('}')?.0.into()))
            .collect();
        assert!(!pauses.is_empty());
        pauses
    };
    assert_ne!(pauses()[0], pauses()[0]);
}

#[test]
fn filters_at_once_lose_nothing() {
    for options in [&[][..], &["--optimistic"]] {
        let sandbox = Sandbox::with("f", "{\"n\": 0}");
        let script = "read line; n=${line##* }; n=${n%\\}}; echo \"{\\\"n\\\": $((n + 1))}\"";
        let args = [&["filter", "f", "--report"], options, &["--", "sh", "-c", script]].concat();
        let (workers, edits) = (8, if is_long() { 50 } else { 10 });
        let attempts: u64 = thread::scope(|scope| {
            let work = || (0..edits).map(|_| attempts(&sandbox, &args)).sum::<u64>();
            let workers: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
            workers.into_iter().map(|worker| worker.join().unwrap()).sum()
        });
        assert_eq!(sandbox.json("f")["n"], workers * edits);
        let are_reported = attempts > workers * edits;
        assert_eq!(are_reported, !options.is_empty(), "{attempts} attempts with {options:?}");
    }
}

fn attempts(sandbox: &Sandbox, args: &[&str]) -> u64 {
    let report = sandbox.run(args).succeeds().stdout();
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    report["attempts"].as_u64().unwrap()
}

#[test]
fn a_filter_that_is_told_to_stop_stops_the_command_and_changes_nothing() {
    for signal in ["TERM", "KILL"] {
        let sandbox = Sandbox::with("f", OLD);
        let script = "echo $$ > pid.new; mv pid.new pid; exec sleep 600";
        let child = sandbox.spawn(["filter", "f", "--", "sh", "-c", script]);
        until("the command", || sandbox.path("pid").exists());
        sandbox.shell(&format!("kill -{signal} {}", child.id())).succeeds();
        assert!(end_of(child).signal.is_some());
        until("the end of the command", || {
            let pid = sandbox.read("pid");
            let stat = std::fs::read_to_string(format!("/proc/{}/stat", pid.trim()));
            stat.map_or(true, |stat| stat.contains(") Z "))
        });
        assert!(!is_locked(&sandbox.path("f.lock")));
        assert_eq!((sandbox.read("f").as_str(), sandbox.names().len()), (OLD, 3));
    }
    if !cfg!(target_os = "linux") {
        skip("filter::a_filter_that_is_told_to_stop", "a killed parent is unknown elsewhere");
    }
}
