//! Whether a service does what everything here rests on.

use super::engine::{Engine, Failure, Snapshot, Version};
use super::ledger::{Ledger, Operation};
use crate::store::Content;
use std::thread;
use std::time::Duration;

/// How many writers want to replace the same version at once, and how often.
const WRITERS: usize = 8;
const ROUNDS: usize = 5;

/// How long each request may take.
const LIMIT: Duration = Duration::from_secs(4);

/// Whether a service keeps to the condition of a write, which decides whether edits of several machines can
/// be trusted to it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Probe {
    /// It is made for that, so that nothing was tried.
    Inherent,
    /// Everything that was tried came out as it must.
    Enforced,
    /// It does not, as the text tells: edits would be lost, and all of them would be reported as made.
    NotEnforced(String),
}

/// Tries conditional writes on a document that nobody else uses, and removes it again.
pub(super) fn probe(scratch: &dyn Engine) -> Result<Probe, Failure> {
    let found = Trial { engine: scratch }.run();
    let removed = scratch.remove(LIMIT);
    let found = found?;
    removed?;
    Ok(found.map_or(Probe::Enforced, Probe::NotEnforced))
}

struct Trial<'a> {
    engine: &'a dyn Engine,
}

impl Trial<'_> {
    /// Gives what is wrong, if anything is.
    fn run(&self) -> Result<Option<String>, Failure> {
        self.write(None, "first")?;
        if self.is_written(None, "second")? {
            return Ok(Some("it created a document that existed".to_owned()));
        }
        let outdated = self.now()?.version;
        self.write(Some(&outdated), "third")?;
        if self.is_written(Some(&outdated), "fourth")? {
            return Ok(Some("it replaced a version that was not the present one".to_owned()));
        }
        (0..ROUNDS).find_map(|round| self.race(round).transpose()).transpose()
    }

    /// Lets all writers replace one version at once.
    fn race(&self, round: usize) -> Result<Option<String>, Failure> {
        let version = self.now()?.version;
        let outcomes: Vec<_> = thread::scope(|scope| {
            let write = |writer| self.write(Some(&version), &format!("{round}.{writer}"));
            let racers: Vec<_> =
                (0..WRITERS).map(|writer| scope.spawn(move || write(writer))).collect();
            racers.into_iter().filter_map(|racer| racer.join().ok()).collect()
        });
        let winners = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        if winners > 1 {
            return Ok(Some(format!(
                "{winners} of {WRITERS} writers that replaced one version at once were told that they did"
            )));
        }
        let fatal = |outcome: Result<(), Failure>| match outcome {
            Err(failure @ Failure::Fatal(_)) => Some(failure),
            _ => None,
        };
        outcomes.into_iter().find_map(fatal).map_or(Ok(None), Err)
    }

    fn now(&self) -> Result<Snapshot, Failure> {
        let lost = || Failure::Unclear("what was written cannot be read".to_owned());
        self.engine.read(LIMIT)?.ok_or_else(lost)
    }

    fn is_written(&self, expected: Option<&Version>, word: &str) -> Result<bool, Failure> {
        match self.write(expected, word) {
            Ok(()) => Ok(true),
            Err(Failure::Conflict) => Ok(false),
            Err(failure) => Err(failure),
        }
    }

    fn write(&self, expected: Option<&Version>, word: &str) -> Result<(), Failure> {
        let content = Content::from(vec![format!("\"{word}\"\n").into()]);
        let ledger = Ledger::next(None, expected, Operation::random());
        self.engine.write(expected, &content, &ledger, LIMIT)
    }
}
