//! The power is cut anywhere while several writers work.

use super::case::is_loss;
use super::file_systems::{self, FileSystem};
use super::machine::{Machine, can_record};
use super::recording::{Cut, Recording};
use crate::harness::{JSONLOCK, is_long};
use crate::namespace::on_images;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Mutex;

const WRITERS: usize = 4;

/// Appends a number to the list in the document.
fn append(directory: &Path, options: &[&str], number: usize) -> Output {
    let mut command = Command::new(JSONLOCK);
    command.arg("set").args(options).args(["--timeout=inf", "f"]).arg(format!("log[]:={number}"));
    command.current_dir(directory).output().unwrap()
}

fn numbers(directory: &Path) -> Result<Vec<usize>, String> {
    let text = std::fs::read(directory.join("f")).map_err(|error| error.to_string())?;
    let value: serde_json::Value =
        serde_json::from_slice(&text).map_err(|error| format!("half a document: {error}"))?;
    serde_json::from_value(value["log"].clone()).map_err(|error| error.to_string())
}

/// What writers did, and when they were told that it was done.
struct Work {
    recording: Recording,
    /// The numbers in the order in which they got into the document.
    order: Vec<usize>,
    /// The acknowledged numbers, and how much the disk had been told to do by then.
    acknowledged: Vec<(usize, usize)>,
}

impl Work {
    fn record(machine: &Machine<'_>, options: &[&str]) -> Self {
        let mounted = machine.start();
        let directory = machine.directory();
        std::fs::create_dir(&directory).unwrap();
        assert!(append(&directory, &[], 0).status.success());
        let start = machine.disk.start_log();
        let acknowledged = Mutex::new(vec![(0, 0)]);
        let edits = if is_long() { 100 } else { 8 };
        let write = |writer: usize| {
            for number in (0..edits).map(|edit| 1 + writer + edit * WRITERS) {
                let output = append(&directory, options, number);
                let position = machine.disk.position();
                assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
                acknowledged.lock().unwrap().push((number, position));
            }
        };
        std::thread::scope(|scope| {
            for writer in 0..WRITERS {
                scope.spawn(move || write(writer));
            }
        });
        let order = numbers(&directory).unwrap();
        drop(mounted);
        let recording = Recording::end(&machine.disk, start);
        Work { recording, order, acknowledged: acknowledged.into_inner().unwrap() }
    }

    /// What is found is what the writers had made of the document at some time, and not before what
    /// they had been told.
    fn check(&self, machine: &Machine<'_>, cut: &Cut) -> Result<(), String> {
        let mounted = machine.restart(self.recording.disk(cut))?;
        let directory = machine.directory();
        let found = numbers(&directory)?;
        if !self.order.starts_with(&found) {
            return Err(format!("never written: {found:?}"));
        }
        let told = self.acknowledged.iter().filter(|(_, position)| *position <= cut.position);
        for (number, _) in told {
            if !found.contains(number) {
                return Err(format!("{number} was acknowledged and is lost"));
            }
        }
        let next = append(&directory, &[], usize::MAX);
        drop(mounted);
        match next.status.success() {
            true => Ok(()),
            false => Err(format!("the next edit: {}", String::from_utf8_lossy(&next.stderr))),
        }
    }
}

/// Lets the writers work, and cuts the power anywhere. Gives how often.
fn check_all(system: &FileSystem, options: &[&str]) -> Result<usize, String> {
    let machine = Machine::new(system);
    let work = Work::record(&machine, options);
    let mut random = fastrand::Rng::with_seed(11);
    let rounds = if is_long() { 400 } else { 25 };
    for _ in 0..rounds {
        let cut = work.recording.anywhere(&mut random);
        let checked = work.check(&machine, &cut);
        checked.map_err(|error| format!("{}, {cut}: {error}", system.name))?;
    }
    Ok(rounds)
}

#[test]
fn a_power_cut_under_load_loses_no_acknowledged_edit() {
    let test = "power::load::a_power_cut_under_load_loses_no_acknowledged_edit";
    on_images(test, || {
        if !can_record(test) {
            return;
        }
        let counts = file_systems::each(test, |system| check_all(system, &[]));
        let counts: Result<Vec<usize>, String> = counts.into_iter().collect();
        let counts = counts.unwrap_or_else(|error| panic!("{error}"));
        eprintln!("CHECKED {} crash images of many edits", counts.iter().sum::<usize>());
    });
}

/// The same test on edits that lack a sync. It must fail, or it proves nothing.
#[test]
fn a_missing_sync_is_caught_under_load() {
    let test = "power::load::a_missing_sync_is_caught_under_load";
    on_images(test, || {
        if !can_record(test) {
            return;
        }
        file_systems::each(test, |system| {
            let checked = check_all(system, &["--durability=none"]);
            assert!(is_loss(&checked), "not caught on {}", system.name);
        });
    });
}
