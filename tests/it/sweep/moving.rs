//! The same on a file system that cannot exchange names and moves open files away, as an NFS client does:
//! what is cut is not only a call of the writer, but the rename itself, at each of its steps.

use super::run::{self, Fault, Point};
use super::scene::{self, Scene, Stage, Start, State, script};
use super::{Swept, can_sweep, check, each, error, kill, sweep};
use crate::harness::is_long;
use crate::moving::{Cut, LOCAL, Moving, Stage as Step, TODAYS_ORDER, on_moving};

/// Scenes on this file system, in which somebody has the document open if there is no other reason to
/// begin with.
fn scenes_on(moving: &Moving) -> Vec<Scene> {
    let mut scenes = scene::scenes();
    for scene in &mut scenes {
        scene.below = Some(moving.root().to_owned());
        if scene.start == Start::Quiet && scene.old.is_some() {
            scene.start = Start::Read;
            scene.name.push_str(", read");
        }
    }
    scenes
}

/// Those that the short version can take to every call.
fn few(moving: &Moving, names: &[&str]) -> Vec<Scene> {
    let mut scenes = scenes_on(moving);
    scenes.retain(|scene| is_long() || names.contains(&scene.name.as_str()));
    scenes
}

#[test]
fn a_rename_may_be_cut_at_every_step() {
    let test = "sweep::moving::a_rename_may_be_cut_at_every_step";
    on_moving(test, &LOCAL, |moving| {
        let mut scenes = scenes_on(moving);
        // There the directory does not exist yet in which the rename is to be cut.
        scenes.retain(|scene| scene.entry().0 == ".");
        let swept = cut(moving, "cut", &scenes);
        assert!(swept.broken.is_empty(), "{}", swept.broken.join("\n"));
        // Of three edits one has no effect or is a first write, which has no step in between.
        assert!(swept.hit * 2 > swept.runs, "{} of {} were cut", swept.hit, swept.runs);
        assert!(swept.left * 6 > swept.runs, "{} of {} left a file", swept.left, swept.runs);
    });
}

#[test]
fn the_sweep_finds_a_writer_that_keeps_the_document_open() {
    let test = "sweep::moving::the_sweep_finds_a_writer_that_keeps_the_document_open";
    on_moving(test, &LOCAL, |moving| {
        let below = Some(moving.root().to_owned());
        let scene = Scene { below, ..script("today's order", TODAYS_ORDER) };
        let swept = cut(moving, "cut, control", &[scene]);
        assert_eq!(swept.hit, 3);
        swept.breaks("the next edit lost something");
    });
}

#[test]
fn a_writer_may_be_killed_at_every_system_call_there_too() {
    let test = "sweep::moving::a_writer_may_be_killed_at_every_system_call_there_too";
    if !can_sweep(test) {
        return;
    }
    on_moving(test, &LOCAL, |moving| {
        let scenes = few(moving, &["set, replaced, read", "batch, replaced, read"]);
        let faults = |_: &Scene, _: &Point| vec![Fault::Signal("SIGKILL")];
        sweep("kill, moving", &scenes, faults, kill::judge).keeps_all_promises();
    });
}

#[test]
fn an_edit_whose_system_calls_fail_is_done_or_undone_there_too() {
    let test = "sweep::moving::an_edit_whose_system_calls_fail_is_done_or_undone_there_too";
    if !can_sweep(test) {
        return;
    }
    on_moving(test, &LOCAL, |moving| {
        let mut scenes = few(moving, &["set, replaced, read"]);
        scenes.retain(|scene| is_long() || scene.start == Start::Read);
        let some = |scene: &Scene, point: &Point| {
            let mut faults = error::faults(scene, point);
            // Each kind of error has had its turn elsewhere.
            faults.truncate(if is_long() { faults.len() } else { 2 });
            faults
        };
        sweep("error, moving", &scenes, some, error::judge).keeps_all_promises();
    });
}

/// Cuts the rename of each scene at each step.
fn cut(moving: &Moving, name: &str, scenes: &[Scene]) -> Swept {
    let steps = [Step::Before, Step::Between, Step::After];
    let cases: Vec<(&Scene, Step)> =
        scenes.iter().flat_map(|scene| steps.map(|step| (scene, step))).collect();
    let mut swept = Swept { runs: cases.len(), points: cases.len(), ..Swept::default() };
    for (hit, left, broken) in each(&cases, |(scene, step)| cut_once(moving, scene, *step)) {
        swept.hit += usize::from(hit);
        swept.failed += usize::from(hit);
        swept.left += usize::from(left);
        swept.broken.extend(broken);
    }
    swept.report(name, scenes.len());
    swept
}

/// Whether the rename was cut, whether something was left, and which promise was broken.
fn cut_once(moving: &Moving, scene: &Scene, step: Step) -> (bool, bool, Option<String>) {
    let mut stage = Stage::new(scene);
    // Another directory may have had its number before.
    let before = moving.counts(&stage.sandbox).cut;
    moving.cut(&stage.sandbox, scene.file, step, Cut::Kill);
    let run = run::untraced(scene, &mut stage);
    stage.close();
    let is_cut = moving.counts(&stage.sandbox).cut > before;
    // What was not cut now is not to be cut later.
    moving.do_not_cut(&stage.sandbox);
    let left = !stage.left(scene).is_empty();
    let judged = judge(scene, step, is_cut, run.code, &mut stage);
    let broken = judged
        .err()
        .map(|reason| format!("{}, cut {step:?}: {is_cut}: {reason}\n{}", scene.name, run.story()));
    (is_cut, left, broken)
}

fn judge(
    scene: &Scene,
    step: Step,
    is_cut: bool,
    code: Option<i32>,
    stage: &mut Stage,
) -> Result<(), String> {
    check(is_cut != (code == Some(0)), "killed, but acknowledged, or the other way round")?;
    let is_missing = is_cut && step == Step::Between;
    check(!is_missing || !stage.sandbox.path(scene.file).exists(), "the cut left the document")?;
    // What was recorded and written whole is published by whoever comes next.
    let state = if is_missing { State::New } else { stage.state(scene)? };
    stage.check_backup(scene, state)?;
    let forgotten = stage.next_edit(scene, state)?;
    check(forgotten.is_empty(), "something is left that nobody will remove")
}
