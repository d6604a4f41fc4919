//! When edits are made: at once, together, and without a lock in between.

use super::{Running, add, answers};
use crate::harness::{JSONLOCK, Sandbox, not_triggered};
use crate::system::{can_trace, held, is_locked, until};
use crate::tracing::strace_of;
use std::collections::BTreeSet;
use std::thread;

#[test]
fn a_line_is_acknowledged_before_the_next_is_written() {
    let sandbox = Sandbox::with("f", "{}");
    let mut batch = Running::start(&sandbox, &["f"]);
    for number in 1..=5_u64 {
        batch.write(&add(number));
        let answer = batch.answer().unwrap();
        assert_eq!((&answer["line"], &answer["ok"]), (&number.into(), &true.into()));
        assert_eq!(sandbox.json("f")[number.to_string()], "x", "acknowledged and not there");
        // The unlock comes before the acknowledgement.
        assert!(!is_locked(&sandbox.path("f.lock")), "nothing waits, and it holds the lock");
        sandbox.run(["set", "f", &format!("between{number}=x")]).succeeds();
    }
    // Half a line is none yet.
    batch.write("{\"half\"");
    batch.write(": 1}");
    assert_eq!(sandbox.json("f").get("half"), None);
    let (rest, ended) = batch.end();
    assert_eq!((rest.len(), ended.code), (1, Some(0)), "{}", ended.stderr);
    assert_eq!(sandbox.json("f").as_object().unwrap().len(), 11);
    assert_eq!(sandbox.names(), ["f", "f.lock"]);
}

/// What came while others had the lock goes into the document at once.
#[test]
fn lines_that_wait_share_a_transaction() {
    let test = "batch::stream::lines_that_wait_share_a_transaction";
    let Some((sandbox, held)) = held(test, "{}") else { return };
    let mut batch = Running::start(&sandbox, &["f"]);
    (0..400).for_each(|number| batch.write(&add(number)));
    held.until_waited_for(1);
    assert_eq!(sandbox.read("f"), "{}");
    held.release();
    let (answers, ended) = batch.end();
    assert_eq!((answers.len(), ended.code), (400, Some(0)), "{}", ended.stderr);
    let etags: BTreeSet<String> = answers.iter().map(|answer| answer["etag"].to_string()).collect();
    assert!(etags.len() <= 100, "{} transactions", etags.len());
}

/// As many syncs as one edit makes, for each transaction, and far fewer transactions than lines.
#[test]
fn lines_that_wait_share_the_syncs() {
    if !can_trace("batch::stream::lines_that_wait_share_the_syncs") {
        return;
    }
    let sandbox = Sandbox::with("f", "{}");
    // So that neither has to create the lock file.
    sandbox.run(["set", "f", "first=x"]).succeeds();
    let syncs = |script: &str| {
        let output = tempfile::NamedTempFile::new().unwrap();
        let options = ["-o", output.path().to_str().unwrap(), "-e", "trace=fsync,/^rename"];
        let script = format!("{JSONLOCK} {script}");
        let run = sandbox.run_command(strace_of(&sandbox, ["sh", "-c", &script], &options));
        let trace = std::fs::read_to_string(output.path()).unwrap();
        let count = |call: &str| trace.lines().filter(|line| line.contains(call)).count();
        (count("fsync("), count("rename"), run.succeeds().stdout())
    };
    let (syncs_of_one, 1, _) = syncs("set f one=x") else { panic!("one edit, one rename") };
    sandbox.write("edits", (0..2000).map(add).collect::<String>());
    let (count, renames, stdout) = syncs("batch f < edits");
    let etags: BTreeSet<String> =
        answers(&stdout).iter().map(|answer| answer["etag"].to_string()).collect();
    assert_eq!(renames, etags.len(), "a transaction is one rename");
    assert_eq!(count, renames * syncs_of_one);
    assert!(renames <= 200, "{renames} transactions for 2000 lines");
    assert_eq!(sandbox.json("f").as_object().unwrap().len(), 2002);
}

#[test]
fn two_batches_and_fifty_single_edits_lose_nothing() {
    let sandbox = Sandbox::with("f", "{}");
    let lines = |me: &str| (0..1000).map(|number| add(format!("{me}{number}"))).collect::<String>();
    thread::scope(|scope| {
        for me in ["a", "b"] {
            let (sandbox, lines) = (&sandbox, lines(me));
            scope.spawn(move || {
                sandbox.write(me, lines);
                let run = sandbox.shell(&format!("jsonlock batch f < {me}")).succeeds();
                assert_eq!(answers(&run.stdout()).len(), 1000);
            });
        }
        for number in 0..50 {
            let sandbox = &sandbox;
            scope.spawn(move || sandbox.run(["set", "f", &format!("s{number}=x")]).succeeds());
        }
    });
    let document = sandbox.json("f");
    let batches = ["a", "b"].map(|me| (0..1000).map(move |number| format!("{me}{number}")));
    let singles = (0..50).map(|number| format!("s{number}"));
    let mut keys = batches.into_iter().flatten().chain(singles);
    assert_eq!(keys.find(|key| document.get(key).is_none()), None);
    assert_eq!(document.as_object().unwrap().len(), 2050);
    assert_eq!(sandbox.names(), ["a", "b", "f", "f.lock"]);
}

/// A filter that takes its time must not keep others out for as long as there are lines.
#[test]
fn others_get_their_turn_while_slow_lines_are_applied() {
    let sandbox = Sandbox::with("f", "{}");
    let mut batch =
        Running::start(&sandbox, &["f", "--if", "reduce range(400000) as $n (0; . + 1) > 0"]);
    (0..12).for_each(|number| batch.write(&add(number)));
    until("the batch is at work", || is_locked(&sandbox.path("f.lock")));
    sandbox.run(["set", "--timeout=inf", "f", "other=x"]).succeeds();
    let missing = (0..12).any(|number| sandbox.json("f").get(number.to_string()).is_none());
    let (answers, ended) = batch.end();
    assert_eq!((answers.len(), ended.code), (12, Some(0)), "{}", ended.stderr);
    if !missing {
        not_triggered("batch::stream::others_get_their_turn", "the lines did not take long enough");
    }
}

#[test]
fn no_lines_are_no_edit() {
    let sandbox = Sandbox::new();
    let run = |options: &[&str]| {
        sandbox.run_with_input(
            [&["batch", "f", "--if=false", "--no-create"], options].concat(),
            "\n\n",
        )
    };
    run(&[]).succeeds().prints_nothing();
    run(&["-v"]).succeeds().prints("").says("standard input has no edits; f was not changed");
    assert_eq!(sandbox.names(), [""; 0]);
}
