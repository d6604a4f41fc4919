//! The edits of a command take part in the lock that is held for it: one at a time, and nobody else's do.

use super::{Holder, is_free, under_lock};
use crate::harness::{JSONLOCK, Sandbox, skip};
use crate::people::{BOB, OLD, TEAM, shell_as};
use crate::system::{Held, held, is_root, until, works};
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

#[test]
fn edits_of_the_command_take_part_in_the_lock() {
    let sandbox = Sandbox::with("f", OLD);
    sandbox.run(["lock", "f", "--", JSONLOCK, "set", "f", "b=1", "--timeout", "0"]).succeeds();
    let nested = "jsonlock lock f -- jsonlock lock ./f -- sh -c 'jsonlock set f c=1'";
    sandbox.shell(nested).succeeds();
    let two =
        "jsonlock lock f -- jsonlock lock g -- sh -c 'jsonlock set g a=1; jsonlock set f d=1'";
    sandbox.shell(two).succeeds();
    let other = "jsonlock lock f --lock-file l -- jsonlock set f e=1 --lock-file l";
    sandbox.shell(other).succeeds();
    let expected = serde_json::json!({"a": "old", "b": "1", "c": "1", "d": "1", "e": "1"});
    assert_eq!(sandbox.json("f"), expected);
    assert_eq!(sandbox.names(), ["f", "f.lock", "g", "g.lock", "l"]);
    // The control: without the word of the holder it waits for itself.
    let alone = "jsonlock lock f -- env -u JSONLOCK_HELD jsonlock set f f=1 --timeout 0";
    sandbox.shell(alone).exits_with(75);
}

#[test]
fn eight_edits_of_the_command_at_once_exclude_each_other() {
    let sandbox = Sandbox::with("f", "{\"n\": 0}");
    let edit = "for turn in 1 2 3 4 5; do jsonlock apply f '.n += 1' || exit; done";
    let script = format!("for worker in 1 2 3 4 5 6 7 8; do ({edit}) & done; wait");
    sandbox.run_command(under_lock(&sandbox, &script)).succeeds();
    assert_eq!(sandbox.json("f")["n"], 40);
    assert_eq!(sandbox.names(), ["f", "f.lock"]);
    assert!(is_free(&sandbox));
}

/// An edit under way has to wait for the one before it, and its time limit holds.
#[test]
fn an_edit_of_the_command_waits_for_the_one_before_it() {
    let sandbox = Sandbox::with("f", OLD);
    let script = "jsonlock lock f -- sh -c 'echo > begun; exec sleep 600' >/dev/null 2>&1 &
        while ! test -e begun; do sleep 0.01; done; echo ready
        jsonlock set f b=1 --timeout 0.2; echo $? > status; kill -9 $!";
    let ended = Holder::start(&sandbox, script).end();
    assert_eq!(sandbox.read("status"), "75\n", "{}", ended.stderr);
    assert!(ended.stderr.contains("holds the lock"), "{}", ended.stderr);
}

#[test]
fn an_edit_that_begins_after_the_release_takes_the_lock_as_everybody_does() {
    let test = "lock::an_edit_that_begins_after_the_release_takes_the_lock_as_everybody_does";
    let Some((_, probe)) = held(test, OLD) else { return };
    probe.release();
    let sandbox = Sandbox::with("f", OLD);
    sandbox.shell("mkfifo go").succeeds();
    let late = "(read line < go; jsonlock set f b=late) >/dev/null 2>&1 & echo ready";
    assert_eq!(Holder::start(&sandbox, late).end().code, Some(0));
    let other = Held::new(&sandbox.path("f.lock"));
    sandbox.shell("echo > go").succeeds();
    other.until_waited_for(1);
    assert_eq!(sandbox.read("f"), OLD);
    other.release();
    until("the late edit", || sandbox.read("f").contains("late"));
}

/// What a background edit does that is under way when the command ends.
const UNDER_WAY: &str =
    "jsonlock filter f -- sh -c 'echo > begun; read line < go; echo 2' >/dev/null 2>&1 &
     while ! test -e begun; do sleep 0.01; done;";

#[test]
fn an_edit_that_is_under_way_at_the_release_keeps_others_out() {
    let sandbox = Sandbox::with("f", OLD);
    sandbox.shell("mkfifo go").succeeds();
    assert_eq!(Holder::start(&sandbox, &format!("{UNDER_WAY} echo ready")).end().code, Some(0));
    sandbox.run(["set", "f", "a=new", "--timeout", "0"]).exits_with(75);
    sandbox.shell("echo > go").succeeds();
    until("the edit", || sandbox.read("f") == "2\n");
    until("the release", || is_free(&sandbox));
}

#[test]
fn an_edit_that_is_under_way_when_the_holder_is_killed_keeps_others_out() {
    let sandbox = Sandbox::with("f", OLD);
    sandbox.shell("mkfifo go").succeeds();
    // One more waits for its turn. It has to stand in line with everybody then.
    let waits = "(jsonlock apply f '. + 1') >/dev/null 2>&1 & echo ready; exec sleep 600";
    let holder = Holder::start(&sandbox, &format!("{UNDER_WAY}{waits}"));
    sandbox.shell(&format!("kill -KILL {}", holder.deputy())).succeeds();
    assert_eq!(holder.end().code, Some(128 + 9));
    sandbox.run(["set", "f", "a=new", "--timeout", "0"]).exits_with(75);
    assert_eq!(sandbox.read("f"), OLD);
    sandbox.shell("echo > go").succeeds();
    until("both edits", || sandbox.read("f") == "3\n");
    until("the release", || is_free(&sandbox));
    assert_eq!(sandbox.names(), ["begun", "f", "f.lock", "go"]);
}

/// Likewise where the lock was shared twice, and the one in between ends, in whatever way.
#[test]
fn an_edit_that_is_under_way_keeps_others_out_who_share_the_lock() {
    for end in ["exit", "kill -9 $PPID"] {
        let sandbox = Sandbox::with("f", OLD);
        sandbox.shell("mkfifo go").succeeds();
        sandbox.write("between", format!("{UNDER_WAY} echo > ended; {end}"));
        let script = "jsonlock lock f -- sh between >/dev/null; echo ready; read line";
        let mut holder = Holder::start(&sandbox, script);
        assert!(sandbox.path("ended").exists());
        let set = "jsonlock set f a=new --timeout 0.1";
        let value = environment_of(&holder);
        let outside = sandbox.shell(&format!("JSONLOCK_HELD='{value}' {set}"));
        outside.exits_with(75);
        assert_eq!(sandbox.read("f"), OLD, "{end}");
        sandbox.shell("echo > go").succeeds();
        until("the edit", || sandbox.read("f") == "2\n");
        let replace = format!("JSONLOCK_HELD='{value}' jsonlock apply f '. + 1'");
        sandbox.shell(&replace).succeeds();
        assert_eq!(sandbox.read("f"), "3\n");
        holder.go_on();
        assert_eq!(holder.end().code, Some(0));
        until("the release", || is_free(&sandbox));
    }
}

/// What the command of a holder knows of the lock. Orphans, which are the holder's children too, know of
/// others as well.
fn environment_of(holder: &Holder) -> String {
    let children = format!("/proc/{0}/task/{0}/children", holder.deputy());
    let children = std::fs::read_to_string(children).unwrap();
    let environments = children.split_whitespace().filter_map(|child| {
        let environment = std::fs::read_to_string(format!("/proc/{child}/environ")).ok()?;
        let mut entries = environment.split('\0');
        entries.find_map(|entry| entry.strip_prefix("JSONLOCK_HELD=").map(str::to_owned))
    });
    environments.min_by_key(String::len).unwrap()
}

#[test]
fn a_lock_is_shared_with_the_same_user_only() {
    let test = "lock::a_lock_is_shared_with_the_same_user_only";
    if !is_root() {
        return skip(test, "only root can be several users");
    }
    let sandbox = Sandbox::with("f", OLD);
    sandbox.shell(&format!("chmod 777 . && chgrp {TEAM} f && chmod 666 f")).succeeds();
    // Root hands what it knows to Bob, who could keep everybody waiting with a share in the lock.
    let held = Holder::start(&sandbox, "echo \"$JSONLOCK_HELD\" > held; echo ready; read line");
    let value = sandbox.read("held");
    let set = format!("JSONLOCK_HELD='{}' jsonlock set f b=1 --timeout 0", value.trim());
    shell_as(&sandbox, BOB, &set).exits_with(75);
    sandbox.shell(&set).succeeds();
    drop(held);
}

/// Once a holder is gone, anybody can take the name of its socket, and never answer.
#[test]
fn a_stranger_in_the_place_of_the_holder_is_not_waited_for() {
    let test = "lock::a_stranger_in_the_place_of_the_holder_is_not_waited_for";
    if !is_root() {
        return skip(test, "only root can be several users");
    }
    if !works(test, &["python3", "-c", "import socket"]) {
        return;
    }
    let sandbox = Sandbox::with("f", OLD);
    sandbox.run(["set", "f", "b=1"]).succeeds();
    let stat = sandbox.shell("stat -c '%d:%i' f.lock").stdout();
    let name = format!("jsonlock-test-{}", std::process::id());
    let listen = "import os, socket, sys
os.setuid(int(sys.argv[2]))
door = socket.socket(socket.AF_UNIX)
door.bind('\\0' + sys.argv[1])
door.listen()
print('ready', flush=True)
sys.stdin.read()";
    let mut python = Command::new("python3");
    python.args(["-c", listen, &name, &BOB.uid.to_string()]);
    let mut stranger = python.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(stranger.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    let set = |owner: u32| {
        let mut command = sandbox.command(["set", "f", "b=2", "--timeout", "0"]);
        command.env("JSONLOCK_HELD", format!("{}:{owner}:{name}", stat.trim()));
        sandbox.run_command(command)
    };
    set(0).succeeds();
    // The control: who says himself that Bob holds it does wait for Bob.
    set(BOB.uid).exits_with(75);
    drop(stranger.stdin.take());
    stranger.wait().unwrap();
}

#[test]
fn without_descriptors_for_a_share_it_says_so() {
    let sandbox = Sandbox::with("f", OLD);
    let mut failed = 0;
    for most in 4..12 {
        let script = format!("ulimit -n {most}; jsonlock set f n:={most}");
        let run = sandbox.run_command(under_lock(&sandbox, &script));
        if run.code() == Some(0) {
            assert_eq!(sandbox.json("f")["n"], most);
        } else {
            failed += 1;
            assert!(run.stderr().contains("Too many open files"), "{run}");
        }
    }
    assert!((1..8).contains(&failed), "{failed}");
}

#[test]
fn what_the_environment_says_of_others_is_no_lock() {
    let sandbox = Sandbox::with("f", OLD);
    sandbox.run(["set", "f", "b=1"]).succeeds();
    let stat = sandbox.shell("stat -c '%d:%i' f.lock").stdout();
    for socket in ["nobody-listens-here", "", ":::", "x\u{e9}"] {
        let mut command = sandbox.command(["set", "f", "b=2", "--timeout", "0"]);
        let held = format!("{}:0:{socket} {0}:x:y 1:2:0:3 nonsense", stat.trim());
        command.env("JSONLOCK_HELD", held);
        sandbox.run_command(command).succeeds();
    }
}
