//! What all machines that have mounted the share see of it: which files are open anywhere, which were
//! moved away because of that, and what the tests ask for.
#![expect(clippy::disallowed_methods, reason = "the test is the file system")]

use super::rename::{Cut, Paused, Stage};
use rustix::fs::{AtFlags, renameat, unlinkat};
use rustix::io::Errno;
use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::os::fd::OwnedFd;
use std::sync::{Arc, Mutex, MutexGuard};

/// A name in the directory with this inode number.
pub(super) type Entry = (u64, OsString);

/// What was done to the entries of a directory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Renames onto the name of an open file, which was moved away for them.
    pub(crate) moved_away: usize,
    /// Renames that were refused because they asked for more than a plain one.
    pub(crate) refused: usize,
    /// Renames that ended, or were held up, where a test wanted it.
    pub(crate) cut: usize,
}

#[derive(Default)]
pub(super) struct State {
    /// How many open files each inode has.
    open: HashMap<u64, usize>,
    /// Where open files are that have lost their names.
    moved: HashMap<u64, (Arc<OwnedFd>, OsString)>,
    /// Names like that are used once.
    names: usize,
    pub(super) cuts: HashMap<Entry, (Stage, Cut)>,
    pub(super) paused: Vec<Paused>,
    /// How often somebody was told that a lock is taken.
    pub(super) denied: usize,
    /// How many wait for a lock.
    pub(super) waiting: usize,
    counts: HashMap<u64, Counts>,
}

/// The server's side of the file system.
#[derive(Clone, Default)]
pub(super) struct Share(Arc<Mutex<State>>);

impl Share {
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }
}

impl State {
    pub(super) fn counts(&mut self, directory: u64) -> &mut Counts {
        self.counts.entry(directory).or_default()
    }

    /// Forgets what was done to a directory, and what was to be done.
    pub(super) fn forget(&mut self, directory: u64) {
        self.counts.remove(&directory);
        self.cuts.retain(|(of, _), _| *of != directory);
    }

    pub(super) fn opened(&mut self, inode: u64) {
        *self.open.entry(inode).or_default() += 1;
    }

    pub(super) fn is_open(&self, inode: u64) -> bool {
        self.open.contains_key(&inode)
    }

    /// With its last close a file goes that was moved away.
    pub(super) fn closed(&mut self, inode: u64) {
        let Some(count) = self.open.get_mut(&inode) else { return };
        *count -= 1;
        if *count == 0 {
            self.open.remove(&inode);
            if let Some((directory, name)) = self.moved.remove(&inode) {
                // Whoever cleaned up before us has done what is to be done.
                let _ = unlinkat(&*directory, &name, AtFlags::empty());
            }
        }
    }

    /// Gives an open file a name that nobody asks for, under which it lives until it is closed.
    pub(super) fn move_away(
        &mut self,
        directory: &Arc<OwnedFd>,
        name: &OsStr,
        inode: u64,
    ) -> Result<(), Errno> {
        self.names += 1;
        let away = OsString::from(format!(".nfs{inode:016x}{:08x}", self.names));
        renameat(&**directory, name, &**directory, &away)?;
        self.moved.insert(inode, (Arc::clone(directory), away));
        Ok(())
    }
}
