use super::super::lock;
use super::super::record::{self, Record};
use super::super::resolve::Target;
use rustix::fs::{Dir, Mode, OFlags, fstat, openat};
use std::ffi::OsStr;
use std::fmt;
use std::fs::File;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

/// Something around a document that somebody should know or mend, though it keeps no edit from being made.
///
/// Its text is a full clause without a full stop.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Note {
    /// The lock file has content that is not ours, or another name as well. Edits lock it and leave it
    /// alone.
    ForeignLockFile(PathBuf),
    /// Locks may not keep out other machines here.
    Unsafe(PathBuf),
    /// The same, where the options say that they do.
    Trusted(PathBuf),
    /// The document is missing, since a writer was killed, and this is what it was to become.
    Interrupted(PathBuf),
    /// A temporary file of a writer that is dead.
    Leftover(PathBuf),
    /// What a program wrote that does not lock, when an edit came in the same instant.
    Displaced(PathBuf),
}

impl Note {
    /// A name for its sort that stays the same in all releases.
    pub fn kind(&self) -> &'static str {
        match self {
            Note::ForeignLockFile(_) => "foreign_lock_file",
            Note::Unsafe(_) => "unsafe_file_system",
            Note::Trusted(_) => "trusted_file_system",
            Note::Interrupted(_) => "interrupted",
            Note::Leftover(_) => "leftover",
            Note::Displaced(_) => "displaced",
        }
    }

    /// The file that it is about.
    pub fn path(&self) -> &Path {
        match self {
            Note::ForeignLockFile(path)
            | Note::Unsafe(path)
            | Note::Trusted(path)
            | Note::Interrupted(path)
            | Note::Leftover(path)
            | Note::Displaced(path) => path,
        }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path().display();
        match self {
            Note::ForeignLockFile(_) => write!(
                f,
                "{path} has content that jsonlock did not write, or another name as well; edits lock it \
                 but do not write to it, so use --lock-file if another program needs it"
            ),
            Note::Unsafe(_) => write!(
                f,
                "{path} is where locks may not exclude other machines; edit it from one machine only"
            ),
            Note::Trusted(_) => write!(
                f,
                "{path} is where locks may not exclude other machines; --network-fs=allow, or \
                 JSONLOCK_NETWORK_FS, says that they do or that only this one edits it, and jsonlock cannot \
                 tell"
            ),
            Note::Interrupted(_) => write!(
                f,
                "{path} is what the document was to become when a writer was killed; the next edit makes \
                 it the document, and reading takes it for it"
            ),
            Note::Leftover(_) => write!(
                f,
                "{path} was left by a writer that was killed, perhaps of another document; the next edit \
                 of that one removes it, and if it does not, you may while nobody edits"
            ),
            Note::Displaced(_) => write!(
                f,
                "{path} is what a program wrote that does not lock, while others wrote too; compare it \
                 with the document, and then remove it"
            ),
        }
    }
}

pub(super) fn about_lock_file(lock: &File, path: &Path) -> Option<Note> {
    let is_foreign = record::read(lock).0 == Record::Foreign;
    is_foreign.then(|| Note::ForeignLockFile(path.to_owned()))
}

/// What dead writers and programs that do not lock have left in the directory, by name.
pub(super) fn left_behind(target: &Target) -> Vec<Note> {
    // A directory that may not be read keeps its secrets.
    let Ok(entries) = Dir::read_from(&target.dir) else { return Vec::new() };
    let mut displaced = target.name.clone();
    displaced.push(".displaced.");
    let mut notes = Vec::new();
    for entry in entries.flatten() {
        let name = OsStr::from_bytes(entry.file_name().to_bytes());
        let path = || super::short(&target.dir_path.join(name));
        if name.as_bytes().starts_with(displaced.as_bytes()) {
            notes.push(Note::Displaced(path()));
        } else if name.to_str().is_some_and(record::is_temporary) && is_dead(target, name) {
            notes.push(Note::Leftover(path()));
        }
    }
    notes.sort_by(|left, right| left.path().cmp(right.path()));
    notes
}

/// Whether nobody has locked a temporary file, as its owner does while it lives. What cannot be opened is
/// taken to be in use.
fn is_dead(target: &Target, name: &OsStr) -> bool {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY;
    let opened = openat(&target.dir, name, flags | OFlags::CLOEXEC, Mode::empty());
    let Ok(file) = opened.map(File::from) else { return false };
    // One that has no name any more became a document, or was removed, since it was listed.
    fstat(&file).is_ok_and(|stat| stat.st_nlink > 0) && !lock::is_protected(&file)
}
