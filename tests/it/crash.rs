//! Proves that a writer may be killed or stopped at any instant: the document is old or new, every
//! acknowledged edit is in it, the lock is free, and the next edit removes what was left behind.

use crate::harness::{Sandbox, names, not_triggered};
use crate::system::{can_trace, end_of, inode};
use crate::tracing::{Call, calls_of_the_edit, with_fault};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

const OLD: &str = "{\"a\": \"old\"}";
const EDIT: [&str; 3] = ["set", "f", "a=new"];

const SIGINT: i32 = 2;
const SIGKILL: i32 = 9;
const SIGTERM: i32 = 15;

#[test]
fn writers_killed_at_random_lose_nothing_that_was_acknowledged() {
    let sandbox = Sandbox::with("f", "{}");
    let killed = AtomicUsize::new(0);
    let acknowledged: BTreeSet<String> = thread::scope(|scope| {
        let writers: Vec<_> = (0..8)
            .map(|writer| (&sandbox, &killed, writer))
            .map(|(sandbox, killed, writer)| {
                scope.spawn(move || write_until_killed(sandbox, writer, killed))
            })
            .collect();
        writers.into_iter().flat_map(|writer| writer.join().unwrap()).collect()
    });
    sandbox.run(["set", "f", "last=x"]).succeeds();
    assert_eq!(sandbox.names(), ["f", "f.lock"], "one edit cleans up after all of them");
    let document = sandbox.json("f");
    let lost: Vec<_> = acknowledged.iter().filter(|key| document.get(key).is_none()).collect();
    assert_eq!(lost, [""; 0]);
    if killed.load(Ordering::SeqCst) == 0 || acknowledged.is_empty() {
        not_triggered("crash::writers_killed_at_random", "none, or all of them, were killed");
    }
}

/// Starts edits, kills half of them, and gives the keys of those that succeeded.
fn write_until_killed(sandbox: &Sandbox, writer: usize, killed: &AtomicUsize) -> Vec<String> {
    let mut acknowledged = Vec::new();
    for number in 0..20 {
        let key = format!("w{writer}_{number}");
        let mut child = sandbox.spawn(["set", "f", &format!("{key}=x")]);
        if number % 2 == 0 {
            // The moment is what is left to chance here; nothing is being waited for.
            thread::sleep(Duration::from_micros(fastrand::u64(0..20_000)));
            child.kill().unwrap();
        }
        let ended = end_of(child);
        match (ended.code, ended.signal) {
            (Some(0), _) => acknowledged.push(key),
            (_, Some(SIGKILL)) => _ = killed.fetch_add(1, Ordering::SeqCst),
            _ => panic!("{:?}: {}", ended.code, ended.stderr),
        }
    }
    acknowledged
}

#[test]
fn a_writer_may_be_killed_at_every_system_call() {
    sweep("crash::a_writer_may_be_killed_at_every_system_call", SIGKILL, OLD);
}

#[test]
fn a_writer_that_creates_the_document_may_be_killed_at_every_system_call() {
    let test = "crash::a_writer_that_creates_the_document_may_be_killed_at_every_system_call";
    sweep(test, SIGKILL, "");
}

#[test]
fn sigterm_at_every_system_call_leaves_nothing_behind() {
    sweep("crash::sigterm_at_every_system_call_leaves_nothing_behind", SIGTERM, OLD);
}

#[test]
fn sigint_at_every_system_call_leaves_nothing_behind() {
    sweep("crash::sigint_at_every_system_call_leaves_nothing_behind", SIGINT, OLD);
}

/// Ends an edit at each of its system calls in turn.
fn sweep(test: &str, signal: i32, old: &str) {
    if !can_trace(test) {
        return;
    }
    let calls = calls_of_the_edit(&scene(old), &EDIT);
    let (mut died, mut left) = (0, 0);
    for call in &calls {
        let sandbox = scene(old);
        let is_rid = ended_at(&sandbox, call, signal, old);
        died += usize::from(is_rid.died);
        left += usize::from(is_rid.left_something);
    }
    // The controls of the sweep: it does interrupt edits, and a kill does leave something at times.
    assert!(died * 2 > calls.len(), "only {died} of {} edits were ended", calls.len());
    assert_eq!(left > 0, signal == SIGKILL, "{left} edits left a temporary file");
}

/// A document with this text; none if it is empty.
fn scene(old: &str) -> Sandbox {
    if old.is_empty() { Sandbox::new() } else { Sandbox::with("f", old) }
}

/// What came of a signal.
struct Outcome {
    died: bool,
    left_something: bool,
}

fn ended_at(sandbox: &Sandbox, call: &Call, signal: i32, old: &str) -> Outcome {
    let ended = with_fault(sandbox, &EDIT, call, &format!("signal={signal}"));
    let is_new = is_new(sandbox, old, call);
    match (ended.code, ended.signal) {
        (Some(0), _) => assert!(is_new, "acknowledged, but not done: {call:?}"),
        (_, Some(by)) => assert_eq!(by, signal, "{call:?}: {}", ended.stderr),
        _ => panic!("{call:?}: {:?} {}", ended.code, ended.stderr),
    }
    let left: Vec<String> =
        sandbox.names().into_iter().filter(|name| name.starts_with(".jsonlock-")).collect();
    assert!(left.len() <= 1, "{call:?}: {left:?}");
    next_edit_cleans_up(sandbox, is_new, old, call);
    Outcome { died: ended.signal.is_some(), left_something: !left.is_empty() }
}

/// Whether the document is new; if it is not, it must be old.
fn is_new(sandbox: &Sandbox, old: &str, call: &Call) -> bool {
    if !sandbox.path("f").exists() {
        assert_eq!(old, "", "the document is gone after {call:?}");
        return false;
    }
    let is_new = sandbox.json("f") == serde_json::json!({"a": "new"});
    assert!(is_new || sandbox.read("f") == old, "neither old nor new after {call:?}");
    is_new
}

fn next_edit_cleans_up(sandbox: &Sandbox, is_new: bool, old: &str, call: &Call) {
    let lock = sandbox.path("f.lock");
    let lock_inode = lock.exists().then(|| inode(&lock));
    // A single try, so the lock must be free already.
    sandbox.run(["set", "--timeout", "0", "f", "b=x"]).succeeds();
    let mut expected = serde_json::json!({"b": "x"});
    if is_new || !old.is_empty() {
        expected["a"] = if is_new { "new" } else { "old" }.into();
    }
    assert_eq!(sandbox.json("f"), expected, "{call:?}");
    assert_eq!(sandbox.names(), ["f", "f.lock"], "{call:?}");
    assert!(lock_inode.is_none_or(|before| before == inode(&lock)), "{call:?}");
}

/// A lock file as a writer leaves it that was killed with this temporary file.
fn record(sandbox: &Sandbox, lock: &str, temporary: &str) {
    sandbox.write(lock, format!("{:<95}\n", format!("jsonlock/1 pid=1 since=1 temp={temporary}")));
}

const LEFTOVER: &str = ".jsonlock-0123456789abcdef";

#[test]
fn what_a_killed_writer_left_is_removed_and_named() {
    let sandbox = Sandbox::with("f", OLD);
    record(&sandbox, "f.lock", LEFTOVER);
    sandbox.write(LEFTOVER, "half a docu");
    sandbox
        .run(["set", "-v", "f", "a=new"])
        .succeeds()
        .says(&format!("{LEFTOVER}, which a killed"));
    assert_eq!(sandbox.names(), ["f", "f.lock"]);
}

/// A process that dies may lose its lock on the lock file before the one on its temporary file.
#[test]
#[expect(clippy::disallowed_methods, reason = "the test is the writer that is about to die")]
fn a_writer_that_is_not_quite_dead_is_cleaned_up_after_too() {
    let sandbox = Sandbox::with("f", OLD);
    record(&sandbox, "f.lock", LEFTOVER);
    sandbox.write(LEFTOVER, "half a docu");
    let dying = fs::File::open(sandbox.path(LEFTOVER)).unwrap();
    fs2::FileExt::try_lock_exclusive(&dying).unwrap();
    sandbox.run(["set", "f", "a=new"]).succeeds();
    assert_eq!(sandbox.names(), ["f", "f.lock"]);
}

#[test]
fn a_failed_edit_and_one_without_a_change_clean_up_too() {
    for args in [["set", "f", "a=old"], ["set", "f", "a.b=x"]] {
        let sandbox = Sandbox::with("f", OLD);
        record(&sandbox, "f.lock", LEFTOVER);
        sandbox.write(LEFTOVER, "half a docu");
        let _ = sandbox.run(args);
        assert_eq!(sandbox.names(), ["f", "f.lock"], "{args:?}");
        assert_eq!(sandbox.json("f")["a"], "old");
    }
}

/// A record can make jsonlock remove nothing but what jsonlock itself could have left.
#[test]
fn nothing_else_is_removed() {
    let sandbox = Sandbox::with("f", OLD);
    let other = ".jsonlock-fedcba9876543210";
    sandbox.write("precious", "kept");
    sandbox.write(LEFTOVER, "kept");
    for temporary in ["precious", "../precious", other, "f"] {
        record(&sandbox, "f.lock", temporary);
        sandbox.run(["set", "f", &format!("b={temporary}")]).succeeds();
        assert_eq!(sandbox.names(), [LEFTOVER, "f", "f.lock", "precious"], "{temporary}");
    }
    // A link under such a name is not followed, nor a directory removed.
    std::os::unix::fs::symlink("precious", sandbox.path(other)).unwrap();
    record(&sandbox, "f.lock", other);
    sandbox.run(["set", "f", "a=newer"]).succeeds();
    assert_eq!(sandbox.read("precious"), "kept");
}

/// A lock file of another program's making is not written into, so it cannot say what was left; it is
/// locked all the same.
#[test]
fn a_lock_file_with_foreign_content_is_left_alone() {
    let sandbox = Sandbox::with("f", OLD);
    sandbox.write("f.lock", "12345\n");
    sandbox.run(["set", "-v", "f", "a=new"]).succeeds().says("did not write");
    assert_eq!(sandbox.read("f.lock"), "12345\n");
    assert_eq!(names(Path::new(sandbox.root())), ["f", "f.lock"]);
}
