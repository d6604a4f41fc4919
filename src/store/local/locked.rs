//! From a path to the lock of the file that it leads to.

use super::file_system::Locality;
use super::lock::{self, Lock};
use super::lock_file::Place;
use super::record::Record;
use super::resolve::Target;
use super::{LocalStore, base, preflight, recovery};
use crate::store::Deadline;
use crate::{Error, ErrorKind, Result};
use rustix::fs::Stat;
use std::ffi::OsString;
use std::os::fd::OwnedFd;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// A file whose lock is held.
#[derive(Debug)]
pub(super) struct Locked {
    pub(super) target: Target,
    pub(super) place: OwnPlace,
    pub(super) lock: Lock,
    /// Whether the lock file is ours to write into.
    pub(super) record: Record,
    pub(super) waited: Duration,
}

/// Refuses what can be refused before the lock. Says where the lock is.
type Check = fn(&LocalStore, &Target) -> Result<OwnPlace>;

impl Locked {
    /// Takes the lock, and repairs what a killed writer has left.
    pub(super) fn acquire(store: &LocalStore, deadline: &Deadline, check: Check) -> Result<Self> {
        let start = Instant::now();
        loop {
            let target = store.resolve()?;
            let own = check(store, &target)?;
            // Who may write the file decides who may lock it, so the lock file's permissions need
            // the file as it is before the lock.
            let before = base::inspect(&target)?;
            let place = own.place(&target, before.as_ref());
            let lock = lock::acquire(&place, deadline, &store.options.observer)?;
            let waited = start.elapsed();
            // A link may have been turned elsewhere while we waited.
            let is_same = match store.find() {
                // The directory was renamed, and our handle goes with it. Had it been deleted, its
                // lock file would be gone too.
                Err(error) if error.kind() == ErrorKind::NotFound => true,
                resolved => resolved?.is_same_entry(&target)?,
            };
            if is_same {
                let record =
                    recovery::recover(&lock.file, &target, own.locality, &store.options.observer)?;
                return Ok(Locked { target, place: own, lock, record, waited });
            }
        }
    }
}

/// Where the lock file is, with what it takes to look it up again.
#[derive(Debug)]
pub(super) struct OwnPlace {
    /// The directory, unless it is the target's.
    dir: Option<OwnedFd>,
    name: OsString,
    pub(super) path: PathBuf,
    /// The permissions that the target is to have if it is created.
    mode: Option<u32>,
    /// Where those are whom the lock has to keep out.
    pub(super) locality: Locality,
}

impl OwnPlace {
    /// The lock file of a target whose editors are where `locality` says. One that is elsewhere is refused
    /// where the target would be.
    pub(super) fn new(store: &LocalStore, target: &Target, locality: Locality) -> Result<Self> {
        let mode = store.options.mode;
        Ok(match store.resolve_lock()? {
            Some(given) if given.is_same_entry(target)? => {
                let message = format!("the lock file {} is the document", given.path().display());
                return Err(Error::new(ErrorKind::Denied, message).advise("give another one"));
            }
            Some(given) => {
                let locality = preflight::check_file_system(&given, &store.options)
                    .map_err(|error| error.context("the lock file"))?
                    .max(locality);
                OwnPlace {
                    path: given.path(),
                    dir: Some(given.dir),
                    name: given.name,
                    mode,
                    locality,
                }
            }
            None => {
                // Appended, not built anew: the name may be anything, and UTF-8 least of all.
                let mut name = target.name.clone();
                name.push(".lock");
                let mut path = target.path().into_os_string();
                path.push(".lock");
                OwnPlace { path: path.into(), dir: None, name, mode, locality }
            }
        })
    }

    pub(super) fn place<'a>(&'a self, target: &'a Target, file: Option<&'a Stat>) -> Place<'a> {
        let dir = self.dir.as_ref().unwrap_or(&target.dir);
        let OwnPlace { name, path, mode, locality, .. } = self;
        Place { dir, name, path, target, file, mode: *mode, locality: *locality }
    }
}
