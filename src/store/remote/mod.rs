//! Documents that a service keeps: read with a version, and written only if that still stands.
//!
//! The service does the replication. What is added here is to know what became of a write whose reply did
//! not come: trying it again without that knowledge would make some edits twice, and all of them would be
//! reported as done.

mod commit;
mod engine;
#[cfg(feature = "etcd")]
mod etcd;
mod ledger;
mod open;
mod probe;

#[cfg(feature = "object-store")]
mod object;

#[cfg(test)]
mod tests;

pub use engine::{Engine, Failure, Snapshot, Version};
pub use ledger::{Ledger, NoLedger, Operation};
pub use open::{is_url, scheme};
pub use probe::Probe;

use super::local::Create;
use super::retry::Retry;
use super::watching::Poll;
use super::{Deadline, Event, Observer, Store, Transaction, Wait, Watching};
use crate::{Error, ErrorKind, Result};
use bytes::Bytes;
use commit::RemoteTransaction;
use ledger::Verdict;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long one request may take. A service that is well answers in milliseconds; one that is choosing a new
/// leader answers in a second or two.
const REQUEST_LIMIT: Duration = Duration::from_secs(4);

/// How slow a network may be, which is what a slow line at home sends. What a document needs on its way comes on
/// top of what a request may take.
#[cfg(any(feature = "etcd", feature = "object-store"))]
const BYTES_PER_SECOND: usize = 250_000;

/// How long a request gets even if the time for all is nearly up, or if there was to be one try only.
const LEAST_LIMIT: Duration = Duration::from_secs(2);

/// A document that a service keeps, edited by optimistic concurrency.
///
/// An edit reads the document and its version, and writes only if that version still stands. If not,
/// another edit came first, and the closure runs again on what that made of the document.
///
/// With each write an [`Operation`] and its number are stored in a [`Ledger`], together with the document or not
/// at all. When there is no reply to a write, they tell whether it was made.
#[derive(Clone, Debug)]
pub struct RemoteStore {
    engine: Arc<dyn Engine>,
    create: Create,
    read_wait: Wait,
    observer: Observer,
    judge: fn(&Ledger, Option<&Ledger>) -> Verdict,
}

impl RemoteStore {
    /// The document that `engine` gives access to. Nothing is sent yet.
    pub fn new(engine: impl Engine + 'static) -> Self {
        RemoteStore {
            engine: Arc::new(engine),
            create: Create::File,
            read_wait: Wait::default(),
            observer: Observer::default(),
            judge: Ledger::verdict,
        }
    }

    /// Whether to create a document that is missing. By default, it is created.
    #[must_use]
    pub fn create(mut self, create: Create) -> Self {
        self.create = create;
        self
    }

    /// How long [`read`](Store::read) tries to reach the service. By default, 30 seconds.
    #[must_use]
    pub fn read_wait(mut self, wait: Wait) -> Self {
        self.read_wait = wait;
        self
    }

    /// Calls `observe` when something happens that a person may want to know.
    ///
    /// ```
    /// use jsonlock::{Event, RemoteStore};
    ///
    /// # fn run() -> jsonlock::Result<()> {
    /// let store = RemoteStore::open("etcd://localhost/builds")?;
    /// let store = store.observe(|event: &Event| eprintln!("{event}"));
    /// # let _ = store;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn observe(mut self, observe: impl Fn(&Event) + Send + Sync + 'static) -> Self {
        self.observer = Observer::new(observe);
        self
    }

    /// The engine.
    pub fn engine(&self) -> &dyn Engine {
        self.engine.as_ref()
    }

    /// The document with its version, in as many tries as the deadline allows.
    ///
    /// # Errors
    ///
    /// [`Unreachable`](ErrorKind::Unreachable) if the service does not answer in time, and what it answers
    /// instead of the document.
    pub fn snapshot(&self, deadline: &Deadline) -> Result<Option<Snapshot>> {
        let found = self.persist(deadline, |limit| self.engine.read(limit));
        found.map_err(|error| error.context(self.name()))
    }

    /// Whether the service keeps to the condition of a write: without that, edits made at the same time are
    /// lost, and all of them are reported as made.
    ///
    /// Where that does not go without saying, it is tried on a document beside this one, which is removed in
    /// the end. Its name is that of the document with `.jsonlock-probe-` and a number behind it.
    ///
    /// # Errors
    ///
    /// [`Unreachable`](ErrorKind::Unreachable) if the service does not answer, and what it answers instead.
    /// That the service does not keep to conditions is no error, but a [`Probe`].
    pub fn probe(&self) -> Result<Probe> {
        let Some(scratch) = self.engine.scratch() else { return Ok(Probe::Inherent) };
        probe::probe(scratch.as_ref()).map_err(|failure| {
            let error = match failure {
                Failure::Fatal(error) => error,
                Failure::Throttled { reason, .. } => Error::new(ErrorKind::Busy, reason),
                failure => Error::new(ErrorKind::Unreachable, failure.to_string()),
            };
            error.context(scratch.name())
        })
    }

    /// Asks the service for something that changes nothing, in as many tries as the deadline allows. Errors do
    /// not name the document.
    fn persist<T>(
        &self,
        deadline: &Deadline,
        ask: impl Fn(Duration) -> Result<T, Failure>,
    ) -> Result<T> {
        let mut attempt = 0;
        loop {
            attempt += 1;
            match ask(request_limit(deadline)) {
                Ok(answer) => return Ok(answer),
                Err(failure) => self.pause(failure, deadline, attempt)?,
            }
        }
    }

    /// Pauses before the next try of something that failed without effect, or gives up.
    fn pause(&self, failure: Failure, deadline: &Deadline, attempt: u32) -> Result<()> {
        let (kind, reason, pause) = match failure {
            Failure::Fatal(error) => return Err(error),
            Failure::Throttled { reason, pause } => (ErrorKind::Busy, reason, pause),
            failure => (ErrorKind::Unreachable, failure.to_string(), None),
        };
        let is_over = |pause| deadline.remaining().is_some_and(|remaining| remaining <= pause);
        if is_over(pause.unwrap_or_default()) {
            let waited = deadline.elapsed().as_secs_f64();
            let tries = if attempt == 1 { "try" } else { "tries" };
            let message = format!("{reason}; gave up after {attempt} {tries} in {waited:.1} s");
            return Err(Error::new(kind, message));
        }
        self.observer.tell(|| Event::TriedAgain { document: self.name(), reason });
        std::thread::sleep(pause.unwrap_or_default());
        self.engine.retry().sleep(deadline, attempt);
        Ok(())
    }

    fn missing(&self) -> Error {
        let message = format!("{} does not exist", self.name());
        Error::new(ErrorKind::NotFound, message)
    }
}

impl Store for RemoteStore {
    fn name(&self) -> String {
        self.engine.name()
    }

    fn read(&self) -> Result<Option<Bytes>> {
        self.read_by(&Wait::FOREVER.start())
    }

    fn read_by(&self, deadline: &Deadline) -> Result<Option<Bytes>> {
        let snapshot = self.snapshot(&self.read_wait.start().or_sooner(deadline))?;
        Ok(snapshot.map(|snapshot| snapshot.content))
    }

    fn preflight(&self) -> Result<()> {
        match self.create {
            Create::Never if self.read()?.is_none() => Err(self.missing()),
            _ => Ok(()),
        }
    }

    fn begin<'a>(&'a self, deadline: &Deadline) -> Result<Box<dyn Transaction + 'a>> {
        let base = self.snapshot(deadline)?;
        if self.create == Create::Never && base.is_none() {
            return Err(self.missing());
        }
        Ok(Box::new(RemoteTransaction::new(self, base, deadline)))
    }

    fn retry(&self) -> Retry {
        self.engine.retry()
    }

    fn watching(&self) -> Box<dyn Watching + '_> {
        self.engine.watching().unwrap_or_else(|| Box::new(Poll::new(self.retry())))
    }
}

/// How long the next request may take: of what is left so much that there is time for another one, by which
/// to find out what became of it.
fn request_limit(deadline: &Deadline) -> Duration {
    let share = deadline.remaining().map_or(REQUEST_LIMIT, |remaining| remaining * 2 / 3);
    share.clamp(LEAST_LIMIT, REQUEST_LIMIT)
}

/// How long so many bytes may be on their way.
#[cfg(any(feature = "etcd", feature = "object-store"))]
fn time_for(bytes: usize) -> Duration {
    Duration::from_secs((bytes / BYTES_PER_SECOND) as u64)
}

/// The same time from now on as was left at the instant `then`.
fn renewed(deadline: &Deadline, then: Instant) -> Deadline {
    let left = deadline.instant().map(|end| end.saturating_duration_since(then));
    left.map_or(Wait::FOREVER, Wait::at_most).start()
}
