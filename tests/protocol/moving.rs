//! A file system that cannot exchange names and moves an open document away before a rename, as an NFS
//! client does, so that there is an instant without a document, in which the writer may be killed.

use crate::{
    CLEAN, DURABLE, Document, FileSystem, KEPT, Rule, Rules, SCENE, SEEN, Scene, THERE,
    UNDISTURBED, breaks, explore, finds, is_long,
};

const MOVING: Scene = Scene { rules: Rules::MOVING, file_system: FileSystem::MovesAway, ..SCENE };

/// The same, with somebody who has the document open, and one of the writers may be killed.
const READ: Scene = Scene { readers: 1, kills: 1, ..MOVING };

#[test]
fn all_rules_together_keep_every_promise() {
    breaks(Scene { edits: 2, kills: 1, ..MOVING }, &[]);
    breaks(READ, &[]);
    breaks(Scene { edits: 2, ..READ }, &[]);
    breaks(Scene { readers: 2, kills: 2, ..READ }, &[]);
    breaks(Scene { document: Document::Missing, ..READ }, &[]);
    if is_long() {
        breaks(Scene { writers: 3, kills: 2, readers: 2, ..READ }, &[]);
        breaks(Scene { edits: 2, kills: 2, readers: 2, ..READ }, &[]);
    }
}

/// Nobody who locks needs the rules on other file systems, and they do no harm there.
#[test]
fn the_rules_do_no_harm_where_a_rename_takes_one_step() {
    breaks(Scene { file_system: FileSystem::Replaces, edits: 2, ..READ }, &[]);
    breaks(Scene { rules: Rules::RENAME, file_system: FileSystem::Replaces, ..READ }, &[]);
}

/// What jsonlock did before there were these rules: the base is open, and what is left is removed.
#[test]
fn without_any_of_the_rules_documents_are_lost() {
    let scene = Scene { rules: Rules::RENAME, ..MOVING };
    finds(UNDISTURBED, scene);
    finds(KEPT, Scene { edits: 2, kills: 1, ..scene });
    finds(THERE, scene);
    finds(DURABLE, scene);
}

#[test]
fn a_base_that_stays_open_leaves_no_document_in_between() {
    let rules = Rules::MOVING.without(Rule::CloseBase);
    breaks(Scene { rules, kills: 1, ..MOVING }, &[UNDISTURBED]);
}

/// Its number may be used again when it is closed, but then nobody asks for it any more.
#[test]
fn a_base_that_is_closed_at_the_end_is_open_for_long_enough() {
    breaks(Scene { edits: 2, readers: 1, ..MOVING }, &[]);
    let early = Rules::MOVING.without(Rule::ReadUnderLock);
    // Who has it open while waiting for the lock is one of those for whom it is moved away.
    breaks(Scene { rules: early, edits: 2, ..MOVING }, &[UNDISTURBED]);
    let closed_earlier = early.without(Rule::KeepBaseOpen);
    finds(KEPT, Scene { rules: closed_earlier, edits: 2, ..MOVING });
}

#[test]
fn a_rename_that_nobody_finishes_loses_the_document() {
    let rules = Rules::MOVING.without(Rule::FinishRename);
    finds(KEPT, Scene { rules, edits: 2, ..READ });
    finds(THERE, Scene { rules, ..READ });
}

#[test]
fn a_record_that_does_not_tell_of_the_document_is_of_no_help() {
    let rules = Rules::MOVING.without(Rule::RecordBase);
    finds(KEPT, Scene { rules, edits: 2, ..READ });
    finds(THERE, Scene { rules, ..READ });
}

#[test]
fn a_record_that_is_not_synced_does_not_survive_a_power_cut() {
    breaks(Scene { rules: Rules::MOVING.without(Rule::SyncRecord), ..READ }, &[DURABLE]);
}

/// The document is there in the end, but whoever comes in between takes it for an empty one.
#[test]
fn a_reader_that_does_not_look_beside_the_record_sees_no_document() {
    let rules = Rules::MOVING.without(Rule::LookBesideRecord);
    let broken = explore(Scene { rules, edits: 2, ..READ });
    assert!(broken.contains(&SEEN) && broken.contains(&THERE), "{broken:?}");
    assert!(!broken.contains(&DURABLE) && !broken.contains(&CLEAN), "{broken:?}");
}
