//! Proves that what hostile neighbours put into the directory, into the lock file or in the way of the
//! path is neither waited for nor touched; not even when it is put there while an edit waits.

use crate::harness::Sandbox;
use crate::people::{EVE, OLD};
use crate::system::{
    Held, access, can_trace, chmod, end_of, give, is_root, needs_root, sees_waiters, works,
};
use crate::tracing::{calls_of_the_edit, find, stopped_at};
use std::fs;
use std::os::unix::fs::{MetadataExt as _, symlink};
use std::os::unix::net::UnixListener;

const EDIT: [&str; 3] = ["set", "f", "a=new"];

/// A name that only jsonlock gives.
const TEMPORARY: &str = ".jsonlock-0123456789abcdef";

#[test]
fn a_lock_file_cannot_make_the_holder_delete_or_write_anything_else() {
    let record = |name: &str| format!("jsonlock/1 pid=1 since=1 temp={name}\n");
    for (make, name) in [
        ("echo kept > precious", "precious"),
        ("echo kept > precious", "../precious"),
        ("echo kept > precious", "./precious"),
        ("mkdir .jsonlock-d; echo kept > .jsonlock-d/x", ".jsonlock-d/x"),
        (&*format!("mkdir {TEMPORARY}"), TEMPORARY),
        (&*format!("echo kept > precious; ln -s precious {TEMPORARY}"), TEMPORARY),
        (&*format!("mkfifo {TEMPORARY}"), TEMPORARY),
        // Longer and shorter than the names that jsonlock gives.
        (&*format!("echo kept > {TEMPORARY}0"), &*format!("{TEMPORARY}0")),
        ("echo kept > .jsonlock-0123456789abcde", ".jsonlock-0123456789abcde"),
        ("echo kept > .jsonlock-0123456789abcde.", ".jsonlock-0123456789abcde."),
    ] {
        let sandbox = Sandbox::new();
        fs::create_dir(sandbox.path("dir")).unwrap();
        sandbox.write("dir/f", OLD);
        sandbox.write("precious", "kept");
        sandbox.shell(&format!("cd dir; {make}")).succeeds();
        let absolute = sandbox.path("precious").to_str().unwrap().to_owned();
        let other = ".jsonlock-ABCDEFGHIJKLMNOP";
        for name in [name, &absolute] {
            for record in [record(name), record(&format!("{other} backup={name}"))] {
                let before = kept(&sandbox);
                sandbox.write("dir/f.lock", &record);
                sandbox.run(["set", "dir/f", &format!("a={record}")]).succeeds();
                assert_eq!(kept(&sandbox), before, "{make}: {record}");
            }
        }
    }
    // The control: what a killed writer leaves is removed.
    let sandbox = Sandbox::with("f", OLD);
    sandbox.write(TEMPORARY, "left");
    sandbox.write("f.lock", record(TEMPORARY));
    sandbox.run(["set", "-v", "f", "a=new"]).succeeds().says("which a killed writer had left");
    assert_eq!(sandbox.names(), ["f", "f.lock"]);
    sandbox.write(TEMPORARY, "left");
    sandbox.write("f.lock", record(&format!(".jsonlock-ABCDEFGHIJKLMNOP backup={TEMPORARY}")));
    sandbox.run(["set", "-v", "f", "a=newer"]).succeeds().says("which a killed writer had left");
    assert_eq!(sandbox.names(), ["f", "f.lock"]);
}

/// What is there besides document and lock file: names, inodes and sizes.
fn kept(sandbox: &Sandbox) -> Vec<(String, u64, u64)> {
    let mut kept = Vec::new();
    for path in sandbox.shell("find .").succeeds().stdout().lines() {
        let metadata = fs::symlink_metadata(sandbox.path(path)).unwrap();
        if !["./dir/f", "./dir/f.lock", "./dir"].contains(&path) {
            kept.push((path.to_owned(), metadata.ino(), metadata.size()));
        }
    }
    kept.sort();
    kept
}

#[test]
fn a_lock_file_with_strange_content_is_locked_and_left_alone() {
    let long = "x".repeat(100_000);
    for content in
        [&b"\0\xff\xfe\x80"[..], long.as_bytes(), b"jsonlock/", b"jsonlock/2 pid=1", b"\n"]
    {
        let sandbox = Sandbox::with("f", OLD);
        sandbox.write("f.lock", content);
        sandbox.run(["set", "-v", "f", "a=new"]).succeeds().says("not written to");
        assert_eq!(sandbox.read_bytes("f.lock"), content);
        let held = Held::new(&sandbox.path("f.lock"));
        sandbox.run(["set", "--timeout=0", "f", "a=newer"]).exits_with(75);
        held.release();
    }
    // As large as can be, without taking any room: reading it would take for ever.
    let sandbox = Sandbox::with("f", OLD);
    sandbox.write("f.lock", "");
    let lock = fs::OpenOptions::new().write(true).open(sandbox.path("f.lock")).unwrap();
    lock.set_len(1 << 40).unwrap();
    sandbox.run(["set", "-v", "f", "a=new"]).succeeds().says("not written to");
    // Nonsense behind the mark of our own is overwritten, and understood as nothing.
    sandbox.write("f.lock", b"jsonlock/1 pid=-1 temp= temp=\xff");
    sandbox.run(["set", "f", "a=newer"]).succeeds();
    sandbox.write("f.lock", "jsonlock/1 pid=99999999999999999999 since= temp=/");
    sandbox.run(["set", "f", "a=newest"]).succeeds();
    assert_eq!(sandbox.json("f")["a"], "newest");
    assert_eq!(sandbox.names(), ["f", "f.lock"]);
}

/// A record in one lock file that names the living temporary file of another document's writer.
#[test]
fn a_temporary_file_that_somebody_deletes_costs_the_edit_and_no_more() {
    let test = "neighbours::a_temporary_file_that_somebody_deletes_costs_the_edit_and_no_more";
    if !can_trace(test) {
        return;
    }
    let calls = calls_of_the_edit(&Sandbox::with("f", OLD), &EDIT);
    let sync = find(&calls, "fsync", ".jsonlock-");
    let sandbox = Sandbox::with("f", OLD);
    sandbox.write("g", OLD);
    let ended = stopped_at(&sandbox, &EDIT, &sync, || {
        let name = sandbox.names().into_iter().find(|name| name.starts_with(".jsonlock-")).unwrap();
        sandbox.write("g.lock", format!("jsonlock/1 pid=1 since=1 temp={name}\n"));
        sandbox.run(["set", "g", "a=new"]).succeeds();
    });
    assert_eq!(ended.code, Some(77), "{}", ended.stderr);
    assert!(ended.stderr.contains("f was not changed"), "{}", ended.stderr);
    assert_eq!(sandbox.read("f"), OLD);
    assert_eq!(sandbox.names(), ["f", "f.lock", "g", "g.lock"]);
}

#[test]
fn a_directory_full_of_planted_names_is_edited_in_and_left_alone() {
    let sandbox = Sandbox::with("f", OLD);
    sandbox.write("precious", "kept");
    for number in 0..300 {
        let path = sandbox.path(&format!(".jsonlock-{number:016x}"));
        match number % 3 {
            0 => symlink("precious", path).unwrap(),
            1 => fs::create_dir(path).unwrap(),
            _ => fs::hard_link(sandbox.path("precious"), path).unwrap(),
        }
    }
    let before = sandbox.names();
    for number in 0..5 {
        sandbox.run(["set", "f", &format!("a={number}")]).succeeds();
    }
    assert_eq!(
        (sandbox.read("precious").as_str(), sandbox.json("f")["a"].as_str()),
        ("kept", Some("4"))
    );
    let after: Vec<_> = sandbox.names().into_iter().filter(|name| name != "f.lock").collect();
    assert_eq!(after, before);
}

/// Even if the kernel says that every name is taken, and it is a link to something precious.
#[test]
fn a_name_that_is_taken_is_not_used() {
    let test = "neighbours::a_name_that_is_taken_is_not_used";
    if !can_trace(test) {
        return;
    }
    let calls = calls_of_the_edit(&Sandbox::with("f", OLD), &EDIT);
    let create = find(&calls, "openat", ".jsonlock-");
    assert!(
        create.line.contains("O_EXCL") && create.line.contains("O_NOFOLLOW"),
        "{}",
        create.line
    );
    let sandbox = Sandbox::with("f", OLD);
    let ended = crate::tracing::with_fault(&sandbox, &EDIT, &create, "error=EEXIST");
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert_eq!(sandbox.names(), ["f", "f.lock"], "another name was made up");
}

#[test]
fn sockets_and_disks_are_neither_documents_nor_lock_files() {
    let test = "neighbours::sockets_and_disks_are_neither_documents_nor_lock_files";
    let sandbox = Sandbox::with("f", OLD);
    let _socket = UnixListener::bind(sandbox.path("socket")).unwrap();
    sandbox.run(["set", "socket", "a=new"]).exits_with(77).says("a socket");
    sandbox.run(["get", "socket"]).exits_with(77);
    let _lock = UnixListener::bind(sandbox.path("f.lock")).unwrap();
    sandbox.run(EDIT).exits_with(77).says("not a regular file");
    assert_eq!((sandbox.read("f").as_str(), sandbox.names().len()), (OLD, 3));
    let disk = sandbox.path("disk");
    // Numbers that no driver has: opening it would fail, which jsonlock must not even try.
    if !is_root() || !works(test, &["mknod", disk.to_str().unwrap(), "b", "240", "0"]) {
        return;
    }
    sandbox.run(["set", "disk", "a=new"]).exits_with(77).says("a device");
    sandbox
        .run(["set", "--lock-file=disk", "f", "a=new"])
        .exits_with(77)
        .says("not a regular file");
}

#[test]
fn the_document_is_no_lock_file_under_any_name() {
    let sandbox = Sandbox::with("f", OLD);
    fs::hard_link(sandbox.path("f"), sandbox.path("f.lock")).unwrap();
    sandbox.run(["set", "f", "a=new"]).exits_with(77).says("2 hard links");
    let edit = ["set", "--break-hard-links", "f", "a=new"];
    sandbox.run(edit).exits_with(77).says("is the document itself");
    for lock in ["f", "./f"] {
        sandbox
            .run(["set", "--break-hard-links", "--lock-file", lock, "f", "a=new"])
            .exits_with(77);
    }
    assert_eq!((sandbox.read("f").as_str(), sandbox.names().len()), (OLD, 2));
}

/// What is done to the scene while an edit waits for its lock, the words in which it then gives up,
/// and its exit code.
type Meanwhile = (&'static str, &'static str, i32);

/// What the waiter comes to must be looked at as closely as what it came from.
#[test]
fn what_is_put_in_the_way_of_a_waiter_is_refused() {
    let test = "neighbours::what_is_put_in_the_way_of_a_waiter_is_refused";
    if !sees_waiters(test) {
        return;
    }
    let scenes: [Meanwhile; 9] = [
        ("rm f.lock; ln -s precious f.lock", "a symbolic link", 77),
        ("rm f.lock; mkfifo f.lock", "not a regular file", 77),
        ("rm f.lock; mkdir f.lock", "proper-lockfile", 77),
        ("rm f; mkfifo f", "a pipe", 77),
        ("rm f; mkdir f", "a directory", 77),
        ("ln f other", "hard links", 77),
        ("rm link; mkfifo link", "a pipe", 77),
        ("rm link; ln -s link link", "too many symbolic links", 74),
        ("rm link; ln -s missing/f link", "does not exist", 0),
    ];
    for (act, says, code) in scenes {
        let sandbox = Sandbox::with("f", OLD);
        sandbox.write("precious", "kept");
        symlink("f", sandbox.path("link")).unwrap();
        let held = Held::new(&sandbox.path("f.lock"));
        let waiter = sandbox.spawn(["set", "link", "a=new"]);
        held.until_waited_for(1);
        sandbox.shell(act).succeeds();
        let names = sandbox.names();
        held.release();
        let ended = end_of(waiter);
        if code != 0 {
            assert_eq!(ended.code, Some(code), "{act}: {}", ended.stderr);
            assert!(ended.stderr.contains(says), "{act}: {}", ended.stderr);
            assert!(
                !fs::metadata(sandbox.path("f"))
                    .is_ok_and(|f| f.is_file() && sandbox.read("f") != OLD)
            );
        }
        assert_eq!((sandbox.read("precious").as_str(), sandbox.names()), ("kept", names), "{act}");
    }
}

/// Names as long as they can be, with and without room for the lock file's.
#[test]
fn names_of_every_length_up_to_the_longest_are_edited_or_refused() {
    for length in 245..=255 {
        let name = "n".repeat(length);
        let sandbox = Sandbox::with(&name, OLD);
        let run = sandbox.run(["set", &name, "a=new"]);
        let _ = if length <= 250 { run.succeeds() } else { run.exits_with(73).says("--lock-file") };
        assert_eq!(sandbox.names().len(), if length <= 250 { 2 } else { 1 }, "{length}");
        sandbox.run(["get", &name, "a"]).succeeds();
    }
    let sandbox = Sandbox::new();
    let run = sandbox.run(["set", &"n".repeat(256), "a=new"]);
    assert!(matches!(run.code(), Some(73 | 74)), "{run}");
    assert_eq!(sandbox.names(), [""; 0]);
}

/// Over a network the answer to a rename that took place may be that there is nothing to rename.
#[test]
fn a_rename_that_took_place_is_believed_whatever_the_answer() {
    let test = "neighbours::a_rename_that_took_place_is_believed_whatever_the_answer";
    if !can_trace(test) {
        return;
    }
    let calls = calls_of_the_edit(&Sandbox::with("f", OLD), &EDIT);
    let rename = calls.iter().position(|call| call.name.starts_with("rename")).unwrap();
    for (act, is_done, value) in
        [("mv .jsonlock-* f", true, "new"), ("rm .jsonlock-*", false, "old")]
    {
        let sandbox = Sandbox::with("f", OLD);
        let before_rename = &calls[rename - 1];
        let ended =
            stopped_at(&sandbox, &EDIT, before_rename, || _ = sandbox.shell(act).succeeds());
        assert_eq!(ended.code == Some(0), is_done, "{act}: {:?} {}", ended.code, ended.stderr);
        assert_eq!(sandbox.json("f")["a"], value, "{act}: {}", ended.stderr);
        assert_eq!(sandbox.names(), ["f", "f.lock"], "{act}");
    }
}

/// Somebody else's file under the lock's name is not given away, whoever may write it.
#[test]
fn a_lock_file_of_somebody_else_is_not_given_away() {
    let test = "neighbours::a_lock_file_of_somebody_else_is_not_given_away";
    if !needs_root(test) {
        return;
    }
    let sandbox = Sandbox::with("f", OLD);
    give(&sandbox.path("f"), EVE.uid, EVE.uid, 0o666);
    sandbox.write("f.lock", "precious");
    chmod(&sandbox.path("f.lock"), 0o600);
    sandbox.run(["set", "-v", "f", "a=new"]).succeeds().says("not written to");
    assert_eq!(access(&sandbox.path("f.lock")), (0, 0, 0o600));
    assert_eq!(sandbox.read("f.lock"), "precious");
}
