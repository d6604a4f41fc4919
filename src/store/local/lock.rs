//! The lock: a blocking `flock(2)` on the lock file.
//!
//! This module is the only one that locks. All calls into fs2 are fully qualified, because the
//! standard library's methods of the same names would win over the trait's.
#![expect(clippy::disallowed_methods, reason = "this is the home of locking")]

use super::join::{self, Answer};
use super::lock_file::Place;
use super::patience::{Patience, busy};
use super::{Event, Network, Observer};
use crate::{Deadline, Error, ErrorKind, Result};
use rustix::io::Errno;
use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

/// What is added where somebody waits for the lock who has been told that it is shared.
const OUT_OF_REACH: &str =
    "a program above this one has said that it holds the lock, and does not answer";

/// No lock attempt may hang for longer than this on a network file system.
const NETWORK_LIMIT: Duration = Duration::from_secs(60);

/// A lock that is held until it is released or dropped.
#[derive(Debug)]
pub(super) struct Lock {
    pub(super) file: Arc<File>,
    since: Instant,
    /// The process that took it. A forked child inherits the lock but must not release it.
    owner: u32,
    share: Share,
}

/// Who else may have a share in the lock.
#[derive(Debug)]
enum Share {
    Nobody,
    /// Programs that we run, which may go on with it after us.
    Descendants,
    /// Those who let us have a turn, which ends when the last copy of its connection is closed.
    Ancestors(Vec<OwnedFd>),
}

impl Lock {
    fn new(file: Arc<File>, share: Share) -> Self {
        Lock { file, since: Instant::now(), owner: std::process::id(), share }
    }

    /// From now on the lock is held as long as anybody has a descriptor of it.
    pub(super) fn share(&mut self) {
        if let Share::Nobody = self.share {
            self.share = Share::Descendants;
        }
    }

    /// The connections that keep others who share the lock waiting.
    pub(super) fn turns(&self) -> &[OwnedFd] {
        match &self.share {
            Share::Ancestors(turns) => turns,
            Share::Nobody | Share::Descendants => &[],
        }
    }

    /// Lets the next one in, and says how long it had to wait at most.
    pub(super) fn release(self) -> Duration {
        let since = self.since;
        drop(self);
        since.elapsed()
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing the descriptor would do, were it not for children, forked by another thread a
        // moment ago, that have it until they run their own program. A lock that is shared is not
        // ours alone to release.
        if matches!(self.share, Share::Nobody) && self.owner == std::process::id() {
            let _ = fs2::FileExt::unlock(&*self.file);
        }
    }
}

/// Takes the lock, waiting until the deadline.
///
/// # Errors
///
/// [`ErrorKind::Busy`] when the deadline passes first.
pub(super) fn acquire(
    place: &Place<'_>,
    deadline: &Deadline,
    network: Network,
    observer: &Observer,
) -> Result<Lock> {
    loop {
        let file = Arc::new(place.open()?);
        let lock = match join(place, &file, deadline, observer)? {
            Some(lock) => lock,
            None => {
                let is_claimed = join::is_claimed(&file);
                queue(place, file, deadline, network, observer)
                    .map_err(|error| if is_claimed { error.advise(OUT_OF_REACH) } else { error })?
            }
        };
        if place.is_current(&lock.file)? {
            place.repair(&lock.file);
            return Ok(lock);
        }
        observer.tell(|| Event::LockReplaced(place.path.clone()));
        if deadline.has_passed() {
            return Err(busy(place, &lock.file, deadline));
        }
    }
}

/// Takes part in the lock if it is one that a program above this one holds and shares.
fn join(
    place: &Place<'_>,
    file: &File,
    deadline: &Deadline,
    observer: &Observer,
) -> Result<Option<Lock>> {
    let failed = |error| Error::io("take part in the lock", place.path, error);
    for request in join::requests(file) {
        let request = request.map_err(failed)?;
        let mut patience = Patience::new(place, file, deadline, observer);
        loop {
            match request.answer(patience.limit()) {
                // An ancestor may have lost the lock to a program that unlocks what is not its own.
                // Locking it again costs nothing.
                Answer::Granted(shared, above) if matches!(try_lock(&shared), Ok(true)) => {
                    let share = Share::Ancestors(request.into_turns(above));
                    return Ok(Some(Lock::new(Arc::new(shared), share)));
                }
                Answer::Granted(..) | Answer::Gone => break,
                Answer::Late => patience.go_on()?,
                Answer::Failed(error) => return Err(failed(error)),
            }
        }
    }
    Ok(None)
}

/// Takes the lock when it is our turn among all who want it.
fn queue(
    place: &Place<'_>,
    file: Arc<File>,
    deadline: &Deadline,
    network: Network,
    observer: &Observer,
) -> Result<Lock> {
    match network {
        Network::Refuse => match try_lock(&file) {
            Ok(true) => {}
            Ok(false) if deadline.has_passed() => return Err(busy(place, &file, deadline)),
            Ok(false) => wait(place, &file, deadline, observer)?,
            Err(error) => return Err(cannot_lock(place, error)),
        },
        // There even a single try may hang.
        Network::Allow => wait(place, &file, &deadline.capped(NETWORK_LIMIT), observer)?,
    }
    Ok(Lock::new(file, Share::Nobody))
}

/// Locks a file of our own, so that cleaners which honour locks leave it alone while we live.
///
/// A file system without locks has failed the edit before it comes to this.
pub(super) fn protect(file: &File) {
    let _ = try_lock(file);
}

/// Undoes [`protect`] on a file that stays open.
pub(super) fn unprotect(file: &File) {
    let _ = fs2::FileExt::unlock(file);
}

/// Whether somebody holds the lock. To find out, it is taken for some microseconds, in such a way that
/// others who ask at the same time are not in the way; somebody who will not wait at all could be.
pub(super) fn is_held(place: &Place<'_>, file: &File) -> Result<bool> {
    is_taken(file).map_err(|error| cannot_lock(place, error))
}

/// Whether a temporary file is in use: its owner has locked it. See [`protect`].
pub(super) fn is_protected(file: &File) -> bool {
    is_taken(file).unwrap_or(true)
}

fn is_taken(file: &File) -> io::Result<bool> {
    match fs2::FileExt::try_lock_shared(file) {
        Ok(()) => {
            let _ = fs2::FileExt::unlock(file);
            Ok(false)
        }
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(true),
        Err(error) => Err(error),
    }
}

fn try_lock(file: &File) -> io::Result<bool> {
    loop {
        match fs2::FileExt::try_lock_exclusive(file) {
            Ok(()) => return Ok(true),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(false),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

fn lock(file: &File) -> io::Result<()> {
    loop {
        match fs2::FileExt::lock_exclusive(file) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}

/// Waits in the kernel's queue, since whoever polls instead starves among those who don't.
///
/// The queue knows no deadline, so a helper thread stands in it. When the deadline passes, the
/// helper is left to itself: should it get the lock later, its reference to the file is the last one
/// and releases it at once.
fn wait(
    place: &Place<'_>,
    file: &Arc<File>,
    deadline: &Deadline,
    observer: &Observer,
) -> Result<()> {
    let (sender, receiver) = mpsc::channel();
    let waiting = Arc::clone(file);
    let helper = thread::Builder::new().name("jsonlock-wait".to_owned()).stack_size(64 * 1024);
    helper
        .spawn(move || {
            // Nobody listens any more once the deadline has passed.
            let _ = sender.send(lock(&waiting));
        })
        .map_err(|error| Error::io("start a thread to wait for", place.path, error))?;
    let mut patience = Patience::new(place, file, deadline, observer);
    loop {
        let received = match patience.limit() {
            Some(limit) => receiver.recv_timeout(limit),
            None => receiver.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        match received {
            Ok(result) => return result.map_err(|error| cannot_lock(place, error)),
            Err(RecvTimeoutError::Timeout) => patience.go_on()?,
            Err(RecvTimeoutError::Disconnected) => {
                let error = io::Error::other("the waiting thread ended");
                return Err(Error::io("wait for", place.path, error));
            }
        }
    }
}

fn cannot_lock(place: &Place<'_>, error: io::Error) -> Error {
    const UNSUPPORTED: [Errno; 5] =
        [Errno::NOSYS, Errno::NOLCK, Errno::OPNOTSUPP, Errno::BADF, Errno::INVAL];
    let is_unsupported =
        UNSUPPORTED.iter().any(|code| error.raw_os_error() == Some(code.raw_os_error()));
    let failed = Error::io("lock", place.path, error);
    if is_unsupported {
        failed
            .with_kind(ErrorKind::Unsupported)
            .advise("keep the lock file on a file system that supports flock(2), see --lock-file")
    } else {
        failed
    }
}
