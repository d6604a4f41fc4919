//! Writers that count in one document, all at once.

use anyhow::{Result, anyhow};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

#[derive(Clone, Copy)]
pub(crate) struct Size {
    pub(crate) writers: usize,
    /// By each writer.
    pub(crate) edits: usize,
}

/// What a writer was told of an edit.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Outcome {
    Made {
        attempts: u64,
    },
    NotMade,
    /// That nobody knows whether it was made.
    Unclear,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct Edit {
    pub(crate) outcome: Outcome,
    pub(crate) time: Duration,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct Run {
    /// From the start of all writers to the end of the last one.
    pub(crate) time: Duration,
    /// The edits of each writer.
    writers: Vec<Vec<Edit>>,
    /// How the document contradicts what the writers were told.
    pub(crate) wrong: Vec<String>,
}

/// The member that a writer counts in.
pub(crate) fn member(writer: usize) -> String {
    format!("w{writer}")
}

impl Run {
    /// Lets all writers start at once. Each makes its edits one after the other.
    pub(crate) fn new(size: Size, edit: impl Fn(usize) -> Result<Outcome> + Sync) -> Result<Self> {
        let barrier = Barrier::new(size.writers + 1);
        let (barrier, edit) = (&barrier, &edit);
        thread::scope(|scope| {
            let start = |writer| {
                scope.spawn(move || {
                    barrier.wait();
                    (0..size.edits).map(|_| timed(|| edit(writer))).collect::<Result<Vec<_>>>()
                })
            };
            let threads: Vec<_> = (0..size.writers).map(start).collect();
            barrier.wait();
            let start = Instant::now();
            let ends = threads.into_iter().map(|thread| thread.join());
            let writers = ends.map(|end| end.map_err(|_| anyhow!("a writer panicked"))?);
            let writers = writers.collect::<Result<_>>()?;
            Ok(Run { time: start.elapsed(), writers, wrong: Vec::new() })
        })
    }

    pub(crate) fn edits(&self) -> impl Iterator<Item = &Edit> {
        self.writers.iter().flatten()
    }

    /// Notes what the document counts that the writers were not told, and the other way round.
    pub(crate) fn compare_with(&mut self, document: &Value) {
        let count = |value: &Value| value.as_u64().unwrap_or(0);
        let mut sum = 0;
        for (writer, edits) in self.writers.iter().enumerate() {
            let number = |wanted: fn(&Outcome) -> bool| {
                edits.iter().filter(|edit| wanted(&edit.outcome)).count() as u64
            };
            let made = number(|outcome| matches!(outcome, Outcome::Made { .. }));
            let unclear = number(|outcome| *outcome == Outcome::Unclear);
            let own = count(&document["own"][member(writer)]);
            sum += own;
            if !(made..=made + unclear).contains(&own) {
                let told = format!("was told of {made} edits and not of {unclear}");
                self.wrong.push(format!("writer {writer} {told}, and {own} were made"));
            }
        }
        let all = count(&document["n"]);
        if all != sum {
            self.wrong.push(format!("the writers count {sum} edits, and the document {all}"));
        }
    }
}

fn timed(edit: impl FnOnce() -> Result<Outcome>) -> Result<Edit> {
    let start = Instant::now();
    let outcome = edit()?;
    Ok(Edit { outcome, time: start.elapsed() })
}
