//! Sharing a lock that is held with the programs which its holder runs.
//!
//! The holder listens on a socket, and hands out a descriptor of the lock, to one program at a time. Its
//! copy is what makes this safe: `flock(2)` belongs to the open file, so the lock is held until the last
//! copy is closed, whichever of the two ends first.
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
use rustix::fs::{Stat, fstat};
use std::fs::File;

/// Names the locks that are held above a program: device, inode and socket of each, the innermost last.
pub(super) const VARIABLE: &str = "JSONLOCK_HELD";

/// What became of a request for a turn.
pub(super) enum Answer {
    /// The lock is ours, too. The turn lasts as long as the request.
    Granted(File),
    /// Nobody is there any more who could grant it.
    Gone,
    /// There was no answer in time.
    Late,
}

/// Asks all those for a turn who say that they hold the lock on this file and who still answer.
pub(super) fn requests(lock: &File) -> impl Iterator<Item = Request> {
    let entries = std::env::var(VARIABLE).unwrap_or_default();
    let stat = fstat(lock).ok();
    let mut sockets: Vec<String> = entries
        .split_whitespace()
        .filter_map(|entry| socket(entry, stat.as_ref()?))
        .map(str::to_owned)
        .collect();
    sockets.reverse();
    sockets.into_iter().filter_map(move |socket| Request::new(&socket, stat?))
}

/// The socket of an entry that speaks of this file.
fn socket<'a>(entry: &'a str, lock: &Stat) -> Option<&'a str> {
    entry.strip_prefix(&prefix(lock))
}

/// How the entry for a lock file begins.
fn prefix(lock: &Stat) -> String {
    format!("{}:{}:", lock.st_dev, lock.st_ino)
}

/// The value of the variable with one more entry.
fn extended(lock: &File, socket: &str) -> String {
    let entry = fstat(lock).map(|stat| prefix(&stat) + socket).unwrap_or_default();
    match std::env::var(VARIABLE) {
        Ok(entries) if !entries.is_empty() => format!("{entries} {entry}"),
        _ => entry,
    }
}

fn is_same(file: &File, lock: &Stat) -> bool {
    fstat(file).is_ok_and(|stat| same_inode(&stat, lock))
}
