//! The lock: a blocking `flock(2)` on the lock file.
//!
//! This module is the only one that locks. All calls into fs2 are fully qualified, because the
//! standard library's methods of the same names would win over the trait's.
#![expect(clippy::disallowed_methods, reason = "this is the home of locking")]

use super::file_system::Locality;
use super::join::{self, Answer};
use super::lock_file::Place;
use super::patience::{Patience, busy};
use super::{Event, Observer};
use crate::{Deadline, Error, ErrorKind, Result};
use rustix::io::Errno;
use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

/// What is added where somebody waits for the lock who has been told that it is shared.
const OUT_OF_REACH: &str =
    "a program above this one has said that it holds the lock, and does not answer";

/// How long a file system on other machines may take to say whether the lock is free, at least: a single try
/// is a question to them.
const ANSWER_LIMIT: Duration = Duration::from_secs(10);

/// How long apart the tries are where the lock can only be tried, in milliseconds. They are random, so that
/// those who wait for one lock do not all try at once.
const POLL_PAUSE: std::ops::Range<u64> = 5..50;

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
pub(super) fn acquire(place: &Place<'_>, deadline: &Deadline, observer: &Observer) -> Result<Lock> {
    loop {
        let file = Arc::new(place.open()?);
        let lock = match join(place, &file, deadline, observer)? {
            Some(lock) => lock,
            None => {
                let is_claimed = join::is_claimed(&file);
                queue(place, file, deadline, observer)
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
    observer: &Observer,
) -> Result<Lock> {
    if place.locality == Locality::Local {
        match try_lock(&file) {
            Ok(true) => return Ok(Lock::new(file, Share::Nobody)),
            Ok(false) if deadline.has_passed() => return Err(busy(place, &file, deadline)),
            Ok(false) => {}
            Err(error) => return Err(cannot_lock(place, error)),
        }
    }
    wait(place, &file, deadline, observer)?;
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
pub(super) fn is_held(place: &Place<'_>, file: &Arc<File>) -> Result<bool> {
    if place.locality == Locality::Local {
        return is_taken(file).map_err(|error| cannot_lock(place, error));
    }
    let file = Arc::clone(file);
    let asked = help(place, move |answer| _ = answer.send(is_taken(&file)))?;
    let answer = asked.recv_timeout(ANSWER_LIMIT).map_err(|_| no_answer(place, ANSWER_LIMIT))?;
    answer.map_err(|error| cannot_lock(place, error))
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

/// What the helper of somebody who waits has to tell.
enum Progress {
    /// Somebody else holds the lock.
    Queued,
    Locked,
}

/// Waits in the kernel's queue, since whoever polls instead starves among those who don't.
///
/// The queue knows no deadline, so a helper thread stands in it. When the deadline passes, the
/// helper is left to itself: should it get the lock later, its reference to the file is the last one
/// and releases it at once.
///
/// Where the queue is on another machine, even a single try may hang, so that the helper makes that too.
fn wait(
    place: &Place<'_>,
    file: &Arc<File>,
    deadline: &Deadline,
    observer: &Observer,
) -> Result<()> {
    let (waiting, is_shared) = (Arc::clone(file), place.locality == Locality::Shared);
    let progress = help(place, move |progress| {
        let is_free = if is_shared { try_lock(&waiting) } else { Ok(false) };
        let is_queued = matches!(is_free, Ok(false));
        let step = if is_queued { Progress::Queued } else { Progress::Locked };
        // Nobody listens any more once the deadline has passed.
        if progress.send(is_free.map(|_| step)).is_ok() && is_queued {
            let _ = progress.send(lock_or_poll(&waiting).map(|()| Progress::Locked));
        }
    })?;
    let start = Instant::now();
    let mut patience = Patience::new(place, file, deadline, observer);
    let mut is_queued = false;
    loop {
        let limit = match is_queued {
            true => patience.limit(),
            false => deadline
                .remaining()
                .map(|remaining| remaining.max(ANSWER_LIMIT.saturating_sub(start.elapsed()))),
        };
        let received = match limit {
            Some(limit) => progress.recv_timeout(limit),
            None => progress.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        match received {
            Ok(Ok(Progress::Locked)) => return Ok(()),
            Ok(Ok(Progress::Queued)) if deadline.has_passed() => {
                return Err(busy(place, file, deadline));
            }
            Ok(Ok(Progress::Queued)) => is_queued = true,
            Ok(Err(error)) => return Err(cannot_lock(place, error)),
            Err(RecvTimeoutError::Timeout) if is_queued => patience.go_on()?,
            Err(RecvTimeoutError::Timeout) => return Err(no_answer(place, start.elapsed())),
            Err(RecvTimeoutError::Disconnected) => {
                let error = io::Error::other("the waiting thread ended");
                return Err(Error::io("wait for", place.path, error));
            }
        }
    }
}

/// Has a thread of its own do what may take for ever, and gives the other end of the channel on which it
/// tells of it.
fn help<T: Send + 'static>(
    place: &Place<'_>,
    act: impl FnOnce(Sender<T>) + Send + 'static,
) -> Result<Receiver<T>> {
    let (sender, receiver) = mpsc::channel();
    let helper = thread::Builder::new().name("jsonlock-wait".to_owned()).stack_size(64 * 1024);
    helper
        .spawn(move || act(sender))
        .map_err(|error| Error::io("start a thread to wait for", place.path, error))?;
    Ok(receiver)
}

/// Waits for the lock, with one try after another where the file system has no queue, as virtiofs has none.
fn lock_or_poll(file: &Arc<File>) -> io::Result<()> {
    match lock(file) {
        Err(error) if error.raw_os_error() == Some(Errno::OPNOTSUPP.raw_os_error()) => {}
        result => return result,
    }
    // Once nobody waits any more, this is the last reference.
    while Arc::strong_count(file) > 1 {
        thread::sleep(Duration::from_millis(fastrand::u64(POLL_PAUSE)));
        if try_lock(file)? {
            break;
        }
    }
    Ok(())
}

fn no_answer(place: &Place<'_>, waited: Duration) -> Error {
    let (path, waited) = (place.path.display(), waited.as_secs_f64());
    let message = format!("the file system of {path} did not answer within {waited:.1} s");
    Error::new(ErrorKind::Busy, message).advise("try again when its server does")
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
