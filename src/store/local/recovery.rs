//! Repair after a writer that was killed, going by the line that it wrote into the lock file.
//!
//! Whoever wrote that line held the lock that we hold, so it is dead. It need not be quite gone: the
//! kernel may release its lock before it closes its temporary file, so that file may still be locked.
//!
//! Where names cannot be exchanged, a plain rename need not be atomic: an NFS client first moves a document
//! away that a process has open, then renames the new one, and removes the old. Killed in between, it leaves
//! no document but the temporary file, which is whole then. A document that is missing beside such a line is
//! therefore not an empty one (invariant I12).

use super::base::Base;
use super::record::{self, Previous, Record, Swap};
use super::resolve::{Target, stat_entry};
use super::{Event, Observer, publish, shell};
use crate::store::Etag;
use crate::{Error, ErrorKind, Result};
use bytes::Bytes;
use rustix::fs::{AtFlags, FileType, Stat, unlinkat};
use rustix::io::Errno;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::path::PathBuf;
use std::time::Duration;

/// How often a reader looks again for a document that is being renamed, and how long apart.
const LOOKS: usize = 20;
const LOOK_PAUSE: Duration = Duration::from_millis(10);

/// Removes what a killed writer has left, after finishing what it had begun. Says whether the lock file is
/// ours to write into.
///
/// # Errors
///
/// Where the document is missing and what is left of it is not known to be whole.
pub(super) fn recover(lock: &File, target: &Target, observer: &Observer) -> Result<Record> {
    let (record, previous) = record::read(lock);
    let Some(name) = previous.temporary.map(OsString::from) else { return Ok(record) };
    let mut left = stat_entry(&target.dir, &name);
    if matches!(left, Ok(Some(_))) && previous.etag.is_some() && !is_of(target, previous.swap) {
        // It may be all there is of another document that has this lock file too.
        return Ok(Record::Kept);
    }
    if matches!(left, Ok(Some(_))) && finish(lock, target, observer)? {
        left = Ok(None);
    }
    let backup = previous.backup.map(OsString::from);
    let backup_cleared = backup.map_or(Ok(()), |name| match stat_entry(&target.dir, &name)? {
        Some(left) => remove(target, &name, &left, observer),
        None => Ok(()),
    });
    let cleared = match (left, previous.swap) {
        (Ok(None), _) => Ok(()),
        // What was about to be renamed plainly has not changed places with anything.
        (Ok(Some(left)), Some(swap)) if previous.etag.is_none() && !swap.involves(&left) => {
            give_back(target, &name, swap, observer)
        }
        (Ok(Some(left)), _) => remove(target, &name, &left, observer),
        (Err(error), _) => Err(error),
    };
    // Another line in its place would make everybody forget what is still to be removed.
    Ok(if cleared.and(backup_cleared).is_ok() { record } else { Record::Kept })
}

/// Finishes the rename of a writer that was killed, if that is why the document is missing. Says whether it was.
///
/// # Errors
///
/// As with [`recover`].
pub(super) fn finish(lock: &File, target: &Target, observer: &Observer) -> Result<bool> {
    let left = Interrupted::find(target, &record::read(lock).1)?;
    let is_interrupted = left.is_some();
    left.map_or(Ok(()), |left| left.finish(target, observer))?;
    Ok(is_interrupted)
}

/// The content of a document that is missing because a writer was killed, or is about to rename its new one
/// into place; `None` where there is none. A document that comes back meanwhile is read.
///
/// # Errors
///
/// As with [`recover`].
pub(super) fn read(lock: &File, target: &Target) -> Result<Option<Bytes>> {
    let mut looks = 0;
    while looks < LOOKS && is_interrupted(target, &record::read(lock).1)? {
        std::thread::sleep(LOOK_PAUSE);
        looks += 1;
    }
    match Interrupted::find(target, &record::read(lock).1)? {
        Some(left) if left.is_whole() => Ok(Some(left.content)),
        Some(left) => Err(left.refuse(target)),
        None => Ok(Base::read(target)?.map(|base| base.content)),
    }
}

/// The same where the lock file cannot be read, so that all there is to do is to look again.
pub(super) fn read_blindly(target: &Target) -> Result<Option<Bytes>> {
    for _ in 0..LOOKS {
        std::thread::sleep(LOOK_PAUSE);
        if let Some(base) = Base::read(target)? {
            return Ok(Some(base.content));
        }
    }
    Ok(None)
}

/// Whether the document is missing though there was one, and the temporary file of its last writer is not.
pub(super) fn is_interrupted(target: &Target, previous: &Previous) -> Result<bool> {
    let Some(name) = &previous.temporary else { return Ok(false) };
    Ok(is_of(target, previous.swap)
        && target.stat()?.is_none()
        && target.sibling(name.as_ref())?.stat()?.is_some()
        // It may have come back before the other name was looked up.
        && target.stat()?.is_none())
}

/// Whether a record is about a document that was there, and had the target's name.
fn is_of(target: &Target, swap: Option<Swap>) -> bool {
    let hash = record::name_hash(&target.name);
    swap.is_some_and(|swap| swap.name.is_none_or(|name| name == hash))
}

/// The temporary file of a rename that left no document.
#[derive(Debug)]
pub(super) struct Interrupted {
    name: OsString,
    content: Bytes,
    /// The etag of what it is to hold.
    etag: Option<Etag>,
}

impl Interrupted {
    /// Finds it, if there is one.
    pub(super) fn find(target: &Target, previous: &Previous) -> Result<Option<Self>> {
        let Some(name) = &previous.temporary else { return Ok(None) };
        if !is_interrupted(target, previous)? {
            return Ok(None);
        }
        let left = Base::read(&target.sibling(name.as_ref())?)?;
        let etag = previous.etag.clone();
        Ok(left.map(|left| Interrupted { name: name.into(), content: left.content, etag }))
    }

    /// Whether it is what the writer was about to publish. A writer says what that is only when it is
    /// written and synced.
    pub(super) fn is_whole(&self) -> bool {
        self.etag.as_ref().is_some_and(|etag| *etag == Etag::of(&self.content))
    }

    /// How many bytes it has.
    pub(super) fn len(&self) -> usize {
        self.content.len()
    }

    pub(super) fn path(&self, target: &Target) -> PathBuf {
        target.dir_path.join(&self.name)
    }

    /// Makes it the document.
    fn finish(self, target: &Target, observer: &Observer) -> Result<()> {
        if !self.is_whole() {
            return Err(self.refuse(target));
        }
        publish::rename(target, &self.name, &target.name)
            .map_err(|error| Error::io("finish the edit of", &target.path(), error))?;
        observer.tell(|| Event::EditFinished(target.path()));
        Ok(())
    }

    /// Nobody but the user can know what is right now.
    pub(super) fn refuse(&self, target: &Target) -> Error {
        let (left, path) = (self.path(target), target.path());
        let message = format!(
            "{} is missing since a writer was killed, and {}, which that has left, is not known to be \
             whole; look at it, and then make it the document with: {}; or start anew with: {}",
            path.display(),
            left.display(),
            shell::command("mv", &[&left, &path]),
            shell::command("rm", &[&left])
        );
        Error::new(ErrorKind::Denied, message)
    }
}

fn remove(target: &Target, name: &OsStr, left: &Stat, observer: &Observer) -> Result<(), Errno> {
    if FileType::from_raw_mode(left.st_mode) == FileType::RegularFile {
        unlinkat(&target.dir, name, AtFlags::empty())?;
        observer.tell(|| Event::LeftoverRemoved(target.dir_path.join(name)));
    }
    Ok(())
}

/// The writer was killed right behind a swap in which it got, not the base, but what a program wrote
/// that does not lock. The edit was never acknowledged, so theirs becomes the document again, unless it
/// has been replaced since.
fn give_back(target: &Target, name: &OsStr, swap: Swap, observer: &Observer) -> Result<(), Errno> {
    let denotes_new = |name: &OsStr| -> Result<bool, Errno> {
        Ok(stat_entry(&target.dir, name)?.is_some_and(|stat| stat.st_ino == swap.new))
    };
    let path = target.path();
    if denotes_new(&target.name)? {
        publish::swap(target, name)?;
        if denotes_new(name)? {
            observer.tell(|| Event::GivenBack(path));
            return unlinkat(&target.dir, name, AtFlags::empty());
        }
    }
    let kept = publish::keep(target, name);
    observer.tell(|| Event::Displaced { path, kept });
    Ok(())
}
