//! From the path that a user wrote to the directory and name that lock, read and rename share.

use super::{Create, Follow, file_system};
use crate::{Error, ErrorKind, Result};
use rustix::fs::{AtFlags, Mode, OFlags, Stat, fstat, openat, readlinkat, stat, statat};
use rustix::io::Errno;
use std::ffi::{OsStr, OsString};
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStringExt;
use std::path::{Component, Path, PathBuf};

/// As many links as Linux follows in one path.
const MAX_LINKS: usize = 40;

/// A resolved file: no component of it is a symbolic link any more, and the directory handle stays
/// valid when the directory is renamed.
#[derive(Debug)]
pub(super) struct Target {
    pub(super) dir: OwnedFd,
    pub(super) dir_path: PathBuf,
    pub(super) name: OsString,
}

impl Target {
    /// The path for messages. It is not opened again, so it may be outdated without harm.
    pub(super) fn path(&self) -> PathBuf {
        match self.dir_path.as_path() {
            current if current == Path::new(".") => PathBuf::from(&self.name),
            dir_path => dir_path.join(&self.name),
        }
    }

    /// What the name denotes now, or `None` where it denotes nothing.
    pub(super) fn stat(&self) -> Result<Option<Stat>> {
        stat_entry(&self.dir, &self.name).map_err(|error| Error::io("inspect", &self.path(), error))
    }

    /// Whether both name the same directory entry.
    pub(super) fn is_same_entry(&self, other: &Target) -> Result<bool> {
        let inspect = |target: &Target| {
            fstat(&target.dir).map_err(|error| Error::io("inspect", &target.dir_path, error))
        };
        let (ours, theirs) = (inspect(self)?, inspect(other)?);
        Ok(self.name == other.name && same_inode(&ours, &theirs))
    }
}

/// Whether two inspections saw the same file.
pub(super) fn same_inode(left: &Stat, right: &Stat) -> bool {
    left.st_dev == right.st_dev && left.st_ino == right.st_ino
}

/// What `name` in `dir` denotes, without following a link.
pub(super) fn stat_entry(dir: &OwnedFd, name: &OsStr) -> Result<Option<Stat>, Errno> {
    match statat(dir, name, AtFlags::SYMLINK_NOFOLLOW) {
        Ok(stat) => Ok(Some(stat)),
        Err(Errno::NOENT) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Follows the links of `path` to a directory and a name.
///
/// The name need not exist, the directory must.
///
/// With [`Create::Parents`] a directory that is missing is made.
pub(super) fn resolve(path: &Path, follow: Follow, create: Create) -> Result<Target> {
    let mut current = path.to_owned();
    for _ in 0..=MAX_LINKS {
        let (dir_path, name) = split(&current)?;
        check_directories(&dir_path, follow)?;
        let dir = match open_directory(&dir_path) {
            Err(error) if error.kind() == ErrorKind::NotFound && create == Create::Parents => {
                create_directories(&dir_path)?;
                open_directory(&dir_path)?
            }
            opened => opened?,
        };
        match readlinkat(&dir, &name, Vec::new()) {
            Ok(_) if file_system::is_proc(&dir) => return Err(magic_link(path)),
            Ok(link) => {
                let link = OsString::from_vec(link.into_bytes());
                check_link(&dir_path.join(&name), follow)?;
                current = dir_path.join(link);
            }
            // Not a link, or nothing there.
            Err(Errno::INVAL | Errno::NOENT) => return Ok(Target { dir, dir_path, name }),
            Err(error) => return Err(Error::io("inspect", &current, error)),
        }
    }
    Err(Error::new(ErrorKind::Io, format!("{} has too many symbolic links", path.display())))
}

/// The directory that holds `path`, and its name, which may be a link.
pub(super) fn parent(path: &Path) -> Result<Target> {
    let (dir_path, name) = split(path)?;
    Ok(Target { dir: open_directory(&dir_path)?, dir_path, name })
}

/// The directory and the name of `path`, which must end in a name.
fn split(path: &Path) -> Result<(PathBuf, OsString)> {
    let text = path.as_os_str().as_encoded_bytes();
    let ends_in_slash = text.ends_with(b"/") || text.ends_with(b"/.");
    match (path.components().next_back(), path.parent()) {
        (Some(Component::Normal(name)), Some(parent)) if !ends_in_slash => {
            let parent = if parent == Path::new("") { Path::new(".") } else { parent };
            Ok((parent.to_owned(), name.to_owned()))
        }
        (None, _) => Err(Error::new(ErrorKind::NotFound, "the file name is empty")),
        _ => Err(Error::new(ErrorKind::Denied, format!("{} names a directory", path.display()))),
    }
}

fn open_directory(path: &Path) -> Result<OwnedFd> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let open = |flags| openat(rustix::fs::CWD, path, flags, Mode::empty());
    let opened = match open(flags) {
        // Reading a file takes no more than the permission to pass through its directory.
        Err(Errno::ACCESS) => open(flags | OFlags::PATH),
        opened => opened,
    };
    opened.map_err(|error| match error {
        Errno::NOENT => {
            let message = format!("the directory {} does not exist", path.display());
            Error::new(ErrorKind::NotFound, message)
        }
        Errno::NOTDIR => {
            let message = format!("{} is not a directory", path.display());
            Error::new(ErrorKind::CannotCreate, message)
        }
        error => Error::io("open the directory", path, error),
    })
}

/// Checks the links among the directories of a path. Only root has more to lose there than the
/// link's owner, so others are spared the walk.
fn check_directories(dir_path: &Path, follow: Follow) -> Result<()> {
    if follow != Follow::Always && rustix::process::geteuid().is_root() {
        for ancestor in dir_path.ancestors().filter(|path| *path != Path::new("")) {
            if is_link(ancestor) {
                check_link(ancestor, Follow::Safe)?;
            }
        }
    }
    Ok(())
}

fn is_link(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|metadata| metadata.is_symlink())
}

/// Refuses a link that would lead somewhere its owner could not go.
fn check_link(link: &Path, follow: Follow) -> Result<()> {
    let euid = rustix::process::geteuid();
    match follow {
        Follow::Always => Ok(()),
        Follow::Never => Err(refused(link, "is a symbolic link", "give the file it points to")),
        Follow::Safe if !euid.is_root() => Ok(()),
        Follow::Safe => {
            let inspect = |error| Error::io("inspect", link, error);
            let owner = rustix::fs::lstat(link).map_err(inspect)?.st_uid;
            if owner == 0 || owner == destination_owner(link).map_err(inspect)? {
                return Ok(());
            }
            let reason = "is a symbolic link whose owner does not own what it points to";
            Err(refused(link, reason, "give the file it points to, or --follow=always"))
        }
    }
}

/// Who owns what the link leads to, or the directory where it would be created.
fn destination_owner(link: &Path) -> Result<u32, Errno> {
    match stat(link) {
        Err(Errno::NOENT) => {
            let target = readlinkat(rustix::fs::CWD, link, Vec::new())?;
            let target = PathBuf::from(OsString::from_vec(target.into_bytes()));
            let parent = link.parent().unwrap_or(Path::new("/")).join(target);
            stat(parent.parent().unwrap_or(Path::new("/"))).map(|stat| stat.st_uid)
        }
        stat => stat.map(|stat| stat.st_uid),
    }
}

/// A link such as `/dev/stdin` leads to an open file, whose name in the text of the link may be a
/// file of another name by now, or none at all.
fn magic_link(path: &Path) -> Error {
    let message = format!("{} leads to an open file, not to a name", path.display());
    Error::new(ErrorKind::Denied, message).advise("give the file's own name")
}

fn refused(link: &Path, reason: &str, advice: &str) -> Error {
    Error::new(ErrorKind::Denied, format!("{} {reason}; {advice}", link.display()))
}

/// Creates a directory and those above it that are missing, as `mkdir -p` would, and makes each of them
/// durable: syncing the innermost alone would leave the others to luck.
fn create_directories(path: &Path) -> Result<()> {
    let paths = path.ancestors().filter(|path| *path != Path::new(""));
    let mut missing: Vec<&Path> = paths.take_while(|path| !path.exists()).collect();
    while let Some(directory) = missing.pop() {
        match std::fs::create_dir(directory) {
            Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
                return Err(Error::io("create the directory", directory, error).or_cannot_create());
            }
            _ => {}
        }
        let (parent, _) = split(directory)?;
        rustix::fs::fsync(open_directory(&parent)?)
            .map_err(|error| Error::io("sync the directory", &parent, error))?;
    }
    Ok(())
}
