//! Proves that an edit keeps its promises whatever happens at whichever of its system calls: a signal
//! ([`kill`]) or an error ([`error`]), and on a file system that moves open files away ([`moving`]).
//!
//! Every scene is run once under strace, which gives the places for faults: each call, counted by
//! name, from the first look at the document on. Then it is run again for each place and fault. The
//! long version takes every fault to every place of every scene.

mod error;
mod kill;
mod moving;
mod run;
mod scene;

use crate::system::{can_trace, sees_waiters};
use run::{Fault, Point, Run, Times};
use scene::{Scene, Stage, State};
use std::io::Write as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Runs wait for the disk, so there may be more of them than processors.
const WORKERS: usize = 4;

/// One run: where, and what is done there.
struct Case<'a> {
    scene: &'a Scene,
    point: Point,
    fault: Fault,
}

impl Case<'_> {
    /// Whether something may be left for ever, since all removing fails for ever.
    ///
    /// Nobody may remove a file of which it is not known whether it is still the same, and no kernel
    /// lets one create, write and sync files of which nothing can be learned. The lock file has one
    /// line, so where a first leftover cannot be removed, a second one is not known.
    fn may_forget(&self) -> bool {
        let lasts = matches!(self.fault, Fault::Error(_, Times::FromThenOn));
        let has_leftover = self.scene.start == scene::Start::Leftover;
        let call = self.point.call.as_str();
        lasts && (["fstat", "newfstatat"].contains(&call) || call == "unlinkat" && has_leftover)
    }
}

impl Scene {
    /// How many temporary files there are at once.
    fn temporaries(&self) -> usize {
        if self.backup.is_some() { 2 } else { 1 }
    }
}

/// What a rule makes of a run that has ended: `Err` says which promise is broken.
type Rule = fn(&Case<'_>, &Run, &mut Stage) -> Result<(), String>;

/// What came of a sweep.
#[derive(Default)]
struct Swept {
    runs: usize,
    points: usize,
    /// The faults that took effect.
    hit: usize,
    /// The runs that did not end with success.
    failed: usize,
    /// The runs that left something, to be removed by the next edit.
    left: usize,
    broken: Vec<String>,
}

fn can_sweep(test: &str) -> bool {
    can_trace(test) && sees_waiters(test)
}

/// Runs each scene with the faults that `faults` gives for each place, and judges each run.
fn sweep(
    name: &str,
    scenes: &[Scene],
    faults: impl Fn(&Scene, &Point) -> Vec<Fault>,
    rule: Rule,
) -> Swept {
    let mut swept = Swept::default();
    let mut cases = Vec::new();
    for (scene, points) in scenes.iter().zip(each(scenes, run::points)) {
        for point in points {
            let faults = faults(scene, &point).into_iter();
            let before = cases.len();
            cases.extend(faults.map(|fault| Case { scene, point: point.clone(), fault }));
            swept.points += usize::from(cases.len() > before);
        }
    }
    swept.runs = cases.len();
    for outcome in each(&cases, |case| Outcome::of(case, rule)) {
        swept.hit += usize::from(outcome.hit);
        swept.failed += usize::from(outcome.failed);
        swept.left += usize::from(outcome.left);
        swept.broken.extend(outcome.broken);
    }
    swept.report(name, scenes.len());
    swept
}

/// What came of one run.
struct Outcome {
    hit: bool,
    failed: bool,
    left: bool,
    broken: Option<String>,
}

impl Outcome {
    fn of(case: &Case<'_>, rule: Rule) -> Self {
        let mut stage = Stage::new(case.scene);
        let run = run::run(case.scene, &mut stage, &case.point, &case.fault);
        stage.close();
        let (hit, failed) = (run.is_hit(&case.fault), run.code != Some(0));
        let left = !stage.left(case.scene).is_empty();
        let Case { scene, point, fault } = case;
        let judged = promised_of_all(case, &run, &mut stage, rule);
        let broken = judged.err().map(|reason| {
            let name = &scene.name;
            let Point { call, occurrence } = point;
            format!("{name}, {fault:?} at {call} {occurrence}: {reason}\n{}", run.story())
        });
        Outcome { hit, failed, left, broken }
    }
}

/// The promises that hold for signals and errors alike, and those of the rule.
fn promised_of_all(
    case: &Case<'_>,
    run: &Run,
    stage: &mut Stage,
    rule: Rule,
) -> Result<(), String> {
    let scene = case.scene;
    check(!run.hangs, "it hangs")?;
    check(!run.stderr.contains(scene::SECRET), "a value is shown")?;
    let state = stage.state(scene)?;
    stage.check_backup(scene, state)?;
    check((state == State::New) == run.has_published(scene), "new is what the rename made new")?;
    let is_done = state == State::New || !scene.changes();
    check(is_done || run.code != Some(0), "acknowledged, but not done")?;
    rule(case, run, stage)?;
    let forgotten = stage.next_edit(scene, state)?;
    let is_excused = forgotten.is_empty() || case.may_forget();
    check(is_excused, "something is left that nobody will remove")
}

fn check(holds: bool, otherwise: &str) -> Result<(), String> {
    if holds { Ok(()) } else { Err(otherwise.to_owned()) }
}

impl Swept {
    /// Prints the numbers, past the test runner, which hides what tests that pass print.
    fn report(&self, name: &str, scenes: usize) {
        let Swept { runs, points, hit, failed, left, broken } = self;
        let _ = writeln!(
            std::io::stderr(),
            "SWEPT {name}: {scenes} scenes, {points} points, {runs} runs, {hit} faults took effect, \
             {failed} edits ended early, {left} left something for the next one, {} broken promises",
            broken.len()
        );
    }

    /// The other control: a sweep that finds nothing wrong with a bad writer proves nothing.
    #[track_caller]
    fn breaks(&self, promise: &str) {
        let found = self.broken.iter().any(|broken| broken.contains(promise));
        assert!(found, "{promise:?} not found in {:#?}", self.broken);
    }

    #[track_caller]
    fn keeps_all_promises(&self) {
        let shown: Vec<&str> = self.broken.iter().take(10).map(String::as_str).collect();
        assert!(shown.is_empty(), "{} of {}\n{}", self.broken.len(), self.runs, shown.join("\n"));
        // The first control: a sweep whose faults miss proves nothing. Some calls of a contended edit
        // depend on which thread is faster.
        assert!(self.hit * 10 > self.runs * 9, "{} of {} faults took effect", self.hit, self.runs);
    }
}

/// Does something with each of the items, on several threads, and gives the results in order.
fn each<T: Sync, R: Send>(items: &[T], act: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let results = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                while let Some((number, item)) = take(items, &next) {
                    let result = act(item);
                    results.lock().unwrap().push((number, result));
                }
            });
        }
    });
    let mut results = results.into_inner().unwrap();
    results.sort_by_key(|(number, _)| *number);
    results.into_iter().map(|(_, result)| result).collect()
}

fn take<'a, T>(items: &'a [T], next: &AtomicUsize) -> Option<(usize, &'a T)> {
    let number = next.fetch_add(1, Ordering::SeqCst);
    Some((number, items.get(number)?))
}
