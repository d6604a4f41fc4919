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
use super::file_system::{self, Locality};
use super::record::{self, Previous, Record, Swap};
use super::resolve::{Target, stat_entry};
use super::{Event, Observer, publish, shell};
use crate::store::Etag;
use crate::{Error, ErrorKind, Result};
use bytes::Bytes;
use rustix::fs::{AtFlags, Dir, FileType, Stat, unlinkat};
use rustix::io::Errno;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::os::unix::ffi::OsStrExt as _;
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
pub(super) fn recover(
    lock: &File,
    target: &Target,
    locality: Locality,
    observer: &Observer,
) -> Result<Record> {
    let (record, previous) = record::read(lock);
    let Some(name) = previous.temporary.as_ref().map(OsString::from) else { return Ok(record) };
    let mut left = stat_entry(&target.dir, &name);
    let is_left = matches!(left, Ok(Some(_)));
    if previous.etag.is_some()
        && !(has_name(target, &previous) && (is_left || has_directory(target, &previous)))
    {
        // What it names may be all there is of another document that has this lock file too.
        return Ok(Record::Kept);
    }
    if is_left && previous.etag.is_some() && locality == Locality::Shared {
        // What the dead writer's machine had sent before it may be done only now.
        file_system::settle(&target.dir);
    }
    if is_left
        && (finish(lock, target, observer)? || keep_unfinished(target, &previous, &name, observer)?)
    {
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

/// Keeps what a writer was about to publish if somebody has made another document meanwhile, perhaps because
/// there was none: nobody can tell which of the two is wanted. Says whether it was kept.
fn keep_unfinished(
    target: &Target,
    previous: &Previous,
    name: &OsStr,
    observer: &Observer,
) -> Result<bool> {
    let Some(etag) = &previous.etag else { return Ok(false) };
    let read =
        |target: &Target| Base::read(target).map(|base| base.map(|base| Etag::of(&base.content)));
    let (Some(found), left) = (read(target)?, read(&target.sibling(name)?)?) else {
        return Ok(false);
    };
    let is_theirs =
        found != *etag && previous.base_etag.as_ref().is_some_and(|base| found != *base);
    if !is_theirs || left.as_ref() != Some(etag) {
        return Ok(false);
    }
    let kept = publish::keep(target, name);
    observer.tell(|| Event::UnfinishedKept { path: target.path(), kept });
    Ok(true)
}

/// Finishes the rename of a writer that was killed, if that is why the document is missing. Says whether it was.
///
/// # Errors
///
/// As with [`recover`].
pub(super) fn finish(lock: &File, target: &Target, observer: &Observer) -> Result<bool> {
    let left = Interrupted::find(target, &record::read(lock).1)?;
    left.map_or(Ok(false), |left| left.finish(target, observer))
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

/// The same where the lock file cannot be read, so that only the directory can tell.
///
/// # Errors
///
/// Where there is a temporary file, which may be what is left of the document.
pub(super) fn read_blindly(target: &Target) -> Result<Option<Bytes>> {
    let mut looks = 0;
    while looks < LOOKS && temporary_in(target).is_some() {
        std::thread::sleep(LOOK_PAUSE);
        looks += 1;
    }
    let base = Base::read(target)?;
    let Some(left) = temporary_in(target).filter(|_| base.is_none()) else {
        return Ok(base.map(|base| base.content));
    };
    let message = format!(
        "{} is missing, and {} may be what is left of an edit of it that was interrupted",
        target.path().display(),
        target.path_of(&left).display()
    );
    Err(Error::new(ErrorKind::Denied, message)
        .advise("ask somebody who may edit it, since only they can tell"))
}

/// A temporary file in the target's directory, if there is one.
fn temporary_in(target: &Target) -> Option<OsString> {
    let mut entries = Dir::read_from(&target.dir).ok()?.flatten();
    entries.find_map(|entry| {
        let name = OsStr::from_bytes(entry.file_name().to_bytes());
        name.to_str().is_some_and(record::is_temporary).then(|| name.to_owned())
    })
}

/// Whether the document is missing though there was one, and what was to take its place is not.
pub(super) fn is_interrupted(target: &Target, previous: &Previous) -> Result<bool> {
    let Some(name) = &previous.temporary else { return Ok(false) };
    Ok(previous.may_have_renamed()
        && target.stat()?.is_none()
        && target.sibling(name.as_ref())?.stat()?.is_some()
        && has_name(target, previous)
        // It may have come back before the other name was looked up.
        && target.stat()?.is_none())
}

/// Whether a record may be about the target, going by its name. If the temporary file is there too, whose name is
/// random, it is: no other directory has one of that name.
fn has_name(target: &Target, previous: &Previous) -> bool {
    let known = previous.swap.and_then(|swap| swap.document);
    known.is_none_or(|known| known.name == record::Identity::of(target).name)
}

/// Whether it is about a document in the target's directory, going by a number that another machine may not share.
fn has_directory(target: &Target, previous: &Previous) -> bool {
    let known = previous.swap.and_then(|swap| swap.document);
    known.is_none_or(|known| known.dir == record::Identity::of(target).dir)
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
        let left = Base::read(&target.sibling(name.as_ref())?).map_err(|error| {
            let path = target.path();
            error.context(format_args!("{} is missing since a writer was killed", path.display()))
        })?;
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
        target.path_of(&self.name)
    }

    /// Makes it the document, unless there is another one by now.
    fn finish(self, target: &Target, observer: &Observer) -> Result<bool> {
        if !self.is_whole() {
            return Err(self.refuse(target));
        }
        match publish::rename_new(target, &self.name, &target.name) {
            Err(Errno::EXIST) => return Ok(false),
            // The rename of the dead writer has come through after all.
            Err(Errno::NOENT) if target.stat()?.is_some() => {}
            renamed => {
                renamed.map_err(|error| Error::io("finish the edit of", &target.path(), error))?
            }
        }
        observer.tell(|| Event::EditFinished(target.path()));
        Ok(true)
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
        observer.tell(|| Event::LeftoverRemoved(target.path_of(name)));
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
