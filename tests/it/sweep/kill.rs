//! A writer may be killed or stopped at every system call: the document is old or new, the lock is
//! free, and the next edit removes what was left behind.

use super::run::{Fault, Point, Run};
use super::scene::{self, LEFTOVER, Scene, Stage, Start, broken};
use super::{Case, can_sweep, check, sweep};
use crate::harness::is_long;

const KILL: &str = "SIGKILL";

#[test]
fn a_writer_may_be_killed_at_every_system_call() {
    if !can_sweep("sweep::kill::a_writer_may_be_killed_at_every_system_call") {
        return;
    }
    let swept = sweep("kill", &scene::scenes(), |_, _| vec![Fault::Signal(KILL)], judge);
    swept.keeps_all_promises();
    // A kill comes before the call is made, so no edit survives one.
    assert!(swept.failed * 10 > swept.runs * 9, "{} of {} were killed", swept.failed, swept.runs);
    assert!(swept.left > 0, "no temporary file was ever left, so no cleaning up was tested");
}

#[test]
fn a_writer_that_is_told_to_stop_at_any_system_call_leaves_nothing_behind() {
    let test =
        "sweep::kill::a_writer_that_is_told_to_stop_at_any_system_call_leaves_nothing_behind";
    if !can_sweep(test) {
        return;
    }
    let signals = |_: &Scene, point: &Point| {
        // The two differ in nothing but the number, so the short version takes turns.
        let both = ["SIGTERM", "SIGINT"];
        let signals = if is_long() { &both[..] } else { &both[point.occurrence % 2..][..1] };
        signals.iter().map(|signal| Fault::Signal(signal)).collect()
    };
    for (command, scenes) in scene::by_command() {
        if is_long() || command == "set" || command == scene::BATCH {
            let swept = sweep(&format!("stop, {command}"), &scenes, signals, judge);
            swept.keeps_all_promises();
            assert!(swept.failed * 2 > swept.runs, "{} of {} ended", swept.failed, swept.runs);
        }
    }
}

/// What holds when a signal has ended the edit, or has come too late.
pub(super) fn judge(case: &Case<'_>, run: &Run, stage: &mut Stage) -> Result<(), String> {
    let Fault::Signal(signal) = case.fault else { return Err("not a signal".to_owned()) };
    let number = match signal {
        "SIGINT" => 2,
        "SIGTERM" => 15,
        _ => 9,
    };
    let is_others = case.scene.runs_others() && run.code == Some(128 + number);
    check(
        run.signal == Some(number) || run.code == Some(0) || is_others,
        "it ends neither by the signal nor with success",
    )?;
    let mut left = stage.left(case.scene);
    // What another writer left need not be gone yet.
    let is_known = |name: &String| case.scene.start == Start::Leftover && name == LEFTOVER;
    left.retain(|name| !is_known(name));
    match signal {
        KILL => check(left.len() <= case.scene.temporaries(), "it left several files"),
        _ => check(left.is_empty(), "it left something"),
    }
}

#[test]
fn the_sweep_finds_writers_that_do_not_survive_it() {
    if !can_sweep("sweep::kill::the_sweep_finds_writers_that_do_not_survive_it") {
        return;
    }
    // What a missing sync does is to be seen after a power cut only.
    for (scene, expected) in broken().into_iter().filter(|(_, expected)| *expected != "not durable")
    {
        let name = format!("kill, control, {}", scene.name);
        let faults = |_: &Scene, point: &Point| {
            let matters = point.call == "write" || point.call.starts_with("rename");
            if matters { vec![Fault::Signal(KILL)] } else { Vec::new() }
        };
        sweep(&name, &[scene], faults, judge).breaks(expected);
    }
}
