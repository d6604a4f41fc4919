//! A machine whose disk remembers what was written when, and can be put back to how any power cut
//! might have left it.

use super::disk::{Blocks, Disk};
use super::file_systems::FileSystem;
use crate::harness::skip;
use crate::namespace::Mounted;
use std::path::PathBuf;
use tempfile::TempDir;

pub(super) struct Machine<'a> {
    pub(super) system: &'a FileSystem,
    pub(super) disk: Disk,
    mount: TempDir,
}

impl<'a> Machine<'a> {
    pub(super) fn new(system: &'a FileSystem) -> Self {
        let disk = Disk::new(system.size);
        Machine { system, disk, mount: tempfile::tempdir().unwrap() }
    }

    /// Starts it with an empty file system.
    pub(super) fn start(&self) -> Mounted {
        let image = self.disk.insert(Blocks::default());
        self.system.make(&image);
        self.system.mount(&image, self.mount.path()).unwrap()
    }

    /// Starts it with what a power cut has left.
    pub(super) fn restart(&self, blocks: Blocks) -> Result<Mounted, String> {
        self.system.mount(&self.disk.insert(blocks), self.mount.path())
    }

    /// The directory in its file system where the test works.
    pub(super) fn directory(&self) -> PathBuf {
        self.mount.path().join("dir")
    }
}

/// Whether such a machine can be had here; says so if not.
pub(super) fn can_record(test: &str) -> bool {
    let works = Disk::works();
    if !works {
        skip(test, "FUSE does not work here");
    }
    works
}
