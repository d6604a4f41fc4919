//! From new content to the published file: the second half of the protocol.

use super::backup::Backup;
use super::base::Base;
use super::file_system::Locality;
use super::lock::Lock;
use super::lock_file::Place;
use super::publish::{Publication, Published};
use super::record::{self, Line, Swap};
use super::resolve::Target;
use super::temporary::Temporary;
use super::{Durability, Event, Observer, Options, access, write};
use crate::store::{Content, Etag};
use crate::{Error, ErrorKind, Result};
use rustix::fs::{Mode, fchmod};
use rustix::io::Errno;
use std::ffi::OsStr;
use std::io;
use std::path::Path;

/// What a replacement needs to know.
pub(super) struct Replacement<'a> {
    pub(super) target: &'a Target,
    pub(super) place: Place<'a>,
    pub(super) lock: &'a Lock,
    pub(super) may_record: bool,
    /// What is there now. It is closed before a plain rename (invariant I13).
    pub(super) base: &'a mut Option<Base>,
    pub(super) options: &'a Options,
}

/// Whether the rename took place.
pub(super) enum Replaced {
    Yes,
    /// The base is not the document any more, for the reason given.
    Conflict(String),
}

impl<'a> Replacement<'a> {
    /// Writes `content` beside the target and renames it over it (invariants I3, I5 and I6).
    pub(super) fn run(mut self, content: &Content) -> Result<Replaced> {
        // From here on there is a temporary file that must not be left behind by a signal.
        let deferred = self.options.interrupts.defer();
        let mut temporary = self.write(content)?;
        let backup = self.back_up(&temporary)?;
        for file in backup.iter().map(|backup| &backup.temporary).chain([&temporary]) {
            self.refuse_replaced(file)?;
        }
        let conflict = self.conflict()?;
        // Whoever was asked to stop shall not begin again after a conflict either.
        deferred.check()?;
        match conflict {
            Some(reason) => Ok(Replaced::Conflict(reason)),
            None => {
                backup.map_or(Ok(()), Backup::publish)?;
                self.publish(&mut temporary, content)
            }
        }
    }

    /// Publishes nothing that somebody has put in the place of a temporary file.
    fn refuse_replaced(&self, temporary: &Temporary<'_>) -> Result<()> {
        if temporary.is_current()? {
            return Ok(());
        }
        let message = "the temporary file was replaced by another process";
        Err(Error::new(ErrorKind::Denied, message)
            .context(self.target.path().display())
            .advise("somebody who may write the directory interferes"))
    }

    fn write(&self, content: &Content) -> Result<Temporary<'a>> {
        // A new file gets what the umask and the directory's default ACL leave of 0666. It is empty
        // until it has them, so nothing can be read too early.
        let mode = match (&self.base, self.options.mode) {
            (None, None) => Mode::from(0o666),
            _ => Mode::from(0o600),
        };
        let record = |name: &OsStr| self.record(Line { temporary: Some(name), ..Line::default() });
        let temporary = Temporary::create(self.target, mode, record)?;
        if let Some(base) = self.base.as_ref() {
            let swap = Some(self.swap(base, &temporary)?);
            let temporary = Some(temporary.name.as_os_str());
            self.record(Line { temporary, swap, ..Line::default() });
        }
        self.fill(&temporary, content, &self.options.observer)?;
        Ok(temporary)
    }

    /// Prepares what is to be made before the document is replaced, if the options ask for a backup.
    fn back_up(&self, replacement: &Temporary<'_>) -> Result<Option<Backup<'a>>> {
        let (Some(suffix), Some(base)) = (self.options.backup.as_deref(), self.base.as_ref())
        else {
            return Ok(None);
        };
        let (target, swap) = (self.target, Some(self.swap(base, replacement)?));
        let temporary = Some(replacement.name.as_os_str());
        let record = |name: &OsStr| {
            self.record(Line { temporary, swap, backup: Some(name), ..Line::default() });
        };
        let temporary = Temporary::create(target, Mode::from(0o600), record)?;
        // What there is to tell has been told of the document.
        self.fill(&temporary, &base.content.clone().into(), &Observer::default())?;
        Ok(Some(Backup { target, temporary, suffix }))
    }

    /// Says in the lock file what a killed writer would leave.
    fn record(&self, line: Line<'_>) {
        if self.may_record {
            let _ = record::write(&self.lock.file, line);
        }
    }

    /// Gives a temporary file its content and its access, and syncs it.
    fn fill(
        &self,
        temporary: &Temporary<'_>,
        content: &Content,
        observer: &Observer,
    ) -> Result<()> {
        let path = self.target.path();
        let write = match self.options.durability {
            Durability::None => write::write,
            _ => write::write_synced,
        };
        write(&temporary.file, content).map_err(|error| cannot_write(&path, error))?;
        match (self.base.as_ref(), self.options.mode) {
            (Some(base), _) => access::copy(base, &temporary.file, self.target, observer)?,
            (None, Some(mode)) => fchmod(&temporary.file, Mode::from(mode))
                .map_err(|error| Error::io("set the permissions of", &path, error))?,
            (None, None) => {}
        }
        if self.options.durability != Durability::None {
            // A second sync after a failed one may succeed without having written anything, so there
            // is no second one (invariant I8).
            temporary.file.sync_all().map_err(|error| Error::io("sync", &path, error))?;
        }
        Ok(())
    }

    /// The last look before the rename: are lock and file still those of the beginning?
    fn conflict(&self) -> Result<Option<String>> {
        let is_base = match (self.base.as_ref(), self.target.stat()?) {
            (Some(base), Some(stat)) => base.is(&stat),
            (None, None) => true,
            _ => false,
        };
        // The lock comes last, so that whoever locks another file in its place meanwhile has the
        // least time to get to a rename that we do not see.
        if !self.place.is_current(&self.lock.file)? {
            self.options.observer.tell(|| Event::LockReplaced(self.place.path.clone()));
            let lock = self.place.path.display();
            return Ok(Some(format!("the lock file {lock} keeps being deleted or replaced")));
        }
        Ok(if is_base { None } else { Some(self.foreign_write()) })
    }

    fn publish(&mut self, temporary: &mut Temporary<'a>, content: &Content) -> Result<Replaced> {
        let (target, observer) = (self.target, &self.options.observer);
        let mut publication = Publication { target, temporary, observer };
        let published = match self.base.as_ref() {
            Some(base) => publication.exchange(base)?,
            None => publication.create()?,
        };
        match published {
            Published::Yes => Ok(Replaced::Yes),
            Published::Outdated => Ok(Replaced::Conflict(self.foreign_write())),
            Published::Unsupported => self.publish_plainly(temporary, content),
        }
    }

    /// Replaces the document by a rename that may leave none if it is interrupted, so that the lock file has to
    /// say where the new content is: by then it is whole, as its etag shows.
    fn publish_plainly(
        &mut self,
        temporary: &mut Temporary<'a>,
        content: &Content,
    ) -> Result<Replaced> {
        if let Some(base) = self.base.as_ref() {
            let swap = Some(self.swap(base, temporary)?);
            let etag = Etag::of_pieces(content.pieces());
            let base_etag = Etag::of(&base.content);
            let is_recorded = self.record_durably(Line {
                temporary: Some(&temporary.name),
                swap,
                etag: Some(&etag),
                base_etag: Some(&base_etag),
                backup: None,
            })?;
            if !is_recorded && self.place.locality == Locality::Shared {
                return Err(self.cannot_record());
            }
        }
        // That has taken its time.
        if let Some(reason) = self.conflict()? {
            return Ok(Replaced::Conflict(reason));
        }
        drop(self.base.take());
        let (target, observer) = (self.target, &self.options.observer);
        Publication { target, temporary, observer }.replace()?;
        if self.options.lock_file.is_some() {
            // Others who lock the same file are not to think that this edit is still under way.
            self.record(Line::default());
        }
        Ok(Replaced::Yes)
    }

    /// Says it in such a way that whoever comes after us finds the line even if this machine, or the one that has
    /// the file, loses its power. Says whether the lock file can say it at all.
    fn record_durably(&self, line: Line<'_>) -> Result<bool> {
        if !self.may_record {
            return Ok(false);
        }
        let is_cached = self.place.locality == Locality::Shared;
        let written = record::write(&self.lock.file, line);
        let written = match self.options.durability {
            Durability::None if !is_cached => written,
            _ => written.and_then(|()| self.lock.file.sync_data()),
        };
        match written {
            Ok(()) => Ok(true),
            // Who may only read the lock file can lock it, but not write into it.
            Err(error) if error.raw_os_error() == Some(Errno::BADF.raw_os_error()) => Ok(false),
            Err(error) => Err(Error::io("write the lock file", self.place.path, error)),
        }
    }

    /// Where a rename is known to take several steps, nothing is renamed that nobody could finish.
    fn cannot_record(&self) -> Error {
        let message = format!(
            "an edit that is interrupted here could leave no {}, and the lock file {} cannot say what there was: \
             it has other content, or cannot be written, or tells of an edit of another document that was \
             interrupted, which the next edit of that one finishes",
            self.target.path().display(),
            self.place.path.display()
        );
        Error::new(ErrorKind::Denied, message).advise("give another one with --lock-file")
    }

    /// The two files that are to change places, by which the next holder can tell what a kill left.
    fn swap(&self, base: &Base, temporary: &Temporary<'_>) -> Result<Swap> {
        let document = Some(record::Identity::of(self.target));
        Ok(Swap { base: base.stat.st_ino, new: temporary.stat()?.st_ino, document })
    }

    fn foreign_write(&self) -> String {
        format!("{} is being changed by a program that does not lock", self.target.path().display())
    }
}

/// Makes a rename durable (invariants I7 and I8). Says whether the file system can do that at all.
pub(super) fn sync_directory(target: &Target) -> Result<bool> {
    match rustix::fs::fsync(&target.dir) {
        Ok(()) => Ok(true),
        Err(Errno::INVAL | Errno::OPNOTSUPP) => Ok(false),
        Err(error) => Err(Error::io("sync the directory", &target.dir_path, error)),
    }
}

fn cannot_write(path: &Path, error: io::Error) -> Error {
    let is_full = matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded);
    let error = Error::io("write", path, error);
    if is_full { error.advise("the new content needs room beside the old") } else { error }
}
