//! One machine that has mounted the share: what its answers are made of.

use super::Locks;
use super::nodes::Nodes;
use super::rename::Rename;
use super::share::Share;
use fuser::{Errno, FileAttr, FileHandle, Generation, INodeNo, ReplyEmpty, ReplyEntry};
use rustix::fs::{AtFlags, unlinkat};
use rustix::io::Errno as OsError;
use std::ffi::OsStr;
use std::fs::File;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

/// How long the kernel may remember anything: another machine may have changed it already.
pub(super) const NEVER: Duration = Duration::ZERO;

/// One machine that has mounted the share.
pub(super) struct Machine {
    pub(super) share: Share,
    pub(super) nodes: Mutex<Nodes>,
    pub(super) locks: Locks,
}

pub(super) type Answer<T> = Result<T, OsError>;

pub(super) fn code(error: OsError) -> Errno {
    Errno::from_i32(error.raw_os_error())
}

pub(super) fn os_error(error: &std::io::Error) -> OsError {
    OsError::from_io_error(error).unwrap_or(OsError::IO)
}

pub(super) fn empty(done: Answer<()>, reply: ReplyEmpty) {
    match done {
        Ok(()) => reply.ok(),
        Err(error) => reply.error(code(error)),
    }
}

pub(super) fn entry(found: Answer<FileAttr>, reply: ReplyEntry) {
    match found {
        Ok(attributes) => reply.entry(&NEVER, &attributes, Generation(0)),
        Err(error) => reply.error(code(error)),
    }
}

impl Machine {
    pub(super) fn nodes(&self) -> MutexGuard<'_, Nodes> {
        self.nodes.lock().unwrap()
    }

    pub(super) fn opened(&self, file: File) -> Answer<FileHandle> {
        self.share.state().opened(rustix::fs::fstat(&file)?.st_ino);
        Ok(FileHandle(self.nodes().opened(file)))
    }

    pub(super) fn handle(&self, handle: FileHandle) -> Answer<Arc<File>> {
        self.nodes().handle(handle.0)
    }

    pub(super) fn made(&self, parent: INodeNo, name: &OsStr, made: Answer<()>) -> Answer<FileAttr> {
        made.and_then(|()| self.nodes().look_up(parent, name))
    }

    /// Removes a name; an open file is moved away instead.
    pub(super) fn remove(&self, parent: INodeNo, name: &OsStr) -> Answer<()> {
        let directory = self.nodes().file(parent)?;
        let inode = rustix::fs::statat(&directory, name, AtFlags::SYMLINK_NOFOLLOW)?.st_ino;
        let mut state = self.share.state();
        match state.is_open(inode) {
            true => state.move_away(&directory, name, inode),
            false => unlinkat(&directory, name, AtFlags::empty()),
        }
    }

    pub(super) fn rename(
        &self,
        (parent, name): (INodeNo, &OsStr),
        (new_parent, new_name): (INodeNo, &OsStr),
        pid: u32,
    ) -> Answer<Rename> {
        let nodes = self.nodes();
        let from = (nodes.file(parent)?, name.to_owned());
        Ok(Rename { from, to: (nodes.file(new_parent)?, new_name.to_owned()), pid })
    }
}
