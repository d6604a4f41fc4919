//! The file systems that lose power.

use crate::harness::skip;
use crate::namespace::Mounted;
use std::path::Path;
use std::process::Command;

pub(super) struct FileSystem {
    pub(super) name: &'static str,
    make: &'static [&'static str],
    pub(super) size: u64,
    options: &'static str,
}

const MIB: u64 = 1 << 20;

/// Without what ext4 would otherwise make up for in the background, long after the first mount.
const MAKE_EXT4: &[&str] =
    &["mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=0,lazy_journal_init=0"];

/// The option takes away what ext4 does for programs that rename without a sync.
pub(super) const NO_AUTO_ALLOCATION: &str = "ext4, noauto_da_alloc";

/// They write of their own accord as late as can be set, so that what no sync has written is lost.
const ALL: [FileSystem; 4] = [
    FileSystem { name: "ext4", make: MAKE_EXT4, size: 32 * MIB, options: "commit=60" },
    FileSystem {
        name: NO_AUTO_ALLOCATION,
        make: MAKE_EXT4,
        size: 32 * MIB,
        options: "commit=60,noauto_da_alloc",
    },
    FileSystem { name: "xfs", make: &["mkfs.xfs", "-q", "-f"], size: 300 * MIB, options: "nouuid" },
    FileSystem {
        name: "btrfs",
        make: &["mkfs.btrfs", "-q", "-f"],
        size: 128 * MIB,
        options: "commit=60",
    },
];

/// Does something on each file system, on all of them at once: it is waiting that takes the time.
pub(super) fn each<T: Send>(test: &str, check: impl Fn(&FileSystem) -> T + Sync) -> Vec<T> {
    let there = ALL.iter().filter(|system| system.is_there(test));
    std::thread::scope(|scope| {
        let check = &check;
        let threads: Vec<_> = there.map(|system| scope.spawn(move || check(system))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

impl FileSystem {
    /// Whether the kernel has it and the tool that makes it is there; says so if not.
    fn is_there(&self, test: &str) -> bool {
        let kind = self.make[0].trim_start_matches("mkfs.");
        let tool = Command::new(self.make[0]).arg("-V").output();
        let kernel = std::fs::read_to_string("/proc/filesystems").unwrap();
        let known = kernel.lines().any(|line| line.trim() == kind)
            || Command::new("modprobe").arg(kind).status().is_ok_and(|status| status.success());
        let is_there = tool.is_ok() && known;
        if !is_there {
            skip(&format!("{test} on {kind}"), "the kernel or the machine lacks it");
        }
        is_there
    }

    /// Makes the file system in a file of its size.
    pub(super) fn make(&self, image: &Path) {
        let made = Command::new(self.make[0]).args(&self.make[1..]).arg(image).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    }

    /// Mounts it, which repairs what a power cut has left as it always does.
    pub(super) fn mount(&self, image: &Path, at: &Path) -> Result<Mounted, String> {
        let options = format!("loop,{}", self.options);
        Mounted::new(&["-o", &options, image.to_str().unwrap()], at)
    }
}
