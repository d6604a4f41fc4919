//! Programs that replace the document without the lock: what the exchange keeps of theirs.

use crate::{CLEAN, Document, ONCE, Rule, Rules, SCENE, STRANGERS, Scene, breaks, finds, is_long};

/// As often as this somebody interferes with two writers, and one of those may be killed.
fn scene(strangers: u8) -> Scene {
    Scene { rules: Rules::EXCHANGE, strangers, kills: 1, ..SCENE }
}

#[test]
fn a_plain_rename_loses_what_a_stranger_wrote_at_the_last_moment() {
    breaks(Scene { rules: Rules::RENAME, strangers: 1, ..SCENE }, &[STRANGERS]);
}

#[test]
fn an_exchange_loses_nothing() {
    breaks(scene(1), &[]);
    // Not even if the document is looked at only afterwards.
    breaks(Scene { rules: Rules::EXCHANGE.without(Rule::BaseLook), ..scene(1) }, &[]);
    breaks(Scene { edits: 2, ..scene(1) }, &[]);
}

/// The second one may have read what is about to be taken back, so its document has that edit already
/// when the edit is made again. The other choice would be to lose it.
#[test]
fn an_edit_may_be_made_twice_if_two_strangers_come_in_between() {
    breaks(scene(2), &[ONCE]);
    if is_long() {
        breaks(scene(3), &[ONCE]);
        breaks(Scene { writers: 3, kills: 0, ..scene(2) }, &[ONCE]);
    }
}

/// A writer that was killed right after the exchange has what a stranger wrote under its temporary name.
#[test]
fn a_clean_up_that_does_not_look_removes_what_a_stranger_wrote() {
    let rules = Rules::EXCHANGE.without(Rule::LookBeforeCleanUp);
    breaks(Scene { rules, ..scene(1) }, &[STRANGERS]);
    // Nobody need be killed if what was kept on purpose is still noted as a leftover.
    breaks(Scene { rules, kills: 0, ..scene(2) }, &[ONCE, STRANGERS]);
}

#[test]
fn a_document_that_a_stranger_creates_first_is_not_replaced() {
    let scene = Scene { document: Document::Missing, ..scene(1) };
    breaks(scene, &[]);
    finds(STRANGERS, Scene { rules: Rules::EXCHANGE.without(Rule::NoReplace), ..scene });
}

/// The control for the other scenes: that nothing is left over does not go without saying.
#[test]
fn what_is_left_over_and_not_recorded_stays() {
    let scene = Scene { lock_losses: 1, strangers: 0, ..scene(0) };
    finds(CLEAN, scene);
}
