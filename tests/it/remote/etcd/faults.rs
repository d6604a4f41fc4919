//! Nodes are killed, stop and come back while edits are made. None of those that were reported as made is
//! lost, and none is made twice.

use super::cluster::{Cluster, Plan};
use crate::harness::is_long;
use crate::remote::load::{Load, Tally};
use rustix::process::Signal;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

const WRITERS: u64 = 10;

/// How an edit goes on is waited for much longer than a cluster is without a leader.
const HANG: Duration = Duration::from_secs(300);

/// What is done to a cluster. `reached` waits until so many tenths of the edits are made.
type Disturbance = fn(&Cluster, reached: &dyn Fn(u64));

/// Makes 1000 edits while the cluster is disturbed, once or several times.
fn disturb(test: &str, disturbance: Disturbance) {
    let rounds = if is_long() { 6 } else { 1 };
    disturb_often(test, rounds, 100, disturbance);
}

/// The same with a fifth of the edits, unless everything is to be tried.
fn disturb_shortly(test: &str, disturbance: Disturbance) {
    let (rounds, edits) = if is_long() { (6, 100) } else { (1, 20) };
    disturb_often(test, rounds, edits, disturbance);
}

fn disturb_often(test: &str, rounds: u64, edits: u64, disturbance: Disturbance) {
    for round in 0..rounds {
        let Some(cluster) = Plan::nodes(3).switched().start(test) else { return };
        let url = cluster.url(&format!("round{round}"));
        let run = |sandbox: &_, args: &[&str]| cluster.run_in(sandbox, args);
        let load = Load { url, run: &run, writers: WRITERS, edits };
        let (tally, is_over) = (Tally::default(), AtomicBool::new(false));
        thread::scope(|scope| {
            scope.spawn(|| {
                disturbance(&cluster, &|tenths| {
                    reach(WRITERS * edits * tenths / 10, &tally, &is_over);
                });
            });
            let _over = Over(&is_over);
            load.by_processes(&tally);
        });
    }
}

/// Waits until so many edits are made.
fn reach(count: u64, tally: &Tally, is_over: &AtomicBool) {
    let start = Instant::now();
    while tally.made() < count && !is_over.load(Ordering::SeqCst) {
        assert!(start.elapsed() < HANG, "only {} of {count} edits are made", tally.made());
        thread::sleep(Duration::from_millis(5));
    }
}

/// Lets the disturbance end with the edits, also if these fail.
struct Over<'a>(&'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

#[test]
fn a_leader_that_is_killed_and_restarted() {
    disturb("killed leader", |cluster, reached| {
        reached(3);
        let leader = cluster.leader();
        cluster.kill(leader);
        reached(7);
        cluster.start(leader);
    });
}

#[test]
fn a_leader_that_pauses() {
    disturb("paused leader", |cluster, reached| {
        reached(3);
        let leader = cluster.leader();
        cluster.signal(leader, Signal::STOP);
        // Another one leads now, and does not let this one do so when it wakes up.
        reached(7);
        cluster.signal(leader, Signal::CONT);
    });
}

#[test]
fn a_follower_that_pauses() {
    disturb_shortly("paused follower", |cluster, reached| {
        reached(3);
        let follower = (cluster.leader() + 1) % 3;
        cluster.signal(follower, Signal::STOP);
        reached(7);
        cluster.signal(follower, Signal::CONT);
    });
}

/// It can neither vote nor answer, which those find out who ask it.
#[test]
fn a_follower_that_is_cut_off() {
    disturb("cut-off follower", |cluster, reached| {
        reached(3);
        cluster.cut_off((cluster.leader() + 1) % 3);
        reached(7);
        cluster.mend();
    });
}

#[test]
fn a_leader_that_is_cut_off() {
    disturb_shortly("cut-off leader", |cluster, reached| {
        reached(3);
        cluster.cut_off(cluster.leader());
        reached(7);
        cluster.mend();
    });
}

/// While there is no majority nothing is written, and nothing is lost.
#[test]
fn a_majority_that_is_gone_for_a_while() {
    disturb_shortly("no majority", |cluster, reached| {
        reached(3);
        let nodes = [0, 1];
        nodes.iter().for_each(|node| cluster.kill(*node));
        nodes.iter().for_each(|node| cluster.start(*node));
    });
}
