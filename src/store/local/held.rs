use super::join::{self, Sharing};
use super::lock::Lock;
use super::locked::{Locked, OwnPlace};
use super::record::{self, Record};
use super::{LocalStore, preflight, recovery};
use crate::Result;
use crate::store::Deadline;
use std::time::Duration;

/// A lock that is held while programs run, with which it is shared.
///
/// Dropping it, or [`release`](Held::release), lets the next one in.
///
/// Edits of the programs that are given [`environment`](Held::environment) take part in the lock instead
/// of waiting for it: one at a time, so that they exclude each other too. One that is under way when the
/// lock is released, or when its holder is killed, keeps everybody else out until it is done; one that
/// begins later has to take the lock as everybody else. Only programs of the same user, and of root, on
/// Linux, can share a lock.
///
/// Edits that the holder's own process makes with this library do wait for the lock, and so in vain.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let dir = tempfile::tempdir().unwrap();
/// # let file = dir.path().join("release.json");
/// use jsonlock::{LocalStore, Wait};
/// use std::process::Command;
///
/// let held = LocalStore::new(&file).hold(&Wait::default())?;
/// let (variable, value) = held.environment();
/// let status = Command::new("true").env(variable, value).status()?;
/// held.release();
/// assert!(status.success());
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "the lock is released when this is dropped"]
pub struct Held {
    // Dropped first: nobody is to be let in to a lock that is about to be released.
    sharing: Sharing,
    lock: Lock,
    waited: Duration,
}

impl Held {
    pub(super) fn take(store: &LocalStore, deadline: &Deadline) -> Result<Self> {
        let Locked { mut lock, record, waited, place, target } =
            Locked::acquire(store, deadline, |store, target| {
                let locality = preflight::check_lock(target, &store.options)?;
                OwnPlace::new(store, target, locality)
            })?;
        if target.stat()?.is_none() {
            recovery::finish(&lock.file, &target, &store.options.observer)?;
        }
        if record == Record::Ours {
            record::announce(&lock.file, place.locality);
        }
        let sharing = Sharing::start(&lock.file, lock.turns())
            .map_err(|error| crate::Error::io("share the lock", &place.path, error))?;
        lock.share();
        Ok(Held { sharing, lock, waited })
    }

    /// The environment variable by which programs find out that the lock is shared with them, and what
    /// it has to be.
    pub fn environment(&self) -> (&'static str, String) {
        (join::VARIABLE, self.sharing.variable())
    }

    /// How long it took to get the lock.
    pub fn waited(&self) -> Duration {
        self.waited
    }

    /// Lets the next one in, and says for how long others were kept out.
    pub fn release(self) -> Duration {
        let Held { sharing, lock, .. } = self;
        drop(sharing);
        lock.release()
    }
}
