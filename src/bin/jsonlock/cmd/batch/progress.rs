//! How a batch goes on, for somebody at a terminal.

use super::tally::Tally;
use crate::args::Writing;
use crate::terminal;
use std::io::{self, IsTerminal as _};
use std::time::{Duration, Instant};

/// How often somebody looks.
const INTERVAL: Duration = Duration::from_millis(200);

pub(super) struct Progress {
    is_wanted: bool,
    /// When the line was shown that is there now.
    shown: Option<Instant>,
    is_outdated: bool,
}

impl Progress {
    /// If the acknowledgements go to the terminal, they are the progress.
    pub(super) fn new(writing: &Writing) -> Self {
        let is_watched = io::stderr().is_terminal() && !io::stdout().is_terminal();
        Progress {
            is_wanted: is_watched && !writing.locking.quiet,
            shown: None,
            is_outdated: false,
        }
    }

    /// Shows how things stand, unless that was done a moment ago.
    pub(super) fn update(&mut self, tally: &Tally) {
        self.is_outdated = self.shown.is_some_and(|shown| shown.elapsed() < INTERVAL);
        if self.is_wanted && !self.is_outdated {
            terminal::show(&format!("jsonlock: {tally}"));
            self.shown = Some(Instant::now());
        }
    }

    /// After how long it should be updated though nothing has happened.
    pub(super) fn patience(&self) -> Option<Duration> {
        (self.is_wanted && self.is_outdated).then_some(INTERVAL)
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        terminal::erase();
    }
}
