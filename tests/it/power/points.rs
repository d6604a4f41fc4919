//! The power is cut after each write of an edit, and with any writes lost that were not flushed.

use super::case::{
    Case, NO_DIRECTORY_SYNC, NO_FILE_SYNC_FIRST, NO_SYNC, PROMISED, States, is_loss, judge,
};
use super::file_systems::{self, FileSystem};
use super::machine::{Machine, can_record};
use super::recording::{Cut, Recording};
use crate::harness::is_long;
use crate::namespace::on_images;

/// An edit on a machine that remembers.
struct Recorded<'a> {
    machine: &'a Machine<'a>,
    case: &'a Case,
    recording: Recording,
    states: States,
    /// How much the disk had been told to do when the edit was acknowledged.
    acknowledged: usize,
}

impl<'a> Recorded<'a> {
    fn new(machine: &'a Machine<'a>, case: &'a Case) -> Self {
        let mounted = machine.start();
        let inside = machine.directory();
        case.prepare(&inside);
        let old = case.look(&inside);
        let start = machine.disk.start_log();
        case.before(&inside);
        case.edit(&inside);
        let acknowledged = machine.disk.position();
        let states = States { old, new: case.look(&inside) };
        // Writes the rest, which may be cut as well.
        drop(mounted);
        let recording = Recording::end(&machine.disk, start);
        Recorded { machine, case, recording, states, acknowledged }
    }

    /// The power cuts to try.
    fn cuts(&self) -> impl Iterator<Item = Cut> {
        let (ways, stride) = if is_long() { (40, 1) } else { (5, 4) };
        let cuts = self.recording.out_of_order(&mut fastrand::Rng::with_seed(7), ways);
        // What comes behind the acknowledgement is the file system's own housekeeping.
        let of_the_edit = move |cut: &Cut| {
            cut.position <= self.acknowledged + 1 || cut.position.is_multiple_of(stride)
        };
        let cuts = self.recording.in_order().filter(of_the_edit).chain(cuts);
        // Who wrote without a sync before the edit is at fault for what is broken until then.
        let start = if self.case.counts_from_the_beginning() { 0 } else { self.acknowledged };
        cuts.filter(move |cut| cut.position >= start)
    }

    /// Restarts the machine after a power cut. Gives the number of temporary files that stay.
    fn check(&self, cut: &Cut) -> Result<usize, String> {
        let restarted = || {
            let _mounted = self.machine.restart(self.recording.disk(cut))?;
            let inside = self.machine.directory();
            let is_acknowledged = cut.position >= self.acknowledged;
            judge(self.case.look(&inside).as_ref(), &self.states, is_acknowledged)?;
            self.case.goes_on(&inside)
        };
        let (case, system) = (self.case.name, self.machine.system.name);
        restarted().map_err(|error| format!("{case} on {system}, {cut}: {error}"))
    }
}

/// Power cuts, and the temporary files that stay after them.
type Count = (usize, usize);

fn check_all(system: &FileSystem, cases: &[Case]) -> Result<Count, String> {
    let machine = Machine::new(system);
    let mut count = (0, 0);
    for case in cases {
        let recorded = Recorded::new(&machine, case);
        for cut in recorded.cuts() {
            count = (count.0 + 1, count.1 + recorded.check(&cut)?);
        }
    }
    Ok(count)
}

/// The file systems differ in what they do with what was not synced, these two only where a file is
/// replaced.
fn cases(system: &FileSystem) -> &'static [Case] {
    let is_like_another = system.name == file_systems::NO_AUTO_ALLOCATION;
    if is_like_another && !is_long() { &PROMISED[..1] } else { &PROMISED }
}

#[test]
fn a_power_cut_at_any_point_leaves_old_or_new() {
    let test = "power::points::a_power_cut_at_any_point_leaves_old_or_new";
    on_images(test, || {
        if !can_record(test) {
            return;
        }
        let counts = file_systems::each(test, |system| check_all(system, cases(system)));
        let counts: Result<Vec<Count>, String> = counts.into_iter().collect();
        let counts = counts.unwrap_or_else(|error| panic!("{error}"));
        let (checked, left) =
            counts.iter().fold((0, 0), |sum, next| (sum.0 + next.0, sum.1 + next.1));
        eprintln!("CHECKED {checked} crash images of one edit; a temporary file stays in {left}");
    });
}

/// The same test on edits that lack a sync. It must fail, or it proves nothing.
#[test]
fn a_missing_sync_is_caught_at_some_point() {
    let test = "power::points::a_missing_sync_is_caught_at_some_point";
    on_images(test, || {
        if !can_record(test) {
            return;
        }
        file_systems::each(test, |system| {
            for case in [NO_SYNC, NO_DIRECTORY_SYNC, NO_FILE_SYNC_FIRST] {
                let name = case.name;
                let checked = check_all(system, &[case]);
                assert!(is_loss(&checked), "not caught: {name} on {}", system.name);
            }
        });
    });
}
