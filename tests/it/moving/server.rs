//! What a kernel asks, and the answers: those of the directory underneath, but for renames.

use super::Locks;
use super::machine::{Machine, NEVER, code, empty, entry, os_error};
use super::nodes::{attributes, path, reopen, stat};
use super::tools::{self, Times};
use fuser::{
    BsdFileFlags, Errno, FileHandle, Filesystem, FopenFlags, Generation, INodeNo, InitFlags,
    KernelConfig, LockOwner, OpenFlags, RenameFlags, ReplyAttr, ReplyCreate, ReplyData,
    ReplyDirectory, ReplyEmpty, ReplyEntry, ReplyOpen, ReplyStatfs, ReplyWrite, ReplyXattr,
    Request, TimeOrNow, WriteFlags,
};
use rustix::fs::{AtFlags, CWD, Mode, OFlags, linkat, mkdirat, symlinkat, unlinkat};
use rustix::io::Errno as OsError;
use std::ffi::OsStr;
use std::os::fd::AsFd as _;
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::time::SystemTime;

impl Filesystem for Machine {
    fn init(&mut self, _: &Request, config: &mut KernelConfig) -> std::io::Result<()> {
        let needed = match self.locks {
            Locks::OfTheKernel => InitFlags::empty(),
            Locks::Shared | Locks::Polled => InitFlags::FUSE_FLOCK_LOCKS,
        };
        config.add_capabilities(needed).map_err(|_| std::io::ErrorKind::Unsupported.into())
    }

    fn lookup(&self, _: &Request, parent: INodeNo, name: &OsStr, reply: ReplyEntry) {
        entry(self.nodes().look_up(parent, name), reply);
    }

    fn forget(&self, _: &Request, number: INodeNo, lookups: u64) {
        self.nodes().forget(number, lookups);
    }

    fn getattr(&self, _: &Request, number: INodeNo, _: Option<FileHandle>, reply: ReplyAttr) {
        match self.nodes().file(number).and_then(|file| stat(&file)) {
            Ok(stat) => reply.attr(&NEVER, &attributes(&stat)),
            Err(error) => reply.error(code(error)),
        }
    }

    fn setattr(
        &self,
        _: &Request,
        number: INodeNo,
        mode: Option<u32>,
        uid: Option<u32>,
        gid: Option<u32>,
        size: Option<u64>,
        atime: Option<TimeOrNow>,
        mtime: Option<TimeOrNow>,
        _: Option<SystemTime>,
        _: Option<FileHandle>,
        _: Option<SystemTime>,
        _: Option<SystemTime>,
        _: Option<SystemTime>,
        _: Option<BsdFileFlags>,
        reply: ReplyAttr,
    ) {
        let set = || {
            let file = self.nodes().file(number)?;
            tools::chown(&file, uid, gid)?;
            tools::chmod(&file, mode)?;
            tools::truncate(&file, size)?;
            tools::touch(&file, Times { atime, mtime })?;
            stat(&file)
        };
        match set() {
            Ok(stat) => reply.attr(&NEVER, &attributes(&stat)),
            Err(error) => reply.error(code(error)),
        }
    }

    fn readlink(&self, _: &Request, number: INodeNo, reply: ReplyData) {
        let file = self.nodes().file(number);
        match file.and_then(|file| rustix::fs::readlinkat(&file, "", Vec::new())) {
            Ok(target) => reply.data(target.as_bytes()),
            Err(error) => reply.error(code(error)),
        }
    }

    fn mkdir(
        &self,
        request: &Request,
        parent: INodeNo,
        name: &OsStr,
        mode: u32,
        _: u32,
        reply: ReplyEntry,
    ) {
        let directory = self.nodes().file(parent);
        let made = directory.and_then(|directory| {
            mkdirat(&directory, name, Mode::from(mode))?;
            tools::give(&directory, name, request.uid(), request.gid(), mode)
        });
        entry(self.made(parent, name, made), reply);
    }

    fn unlink(&self, _: &Request, parent: INodeNo, name: &OsStr, reply: ReplyEmpty) {
        empty(self.remove(parent, name), reply);
    }

    fn rmdir(&self, _: &Request, parent: INodeNo, name: &OsStr, reply: ReplyEmpty) {
        let directory = self.nodes().file(parent);
        empty(directory.and_then(|dir| unlinkat(&dir, name, AtFlags::REMOVEDIR)), reply);
    }

    fn symlink(
        &self,
        _: &Request,
        parent: INodeNo,
        name: &OsStr,
        target: &Path,
        reply: ReplyEntry,
    ) {
        let directory = self.nodes().file(parent);
        let made = directory.and_then(|directory| symlinkat(target, &directory, name));
        entry(self.made(parent, name, made), reply);
    }

    fn rename(
        &self,
        request: &Request,
        parent: INodeNo,
        name: &OsStr,
        new_parent: INodeNo,
        new_name: &OsStr,
        flags: RenameFlags,
        reply: ReplyEmpty,
    ) {
        match self.rename((parent, name), (new_parent, new_name), request.pid()) {
            Ok(rename) if flags.is_empty() => rename.start(&self.share, reply),
            Ok(rename) => {
                let directory = stat(&rename.to.0).map_or(0, |stat| stat.st_ino);
                self.share.state().counts(directory).refused += 1;
                reply.error(Errno::EINVAL);
            }
            Err(error) => reply.error(code(error)),
        }
    }

    fn link(&self, _: &Request, number: INodeNo, parent: INodeNo, name: &OsStr, reply: ReplyEntry) {
        let link = || {
            let file = self.nodes().file(number)?;
            let directory = self.nodes().file(parent)?;
            linkat(CWD, path(&file), &directory, name, AtFlags::SYMLINK_FOLLOW)
        };
        let made = link();
        entry(self.made(parent, name, made), reply);
    }

    fn open(&self, _: &Request, number: INodeNo, flags: OpenFlags, reply: ReplyOpen) {
        let flags = OFlags::from_bits_retain(flags.0.cast_unsigned());
        let file = self.nodes().file(number).and_then(|file| reopen(&file, flags));
        match file.and_then(|file| self.opened(file)) {
            Ok(handle) => reply.opened(handle, FopenFlags::empty()),
            Err(error) => reply.error(code(error)),
        }
    }

    fn create(
        &self,
        request: &Request,
        parent: INodeNo,
        name: &OsStr,
        mode: u32,
        _: u32,
        flags: i32,
        reply: ReplyCreate,
    ) {
        let create = || {
            let directory = self.nodes().file(parent)?;
            let flags = OFlags::from_bits_retain(flags.cast_unsigned());
            let file = tools::create(&directory, name, flags, request, mode)?;
            let attributes = self.nodes().look_up(parent, name)?;
            Ok((attributes, self.opened(file)?))
        };
        match create() {
            Ok((attributes, handle)) => {
                reply.created(&NEVER, &attributes, Generation(0), handle, FopenFlags::empty());
            }
            Err(error) => reply.error(code(error)),
        }
    }

    fn read(
        &self,
        _: &Request,
        _: INodeNo,
        handle: FileHandle,
        offset: u64,
        size: u32,
        _: OpenFlags,
        _: Option<LockOwner>,
        reply: ReplyData,
    ) {
        let mut data = vec![0; size as usize];
        let read = self
            .handle(handle)
            .and_then(|file| file.read_at(&mut data, offset).map_err(|error| os_error(&error)));
        match read {
            Ok(length) => reply.data(&data[..length]),
            Err(error) => reply.error(code(error)),
        }
    }

    fn write(
        &self,
        _: &Request,
        _: INodeNo,
        handle: FileHandle,
        offset: u64,
        data: &[u8],
        _: WriteFlags,
        _: OpenFlags,
        _: Option<LockOwner>,
        reply: ReplyWrite,
    ) {
        let written = self
            .handle(handle)
            .and_then(|file| file.write_all_at(data, offset).map_err(|error| os_error(&error)));
        match written {
            Ok(()) => reply.written(data.len() as u32),
            Err(error) => reply.error(code(error)),
        }
    }

    fn flush(&self, _: &Request, _: INodeNo, _: FileHandle, _: LockOwner, reply: ReplyEmpty) {
        reply.ok();
    }

    fn release(
        &self,
        _: &Request,
        number: INodeNo,
        handle: FileHandle,
        _: OpenFlags,
        _: Option<LockOwner>,
        _: bool,
        reply: ReplyEmpty,
    ) {
        drop(self.nodes().close(handle.0));
        self.share.state().closed(number.0);
        reply.ok();
    }

    fn fsync(&self, _: &Request, _: INodeNo, handle: FileHandle, _: bool, reply: ReplyEmpty) {
        empty(self.handle(handle).and_then(rustix::fs::fsync), reply);
    }

    fn fsyncdir(&self, _: &Request, number: INodeNo, _: FileHandle, _: bool, reply: ReplyEmpty) {
        let directory = self.nodes().file(number);
        let opened = directory.and_then(|directory| reopen(&directory, OFlags::RDONLY));
        empty(opened.and_then(rustix::fs::fsync), reply);
    }

    fn readdir(
        &self,
        _: &Request,
        number: INodeNo,
        _: FileHandle,
        offset: u64,
        mut reply: ReplyDirectory,
    ) {
        match self.nodes().file(number).and_then(|directory| tools::entries(&directory)) {
            Ok(entries) => {
                for (place, (inode, kind, name)) in (1..).zip(entries).skip(offset as usize) {
                    if reply.add(INodeNo(inode), place, kind, name) {
                        break;
                    }
                }
                reply.ok();
            }
            Err(error) => reply.error(code(error)),
        }
    }

    fn statfs(&self, _: &Request, number: INodeNo, reply: ReplyStatfs) {
        match self.nodes().file(number).and_then(rustix::fs::fstatvfs) {
            Ok(of) => reply.statfs(
                of.f_blocks,
                of.f_bfree,
                of.f_bavail,
                of.f_files,
                of.f_ffree,
                of.f_bsize as u32,
                of.f_namemax as u32,
                of.f_frsize as u32,
            ),
            Err(error) => reply.error(code(error)),
        }
    }

    fn setxattr(
        &self,
        _: &Request,
        number: INodeNo,
        name: &OsStr,
        value: &[u8],
        flags: i32,
        _: u32,
        reply: ReplyEmpty,
    ) {
        let flags = rustix::fs::XattrFlags::from_bits_retain(flags.cast_unsigned());
        let file = self.nodes().file(number);
        empty(file.and_then(|file| rustix::fs::setxattr(path(&file), name, value, flags)), reply);
    }

    fn getxattr(&self, _: &Request, number: INodeNo, name: &OsStr, size: u32, reply: ReplyXattr) {
        let mut value = vec![0; tools::LONGEST_ATTRIBUTE];
        let file = self.nodes().file(number);
        let read = file.and_then(|file| rustix::fs::getxattr(path(&file), name, &mut value[..]));
        tools::answer(read.map(|length| &value[..length]).map_err(code), size, reply);
    }

    fn listxattr(&self, _: &Request, number: INodeNo, size: u32, reply: ReplyXattr) {
        let mut names = vec![0; tools::LONGEST_ATTRIBUTE];
        let file = self.nodes().file(number);
        let read = file.and_then(|file| rustix::fs::listxattr(path(&file), &mut names[..]));
        tools::answer(read.map(|length| &names[..length]).map_err(code), size, reply);
    }

    fn removexattr(&self, _: &Request, number: INodeNo, name: &OsStr, reply: ReplyEmpty) {
        let file = self.nodes().file(number);
        empty(file.and_then(|file| rustix::fs::removexattr(path(&file), name)), reply);
    }

    fn setlk(
        &self,
        request: &Request,
        _: INodeNo,
        handle: FileHandle,
        _: LockOwner,
        _: u64,
        _: u64,
        kind: i32,
        _: u32,
        sleeps: bool,
        reply: ReplyEmpty,
    ) {
        // It need not wait to unlock, whatever it says.
        let sleeps = sleeps && kind != tools::UNLOCK;
        match (self.handle(handle), self.locks) {
            (Ok(_), Locks::Polled) if sleeps => reply.error(Errno::EOPNOTSUPP),
            (Ok(file), _) if sleeps => {
                // Others are to be served meanwhile, above all whoever holds the lock.
                let (share, pid) = (self.share.clone(), request.pid());
                share.state().waiting += 1;
                std::thread::spawn(move || {
                    let locked = tools::wait_for_lock(file.as_fd(), kind, pid);
                    share.state().waiting -= 1;
                    empty(locked, reply);
                });
            }
            (Ok(file), _) => {
                let locked = tools::lock(file.as_fd(), kind);
                self.share.state().denied += usize::from(locked == Err(OsError::AGAIN));
                empty(locked, reply);
            }
            (Err(error), _) => reply.error(code(error)),
        }
    }
}
