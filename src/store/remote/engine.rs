use super::ledger::Ledger;
use crate::store::{Content, Retry, Watching};
use crate::{Error, Result};
use bytes::Bytes;
use std::fmt;
use std::time::Duration;

/// A service that keeps a value under a name and replaces it only if nobody else did so first.
///
/// That is all that a [`RemoteStore`](super::RemoteStore) needs of a service. An engine makes each request
/// once: trying again, and finding out what became of a request whose reply was lost, is the store's part,
/// because only that knows how without making an edit twice.
pub trait Engine: fmt::Debug + Send + Sync {
    /// The document's name as messages show it, without secrets.
    fn name(&self) -> String;

    /// Reads the document, or finds that there is none, within `limit`.
    ///
    /// # Errors
    ///
    /// Whatever keeps it from being known whether there is a document and what is in it. Never
    /// [`Failure::Conflict`].
    fn read(&self, limit: Duration) -> Result<Option<Snapshot>, Failure>;

    /// Makes `content` the document and keeps `ledger` with it, both or neither, if the document still
    /// has the version `expected`; `None` means that there must be no document. Takes no longer than
    /// `limit`, and what a large document needs on its way.
    ///
    /// # Errors
    ///
    /// See [`Failure`]. It is essential that nothing but what is certain is reported as certain.
    fn write(
        &self,
        expected: Option<&Version>,
        content: &Content,
        ledger: &Ledger,
        limit: Duration,
    ) -> Result<(), Failure>;

    /// Whether the write that followed the version `base` was that with `ledger`, if the service keeps a
    /// history that goes back so far; `None` where it cannot be known.
    ///
    /// # Errors
    ///
    /// Those of [`read`](Engine::read).
    fn was_next(
        &self,
        base: Option<&Version>,
        ledger: &Ledger,
        limit: Duration,
    ) -> Result<Option<bool>, Failure> {
        let _ = (base, ledger, limit);
        Ok(None)
    }

    /// How to try again after a conflict.
    fn retry(&self) -> Retry {
        Retry::default()
    }

    /// Watches the document, where the service tells of writes by itself. By default, it is looked at with the
    /// pauses of [`retry`](Engine::retry).
    fn watching(&self) -> Option<Box<dyn Watching + '_>> {
        None
    }

    /// How many bytes a document may have, where that is known.
    fn capacity(&self) -> Option<usize> {
        None
    }

    /// What to do about a document that has more.
    fn capacity_advice(&self) -> &str {
        "keep it elsewhere, or in parts"
    }

    /// A document beside this one that nobody else uses, to try out whether the service keeps to the
    /// condition of a write; `None` where that goes without saying.
    fn scratch(&self) -> Option<Box<dyn Engine>> {
        None
    }

    /// Removes the document, whatever its version. Only a [`scratch`](Engine::scratch) document is ever removed.
    ///
    /// # Errors
    ///
    /// Those of [`write`](Engine::write), but never [`Failure::Conflict`].
    fn remove(&self, limit: Duration) -> Result<(), Failure> {
        let _ = limit;
        Ok(())
    }
}

/// A document as an engine has read it.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The document.
    pub content: Bytes,
    /// Its version.
    pub version: Version,
    /// What was written with it, if the last writer kept a ledger.
    pub ledger: Option<Ledger>,
}

/// What a service calls the state of a document: a revision, a generation, an etag. It says nothing beyond
/// being equal to another one or not.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Version(String);

impl Version {
    /// The version as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for Version {
    fn from(text: String) -> Self {
        Version(text)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why an engine did not do what it was asked to, by what is certain.
///
/// The texts are clauses without a full stop, and without the name of the document.
#[derive(Debug)]
#[non_exhaustive]
pub enum Failure {
    /// The document has another version. Nothing was written by this request.
    Conflict,
    /// The request did not reach the service, as when nobody listens there.
    Unsent(String),
    /// The service has refused the request for now, after which nothing was or will be done.
    Throttled {
        /// What the service said.
        reason: String,
        /// How long the service wants to be left alone.
        pause: Option<Duration>,
    },
    /// The request may have been, or may yet be, carried out: there was no reply in time, or one that
    /// does not tell.
    Unclear(String),
    /// Trying again is useless. Nothing was written by this request.
    Fatal(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure::Fatal(error)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Conflict => f.write_str("the document has another version"),
            Failure::Unsent(reason)
            | Failure::Throttled { reason, .. }
            | Failure::Unclear(reason) => f.write_str(reason),
            Failure::Fatal(error) => error.fmt(f),
        }
    }
}
