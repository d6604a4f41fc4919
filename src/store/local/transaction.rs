//! One locked read-modify-write.

use super::backup;
use super::base::Base;
use super::file_system::Locality;
use super::lock::Lock;
use super::locked::{Locked, OwnPlace};
use super::record::{self, Record};
use super::replace::{self, Replaced, Replacement};
use super::resolve::Target;
use super::{Create, Durability, Event, LocalStore, Options, preflight, recovery};
use crate::store::{Commit, Committed, Content, Deadline, Transaction};
use crate::{Error, ErrorKind, Result};
use bytes::Bytes;
use std::time::Duration;

#[derive(Debug)]
pub(super) struct LocalTransaction<'a> {
    target: Target,
    lock_place: OwnPlace,
    lock: Lock,
    may_record: bool,
    base: Option<Base>,
    options: &'a Options,
    waited: Duration,
}

impl<'a> LocalTransaction<'a> {
    pub(super) fn begin(store: &'a LocalStore, deadline: &Deadline) -> Result<Self> {
        let options = &store.options;
        let Locked { target, place: lock_place, lock, record, waited } =
            Locked::acquire(store, deadline, check)?;
        if record == Record::Foreign {
            options.observer.tell(|| Event::ForeignLockFile(lock_place.path.clone()));
        }
        let mut base = Base::read(&target)?;
        // By now nobody remembers names that another machine has changed.
        if base.is_none() && recovery::finish(&lock.file, &target, &options.observer)? {
            base = Base::read(&target)?;
        }
        match &base {
            Some(base) => preflight::check_file(&target, &base.stat, options)?,
            None if options.create == Create::Never => return Err(preflight::missing(&target)),
            None => {}
        }
        let may_record = record == Record::Ours;
        if may_record && lock_place.locality == Locality::Shared {
            record::announce(&lock.file, lock_place.locality);
        }
        Ok(LocalTransaction { target, lock_place, lock, may_record, base, options, waited })
    }

    /// Whether the document has this content already (invariant I10).
    fn is_base(&self, content: &Content) -> bool {
        self.base.as_ref().is_some_and(|base| *content == base.content)
    }

    fn replace(&mut self, content: &Content) -> Result<Replaced> {
        let place = self.lock_place.place(&self.target, None);
        let (target, lock, options) = (&self.target, &self.lock, self.options);
        let (may_record, base) = (self.may_record, &mut self.base);
        Replacement { target, place, lock, may_record, base, options }.run(content)
    }

    /// Makes sure that content which was there already is durable: whoever wrote it may not have
    /// got to its syncs yet.
    fn sync_base(&self) -> Result<()> {
        match &self.base {
            Some(base) if self.options.durability != Durability::None => {
                base.file.sync_all().map_err(|error| Error::io("sync", &self.target.path(), error))
            }
            _ => Ok(()),
        }
    }

    /// Releases the lock, syncs the directory, and reports: in this order, since the others need not
    /// wait for our sync (invariant I7).
    fn finish(self, changed: bool) -> Result<Committed> {
        let LocalTransaction { target, lock, options, waited, base, .. } = self;
        let held = lock.release();
        let durable = match options.durability {
            Durability::Full => {
                replace::sync_directory(&target).map_err(|error| match changed {
                    true => unconfirmed(&target, &error),
                    false => error,
                })?
            }
            Durability::Data | Durability::None => false,
        };
        if options.durability == Durability::Full && !durable {
            options.observer.tell(|| Event::DirectorySyncUnsupported(target.path()));
        }
        // Closing the old file frees its blocks, which takes time that nobody else should wait for.
        drop(base);
        Ok(Committed { changed, etag: None, waited, held, durable })
    }
}

impl Transaction for LocalTransaction<'_> {
    fn base(&self) -> Option<&Bytes> {
        self.base.as_ref().map(|base| &base.content)
    }

    fn is_outdated(&self) -> bool {
        match (&self.base, self.target.stat()) {
            (Some(base), Ok(Some(stat))) => !base.is(&stat),
            (None, Ok(None)) => false,
            _ => true,
        }
    }

    fn commit(mut self: Box<Self>, content: &Content) -> Result<Commit> {
        if self.is_base(content) {
            self.sync_base()?;
            return self.finish(false).map(Commit::Done);
        }
        match self.replace(content)? {
            Replaced::Yes => self.finish(true).map(Commit::Done),
            Replaced::Conflict(reason) => Ok(Commit::Conflict(reason)),
        }
    }
}

/// Refuses what can be refused before the lock. Says where the lock is.
pub(super) fn check(store: &LocalStore, target: &Target) -> Result<OwnPlace> {
    let locality = match preflight::check(target, &store.options) {
        // It is there again once the lock is held.
        Err(error) if error.kind() == ErrorKind::NotFound && store.is_interrupted(target) => {
            preflight::check_file_system(target, &store.options)?
        }
        checked => checked?,
    };
    let lock_place = OwnPlace::new(store, target, locality)?;
    backup::check(target, &lock_place.place(target, None), &store.options)?;
    Ok(lock_place)
}

fn unconfirmed(target: &Target, error: &Error) -> Error {
    let path = target.path();
    let message = format!("{} was changed, but it may not survive a power cut", path.display());
    Error::new(ErrorKind::Unconfirmed, format!("{message}: {error}"))
}
