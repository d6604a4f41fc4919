//! Cleaning up after a writer that was killed, going by the line that it wrote into the lock file.
//!
//! Whoever wrote that line held the lock that we hold, so it is dead. It need not be quite gone: the
//! kernel may release its lock before it closes its temporary file, so that file may still be locked.

use super::event::Event;
use super::options::Observer;
use super::publish;
use super::record::{self, Record, Swap};
use super::resolve::{Target, stat_entry};
use rustix::fs::{AtFlags, FileType, Stat, unlinkat};
use std::ffi::{OsStr, OsString};
use std::fs::File;

/// Removes what a killed writer has left. Says whether the lock file is ours to write into.
///
/// What cannot be removed is left to the next holder.
pub(super) fn clear(lock: &File, target: &Target, observer: &Observer) -> Record {
    let (record, previous) = record::read(lock);
    if let Some(name) = previous.temporary.map(OsString::from)
        && let Ok(Some(left)) = stat_entry(&target.dir, &name)
    {
        match previous.swap {
            Some(swap) if !swap.involves(&left) => give_back(target, &name, swap, observer),
            _ => remove(target, &name, &left, observer),
        }
    }
    record
}

fn remove(target: &Target, name: &OsStr, left: &Stat, observer: &Observer) {
    let is_regular = FileType::from_raw_mode(left.st_mode) == FileType::RegularFile;
    if is_regular && unlinkat(&target.dir, name, AtFlags::empty()).is_ok() {
        observer.tell(|| Event::LeftoverRemoved(target.dir_path.join(name)));
    }
}

/// The writer was killed right behind a swap in which it got, not the base, but what a program wrote
/// that does not lock. The edit was never acknowledged, so theirs becomes the document again, unless it
/// has been replaced since.
fn give_back(target: &Target, name: &OsStr, swap: Swap, observer: &Observer) {
    let denotes_new = |stat: Option<Stat>| stat.is_some_and(|stat| stat.st_ino == swap.new);
    let path = target.path();
    if denotes_new(target.stat().ok().flatten())
        && publish::swap(target, name).is_ok()
        && denotes_new(stat_entry(&target.dir, name).ok().flatten())
    {
        let _ = unlinkat(&target.dir, name, AtFlags::empty());
        observer.tell(|| Event::GivenBack(path));
    } else {
        let kept = publish::keep(target, name);
        observer.tell(|| Event::Displaced { path, kept });
    }
}
