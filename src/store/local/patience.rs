//! Waiting for a lock: how long, who is told of it meanwhile, and what is said in the end.

use super::lock_file::Place;
use super::{Event, Observer, holder};
use crate::{Deadline, Error, ErrorKind, Result};
use std::fs::File;
use std::time::Duration;

/// After this long somebody who waits is told for whom.
const PATIENCE: Duration = Duration::from_secs(1);

/// One wait for a lock.
pub(super) struct Patience<'a> {
    place: &'a Place<'a>,
    file: &'a File,
    deadline: &'a Deadline,
    observer: &'a Observer,
    has_told: bool,
}

impl<'a> Patience<'a> {
    pub(super) fn new(
        place: &'a Place<'a>,
        file: &'a File,
        deadline: &'a Deadline,
        observer: &'a Observer,
    ) -> Self {
        Patience { place, file, deadline, observer, has_told: false }
    }

    /// How long to wait before [`go_on`](Patience::go_on) is called, or `None` for ever.
    pub(super) fn limit(&self) -> Option<Duration> {
        let patience = if self.has_told { None } else { Some(PATIENCE) };
        [patience, self.deadline.remaining()].into_iter().flatten().min()
    }

    /// Fails if the time is up, else tells, once, for whom we wait.
    pub(super) fn go_on(&mut self) -> Result<()> {
        if self.deadline.has_passed() {
            return Err(busy(self.place, self.file, self.deadline));
        }
        if !std::mem::replace(&mut self.has_told, true) {
            self.observer.tell(|| Event::Waiting {
                lock: self.place.path.clone(),
                holder: holder::describe(self.file),
                waited: self.deadline.elapsed(),
            });
        }
        Ok(())
    }
}

/// The error of those whose time is up.
pub(super) fn busy(place: &Place<'_>, file: &File, deadline: &Deadline) -> Error {
    let holder = match holder::describe(file) {
        Some(holder) => format!("{holder} holds"),
        None => "another process holds".to_owned(),
    };
    let path = place.path.display();
    let waited = deadline.elapsed().as_secs_f64();
    Error::new(ErrorKind::Busy, format!("{holder} the lock {path}; gave up after {waited:.1} s"))
        .advise("try again, or wait longer with --timeout")
}
