//! Proves by load that nothing which was reported is lost: eight writers at once, commands and library,
//! of which some are killed at random moments, readers, and for a part of the time somebody who deletes
//! the lock file. The ledger knows every edit that was reported, and the same ledger finds what a writer
//! loses that does not lock.
//!
//! It takes twenty seconds, ten minutes with `JSONLOCK_LONG`, or `JSONLOCK_SOAK_SECONDS`.

mod ledger;
mod writers;

use crate::harness::{Sandbox, is_long};
use crate::system::Done;
use ledger::Ledger;
use std::fs;
use std::io::Write as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};
use writers::{Kind, write};

/// How many edits each writer tries in a round. Each round has a document of its own, so that it
/// stays small.
const EDITS: u64 = 30;

const WRITERS: [Kind; 8] = [
    Kind::Set,
    Kind::Apply,
    Kind::Merge,
    Kind::Delete,
    Kind::Library,
    Kind::Set,
    Kind::Batch,
    Kind::Library,
];

/// Whether somebody deletes the lock file all the time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum LockFile {
    Stays,
    KeepsBeingDeleted,
}

/// What came of some rounds.
#[derive(Default)]
struct Outcome {
    reported: usize,
    found: usize,
    killed: usize,
    refused: usize,
    reads: usize,
    wrong: Vec<String>,
}

impl Outcome {
    fn add(&mut self, other: Outcome) {
        self.reported += other.reported;
        self.found += other.found;
        self.killed += other.killed;
        self.refused += other.refused;
        self.reads += other.reads;
        self.wrong.extend(other.wrong);
    }

    fn tell(&self, lock_file: LockFile) {
        let Outcome { reported, found, killed, refused, reads, .. } = self;
        // Past the test runner, which hides what tests that pass print.
        let _ = writeln!(
            std::io::stderr(),
            "SOAKED {reported} edits acknowledged, {found} found, {killed} killed, \
             {refused} refused, {reads} reads, the lock file {lock_file:?}",
        );
    }
}

fn duration() -> Duration {
    let given = std::env::var("JSONLOCK_SOAK_SECONDS").ok();
    let default = if is_long() { 600 } else { 20 };
    Duration::from_secs(given.map_or(default, |given| given.parse().unwrap()))
}

#[test]
fn nothing_that_was_reported_is_lost() {
    let (start, duration) = (Instant::now(), duration());
    let (mut normal, mut deleted) = (Outcome::default(), Outcome::default());
    for number in 0.. {
        if start.elapsed() >= duration {
            break;
        }
        match number % 4 {
            1 => deleted.add(round(&WRITERS, LockFile::KeepsBeingDeleted)),
            _ => normal.add(round(&WRITERS, LockFile::Stays)),
        }
        assert!(normal.wrong.is_empty(), "{:#?}", normal.wrong);
    }
    normal.tell(LockFile::Stays);
    deleted.tell(LockFile::KeepsBeingDeleted);
    assert_eq!((normal.found, normal.refused), (normal.reported, 0));
    // The instant between the last look at the lock file and the publish is not guarded.
    let lost = deleted.reported - deleted.found;
    assert!(lost <= 1 + deleted.reported / 1000, "{lost} lost: {:#?}", deleted.wrong);
}

/// The control: two of the eight don't lock.
#[test]
fn the_same_load_finds_what_a_writer_loses_that_does_not_lock() {
    let mut writers = WRITERS;
    (writers[4], writers[7]) = (Kind::WithoutLock, Kind::WithoutLock);
    let wrong = (0..10).map(|_| round(&writers, LockFile::Stays).wrong);
    assert!(wrong.into_iter().any(|wrong| !wrong.is_empty()), "ten rounds found nothing");
}

/// A document, everybody at work on it, and what came of it.
fn round(writers: &[Kind], lock_file: LockFile) -> Outcome {
    let sandbox = Sandbox::with("f", writers::document(writers, EDITS).to_string());
    let ledgers: Vec<_> = writers.iter().map(|_| Mutex::new(Ledger::default())).collect();
    let is_done = AtomicBool::new(false);
    let (reads, mut wrong) = thread::scope(|scope| {
        let readers: Vec<_> =
            (0..2).map(|_| scope.spawn(|| read(&sandbox, writers, &ledgers, &is_done))).collect();
        if lock_file == LockFile::KeepsBeingDeleted {
            scope.spawn(|| delete_lock_file(&sandbox, &is_done));
        }
        let done = Done(&is_done);
        thread::scope(|scope| {
            for (me, (kind, ledger)) in writers.iter().zip(&ledgers).enumerate() {
                let sandbox = &sandbox;
                scope.spawn(move || (0..EDITS).for_each(|n| write(sandbox, *kind, me, n, ledger)));
            }
        });
        drop(done);
        let read = readers.into_iter().map(|reader| reader.join().unwrap());
        read.fold((0, Vec::new()), |(reads, wrong), one| (reads + one.0, [wrong, one.1].concat()))
    });
    if lock_file == LockFile::KeepsBeingDeleted {
        // An edit that is lost for a moment may be there again in the end.
        wrong.retain(|wrong| !wrong.starts_with("reader:"));
    } else {
        sandbox.run(["set", "f", "last=edit"]).succeeds();
        if sandbox.names() != ["f", "f.lock"] {
            wrong.push(format!("left over: {:?}", sandbox.names()));
        }
    }
    settle(&sandbox, writers, &ledgers, wrong, reads)
}

/// Compares the document with the ledgers.
fn settle(
    sandbox: &Sandbox,
    writers: &[Kind],
    ledgers: &[Mutex<Ledger>],
    mut wrong: Vec<String>,
    reads: usize,
) -> Outcome {
    let document = sandbox.json("f");
    let mut outcome = Outcome { reads, ..Outcome::default() };
    for (me, (kind, ledger)) in writers.iter().zip(ledgers).enumerate() {
        let ledger = ledger.lock().unwrap();
        let made = kind.made(&document[format!("w{me}")], EDITS);
        outcome.reported += ledger.reported.len();
        outcome.found += ledger.reported.iter().filter(|n| made.contains(n)).count();
        outcome.killed += ledger.unknown.len();
        outcome.refused += ledger.refused.len();
        wrong.extend(ledger.complaints(&made).into_iter().map(|what| format!("w{me}: {what}")));
    }
    wrong.sort();
    wrong.dedup();
    Outcome { wrong, ..outcome }
}

/// Reads all the time. Each document must be whole, have what had been reported before, and have what
/// the one before it had.
fn read(
    sandbox: &Sandbox,
    writers: &[Kind],
    ledgers: &[Mutex<Ledger>],
    is_done: &AtomicBool,
) -> (usize, Vec<String>) {
    let (mut reads, mut wrong) = (0, Vec::new());
    let mut before: Vec<Vec<u64>> = vec![Vec::new(); writers.len()];
    while !is_done.load(Ordering::SeqCst) {
        let reported: Vec<_> =
            ledgers.iter().map(|ledger| ledger.lock().unwrap().reported.clone()).collect();
        let document = sandbox.json("f");
        for (me, kind) in writers.iter().enumerate() {
            let made = kind.made(&document[format!("w{me}")], EDITS);
            for n in reported[me].iter().chain(&before[me]).filter(|n| !made.contains(n)) {
                wrong.push(format!("reader: w{me}: edit {n} was there before"));
            }
            before[me] = made;
        }
        reads += 1;
        // The writers are to have most of the time.
        thread::sleep(Duration::from_millis(1));
    }
    (reads, wrong)
}

/// Often enough to meet every step, and seldom enough for some edits to get through.
fn delete_lock_file(sandbox: &Sandbox, is_done: &AtomicBool) {
    while !is_done.load(Ordering::SeqCst) {
        let _ = fs::remove_file(sandbox.path("f.lock"));
        // The rate is what the test is about, not a wait for something.
        thread::sleep(Duration::from_micros(fastrand::u64(..50_000)));
    }
}
