//! A writer that is killed while the file system renames, with a document that somebody has open: the next
//! edit starts from the whole old document or the whole new one.

use super::{
    BOTH, Cut, EDITS, LOCAL, Moving, NEW, OLD, Stage, TODAYS_ORDER, edit, on_moving, reader,
};
use crate::harness::{Run, Sandbox};
use serde_json::{Value, json};

const STAGES: [Stage; 3] = [Stage::Before, Stage::Between, Stage::After];

/// The edit is cut, and all that has died with it is closed. Nobody has the old document open any more.
#[track_caller]
fn is_cut(moving: &Moving, sandbox: &Sandbox, what: (&[&str], &str), stage: Stage) {
    moving.cut(sandbox, "f", stage, Cut::Kill);
    let open = reader(sandbox);
    let run = edit(moving, sandbox, what);
    assert_eq!(moving.counts(sandbox).cut, 1, "{what:?} {stage:?} was not cut\n{run}");
    assert_eq!(run.code(), None, "killed, {what:?} {stage:?}\n{run}");
    assert_eq!(sandbox.path("f").exists(), stage != Stage::Between, "{what:?} {stage:?}");
    drop(open);
    moving.settle(sandbox);
}

/// A document whose edit by `set` was cut when its name denoted nothing.
#[track_caller]
pub(super) fn interrupted(moving: &Moving) -> Sandbox {
    let sandbox = moving.with(OLD);
    is_cut(moving, &sandbox, EDITS[0], Stage::Between);
    let names = sandbox.names();
    assert!(names.len() == 2 && !names.contains(&"f".to_owned()), "{names:?}");
    sandbox
}

/// The value that a cut edit leaves.
fn left_by(stage: Stage) -> Value {
    // What is whole and on the disk is not thrown away, though nobody was told that it is there.
    if stage == Stage::Before { json!({"a": "old"}) } else { json!({"a": "new"}) }
}

#[test]
fn the_next_edit_starts_from_a_whole_document() {
    let test = "moving::cut::the_next_edit_starts_from_a_whole_document";
    on_moving(test, &BOTH, |moving| {
        for what in EDITS {
            for stage in STAGES {
                let sandbox = moving.with(OLD);
                is_cut(moving, &sandbox, what, stage);
                let next = moving.run(&sandbox, &["set", "f", "after=x"]).succeeds();
                let mut expected = left_by(stage);
                expected["after"] = "x".into();
                assert_eq!(sandbox.json("f"), expected, "{what:?} {stage:?}\n{next}");
                assert_eq!(moving.names(&sandbox), ["f", "f.lock"], "{what:?} {stage:?}");
                let is_warned = next.stderr().contains("was missing");
                assert_eq!(is_warned, stage == Stage::Between, "{stage:?}\n{next}");
            }
        }
    });
}

#[test]
fn every_command_goes_on_from_what_was_left() {
    let test = "moving::cut::every_command_goes_on_from_what_was_left";
    on_moving(test, &LOCAL, |moving| {
        let next: [(&[&str], &str, Value); 6] = [
            (&["merge", "f", "{\"b\": 1}"], "", json!({"a": "new", "b": 1})),
            (&["apply", "f", ".b = 1"], "", json!({"a": "new", "b": 1})),
            (&["batch", "f"], "{\"b\": 1}\n", json!({"a": "new", "b": 1})),
            (&["filter", "f", "--", "sed", "s/new/newer/"], "", json!({"a": "newer"})),
            (&["del", "f", "a"], "", json!({})),
            // An edit without effect publishes nothing, but is no reason to leave the document missing.
            (&["set", "f", "a=new"], "", json!({"a": "new"})),
        ];
        for (args, input, expected) in next {
            let sandbox = interrupted(moving);
            edit(moving, &sandbox, (args, input)).succeeds();
            assert_eq!(sandbox.json("f"), expected, "{args:?}");
            assert_eq!(moving.names(&sandbox), ["f", "f.lock"], "{args:?}");
        }
    });
}

#[test]
fn a_reader_that_stays_does_no_harm_to_what_comes_next() {
    let test = "moving::cut::a_reader_that_stays_does_no_harm_to_what_comes_next";
    on_moving(test, &LOCAL, |moving| {
        let sandbox = moving.with(OLD);
        let open = reader(&sandbox);
        moving.cut(&sandbox, "f", Stage::Between, Cut::Kill);
        moving.run(&sandbox, &["set", "f", "a=new"]);
        // The one who repairs it is killed as well.
        let another = open.try_clone().unwrap();
        moving.cut(&sandbox, "f", Stage::Before, Cut::Kill);
        moving.run(&sandbox, &["set", "f", "b=x"]);
        moving.cut(&sandbox, "f", Stage::After, Cut::Kill);
        moving.run(&sandbox, &["set", "f", "b=x"]);
        assert_eq!(moving.counts(&sandbox).cut, 3);
        moving.run(&sandbox, &["set", "f", "after=x"]).succeeds();
        let document = sandbox.json("f");
        assert_eq!((&document["a"], &document["after"]), (&"new".into(), &"x".into()));
        drop((open, another));
        assert_eq!(moving.names(&sandbox), ["f", "f.lock"]);
    });
}

#[test]
fn a_first_write_that_is_killed_leaves_nothing_or_all() {
    let test = "moving::cut::a_first_write_that_is_killed_leaves_nothing_or_all";
    on_moving(test, &LOCAL, |moving| {
        for (stage, expected) in [
            (Stage::Before, json!({"after": "x"})),
            (Stage::After, json!({"a": "new", "after": "x"})),
        ] {
            let sandbox = moving.sandbox();
            moving.cut(&sandbox, "f", stage, Cut::Kill);
            assert_eq!(moving.run(&sandbox, &["set", "f", "a=new"]).code(), None);
            assert_eq!(moving.counts(&sandbox).cut, 1);
            moving.run(&sandbox, &["set", "f", "after=x"]).succeeds();
            assert_eq!(sandbox.json("f"), expected, "{stage:?}");
            assert_eq!(moving.names(&sandbox), ["f", "f.lock"], "{stage:?}");
        }
    });
}

#[test]
fn a_document_that_was_interrupted_is_one_that_exists() {
    let test = "moving::cut::a_document_that_was_interrupted_is_one_that_exists";
    on_moving(test, &LOCAL, |moving| {
        let exists: fn(Run) -> Run = Run::succeeds;
        let is_there: fn(Run) -> Run = |run| run.exits_with(76);
        for (args, is_as_it_should) in [
            (&["set", "f", "after=x", "--no-create"][..], exists),
            (&["apply", "f", ".after = \"x\"", "--no-create"], exists),
            (&["set", "f", "a=x", "--if-absent"], is_there),
            (&["merge", "f", "{\"b\": 1}", "--if-absent"], is_there),
            (&["set", "f", "b=x", "--if", ".a == \"old\""], is_there),
        ] {
            let sandbox = interrupted(moving);
            is_as_it_should(moving.run(&sandbox, args));
            let value = moving.run(&sandbox, &["get", "f", "a"]).succeeds();
            assert_eq!(value.stdout(), "new\n", "{args:?}");
        }
    });
}

#[test]
fn a_document_that_its_user_removed_is_a_new_one() {
    let test = "moving::cut::a_document_that_its_user_removed_is_a_new_one";
    on_moving(test, &LOCAL, |moving| {
        let removed = [moving.with(OLD), interrupted(moving)];
        moving.run(&removed[0], &["set", "f", "a=new"]).succeeds();
        for sandbox in removed {
            moving.shell(&sandbox, "rm -f f .jsonlock-*").succeeds();
            moving.run(&sandbox, &["get", "f", "a", "--default", "none"]).prints("none\n");
            moving.run(&sandbox, &["set", "f", "b=x", "--no-create"]).exits_with(66);
            moving.run(&sandbox, &["set", "f", "b=x"]).succeeds();
            assert_eq!(sandbox.json("f"), json!({"b": "x"}));
            assert_eq!(moving.names(&sandbox), ["f", "f.lock"]);
        }
    });
}

/// The control: who keeps the document open and leaves no record loses it, and whoever comes next makes a
/// new one.
#[test]
fn a_script_that_is_killed_between_loses_the_document() {
    let test = "moving::cut::a_script_that_is_killed_between_loses_the_document";
    on_moving(test, &LOCAL, |moving| {
        let sandbox = moving.with(OLD);
        moving.cut(&sandbox, "f", Stage::Between, Cut::Kill);
        assert_eq!(moving.shell(&sandbox, TODAYS_ORDER).code(), None);
        assert_eq!(moving.counts(&sandbox).cut, 1);
        assert_eq!(moving.names(&sandbox), ["f.tmp"]);
        moving.run(&sandbox, &["set", "f", "after=x"]).succeeds();
        assert_eq!(sandbox.json("f"), json!({"after": "x"}));
        // Where nobody has it open there is nothing in between, so no document can be lost.
        let sandbox = moving.with(OLD);
        moving.cut(&sandbox, "f", Stage::Between, Cut::Kill);
        moving.shell(&sandbox, "echo '{\"a\": \"new\"}' > f.tmp; mv f.tmp f").succeeds();
        assert_eq!(moving.counts(&sandbox).cut, 0);
        assert_eq!(sandbox.read("f").trim_end(), NEW);
    });
}
