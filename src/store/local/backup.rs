//! What a document held before an edit, kept beside it under a name of its own.
//!
//! The copy is made like the document itself: whole, with the same access, and synced under a temporary
//! name, and given its own name right before the document is replaced. A hard link would cost no copy,
//! but for as long as it lasts others would find that the document has two names, and refuse to edit it.

use super::lock_file::Place;
use super::options::Options;
use super::preflight;
use super::publish;
use super::resolve::{Target, same_inode, stat_entry};
use super::temporary::Temporary;
use crate::{Error, ErrorKind, Result};
use rustix::fs::fstat;
use std::ffi::{OsStr, OsString};
use std::os::fd::OwnedFd;
use std::path::PathBuf;

/// A backup that has everything but its name.
pub(super) struct Backup<'a> {
    pub(super) target: &'a Target,
    pub(super) temporary: Temporary<'a>,
    pub(super) suffix: &'a OsStr,
}

impl Backup<'_> {
    /// Puts it in the place of the last one.
    pub(super) fn publish(mut self) -> Result<()> {
        let name = name(self.target, self.suffix);
        match publish::rename(self.target, &self.temporary.name, &name) {
            // Over a network the answer may be an error though the rename took place.
            Err(error) if !self.temporary.denotes_me(&name).unwrap_or(false) => {
                Err(Error::io("make the backup", &path(self.target, self.suffix), error))
            }
            _ => {
                self.temporary.published();
                Ok(())
            }
        }
    }
}

/// Refuses backups that could not be made, or would be made in the place of something else.
pub(super) fn check(target: &Target, lock: &Place<'_>, options: &Options) -> Result<()> {
    let Some(suffix) = options.backup.as_deref() else { return Ok(()) };
    let bytes = suffix.as_encoded_bytes();
    if bytes.is_empty() || bytes.contains(&b'/') {
        let message = format!("the suffix {suffix:?} of the backup is empty or has a slash in it");
        return Err(Error::new(ErrorKind::Denied, message).advise("give another one"));
    }
    // Others lock the usual file, even if this edit is told to lock another one.
    let is_lock = lock.name == name(target, suffix) && is_same_directory(target, lock.dir)?;
    if is_lock || suffix == ".lock" {
        let path = path(target, suffix);
        let message = format!("the backup {} would be the lock file", path.display());
        return Err(Error::new(ErrorKind::Denied, message).advise("give it another suffix"));
    }
    // A file is the last backup. Anything else is somebody's.
    let path = path(target, suffix);
    match stat_entry(&target.dir, &name(target, suffix)) {
        Ok(None) => Ok(()),
        Ok(Some(stat)) => preflight::check_kind(&path, &stat)
            .map_err(|error| error.context("the backup cannot be made")),
        Err(error) => Err(Error::io("inspect", &path, error)),
    }
}

fn name(target: &Target, suffix: &OsStr) -> OsString {
    let mut name = target.name.clone();
    name.push(suffix);
    name
}

fn path(target: &Target, suffix: &OsStr) -> PathBuf {
    let mut path = target.path().into_os_string();
    path.push(suffix);
    path.into()
}

fn is_same_directory(target: &Target, dir: &OwnedFd) -> Result<bool> {
    let inspect = |error| Error::io("inspect", &target.dir_path, error);
    let ours = fstat(&target.dir).map_err(inspect)?;
    Ok(same_inode(&ours, &fstat(dir).map_err(inspect)?))
}
