//! Where documents live. A store moves bytes and knows nothing of what they mean.

mod content;
mod etag;
mod event;
mod local;
mod observer;
mod remote;
mod retry;
mod wait;
mod watching;

pub use content::Content;
pub use etag::Etag;
pub use event::Event;
pub use local::{
    Create, Durability, FileSystem, Follow, HardLinks, Held, Holder, Interrupts, LocalStore,
    LockState, Network, Note, ReadOnly, Status, Watch,
};
pub use remote::{
    Engine, Failure, Ledger, NoLedger, Operation, Probe, RemoteStore, Snapshot, Version, is_url,
    scheme,
};
pub use retry::Retry;
pub use wait::{Deadline, Wait};
pub use watching::Watching;

use crate::Result;
use bytes::Bytes;
use observer::Observer;
use std::time::Duration;

/// A place that holds one document.
///
/// Everything a store does goes through a [`Transaction`], so that a local file under a lock and a
/// remote object under a version look the same to [`edit`](crate::edit).
pub trait Store {
    /// The document's name as messages show it.
    fn name(&self) -> String;

    /// The content as it is now, or `None` where there is no document.
    ///
    /// Reading waits for nobody and changes nothing.
    ///
    /// # Errors
    ///
    /// Where the document cannot be read.
    fn read(&self) -> Result<Option<Bytes>>;

    /// The content as it is now, as [`read`](Store::read) gives it. Where that may take several tries, there
    /// are none after the deadline. By default, there is one.
    ///
    /// # Errors
    ///
    /// Those of [`read`](Store::read).
    fn read_by(&self, deadline: &Deadline) -> Result<Option<Bytes>> {
        let _ = deadline;
        self.read()
    }

    /// Refuses what [`begin`](Store::begin) would refuse, without waiting and without leaving a
    /// trace.
    ///
    /// # Errors
    ///
    /// Those of [`begin`](Store::begin), except that it never finds the store busy.
    fn preflight(&self) -> Result<()>;

    /// Begins a read-modify-write.
    ///
    /// # Errors
    ///
    /// [`Busy`](crate::ErrorKind::Busy) when the deadline passes first, and whatever keeps the
    /// document from being edited safely.
    fn begin<'a>(&'a self, deadline: &Deadline) -> Result<Box<dyn Transaction + 'a>>;

    /// How an edit tries again after a conflict, unless its [`Editor`](crate::Editor) says otherwise.
    fn retry(&self) -> Retry {
        Retry::default()
    }

    /// Watches the document, which need not exist. By default, it is looked at with the pauses of
    /// [`retry`](Store::retry).
    fn watching(&self) -> Box<dyn Watching + '_> {
        Box::new(watching::Poll::new(self.retry()))
    }
}

/// One read-modify-write on a store. Dropping it without a commit is the rollback.
#[must_use = "a transaction that is not committed changes nothing"]
pub trait Transaction {
    /// The bytes that the transaction read, or `None` where there is no document.
    fn base(&self) -> Option<&Bytes>;

    /// Whether the base is already known to be outdated.
    ///
    /// A commit finds out in any case; this is for those who find the base unusable and want to
    /// know whether reading again would help.
    fn is_outdated(&self) -> bool {
        false
    }

    /// Makes `content` the document.
    ///
    /// Content equal to the base publishes nothing, but it is made as durable as a change would be.
    ///
    /// # Errors
    ///
    /// [`Unconfirmed`](crate::ErrorKind::Unconfirmed) when the change is visible but perhaps not
    /// durable, [`Unclear`](crate::ErrorKind::Unclear) when nobody answers whether it was made. After every other error the document is as it was.
    fn commit(self: Box<Self>, content: &Content) -> Result<Commit>;
}

/// How a commit ended, if it did not fail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Commit {
    /// The document is as asked.
    Done(Committed),
    /// The base is no longer the document, for the reason given; nothing was changed. Another
    /// transaction, begun now, may succeed.
    Conflict(String),
}

/// What a successful commit has to tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Committed {
    /// Whether the new content differs from the base.
    pub changed: bool,
    /// The new content's etag where the store assigns one; otherwise it is [`Etag::of`] the content.
    pub etag: Option<Etag>,
    /// How long the transaction waited to begin.
    pub waited: Duration,
    /// How long it kept others out.
    pub held: Duration,
    /// Whether the content is known to survive a power cut.
    pub durable: bool,
}
