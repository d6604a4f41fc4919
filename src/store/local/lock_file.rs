//! The lock file as a file: where it is, how it is opened, who may open it, what it says.

use super::file_system::Locality;
use super::record::{self, Record};
use super::resolve::{Target, same_inode, stat_entry};
use super::{access, base};
use crate::{Error, ErrorKind, Result};
use rustix::fs::{
    Access, AtFlags, FileType, Mode, OFlags, Stat, accessat, fchmod, fchown, fstat, openat,
};
use rustix::fs::{Gid, Uid};
use rustix::io::Errno;
use std::ffi::OsStr;
use std::fs::File;
use std::os::fd::{AsFd, OwnedFd};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// How long another process may take between creating the lock file and opening it to others.
const CREATION_WINDOW: Duration = Duration::from_millis(50);

/// Where a lock file is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'a> {
    pub(super) dir: &'a OwnedFd,
    pub(super) name: &'a OsStr,
    pub(super) path: &'a PathBuf,
    /// The file that the lock protects.
    pub(super) target: &'a Target,
    /// What that was before the lock, if it existed: its permissions say who may take the lock. It is not kept
    /// open, since whoever replaces it while we wait may have to move it away then (see invariant I13).
    pub(super) file: Option<&'a Stat>,
    /// The permissions that the file is to have if it is created and they are not the usual ones.
    pub(super) mode: Option<u32>,
    /// Where those are whom the lock has to keep out.
    pub(super) locality: Locality,
}

impl Place<'_> {
    /// Opens the lock file, creating it if need be, and makes sure that it can be one.
    ///
    /// # Errors
    ///
    /// When it cannot be opened or is something else than a regular file.
    pub(super) fn open(&self) -> Result<File> {
        let start = Instant::now();
        loop {
            match self.open_existing().or_else(|error| self.create_if_missing(error)) {
                Ok(file) => return self.vet(file),
                // Somebody else created it in between.
                Err(Errno::EXIST) => {}
                // Its creator may be about to open it to us.
                Err(Errno::ACCESS) if start.elapsed() < CREATION_WINDOW => {
                    std::thread::sleep(Duration::from_millis(5));
                }
                Err(error) => return Err(self.cannot_open(error)),
            }
        }
    }

    /// Opens the lock file if it exists, and makes sure that it can be one.
    ///
    /// # Errors
    ///
    /// Those of [`open`](Place::open), except that nothing is created.
    pub(super) fn open_if_exists(&self) -> Result<Option<File>> {
        match self.open_existing() {
            Ok(file) => self.vet(file).map(Some),
            Err(Errno::NOENT) => Ok(None),
            Err(error) => Err(self.cannot_open(error)),
        }
    }

    /// Refuses a directory in which the lock file could not be created.
    pub(super) fn check_directory(&self) -> Result<()> {
        let may_create = Access::WRITE_OK | Access::EXEC_OK;
        accessat(self.dir, ".", may_create, AtFlags::EACCESS)
            .map_err(|error| self.cannot_open(error))
    }

    /// Without `O_CREAT`, which sticky directories refuse for files of others, even to root.
    fn open_existing(&self) -> Result<File, Errno> {
        let open = |access| {
            let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
            openat(self.dir, self.name, access | flags, Mode::empty()).map(File::from)
        };
        match open(OFlags::RDWR) {
            // flock(2) works on a descriptor that can only read.
            Err(Errno::ACCESS | Errno::ROFS) => open(OFlags::RDONLY),
            result => result,
        }
    }

    fn create_if_missing(&self, error: Errno) -> Result<File, Errno> {
        if error != Errno::NOENT {
            return Err(error);
        }
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW;
        // The write bits that the umask lets through are those that a new file would have, unless its
        // permissions are given. The read bits follow later, so that nobody can lock it who could not
        // write the file.
        let is_like_new_file = self.file.is_none() && self.mode.is_none();
        let mode = if is_like_new_file { Mode::from(0o622) } else { Mode::from(0o600) };
        let file = openat(self.dir, self.name, flags | OFlags::CLOEXEC, mode)?;
        self.give_access(&file)?;
        Ok(File::from(file))
    }

    /// Lets exactly those take the lock who can write the file.
    fn give_access(&self, lock: impl AsFd) -> Result<(), Errno> {
        let lock_stat = fstat(&lock)?;
        let Some(file_stat) = self.file else {
            access::keep_writers(&lock)?;
            return fchmod(&lock, lock_mode(self.mode.unwrap_or(lock_stat.st_mode)));
        };
        if rustix::process::geteuid().is_root() {
            let (owner, group) = (Uid::from_raw(file_stat.st_uid), Gid::from_raw(file_stat.st_gid));
            // Not every root can give files away, and without it only root's own edits are served.
            let _ = fchown(&lock, Some(owner), Some(group));
        } else if lock_stat.st_gid != file_stat.st_gid {
            let _ = fchown(&lock, None, Some(Gid::from_raw(file_stat.st_gid)));
        }
        if fstat(&lock)?.st_gid != file_stat.st_gid {
            // Group bits would speak of another group than the file's, so they follow those for
            // everybody. Nobody who had access loses it, since this is no more than a guess.
            let everybody = if file_stat.st_mode & 0o002 == 0 { 0o600 } else { 0o666 };
            return fchmod(&lock, Mode::from(everybody) | Mode::from_raw_mode(lock_stat.st_mode));
        }
        // Should it be gone by now, the next one to hold the lock does this again.
        if let Ok(Some(file)) = base::open(self.target) {
            access::copy_acl_for_lock(&file, &lock)?;
        }
        fchmod(&lock, lock_mode(file_stat.st_mode))
    }

    /// Widens the permissions of a held lock file that keeps out people who may write the file, for
    /// instance because a plain `flock(1)` under a strict umask created it.
    ///
    /// It must be one that is ours to write into. Another name of somebody's precious file would be
    /// given away.
    pub(super) fn repair(&self, lock: &File) {
        let (Some(file_stat), Ok(lock_stat)) = (self.file, fstat(lock)) else { return };
        let (is, needed) = (Mode::from_raw_mode(lock_stat.st_mode), lock_mode(file_stat.st_mode));
        let is_narrow = !is.contains(needed) || lock_stat.st_gid != file_stat.st_gid;
        let euid = rustix::process::geteuid();
        let may_mend = euid.is_root() || euid.as_raw() == lock_stat.st_uid;
        if is_narrow && may_mend && record::read(lock).0 == Record::Ours {
            // A lock that others cannot take makes them fail, not lose anything.
            let _ = self.give_access(lock);
        }
    }

    /// Whether `lock` is still what the name denotes (invariant I3).
    pub(super) fn is_current(&self, lock: &File) -> Result<bool> {
        let inspect = |error| Error::io("inspect the lock file", self.path, error);
        let ours = fstat(lock).map_err(inspect)?;
        let named = stat_entry(self.dir, self.name).map_err(inspect)?;
        Ok(named.is_some_and(|named| same_inode(&ours, &named)))
    }

    fn is_the_file(&self, lock: &Stat) -> bool {
        // The file may have been replaced since, and the lock file have got its number.
        let now = || self.target.stat().ok().flatten();
        self.file.is_some_and(|file| same_inode(file, lock))
            && now().is_some_and(|file| same_inode(&file, lock))
    }

    fn vet(&self, file: File) -> Result<File> {
        let stat = fstat(&file).map_err(|error| Error::io("inspect", self.path, error))?;
        match FileType::from_raw_mode(stat.st_mode) {
            FileType::RegularFile if self.is_the_file(&stat) => {
                Err(self.refuse("is the document itself"))
            }
            FileType::RegularFile => Ok(file),
            FileType::Directory => Err(self.is_directory()),
            _ => Err(self.refuse("is not a regular file")),
        }
    }

    fn cannot_open(&self, error: Errno) -> Error {
        match error {
            Errno::LOOP => self.refuse("is a symbolic link"),
            Errno::ISDIR => self.is_directory(),
            Errno::NXIO | Errno::NODEV => self.refuse("is not a regular file"),
            Errno::NAMETOOLONG => Error::io("create the lock file", self.path, error)
                .with_kind(ErrorKind::CannotCreate)
                .advise("give a shorter one with --lock-file"),
            Errno::NOENT => Error::io("create the lock file", self.path, error)
                .with_kind(ErrorKind::CannotCreate)
                .advise("its directory was deleted meanwhile"),
            Errno::ACCESS => Error::io("open the lock file", self.path, error)
                .advise("everybody who may write the file needs to read and write its lock file"),
            Errno::PERM => Error::io("open the lock file", self.path, error)
                .with_kind(ErrorKind::Denied)
                .advise("it or its directory may be immutable (see lsattr)"),
            error => Error::io("open the lock file", self.path, error).or_cannot_create(),
        }
    }

    fn is_directory(&self) -> Error {
        self.refuse("is a directory, as npm's proper-lockfile makes it")
    }

    fn refuse(&self, reason: &str) -> Error {
        let message = format!("the lock file {} {reason}", self.path.display());
        Error::new(ErrorKind::Denied, message).advise("use --lock-file to lock another one")
    }
}

/// Read and write permission for each class that may write the file, and none for the others: whoever
/// can open a lock file can hold the lock for ever.
fn lock_mode(file: u32) -> Mode {
    let writers = file & 0o022;
    Mode::from(0o600 | writers | writers << 1)
}
