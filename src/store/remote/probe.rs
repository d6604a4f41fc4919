//! Whether a service does what everything here rests on.

use super::engine::{Engine, Failure, Snapshot, Version};
use super::ledger::{Ledger, Operation};
use crate::Error;
use crate::store::{Content, Wait};
use bytes::Bytes;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

/// How many writers want to replace the same version at once, and how often that must come out clearly.
const WRITERS: usize = 8;
const ROUNDS: usize = 5;

/// How often that is tried at most: some services fail where others refuse.
const MOST_ROUNDS: usize = 3 * ROUNDS;

/// How often each single request is made until it is clear what came of it.
const TRIES: u32 = 5;

/// How long each request may take.
const LIMIT: Duration = Duration::from_secs(4);

/// A service that answers and does something else.
const SAID_YES: &str = "it said that it wrote, and what is there is something else";
const SAID_NO: &str = "it refused to write, and did so in any case";

/// Whether a service keeps to the condition of a write, which decides whether edits of several machines can
/// be trusted to it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Probe {
    /// It is made for that, so that nothing was tried.
    Inherent,
    /// Everything that was tried came out as it must.
    Enforced,
    /// The same, but the document that it was tried on could not be removed, as the text tells.
    EnforcedAndLeft(String),
    /// It does not, as the text tells: edits would be lost, and all of them would be reported as made.
    NotEnforced(String),
}

/// Tries conditional writes on a document that nobody else uses, and removes it again.
pub(super) fn probe(scratch: &dyn Engine) -> Result<Probe, Failure> {
    let trial = Trial { engine: scratch, has_begun: AtomicBool::new(false) };
    let ended = trial.run();
    match (ended, trial.remove().err()) {
        (Ok(()), None) => Ok(Probe::Enforced),
        (Ok(()), Some(left)) => Ok(Probe::EnforcedAndLeft(left)),
        (Err(Halt::Wrong(reason)), None) => Ok(Probe::NotEnforced(reason)),
        (Err(Halt::Wrong(reason)), Some(left)) => {
            Ok(Probe::NotEnforced(format!("{reason} (and {left})")))
        }
        (Err(Halt::Failed(failure)), None) => Err(failure),
        (Err(Halt::Failed(failure)), Some(left)) => Err(with(failure, &left)),
    }
}

/// The same failure, and what was left behind.
fn with(failure: Failure, left: &str) -> Failure {
    let both = |reason: String| format!("{reason} (and {left})");
    match failure {
        Failure::Fatal(error) => Failure::Fatal(Error::new(error.kind(), both(error.to_string()))),
        Failure::Throttled { reason, pause } => Failure::Throttled { reason: both(reason), pause },
        failure => Failure::Unclear(both(failure.to_string())),
    }
}

struct Trial<'a> {
    engine: &'a dyn Engine,
    /// Whether there may be a document.
    has_begun: AtomicBool,
}

/// Why a trial came to no good end.
enum Halt {
    /// The service does something else than it must.
    Wrong(String),
    /// What it does is not known.
    Failed(Failure),
}

impl Halt {
    fn wrong(reason: &str) -> Self {
        Halt::Wrong(reason.to_owned())
    }
}

impl From<Failure> for Halt {
    fn from(failure: Failure) -> Self {
        Halt::Failed(failure)
    }
}

impl Trial<'_> {
    fn run(&self) -> Result<(), Halt> {
        self.must_write(None, "first", "it refused to create a document that did not exist")?;
        self.must_refuse(None, "second", "it created a document that existed")?;
        let outdated = self.now()?.version;
        self.must_write(Some(&outdated), "third", "it refused to replace the present version")?;
        let what = "it replaced a version that was not the present one";
        self.must_refuse(Some(&outdated), "fourth", what)?;
        self.races()
    }

    fn must_write(&self, expected: Option<&Version>, word: &str, what: &str) -> Result<(), Halt> {
        match self.is_written(expected, word)? {
            true => self.must_be(&text(word), SAID_YES),
            false => Err(Halt::wrong(what)),
        }
    }

    fn must_refuse(&self, expected: Option<&Version>, word: &str, what: &str) -> Result<(), Halt> {
        let before = self.now()?.content;
        match self.is_written(expected, word)? {
            true => Err(Halt::wrong(what)),
            false => self.must_be(&before, SAID_NO),
        }
    }

    fn must_be(&self, content: &Bytes, what: &str) -> Result<(), Halt> {
        let now = self.read()?;
        match now.is_some_and(|now| now.content == *content) {
            true => Ok(()),
            false => Err(Halt::wrong(what)),
        }
    }

    /// Has several writers replace one version at once, until that came out clearly often enough.
    fn races(&self) -> Result<(), Halt> {
        let (mut clear, mut reason) = (0, String::new());
        for round in 0..MOST_ROUNDS {
            match self.race(round)? {
                None => clear += 1,
                Some(failure) => {
                    self.pause(&failure, 1);
                    reason = failure.to_string();
                }
            }
            if clear == ROUNDS {
                return Ok(());
            }
        }
        let message = format!(
            "of {MOST_ROUNDS} times that {WRITERS} writers replaced one version at once only {clear} came out \
             clearly: {reason}"
        );
        Err(Failure::Unclear(message).into())
    }

    /// Lets all writers replace one version at once. Gives why that shows nothing, unless one of them did and
    /// another one was refused.
    fn race(&self, round: usize) -> Result<Option<Failure>, Halt> {
        let before = self.now()?;
        let (mut winners, mut refused, mut other) = (Vec::new(), 0, None);
        for (word, written) in self.let_all_write(&before.version, round) {
            match written {
                Ok(true) => winners.push(word),
                Ok(false) => refused += 1,
                Err(Halt::Failed(failure)) if !matches!(failure, Failure::Fatal(_)) => {
                    other = Some(failure);
                }
                Err(halt) => return Err(halt),
            }
        }
        match winners.as_slice() {
            [word] => self.must_be(&text(word), SAID_YES)?,
            [] if refused == WRITERS => self.must_be(&before.content, SAID_NO)?,
            [] => {}
            several => return Err(Halt::Wrong(too_many(several.len()))),
        }
        match !winners.is_empty() && refused > 0 {
            true => Ok(None),
            false => Ok(Some(other.unwrap_or_else(nobody_won))),
        }
    }

    /// What each writer wanted to write, and whether it did.
    fn let_all_write(&self, version: &Version, round: usize) -> Vec<(String, Result<bool, Halt>)> {
        let write = |writer| {
            let word = format!("{round}.{writer}");
            let written = self.is_written(Some(version), &word);
            (word, written)
        };
        thread::scope(|scope| {
            let racers: Vec<_> =
                (0..WRITERS).map(|writer| scope.spawn(move || write(writer))).collect();
            racers.into_iter().filter_map(|racer| racer.join().ok()).collect()
        })
    }

    /// Whether a write was made, in as many tries as it takes to know that.
    fn is_written(&self, expected: Option<&Version>, word: &str) -> Result<bool, Halt> {
        let ledger = Ledger::next(None, expected, Operation::random());
        let mut may_be_written = false;
        let written = self.in_tries(|| match self.write(expected, word, &ledger) {
            Ok(()) => Ok(true),
            Err(Failure::Conflict) => Ok(false),
            Err(failure) => {
                may_be_written |= matches!(failure, Failure::Unclear(_));
                Err(failure)
            }
        })?;
        match written {
            // What another try of it has written is refused to the next one.
            false if may_be_written => {
                Ok(self.read()?.is_some_and(|now| now.content == text(word)))
            }
            written => Ok(written),
        }
    }

    fn now(&self) -> Result<Snapshot, Halt> {
        let lost = || Failure::Unclear("what was written cannot be read".to_owned());
        Ok(self.read()?.ok_or_else(lost)?)
    }

    fn read(&self) -> Result<Option<Snapshot>, Halt> {
        Ok(self.in_tries(|| self.engine.read(LIMIT))?)
    }

    /// Removes the document if there may be one, or tells that it is left.
    fn remove(&self) -> Result<(), String> {
        if !self.has_begun.load(Ordering::Relaxed) {
            return Ok(());
        }
        let removed = self.in_tries(|| self.engine.remove(LIMIT));
        removed.map_err(|failure| {
            let name = self.engine.name();
            format!("{name}, which it was tried on, is left behind: {failure}")
        })
    }

    /// Does something until it ends clearly.
    fn in_tries<T>(&self, mut act: impl FnMut() -> Result<T, Failure>) -> Result<T, Failure> {
        let mut attempt = 1;
        loop {
            match act() {
                Err(failure) if attempt < TRIES && !matches!(failure, Failure::Fatal(_)) => {
                    self.pause(&failure, attempt);
                    attempt += 1;
                }
                ended => return ended,
            }
        }
    }

    fn pause(&self, failure: &Failure, attempt: u32) {
        if let Failure::Throttled { pause: Some(pause), .. } = failure {
            thread::sleep((*pause).min(LIMIT));
        }
        self.engine.retry().sleep(&Wait::FOREVER.start(), attempt);
    }

    fn write(
        &self,
        expected: Option<&Version>,
        word: &str,
        ledger: &Ledger,
    ) -> Result<(), Failure> {
        let content = Content::from(vec![text(word)]);
        let written = self.engine.write(expected, &content, ledger, LIMIT);
        if matches!(written, Ok(()) | Err(Failure::Unclear(_) | Failure::Conflict)) {
            self.has_begun.store(true, Ordering::Relaxed);
        }
        written
    }
}

fn text(word: &str) -> Bytes {
    format!("\"{word}\"\n").into()
}

fn too_many(winners: usize) -> String {
    format!(
        "{winners} of {WRITERS} writers that replaced one version at once were told that they did"
    )
}

fn nobody_won() -> Failure {
    Failure::Unclear("no writer was told that it did".to_owned())
}

#[cfg(test)]
mod tests;
