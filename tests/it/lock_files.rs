//! Proves what may be a lock file, who may open it, and that one which is something else is neither
//! locked, nor written to, nor given away.

use crate::harness::{Sandbox, skip};
use crate::system::{
    Held, User, access, can_switch_user, chmod, give, inode, mode, needs_root, works,
};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

const OLD: &str = "{\"a\": \"old\"}";

const TEAM: u32 = 4100;
const ALICE: User = User { uid: 4001, groups: &[4001, TEAM] };
const BOB: User = User { uid: 4002, groups: &[4002, TEAM] };
const EVE: User = User { uid: 4003, groups: &[4003] };

#[test]
fn a_lock_file_is_open_to_those_who_may_write_the_document() {
    for (bits, lock_bits) in [
        (0o600, 0o600),
        (0o644, 0o600),
        (0o660, 0o660),
        (0o664, 0o660),
        (0o666, 0o666),
        (0o622, 0o666),
        (0o755, 0o600),
        (0o604, 0o600),
        (0o6775, 0o660),
    ] {
        for umask in ["000", "077"] {
            let sandbox = Sandbox::with("f", OLD);
            chmod(&sandbox.path("f"), bits);
            sandbox.shell(&format!("umask {umask}; jsonlock set f a=new")).succeeds();
            assert_eq!(mode(&sandbox.path("f.lock")), lock_bits, "{bits:o} under umask {umask}");
        }
    }
}

/// Everything that is not a regular file is refused at once, though opening some of it would hang.
#[test]
fn a_lock_file_must_be_a_regular_file() {
    for (make, says) in [
        ("mkdir f.lock", "proper-lockfile"),
        ("mkfifo f.lock", "not a regular file"),
        ("ln -s precious f.lock", "a symbolic link"),
        ("ln -s nowhere f.lock", "a symbolic link"),
        ("ln -s /dev/null f.lock", "a symbolic link"),
    ] {
        let sandbox = Sandbox::with("f", OLD);
        sandbox.write("precious", "kept");
        let before = (access(&sandbox.path("precious")), inode(&sandbox.path("precious")));
        sandbox.shell(make).succeeds();
        let names = sandbox.names();
        let run = sandbox.run(["set", "f", "a=new"]).exits_with(77);
        run.says("f.lock").says(says).says("--lock-file").says("f was not changed");
        assert_eq!((sandbox.read("f").as_str(), sandbox.names()), (OLD, names), "{make}");
        let now = (access(&sandbox.path("precious")), inode(&sandbox.path("precious")));
        assert_eq!((sandbox.read("precious").as_str(), now), ("kept", before), "{make}");
    }
}

#[test]
fn a_device_is_no_lock_file() {
    let sandbox = Sandbox::with("f", OLD);
    let lock = sandbox.path("f.lock");
    let test = "lock_files::a_device_is_no_lock_file";
    if !needs_root(test) || !works(test, &["mknod", lock.to_str().unwrap(), "c", "1", "3"]) {
        return;
    }
    sandbox.run(["set", "f", "a=new"]).exits_with(77).says("not a regular file");
}

/// Locking another name of somebody's file does no harm, but writing to it or giving it away would.
#[test]
fn a_lock_file_with_another_name_is_locked_and_otherwise_left_alone() {
    let precious = "jsonlock/1 is how this begins, as if it were a lock file's line";
    for (content, bits) in [(precious, 0o600), ("kept", 0o600), ("", 0o600)] {
        let sandbox = Sandbox::with("f", OLD);
        sandbox.write("precious", content);
        chmod(&sandbox.path("precious"), bits);
        chmod(&sandbox.path("f"), 0o666);
        if crate::system::is_root() {
            give(&sandbox.path("f"), EVE.uid, EVE.uid, 0o666);
        }
        fs::hard_link(sandbox.path("precious"), sandbox.path("f.lock")).unwrap();
        let before = access(&sandbox.path("precious"));
        sandbox.run(["set", "-v", "f", "a=new"]).succeeds().says("not written to");
        assert_eq!(
            (sandbox.read("precious").as_str(), access(&sandbox.path("precious"))),
            (content, before)
        );
        let _held = Held::new(&sandbox.path("precious"));
        sandbox.run(["set", "--timeout=0", "f", "a=newer"]).exits_with(75);
    }
}

#[test]
fn a_lock_file_that_is_too_narrow_is_mended_by_its_owner() {
    if !can_switch_user("lock_files::a_lock_file_that_is_too_narrow_is_mended_by_its_owner") {
        return;
    }
    for (owner, group, bits) in [(ALICE.uid, 4001, 0o600), (ALICE.uid, 4001, 0o660), (0, 0, 0o600)]
    {
        let sandbox = team();
        sandbox.write("f.lock", "");
        give(&sandbox.path("f.lock"), owner, group, bits);
        let edit = |user: User| sandbox.run_command(user.command(&sandbox, ["set", "f", "a=new"]));
        // The control: Bob is kept out by it.
        edit(BOB).exits_with(77).says("f.lock").says("needs to read and write its lock file");
        if owner == 0 {
            sandbox.run(["set", "f", "a=new"]).succeeds();
        } else {
            edit(ALICE).succeeds();
        }
        assert_eq!(access(&sandbox.path("f.lock")), (ALICE.uid, TEAM, 0o660));
        edit(BOB).succeeds();
    }
}

/// Alice's document in her team's directory.
fn team() -> Sandbox {
    let sandbox = Sandbox::with("f", OLD);
    give(&sandbox.path("f"), ALICE.uid, TEAM, 0o664);
    give(sandbox.root(), ALICE.uid, TEAM, 0o2775);
    sandbox
}

#[test]
fn mending_a_lock_file_shuts_nobody_out() {
    if !can_switch_user("lock_files::mending_a_lock_file_shuts_nobody_out") {
        return;
    }
    // Eve made the lock file with flock(1), and cannot give it to a group that is not hers.
    for (owner, bits, other) in [(ALICE.uid, 0o606, ALICE), (EVE.uid, 0o664, BOB)] {
        let sandbox = Sandbox::with("f", OLD);
        give(&sandbox.path("f"), owner, TEAM, bits);
        give(sandbox.root(), ALICE.uid, TEAM, 0o2777);
        sandbox.write("f.lock", "");
        give(&sandbox.path("f.lock"), EVE.uid, EVE.uid, 0o644);
        for user in [other, EVE, other] {
            sandbox.run_command(user.command(&sandbox, ["set", "f", "a=new"])).succeeds();
            assert_eq!(mode(&sandbox.path("f.lock")) & 0o644, 0o644);
            give(&sandbox.path("f"), owner, TEAM, bits);
        }
    }
}

#[test]
fn a_lock_file_that_can_only_be_read_can_be_locked() {
    if !can_switch_user("lock_files::a_lock_file_that_can_only_be_read_can_be_locked") {
        return;
    }
    let sandbox = team();
    sandbox.write("f.lock", "");
    give(&sandbox.path("f.lock"), 0, 0, 0o644);
    let command = BOB.command(&sandbox, ["set", "f", "a=new"]);
    sandbox.run_command(command).succeeds();
    let held = Held::new(&sandbox.path("f.lock"));
    let command = BOB.command(&sandbox, ["set", "--timeout=0", "f", "a=new"]);
    sandbox.run_command(command).exits_with(75);
    held.release();
}

#[test]
fn another_lock_file_can_be_given() {
    let sandbox = Sandbox::with("f", OLD);
    fs::create_dir(sandbox.path("locks")).unwrap();
    // git, gix and npm give FILE.lock a meaning of their own.
    fs::create_dir(sandbox.path("f.lock")).unwrap();
    let edit = ["set", "--timeout=0", "--lock-file", "locks/mine", "f", "a=new"];
    sandbox.run(edit).succeeds();
    assert_eq!(sandbox.names(), ["f", "f.lock", "locks"]);
    assert_eq!(crate::harness::names(&sandbox.path("locks")), ["mine"]);
    let held = Held::new(&sandbox.path("locks/mine"));
    sandbox.run(edit).exits_with(75).says("locks/mine");
    held.release();
    symlink("mine", sandbox.path("locks/link")).unwrap();
    let link = ["set", "--lock-file", "locks/link", "f", "a=new"];
    sandbox.run(link).exits_with(77).says("symbolic link");
    let missing = ["set", "--lock-file", "missing/lock", "f", "a=new"];
    let run = sandbox.run(missing);
    assert!(matches!(run.code(), Some(66 | 73)), "{run}");
    assert_eq!(sandbox.json("f")["a"], "new");
}

#[test]
fn a_name_that_leaves_no_room_for_the_lock_file_is_refused() {
    for (length, fits) in [(200, true), (250, true), (251, false), (255, false)] {
        let name = "n".repeat(length);
        let sandbox = Sandbox::with(&name, OLD);
        let run = sandbox.run(["set", &name, "a=new"]);
        if fits {
            let _ = run.succeeds();
            assert_eq!(sandbox.json(&name)["a"], "new", "{length}");
            continue;
        }
        let _ = run.exits_with(73).says("--lock-file").says("was not changed");
        assert_eq!((sandbox.read(&name).as_str(), sandbox.names()), (OLD, vec![name.clone()]));
        sandbox.run(["set", "--lock-file", "lock", &name, "a=new"]).succeeds();
        assert_eq!(sandbox.json(&name)["a"], "new", "the temporary name does not grow: {length}");
    }
}

#[test]
fn an_immutable_document_or_directory_is_named_as_such() {
    let sandbox = Sandbox::with("f", OLD);
    let test = "lock_files::an_immutable_document_or_directory_is_named_as_such";
    if !needs_root(test) {
        return;
    }
    for path in [sandbox.path("f"), sandbox.root().to_owned()] {
        if !chattr("+i", &path) {
            return skip(test, "chattr +i does not work here");
        }
        let run = sandbox.run(["set", "f", "a=new"]);
        assert!(chattr("-i", &path), "the test cleans up");
        let _ = run.exits_with(77).says("f was not changed");
        assert_eq!(sandbox.read("f"), OLD);
    }
}

fn chattr(change: &str, path: &Path) -> bool {
    let mut command = std::process::Command::new("chattr");
    command.arg(change).arg(path).stderr(std::process::Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
