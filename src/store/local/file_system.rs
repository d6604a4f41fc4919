//! What the file system under a directory can be trusted with.

#[cfg(target_os = "linux")]
pub(super) use linux::{is_mount_point, is_proc, network_name, open_without_links};
#[cfg(not(target_os = "linux"))]
pub(super) use portable::{is_mount_point, is_proc, network_name, open_without_links};

#[cfg(target_os = "linux")]
mod linux {
    use rustix::fs::{
        AtFlags, CWD, Mode, OFlags, ResolveFlags, StatxAttributes, StatxFlags, fstatfs, openat2,
        statx,
    };
    use rustix::io::Errno;
    use std::ffi::OsStr;
    use std::os::fd::OwnedFd;
    use std::path::Path;

    const PROC: u32 = 0x9fa0;

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

    /// The name of the network file system that holds `dir`, or `None` for a local one.
    pub(in super::super) fn network_name(dir: &OwnedFd) -> Result<Option<&'static str>, Errno> {
        // The field's type differs between architectures; magic numbers have 32 bits.
        let magic = fstatfs(dir)?.f_type as u32;
        let known = NETWORK_FILE_SYSTEMS.iter().find(|(number, _)| *number == magic);
        Ok(known.map(|(_, name)| *name))
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
    use rustix::fs::OFlags;
    use rustix::io::Errno;
    use std::ffi::OsStr;
    use std::os::fd::OwnedFd;
    use std::path::Path;

    /// Other systems are not asked; the documentation says so.
    pub(in super::super) fn network_name(_: &OwnedFd) -> Result<Option<&'static str>, Errno> {
        Ok(None)
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
