//! Proves that `--backup` keeps what an edit replaces, as protected as it was, and otherwise makes nothing.
//! That it survives kills and errors is proved by `sweep`.

use crate::harness::Sandbox;
use crate::system::{access, can_trace, chmod, give, inode, is_root};
use crate::tracing::{calls_of_the_edit, stopped_at};
use std::os::unix::fs::symlink;
use std::thread;

const OLD: &str = "{\"a\": \"s3cret\", \"n\": 1.50}";

const EDITS: [&[&str]; 5] = [
    &["set", "f", "a=new"],
    &["del", "f", "a"],
    &["merge", "f", "{\"a\": null}"],
    &["patch", "f", "[{\"op\": \"remove\", \"path\": \"/a\"}]"],
    &["apply", "f", ".n += 1"],
];

#[test]
fn every_command_that_writes_keeps_what_it_replaces() {
    for edit in EDITS {
        for (option, name) in [("--backup", "f.bak"), ("--backup=~", "f~"), ("--backup=-1", "f-1")]
        {
            let sandbox = Sandbox::with("f", OLD);
            sandbox.run(edit.iter().chain([&option])).succeeds().prints_nothing();
            assert_eq!(sandbox.read(name), OLD);
            assert_ne!(sandbox.read("f"), OLD);
            assert_eq!(sandbox.names().len(), 3, "{:?}", sandbox.names());
        }
    }
}

#[test]
fn the_last_backup_is_replaced() {
    let sandbox = Sandbox::with("f", OLD);
    sandbox.run(["set", "f", "n:=2", "--backup"]).succeeds();
    let second = sandbox.read("f");
    sandbox.run(["set", "f", "n:=3", "--backup"]).succeeds();
    assert_eq!(sandbox.read("f.bak"), second);
    sandbox.run(["set", "f", "n:=4"]).succeeds();
    assert_eq!(sandbox.read("f.bak"), second);
    assert_eq!(sandbox.names(), ["f", "f.bak", "f.lock"]);
}

#[test]
fn an_edit_that_changes_nothing_or_fails_makes_no_backup() {
    let sandbox = Sandbox::with("f", OLD);
    sandbox.write("f.old", "older");
    for (arguments, code) in [
        (&["set", "f", "a=s3cret"][..], 0),
        (&["del", "f", "missing"], 0),
        (&["set", "f", "a=new", "--dry-run"], 0),
        (&["set", "f", "a=new", "--check", "false"], 78),
        (&["set", "f", "a=new", "--if", "false"], 76),
        (&["set", "f", "a.b=new"], 5),
    ] {
        for option in ["--backup", "--backup=.old"] {
            sandbox.run(arguments.iter().chain([&option])).exits_with(code);
        }
    }
    sandbox.run(["set", "new", "a=1", "--backup"]).succeeds();
    assert_eq!(sandbox.names(), ["f", "f.lock", "f.old", "new", "new.lock"]);
    assert_eq!((sandbox.read("f").as_str(), sandbox.read("f.old").as_str()), (OLD, "older"));
}

#[test]
fn nothing_but_a_file_is_replaced() {
    let sandbox = Sandbox::with("f", OLD);
    sandbox.write("precious", "precious");
    symlink("precious", sandbox.path("f.link")).unwrap();
    symlink("nowhere", sandbox.path("f.dangling")).unwrap();
    std::fs::create_dir(sandbox.path("f.dir")).unwrap();
    sandbox.shell("mkfifo f.pipe").succeeds();
    for (suffix, reason) in [
        ("link", "a symbolic link"),
        ("dangling", "a symbolic link"),
        ("dir", "a directory"),
        ("pipe", "a pipe"),
    ] {
        let option = format!("--backup=.{suffix}");
        for dry_run in [&[][..], &["--dry-run"]] {
            let arguments = ["set", "f", "a=new", &option].into_iter();
            let run = sandbox.run(arguments.chain(dry_run.iter().copied()));
            run.exits_with(77).says(&format!("f.{suffix} is {reason}")).says("f was not changed");
        }
    }
    assert_eq!((sandbox.read("f").as_str(), sandbox.read("precious").as_str()), (OLD, "precious"));
}

#[test]
fn a_backup_has_a_name_of_its_own() {
    let sandbox = Sandbox::with("f", OLD);
    for option in ["--backup=", "--backup=/x", "--backup=.d/x"] {
        sandbox.run(["set", "f", "a=new", option]).exits_with(2).says("--backup");
    }
    sandbox.run(["set", "f", "a=new", "--backup=.lock"]).exits_with(77).says("f.lock");
    // Others lock the usual file.
    let arguments = ["set", "f", "a=new", "--backup=.lock", "--lock-file", "l"];
    sandbox.run(arguments).exits_with(77).says("f.lock would be the lock file");
    let arguments = ["set", "f", "a=new", "--backup", "--lock-file", "./f.bak"];
    sandbox.run(arguments).exits_with(77).says("the lock file");
    std::fs::create_dir(sandbox.path("d")).unwrap();
    let arguments = ["set", "f", "a=new", "--backup", "--lock-file", "d/f.bak"];
    sandbox.run(arguments).succeeds();
    let long = format!("--backup={}", "x".repeat(255));
    sandbox.run(["set", "f", "a=newer", &long]).exits_with(74).says("f was not changed");
    assert_eq!(sandbox.names(), ["d", "f", "f.bak"]);
}

#[test]
fn it_stands_beside_the_file_that_a_link_leads_to() {
    let sandbox = Sandbox::new();
    std::fs::create_dir(sandbox.path("d")).unwrap();
    sandbox.write("d/f", OLD);
    symlink("d/f", sandbox.path("link")).unwrap();
    sandbox.run(["set", "link", "a=new", "--backup"]).succeeds();
    assert_eq!(sandbox.read("d/f.bak"), OLD);
    assert_eq!(sandbox.names(), ["d", "link"]);
}

#[test]
fn it_is_as_protected_as_the_document() {
    for (mode, last) in [(0o600, 0o666), (0o640, 0o600), (0o664, 0o600)] {
        let sandbox = Sandbox::with("f", OLD);
        sandbox.write("f.bak", "older");
        chmod(&sandbox.path("f.bak"), last);
        match is_root() {
            true => give(&sandbox.path("f"), 4001, 4002, mode),
            false => chmod(&sandbox.path("f"), mode),
        }
        let before = access(&sandbox.path("f"));
        sandbox.run(["set", "f", "a=new", "--backup"]).succeeds();
        assert_eq!(access(&sandbox.path("f.bak")), before);
        assert_eq!(access(&sandbox.path("f")), before);
        assert_eq!(sandbox.read("f.bak"), OLD);
        assert_ne!(inode(&sandbox.path("f.bak")), inode(&sandbox.path("f")));
    }
}

/// Whoever may write the directory cannot have a file of theirs published instead.
#[test]
fn temporary_files_that_were_swapped_are_not_published() {
    if !can_trace("backup::temporary_files_that_were_swapped_are_not_published") {
        return;
    }
    let edit = ["set", "f", "a=new", "--backup"];
    let mut calls = calls_of_the_edit(&Sandbox::with("f", OLD), &edit);
    calls.retain(|call| call.name == "fsync" && call.line.contains(".jsonlock-"));
    let [_, sync] = &calls[..] else { panic!("two files are synced, not {}", calls.len()) };
    for text in ["new", "s3cret"] {
        let sandbox = Sandbox::with("f", OLD);
        let ended = stopped_at(&sandbox, &edit, sync, || {
            sandbox.write("evil", "{}");
            let script = format!("mv evil $(grep -l {text} .jsonlock-*)");
            sandbox.shell(&script).succeeds();
        });
        assert_eq!(ended.code, Some(77), "{}", ended.stderr);
        assert!(ended.stderr.contains("replaced by another process"), "{}", ended.stderr);
        assert_eq!(sandbox.read("f"), OLD);
        assert!(!sandbox.path("f.bak").exists());
    }
}

/// Others who edit the document at the same time do not notice.
#[test]
fn the_backup_is_what_the_last_of_many_replaced() {
    let sandbox = Sandbox::with("f", "{\"n\": 0}");
    let (writers, edits) = (6, 5);
    thread::scope(|scope| {
        for _ in 0..writers {
            scope.spawn(|| {
                for _ in 0..edits {
                    sandbox.run(["apply", "f", ".n += 1", "--backup"]).succeeds();
                }
            });
        }
    });
    assert_eq!(sandbox.json("f")["n"], writers * edits);
    assert_eq!(sandbox.json("f.bak")["n"], writers * edits - 1);
    assert_eq!(sandbox.names(), ["f", "f.bak", "f.lock"]);
}
