//! Explores the local protocol: every order in which writers, a kill, a power cut, the loss of the lock
//! file and programs that do not lock can meet, up to the numbers given in each test.
//!
//! Proves that the invariants I2 to I7, I12 and I13 of `store::local` together keep every promise, that each one is
//! needed for one of them, and how far the promises go where somebody deletes the lock file or replaces
//! the document without the lock. What is explored is the protocol as written down here, step by step as
//! in `src/store/local`; that the program takes these steps is what the tests in `tests/it` show.
//!
//! `JSONLOCK_LONG` explores more writers, `JSONLOCK_TRACES` prints the shortest way to each state in
//! which a promise is broken.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may")]
#![allow(unreachable_pub, reason = "nothing is reachable from outside a test binary")]

mod directory;
mod lock_losses;
mod moving;
mod promises;
mod rules;
mod steps;
mod strangers;
mod world;
mod writer;

use promises::{
    CLEAN, DURABLE, ENDS, KEPT, ONCE, PROMISES, SEEN, STRANGERS, SUCCESS, THERE, UNDISTURBED, WHOLE,
};
use rules::{Rule, Rules};
use stateright::{Checker as _, HasDiscoveries, Model as _};
use world::{Document, FileSystem, Scene, Window};

/// Two writers and a document, and nothing goes wrong.
const SCENE: Scene = Scene {
    rules: Rules::RENAME,
    window: Window::Open,
    writers: 2,
    edits: 1,
    document: Document::There,
    kills: 0,
    lock_losses: 0,
    strangers: 0,
    readers: 0,
    file_system: FileSystem::Replaces,
};

/// All ways to publish that are safe as long as everybody locks.
const FORMS: [Rules; 3] = [Rules::RENAME, Rules::EXCHANGE, Rules::EXCHANGE.and(Rule::LockBase)];

/// Explores everything that can happen, and says which promises were broken.
fn explore(scene: Scene) -> Vec<&'static str> {
    let found = explore_until(HasDiscoveries::All, scene);
    assert!(found.contains(&SUCCESS), "nothing works in {scene:?}");
    found.into_iter().filter(|name| *name != SUCCESS).collect()
}

/// Explores, nearest states first, until everything has happened or enough was found.
fn explore_until(enough: HasDiscoveries, scene: Scene) -> Vec<&'static str> {
    let checker = scene.checker().finish_when(enough).spawn_bfs().join();
    let (states, depth) = (checker.unique_state_count(), checker.max_depth());
    let paths = checker.discoveries();
    let names = PROMISES.iter().map(|promise| promise.0).chain([SUCCESS]);
    let found: Vec<&str> = names.filter(|name| paths.contains_key(name)).collect();
    println!("EXPLORED {states} states, {depth} deep: {scene:?}");
    if std::env::var_os("JSONLOCK_TRACES").is_some() {
        paths.iter().for_each(|(promise, path)| println!("{promise}: {path}"));
    }
    found
}

/// Every promise is kept in every state but these, and each of these is broken in one.
#[track_caller]
fn breaks(scene: Scene, promises: &[&str]) {
    assert_eq!(explore(scene), promises, "{scene:?}");
}

/// The promise is broken in some state.
#[track_caller]
fn finds(promise: &'static str, scene: Scene) {
    let broken = explore_until(HasDiscoveries::AllOf([promise].into()), scene);
    assert!(broken.contains(&promise), "not found: {promise} is broken by {scene:?}");
}

fn is_long() -> bool {
    std::env::var_os("JSONLOCK_LONG").is_some()
}

#[test]
fn all_rules_together_keep_every_promise() {
    for rules in FORMS {
        breaks(Scene { rules, edits: 2, kills: 1, ..SCENE }, &[]);
        breaks(Scene { rules, writers: 3, kills: 2, ..SCENE }, &[]);
        breaks(Scene { rules, document: Document::Missing, edits: 2, kills: 1, ..SCENE }, &[]);
    }
}

#[test]
fn all_rules_together_keep_every_promise_to_more_writers() {
    if is_long() {
        for rules in FORMS {
            breaks(Scene { rules, writers: 3, edits: 2, kills: 1, ..SCENE }, &[]);
            breaks(Scene { rules, writers: 4, kills: 1, ..SCENE }, &[]);
        }
    }
}

#[test]
fn without_the_lock_edits_are_lost() {
    let rules = Rules::RENAME.without(Rule::Lock);
    finds(KEPT, Scene { rules, ..SCENE });
    // The exchange is no lock: swapping back takes what others have published since.
    let rules = Rules::EXCHANGE.without(Rule::Lock);
    finds(SEEN, Scene { rules, ..SCENE });
    finds(KEPT, Scene { rules, kills: 1, ..SCENE });
}

#[test]
fn a_lock_file_that_is_not_looked_at_again_loses_edits() {
    // In truth there is time behind the last look. Without it, the looks are enough.
    let scene = Scene { window: Window::BetweenLooks, lock_losses: 1, edits: 2, ..SCENE };
    breaks(scene, &[]);
    let rules = Rules::RENAME.without(Rule::LockLookBeforePublish);
    finds(KEPT, Scene { rules, ..scene });
    finds(KEPT, Scene { rules: rules.without(Rule::LockLookAfterLock), ..scene });
    // The first look spares work that the second would throw away, and nothing else.
    breaks(Scene { rules: Rules::RENAME.without(Rule::LockLookAfterLock), ..scene }, &[]);
}

#[test]
fn a_base_from_before_the_lock_or_of_a_number_used_again_loses_edits() {
    let scene = Scene { edits: 2, ..SCENE };
    let early = Rules::RENAME.without(Rule::ReadUnderLock);
    finds(KEPT, Scene { rules: early.without(Rule::BaseLook), ..scene });
    finds(KEPT, Scene { rules: early.without(Rule::KeepBaseOpen), ..scene });
    // As long as its descriptor stays open, the look at the base notices that it is old.
    breaks(Scene { rules: early, ..scene }, &[]);
    // The other way round it takes programs that do not lock to make the number return.
    let rules = Rules::RENAME.without(Rule::KeepBaseOpen);
    let scene = Scene { window: Window::Closed, strangers: 2, ..SCENE };
    finds(STRANGERS, Scene { rules, ..scene });
    breaks(Scene { rules: Rules::RENAME, ..scene }, &[]);
}

#[test]
fn a_base_that_is_not_looked_at_again_loses_what_strangers_wrote() {
    let scene = Scene { window: Window::Closed, strangers: 1, ..SCENE };
    breaks(scene, &[]);
    finds(STRANGERS, Scene { rules: Rules::RENAME.without(Rule::BaseLook), ..scene });
}

#[test]
fn a_file_that_is_not_synced_does_not_survive_a_power_cut() {
    for rules in FORMS {
        breaks(Scene { rules: rules.without(Rule::SyncFile), ..SCENE }, &[DURABLE]);
    }
}

#[test]
fn a_document_written_in_place_is_seen_half() {
    let rules = Rules::RENAME.without(Rule::TemporaryFile);
    finds(WHOLE, Scene { rules, ..SCENE });
    finds(KEPT, Scene { rules, kills: 1, ..SCENE });
}

#[test]
fn a_directory_that_is_not_synced_does_not_survive_a_power_cut() {
    for rules in FORMS {
        breaks(Scene { rules: rules.without(Rule::SyncDirectory), ..SCENE }, &[DURABLE]);
    }
}
