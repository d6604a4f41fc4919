//! Proves that an error has the exit status of its kind, that an edit that fails by its change leaves the
//! document's bytes and inode as they were, and nothing else behind; and that each step of one that
//! succeeds stands where it is safe. What failing system calls leave behind is for
//! [`sweep`](crate::sweep) to see, and full disks for [`disks`](crate::disks).

use crate::harness::Sandbox;
use crate::system::{can_trace, end_of, inode};
use crate::tracing::{Call, calls_of_the_edit, find, with_fault};

const OLD: &str = "{\"a\": \"old\"}";
const EDIT: [&str; 4] = ["set", "-v", "f", "a=new"];

/// The call's position in the trace.
fn position(calls: &[Call], name: &str, part: &str) -> usize {
    let call = find(calls, name, part);
    calls.iter().position(|other| *other == call).unwrap()
}

/// The rename that makes the document new.
fn publishing(calls: &[Call]) -> &Call {
    calls.iter().find(|call| call.name.starts_with("rename")).unwrap()
}

#[test]
fn a_failing_call_has_the_exit_status_of_its_kind() {
    let test = "faults::a_failing_call_has_the_exit_status_of_its_kind";
    if !can_trace(test) {
        return;
    }
    let calls = calls_of_the_edit(&Sandbox::with("f", OLD), &EDIT);
    let temporary = ".jsonlock-";
    let publish = publishing(&calls).name.clone();
    for (name, part, errors, code) in [
        // Without it nobody knows whether locks work there.
        ("fstatfs", "", &["EIO"][..], 74),
        ("openat", "f.lock\", O_RDWR|O_CREAT", &["EIO", "ENOSPC", "EDQUOT", "EMFILE"], 73),
        ("openat", "f.lock\", O_RDWR|O_CREAT", &["EROFS", "EPERM"], 77),
        ("flock", "f.lock", &["ENOSYS", "ENOLCK", "EOPNOTSUPP", "EBADF"], 69),
        ("flock", "f.lock", &["EIO"], 74),
        ("pread64", "/f>", &["EIO"], 74),
        ("openat", temporary, &["EIO", "ENOSPC", "EDQUOT", "EMFILE", "ENOMEM"], 73),
        ("openat", temporary, &["EACCES", "EROFS"], 77),
        ("write", temporary, &["EIO", "ENOSPC", "EDQUOT", "EFBIG"], 74),
        ("fchmod", temporary, &["EIO"], 74),
        ("fsync", temporary, &["EIO", "ENOSPC", "EDQUOT"], 74),
        (&publish, temporary, &["EIO", "ENOSPC", "EXDEV", "ENOMEM"], 74),
        (&publish, temporary, &["EACCES", "EROFS", "EBUSY"], 77),
    ] {
        let call = find(&calls, name, part);
        for error in errors {
            let ended =
                with_fault(&Sandbox::with("f", OLD), &EDIT, &call, &format!("error={error}"));
            assert_eq!(ended.code, Some(code), "{error} for {}\n{}", call.line, ended.stderr);
        }
    }
}

/// The disk begins with a large document before all of it is written.
#[test]
fn a_large_document_whose_beginning_cannot_be_synced_is_not_published() {
    let test = "faults::a_large_document_whose_beginning_cannot_be_synced_is_not_published";
    if !can_trace(test) {
        return;
    }
    let large = format!("{{\"a\": \"old\", \"b\": \"{}\"}}", "x".repeat(40 << 20));
    let calls = calls_of_the_edit(&Sandbox::with("f", &large), &EDIT);
    let early = find(&calls, "fdatasync", ".jsonlock-");
    for error in ["EIO", "ENOSPC", "EDQUOT"] {
        let sandbox = Sandbox::with("f", &large);
        let ended = with_fault(&sandbox, &EDIT, &early, &format!("error={error}"));
        assert_eq!(ended.code, Some(74), "{error}: {}", ended.stderr);
        assert!(ended.stderr.ends_with("f was not changed\n"), "{}", ended.stderr);
        assert!(sandbox.read("f") == large, "{error}");
        assert_eq!(sandbox.names(), ["f", "f.lock"]);
    }
}

#[test]
fn a_call_that_is_interrupted_is_made_again() {
    let test = "faults::a_call_that_is_interrupted_is_made_again";
    if !can_trace(test) {
        return;
    }
    let calls = calls_of_the_edit(&Sandbox::with("f", OLD), &EDIT);
    for (name, part) in [("flock", "f.lock"), ("pread64", "/f>"), ("write", ".jsonlock-")] {
        let sandbox = Sandbox::with("f", OLD);
        let ended = with_fault(&sandbox, &EDIT, &find(&calls, name, part), "error=EINTR");
        assert_eq!(ended.code, Some(0), "{name}: {}", ended.stderr);
        assert_eq!(sandbox.json("f")["a"], "new");
    }
}

#[test]
fn a_directory_that_cannot_be_synced_makes_durability_unconfirmed() {
    let test = "faults::a_directory_that_cannot_be_synced_makes_durability_unconfirmed";
    if !can_trace(test) {
        return;
    }
    let calls = calls_of_the_edit(&Sandbox::with("f", OLD), &EDIT);
    let mut syncs = calls.iter().filter(|call| call.name == "fsync");
    let (_, directory) = (syncs.next().unwrap(), syncs.next().unwrap());
    for (error, code, says) in [
        ("EIO", 79, "f has the new content\n"),
        ("ENOSPC", 79, "it may not survive a power cut"),
        // What a file system answers that cannot do it at all is no failure of this edit.
        ("EINVAL", 0, "cannot sync directories"),
        ("EOPNOTSUPP", 0, "cannot sync directories"),
    ] {
        let sandbox = Sandbox::with("f", OLD);
        let ended = with_fault(&sandbox, &EDIT, directory, &format!("error={error}"));
        assert_eq!(ended.code, Some(code), "{error}: {}", ended.stderr);
        assert!(ended.stderr.contains(says), "{error}: {}", ended.stderr);
    }
}

#[test]
fn parents_can_be_made_where_directories_cannot_be_synced() {
    let test = "faults::parents_can_be_made_where_directories_cannot_be_synced";
    if !can_trace(test) {
        return;
    }
    let edit = ["set", "--parents", "d/f", "a=new"];
    let calls = calls_of_the_edit(&Sandbox::new(), &edit);
    let made = calls.iter().position(|call| call.name.starts_with("mkdir")).unwrap();
    let sync = calls[made..].iter().find(|call| call.name == "fsync").unwrap();
    for (error, code) in [("EINVAL", 0), ("EIO", 74)] {
        let ended = with_fault(&Sandbox::new(), &edit, sync, &format!("error={error}"));
        assert_eq!(ended.code, Some(code), "{error}: {}", ended.stderr);
    }
}

#[test]
fn each_step_stands_where_it_is_safe() {
    let test = "faults::each_step_stands_where_it_is_safe";
    if !can_trace(test) {
        return;
    }
    let sandbox = Sandbox::with("f", OLD);
    let calls = calls_of_the_edit(&sandbox, &EDIT);
    let locked = position(&calls, "flock", "f.lock>, LOCK_EX");
    let publish = publishing(&calls);
    let renamed = calls.iter().position(|call| call == publish).unwrap();
    let unlocked = position(&calls, "flock", "f.lock>, LOCK_UN");
    let file_synced = position(&calls, "fsync", ".jsonlock-");
    let is_dir_sync = |call: &Call| call.name == "fsync" && !call.line.contains(".jsonlock-");
    let dir_synced = calls.iter().position(is_dir_sync).unwrap();
    let reads = calls.iter().position(|call| call.name == "pread64" && call.line.contains("/f>"));
    let opens = |call: &Call| call.name == "openat" && call.line.contains("\"f\"");
    let opened = calls.iter().take(reads.unwrap()).rposition(opens).unwrap();
    let recorded = position(&calls, "pwrite64", "f.lock");
    let created = position(&calls, "openat", ".jsonlock-");
    let looks =
        |part| calls.iter().take(renamed).rposition(|call| call.line.contains(part)).unwrap();
    assert!(locked < opened, "the base is opened under the lock (I4)");
    assert!(recorded < created, "the temporary file is recorded before it exists (I9)");
    assert!(created < file_synced && file_synced < renamed, "content is synced first (I6)");
    assert!(file_synced < looks("f.lock\""), "the lock is looked at again just before (I3)");
    assert!(file_synced < looks("\"f\""), "the document is looked at again just before (I5)");
    assert!(renamed < unlocked && unlocked < dir_synced, "the directory is synced last (I7)");
    assert!(dir_synced < position(&calls, "exit_group", "0"), "and before the end (I7)");
    let closes_base = |call: &Call| call.name == "close" && call.line.contains("(deleted)");
    assert!(unlocked < calls.iter().rposition(closes_base).unwrap(), "the base stays open (I4)");
    for call in &calls[locked..] {
        assert!(call.line.contains("O_CLOEXEC") || call.name != "openat", "{}", call.line);
    }
}

#[test]
fn durability_decides_what_is_synced() {
    let test = "faults::durability_decides_what_is_synced";
    if !can_trace(test) {
        return;
    }
    for (durability, syncs) in [("full", 2), ("data", 1), ("none", 0)] {
        let option = format!("--durability={durability}");
        let calls = calls_of_the_edit(&Sandbox::with("f", OLD), &["set", &option, "f", "a=new"]);
        let count = calls.iter().filter(|call| call.name == "fsync").count();
        assert_eq!(count, syncs, "{durability}");
    }
}

/// A directory that is made is durable only with the sync of the one above it.
#[test]
fn directories_that_are_made_are_synced() {
    let test = "faults::directories_that_are_made_are_synced";
    if !can_trace(test) {
        return;
    }
    let sandbox = Sandbox::new();
    let calls = calls_of_the_edit(&sandbox, &["set", "--parents", "d/e/f", "a=new"]);
    for directory in ["", "d", "d/e"] {
        let path = sandbox.path(directory);
        let synced = format!("<{}>)", path.to_str().unwrap().trim_end_matches('/'));
        find(&calls, "fsync", &synced);
    }
}

#[test]
fn an_edit_without_a_change_publishes_nothing_but_is_durable() {
    let sandbox = Sandbox::with("f", OLD);
    let before = std::fs::metadata(sandbox.path("f")).unwrap();
    let look = |sandbox: &Sandbox| {
        use std::os::unix::fs::MetadataExt as _;
        let now = std::fs::metadata(sandbox.path("f")).unwrap();
        assert_eq!(
            (now.ino(), now.ctime(), now.ctime_nsec()),
            (before.ino(), before.ctime(), before.ctime_nsec())
        );
        assert_eq!(sandbox.read("f"), OLD);
    };
    sandbox.run(["del", "f", "absent"]).succeeds().prints_nothing();
    look(&sandbox);
    if can_trace("faults::an_edit_without_a_change_publishes_nothing_but_is_durable") {
        let calls = calls_of_the_edit(&sandbox, &["del", "f", "absent"]);
        let count = |name: &str| calls.iter().filter(|call| call.name.starts_with(name)).count();
        assert_eq!((count("rename"), count("pwrite"), count("fsync")), (0, 0, 2), "{calls:#?}");
        look(&sandbox);
    }
}

#[test]
fn a_change_that_does_not_fit_leaves_bytes_and_inode() {
    for (text, args, code) in [
        (OLD, &["set", "f", "b=x", "a.b=x"][..], 5),
        ("{\"a\": ", &["set", "f", "a=new"], 65),
        ("\0\0\0\0\0\0\0\0", &["set", "f", "a=new"], 65),
        (OLD, &["del", "--must-exist", "f", "b"], 5),
    ] {
        let sandbox = Sandbox::with("f", text);
        let before = inode(&sandbox.path("f"));
        sandbox.run(args).exits_with(code).says("f was not changed");
        assert_eq!((sandbox.read("f").as_str(), inode(&sandbox.path("f"))), (text, before));
        assert_eq!(sandbox.names(), ["f", "f.lock"]);
    }
}

/// Output comes after the commit, so it can fail but not take the edit back.
#[test]
fn a_broken_pipe_or_full_output_does_not_undo_the_edit() {
    let sandbox = Sandbox::with("f", OLD);
    let mut command = sandbox.command(["set", "f", "a=new", "--report"]);
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    command.stdout(full).stderr(std::process::Stdio::piped());
    let ended = end_of(command.spawn().unwrap());
    assert_eq!(ended.code, Some(74), "{}", ended.stderr);
    assert!(ended.stderr.contains("f was changed as asked"), "{}", ended.stderr);
    assert_eq!(sandbox.json("f")["a"], "new");
    sandbox.shell("jsonlock set f a=newer --report | true").succeeds();
    assert_eq!(sandbox.json("f")["a"], "newer");
}
