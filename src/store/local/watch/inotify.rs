//! inotify(7), narrowed down to what matters here.
//!
//! The kernel is asked for no more than that, so that neither reading the file nor writing to others in
//! its directory wakes anybody. (The crate notify takes part in every opening and closing, by which each
//! of many readers would wake all the others, and knows watches by their path, by which it loses the
//! watch of a directory that has taken the place of another.)

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::inotify::{self, CreateFlags, ReadFlags, Reader, WatchFlags};
use rustix::io::Errno;
use std::ffi::{OsStr, OsString};
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;
use std::time::Duration;

/// Names come, go and take each other's places.
const IN_DIRECTORY: WatchFlags = WatchFlags::CREATE
    .union(WatchFlags::DELETE)
    .union(WatchFlags::MOVE)
    .union(WatchFlags::ONLYDIR)
    .union(WatchFlags::MASK_ADD);

/// Programs that do not lock may write in place, under whatever name.
const IN_FILE: WatchFlags = WatchFlags::MODIFY
    .union(WatchFlags::CLOSE_WRITE)
    .union(WatchFlags::DONT_FOLLOW)
    .union(WatchFlags::MASK_ADD);

#[derive(Debug)]
pub(super) struct Notifier(OwnedFd);

/// What the kernel tells.
#[derive(Debug)]
pub(super) enum Happening {
    /// Something happened to this name in what is watched under this number.
    Change(i32, Option<OsString>),
    /// What was watched under this number is gone.
    WatchEnded(i32),
    /// More happened than could be told.
    Anything,
}

impl Notifier {
    pub(super) fn new() -> Result<Self, Errno> {
        inotify::init(CreateFlags::NONBLOCK | CreateFlags::CLOEXEC).map(Notifier)
    }

    /// Gives the number under which the directory is watched, the same for the same directory.
    pub(super) fn watch_directory(&self, path: &Path) -> Result<i32, Errno> {
        inotify::add_watch(&self.0, path, IN_DIRECTORY)
    }

    pub(super) fn watch_file(&self, path: &Path) -> Result<i32, Errno> {
        inotify::add_watch(&self.0, path, IN_FILE)
    }

    pub(super) fn forget(&self, number: i32) {
        // It may be gone already.
        let _ = inotify::remove_watch(&self.0, number);
    }

    /// Waits until something happens, up to `limit`.
    pub(super) fn wait(&self, limit: Option<Duration>) -> Result<Vec<Happening>, Errno> {
        // A limit beyond what the clock can express is as good as none.
        let limit = limit.and_then(|limit| Timespec::try_from(limit).ok());
        let mut fds = [PollFd::new(&self.0, PollFlags::IN)];
        match poll(&mut fds, limit.as_ref()) {
            Ok(1..) => self.read(),
            Ok(0) | Err(Errno::INTR) => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    /// Reads one buffer, not all there is: in a busy directory that might never end.
    fn read(&self) -> Result<Vec<Happening>, Errno> {
        let mut buffer = [MaybeUninit::uninit(); 4096];
        let mut reader = Reader::new(&self.0, &mut buffer);
        let mut happenings = Vec::new();
        loop {
            match reader.next() {
                Ok(event) => happenings.push(happening(&event)),
                Err(Errno::AGAIN | Errno::INTR) => return Ok(happenings),
                Err(error) => return Err(error),
            }
            if reader.is_buffer_empty() {
                return Ok(happenings);
            }
        }
    }
}

fn happening(event: &inotify::Event<'_>) -> Happening {
    if event.events().intersects(ReadFlags::QUEUE_OVERFLOW | ReadFlags::UNMOUNT) {
        return Happening::Anything;
    }
    if event.events().contains(ReadFlags::IGNORED) {
        return Happening::WatchEnded(event.wd());
    }
    let name = event.file_name().map(|name| OsStr::from_bytes(name.to_bytes()).to_owned());
    Happening::Change(event.wd(), name)
}
