//! Others look while a rename is under way: they see the old document or the new one, and never none.
//!
//! They are on another machine. On the writer's own the kernel lets nobody look up names in a directory in
//! which it renames.

use super::{Cut, Moving, OLD, SHARED, Stage, on_moving, reader};
use crate::harness::Sandbox;
use crate::system::{end_of, until};
use serde_json::json;

/// Runs `look` with an edit held up at each stage, and gives it the stage.
fn at_each_stage(test: &str, look: impl Fn(&Moving, &Sandbox, Stage)) {
    on_moving(test, &SHARED, |moving| {
        let other = moving.another_machine();
        for stage in [Stage::Before, Stage::Between, Stage::After] {
            let sandbox = moving.with(OLD);
            let open = reader(&sandbox);
            moving.cut(&sandbox, "f", stage, Cut::Pause);
            let writer = moving.spawn(&sandbox, &["set", "f", "a=new"]);
            let held_up = moving.until_paused();
            // What the test is about: in between there is no document to be seen.
            let view = other.view(&sandbox);
            let exists = view.path("f").exists();
            assert_eq!(exists, stage != Stage::Between, "{stage:?}");
            look(&other, &view, stage);
            drop(held_up);
            let ended = end_of(writer);
            assert_eq!(ended.code, Some(0), "{stage:?}: {}", ended.stderr);
            drop(open);
            assert_eq!(moving.names(&sandbox), ["f", "f.lock"], "{stage:?}");
            assert_eq!(sandbox.json("f")["a"], "new", "{stage:?}");
        }
    });
}

#[test]
fn readers_see_the_old_document_or_the_new_one() {
    let test = "moving::window::readers_see_the_old_document_or_the_new_one";
    at_each_stage(test, |other, sandbox, stage| {
        for args in [&["get", "f", "a"][..], &["get", "f", "a", "--default", "none"]] {
            let value = other.run(sandbox, args).succeeds().stdout();
            assert!(["old\n", "new\n"].contains(&value.as_str()), "{stage:?} {args:?}: {value}");
        }
        let etag = other.run(sandbox, &["get", "f", "--etag"]).succeeds().stdout();
        assert!(!etag.trim().is_empty(), "{stage:?}");
        other.run(sandbox, &["wait", "f", ".a != null", "--timeout", "0"]).succeeds();
        other.run(sandbox, &["wait", "f", ". == null", "--timeout", "0"]).exits_with(1);
        let dry = ["set", "f", "b=x", "--if", ".a != null", "--no-create", "--dry-run"];
        other.run(sandbox, &dry).succeeds();
        // A path that is not there is told from a document that is not there.
        other.run(sandbox, &["get", "f", "no.such"]).exits_with(1);
        let status = other.run(sandbox, &["status", "f", "--json"]).succeeds().stdout();
        let status: serde_json::Value = serde_json::from_str(&status).unwrap();
        assert_eq!(status["exists"], json!(true), "{stage:?}: {status}");
    });
}

#[test]
fn another_edit_waits_for_the_lock() {
    let test = "moving::window::another_edit_waits_for_the_lock";
    at_each_stage(test, |other, sandbox, stage| {
        other.run(sandbox, &["set", "f", "b=x", "--timeout", "0"]).exits_with(75);
        let edit = other.spawn(sandbox, &["set", "f", "b=x"]);
        until("an edit that waits", || other.share.state().waiting > 0);
        // It is let go on with the rename, and has to see what that led to.
        other.resume();
        let ended = end_of(edit);
        assert_eq!(ended.code, Some(0), "{stage:?}: {}", ended.stderr);
        assert_eq!(sandbox.json("f"), json!({"a": "new", "b": "x"}), "{stage:?}");
    });
}

/// The writer's machine dies between the two steps, and another one goes on.
#[test]
fn another_machine_goes_on_where_one_has_died() {
    let test = "moving::window::another_machine_goes_on_where_one_has_died";
    on_moving(test, &SHARED, |moving| {
        let other = moving.another_machine();
        let sandbox = moving.with(OLD);
        let open = reader(&sandbox);
        moving.cut(&sandbox, "f", Stage::Between, Cut::Kill);
        assert_eq!(moving.run(&sandbox, &["set", "f", "a=new"]).code(), None);
        assert_eq!(moving.counts(&sandbox).cut, 1);
        drop(open);
        other.run(&other.view(&sandbox), &["set", "f", "b=x"]).succeeds().says("was missing");
        assert_eq!(sandbox.json("f"), json!({"a": "new", "b": "x"}));
        assert_eq!(moving.names(&sandbox), ["f", "f.lock"]);
    });
}
