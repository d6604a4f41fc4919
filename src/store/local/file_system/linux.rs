//! The questions to the kernel, and the verdict on its answers.
//!
//! The number that statfs(2) gives for a file system is not enough: 9p passes on the one of the disk on the
//! other machine, and all of FUSE has the same. So the type of the mount decides, but for those disks where
//! the number and a block device of their own say the same.

use super::Verdict;
use super::kinds::{self, Kind, Options};
use super::mounts::{Mount, unescaped};
use rustix::fs::{
    AtFlags, CWD, Mode, OFlags, ResolveFlags, StatxAttributes, StatxFlags, Timespec, Timestamps,
    UTIME_NOW, UTIME_OMIT, fgetxattr, fstat, fstatfs, futimens, major, openat, openat2, statx,
};
use rustix::io::Errno;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::os::fd::{AsRawFd as _, OwnedFd};
use std::os::unix::ffi::OsStringExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// On how many others a file system may lie.
const MAX_DEPTH: usize = 8;

const PROC: u32 = 0x9fa0;

/// How long a request may be on the way to a server that is not yet working on it.
const SETTLING: Duration = Duration::from_millis(200);

/// The numbers of the kernel's `magic.h` and of statfs(2), for mounts of which nothing else is known, with the
/// names by which mounts are judged.
const NUMBERS: [(u32, &str); 29] = [
    (0xef53, "ext4"),
    (0x5846_5342, "xfs"),
    (0x9123_683e, "btrfs"),
    (0x0102_1994, "tmpfs"),
    (0x794c_7630, "overlay"),
    (0x2fc1_2fc1, "zfs"),
    (0xf2f5_2010, "f2fs"),
    (0xca45_1a4e, "bcachefs"),
    (0x8584_58f6, "ramfs"),
    (0x4d44, "vfat"),
    (0x2011_bab0, "exfat"),
    (0x5346_544e, "ntfs"),
    (0x7371_7368, "squashfs"),
    (PROC, "proc"),
    (0x6573_5546, "fuse"),
    (0x6969, "nfs"),
    (0x517b, "smbfs"),
    (0xff53_4d42, "cifs"),
    (0xfe53_4d42, "smb3"),
    (0x0102_1997, "9p"),
    (0x00c3_6400, "ceph"),
    (0x5346_414f, "afs"),
    (0x6b41_4653, "kafs"),
    (0x7375_7245, "coda"),
    (0x0bd0_0bd0, "lustre"),
    (0x4750_4653, "gpfs"),
    (0x0116_1970, "gfs2"),
    (0x7461_636f, "ocfs2"),
    (0x786f_4256, "vboxsf"),
];

/// The options that a mount may have of which nothing is known.
const WORST: Options<'_> = Options("localflocks");

/// Those of them that have a block device of their own.
const DISKS: [&str; 6] = ["ext4", "xfs", "f2fs", "vfat", "exfat", "ntfs"];

/// What statfs(2) and stat(2) tell of a directory's file system.
#[derive(Clone, Copy, Debug)]
struct Numbers {
    magic: u32,
    /// The major number of the device; 0 where there is none.
    major: u32,
}

impl Numbers {
    fn of(dir: &OwnedFd) -> Result<Self, Errno> {
        // The field's type differs between architectures; these numbers have 32 bits.
        Ok(Numbers { magic: fstatfs(dir)?.f_type as u32, major: major(fstat(dir)?.st_dev) })
    }

    fn name(self) -> Option<&'static str> {
        NUMBERS.iter().find(|(number, _)| *number == self.magic).map(|(_, name)| *name)
    }

    /// The disk of this machine that they are certain to be of.
    fn disk(self) -> Option<&'static str> {
        self.name().filter(|name| self.major != 0 && DISKS.contains(name))
    }

    /// The verdict where the numbers are all there is.
    fn verdict(self) -> Verdict {
        match self.name() {
            // A disk without a device is that of another machine.
            Some(name) if self.major == 0 && DISKS.contains(&name) => {
                Verdict::new(name, Kind::Shared)
            }
            Some(name) => Verdict::new(name, self.kind(name, &WORST)),
            None => {
                let name = format!("type {:#x}", self.magic);
                let kind = self.kind(&name, &WORST);
                Verdict::new(name, kind)
            }
        }
    }

    /// The kind of a mount. One of which nobody has heard is on this machine if its device is.
    fn kind(self, name: &str, options: &Options<'_>) -> Kind {
        let unheard_of = if self.major == 0 { Kind::Unknown } else { Kind::Local };
        kinds::of(name, options).unwrap_or(unheard_of)
    }
}

/// What the file system that holds `dir` can be trusted with.
pub(in super::super) fn judge(dir: &OwnedFd) -> io::Result<Verdict> {
    judge_at(dir, MAX_DEPTH)
}

fn judge_at(dir: &OwnedFd, depth: usize) -> io::Result<Verdict> {
    let numbers = Numbers::of(dir)?;
    if let Some(name) = numbers.disk() {
        return Ok(Verdict::new(name, numbers.kind(name, &WORST)));
    }
    let Some(mount) = Mount::of(dir)? else { return Ok(numbers.verdict()) };
    let verdict = judge_mount(&mount, numbers);
    if depth == 0 || !kinds::is_stacked(&mount.name) {
        return Ok(verdict);
    }
    let Some(below) = below(&mount, dir) else {
        return Ok(Verdict::new(mount.name, Kind::Unknown));
    };
    below.iter().try_fold(verdict, |verdict, path| {
        Ok(match open(path) {
            Ok(dir) => verdict.over(&judge_at(&dir, depth - 1)?),
            // What is kept from us may be anything, but those who start containers are trusted.
            Err(Errno::ACCESS) if mount.name != "overlay" => {
                Verdict::new(&mount.name, Kind::Unknown)
            }
            Err(_) => verdict,
        })
    })
}

fn judge_mount(mount: &Mount, numbers: Numbers) -> Verdict {
    let options = Options(&mount.options);
    let kind = numbers.kind(&mount.name, &options);
    // A number of a network file system is believed, whatever shows it.
    let shared = numbers.name().filter(|name| kinds::of(name, &options) == Some(Kind::Shared));
    match shared {
        Some(name) if kind < Kind::Shared => Verdict::new(name, Kind::Shared),
        _ => Verdict::new(&mount.name, kind),
    }
}

/// The directories in which a mount keeps the files of `dir`, as far as it tells; `None` if it should tell and does
/// not. In a container they need not be there; whoever has started that is trusted to keep them to itself.
fn below(mount: &Mount, dir: &OwnedFd) -> Option<Vec<PathBuf>> {
    let source = Path::new(&mount.source);
    match mount.name.as_str() {
        // What lies lower is never written.
        "overlay" => {
            let upper = Options(&mount.options).value("upperdir");
            Some(upper.into_iter().map(|path| unescaped(path.as_bytes()).into()).collect())
        }
        "fuse.mergerfs" => branches(dir),
        _ if source.is_absolute() => {
            // Something else may be mounted in there.
            let path = fs::read_link(format!("/proc/thread-self/fd/{}", dir.as_raw_fd())).ok();
            let inner =
                path.and_then(|path| Some(source.join(path.strip_prefix(&mount.point).ok()?)));
            Some(std::iter::once(source.to_owned()).chain(inner).collect())
        }
        _ => Some(Vec::new()),
    }
}

/// Where a directory of mergerfs is, as that says in an attribute: paths, each with a zero byte behind it.
fn branches(dir: &OwnedFd) -> Option<Vec<PathBuf>> {
    let mut value = vec![0; 1 << 16];
    let length = fgetxattr(dir, "user.mergerfs.allpaths", &mut value).ok()?;
    let paths = value[..length].split(|byte| *byte == 0).filter(|path| !path.is_empty());
    Some(paths.map(|path| OsString::from_vec(path.to_vec()).into()).collect())
}

/// Opens a directory in such a way that its attributes can be read, if that is allowed.
fn open(path: &Path) -> Result<OwnedFd, Errno> {
    let flags = OFlags::DIRECTORY | OFlags::CLOEXEC;
    match openat(CWD, path, flags | OFlags::RDONLY, Mode::empty()) {
        Err(Errno::ACCESS) => openat(CWD, path, flags | OFlags::PATH, Mode::empty()),
        opened => opened,
    }
}

/// The name of the file system that holds `dir`, if there are changes that it tells nobody of.
pub(in super::super) fn silent_name(dir: &Path) -> Option<String> {
    let verdict = judge(&open(dir).ok()?).ok()?;
    let is_silent = verdict.kind > Kind::Local || kinds::is_silent(&verdict.name);
    is_silent.then_some(verdict.name)
}

/// Has a network file system ask its server for the state of `dir`, by which it finds out that what it
/// remembers of the names in there is outdated.
pub(in super::super) fn refresh(dir: &OwnedFd) {
    // An answer of an older time is all that is lost.
    let _ = statx(dir, "", AtFlags::EMPTY_PATH | AtFlags::STATX_FORCE_SYNC, StatxFlags::MTIME);
}

/// Waits until what a machine that has lost the lock had asked of `dir` before is done: a process may be killed
/// while its request is on the way, and the request that releases its lock may overtake that.
pub(in super::super) fn settle(dir: &OwnedFd) {
    let now = Timespec { tv_sec: 0, tv_nsec: UTIME_NOW };
    let unchanged = Timespec { tv_sec: 0, tv_nsec: UTIME_OMIT };
    std::thread::sleep(SETTLING);
    // The server changes the directory for one after another, so that this one waits for those before it.
    let _ = futimens(dir, &Timestamps { last_access: unchanged, last_modification: now });
    refresh(dir);
}

/// Whether `dir` is in procfs, whose links need not lead where their text says.
pub(in super::super) fn is_proc(dir: &OwnedFd) -> bool {
    fstatfs(dir).is_ok_and(|stat| stat.f_type as u32 == PROC)
}

/// Opens a directory unless its path leads over a link.
pub(in super::super) fn open_without_links(path: &Path, flags: OFlags) -> Result<OwnedFd, Errno> {
    openat2(CWD, path, flags, Mode::empty(), ResolveFlags::NO_SYMLINKS)
}

/// Whether the entry is the root of a mount, as Docker's `-v FILE:FILE` makes it.
pub(in super::super) fn is_mount_point(dir: &OwnedFd, name: &OsStr) -> bool {
    statx(dir, name, AtFlags::SYMLINK_NOFOLLOW, StatxFlags::empty())
        .is_ok_and(|stat| stat.stx_attributes.contains(StatxAttributes::MOUNT_ROOT))
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXT4: u32 = 0xef53;
    const TMPFS: u32 = 0x0102_1994;
    const FUSE: u32 = 0x6573_5546;

    fn mounted(name: &str, options: &str, magic: u32, major: u32) -> Verdict {
        let mount = Mount {
            point: "/m".into(),
            name: name.into(),
            source: "none".into(),
            options: options.into(),
        };
        judge_mount(&mount, Numbers { magic, major })
    }

    #[test]
    fn the_type_of_a_mount_decides() {
        for (name, magic, major, kind) in [
            ("ext4", EXT4, 0, Kind::Tested),
            ("btrfs", 0x9123_683e, 0, Kind::Tested),
            ("overlay", 0x794c_7630, 0, Kind::Tested),
            ("tmpfs", TMPFS, 0, Kind::Tested),
            ("zfs", 0x2fc1_2fc1, 0, Kind::Local),
            ("fuseblk", FUSE, 8, Kind::Local),
            ("fuseblk.ntfs", FUSE, 8, Kind::Local),
            ("fuse.gocryptfs", FUSE, 0, Kind::Local),
            ("fuse.encfs", FUSE, 0, Kind::Local),
            // 9p passes on the numbers of what is on the other side.
            ("9p", EXT4, 0, Kind::Shared),
            ("9p", TMPFS, 0, Kind::Shared),
            ("9p", 0x0102_1997, 0, Kind::Shared),
            ("virtiofs", FUSE, 0, Kind::Shared),
            ("nfs4", 0x6969, 0, Kind::Shared),
            ("cifs", 0xff53_4d42, 0, Kind::Shared),
            ("smb3", 0xfe53_4d42, 0, Kind::Shared),
            ("vboxsf", 0x786f_4256, 0, Kind::Shared),
            ("drvfs", 0x5346_4846, 0, Kind::Shared),
            ("fuse.sshfs", FUSE, 0, Kind::Shared),
            ("fuse.rclone", FUSE, 0, Kind::Shared),
            ("fuse.of-somebody", FUSE, 0, Kind::Unknown),
            ("fuse", FUSE, 0, Kind::Unknown),
            ("stacked", 0x6969, 8, Kind::Shared),
            ("fuse.mergerfs", FUSE, 0, Kind::Local),
            ("newfs", 0x1234, 0, Kind::Unknown),
            ("newfs", 0x1234, 259, Kind::Local),
        ] {
            let verdict = mounted(name, "rw", magic, major);
            assert_eq!(verdict.kind, kind, "{name} {magic:#x} {major}");
        }
    }

    #[test]
    fn without_the_mount_the_numbers_decide() {
        for (magic, major, name, kind) in [
            (EXT4, 8, "ext4", Kind::Tested),
            (EXT4, 0, "ext4", Kind::Shared),
            (0x5846_5342, 0, "xfs", Kind::Shared),
            (0x9123_683e, 0, "btrfs", Kind::Tested),
            (0x794c_7630, 0, "overlay", Kind::Tested),
            (TMPFS, 0, "tmpfs", Kind::Tested),
            (FUSE, 0, "fuse", Kind::Unknown),
            (0x6969, 0, "nfs", Kind::Shared),
            (0x0102_1997, 0, "9p", Kind::Shared),
            (0x00c3_6400, 0, "ceph", Kind::Cluster),
            (0x0bd0_0bd0, 0, "lustre", Kind::Shared),
            (0x0116_1970, 253, "gfs2", Kind::Shared),
            (0x1234, 0, "type 0x1234", Kind::Unknown),
            (0x1234, 8, "type 0x1234", Kind::Local),
        ] {
            let verdict = Numbers { magic, major }.verdict();
            assert_eq!((verdict.name.as_str(), verdict.kind), (name, kind), "{magic:#x} {major}");
        }
    }

    #[test]
    fn only_a_disk_with_a_device_is_certain_without_its_mount() {
        for (magic, major, disk) in [
            (EXT4, 8, Some("ext4")),
            (EXT4, 0, None),
            (TMPFS, 0, None),
            (TMPFS, 8, None),
            (FUSE, 8, None),
        ] {
            assert_eq!(Numbers { magic, major }.disk(), disk, "{magic:#x} {major}");
        }
    }

    #[test]
    fn what_lies_below_counts_if_it_is_worse() {
        let verdict = |name, kind| Verdict::new(name, kind);
        let overlay = || verdict("overlay", Kind::Tested);
        let shared = overlay().over(&verdict("nfs4", Kind::Shared));
        assert_eq!(shared, verdict("overlay over nfs4", Kind::Shared));
        assert_eq!(overlay().over(&verdict("ext4", Kind::Tested)), overlay());
        let ceph = overlay().over(&verdict("ceph", Kind::Cluster));
        assert_eq!(ceph, verdict("overlay over ceph", Kind::Shared), "locks do not get down there");
        let crypt = verdict("fuse.gocryptfs", Kind::Local);
        assert_eq!(crypt.clone().over(&verdict("ext4", Kind::Tested)), crypt);
    }

    #[test]
    fn the_directories_below_are_those_that_the_mount_names() {
        let dir = open(Path::new("/")).unwrap();
        let below = |name: &str, source: &str, options: &str| {
            let mount = Mount {
                point: "/m".into(),
                name: name.into(),
                source: source.into(),
                options: options.into(),
            };
            below(&mount, &dir)
        };
        let paths = |paths: &[&str]| Some(paths.iter().map(PathBuf::from).collect::<Vec<_>>());
        let upper = "rw,lowerdir=/l:/l2,upperdir=/u\\040p,workdir=/w";
        assert_eq!(below("overlay", "overlay", upper), paths(&["/u p"]));
        assert_eq!(below("overlay", "overlay", "ro,lowerdir=/l:/l2"), paths(&[]));
        assert_eq!(below("fuse.gocryptfs", "/cipher", "rw"), paths(&["/cipher"]));
        assert_eq!(below("fuse.encfs", "encfs", "rw"), paths(&[]));
        assert_eq!(below("fuse.mergerfs", "a:b", "rw"), None, "it says nothing");
    }
}
