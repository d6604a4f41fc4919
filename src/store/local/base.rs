//! Reading a file in such a way that a later look can tell whether it is still the same.

use super::preflight;
use super::read::read_all;
use super::resolve::{Target, same_inode};
use crate::{Error, Result};
use bytes::Bytes;
use rustix::fs::{Mode, OFlags, Stat, fstat, openat};
use rustix::io::Errno;
use std::fs::File;
use std::time::Duration;

/// How often a file that is written in place while we read it is read again, and how long apart.
const REREADS: usize = 3;
const REREAD_PAUSE: Duration = Duration::from_millis(10);

/// The content that a transaction starts from.
///
/// The descriptor stays open: an inode in use is not given to another file, so its number
/// identifies the base for as long as this lives (invariant I4).
#[derive(Debug)]
pub(super) struct Base {
    pub(super) file: File,
    pub(super) stat: Stat,
    pub(super) content: Bytes,
}

impl Base {
    /// Opens and reads the target, or gives `None` where it does not exist.
    pub(super) fn read(target: &Target) -> Result<Option<Self>> {
        let mut attempt = 0;
        loop {
            let Some(file) = open(target)? else { return Ok(None) };
            let inspect = |error| Error::io("inspect", &target.path(), error);
            let stat = fstat(&file).map_err(inspect)?;
            preflight::check_kind(&target.path(), &stat)?;
            let expected = usize::try_from(stat.st_size).unwrap_or(0);
            let content = read_all(&file, expected)
                .map_err(|error| Error::io("read", &target.path(), error))?;
            attempt += 1;
            if is_unchanged(&stat, &fstat(&file).map_err(inspect)?) || attempt > REREADS {
                return Ok(Some(Base { file, stat, content }));
            }
            std::thread::sleep(REREAD_PAUSE);
        }
    }

    /// Whether `stat` shows the base, untouched since it was read.
    pub(super) fn is(&self, stat: &Stat) -> bool {
        same_inode(&self.stat, stat) && is_unchanged(&self.stat, stat)
    }

    /// Whether `stat` shows the base, untouched but for a rename, which changes its ctime.
    pub(super) fn is_renamed(&self, stat: &Stat) -> bool {
        same_inode(&self.stat, stat) && is_untouched(&self.stat, stat)
    }
}

/// Compares what a write, a change of permissions or a new link alters, but not what a rename does.
fn is_untouched(before: &Stat, after: &Stat) -> bool {
    let version = |stat: &Stat| {
        let access = (stat.st_mode, stat.st_uid, stat.st_gid, stat.st_nlink);
        (stat.st_size, stat.st_mtime, stat.st_mtime_nsec, access)
    };
    version(before) == version(after)
}

/// Compares what every write and every change of permissions alters.
fn is_unchanged(before: &Stat, after: &Stat) -> bool {
    let version = |stat: &Stat| {
        (stat.st_size, stat.st_mtime, stat.st_mtime_nsec, stat.st_ctime, stat.st_ctime_nsec)
    };
    version(before) == version(after)
}

/// Makes sure that the target can be read, and says what it is. It is not kept open.
pub(super) fn inspect(target: &Target) -> Result<Option<Stat>> {
    let inspected = open(target)?.map(|file| fstat(&file));
    inspected.transpose().map_err(|error| Error::io("inspect", &target.path(), error))
}

/// Opens the target for reading, whatever it is.
pub(super) fn open(target: &Target) -> Result<Option<File>> {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY;
    let (mut stale, mut is_refreshed) = (0, false);
    loop {
        match openat(&target.dir, &target.name, flags | OFlags::CLOEXEC, Mode::empty()) {
            Ok(file) => return Ok(Some(File::from(file))),
            Err(Errno::NOENT) if is_refreshed => return Ok(None),
            Err(Errno::NOENT) => {
                target.refresh();
                is_refreshed = true;
            }
            Err(Errno::INTR) => {}
            // A network file system may have cached a file that was replaced since. Where its directory
            // is gone, it says the same for ever.
            Err(Errno::STALE) if stale < REREADS => stale += 1,
            Err(error) => {
                // Sockets cannot be opened, which is not what is wrong with them as documents.
                let path = target.path();
                target.stat()?.map_or(Ok(()), |stat| preflight::check_kind(&path, &stat))?;
                return Err(Error::io("open", &path, error));
            }
        }
    }
}
