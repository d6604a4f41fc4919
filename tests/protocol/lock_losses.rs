//! A lock file that is deleted or replaced while writers are at work, so that two of them can hold a
//! lock: how far the promises go.

use crate::{
    CLEAN, DURABLE, KEPT, Rule, Rules, SCENE, SEEN, Scene, breaks, explore, finds, is_long,
};

const LOST: Scene = Scene { lock_losses: 1, ..SCENE };

/// The lock file is lost after the last look at it, and the rename replaces what its new holder wrote.
#[test]
fn a_plain_rename_may_lose_an_edit() {
    breaks(Scene { rules: Rules::RENAME, ..LOST }, &[SEEN, KEPT, DURABLE]);
}

/// The one who comes second finds that it displaced something else than its base and puts it back. That
/// mends it in the end, but it is no lock.
#[test]
fn an_exchange_mends_it_unless_more_goes_wrong() {
    let scene = Scene { rules: Rules::EXCHANGE, ..LOST };
    breaks(scene, &[SEEN, DURABLE]);
    breaks(Scene { lock_losses: 2, ..scene }, &[SEEN, DURABLE]);
    // The one who displaced it is killed before it looks.
    finds(KEPT, Scene { kills: 1, ..scene });
    // While the one puts it back, the other publishes its next edit.
    finds(KEPT, Scene { edits: 2, ..scene });
}

/// Two writers with the same base then exclude each other, whatever becomes of the lock file.
#[test]
fn a_lock_on_the_base_closes_the_window() {
    for rules in [Rules::RENAME, Rules::EXCHANGE] {
        let scene = Scene { rules: rules.and(Rule::LockBase), ..LOST };
        breaks(Scene { edits: 2, ..scene }, &[]);
        breaks(Scene { lock_losses: 2, ..scene }, &[]);
        // The record goes with the lock file, so what a dead writer has left may stay.
        breaks(Scene { kills: 1, ..scene }, &[CLEAN]);
        if is_long() {
            breaks(Scene { writers: 3, lock_losses: 2, ..scene }, &[]);
            breaks(Scene { edits: 2, lock_losses: 2, kills: 1, ..scene }, &[CLEAN]);
        }
    }
}

/// Whatever is lost with the lock file, nobody waits for ever and nobody sees half a document.
#[test]
fn what_does_not_depend_on_the_lock_is_kept_without_it() {
    use crate::{ENDS, WHOLE};
    for rules in [Rules::RENAME, Rules::EXCHANGE] {
        let broken = explore(Scene { rules, lock_losses: 2, kills: 1, ..LOST });
        assert!(!broken.contains(&ENDS) && !broken.contains(&WHOLE), "{broken:?}");
    }
}
