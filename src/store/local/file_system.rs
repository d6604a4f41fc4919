//! What the file system under a directory can be trusted with.

#[cfg(target_os = "linux")]
pub(super) use linux::{
    describe, is_mount_point, is_proc, network_name, open_without_links, silent_name,
};
#[cfg(not(target_os = "linux"))]
pub(super) use portable::{
    describe, is_mount_point, is_proc, network_name, open_without_links, silent_name,
};

/// A file system, as people call it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FileSystem {
    /// Its kind, such as `ext4`.
    pub name: String,
    /// Whether the promises hold there: `true` where they are tested, `false` where locks may not exclude
    /// other machines, and `None` where nobody has tried.
    pub is_safe: Option<bool>,
}

#[cfg(target_os = "linux")]
mod linux {
    use super::FileSystem;
    use rustix::fs::{
        AtFlags, CWD, Mode, OFlags, ResolveFlags, StatxAttributes, StatxFlags, fstatfs, openat2,
        statfs, statx,
    };
    use rustix::io::Errno;
    use std::ffi::OsStr;
    use std::os::fd::OwnedFd;
    use std::path::Path;

    const PROC: u32 = 0x9fa0;
    const FUSE: u32 = 0x6573_5546;

    /// The magic numbers of statfs(2) and of the kernel's `magic.h`.
    const NETWORK_FILE_SYSTEMS: [(u32, &str); 13] = [
        (0x6969, "NFS"),
        (0x517b, "SMB"),
        (0xff53_4d42, "CIFS"),
        (0xfe53_4d42, "SMB2"),
        (0x0102_1997, "9p"),
        (0x00c3_6400, "Ceph"),
        (0x5346_414f, "AFS"),
        (0x6b41_4653, "AFS"),
        (0x7375_7245, "Coda"),
        (0x0bd0_0bd0, "Lustre"),
        (0x4750_4653, "GPFS"),
        (0x0116_1970, "GFS2"),
        (0x7461_636f, "OCFS2"),
    ];

    /// The local ones that people meet, and whether the promises are known to hold there.
    const LOCAL_FILE_SYSTEMS: [(u32, &str, Option<bool>); 15] = [
        (0xef53, "ext4", Some(true)),
        (0x5846_5342, "xfs", Some(true)),
        (0x9123_683e, "btrfs", Some(true)),
        (0x0102_1994, "tmpfs", Some(true)),
        (0x794c_7630, "overlay", Some(true)),
        (FUSE, "FUSE", Some(false)),
        (0x2fc1_2fc1, "zfs", None),
        (0xf2f5_2010, "f2fs", None),
        (0xca45_1a4e, "bcachefs", None),
        (0x8584_58f6, "ramfs", None),
        (0x4d44, "vfat", None),
        (0x2011_bab0, "exfat", None),
        (0x5346_544e, "ntfs", None),
        (0x7371_7368, "squashfs", None),
        (PROC, "proc", None),
    ];

    /// The file system that holds `dir`.
    pub(in super::super) fn describe(dir: &OwnedFd) -> Result<FileSystem, Errno> {
        let magic = fstatfs(dir)?.f_type as u32;
        if let Some(name) = network(magic) {
            return Ok(FileSystem { name: name.to_owned(), is_safe: Some(false) });
        }
        let known = LOCAL_FILE_SYSTEMS.iter().find(|(number, ..)| *number == magic);
        Ok(match known {
            Some((_, name, is_safe)) => FileSystem { name: (*name).to_owned(), is_safe: *is_safe },
            None => FileSystem { name: format!("type {magic:#x}"), is_safe: None },
        })
    }

    /// The name of the network file system that holds `dir`, or `None` for a local one.
    pub(in super::super) fn network_name(dir: &OwnedFd) -> Result<Option<&'static str>, Errno> {
        // The field's type differs between architectures; magic numbers have 32 bits.
        Ok(network(fstatfs(dir)?.f_type as u32))
    }

    fn network(magic: u32) -> Option<&'static str> {
        NETWORK_FILE_SYSTEMS.iter().find(|(number, _)| *number == magic).map(|(_, name)| *name)
    }

    /// The name of the file system that holds `dir`, if there are changes that it tells nobody of.
    pub(in super::super) fn silent_name(dir: &Path) -> Option<&'static str> {
        match statfs(dir).ok()?.f_type as u32 {
            PROC => Some("procfs"),
            FUSE => Some("FUSE"),
            magic => network(magic),
        }
    }

    /// Whether `dir` is in procfs, whose links need not lead where their text says.
    pub(in super::super) fn is_proc(dir: &OwnedFd) -> bool {
        fstatfs(dir).is_ok_and(|stat| stat.f_type as u32 == PROC)
    }

    /// Opens a directory unless its path leads over a link.
    pub(in super::super) fn open_without_links(
        path: &Path,
        flags: OFlags,
    ) -> Result<OwnedFd, Errno> {
        openat2(CWD, path, flags, Mode::empty(), ResolveFlags::NO_SYMLINKS)
    }

    /// Whether the entry is the root of a mount, as Docker's `-v FILE:FILE` makes it.
    pub(in super::super) fn is_mount_point(dir: &OwnedFd, name: &OsStr) -> bool {
        statx(dir, name, AtFlags::SYMLINK_NOFOLLOW, StatxFlags::empty())
            .is_ok_and(|stat| stat.stx_attributes.contains(StatxAttributes::MOUNT_ROOT))
    }
}

#[cfg(not(target_os = "linux"))]
mod portable {
    use super::FileSystem;
    use rustix::fs::OFlags;
    use rustix::io::Errno;
    use std::ffi::OsStr;
    use std::os::fd::OwnedFd;
    use std::path::Path;

    /// Other systems are not asked; the documentation says so.
    pub(in super::super) fn network_name(_: &OwnedFd) -> Result<Option<&'static str>, Errno> {
        Ok(None)
    }

    pub(in super::super) fn describe(_: &OwnedFd) -> Result<FileSystem, Errno> {
        Err(Errno::NOSYS)
    }

    pub(in super::super) fn silent_name(_: &Path) -> Option<&'static str> {
        None
    }

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
}
