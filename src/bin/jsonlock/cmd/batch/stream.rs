//! The loop: all that waits into one transaction, the answers out, and again.

use super::acknowledgement::{push_done, push_refused};
use super::lines::Line;
use super::progress::Progress;
use super::queue::{Queue, Taken};
use super::tally::Tally;
use crate::args::Writing;
use crate::cmd::conditions::Conditions;
use crate::report::{self, AfterLines, Failed};
use crate::target::{self, Target};
use crate::{output, signals};
use anyhow::{Error, Result};
use jsonlock::{Document, Edited, ErrorKind, Etag, FilterOptions, Wait};
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// For how long lines are applied in one transaction, while others wait for the lock. The lines that
/// are left over go into the next one.
const HOLD: Duration = Duration::from_millis(500);

pub(super) struct Stream<'a> {
    file: &'a Path,
    writing: &'a Writing,
    store: Target,
    conditions: Conditions,
    wait: Wait,
    tally: Tally,
    progress: Progress,
}

impl<'a> Stream<'a> {
    pub(super) fn new(file: &'a Path, writing: &'a Writing) -> Result<Self> {
        Ok(Stream {
            file,
            writing,
            store: target::writable(file, writing)?,
            conditions: Conditions::new(writing, &FilterOptions::new())?,
            wait: target::wait(&writing.locking)?,
            tally: Tally::default(),
            progress: Progress::new(writing),
        })
    }

    /// Answers the lines in the queue until there are no more.
    pub(super) fn run(mut self, queue: &Queue) -> Result<ExitCode> {
        loop {
            match queue.take(self.progress.patience()) {
                Taken::Lines(lines) => self.answer_all(&lines)?,
                Taken::Nothing => {}
                Taken::End(end) => {
                    end.map_err(|error| self.stopped(error))?;
                    return Ok(self.end());
                }
            }
            self.progress.update(&self.tally);
        }
    }

    fn answer_all(&mut self, mut lines: &[Line]) -> Result<()> {
        while !lines.is_empty() {
            let answered = self.answer_some(lines)?;
            lines = &lines[answered..];
            self.progress.update(&self.tally);
            // A signal may have come when it was too late to roll back.
            signals::end_if_requested();
        }
        Ok(())
    }

    /// Makes a transaction and answers the lines that it was about. Gives their number.
    fn answer_some(&mut self, lines: &[Line]) -> Result<usize> {
        if lines.iter().all(|line| line.change.is_err()) {
            self.answer(lines, lines.iter().map(|_| Ok(())), None)?;
            return Ok(lines.len());
        }
        let mut results = Vec::new();
        let editor = self.conditions.editor(self.file, self.writing).wait(self.wait);
        let edited = editor.edit(self.store.store(), |document| {
            results = self.apply(document, lines);
            Ok(())
        });
        let edited = edited.map_err(|error| {
            let error = target::advise(error, self.store.store(), &self.writing.reading, self.file);
            self.give_up(lines, &results, error.into())
        })?;
        self.tally.transactions += 1;
        self.tell(&lines[..results.len()], &edited);
        let own = results.iter().map(|result| result.as_ref().map(drop));
        self.answer(&lines[..results.len()], own, edited.etag().as_ref())?;
        Ok(results.len())
    }

    /// Applies as many of the lines as there is time for. What cannot be applied leaves no trace.
    fn apply(&self, document: &mut Document, lines: &[Line]) -> Vec<Result<()>> {
        let start = Instant::now();
        let mut results = Vec::with_capacity(lines.len());
        for line in lines {
            if !results.is_empty() && start.elapsed() > HOLD {
                break;
            }
            // What is wrong with the others is known already.
            let result = line.change.as_ref().map_or(Ok(()), |change| {
                let deadline = target::filter_deadline(self.wait);
                self.conditions
                    .around_or_undo(document, deadline, |document| change.apply(document))
            });
            results.push(result.map_err(Error::from));
        }
        results
    }

    /// Prints what came of each line, and counts it.
    fn answer<'e>(
        &mut self,
        lines: &'e [Line],
        results: impl Iterator<Item = Result<(), &'e Error>>,
        etag: Option<&Etag>,
    ) -> Result<()> {
        let mut output = Vec::new();
        for (line, result) in lines.iter().zip(results) {
            let result = line.change.as_ref().and(result);
            match result {
                Ok(()) => push_done(&mut output, line.number, etag),
                Err(error) => push_refused(&mut output, line.number, error),
            }
            self.tally.count(result);
        }
        output::write(output).map_err(|error| {
            // Other commands are done when their output is closed, but here lines would be dropped.
            self.stopped(Failed::new(ErrorKind::Io, format!("{error:#}")).into())
        })
    }

    /// Answers the lines of a transaction that failed, those that it had got to if it had begun. Gives
    /// the error with which to stop.
    fn give_up(&mut self, lines: &[Line], results: &[Result<()>], error: Error) -> Error {
        let count = if results.is_empty() { lines.len() } else { results.len() };
        let own = (0..count).map(|index| match results.get(index) {
            Some(Err(own)) => Err(own),
            _ => Err(&error),
        });
        // If that cannot be printed either, the error remains the reason.
        let _ = self.answer(&lines[..count], own, None);
        self.stopped(error)
    }

    /// The error with which to stop, so that it says what became of the document.
    fn stopped(&self, error: Error) -> Error {
        error.context(AfterLines(self.tally.applied))
    }

    /// When all lines were answered.
    fn end(&self) -> ExitCode {
        if let Some(complaint) = self.tally.complaint()
            && !self.writing.locking.quiet
        {
            let outcome = report::got_edits_of(self.tally.applied);
            report::say(format_args!("{complaint}; {} {outcome}", self.file.display()));
        }
        if self.writing.locking.verbose && self.tally.lines() == 0 {
            let file = self.file.display();
            report::say(format_args!("standard input has no edits; {file} was not changed"));
        }
        ExitCode::from(self.tally.code)
    }

    fn tell<T>(&self, lines: &[Line], edited: &Edited<T>) {
        if let (true, Some(first), Some(last)) =
            (self.writing.locking.verbose, lines.first(), lines.last())
        {
            let (file, waited) = (self.file.display(), edited.waited.as_secs_f64() * 1e3);
            let what = if edited.changed { "was changed" } else { "is as asked already" };
            let (first, last) = (first.number, last.number);
            report::say(format_args!(
                "{file} {what} with lines {first} to {last}; waited {waited:.1} ms"
            ));
        }
    }
}
