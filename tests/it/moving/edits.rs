//! Edits to which nothing happens: the file system does what it is there for, and jsonlock gives it no
//! reason to.

use super::{BOTH, Counts, EDITS, LOCAL, NEW, OLD, SHARED, TODAYS_ORDER, edit, on_moving, reader};
use crate::system::{Held, end_of};
use std::io::Read as _;
use std::process::Child;

#[test]
fn an_edit_closes_the_document_before_it_is_replaced() {
    let test = "moving::edits::an_edit_closes_the_document_before_it_is_replaced";
    on_moving(test, &BOTH, |moving| {
        for what in EDITS {
            let sandbox = moving.with(OLD);
            edit(moving, &sandbox, what).succeeds();
            assert_eq!(moving.names(&sandbox), ["f", "f.lock"], "{what:?}");
            assert_eq!(sandbox.read("f").trim_end(), NEW, "{what:?}");
            let Counts { moved_away, refused, .. } = moving.counts(&sandbox);
            // That is what invariant I13 says.
            assert_eq!(moved_away, 0, "{what:?}");
            // Had an exchange been possible, this would show nothing.
            assert!(refused > 0, "{what:?}");
        }
    });
}

/// The control for the other tests: this file system moves away what is open, keeps it until it is closed,
/// and removes it then.
#[test]
fn a_document_that_is_open_is_moved_away() {
    let test = "moving::edits::a_document_that_is_open_is_moved_away";
    on_moving(test, &LOCAL, |moving| {
        let sandbox = moving.with(OLD);
        moving.shell(&sandbox, TODAYS_ORDER).succeeds();
        assert_eq!(moving.counts(&sandbox).moved_away, 1);
        assert_eq!(moving.names(&sandbox), ["f"]);
        assert_eq!(sandbox.read("f").trim_end(), NEW);
        moving.settle(&sandbox);
        // Somebody else's reader is as good as one's own.
        let mut open = reader(&sandbox);
        moving.shell(&sandbox, "echo x > f.tmp; mv f.tmp f").succeeds();
        assert_eq!(moving.counts(&sandbox).moved_away, 2);
        assert_eq!(sandbox.names().len(), 2, "{:?}", sandbox.names());
        let mut text = String::new();
        open.read_to_string(&mut text).unwrap();
        assert_eq!(text.trim_end(), NEW);
        drop(open);
        assert_eq!(moving.names(&sandbox), ["f"]);
        // Nor is it moved without a reason.
        moving.shell(&sandbox, "echo x > f.tmp; mv f.tmp f").succeeds();
        assert_eq!(moving.counts(&sandbox).moved_away, 2);
    });
}

#[test]
fn what_a_reader_has_open_outlives_an_edit() {
    let test = "moving::edits::what_a_reader_has_open_outlives_an_edit";
    on_moving(test, &SHARED, |moving| {
        for what in EDITS {
            let sandbox = moving.with(OLD);
            let mut open = reader(&sandbox);
            edit(moving, &sandbox, what).succeeds();
            assert_eq!(moving.counts(&sandbox).moved_away, 1, "{what:?}");
            let mut text = String::new();
            open.read_to_string(&mut text).unwrap();
            assert_eq!(text, OLD, "{what:?}");
            drop(open);
            assert_eq!(moving.names(&sandbox), ["f", "f.lock"], "{what:?}");
        }
    });
}

/// Those who wait for the lock would be the most frequent reason to move it away.
#[test]
fn who_waits_for_the_lock_does_not_have_the_document_open() {
    let test = "moving::edits::who_waits_for_the_lock_does_not_have_the_document_open";
    on_moving(test, &BOTH, |moving| {
        let sandbox = moving.with(OLD);
        let held = Held::new(&sandbox.path("f.lock"));
        let edits: Vec<Child> =
            ["b=x", "c=x", "d=x"].map(|what| moving.spawn(&sandbox, &["set", "f", what])).into();
        held.until_waited_for(3);
        held.release();
        for ended in edits.into_iter().map(end_of) {
            assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        }
        assert_eq!(moving.counts(&sandbox).moved_away, 0);
        assert_eq!(moving.names(&sandbox), ["f", "f.lock"]);
    });
}

/// What is kept with a document elsewhere is kept here too.
#[test]
fn owner_permissions_and_attributes_are_kept() {
    let test = "moving::edits::owner_permissions_and_attributes_are_kept";
    on_moving(test, &LOCAL, |moving| {
        let sandbox = moving.with(OLD);
        let file = sandbox.path("f");
        crate::system::give(&file, 4001, 4002, 0o664);
        let flags = rustix::fs::XattrFlags::empty();
        // Not every directory for temporary files is on a file system that has attributes.
        let has_attributes = rustix::fs::setxattr(&file, "user.note", b"kept", flags).is_ok();
        moving.run(&sandbox, &["set", "f", "a=new"]).succeeds();
        assert_eq!(crate::system::access(&file), (4001, 4002, 0o664));
        if has_attributes {
            let mut value = [0; 16];
            let length = rustix::fs::getxattr(&file, "user.note", &mut value[..]).unwrap();
            assert_eq!(&value[..length], b"kept");
        }
    });
}
