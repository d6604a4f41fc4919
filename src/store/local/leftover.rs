//! Cleaning up after a writer that was killed, going by the line that it wrote into the lock file.
//!
//! Whoever wrote that line held the lock that we hold, so it is dead. It need not be quite gone: the
//! kernel may release its lock before it closes its temporary file, so that file may still be locked.

use super::record::{self, Record, Swap};
use super::resolve::{Target, stat_entry};
use super::{Event, Observer, publish};
use rustix::fs::{AtFlags, FileType, Stat, unlinkat};
use rustix::io::Errno;
use std::ffi::{OsStr, OsString};
use std::fs::File;

/// Removes what a killed writer has left. Says whether the lock file is ours to write into.
pub(super) fn clear(lock: &File, target: &Target, observer: &Observer) -> Record {
    let (record, previous) = record::read(lock);
    let Some(name) = previous.temporary.map(OsString::from) else { return record };
    let backup = previous.backup.map(OsString::from);
    let backup_cleared = backup.map_or(Ok(()), |name| match stat_entry(&target.dir, &name)? {
        Some(left) => remove(target, &name, &left, observer),
        None => Ok(()),
    });
    let cleared = match (stat_entry(&target.dir, &name), previous.swap) {
        (Ok(None), _) => Ok(()),
        (Ok(Some(left)), Some(swap)) if !swap.involves(&left) => {
            give_back(target, &name, swap, observer)
        }
        (Ok(Some(left)), _) => remove(target, &name, &left, observer),
        (Err(error), _) => Err(error),
    };
    // Another line in its place would make everybody forget what is still to be removed.
    if cleared.and(backup_cleared).is_ok() { record } else { Record::Kept }
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
