//! Proves that writers killed at random lose nothing that was acknowledged, and that the next edit
//! removes what a killed writer has left, and nothing else. Where exactly a writer is killed is for
//! [`sweep`](crate::sweep) to choose.

use crate::harness::{Sandbox, names, not_triggered};
use crate::system::end_of;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

const OLD: &str = "{\"a\": \"old\"}";
const SIGKILL: i32 = 9;

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
