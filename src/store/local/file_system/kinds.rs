//! The kinds of file system, by the names that the kernel gives them in proc_pid_mountinfo(5).

/// Whom the locks of a file system keep out. A later one is worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// Everybody: all are on this machine, and the tests run there.
    Tested,
    /// Everybody: all are on this machine.
    Local,
    /// Everybody on every machine, as its documentation says.
    Cluster,
    /// Nobody knows.
    Unknown,
    /// Perhaps not those on other machines.
    Shared,
}

const TESTED: [&str; 7] = ["ext4", "ext3", "ext2", "xfs", "btrfs", "tmpfs", "overlay"];

const LOCAL: [&str; 34] = [
    "bcachefs",
    "cramfs",
    "devtmpfs",
    "erofs",
    "exfat",
    "f2fs",
    "fuseblk",
    "hfs",
    "hfsplus",
    "iso9660",
    "jffs2",
    "jfs",
    "lxfs",
    "minix",
    "msdos",
    "nilfs2",
    "ntfs",
    "ntfs3",
    "proc",
    "ramfs",
    "reiserfs",
    "rootfs",
    "squashfs",
    "sysfs",
    "ubifs",
    "udf",
    "ufs",
    "vfat",
    "wslfs",
    "zfs",
    "fuse.ntfs-3g",
    "fuse.exfat",
    "fuse.exfat-fuse",
    "fuse.fuse2fs",
];

/// Those that keep their files on other file systems of this machine, which count too where they can be
/// found.
const STACKED: [&str; 11] = [
    "aufs",
    "ecryptfs",
    "fuse.bindfs",
    "fuse.cryfs",
    "fuse.encfs",
    "fuse.fuse-overlayfs",
    "fuse.gocryptfs",
    "fuse.mergerfs",
    "fuse.unionfs",
    "fuse.unionfs-fuse",
    "overlay",
];

/// Those that are known to be written by other machines, or by what runs beside a virtual one.
const SHARED: [&str; 39] = [
    "9p",
    "acfs",
    "afs",
    "beegfs",
    "cifs",
    "coda",
    "drvfs",
    "fuse.beegfs",
    "fuse.ceph",
    "fuse.ceph-fuse",
    "fuse.cifs",
    "fuse.curlftpfs",
    "fuse.davfs",
    "fuse.gcsfuse",
    "fuse.glusterfs",
    "fuse.goofys",
    "fuse.grpcfuse",
    "fuse.gvfsd-fuse",
    "fuse.juicefs",
    "fuse.osxfs",
    "fuse.rclone",
    "fuse.s3fs",
    "fuse.sshfs",
    "fuse.vmhgfs-fuse",
    "gpfs",
    "hostfs",
    "kafs",
    "ncpfs",
    "nfs",
    "nfs4",
    "orangefs",
    "panfs",
    "prl_fs",
    "pvfs2",
    "smb3",
    "smbfs",
    "vboxsf",
    "virtiofs",
    "vmhgfs",
];

/// What the options of a mount have to say.
pub(super) struct Options<'a>(pub(super) &'a str);

impl<'a> Options<'a> {
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.split(',').any(|option| option == name)
    }

    pub(super) fn value(&self, name: &str) -> Option<&'a str> {
        self.0.split(',').find_map(|option| option.strip_prefix(name)?.strip_prefix('='))
    }
}

/// The kind of a mount of this type, or `None` where nobody has heard of it.
pub(super) fn of(name: &str, options: &Options<'_>) -> Option<Kind> {
    let is_in = |names: &[&str]| names.contains(&name);
    // A device of its own belongs to one machine, whichever program understands what is on it.
    let is_device = name.starts_with("fuseblk.");
    match name {
        "ceph" => Some(Kind::Cluster),
        "gfs2" if options.value("lockproto") == Some("lock_nolock") => Some(Kind::Local),
        // With this option each machine keeps its locks to itself.
        "gfs2" | "ocfs2" if options.has("localflocks") => Some(Kind::Shared),
        "gfs2" | "ocfs2" => Some(Kind::Cluster),
        "lustre" if options.has("flock") => Some(Kind::Cluster),
        "lustre" => Some(Kind::Shared),
        _ if is_in(&TESTED) => Some(Kind::Tested),
        _ if is_in(&LOCAL) || is_in(&STACKED) || is_device => Some(Kind::Local),
        _ if is_in(&SHARED) => Some(Kind::Shared),
        _ if name == "fuse" || name.starts_with("fuse.") => Some(Kind::Unknown),
        _ => None,
    }
}

/// Whether files of such a mount are kept on other file systems.
pub(super) fn is_stacked(name: &str) -> bool {
    STACKED.contains(&name)
}

/// Whether changes may be made that inotify(7) does not tell of, since they are not made through this mount.
pub(super) fn is_silent(name: &str) -> bool {
    name == "proc" || name.starts_with("fuse")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_stands_in_one_list() {
        let lists = [&TESTED[..], &LOCAL, &SHARED].concat();
        for name in &lists {
            assert_eq!(lists.iter().filter(|other| *other == name).count(), 1, "{name}");
        }
    }

    #[test]
    fn cluster_file_systems_are_judged_by_their_options() {
        for (name, options, kind) in [
            ("ceph", "rw,acl", Kind::Cluster),
            ("gfs2", "rw,lockproto=lock_dlm", Kind::Cluster),
            ("gfs2", "rw,lockproto=lock_nolock,localflocks", Kind::Local),
            ("gfs2", "rw,localflocks", Kind::Shared),
            ("ocfs2", "rw,heartbeat=global", Kind::Cluster),
            ("ocfs2", "rw,localflocks", Kind::Shared),
            ("lustre", "rw,flock,lazystatfs", Kind::Cluster),
            ("lustre", "rw,localflock", Kind::Shared),
            ("lustre", "rw,noflock", Kind::Shared),
            ("lustre", "rw", Kind::Shared),
        ] {
            assert_eq!(of(name, &Options(options)), Some(kind), "{name} {options}");
        }
    }
}
