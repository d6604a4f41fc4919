//! Proves that what a program writes that does not lock survives even when it comes between the last look
//! at the document and the rename, and how an edit ends when it cannot be given back.
//!
//! The instant is made, not hoped for: `strace` stops the edit behind its last look.

use crate::harness::Sandbox;
use crate::system::{Ended, can_trace};
use crate::tracing::{Call, calls_of_the_edit, calls_with_faults, stopped_at_each};
use std::os::unix::fs::PermissionsExt as _;

const OLD: &str = "{\"a\": \"old\"}";
const EDIT: [&str; 4] = ["set", "-v", "f", "a=new"];

/// What another program does.
type Act = fn(&Sandbox);

/// Replaces the document as a program does that does not lock.
fn replace(sandbox: &Sandbox, text: &str) {
    sandbox.write("new", text);
    sandbox.shell("mv new f").succeeds();
}

/// The last look at the document before the swap, and the swap itself.
fn last_calls(sandbox: &Sandbox) -> [Call; 2] {
    let calls = calls_of_the_edit(sandbox, &EDIT);
    let swap = calls.iter().position(|call| call.name == "renameat2").unwrap();
    [calls[swap - 1].clone(), calls[swap].clone()]
}

/// An edit during which somebody replaces the document behind the last look, with faults of its own.
fn overtaken(sandbox: &Sandbox, faults: &[&str], act: Act) -> Ended {
    let [look, _] = last_calls(&Sandbox::with("f", OLD));
    stopped_at_each(sandbox, &EDIT, &[look], faults, |_| act(sandbox))
}

/// The one name in the directory that is neither the document nor its lock file.
fn kept(sandbox: &Sandbox) -> String {
    let names =
        sandbox.names().into_iter().filter(|name| !["f", "f.lock"].contains(&name.as_str()));
    let names: Vec<String> = names.collect();
    let [name] = &names[..] else { panic!("{names:?}") };
    name.clone()
}

#[test]
fn what_another_program_writes_behind_the_last_look_is_kept() {
    if !can_trace("last_instant::what_another_program_writes_behind_the_last_look_is_kept") {
        return;
    }
    let acts: [(&str, Option<&str>, Act); 4] = [
        ("replaced", Some("theirs"), |sandbox| replace(sandbox, "{\"b\": \"theirs\"}")),
        ("replaced by one of the same size", Some("odd"), |sandbox| {
            replace(sandbox, "{\"b\": \"odd\"}");
        }),
        ("written in place", Some("theirs"), |sandbox| sandbox.write("f", "{\"b\": \"theirs\"}")),
        ("removed", None, |sandbox| _ = sandbox.shell("rm f").succeeds()),
    ];
    for (what, theirs, act) in acts {
        let sandbox = Sandbox::with("f", OLD);
        let ended = overtaken(&sandbox, &[], act);
        assert_eq!(ended.code, Some(0), "{what}: {}", ended.stderr);
        let document = sandbox.json("f");
        assert_eq!(document.get("b").and_then(|b| b.as_str()), theirs, "{what}");
        assert_eq!(document["a"], "new", "{what}");
        assert_eq!(sandbox.names(), ["f", "f.lock"], "{what}");
    }
}

/// What a file system, or a sandbox, answers that cannot exchange names.
const NO_EXCHANGE: [&str; 4] = ["EINVAL", "ENOSYS", "EOPNOTSUPP", "EPERM"];

/// Where names cannot be exchanged, there is another look before the plain rename.
#[test]
fn what_is_written_before_a_plain_rename_is_kept() {
    if !can_trace("last_instant::what_is_written_before_a_plain_rename_is_kept") {
        return;
    }
    for error in NO_EXCHANGE {
        let sandbox = Sandbox::with("f", OLD);
        let fault = format!("renameat2:error={error}");
        let ended =
            overtaken(&sandbox, &[&fault], |sandbox| replace(sandbox, "{\"b\": \"theirs\"}"));
        assert_eq!(ended.code, Some(0), "{error}: {}", ended.stderr);
        assert_eq!(sandbox.json("f"), serde_json::json!({"a": "new", "b": "theirs"}), "{error}");
        assert_eq!(sandbox.names(), ["f", "f.lock"], "{error}");
    }
}

/// The negative control: the plain rename itself, which is all that some file systems have, loses what is
/// written behind that look. The base is closed by then (invariant I13).
#[test]
fn a_plain_rename_loses_what_is_written_behind_the_last_look() {
    if !can_trace("last_instant::a_plain_rename_loses_what_is_written_behind_the_last_look") {
        return;
    }
    for error in NO_EXCHANGE {
        let fault = format!("renameat2:error={error}");
        let calls = calls_with_faults(&Sandbox::with("f", OLD), &EDIT, &[&fault]);
        let rename = calls.iter().position(|call| call.name == "renameat").unwrap();
        let close = &calls[rename - 1];
        assert!(close.line.starts_with("close(") && close.line.contains("/f>"), "{}", close.line);
        let sandbox = Sandbox::with("f", OLD);
        let stops = std::slice::from_ref(close);
        let ended = stopped_at_each(&sandbox, &EDIT, stops, &[&fault], |_| {
            replace(&sandbox, "{\"b\": \"theirs\"}");
        });
        assert_eq!(ended.code, Some(0), "{error}: {}", ended.stderr);
        assert_eq!(sandbox.json("f"), serde_json::json!({"a": "new"}), "{error}");
        assert_eq!(sandbox.names(), ["f", "f.lock"], "{error}");
    }
}

#[test]
fn permissions_that_change_behind_the_last_look_are_kept() {
    if !can_trace("last_instant::permissions_that_change_behind_the_last_look_are_kept") {
        return;
    }
    let sandbox = Sandbox::with("f", OLD);
    let ended = overtaken(&sandbox, &[], |sandbox| {
        let private = std::fs::Permissions::from_mode(0o600);
        std::fs::set_permissions(sandbox.path("f"), private).unwrap();
    });
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert_eq!(sandbox.json("f")["a"], "new");
    assert_eq!(crate::system::mode(&sandbox.path("f")), 0o600);
}

#[test]
fn of_two_writes_behind_the_last_look_the_newer_is_the_document_and_the_other_is_kept() {
    if !can_trace("last_instant::of_two_writes_behind_the_last_look") {
        return;
    }
    let sandbox = Sandbox::with("f", OLD);
    let stops = last_calls(&Sandbox::with("f", OLD));
    let ended = stopped_at_each(&sandbox, &EDIT, &stops, &[], |stop| match stop {
        0 => replace(&sandbox, "{\"b\": \"first\"}"),
        _ => replace(&sandbox, "{\"b\": \"second\"}"),
    });
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert_eq!(sandbox.json("f"), serde_json::json!({"a": "new", "b": "second"}));
    let kept = kept(&sandbox);
    assert_eq!(sandbox.json(&kept), serde_json::json!({"b": "first"}));
    assert!(ended.stderr.contains(&kept), "{}", ended.stderr);
    sandbox.run(["set", "f", "a=newer"]).succeeds();
    assert!(sandbox.path(&kept).exists(), "it is not taken for a leftover");
}

#[test]
fn a_write_is_kept_if_somebody_removes_the_document_before_it_is_given_back() {
    if !can_trace("last_instant::a_write_is_kept_if_somebody_removes_the_document") {
        return;
    }
    let sandbox = Sandbox::with("f", OLD);
    let stops = last_calls(&Sandbox::with("f", OLD));
    let ended = stopped_at_each(&sandbox, &EDIT, &stops, &[], |stop| match stop {
        0 => replace(&sandbox, "{\"b\": \"theirs\"}"),
        _ => _ = sandbox.shell("rm f").succeeds(),
    });
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert_eq!(sandbox.json("f"), serde_json::json!({"a": "new"}));
    let kept = kept(&sandbox);
    assert!(ended.stderr.contains(&kept), "{}", ended.stderr);
    assert_eq!(sandbox.json(&kept), serde_json::json!({"b": "theirs"}));
}

#[test]
fn a_write_that_cannot_be_given_back_is_kept_and_named() {
    if !can_trace("last_instant::a_write_that_cannot_be_given_back_is_kept_and_named") {
        return;
    }
    let sandbox = Sandbox::with("f", OLD);
    let ended = overtaken(&sandbox, &["renameat2:error=EIO:when=2"], |sandbox| {
        replace(sandbox, "{\"b\": \"theirs\"}");
    });
    assert_eq!(ended.code, Some(79), "{}", ended.stderr);
    assert!(ended.stderr.contains("could not be put back"), "{}", ended.stderr);
    assert!(!ended.stderr.contains("not changed"), "{}", ended.stderr);
    assert_eq!(sandbox.json("f"), serde_json::json!({"a": "new"}));
    let kept = kept(&sandbox);
    assert!(ended.stderr.contains(&kept), "{}", ended.stderr);
    assert_eq!(sandbox.json(&kept), serde_json::json!({"b": "theirs"}));
}

#[test]
fn old_content_that_cannot_be_removed_is_named_and_removed_by_the_next_edit() {
    if !can_trace("last_instant::old_content_that_cannot_be_removed_is_named") {
        return;
    }
    let sandbox = Sandbox::with("f", OLD);
    let stops: [Call; 0] = [];
    let ended = stopped_at_each(&sandbox, &EDIT, &stops, &["unlinkat:error=EIO"], |_| {});
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert!(ended.stderr.contains(&kept(&sandbox)), "{}", ended.stderr);
    assert_eq!(sandbox.json("f")["a"], "new");
    sandbox.run(["set", "f", "a=newer"]).succeeds();
    assert_eq!(sandbox.names(), ["f", "f.lock"]);
}

/// An edit that has swapped places with what somebody else wrote behind its last look, and is killed
/// before it can put that back.
fn killed_behind_the_swap() -> Sandbox {
    let sandbox = Sandbox::with("f", OLD);
    let ended = overtaken(&sandbox, &["renameat2:signal=SIGKILL:when=2"], |sandbox| {
        replace(sandbox, "{\"b\": \"theirs\"}");
    });
    assert_eq!((ended.code, sandbox.json("f")["a"].as_str()), (None, Some("new")));
    assert_eq!(sandbox.json(&kept(&sandbox))["b"], "theirs", "the scene is set");
    sandbox
}

#[test]
fn a_killed_edit_gives_back_what_it_had_replaced() {
    if !can_trace("last_instant::a_killed_edit_gives_back_what_it_had_replaced") {
        return;
    }
    let sandbox = killed_behind_the_swap();
    sandbox.run(["set", "f", "c=x"]).succeeds().says("f is again as a program wrote it");
    assert_eq!(sandbox.json("f"), serde_json::json!({"b": "theirs", "c": "x"}));
    assert_eq!(sandbox.names(), ["f", "f.lock"]);
}

#[test]
fn a_document_that_was_replaced_since_is_not_taken_back() {
    if !can_trace("last_instant::a_document_that_was_replaced_since_is_not_taken_back") {
        return;
    }
    let sandbox = killed_behind_the_swap();
    replace(&sandbox, "{\"b\": \"newest\"}");
    sandbox.run(["set", "f", "c=x"]).succeeds().says("f.displaced.jsonlock-");
    assert_eq!(sandbox.json("f"), serde_json::json!({"b": "newest", "c": "x"}));
    assert_eq!(sandbox.json(&kept(&sandbox))["b"], "theirs");
}
