//! One locked read-modify-write.

use super::base::Base;
use super::event::Event;
use super::leftover;
use super::lock::{self, Lock};
use super::lock_file::Place;
use super::record::Record;
use super::replace::{self, Replaced, Replacement};
use super::resolve::Target;
use super::{Create, Durability, LocalStore, Options, preflight};
use crate::store::{Commit, Committed, Content, Deadline, Transaction};
use crate::{Error, ErrorKind, Result};
use bytes::Bytes;
use std::ffi::OsString;
use std::os::fd::OwnedFd;
use std::path::PathBuf;
use std::time::{Duration, Instant};

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
        let start = Instant::now();
        loop {
            let target = store.resolve()?;
            let network = preflight::check(&target, &store.options)?;
            let lock_place = OwnPlace::new(store.resolve_lock()?, &target, store.options.mode)?;
            // Who may write the file decides who may lock it, so the lock file's permissions need
            // the file as it is before the lock.
            let before = super::base::open(&target)?;
            let place = lock_place.place(&target, before.as_ref());
            let lock = lock::acquire(&place, deadline, network, &store.options.observer)?;
            let waited = start.elapsed();
            // A link may have been turned elsewhere while we waited.
            let is_same = match store.find() {
                // The directory was renamed, and our handle goes with it. Had it been deleted, its
                // lock file would be gone too.
                Err(error) if error.kind() == ErrorKind::NotFound => true,
                resolved => resolved?.is_same_entry(&target)?,
            };
            if is_same {
                return Self::locked(store, target, lock_place, lock, waited);
            }
        }
    }

    fn locked(
        store: &'a LocalStore,
        target: Target,
        lock_place: OwnPlace,
        lock: Lock,
        waited: Duration,
    ) -> Result<Self> {
        let options = &store.options;
        let record = leftover::clear(&lock.file, &target, &options.observer);
        if record == Record::Foreign {
            options.observer.tell(|| Event::ForeignLockFile(lock_place.path.clone()));
        }
        let base = Base::read(&target)?;
        match &base {
            Some(base) => preflight::check_file(&target, &base.stat, options)?,
            None if options.create == Create::Never => return Err(preflight::missing(&target)),
            None => {}
        }
        let may_record = record == Record::Ours;
        Ok(LocalTransaction { target, lock_place, lock, may_record, base, options, waited })
    }

    /// Whether the document has this content already (invariant I10).
    fn is_base(&self, content: &Content) -> bool {
        self.base.as_ref().is_some_and(|base| *content == base.content)
    }

    fn replace(&self, content: &Content) -> Result<Replaced> {
        let base = self.base.as_ref();
        let place = self.lock_place.place(&self.target, base.map(|base| &base.file));
        let (target, lock, options) = (&self.target, &self.lock, self.options);
        Replacement { target, place, lock, may_record: self.may_record, base, options }.run(content)
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

    fn commit(self: Box<Self>, content: &Content) -> Result<Commit> {
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

fn unconfirmed(target: &Target, error: &Error) -> Error {
    let path = target.path();
    let message = format!("{} was changed, but it may not survive a power cut", path.display());
    Error::new(ErrorKind::Unconfirmed, format!("{message}: {error}"))
}

/// Where the lock file is, with what it takes to look it up again.
#[derive(Debug)]
struct OwnPlace {
    /// The directory, unless it is the target's.
    dir: Option<OwnedFd>,
    name: OsString,
    path: PathBuf,
    /// The permissions that the target is to have if it is created.
    mode: Option<u32>,
}

impl OwnPlace {
    fn new(given: Option<Target>, target: &Target, mode: Option<u32>) -> Result<Self> {
        Ok(match given {
            Some(given) if given.is_same_entry(target)? => {
                let message = format!("the lock file {} is the document", given.path().display());
                return Err(Error::new(ErrorKind::Denied, message).advise("give another one"));
            }
            Some(given) => {
                OwnPlace { path: given.path(), dir: Some(given.dir), name: given.name, mode }
            }
            None => {
                // Appended, not built anew: the name may be anything, and UTF-8 least of all.
                let mut name = target.name.clone();
                name.push(".lock");
                let mut path = target.path().into_os_string();
                path.push(".lock");
                OwnPlace { path: path.into(), dir: None, name, mode }
            }
        })
    }

    fn place<'a>(&'a self, target: &'a Target, file: Option<&'a std::fs::File>) -> Place<'a> {
        let dir = self.dir.as_ref().unwrap_or(&target.dir);
        Place { dir, name: &self.name, path: &self.path, file, mode: self.mode }
    }
}
