use super::engine::{Failure, Snapshot};
use super::ledger::{Ledger, Operation, Verdict};
use super::{RemoteStore, renewed, request_limit};
use crate::store::{Commit, Committed, Content, Deadline, Event, Transaction};
use crate::{Error, ErrorKind, Result, Store as _};
use bytes::Bytes;
use std::thread;
use std::time::{Duration, Instant};

/// One read-modify-write of a remote document. It holds a version, and keeps nobody out.
pub(super) struct RemoteTransaction<'a> {
    store: &'a RemoteStore,
    base: Option<Snapshot>,
    deadline: Deadline,
    begun: Instant,
}

/// A write of which it may not be known whether it was made.
struct Write<'a> {
    transaction: &'a RemoteTransaction<'a>,
    content: &'a Content,
    ledger: Ledger,
    deadline: Deadline,
    /// Whether any request for it had an unclear end. From then on no failure means that it was not made.
    doubt: Option<String>,
    attempt: u32,
}

/// What became of a write whose end was unclear.
enum Fate {
    Applied,
    Superseded,
    /// The document is as it was. The request may still be on its way.
    Pending,
}

impl Fate {
    fn event(&self, document: String) -> Event {
        match self {
            Fate::Applied => Event::FoundMade(document),
            Fate::Superseded => Event::FoundNotMade(document),
            Fate::Pending => Event::NotMadeYet(document),
        }
    }
}

impl<'a> RemoteTransaction<'a> {
    pub(super) fn new(store: &'a RemoteStore, base: Option<Snapshot>, deadline: &Deadline) -> Self {
        RemoteTransaction { store, base, deadline: *deadline, begun: Instant::now() }
    }

    fn conflict(&self) -> Commit {
        let name = self.store.name();
        self.store.observer.tell(|| Event::Overtaken(name.clone()));
        Commit::Conflict(format!("{name} was changed while the edit was prepared"))
    }

    fn check_size(&self, content: &Content) -> Result<()> {
        let size: usize = content.pieces().iter().map(Bytes::len).sum();
        match self.store.engine.capacity() {
            Some(capacity) if size > capacity => {
                let message = format!(
                    "the new content has {size} bytes, and the service takes {capacity} at most"
                );
                let error = Error::unfit(message).advise(self.store.engine.capacity_advice());
                Err(error.context(self.store.name()))
            }
            _ => Ok(()),
        }
    }
}

impl Transaction for RemoteTransaction<'_> {
    fn base(&self) -> Option<&Bytes> {
        self.base.as_ref().map(|base| &base.content)
    }

    fn commit(self: Box<Self>, content: &Content) -> Result<Commit> {
        let changed = self.base().is_none_or(|base| *content != *base);
        let done = Commit::Done(Committed {
            changed,
            etag: None,
            waited: Duration::ZERO,
            held: Duration::ZERO,
            durable: true,
        });
        if !changed {
            return Ok(done);
        }
        self.check_size(content)?;
        let is_written = Write::new(&self, content).run()?;
        Ok(if is_written { done } else { self.conflict() })
    }
}

impl<'a> Write<'a> {
    fn new(transaction: &'a RemoteTransaction<'a>, content: &'a Content) -> Self {
        let base = transaction.base.as_ref();
        let version = base.map(|base| &base.version);
        let before = base.and_then(|base| base.ledger.as_ref());
        Write {
            transaction,
            content,
            ledger: Ledger::next(before, version, Operation::random()),
            // The time that the closure took is its own.
            deadline: renewed(&transaction.deadline, transaction.begun),
            doubt: None,
            attempt: 0,
        }
    }

    /// Gives whether the document was written, as opposed to changed by somebody else.
    fn run(mut self) -> Result<bool> {
        loop {
            self.attempt += 1;
            let Err(failure) = self.send() else { return Ok(true) };
            if self.doubt.is_some() || matches!(failure, Failure::Unclear(_)) {
                if let Some(is_written) = self.find_out(failure)? {
                    return Ok(is_written);
                }
            } else if matches!(failure, Failure::Conflict) {
                return Ok(false);
            } else {
                self.pause(failure)?;
            }
        }
    }

    /// Finds out what became of the write after a request for it had an unclear end; nothing if it is to be
    /// made once more, which takes effect once in any case.
    fn find_out(&mut self, failure: Failure) -> Result<Option<bool>> {
        let store = self.transaction.store;
        self.note_doubt(&failure);
        // At once, since others go on writing, and the ledger forgets.
        let fate = self.fate()?;
        store.observer.tell(|| fate.event(store.name()));
        match (fate, failure) {
            (Fate::Applied, _) => Ok(Some(true)),
            (Fate::Superseded, _) => Ok(Some(false)),
            // No other request will do better, and the first one may still be on its way.
            (Fate::Pending, Failure::Fatal(error)) => Err(self.unknown(&error.to_string())),
            (Fate::Pending, _) if self.deadline.has_passed() => {
                Err(self.unknown("it was not there yet"))
            }
            (Fate::Pending, failure) => {
                if let Failure::Throttled { pause: Some(pause), .. } = failure {
                    thread::sleep(self.deadline.remaining().map_or(pause, |left| left.min(pause)));
                }
                store.engine.retry().sleep(&self.deadline, self.attempt);
                Ok(None)
            }
        }
    }

    /// Pauses after a request that certainly had no effect, or gives up.
    fn pause(&self, failure: Failure) -> Result<()> {
        let store = self.transaction.store;
        let paused = store.pause(failure, &self.deadline, self.attempt);
        paused.map_err(|error| error.context(store.name()))
    }

    fn send(&self) -> Result<(), Failure> {
        let engine = &self.transaction.store.engine;
        let base = self.transaction.base.as_ref().map(|base| &base.version);
        engine.write(base, self.content, &self.ledger, request_limit(&self.deadline))
    }

    fn note_doubt(&mut self, failure: &Failure) {
        let (store, reason) = (self.transaction.store, failure.to_string());
        store.observer.tell(|| Event::Unclear { document: store.name(), reason: reason.clone() });
        // Of several, the first one counts.
        self.doubt.get_or_insert(reason);
    }

    /// Reads the document to find out what became of the write.
    fn fate(&self) -> Result<Fate> {
        let (store, base) = (self.transaction.store, self.transaction.base.as_ref());
        let now = self.look(|limit| store.engine.read(limit))?;
        let place = |snapshot: &Snapshot| (snapshot.version.clone(), snapshot.ledger.clone());
        if now.as_ref().map(place) == base.map(place) {
            return Ok(Fate::Pending);
        }
        let ledger = now.as_ref().and_then(|now| now.ledger.as_ref());
        match (store.judge)(&self.ledger, ledger) {
            Verdict::Applied => Ok(Fate::Applied),
            Verdict::Superseded => Ok(Fate::Superseded),
            Verdict::Forgotten => self.fate_by_history(),
        }
    }

    fn fate_by_history(&self) -> Result<Fate> {
        let engine = &self.transaction.store.engine;
        let base = self.transaction.base.as_ref().map(|base| &base.version);
        match self.look(|limit| engine.was_next(base, &self.ledger, limit))? {
            Some(true) => Ok(Fate::Applied),
            Some(false) => Ok(Fate::Superseded),
            None => Err(self.unknown("it does not show any more which write followed")),
        }
    }

    fn look<T>(&self, ask: impl Fn(Duration) -> Result<T, Failure>) -> Result<T> {
        let found = self.transaction.store.persist(&self.deadline, ask);
        found.map_err(|error| self.unknown(&format!("looking failed too: {error}")))
    }

    fn unknown(&self, reason: &str) -> Error {
        let base = self.transaction.base.as_ref();
        let base =
            base.map_or("no document".to_owned(), |base| format!("version {}", base.version));
        let doubt = self.doubt.as_deref().unwrap_or("there was no reply");
        let operation = self.ledger.operation().map(|operation| operation.to_string());
        let operation = operation.unwrap_or_default();
        let message = format!(
            "{doubt}, and whether the edit was made cannot be told: {reason} (operation {operation} on {base})"
        );
        let error = Error::new(ErrorKind::Unclear, message);
        error.advise("look at it before trying again").context(self.transaction.store.name())
    }
}
