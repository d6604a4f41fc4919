//! A disk in memory: one file, served through FUSE, that logs what is written to it and when it is
//! flushed. A loop device on that file has a file system, whose every write thus gets an order.

use fuser::{
    BackgroundSession, Config, Errno, FileAttr, FileHandle, FileType, Filesystem, Generation,
    INodeNo, LockOwner, OpenFlags, ReplyAttr, ReplyData, ReplyEmpty, ReplyEntry, ReplyWrite,
    Request, WriteFlags,
};
use std::collections::HashMap;
use std::ffi::OsStr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, UNIX_EPOCH};
use tempfile::TempDir;

/// What a disk writes as a whole. Greater writes may be torn between two of these.
const BLOCK: usize = 4096;

/// The blocks that were ever written. The others are zero. Copies share what they have in common.
#[derive(Clone, Default)]
pub(super) struct Blocks(HashMap<u64, Arc<[u8; BLOCK]>>);

impl Blocks {
    pub(super) fn write(&mut self, write: &Write) {
        let block = self.0.entry(write.block).or_insert_with(|| Arc::new([0; BLOCK]));
        let end = write.start + write.data.len();
        Arc::make_mut(block)[write.start..end].copy_from_slice(&write.data);
    }
}

/// A write within one block.
#[derive(Clone)]
pub(super) struct Write {
    block: u64,
    start: usize,
    data: Arc<[u8]>,
}

/// What the disk was told to do.
#[derive(Clone)]
pub(super) enum Event {
    Write(Write),
    /// What was written before is durable from now on.
    Flush,
}

#[derive(Default)]
struct State {
    /// The number of the medium in the disk. Each one is another file, so that nothing that the
    /// kernel remembers of one is taken for the other's.
    medium: u64,
    blocks: Blocks,
    log: Option<Vec<Event>>,
}

/// The disk. Dropping it unmounts what serves it.
pub(super) struct Disk {
    state: Arc<Mutex<State>>,
    // Unmounted before the directory is removed, so it stands first.
    _session: BackgroundSession,
    directory: TempDir,
}

impl Disk {
    pub(super) fn new(size: u64) -> Self {
        let state = Arc::new(Mutex::new(State::default()));
        let directory = tempfile::tempdir().unwrap();
        let server = Server { state: Arc::clone(&state), size };
        let session = fuser::spawn_mount(server, directory.path(), &Config::default()).unwrap();
        Disk { state, _session: session, directory }
    }

    /// Whether the kernel lets us serve files.
    pub(super) fn works() -> bool {
        let directory = tempfile::tempdir().unwrap();
        let server = Server { state: Arc::default(), size: 0 };
        fuser::spawn_mount(server, directory.path(), &Config::default()).is_ok()
    }

    /// Puts in a medium with this content, and gives its file.
    pub(super) fn insert(&self, blocks: Blocks) -> PathBuf {
        let mut state = self.state();
        let medium = state.medium + 1;
        *state = State { medium, blocks, log: None };
        self.directory.path().join(medium.to_string())
    }

    /// Starts the log, and gives what is on the medium now.
    pub(super) fn start_log(&self) -> Blocks {
        let mut state = self.state();
        state.log = Some(Vec::new());
        state.blocks.clone()
    }

    /// How much is in the log.
    pub(super) fn position(&self) -> usize {
        self.state().log.as_ref().map_or(0, Vec::len)
    }

    /// The log so far, which goes on.
    pub(super) fn log(&self) -> Vec<Event> {
        self.state().log.clone().unwrap_or_default()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}

/// The file system that has the disk as its only file.
struct Server {
    state: Arc<Mutex<State>>,
    size: u64,
}

impl Server {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    fn attributes(&self, ino: INodeNo) -> FileAttr {
        let is_root = ino == INodeNo::ROOT;
        FileAttr {
            ino,
            size: if is_root { 0 } else { self.size },
            blocks: 0,
            atime: UNIX_EPOCH,
            mtime: UNIX_EPOCH,
            ctime: UNIX_EPOCH,
            crtime: UNIX_EPOCH,
            kind: if is_root { FileType::Directory } else { FileType::RegularFile },
            perm: if is_root { 0o700 } else { 0o600 },
            nlink: 1,
            uid: 0,
            gid: 0,
            rdev: 0,
            blksize: BLOCK as u32,
            flags: 0,
        }
    }
}

/// How long the kernel may remember attributes, which never change.
const FOREVER: Duration = Duration::from_secs(3600);

/// The inodes of media come behind that of the root directory, which is 1.
fn inode_of(medium: u64) -> INodeNo {
    INodeNo(medium + 1)
}

/// The parts of a stretch of bytes that lie in one block each: block, start in it, length.
fn pieces(offset: u64, length: usize) -> impl Iterator<Item = (u64, usize, usize)> {
    let end = offset + length as u64;
    let mut at = offset;
    std::iter::from_fn(move || {
        let (block, start) = (at / BLOCK as u64, (at % BLOCK as u64) as usize);
        let length = (BLOCK - start).min((end - at) as usize);
        at += length as u64;
        (length > 0).then_some((block, start, length))
    })
}

impl Filesystem for Server {
    fn lookup(&self, _: &Request, _: INodeNo, name: &OsStr, reply: ReplyEntry) {
        let medium = self.state().medium;
        match name.to_str().and_then(|name| name.parse::<u64>().ok()) {
            Some(named) if named == medium => {
                reply.entry(&FOREVER, &self.attributes(inode_of(medium)), Generation(0));
            }
            _ => reply.error(Errno::ENOENT),
        }
    }

    fn getattr(&self, _: &Request, ino: INodeNo, _: Option<FileHandle>, reply: ReplyAttr) {
        reply.attr(&FOREVER, &self.attributes(ino));
    }

    fn setattr(
        &self,
        _: &Request,
        ino: INodeNo,
        _: Option<u32>,
        _: Option<u32>,
        _: Option<u32>,
        _: Option<u64>,
        _: Option<fuser::TimeOrNow>,
        _: Option<fuser::TimeOrNow>,
        _: Option<std::time::SystemTime>,
        _: Option<FileHandle>,
        _: Option<std::time::SystemTime>,
        _: Option<std::time::SystemTime>,
        _: Option<std::time::SystemTime>,
        _: Option<fuser::BsdFileFlags>,
        reply: ReplyAttr,
    ) {
        reply.attr(&FOREVER, &self.attributes(ino));
    }

    fn read(
        &self,
        _: &Request,
        ino: INodeNo,
        _: FileHandle,
        offset: u64,
        size: u32,
        _: OpenFlags,
        _: Option<LockOwner>,
        reply: ReplyData,
    ) {
        let state = self.state();
        if ino != inode_of(state.medium) {
            return reply.error(Errno::EIO);
        }
        let end = self.size.min(offset + u64::from(size));
        let mut data = vec![0; end.saturating_sub(offset) as usize];
        let mut at = 0;
        for (block, start, length) in pieces(offset, data.len()) {
            if let Some(block) = state.blocks.0.get(&block) {
                data[at..at + length].copy_from_slice(&block[start..start + length]);
            }
            at += length;
        }
        reply.data(&data);
    }

    fn write(
        &self,
        _: &Request,
        ino: INodeNo,
        _: FileHandle,
        offset: u64,
        data: &[u8],
        _: WriteFlags,
        _: OpenFlags,
        _: Option<LockOwner>,
        reply: ReplyWrite,
    ) {
        let mut state = self.state();
        // A medium that was taken out is written to no more.
        if ino != inode_of(state.medium) {
            return reply.error(Errno::EIO);
        }
        let mut at = 0;
        for (block, start, length) in pieces(offset, data.len()) {
            let write = Write { block, start, data: data[at..at + length].into() };
            state.blocks.write(&write);
            if let Some(log) = &mut state.log {
                log.push(Event::Write(write));
            }
            at += length;
        }
        reply.written(data.len() as u32);
    }

    fn fsync(&self, _: &Request, ino: INodeNo, _: FileHandle, _: bool, reply: ReplyEmpty) {
        let mut state = self.state();
        if ino == inode_of(state.medium)
            && let Some(log) = &mut state.log
        {
            log.push(Event::Flush);
        }
        reply.ok();
    }

    fn flush(&self, _: &Request, _: INodeNo, _: FileHandle, _: LockOwner, reply: ReplyEmpty) {
        reply.ok();
    }

    fn fallocate(
        &self,
        _: &Request,
        _: INodeNo,
        _: FileHandle,
        _: u64,
        _: u64,
        _: i32,
        reply: ReplyEmpty,
    ) {
        reply.error(Errno::EOPNOTSUPP);
    }
}
