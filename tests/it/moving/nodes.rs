//! What one machine knows of the share: the files that its kernel has asked for, and those it has open.

use fuser::{FileAttr, FileType, INodeNo};
use rustix::fs::{AtFlags, Mode, OFlags, Stat, fstat, openat, statat};
use rustix::io::Errno;
use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs::File;
use std::os::fd::{AsRawFd as _, OwnedFd};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A file that the kernel knows. As long as it does, its inode number is given to no other.
struct Node {
    file: Arc<OwnedFd>,
    lookups: u64,
}

pub(super) struct Nodes {
    root: Arc<OwnedFd>,
    known: HashMap<u64, Node>,
    open: HashMap<u64, Arc<File>>,
    handles: u64,
}

impl Nodes {
    pub(super) fn new(root: OwnedFd) -> Self {
        let root = Arc::new(root);
        Nodes { root, known: HashMap::new(), open: HashMap::new(), handles: 0 }
    }

    /// The file of a number, open for nothing.
    pub(super) fn file(&self, number: INodeNo) -> Result<Arc<OwnedFd>, Errno> {
        if number == INodeNo::ROOT {
            return Ok(Arc::clone(&self.root));
        }
        self.known.get(&number.0).map(|node| Arc::clone(&node.file)).ok_or(Errno::STALE)
    }

    /// Finds a file by its name, which counts as a look-up.
    pub(super) fn look_up(&mut self, parent: INodeNo, name: &OsStr) -> Result<FileAttr, Errno> {
        let flags = OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let file = openat(&*self.file(parent)?, name, flags, Mode::empty())?;
        let stat = fstat(&file)?;
        let new = Node { file: Arc::new(file), lookups: 0 };
        self.known.entry(stat.st_ino).or_insert(new).lookups += 1;
        Ok(attributes(&stat))
    }

    pub(super) fn forget(&mut self, number: INodeNo, lookups: u64) {
        if let Some(node) = self.known.get_mut(&number.0) {
            node.lookups = node.lookups.saturating_sub(lookups);
            if node.lookups == 0 {
                self.known.remove(&number.0);
            }
        }
    }

    /// Remembers an open file, and gives the number of its handle.
    pub(super) fn opened(&mut self, file: File) -> u64 {
        self.handles += 1;
        self.open.insert(self.handles, Arc::new(file));
        self.handles
    }

    pub(super) fn handle(&self, handle: u64) -> Result<Arc<File>, Errno> {
        self.open.get(&handle).cloned().ok_or(Errno::BADF)
    }

    pub(super) fn close(&mut self, handle: u64) -> Option<Arc<File>> {
        self.open.remove(&handle)
    }
}

/// A path that leads to an open file itself, whatever its name is by now.
pub(super) fn path(file: &OwnedFd) -> PathBuf {
    PathBuf::from(format!("/proc/self/fd/{}", file.as_raw_fd()))
}

/// Opens a file that is open for nothing.
pub(super) fn reopen(file: &OwnedFd, flags: OFlags) -> Result<File, Errno> {
    let flags = flags & OFlags::RWMODE | OFlags::CLOEXEC;
    Ok(File::from(rustix::fs::open(path(file), flags, Mode::empty())?))
}

pub(super) fn stat(file: &OwnedFd) -> Result<Stat, Errno> {
    statat(file, "", AtFlags::EMPTY_PATH)
}

pub(super) fn attributes(stat: &Stat) -> FileAttr {
    let time = |seconds: i64, nanoseconds: u64| -> SystemTime {
        UNIX_EPOCH + Duration::new(seconds.unsigned_abs(), nanoseconds as u32)
    };
    FileAttr {
        ino: INodeNo(stat.st_ino),
        size: stat.st_size as u64,
        blocks: stat.st_blocks as u64,
        atime: time(stat.st_atime, stat.st_atime_nsec),
        mtime: time(stat.st_mtime, stat.st_mtime_nsec),
        ctime: time(stat.st_ctime, stat.st_ctime_nsec),
        crtime: UNIX_EPOCH,
        kind: kind(stat.st_mode),
        perm: (stat.st_mode & 0o7777) as u16,
        nlink: stat.st_nlink as u32,
        uid: stat.st_uid,
        gid: stat.st_gid,
        rdev: stat.st_rdev as u32,
        blksize: 4096,
        flags: 0,
    }
}

fn kind(mode: u32) -> FileType {
    match rustix::fs::FileType::from_raw_mode(mode) {
        rustix::fs::FileType::Directory => FileType::Directory,
        rustix::fs::FileType::Symlink => FileType::Symlink,
        _ => FileType::RegularFile,
    }
}
