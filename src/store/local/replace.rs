//! From new content to the published file: the second half of the protocol.

use super::base::Base;
use super::event::Event;
use super::lock::Lock;
use super::lock_file::Place;
use super::publish::{Publication, Published};
use super::resolve::Target;
use super::temporary::Temporary;
use super::{Durability, Options, access};
use crate::store::Content;
use crate::{Error, ErrorKind, Result};
use rustix::fs::{Mode, fchmod};
use rustix::io::Errno;
use std::io::Write as _;

/// What a replacement needs to know.
pub(super) struct Replacement<'a> {
    pub(super) target: &'a Target,
    pub(super) place: Place<'a>,
    pub(super) lock: &'a Lock,
    pub(super) may_record: bool,
    pub(super) base: Option<&'a Base>,
    pub(super) options: &'a Options,
}

/// Whether the rename took place.
pub(super) enum Replaced {
    Yes,
    /// The base is not the document any more, for the reason given.
    Conflict(String),
}

impl Replacement<'_> {
    /// Writes `content` beside the target and renames it over it (invariants I3, I5 and I6).
    pub(super) fn run(&self, content: &Content) -> Result<Replaced> {
        // From here on there is a temporary file that must not be left behind by a signal.
        let deferred = self.options.interrupts.defer();
        let mut temporary = self.write(content)?;
        if !temporary.is_current()? {
            let message = "the temporary file was replaced by another process";
            return Err(Error::new(ErrorKind::Denied, message)
                .context(self.target.path().display())
                .advise("somebody who may write the directory interferes"));
        }
        let conflict = self.conflict()?;
        // Whoever was asked to stop shall not begin again after a conflict either.
        deferred.check()?;
        match conflict {
            Some(reason) => Ok(Replaced::Conflict(reason)),
            None => self.publish(&mut temporary),
        }
    }

    fn write(&self, content: &Content) -> Result<Temporary<'_>> {
        let path = self.target.path();
        let record = self.may_record.then_some(self.lock);
        // A new file gets what the umask and the directory's default ACL leave of 0666. It is empty
        // until it has them, so nothing can be read too early.
        let mode = match (self.base, self.options.mode) {
            (None, None) => Mode::from(0o666),
            _ => Mode::from(0o600),
        };
        let mut temporary = Temporary::create(self.target, mode, self.base, record)?;
        for piece in content.pieces() {
            temporary.file.write_all(piece).map_err(|error| Error::io("write", &path, error))?;
        }
        match (self.base, self.options.mode) {
            (Some(base), _) => {
                access::copy(base, &temporary.file, self.target, &self.options.observer)?;
            }
            (None, Some(mode)) => fchmod(&temporary.file, Mode::from(mode))
                .map_err(|error| Error::io("set the permissions of", &path, error))?,
            (None, None) => {}
        }
        if self.options.durability != Durability::None {
            // A second sync after a failed one may succeed without having written anything, so there
            // is no second one (invariant I8).
            temporary.file.sync_all().map_err(|error| Error::io("sync", &path, error))?;
        }
        Ok(temporary)
    }

    /// The last look before the rename: are lock and file still those of the beginning?
    fn conflict(&self) -> Result<Option<String>> {
        let is_base = match (self.base, self.target.stat()?) {
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

    fn publish(&self, temporary: &mut Temporary<'_>) -> Result<Replaced> {
        let (target, base, observer) = (self.target, self.base, &self.options.observer);
        Ok(match (Publication { target, base, temporary, observer }).run()? {
            Published::Yes => Replaced::Yes,
            Published::Outdated => Replaced::Conflict(self.foreign_write()),
        })
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
