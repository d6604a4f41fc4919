//! Proves that nobody starves where many wait for the lock: that jsonlock waits in the kernel's queue
//! like everybody else. What counts is who had how many turns, not how long anything took.

use crate::harness::{Sandbox, not_triggered};
use crate::system::{Done, Held, sees_waiters, works};
use jsonlock::{Json, LocalStore};
use std::io::Write as _;
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

/// How many turns each has on average before the counting ends.
const TURNS: usize = 15;

/// Somebody who wants the lock again as soon as he has had it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Contender {
    Jsonlock,
    Flock,
    /// Tries, and sleeps when it was in vain: what jsonlock must not do.
    Poller,
}

impl Contender {
    fn command(self, sandbox: &Sandbox) -> Command {
        let mut flock = Command::new("flock");
        flock.current_dir(sandbox.root()).arg("f.lock").args(["sh", "-c", "cat f >/dev/null"]);
        match self {
            Contender::Jsonlock => sandbox.command(["apply", "--timeout=inf", "f", ".n += 1"]),
            Contender::Flock => flock,
            Contender::Poller => {
                let mut poller = Command::new("sh");
                let script = "until flock -n f.lock cat f >/dev/null; do sleep 0.1; done";
                poller.args(["-c", script]).current_dir(sandbox.root());
                poller
            }
        }
    }
}

/// Lets all of them, and a writer that never pauses, contend for a lock. Counts the turns of each.
fn contend(contenders: &[Contender]) -> Vec<usize> {
    let sandbox = Sandbox::with("f", "{\"n\": 0, \"busy\": 0}");
    let held = Held::new(&sandbox.path("f.lock"));
    let turns: Vec<_> = contenders.iter().map(|_| AtomicUsize::new(0)).collect();
    let (all, is_done) = (AtomicUsize::new(0), AtomicBool::new(false));
    let busy = thread::scope(|scope| {
        let busy = scope.spawn(|| write_all_the_time(&sandbox, &is_done));
        let threads: Vec<_> = contenders
            .iter()
            .zip(&turns)
            .map(|(contender, turns)| {
                let (sandbox, all, is_done) = (&sandbox, &all, &is_done);
                scope.spawn(move || {
                    while !is_done.load(Ordering::SeqCst) {
                        sandbox.run_command(contender.command(sandbox)).succeeds();
                        // Turns after the end, when the others have gone, are no part of the contest.
                        if !is_done.load(Ordering::SeqCst) {
                            turns.fetch_add(1, Ordering::SeqCst);
                            all.fetch_add(1, Ordering::SeqCst);
                        }
                        if all.load(Ordering::SeqCst) >= TURNS * contenders.len() {
                            is_done.store(true, Ordering::SeqCst);
                        }
                    }
                })
            })
            .collect();
        // A test that fails shall not leave the others running.
        let done = Done(&is_done);
        let pollers = contenders.iter().filter(|one| **one == Contender::Poller).count();
        held.until_waited_for(contenders.len() - pollers);
        held.release();
        for thread in threads {
            thread.join().unwrap();
        }
        drop(done);
        busy.join().unwrap()
    });
    let turns: Vec<usize> = turns.into_iter().map(AtomicUsize::into_inner).collect();
    let _ = writeln!(std::io::stderr(), "TURNS {turns:?}, the busy writer {busy}");
    turns
}

/// Edits without a pause, and says how often it could.
fn write_all_the_time(sandbox: &Sandbox, is_done: &AtomicBool) -> usize {
    let (store, path) = (LocalStore::new(sandbox.path("f")), "busy".parse().unwrap());
    let mut turns = 0;
    while !is_done.load(Ordering::SeqCst) {
        jsonlock::edit(&store, |document| document.set(&path, Json::from(turns as u64))).unwrap();
        turns += 1;
    }
    turns
}

/// The turns that contenders of this kind had on average, in percent of what all had.
fn share(contenders: &[Contender], turns: &[usize], kind: Contender) -> usize {
    let of_kind = contenders.iter().zip(turns).filter(|(one, _)| **one == kind);
    let (count, sum) = of_kind.fold((0, 0), |(count, sum), (_, turns)| (count + 1, sum + turns));
    let all: usize = turns.iter().sum();
    100 * sum * contenders.len() / (count * all)
}

#[test]
fn thirty_two_waiters_have_their_turns_beside_a_busy_writer() {
    let test = "fairness::thirty_two_waiters_have_their_turns_beside_a_busy_writer";
    if !sees_waiters(test) {
        return;
    }
    let turns = contend(&[Contender::Jsonlock; 32]);
    assert!(turns.iter().all(|turns| *turns >= TURNS / 4), "somebody starves: {turns:?}");
}

#[test]
fn jsonlock_has_its_share_among_thirty_two_waiters() {
    let test = "fairness::jsonlock_has_its_share_among_thirty_two_waiters";
    if !sees_waiters(test) || !works(test, &["flock", "--version"]) {
        return;
    }
    let mut contenders = [Contender::Flock; 32];
    contenders[..16].fill(Contender::Jsonlock);
    let turns = contend(&contenders);
    let share = share(&contenders, &turns, Contender::Jsonlock);
    assert!(share >= 50, "{share} % of the mean: {turns:?}");
    assert!(turns.iter().all(|turns| *turns >= TURNS / 4), "somebody starves: {turns:?}");
}

/// The control: among those who queue, somebody who polls does not get half of his share.
#[test]
fn a_poller_does_not_have_its_share() {
    let test = "fairness::a_poller_does_not_have_its_share";
    if !sees_waiters(test) || !works(test, &["flock", "--version"]) {
        return;
    }
    let mut contenders = [Contender::Flock; 16];
    contenders[0] = Contender::Poller;
    let turns = contend(&contenders);
    if share(&contenders, &turns, Contender::Poller) >= 50 {
        not_triggered(test, "the poller was lucky");
    }
}
