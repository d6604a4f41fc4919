//! Proves that an edit notices, at the worst moment, what programs do that do not lock: nothing of
//! theirs is lost, and nothing of theirs is published as ours.
//!
//! The worst moment is made, not hoped for: `strace` stops the program right behind a system call.

use crate::harness::Sandbox;
use crate::system::{Held, can_trace, inode, is_locked};
use crate::tracing::{Call, calls_of_the_edit, find, stopped_at, stopped_at_each};
use std::fs;

const OLD: &str = "{\"a\": \"old\"}";

/// What another program does.
type Act = fn(&Sandbox);
const EDIT: [&str; 3] = ["set", "f", "a=new"];

/// Replaces the document as a program does that does not lock.
fn replace(sandbox: &Sandbox, text: &str) {
    sandbox.write("new", text);
    sandbox.shell("mv new f").succeeds();
}

/// A document, and the call of an edit of it behind which all but the last looks and the rename are
/// done: the sync of the temporary file.
fn scene(test: &str) -> Option<(Sandbox, Call)> {
    if !can_trace(test) {
        return None;
    }
    let calls = calls_of_the_edit(&Sandbox::with("f", OLD), &EDIT);
    Some((Sandbox::with("f", OLD), find(&calls, "fsync", ".jsonlock-")))
}

#[test]
fn what_another_program_writes_between_read_and_rename_is_kept() {
    let test = "interference::what_another_program_writes_between_read_and_rename_is_kept";
    if !can_trace(test) {
        return;
    }
    let calls = calls_of_the_edit(&Sandbox::with("f", OLD), &EDIT);
    let sync = find(&calls, "fsync", ".jsonlock-");
    let acts: [(&str, &str, Act); 3] = [
        ("replaced", "theirs", |sandbox| replace(sandbox, "{\"b\": \"theirs\"}")),
        ("same size", "odd", |sandbox| replace(sandbox, "{\"b\": \"odd\"}")),
        ("in place", "theirs", |sandbox| sandbox.write("f", "{\"b\": \"theirs\"}")),
    ];
    for (what, theirs, act) in acts {
        let sandbox = Sandbox::with("f", OLD);
        let ended = stopped_at(&sandbox, &EDIT, &sync, || act(&sandbox));
        assert_eq!(ended.code, Some(0), "{what}: {}", ended.stderr);
        let expected = serde_json::json!({"a": "new", "b": theirs});
        assert_eq!(sandbox.json("f"), expected, "{what}");
        assert_eq!(sandbox.names(), ["f", "f.lock"], "{what}");
    }
}

#[test]
fn a_document_that_another_program_creates_first_is_kept() {
    let test = "interference::a_document_that_another_program_creates_first_is_kept";
    if !can_trace(test) {
        return;
    }
    let calls = calls_of_the_edit(&Sandbox::new(), &EDIT);
    let renames = |name: &str| name.starts_with("rename");
    let rename = calls.iter().position(|call| renames(&call.name)).unwrap();
    // Behind the last look at the name, where only the rename itself can notice.
    for call in [&find(&calls, "fsync", ".jsonlock-"), &calls[rename - 1]] {
        let sandbox = Sandbox::new();
        let ended = stopped_at(&sandbox, &EDIT, call, || replace(&sandbox, "{\"b\": \"theirs\"}"));
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        let expected = serde_json::json!({"a": "new", "b": "theirs"});
        assert_eq!(sandbox.json("f"), expected, "{}", call.line);
    }
}

#[test]
fn a_lock_file_that_goes_before_the_rename_is_noticed() {
    let test = "interference::a_lock_file_that_goes_before_the_rename_is_noticed";
    let Some((sandbox, sync)) = scene(test) else { return };
    let ended = stopped_at(&sandbox, &EDIT, &sync, || {
        fs::remove_file(sandbox.path("f.lock")).unwrap();
        // Another edit gets the lock now, under the same name but not the same file.
        sandbox.run(["set", "--timeout", "0", "f", "b=theirs"]).succeeds();
    });
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert!(ended.stderr.contains("f.lock was deleted or replaced"), "{}", ended.stderr);
    assert_eq!(sandbox.json("f"), serde_json::json!({"a": "new", "b": "theirs"}));
    assert_eq!(sandbox.names(), ["f", "f.lock"]);
}

#[test]
fn what_happens_in_every_attempt_is_said_once() {
    let test = "interference::what_happens_in_every_attempt_is_said_once";
    let Some((sandbox, sync)) = scene(test) else { return };
    let again = Call { occurrence: sync.occurrence + 1, ..sync.clone() };
    let ended = stopped_at_each(&sandbox, &EDIT, &[sync, again], &[], |_| {
        fs::remove_file(sandbox.path("f.lock")).unwrap();
    });
    assert_eq!((ended.code, sandbox.json("f")["a"].as_str()), (Some(0), Some("new")));
    let warnings = ended.stderr.matches("f.lock was deleted or replaced").count();
    assert_eq!(warnings, 1, "{}", ended.stderr);
}

/// The other edit has not got to its rename yet, so the document itself looks untouched.
#[test]
fn a_lock_file_that_somebody_else_has_locked_anew_is_respected() {
    let test = "interference::a_lock_file_that_somebody_else_has_locked_anew_is_respected";
    let Some((sandbox, sync)) = scene(test) else { return };
    let mut held = None;
    let edit = ["set", "--timeout", "0", "f", "a=new"];
    let ended = stopped_at(&sandbox, &edit, &sync, || {
        fs::remove_file(sandbox.path("f.lock")).unwrap();
        held = Some(Held::new(&sandbox.path("f.lock")));
    });
    assert_eq!(ended.code, Some(75), "{}", ended.stderr);
    assert_eq!(sandbox.read("f"), OLD);
    assert_eq!(sandbox.names(), ["f", "f.lock"]);
}

#[test]
fn a_temporary_file_that_was_swapped_is_not_published() {
    let test = "interference::a_temporary_file_that_was_swapped_is_not_published";
    let Some((sandbox, sync)) = scene(test) else { return };
    let before = inode(&sandbox.path("f"));
    let ended = stopped_at(&sandbox, &EDIT, &sync, || {
        sandbox.write("evil", "{\"a\": \"evil\"}");
        sandbox.shell("mv evil .jsonlock-*").succeeds();
    });
    assert_eq!(ended.code, Some(77), "{}", ended.stderr);
    assert!(ended.stderr.contains("replaced by another process"), "{}", ended.stderr);
    assert_eq!((sandbox.read("f").as_str(), inode(&sandbox.path("f"))), (OLD, before));
}

/// Nobody breaks the lock of a holder that stands still.
#[test]
fn a_stopped_holder_keeps_its_lock() {
    let test = "interference::a_stopped_holder_keeps_its_lock";
    let Some((sandbox, sync)) = scene(test) else { return };
    let ended = stopped_at(&sandbox, &EDIT, &sync, || {
        sandbox.run(["set", "--timeout", "0.1", "f", "b=theirs"]).exits_with(75);
        assert!(is_locked(&sandbox.path("f.lock")));
        assert_eq!(sandbox.read("f"), OLD);
        // Readers are not held up.
        sandbox.run(["get", "f", "a"]).succeeds();
    });
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    sandbox.run(["set", "--timeout", "0", "f", "b=theirs"]).succeeds();
    assert_eq!(sandbox.json("f"), serde_json::json!({"a": "new", "b": "theirs"}));
}

/// A program that writes in place empties the document first, so it can be seen half written.
#[test]
fn a_document_that_is_being_written_in_place_is_read_again() {
    let test = "interference::a_document_that_is_being_written_in_place_is_read_again";
    if !can_trace(test) {
        return;
    }
    const HALF: &str = "{\"b\": \"the";
    for command in [&EDIT[..], &["get", "f", "b"]] {
        let calls = calls_of_the_edit(&Sandbox::with("f", HALF), command);
        // Once while it is being read, and once when its text has been found invalid.
        for (name, part) in [("pread64", "/f>"), ("clock_nanosleep", "")] {
            let call = find(&calls, name, part);
            let sandbox = Sandbox::with("f", HALF);
            let ended = stopped_at(&sandbox, command, &call, || {
                sandbox.write("f", "{\"b\": \"theirs\"}");
            });
            assert_eq!(ended.code, Some(0), "{command:?} {name}: {}", ended.stderr);
            assert_eq!(sandbox.json("f")["b"], "theirs", "{command:?} {name}");
        }
    }
    // The control: text that stays invalid is an error, with and without the wait.
    let sandbox = Sandbox::with("f", HALF);
    sandbox.run(EDIT).exits_with(65);
    assert_eq!(sandbox.read("f"), HALF);
}
