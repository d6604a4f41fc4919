//! What is said when a batch cannot go on: the answers and the last message tell the truth.

use super::{OLD, Running, add, answers, codes};
use crate::harness::{JSONLOCK, Sandbox};
use crate::system::{Ended, can_trace, end_of, held, is_locked, until};
use crate::tracing::strace_of;
use std::process::Stdio;

#[test]
fn a_transaction_that_fails_stops_the_batch() {
    let test = "batch::stops::a_transaction_that_fails_stops_the_batch";
    let Some((sandbox, held)) = held(test, OLD) else { return };
    held.release();
    let mut batch = Running::start(&sandbox, &["f", "--timeout=0.2"]);
    batch.write(&(add("b") + "{\n"));
    assert_eq!(codes(&[batch.answer().unwrap(), batch.answer().unwrap()]), [(1, 0), (2, 65)]);
    let held = crate::system::Held::new(&sandbox.path("f.lock"));
    batch.write(&add("c"));
    let answer = batch.answer().unwrap();
    assert_eq!(codes(std::slice::from_ref(&answer)), [(3, 75)]);
    assert!(answer["error"].to_string().contains("f.lock"), "{answer}");
    let (rest, ended) = batch.end();
    assert_eq!((rest.len(), ended.code), (0, Some(75)));
    assert!(ended.stderr.starts_with("jsonlock: the batch stopped: "), "{}", ended.stderr);
    assert!(ended.stderr.ends_with("; f got the edit of 1 line\n"), "{}", ended.stderr);
    held.release();
    assert_eq!(sandbox.json("f"), serde_json::json!({"a": "0ld", "b": "x"}));
}

#[test]
fn a_document_that_is_not_json_is_not_changed() {
    let sandbox = Sandbox::with("f", "{\"a\": s3cret}");
    let run = sandbox.run_with_input(["batch", "f"], add(1)).exits_with(65);
    let run = run.never_says("s3cret").says("f was not changed");
    assert_eq!(codes(&answers(&run.stdout())), [(1, 65)]);
    assert_eq!(sandbox.read("f"), "{\"a\": s3cret}");
}

/// Other commands are done when nobody reads their output, but here lines would be dropped.
#[test]
fn output_that_is_closed_or_full_stops_the_batch() {
    let check = |sandbox: &Sandbox, code: Option<i32>, stderr: &str| {
        assert_eq!(code, Some(74), "{stderr}");
        assert!(stderr.contains("cannot write to standard output"), "{stderr}");
        assert!(stderr.ends_with("; f got the edit of 1 line\n"), "{stderr}");
        assert_eq!(sandbox.json("f")["b"], "x");
    };
    let sandbox = Sandbox::with("f", OLD);
    let run = sandbox.shell("echo '{\"b\": \"x\"}' | jsonlock batch f > /dev/full");
    check(&sandbox, run.code(), &run.stderr());

    let sandbox = Sandbox::with("f", OLD);
    let mut batch = Running::start(&sandbox, &["f"]);
    drop(batch.answers.take());
    batch.write(&add("b"));
    // Its input is still open.
    let ended = end_of(batch.child);
    check(&sandbox, ended.code, &ended.stderr);
}

#[test]
fn a_signal_ends_a_batch_that_waits_for_lines() {
    for (name, number) in [("HUP", 1), ("INT", 2), ("TERM", 15)] {
        let sandbox = Sandbox::with("f", OLD);
        let mut batch = Running::start(&sandbox, &["f"]);
        batch.write(&add("b"));
        assert!(batch.answer().is_some());
        sandbox.shell(&format!("kill -{name} {}", batch.child.id())).succeeds();
        // Its input is still open.
        until("the batch has ended", || batch.child.try_wait().unwrap().is_some());
        let (rest, ended) = batch.end();
        assert_eq!((rest.len(), ended.signal), (0, Some(number)), "{}", ended.stderr);
        assert!(!is_locked(&sandbox.path("f.lock")));
        assert_eq!(sandbox.names(), ["f", "f.lock"]);
    }
}

/// Runs a batch that gets a signal, or an error, at one system call. Its input stays open.
fn with_fault(sandbox: &Sandbox, fault: &str) -> (Vec<serde_json::Value>, Ended) {
    let call = fault.split(':').next().unwrap();
    let (trace, inject) = (format!("trace={call}"), format!("inject={fault}"));
    let options = ["-o", "/dev/null", "-e", &trace, "-e", &inject];
    let mut command = strace_of(sandbox, [JSONLOCK, "batch", "f"], &options);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    std::io::Write::write_all(&mut input, add("b").as_bytes()).unwrap();
    let ended = end_of(child);
    (answers(&ended.stdout), ended)
}

#[test]
fn a_transaction_that_a_signal_comes_too_late_for_is_acknowledged() {
    if !can_trace("batch::stops::a_transaction_that_a_signal_comes_too_late_for_is_acknowledged") {
        return;
    }
    let sandbox = Sandbox::with("f", OLD);
    let (answers, ended) = with_fault(&sandbox, "renameat2:signal=SIGTERM:when=1");
    assert_eq!((codes(&answers), ended.signal), (vec![(1, 0)], Some(15)), "{}", ended.stderr);
    assert_eq!(sandbox.json("f")["b"], "x");
    assert_eq!(sandbox.names(), ["f", "f.lock"]);
}

#[test]
fn a_transaction_that_a_signal_rolls_back_is_answered() {
    if !can_trace("batch::stops::a_transaction_that_a_signal_rolls_back_is_answered") {
        return;
    }
    let sandbox = Sandbox::with("f", OLD);
    let (answers, ended) = with_fault(&sandbox, "fsync:signal=SIGTERM:when=1");
    assert_eq!((answers.len(), ended.signal), (1, Some(15)), "{}", ended.stderr);
    assert_eq!(answers[0]["ok"], false);
    assert!(ended.stderr.ends_with("; f was not changed\n"), "{}", ended.stderr);
    assert_eq!(sandbox.read("f"), OLD);
    assert_eq!(sandbox.names(), ["f", "f.lock"]);
}

#[test]
fn an_edit_that_is_not_confirmed_is_not_acknowledged() {
    if !can_trace("batch::stops::an_edit_that_is_not_confirmed_is_not_acknowledged") {
        return;
    }
    let sandbox = Sandbox::with("f", OLD);
    sandbox.run(["set", "f", "first=x"]).succeeds();
    let (answers, ended) = with_fault(&sandbox, "fsync:error=EIO:when=2");
    assert_eq!((codes(&answers), ended.code), (vec![(1, 79)], Some(79)), "{}", ended.stderr);
    assert!(ended.stderr.ends_with("; f has the new content\n"), "{}", ended.stderr);
    assert_eq!(sandbox.json("f")["b"], "x");
}

#[test]
fn input_that_cannot_be_read_stops_the_batch() {
    let sandbox = Sandbox::with("f", OLD);
    for options in ["", " --atomic"] {
        // A directory can be opened, and not be read.
        let run = sandbox.shell(&format!("jsonlock batch f{options} < .")).exits_with(74);
        run.says("cannot read standard input").says("f was not changed").prints("");
    }
}
