//! Proves what becomes of a document whose edit was killed in a plain rename, beside what else may happen to it:
//! other documents with the same lock file, people who remove or replace it, readers who may not read the lock.

use crate::harness::{JSONLOCK, Run, Sandbox};
use crate::system::{User, can_mount, can_switch_user, can_trace, end_of, give, works};
use crate::tracing::strace_of;
use std::process::Stdio;

const OLD: &str = "{\"a\": \"old\"}";
const EVE: User = User { uid: 4003, groups: &[4003] };

/// Kills an edit with these faults. Its file is `args[0]`.
fn killed(sandbox: &Sandbox, args: &[&str], faults: &[&str]) {
    let mut options = vec!["-o".to_owned(), "/dev/null".to_owned()];
    for fault in faults {
        options.extend(["-e".to_owned(), format!("inject={fault}")]);
    }
    let options: Vec<&str> = options.iter().map(String::as_str).collect();
    let program = [&[JSONLOCK, "set"], args].concat();
    let mut command = strace_of(sandbox, program, &options);
    let ended = end_of(command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap());
    assert_eq!(ended.signal, Some(9), "{:?}: {}", ended.code, ended.stderr);
}

const IN_RENAME: [&str; 2] = ["renameat2:error=EINVAL", "renameat:signal=SIGKILL"];

/// Kills an edit in its plain rename, when an NFS client has moved the document away already.
fn interrupted(sandbox: &Sandbox, args: &[&str]) {
    killed(sandbox, args, &IN_RENAME);
    std::fs::remove_file(sandbox.path(args[0])).unwrap();
}

/// The one name that is neither the document nor its lock file.
fn other_name(sandbox: &Sandbox) -> String {
    let names = sandbox.names().into_iter().filter(|name| name != "f" && name != "f.lock");
    let [name] = &names.collect::<Vec<_>>()[..] else { panic!("{:?}", sandbox.names()) };
    name.clone()
}

fn in_directories(names: &[&str]) -> Sandbox {
    let sandbox = Sandbox::new();
    for name in names {
        let path = sandbox.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        sandbox.write(name, OLD);
    }
    sandbox
}

/// Others may be told to lock the same file, wherever their documents are.
#[test]
fn an_edit_of_another_document_with_the_same_lock_file_forgets_nothing() {
    if !can_trace(
        "interrupted::an_edit_of_another_document_with_the_same_lock_file_forgets_nothing",
    ) {
        return;
    }
    for [ours, other] in [["1/f", "2/g"], ["1/f", "2/f"], ["1/f", "1/g"], ["f", "g"]] {
        let sandbox = in_directories(&[ours, other]);
        let set = |file, edit| sandbox.run(["set", file, edit, "--lock-file", "lock"]);
        interrupted(&sandbox, &[ours, "a=new", "--lock-file", "lock"]);
        set(other, "b=x").succeeds();
        set(other, "c=x").succeeds();
        set("h", "d=x").succeeds();
        set(ours, "after=x").succeeds().says("is the document now");
        assert_eq!(sandbox.json(ours), serde_json::json!({"a": "new", "after": "x"}), "{other}");
        assert_eq!(sandbox.json(other)["c"], "x");
        assert_eq!(sandbox.json("h"), serde_json::json!({"d": "x"}));
        set(other, "d=x").succeeds();
    }
}

#[test]
fn an_edit_that_is_done_leaves_the_lock_file_to_other_documents() {
    if !can_trace("interrupted::an_edit_that_is_done_leaves_the_lock_file_to_other_documents") {
        return;
    }
    let sandbox = in_directories(&["1/f", "2/g"]);
    let options = ["-o", "/dev/null", "-e", "inject=renameat2:error=EINVAL"];
    for file in ["1/f", "2/g", "1/f"] {
        let program = [JSONLOCK, "set", file, "b=x", "--lock-file", "lock"];
        let mut command = strace_of(&sandbox, program, &options);
        assert!(command.status().unwrap().success());
        assert!(!sandbox.read("lock").contains("etag="), "{}", sandbox.read("lock"));
    }
}

/// Only a rename that may take several steps leaves no document; of any other kill it is left.
#[test]
fn a_document_that_was_removed_after_a_kill_is_not_there() {
    if !can_trace("interrupted::a_document_that_was_removed_after_a_kill_is_not_there") {
        return;
    }
    for fault in
        ["fsync:signal=SIGKILL:when=1", "renameat2:signal=SIGKILL", "unlinkat:signal=SIGKILL"]
    {
        let sandbox = Sandbox::with("f", OLD);
        killed(&sandbox, &["f", "a=new"], &[fault]);
        std::fs::remove_file(sandbox.path("f")).unwrap();
        sandbox.run(["get", "f", "a", "--default", "none"]).succeeds().prints("none\n");
        sandbox.run(["get", "f"]).exits_with(66);
        sandbox.run(["set", "f", "b=x"]).succeeds();
        assert_eq!(sandbox.json("f"), serde_json::json!({"b": "x"}), "{fault}");
        assert_eq!(sandbox.names(), ["f", "f.lock"], "{fault}");
    }
}

#[test]
fn what_was_to_become_the_document_is_kept_if_somebody_makes_another() {
    if !can_trace("interrupted::what_was_to_become_the_document_is_kept") {
        return;
    }
    for theirs in ["", "{\"b\": \"theirs\"}"] {
        let sandbox = Sandbox::with("f", OLD);
        interrupted(&sandbox, &["f", "a=new"]);
        sandbox.write("f", theirs);
        sandbox.run(["set", "f", "c=x"]).succeeds().says("is kept as f.displaced.jsonlock-");
        assert_eq!(sandbox.json("f").get("b").is_some(), !theirs.is_empty());
        let kept = other_name(&sandbox);
        assert_eq!(sandbox.json(&kept), serde_json::json!({"a": "new"}));
        sandbox.run(["set", "f", "d=x"]).succeeds();
        assert_eq!(sandbox.json(&kept), serde_json::json!({"a": "new"}), "nothing removes it");
    }
    // The negative control: a document that is still the old one leaves nothing to be kept.
    let sandbox = Sandbox::with("f", OLD);
    killed(&sandbox, &["f", "a=new"], &IN_RENAME);
    sandbox.run(["set", "f", "c=x"]).succeeds();
    assert_eq!(sandbox.json("f"), serde_json::json!({"a": "old", "c": "x"}));
    assert_eq!(sandbox.names(), ["f", "f.lock"]);
}

/// Whoever may not edit a document cannot read its lock file, which alone could tell.
#[test]
fn a_reader_who_cannot_tell_does_not_say_that_there_is_no_document() {
    let test = "interrupted::a_reader_who_cannot_tell_does_not_say_that_there_is_no_document";
    if !can_trace(test) || !can_switch_user(test) {
        return;
    }
    let sandbox = Sandbox::with("f", OLD);
    give(sandbox.root(), 0, 0, 0o755);
    let read = |args: &[&str]| -> Run { sandbox.run_command(EVE.command(&sandbox, args)) };
    interrupted(&sandbox, &["f", "a=new"]);
    read(&["get", "f", "a", "--default", "none"])
        .exits_with(77)
        .says("f is missing, and .jsonlock-");
    read(&["get", "f"]).exits_with(77).never_says("does not exist");
    sandbox.run(["set", "f", "b=x"]).succeeds();
    read(&["get", "f", "a"]).succeeds().prints("new\n");
    std::fs::remove_file(sandbox.path("f")).unwrap();
    read(&["get", "f", "a", "--default", "none"]).succeeds().prints("none\n");
}

/// Those who give a directory of a pool to a container mount it elsewhere.
#[test]
fn a_directory_of_mergerfs_is_as_good_as_its_branches() {
    let test = "interrupted::a_directory_of_mergerfs_is_as_good_as_its_branches";
    if !can_mount(test) || !works(test, &["mergerfs", "--version"]) {
        return;
    }
    let sandbox = Sandbox::new();
    for name in ["b1/sub", "b2", "pool", "bound"] {
        std::fs::create_dir_all(sandbox.path(name)).unwrap();
    }
    let script = "mergerfs $PWD/b1:$PWD/b2 $PWD/pool 2> /dev/null; mount --bind pool/sub bound
        trap 'umount bound; umount pool' EXIT
        jsonlock set pool/f a=1 && jsonlock set bound/f a=1 && jsonlock set pool/sub/f b=1 &&
        jsonlock status pool/f";
    let mut command = std::process::Command::new("unshare");
    command.args(["-m", "sh", "-c", script]).current_dir(sandbox.root()).stdin(Stdio::null());
    let run = sandbox.run_command(crate::harness::with_jsonlock(command)).succeeds();
    assert!(run.stdout().contains("fuse.mergerfs"), "{run}");
    assert_eq!(sandbox.json("b1/sub/f"), serde_json::json!({"a": "1", "b": "1"}));
}
