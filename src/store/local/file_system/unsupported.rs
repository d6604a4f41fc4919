//! Other systems are not asked; the documentation says so.

use super::Verdict;
use super::kinds::Kind;
use rustix::fs::OFlags;
use rustix::io::Errno;
use std::ffi::OsStr;
use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;

pub(in super::super) fn judge(_: &OwnedFd) -> io::Result<Verdict> {
    Ok(Verdict::new("not known", Kind::Local))
}

pub(in super::super) fn silent_name(_: &Path) -> Option<String> {
    None
}

pub(in super::super) fn refresh(_: &OwnedFd) {}

pub(in super::super) fn settle(_: &OwnedFd) {}

pub(in super::super) fn is_proc(_: &OwnedFd) -> bool {
    false
}

pub(in super::super) fn open_without_links(_: &Path, _: OFlags) -> Result<OwnedFd, Errno> {
    Err(Errno::NOSYS)
}

/// Other systems cannot mount a single file.
pub(in super::super) fn is_mount_point(_: &OwnedFd, _: &OsStr) -> bool {
    false
}
