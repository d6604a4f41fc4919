use super::Interrupts;
use crate::store::Observer;
use std::ffi::OsString;
use std::path::PathBuf;

/// How much of an edit survives a power cut once it is reported as done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Durability {
    /// All of it: file and directory are synced.
    #[default]
    Full,
    /// A whole document survives, but it may be the one before the edit: only the file is synced.
    Data,
    /// Nothing is synced. A power cut may leave an empty file; a killed process still may not.
    None,
}

/// What an edit may create where there is no file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Create {
    /// Nothing, not even a lock file.
    Never,
    /// The file, in a directory that exists.
    #[default]
    File,
    /// The file and the directories above it.
    Parents,
}

/// Which symbolic links are followed to the file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Follow {
    /// All, except those that could make somebody edit a file of the link's maker's choice: root does
    /// not follow a link of a user who is neither root nor the owner of what it points to, and nobody
    /// follows the link of another user, unless it is the directory's owner, in a directory that is
    /// sticky and writable for all.
    #[default]
    Safe,
    /// All.
    Always,
    /// None; a file that is a link is refused.
    Never,
}

/// What to do with a file that has several names. An edit gives the new content to one of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HardLinks {
    /// Refuse the edit.
    #[default]
    Refuse,
    /// Edit under the given name; the other names keep the old content.
    Break,
}

/// What to do with a file that the user may not write, though its directory lets it be replaced.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReadOnly {
    /// Refuse the edit.
    #[default]
    Refuse,
    /// Edit it.
    Override,
}

/// What to do on a file system that other machines may write too, and where locks may not keep them out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Network {
    /// Refuse the edit.
    #[default]
    Refuse,
    /// Trust its locks.
    Allow,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Options {
    pub(super) create: Create,
    pub(super) mode: Option<u32>,
    pub(super) durability: Durability,
    pub(super) follow: Follow,
    pub(super) hard_links: HardLinks,
    pub(super) read_only: ReadOnly,
    pub(super) network: Network,
    pub(super) lock_file: Option<PathBuf>,
    /// What the name of a backup ends in.
    pub(super) backup: Option<OsString>,
    pub(super) observer: Observer,
    pub(super) interrupts: Interrupts,
}
