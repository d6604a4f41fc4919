//! What the file system under a directory can be trusted with: whom its locks keep out, and whether it tells
//! of changes.
//!
//! `flock(2)` keeps out every process of one machine. Where other machines can write too, as on NFS, it keeps
//! them out only if the file system carries locks over, and many accept a lock and carry it nowhere.
//! So what other machines may write is refused unless its locks are known to reach them.
//! docs/file-systems.md says how each kind is judged, and why.

mod kinds;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
mod mounts;
#[cfg(not(target_os = "linux"))]
mod unsupported;

#[cfg(target_os = "linux")]
pub(super) use linux::{
    is_mount_point, is_proc, judge, open_without_links, refresh, settle, silent_name,
};
#[cfg(not(target_os = "linux"))]
pub(super) use unsupported::{
    is_mount_point, is_proc, judge, open_without_links, refresh, settle, silent_name,
};

use kinds::Kind;

/// A file system, as people call it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FileSystem {
    /// Its kind, such as `ext4`, `nfs4` or `fuse.sshfs`, and what it lies on where that matters.
    pub name: String,
    /// Whether the promises hold there: `true` where they are tested, `false` where locks may not exclude
    /// other machines, and `None` where they should, but nobody has tried.
    pub is_safe: Option<bool>,
}

/// Where those are whom a lock has to keep out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Locality {
    /// On this machine.
    Local,
    /// On others too, so that each question goes over a network and may stay without an answer.
    Shared,
}

/// What a file system was found to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Verdict {
    name: String,
    kind: Kind,
}

impl Verdict {
    fn new(name: impl Into<String>, kind: Kind) -> Self {
        Verdict { name: name.into(), kind }
    }

    /// The same, of what lies on another file system: the worse of the two counts. A lock does not get down there,
    /// so that it reaches no other machine.
    fn over(self, below: &Verdict) -> Self {
        let kind = if below.kind == Kind::Cluster { Kind::Shared } else { below.kind };
        if kind <= self.kind {
            return self;
        }
        Verdict { name: format!("{} over {}", self.name, below.name), kind }
    }

    /// Why locks may not keep everybody out, with the name of the file system; `None` where they do.
    pub(super) fn doubt(&self) -> Option<String> {
        let name = &self.name;
        match self.kind {
            Kind::Tested | Kind::Local | Kind::Cluster => None,
            Kind::Unknown => Some(format!(
                "a file system ({name}) of which is not known whether its locks keep out all who can write \
                 there"
            )),
            Kind::Shared => Some(format!(
                "a file system ({name}) that other machines may write too, and its locks may not keep them \
                 out"
            )),
        }
    }

    pub(super) fn locality(&self) -> Locality {
        match self.kind {
            Kind::Tested | Kind::Local => Locality::Local,
            Kind::Cluster | Kind::Unknown | Kind::Shared => Locality::Shared,
        }
    }

    /// The same, for people.
    pub(super) fn file_system(self) -> FileSystem {
        let is_safe = match self.kind {
            Kind::Tested => Some(true),
            Kind::Local | Kind::Cluster => None,
            Kind::Unknown | Kind::Shared => Some(false),
        };
        FileSystem { name: self.name, is_safe }
    }
}
