//! Proves that waiting for the lock ends when it should and not before: with the lock, at the deadline,
//! or by a signal, and that the edit then lands where the path leads.
//!
//! No test here measures time. Each one knows from `/proc/locks` that the waiter waits.

use crate::harness::{Sandbox, not_triggered};
use crate::system::{Held, HoldingProcess, end_of, held, is_locked, sees_waiters, until, works};
use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;

const OLD: &str = "{\"a\": \"old\"}";

#[test]
fn a_wait_that_is_limited_ends_while_the_lock_is_still_held() {
    let sandbox = Sandbox::with("f", OLD);
    let held = Held::new(&sandbox.path("f.lock"));
    for timeout in ["0", "0.0", "0s", "0.05", "50ms"] {
        let run = sandbox.run(["set", "--timeout", timeout, "f", "a=new"]);
        run.exits_with(75).says("f.lock").says("f was not changed");
        assert!(is_locked(&sandbox.path("f.lock")), "the lock was not taken away from its holder");
    }
    assert_eq!(sandbox.read("f"), OLD);
    assert_eq!(sandbox.names(), ["f", "f.lock"]);
    held.release();
    sandbox.run(["set", "--timeout", "0", "f", "a=new"]).succeeds();
}

#[test]
fn the_environment_sets_the_limit_and_the_option_overrides_it() {
    let sandbox = Sandbox::with("f", OLD);
    let held = Held::new(&sandbox.path("f.lock"));
    let mut command = sandbox.command(["set", "f", "a=new"]);
    command.env("JSONLOCK_TIMEOUT", "0");
    sandbox.run_command(command).exits_with(75);
    let mut command = sandbox.command(["set", "--timeout=0", "f", "a=new"]);
    command.env("JSONLOCK_TIMEOUT", "inf");
    sandbox.run_command(command).exits_with(75);
    held.release();
    let mut command = sandbox.command(["set", "f", "a=new"]);
    command.env("JSONLOCK_TIMEOUT", "soon");
    sandbox.run_command(command).exits_with(2);
    assert_eq!(sandbox.read("f"), OLD);
}

#[test]
fn an_unlimited_wait_ends_with_the_lock() {
    let test = "waiting::an_unlimited_wait_ends_with_the_lock";
    let Some((sandbox, held)) = held(test, OLD) else { return };
    let waiter = sandbox.spawn(["set", "--timeout", "inf", "f", "a=new"]);
    held.until_waited_for(1);
    assert_eq!(sandbox.read("f"), OLD, "nothing is written without the lock");
    held.release();
    let ended = end_of(waiter);
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    assert_eq!(sandbox.json("f")["a"], "new");
}

#[test]
fn the_holder_is_named_but_not_its_arguments() {
    if !works("waiting::the_holder_is_named_but_not_its_arguments", &["flock", "--version"])
        || !sees_waiters("waiting::the_holder_is_named_but_not_its_arguments")
    {
        return;
    }
    let sandbox = Sandbox::with("f", OLD);
    let holder = HoldingProcess::start(&sandbox.path("f.lock"), "s3cret");
    let run = sandbox.run(["set", "--timeout", "0", "f", "a=new"]).exits_with(75);
    run.says(&format!("process {} (flock) holds", holder.child.id())).never_says("s3cret");
    holder.stop();
}

/// In another PID namespace `/proc` says nothing about the holder, but its line in the lock file may.
#[test]
fn a_holder_that_cannot_be_seen_is_known_from_the_lock_file() {
    let test = "waiting::a_holder_that_cannot_be_seen_is_known_from_the_lock_file";
    let namespace = ["unshare", "-p", "-f", "-m", "--mount-proc"];
    if !works(test, &[&namespace[..], &["true"]].concat()) {
        return;
    }
    let sandbox = Sandbox::with("f", OLD);
    sandbox.run(["set", "f", "a=new"]).succeeds();
    let _held = Held::new(&sandbox.path("f.lock"));
    let script = format!("{} jsonlock set --timeout 0 f a=newer", namespace.join(" "));
    sandbox.shell(&script).exits_with(75).says("(as the lock file says)");
    sandbox.write("f.lock", "");
    sandbox.shell(&script).exits_with(75).says("another process holds");
}

#[test]
fn a_waiter_that_gave_up_stands_in_nobodys_way() {
    let test = "waiting::a_waiter_that_gave_up_stands_in_nobodys_way";
    let Some((sandbox, held)) = held(test, OLD) else { return };
    // In the library the process lives on, and with it whatever a wait leaves behind.
    let store = jsonlock::LocalStore::new(sandbox.path("f"));
    let wait = jsonlock::Wait::at_most(std::time::Duration::from_millis(20));
    let editor = jsonlock::Editor::default().wait(wait);
    let path = "a".parse().unwrap();
    for _ in 0..5 {
        let edit = editor.edit(&store, |document| document.set(&path, 1_u64.into()));
        assert_eq!(edit.unwrap_err().kind(), jsonlock::ErrorKind::Busy);
    }
    held.release();
    until("the lock is free", || !is_locked(&sandbox.path("f.lock")));
    sandbox.run(["set", "--timeout", "0", "f", "a=new"]).succeeds();
}

#[test]
fn the_lock_of_a_killed_holder_is_free() {
    let test = "waiting::the_lock_of_a_killed_holder_is_free";
    if !works(test, &["flock", "--version"]) {
        return;
    }
    let sandbox = Sandbox::with("f", OLD);
    // Without a fork the lock belongs to the one process that is killed.
    let mut holder = Command::new("flock");
    holder.arg("--no-fork").arg(sandbox.path("f.lock")).args(["sleep", "1000"]);
    let mut holder = holder.spawn().unwrap();
    until("the holder has the lock", || is_locked(&sandbox.path("f.lock")));
    let waiter = sandbox.spawn(["set", "--timeout", "inf", "f", "a=new"]);
    if sees_waiters(test) {
        // The lock file exists by now, and a probe on it shows its waiters.
        let inode = crate::system::inode(&sandbox.path("f.lock"));
        until("somebody waits", || {
            let locks = fs::read_to_string("/proc/locks").unwrap();
            locks.lines().any(|line| line.contains("->") && line.contains(&format!(":{inode} ")))
        });
    }
    holder.kill().unwrap();
    holder.wait().unwrap();
    assert_eq!(end_of(waiter).code, Some(0));
    assert_eq!(sandbox.json("f")["a"], "new");
}

#[test]
fn signals_end_a_wait_at_once_and_leave_nothing() {
    let test = "waiting::signals_end_a_wait_at_once_and_leave_nothing";
    let Some((sandbox, held)) = held(test, OLD) else { return };
    for (name, number) in [("HUP", 1), ("INT", 2), ("TERM", 15)] {
        let waiter = sandbox.spawn(["set", "--timeout", "inf", "f", "a=new"]);
        held.until_waited_for(1);
        sandbox.shell(&format!("kill -{name} {}", waiter.id())).succeeds();
        assert_eq!(end_of(waiter).signal, Some(number), "{name}");
        until("nobody waits", || held.waiters() == 0);
    }
    assert_eq!(sandbox.read("f"), OLD);
    assert_eq!(sandbox.names(), ["f", "f.lock"]);
}

#[test]
fn a_signal_that_is_ignored_stays_ignored() {
    let test = "waiting::a_signal_that_is_ignored_stays_ignored";
    let Some((sandbox, held)) = held(test, OLD) else { return };
    let mut command = Command::new("sh");
    let script = format!("trap '' HUP; exec {} set f a=new", crate::harness::JSONLOCK);
    let waiter = command.args(["-c", &script]).current_dir(sandbox.root()).spawn().unwrap();
    held.until_waited_for(1);
    sandbox.shell(&format!("kill -HUP {}", waiter.id())).succeeds();
    held.release();
    assert_eq!(end_of(waiter).code, Some(0));
    assert_eq!(sandbox.json("f")["a"], "new");
}

#[test]
fn what_the_holder_wrote_is_the_base() {
    let test = "waiting::what_the_holder_wrote_is_the_base";
    let Some((sandbox, held)) = held(test, OLD) else { return };
    let waiter = sandbox.spawn(["set", "f", "b=mine"]);
    held.until_waited_for(1);
    // A rename, as every program makes it, so that the waiter must not use what it has open.
    sandbox.write("new", "{\"a\": \"the holder's\"}");
    sandbox.shell("mv new f").succeeds();
    held.release();
    assert_eq!(end_of(waiter).code, Some(0));
    assert_eq!(sandbox.json("f"), serde_json::json!({"a": "the holder's", "b": "mine"}));
}

#[test]
fn a_document_that_appears_during_the_wait_is_the_base() {
    if !sees_waiters("waiting::a_document_that_appears_during_the_wait_is_the_base") {
        return;
    }
    let sandbox = Sandbox::new();
    let held = Held::new(&sandbox.path("f.lock"));
    let waiter = sandbox.spawn(["set", "f", "b=mine"]);
    held.until_waited_for(1);
    sandbox.write("f", "{\"a\": \"the holder's\"}");
    held.release();
    assert_eq!(end_of(waiter).code, Some(0));
    assert_eq!(sandbox.json("f"), serde_json::json!({"a": "the holder's", "b": "mine"}));
}

#[test]
fn a_document_that_disappears_during_the_wait_is_made_or_missed() {
    let test = "waiting::a_document_that_disappears_during_the_wait_is_made_or_missed";
    for (option, code) in [("--no-create", 66), ("--quiet", 0)] {
        let Some((sandbox, held)) = held(test, OLD) else { return };
        let waiter = sandbox.spawn(["set", option, "f", "b=mine"]);
        held.until_waited_for(1);
        fs::remove_file(sandbox.path("f")).unwrap();
        held.release();
        assert_eq!(end_of(waiter).code, Some(code));
        assert_eq!(sandbox.path("f").exists(), code == 0);
    }
}

#[test]
fn a_link_that_is_turned_elsewhere_during_the_wait_is_followed_there() {
    if !sees_waiters("waiting::a_link_that_is_turned_elsewhere_during_the_wait_is_followed_there") {
        return;
    }
    let sandbox = Sandbox::with("one", OLD);
    sandbox.write("two", OLD);
    symlink("one", sandbox.path("link")).unwrap();
    let held = Held::new(&sandbox.path("one.lock"));
    let waiter = sandbox.spawn(["set", "link", "a=new"]);
    held.until_waited_for(1);
    fs::remove_file(sandbox.path("link")).unwrap();
    symlink("two", sandbox.path("link")).unwrap();
    // The document that the link leads to now has a lock of its own.
    let other = Held::new(&sandbox.path("two.lock"));
    held.release();
    other.until_waited_for(1);
    other.release();
    assert_eq!(end_of(waiter).code, Some(0));
    assert_eq!(sandbox.read("one"), OLD);
    assert_eq!(sandbox.json("two")["a"], "new");
}

/// A document in a directory, a holder, and a waiter.
fn in_directory(test: &str, act: impl FnOnce(&Sandbox), check: impl FnOnce(&Sandbox, Option<i32>)) {
    if !sees_waiters(test) {
        return;
    }
    let sandbox = Sandbox::new();
    fs::create_dir(sandbox.path("dir")).unwrap();
    sandbox.write("dir/f", OLD);
    let held = Held::new(&sandbox.path("dir/f.lock"));
    let waiter = sandbox.spawn(["set", "dir/f", "a=new"]);
    held.until_waited_for(1);
    act(&sandbox);
    held.release();
    let code = end_of(waiter).code;
    check(&sandbox, code);
}

#[test]
fn a_directory_that_is_renamed_during_the_wait_takes_the_edit_with_it() {
    in_directory(
        "waiting::a_directory_that_is_renamed_during_the_wait_takes_the_edit_with_it",
        |sandbox| _ = sandbox.shell("mv dir moved").succeeds(),
        |sandbox, code| {
            assert_eq!(code, Some(0));
            assert_eq!(sandbox.json("moved/f")["a"], "new");
            assert_eq!(sandbox.names(), ["moved"], "nothing is created under the old name");
        },
    );
}

#[test]
fn a_directory_that_is_replaced_during_the_wait_gets_the_edit() {
    in_directory(
        "waiting::a_directory_that_is_replaced_during_the_wait_gets_the_edit",
        |sandbox| {
            sandbox.shell("mv dir old && mkdir dir && echo '{}' > dir/f").succeeds();
        },
        |sandbox, code| {
            assert_eq!(code, Some(0));
            assert_eq!(sandbox.json("dir/f")["a"], "new");
            assert_eq!(sandbox.read("old/f"), OLD);
        },
    );
}

#[test]
fn a_directory_that_is_deleted_during_the_wait_is_an_error() {
    in_directory(
        "waiting::a_directory_that_is_deleted_during_the_wait_is_an_error",
        |sandbox| fs::remove_dir_all(sandbox.path("dir")).unwrap(),
        |sandbox, code| {
            assert_eq!(code, Some(73));
            assert_eq!(sandbox.names(), [""; 0]);
        },
    );
}

/// Whoever polls instead of queueing starves among those who queue.
#[test]
fn jsonlock_gets_its_turn_among_many_waiters() {
    let test = "waiting::jsonlock_gets_its_turn_among_many_waiters";
    if !sees_waiters(test) || !works(test, &["flock", "--version"]) {
        return;
    }
    let sandbox = Sandbox::with("f", OLD);
    let held = Held::new(&sandbox.path("f.lock"));
    let others: Vec<_> = (1..=8)
        .map(|count| {
            let mut other = Command::new("flock");
            other.arg(sandbox.path("f.lock")).args(["sh", "-c", "echo >> turns"]);
            let other = other.current_dir(sandbox.root()).spawn().unwrap();
            held.until_waited_for(count);
            other
        })
        .collect();
    let ours = sandbox.spawn(["set", "f", "a=new"]);
    held.until_waited_for(9);
    // Whoever comes later stands behind it.
    let late = HoldLater::start(&sandbox);
    held.until_waited_for(10);
    held.release();
    assert_eq!(end_of(ours).code, Some(0));
    for other in others {
        assert_eq!(end_of(other).code, Some(0));
    }
    late.check(&sandbox, test);
}

/// A waiter that notes what the document says when its turn comes.
struct HoldLater(std::process::Child);

impl HoldLater {
    fn start(sandbox: &Sandbox) -> Self {
        let mut command = Command::new("flock");
        command.args(["f.lock", "cp", "f", "seen"]).current_dir(sandbox.root());
        HoldLater(command.spawn().unwrap())
    }

    fn check(self, sandbox: &Sandbox, test: &str) {
        assert_eq!(end_of(self.0).code, Some(0));
        // The queue is near enough to first come, first served, but it does not promise that.
        if sandbox.json("seen")["a"] != "new" {
            not_triggered(test, "the kernel let a later waiter go first");
        }
    }
}

#[test]
fn signals_that_are_ignored_stay_ignored() {
    let test = "waiting::signals_that_are_ignored_stay_ignored";
    let Some((sandbox, held)) = held(test, OLD) else { return };
    let script = "trap '' HUP INT TERM; exec \"$0\" set --timeout inf f a=new";
    let mut shell = Command::new("sh");
    shell.args(["-c", script, crate::harness::JSONLOCK]).current_dir(sandbox.root());
    let mut waiter = shell.spawn().unwrap();
    held.until_waited_for(1);
    sandbox.shell(&format!("kill -HUP {0}; kill -INT {0}; kill -TERM {0}", waiter.id())).succeeds();
    drop(held);
    assert!(waiter.wait().unwrap().success());
    assert_eq!(sandbox.json("f")["a"], "new");
}
