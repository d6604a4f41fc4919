//! The temporary file that becomes the document.

use super::lock;
use super::record::{TEMPORARY_PREFIX, TEMPORARY_RANDOM};
use super::resolve::{Target, same_inode, stat_entry};
use crate::{Error, Result};
use rustix::fs::{AtFlags, Mode, OFlags, Stat, fstat, openat, unlinkat};
use std::ffi::{OsStr, OsString};
use std::fs::File;

/// A temporary file beside the target; dropping it removes it.
#[derive(Debug)]
pub(super) struct Temporary<'a> {
    pub(super) file: File,
    pub(super) name: OsString,
    target: &'a Target,
    is_published: bool,
}

impl<'a> Temporary<'a> {
    /// Creates an empty file that nobody has had before.
    ///
    /// Before it exists its name is given to `record`, so that the next holder of the lock can remove it
    /// should this process be killed.
    pub(super) fn create(target: &'a Target, mode: Mode, record: impl Fn(&OsStr)) -> Result<Self> {
        let failed = |error| {
            Error::io("create a temporary file in", &target.dir_path, error).or_cannot_create()
        };
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW;
        let mut builder = tempfile::Builder::new();
        builder.prefix(TEMPORARY_PREFIX).rand_bytes(TEMPORARY_RANDOM).disable_cleanup(true);
        // The crate makes up the name and tries again when it is taken. The directory is the handle,
        // so the base is not used; an absolute one spares it the current directory, which may be
        // gone.
        let made = builder.make_in("/", |path| {
            let name = path.file_name().unwrap_or_default();
            record(name);
            Ok(File::from(openat(&target.dir, name, flags | OFlags::CLOEXEC, mode)?))
        });
        let (file, path) = made.map_err(failed)?.into_parts();
        let name = path.file_name().unwrap_or_default().to_owned();
        let temporary = Temporary { file, name, target, is_published: false };
        lock::protect(&temporary.file);
        Ok(temporary)
    }

    /// Whether the name still denotes this file, and not one that somebody put in its place.
    pub(super) fn is_current(&self) -> Result<bool> {
        self.denotes_me(&self.name)
    }

    /// Whether `name` in the target's directory denotes this file.
    pub(super) fn denotes_me(&self, name: &OsStr) -> Result<bool> {
        let ours = self.stat()?;
        let named = stat_entry(&self.target.dir, name)
            .map_err(|error| Error::io("inspect", &self.target.path_of(name), error))?;
        Ok(named.is_some_and(|named| same_inode(&ours, &named)))
    }

    pub(super) fn stat(&self) -> Result<Stat> {
        let path = self.target.path_of(&self.name);
        fstat(&self.file).map_err(|error| Error::io("inspect", &path, error))
    }

    /// Tells that the rename has happened: the old name may belong to another process by now.
    pub(super) fn published(&mut self) {
        self.is_published = true;
        lock::unprotect(&self.file);
    }
}

impl Drop for Temporary<'_> {
    fn drop(&mut self) {
        if !self.is_published && self.is_current().unwrap_or(false) {
            // There is nobody to tell; the next holder of the lock tries again.
            let _ = unlinkat(&self.target.dir, &self.name, AtFlags::empty());
        }
    }
}
