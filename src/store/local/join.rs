//! Sharing a lock that is held with the programs which its holder runs.
//!
//! The holder listens on a socket, and grants a turn to one program at a time: it sends a copy of the
//! descriptor of its lock. `flock(2)` belongs to the open file, so the lock is held until the last copy is
//! closed, whichever of the two ends first.
//!
//! A turn ends when its connection does. Who has a turn may hold the lock for others in the same way, and
//! sends them that connection too, and those of all turns above it: a turn lasts, like the lock, until the
//! last of all those is gone who have a share in it.
#![cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "nobody is asked elsewhere"))]

#[cfg(target_os = "linux")]
mod linux;
#[cfg(not(target_os = "linux"))]
mod portable;

#[cfg(target_os = "linux")]
use linux as system;
#[cfg(not(target_os = "linux"))]
use portable as system;

pub(super) use system::{Request, Sharing};

use super::resolve::same_inode;
use rustix::fs::{Stat, Uid, fstat};
use rustix::process::geteuid;
use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;

/// Names the locks that are held above a program: device, inode, owner and socket of each, the innermost
/// last.
pub(super) const VARIABLE: &str = "JSONLOCK_HELD";

/// How deep locks may be nested in each other.
const MOST_TURNS: usize = 32;

/// What became of a request for a turn.
pub(super) enum Answer {
    /// The lock is ours, too, with the connections on which turns above us were granted.
    Granted(File, Vec<OwnedFd>),
    /// Nobody is there any more who could grant it.
    Gone,
    /// There was no answer in time.
    Late,
    /// The answer could not be received.
    Failed(io::Error),
}

/// Asks all those for a turn who say that they hold the lock on this file and who still answer.
pub(super) fn requests(lock: &File) -> impl Iterator<Item = io::Result<Request>> {
    let stat = fstat(lock).ok();
    let entries = stat.map(|stat| entries(&stat)).unwrap_or_default();
    entries.into_iter().filter_map(move |entry| Request::new(&entry, stat?).transpose())
}

/// Whether a program above this one has said that it holds the lock on this file.
pub(super) fn is_claimed(lock: &File) -> bool {
    fstat(lock).is_ok_and(|stat| !entries(&stat).is_empty())
}

/// Who says that he holds a lock.
struct Entry {
    owner: Uid,
    socket: String,
}

/// The entries that speak of this file, the innermost first.
fn entries(lock: &Stat) -> Vec<Entry> {
    let variable = std::env::var(VARIABLE).unwrap_or_default();
    let prefix = prefix(lock);
    let entries = variable.split_whitespace().filter_map(|entry| {
        let (owner, socket) = entry.strip_prefix(&prefix)?.split_once(':')?;
        Some(Entry { owner: Uid::from_raw(owner.parse().ok()?), socket: socket.to_owned() })
    });
    let mut entries: Vec<Entry> = entries.collect();
    entries.reverse();
    entries
}

/// How the entry for a lock file begins.
fn prefix(lock: &Stat) -> String {
    format!("{}:{}:", lock.st_dev, lock.st_ino)
}

/// The value of the variable with one more entry.
fn extended(lock: &File, socket: &str) -> String {
    let owner = geteuid().as_raw();
    let entry = fstat(lock).map(|stat| format!("{}{owner}:{socket}", prefix(&stat)));
    let entry = entry.unwrap_or_default();
    match std::env::var(VARIABLE) {
        Ok(entries) if !entries.is_empty() => format!("{entries} {entry}"),
        _ => entry,
    }
}

fn is_same(file: &File, lock: &Stat) -> bool {
    fstat(file).is_ok_and(|stat| same_inode(&stat, lock))
}
