//! What the answers take, where one call of the system is not enough.

use super::nodes::{path, reopen};
use fuser::{Errno, FileType, ReplyXattr, Request, TimeOrNow};
use rustix::fs::{
    AtFlags, CWD, Dir, FlockOperation, Gid, Mode, OFlags, Timespec, Timestamps, UTIME_NOW,
    UTIME_OMIT, Uid, chmodat, chownat, fchmod, fchown, flock, ftruncate, openat, utimensat,
};
use rustix::io::Errno as OsError;
use rustix::process::Signal;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::os::fd::{BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt as _;
use std::time::{Duration, UNIX_EPOCH};

/// The longest attribute, and the longest list of them, that Linux has.
pub(super) const LONGEST_ATTRIBUTE: usize = 65536;

type Answer<T> = Result<T, OsError>;

pub(super) fn chown(file: &OwnedFd, uid: Option<u32>, gid: Option<u32>) -> Answer<()> {
    if uid.is_none() && gid.is_none() {
        return Ok(());
    }
    let (uid, gid) = (uid.map(Uid::from_raw), gid.map(Gid::from_raw));
    chownat(file, "", uid, gid, AtFlags::EMPTY_PATH)
}

pub(super) fn chmod(file: &OwnedFd, mode: Option<u32>) -> Answer<()> {
    mode.map_or(Ok(()), |mode| chmodat(CWD, path(file), Mode::from(mode), AtFlags::empty()))
}

pub(super) fn truncate(file: &OwnedFd, size: Option<u64>) -> Answer<()> {
    size.map_or(Ok(()), |size| ftruncate(reopen(file, OFlags::WRONLY)?, size))
}

/// When a file is to have been read and written.
pub(super) struct Times {
    pub(super) atime: Option<TimeOrNow>,
    pub(super) mtime: Option<TimeOrNow>,
}

pub(super) fn touch(file: &OwnedFd, times: Times) -> Answer<()> {
    if times.atime.is_none() && times.mtime.is_none() {
        return Ok(());
    }
    let time = |time| {
        let (tv_sec, tv_nsec) = match time {
            None => (0, UTIME_OMIT),
            Some(TimeOrNow::Now) => (0, UTIME_NOW),
            Some(TimeOrNow::SpecificTime(time)) => {
                let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
                (since.as_secs() as i64, since.subsec_nanos().into())
            }
        };
        Timespec { tv_sec, tv_nsec }
    };
    let times = Timestamps { last_access: time(times.atime), last_modification: time(times.mtime) };
    utimensat(CWD, path(file), &times, AtFlags::empty())
}

/// Gives what was just made to who asked for it. The kernel has taken the umask off the mode already.
pub(super) fn give(directory: &OwnedFd, name: &OsStr, uid: u32, gid: u32, mode: u32) -> Answer<()> {
    let file = openat(directory, name, OFlags::PATH | OFlags::CLOEXEC, Mode::empty())?;
    chown(&file, Some(uid), Some(gid))?;
    chmod(&file, Some(mode))
}

/// Creates a file for who asks, or opens the one that is there if it need not be new.
pub(super) fn create(
    directory: &OwnedFd,
    name: &OsStr,
    flags: OFlags,
    request: &Request,
    mode: u32,
) -> Answer<File> {
    let access = flags & OFlags::RWMODE | OFlags::CLOEXEC | OFlags::NOFOLLOW;
    let new = OFlags::CREATE | OFlags::EXCL;
    match openat(directory, name, access | new, Mode::from(mode)) {
        Ok(file) => {
            let (uid, gid) = (Uid::from_raw(request.uid()), Gid::from_raw(request.gid()));
            fchown(&file, Some(uid), Some(gid))?;
            fchmod(&file, Mode::from(mode))?;
            Ok(File::from(file))
        }
        Err(OsError::EXIST) if !flags.contains(OFlags::EXCL) => {
            Ok(File::from(openat(directory, name, access, Mode::empty())?))
        }
        Err(error) => Err(error),
    }
}

/// What is in a directory: inode numbers, kinds and names.
pub(super) fn entries(directory: &OwnedFd) -> Answer<Vec<(u64, FileType, OsString)>> {
    let opened = reopen(directory, OFlags::RDONLY)?;
    let mut entries = Vec::new();
    for entry in Dir::read_from(opened)? {
        let entry = entry?;
        let kind = match entry.file_type() {
            rustix::fs::FileType::Directory => FileType::Directory,
            rustix::fs::FileType::Symlink => FileType::Symlink,
            _ => FileType::RegularFile,
        };
        let name = OsStr::from_bytes(entry.file_name().to_bytes()).to_owned();
        entries.push((entry.ino(), kind, name));
    }
    Ok(entries)
}

/// Gives an attribute, or how long it is to who has no room for it yet.
pub(super) fn answer(read: Result<&[u8], Errno>, size: u32, reply: ReplyXattr) {
    match read {
        Err(error) => reply.error(error),
        Ok(value) if size == 0 => reply.size(value.len() as u32),
        Ok(value) if value.len() > size as usize => reply.error(Errno::ERANGE),
        Ok(value) => reply.data(value),
    }
}

/// What fcntl(2) calls `F_UNLCK`.
pub(super) const UNLOCK: i32 = 2;

/// Locks the file underneath, so that all machines have the same locks. `kind` is that of fcntl(2).
pub(super) fn lock(file: BorrowedFd<'_>, kind: i32) -> Answer<()> {
    let operation = match kind {
        0 => FlockOperation::NonBlockingLockShared,
        1 => FlockOperation::NonBlockingLockExclusive,
        _ => FlockOperation::Unlock,
    };
    flock(file, operation)
}

/// Waits for the lock as long as there is somebody who wants it. The kernel keeps a dead process until it is
/// answered, and the library does not pass on that it has died.
pub(super) fn wait_for_lock(file: BorrowedFd<'_>, kind: i32, pid: u32) -> Answer<()> {
    loop {
        match lock(file, kind) {
            Err(OsError::AGAIN) if is_dying(pid) => return Err(OsError::INTR),
            Err(OsError::AGAIN) => std::thread::sleep(Duration::from_millis(1)),
            locked => return locked,
        }
    }
}

/// Whether a thread has been killed, by the signals that proc_pid_status(5) says are pending.
fn is_dying(pid: u32) -> bool {
    let Ok(status) = std::fs::read_to_string(format!("/proc/{pid}/status")) else { return true };
    let pending = status.lines().filter_map(|line| {
        let signals = line.strip_prefix("SigPnd:").or_else(|| line.strip_prefix("ShdPnd:"))?;
        u64::from_str_radix(signals.trim(), 16).ok()
    });
    let killed = 1 << (Signal::KILL.as_raw() - 1);
    pending.into_iter().any(|signals| signals & killed != 0)
}
