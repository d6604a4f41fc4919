//! The lines that wait for a transaction.

use super::lines::Line;
use anyhow::Result;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How much may wait, and so how much is put into one transaction: a producer that is faster than the
/// disk must neither fill the memory nor make the lock be held for long.
const MOST_LINES: usize = 10_000;
const MOST_BYTES: usize = 16 << 20;

#[derive(Debug, Default)]
pub(super) struct Queue {
    waiting: Mutex<Waiting>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Waiting {
    lines: Vec<Line>,
    bytes: usize,
    /// How the input has ended, if it has.
    end: Option<Result<()>>,
}

/// What a look into the queue gives.
pub(super) enum Taken {
    /// All that was waiting; never none.
    Lines(Vec<Line>),
    /// Nothing came in time.
    Nothing,
    /// There will be no more lines, and whether that is because all were read.
    End(Result<()>),
}

impl Queue {
    /// Puts lines in as there is room for them, until there are no more or one cannot be read.
    pub(super) fn fill(&self, mut lines: impl Iterator<Item = Result<Line>>) {
        let end = lines.try_for_each(|line| {
            self.put(line?);
            Ok(())
        });
        self.lock().end = Some(end);
        self.changed.notify_all();
    }

    fn put(&self, line: Line) {
        let is_full = |waiting: &mut Waiting| !waiting.has_room_for(&line);
        let waiting = self.changed.wait_while(self.lock(), is_full);
        let mut waiting = waiting.unwrap_or_else(PoisonError::into_inner);
        waiting.bytes += line.length;
        waiting.lines.push(line);
        self.changed.notify_all();
    }

    /// Takes all that waits. If nothing does, waits for the first line, but no longer than `patience`.
    pub(super) fn take(&self, patience: Option<Duration>) -> Taken {
        let mut waiting = self.wait(patience);
        if !waiting.lines.is_empty() {
            waiting.bytes = 0;
            let lines = std::mem::take(&mut waiting.lines);
            self.changed.notify_all();
            return Taken::Lines(lines);
        }
        waiting.end.take().map_or(Taken::Nothing, Taken::End)
    }

    fn wait(&self, patience: Option<Duration>) -> MutexGuard<'_, Waiting> {
        let is_idle = |waiting: &mut Waiting| waiting.lines.is_empty() && waiting.end.is_none();
        match patience {
            None => self
                .changed
                .wait_while(self.lock(), is_idle)
                .unwrap_or_else(PoisonError::into_inner),
            Some(patience) => {
                let waited = self.changed.wait_timeout_while(self.lock(), patience, is_idle);
                waited.unwrap_or_else(PoisonError::into_inner).0
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    /// A line for which there is never room has it when it is alone.
    fn has_room_for(&self, line: &Line) -> bool {
        self.lines.is_empty()
            || self.lines.len() < MOST_LINES && self.bytes + line.length <= MOST_BYTES
    }
}
