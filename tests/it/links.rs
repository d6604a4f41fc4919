//! Proves that root is not led by a stranger's link to where its owner could not go, not even by one
//! that is put there, or turned, in the middle of an edit; and that it follows the links that are safe.

use crate::harness::{Sandbox, names};
use crate::people::{EVE, OLD};
use crate::system::{access, can_trace, chmod, inode, needs_root};
use crate::tracing::{calls_of_the_edit, stopped_at};
use std::fs;
use std::os::unix::fs::{lchown, symlink};

/// Root's precious file, and a directory of Eve's in which she turns things while root edits there.
fn eves_directory() -> Sandbox {
    let sandbox = Sandbox::new();
    for directory in ["root", "eve", "eve/dir"] {
        fs::create_dir(sandbox.path(directory)).unwrap();
    }
    for document in ["root/f", "eve/dir/f"] {
        sandbox.write(document, OLD);
    }
    symlink("../root/f", sandbox.path("eve/bad")).unwrap();
    symlink("dir/f", sandbox.path("eve/good")).unwrap();
    symlink("../root", sandbox.path("eve/baddir")).unwrap();
    for name in ["eve", "eve/dir", "eve/dir/f", "eve/bad", "eve/good", "eve/baddir"] {
        lchown(sandbox.path(name), Some(EVE.uid), Some(EVE.uid)).unwrap();
    }
    chmod(sandbox.root(), 0o755);
    sandbox
}

/// Eve turns a link, or puts one in a directory's place, behind each of root's system calls in turn.
/// Whatever was looked at before must not be trusted afterwards.
#[test]
fn root_is_not_led_astray_by_links_that_turn() {
    let test = "neighbours::root_is_not_led_astray_by_links_that_turn";
    if !needs_root(test) || !can_trace(test) {
        return;
    }
    let exchange =
        |one: &str, two: &str| format!("cd eve; mv {one} x; mv -T {two} {one}; mv -T x {two}");
    for (path, act, is_refused) in [
        ("eve/good", exchange("good", "bad"), false),
        ("eve/bad", exchange("bad", "good"), true),
        ("eve/dir/f", exchange("dir", "baddir"), false),
        ("eve/baddir/f", exchange("baddir", "dir"), true),
    ] {
        let edit = ["set", path, "a=new"];
        let scene = eves_directory();
        let refused = scene.run(edit).code() == Some(77);
        assert_eq!(refused, is_refused, "the control: without Eve's tricks, {path}");
        let calls = calls_of_the_edit(&eves_directory(), &edit);
        let lock = calls.iter().position(|call| call.name == "fsync").unwrap_or(calls.len());
        for call in calls[..lock].iter().filter(|call| looks_up(&call.name)) {
            let sandbox = eves_directory();
            let before = inode(&sandbox.path("root/f"));
            let ended = stopped_at(&sandbox, &edit, call, || _ = sandbox.shell(&act).succeeds());
            assert!(matches!(ended.code, Some(0 | 77)), "{}: {}", call.line, ended.stderr);
            assert_eq!(
                (sandbox.read("root/f").as_str(), inode(&sandbox.path("root/f"))),
                (OLD, before),
                "{path} behind {}",
                call.line
            );
            assert_eq!(names(&sandbox.path("root")), ["f"], "{path} behind {}", call.line);
        }
    }
}

/// Whether a call looks names up, or tells what they denote.
fn looks_up(name: &str) -> bool {
    ["open", "stat", "readlink", "access"].iter().any(|part| name.contains(part))
}

/// Directories are made only where no stranger's link has led.
#[test]
fn root_makes_no_directories_over_a_strangers_link() {
    let test = "neighbours::root_makes_no_directories_over_a_strangers_link";
    if !needs_root(test) {
        return;
    }
    let sandbox = eves_directory();
    symlink("../root/new/f", sandbox.path("eve/parents")).unwrap();
    lchown(sandbox.path("eve/parents"), Some(EVE.uid), Some(EVE.uid)).unwrap();
    for path in ["eve/parents", "eve/baddir/new/f", "eve/baddir/../root/new/f"] {
        sandbox.run(["set", "--parents", path, "a=new"]).exits_with(77).says("symbolic link");
        sandbox.run(["set", "--lock-file", "eve/baddir/lock", "eve/dir/f", "a=new"]).exits_with(77);
        assert_eq!(names(&sandbox.path("root")), ["f"], "{path}");
    }
    sandbox.run(["set", "--parents", "eve/dir/new/f", "a=new"]).succeeds();
    sandbox.run(["set", "--parents", "--follow=always", "eve/parents", "a=new"]).succeeds();
    assert_eq!(names(&sandbox.path("root/new")), ["f", "f.lock"]);
}

/// Links among the directories that root may follow: its own, and those that lead to their owner's.
#[test]
fn root_follows_directory_links_that_lead_nowhere_special() {
    let test = "neighbours::root_follows_directory_links_that_lead_nowhere_special";
    if !needs_root(test) {
        return;
    }
    let sandbox = eves_directory();
    symlink("eve/dir", sandbox.path("ours")).unwrap();
    symlink("dir", sandbox.path("eve/hers")).unwrap();
    symlink("hers", sandbox.path("eve/chain")).unwrap();
    symlink(sandbox.path("eve/chain"), sandbox.path("absolute")).unwrap();
    symlink("loop", sandbox.path("loop")).unwrap();
    for name in ["eve/hers", "eve/chain"] {
        lchown(sandbox.path(name), Some(EVE.uid), Some(EVE.uid)).unwrap();
    }
    let absolute = sandbox.path("absolute/../hers/f");
    let paths = ["ours/f", "eve/hers/f", "eve/chain/f", "absolute/f", "./eve/../eve/hers/./f"];
    for path in paths.into_iter().chain(absolute.to_str()) {
        sandbox.run(["set", path, &format!("a={path}")]).succeeds();
        assert_eq!(sandbox.json("eve/dir/f")["a"], path);
    }
    sandbox.run(["set", "loop/f", "a=new"]).exits_with(74);
    sandbox.run(["set", "eve/dir/f/x", "a=new"]).exits_with(73);
    // The directories of processes are links whose text need not be where they lead.
    let script = "cd eve/dir; jsonlock set /proc/self/cwd/f a=here";
    sandbox.shell(script).succeeds();
    assert_eq!(sandbox.json("eve/dir/f")["a"], "here");
    assert_eq!(access(&sandbox.path("eve/dir/f")).0, EVE.uid);
}
