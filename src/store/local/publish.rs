//! The rename that makes new content visible.
//!
//! Between the last look at the document and a plain rename there is an instant in which a program that
//! does not lock can replace the document and lose what it wrote. So, where the file system can do it,
//! the temporary file and the document swap places: what was replaced is still there to be looked at,
//! and if it is not the base, it is put back.
//!
//! Where it cannot, a plain rename has to do, which need not even be atomic; see
//! [`recovery`](super::recovery).
//!
//! This module is the only one that renames.
#![expect(clippy::disallowed_methods, reason = "this is the home of the rename")]

use super::base::Base;
use super::resolve::{Target, stat_entry};
use super::temporary::Temporary;
use super::{Event, Observer, shell};
use crate::{Error, ErrorKind, Result};
use rustix::fs::{AtFlags, RenameFlags, renameat, renameat_with, unlinkat};
use rustix::io::Errno;
use std::ffi::OsStr;
use std::path::PathBuf;
use std::time::Duration;

/// How often a plain rename that was in the way of itself is made again, and how long apart.
const RENAMES: usize = 20;
const RENAME_PAUSE: Duration = Duration::from_millis(10);

/// What became of a publication.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Published {
    /// The temporary file is the document now.
    Yes,
    /// Somebody else has changed the document, and it is as they left it.
    Outdated,
    /// The file system cannot exchange names. Nothing was changed.
    Unsupported,
}

/// The last step of a replacement.
pub(super) struct Publication<'a, 'b> {
    pub(super) target: &'a Target,
    pub(super) temporary: &'a mut Temporary<'b>,
    pub(super) observer: &'a Observer,
}

impl Publication<'_, '_> {
    /// Makes the temporary file the document, provided that there is still none.
    pub(super) fn create(&mut self) -> Result<Published> {
        let (dir, from, to) = (&self.target.dir, &self.temporary.name, &self.target.name);
        // Nobody may create the document in the last moment and lose it to us.
        match renameat_with(dir, from, dir, to, RenameFlags::NOREPLACE) {
            Ok(()) => self.published(),
            Err(Errno::EXIST) => Ok(Published::Outdated),
            Err(error) if takes_plain_rename(error) => {
                self.settle_rename(self.rename()).map(|()| Published::Yes)
            }
            Err(_) if self.is_document() => self.published(),
            Err(error) => Err(self.cannot_rename(error)),
        }
    }

    /// Lets the temporary file and the document swap places, provided that the document is still the base.
    pub(super) fn exchange(&mut self, base: &Base) -> Result<Published> {
        match self.swap() {
            Ok(()) => self.settle(base),
            Err(error) if takes_plain_rename(error) => Ok(Published::Unsupported),
            // Somebody has removed the document, and would find it again after a plain rename.
            Err(Errno::NOENT) if self.target.stat()?.is_none() => Ok(Published::Outdated),
            Err(_) if self.is_document() => self.settle(base),
            Err(error) => Err(self.cannot_rename(error)),
        }
    }

    /// Makes the temporary file the document by a plain rename.
    pub(super) fn replace(&mut self) -> Result<()> {
        let (mut renamed, mut tries) = (self.rename(), 0);
        // The document was moved out of the way, and nothing else stands in it; or an NFS client has not yet found
        // out what became of a move that was interrupted.
        while renamed.is_err()
            && tries < RENAMES
            && !self.is_document()
            && self.may_rename(renamed)?
        {
            std::thread::sleep(RENAME_PAUSE);
            renamed = self.rename();
            tries += 1;
        }
        match renamed {
            Err(error) if self.target.stat()?.is_none() && self.temporary.is_current()? => {
                Err(self.left_without_document(error))
            }
            renamed => self.settle_rename(renamed),
        }
    }

    fn may_rename(&self, renamed: Result<(), Errno>) -> Result<bool> {
        Ok(renamed == Err(Errno::BUSY) || self.target.stat()?.is_none())
    }

    fn settle_rename(&mut self, renamed: Result<(), Errno>) -> Result<()> {
        match renamed {
            // Over a network the answer may be an error though the rename took place.
            Err(error) if !self.is_document() => Err(self.cannot_rename(error)),
            _ => self.published().map(drop),
        }
    }

    fn rename(&self) -> Result<(), Errno> {
        rename(self.target, &self.temporary.name, &self.target.name)
    }

    fn swap(&self) -> Result<(), Errno> {
        swap(self.target, &self.temporary.name)
    }

    fn published(&mut self) -> Result<Published> {
        self.temporary.published();
        Ok(Published::Yes)
    }

    fn is_document(&self) -> bool {
        self.temporary.denotes_me(&self.target.name).unwrap_or(false)
    }

    /// After the swap: removes what was replaced if it is the base, and puts it back otherwise.
    fn settle(&mut self, base: &Base) -> Result<Published> {
        let (dir, name) = (&self.target.dir, &self.temporary.name);
        let looked = match persistently(|| stat_entry(dir, name)) {
            Ok(Some(replaced)) if !base.is_renamed(&replaced) => return self.put_back(),
            looked => looked.map(drop),
        };
        match looked.and_then(|()| persistently(|| unlinkat(dir, name, AtFlags::empty()))) {
            Ok(()) | Err(Errno::NOENT) => {}
            Err(_) => {
                let path = self.target.path_of(name);
                self.observer.tell(|| Event::OldContentLeft(path));
            }
        }
        self.published()
    }

    /// Gives the document back to the program that replaced it in the last instant.
    ///
    /// Should yet another program have replaced it since, theirs is the newest and becomes the
    /// document again, and what the first one wrote is kept under a name that nobody removes.
    fn put_back(&mut self) -> Result<Published> {
        match self.swap() {
            Ok(()) if self.temporary.is_current()? => return Ok(Published::Outdated),
            // If this fails, the document is what the first of them wrote, and the other is kept.
            Ok(()) => _ = self.swap(),
            // The document was removed since, and is to stay what the last of them made of it.
            Err(Errno::NOENT) => {}
            Err(error) => return Err(self.not_put_back(error)),
        }
        let kept = keep(self.target, &self.temporary.name);
        self.observer.tell(|| Event::Displaced { path: self.target.path(), kept });
        Ok(Published::Outdated)
    }

    fn not_put_back(&self, error: Errno) -> Error {
        let kept = keep(self.target, &self.temporary.name);
        let path = self.target.path();
        let message = format!(
            "{} has the new content, but another program replaced it at the same time, and what that \
             program wrote could not be put back; it is kept as {}",
            path.display(),
            kept.display()
        );
        Error::new(ErrorKind::Unconfirmed, format!("{message}: {}", std::io::Error::from(error)))
    }

    /// The new content is all there is. The lock file names it, so that the next edit can finish this one.
    fn left_without_document(&mut self, error: Errno) -> Error {
        self.temporary.published();
        let (left, path) = (self.target.path_of(&self.temporary.name), self.target.path());
        let message = format!(
            "{} is missing, since it was moved away but the new content not put in its place: {}; finish the \
             edit with: {}",
            path.display(),
            std::io::Error::from(error),
            shell::command("mv", &[&left, &path])
        );
        Error::new(ErrorKind::Unclear, message)
    }

    fn cannot_rename(&self, error: Errno) -> Error {
        let failed = Error::io("replace", &self.target.path(), error);
        match error {
            Errno::BUSY => failed
                .with_kind(ErrorKind::Denied)
                .advise("it may be a mount point; mount its directory instead"),
            Errno::PERM => failed
                .with_kind(ErrorKind::Denied)
                .advise("it or its directory may be immutable (see lsattr)"),
            Errno::XDEV => failed.advise("a bind mount or a project quota divides its directory"),
            _ => failed,
        }
    }
}

/// Whether a file system, or a sandbox, which answers EPERM to what it does not know, can only rename
/// plainly. Whatever else has these errors stands in the way of a plain rename too.
fn takes_plain_rename(error: Errno) -> bool {
    [Errno::INVAL, Errno::NOSYS, Errno::OPNOTSUPP, Errno::PERM].contains(&error)
}

/// The edit is done, and what is left to do is tidying up: worth a second try.
fn persistently<T>(step: impl Fn() -> Result<T, Errno>) -> Result<T, Errno> {
    step().or_else(|_| step())
}

/// Lets `name` and the document swap places.
///
/// The kernel tells those who watch the directory of the first name's move before the second's. In this
/// order the last that they hear of the document is that it came, not that it went.
pub(super) fn swap(target: &Target, name: &OsStr) -> Result<(), Errno> {
    renameat_with(&target.dir, &target.name, &target.dir, name, RenameFlags::EXCHANGE)
}

/// Gives a temporary file the name of something that is not there.
pub(super) fn rename_new(target: &Target, temporary: &OsStr, name: &OsStr) -> Result<(), Errno> {
    match renameat_with(&target.dir, temporary, &target.dir, name, RenameFlags::NOREPLACE) {
        Err(error) if takes_plain_rename(error) => rename(target, temporary, name),
        renamed => renamed,
    }
}

/// Gives a temporary file the name of something that may be replaced.
pub(super) fn rename(target: &Target, temporary: &OsStr, name: &OsStr) -> Result<(), Errno> {
    renameat(&target.dir, temporary, &target.dir, name)
}

/// Takes what has the name of a temporary file out of the reach of those who clean up, and says where
/// it is.
pub(super) fn keep(target: &Target, name: &OsStr) -> PathBuf {
    let mut kept = target.name.clone();
    kept.push(".displaced");
    kept.push(name);
    // Nobody else has a file of this name, as little as one of the temporary file's.
    let renamed = rename_new(target, name, &kept);
    target.path_of(if renamed.is_ok() { &kept } else { name })
}
