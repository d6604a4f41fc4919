//! A lock for which nobody can wait: it has to be asked for again and again.

use super::{Kind, Locks, OLD, on_moving};
use crate::system::{Held, end_of, until};
use std::thread;

const POLLED: [(Kind, Locks); 1] = [(Kind::Unknown, Locks::Polled)];

#[test]
fn two_writers_lose_nothing() {
    let test = "moving::polled::two_writers_lose_nothing";
    on_moving(test, &POLLED, |moving| {
        let sandbox = moving.with("{\"n\": 0}");
        let held = Held::new(&sandbox.path("f.lock"));
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    for _ in 0..20 {
                        moving.run(&sandbox, &["apply", "f", ".n += 1"]).succeeds();
                    }
                });
            }
            // Both have found it taken, so that there is something to be asked for again.
            until("two writers that poll", || moving.share.state().denied >= 2);
            held.release();
        });
        assert_eq!(sandbox.json("f")["n"], 40);
        assert_eq!(moving.names(&sandbox), ["f", "f.lock"]);
    });
}

/// The control: who waits in the usual way is told that it cannot be done.
#[test]
fn a_program_that_waits_in_the_usual_way_fails() {
    let test = "moving::polled::a_program_that_waits_in_the_usual_way_fails";
    on_moving(test, &POLLED, |moving| {
        let sandbox = moving.with(OLD);
        moving.shell(&sandbox, "flock --nonblock f.lock true").succeeds();
        assert_ne!(moving.shell(&sandbox, "flock f.lock true").code(), Some(0));
    });
}

#[test]
fn a_single_try_works_when_the_lock_is_free() {
    let test = "moving::polled::a_single_try_works_when_the_lock_is_free";
    let all =
        [Locks::OfTheKernel, Locks::Shared, Locks::Polled].map(|locks| (Kind::Unknown, locks));
    on_moving(test, &all, |moving| {
        let locks = moving.locks;
        let sandbox = moving.with(OLD);
        let set = ["set", "f", "a=new", "--timeout", "0"];
        moving.run(&sandbox, &set).succeeds();
        let held = Held::new(&sandbox.path("f.lock"));
        moving.run(&sandbox, &set).exits_with(75).says("f was not changed\n");
        let limited = ["set", "f", "a=new", "--timeout", "100ms"];
        moving.run(&sandbox, &limited).exits_with(75).says("f was not changed\n");
        let waiting = moving.spawn(&sandbox, &["set", "f", "b=x", "--timeout", "inf"]);
        held.release();
        let ended = end_of(waiting);
        assert_eq!(ended.code, Some(0), "{locks:?}: {}", ended.stderr);
        moving.run(&sandbox, &set).succeeds();
    });
}
