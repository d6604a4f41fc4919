//! From the path that a user wrote to the directory and name that lock, read and rename share.

use super::links::{self, Link, MAX_LINKS, open_directory};
use super::{Create, Follow, file_system};
use crate::{Error, ErrorKind, Result};
use rustix::fs::{AtFlags, Mode, OFlags, Stat, fstat, fsync, mkdirat, openat, statat};
use rustix::io::Errno;
use std::ffi::{OsStr, OsString};
use std::os::fd::OwnedFd;
use std::path::{Component, Path, PathBuf};

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
        self.path_of(&self.name)
    }

    /// The same of another name in the directory.
    pub(super) fn path_of(&self, name: &OsStr) -> PathBuf {
        match self.dir_path.as_path() {
            current if current == Path::new(".") => PathBuf::from(name),
            dir_path => dir_path.join(name),
        }
    }

    /// What the name denotes now, or `None` where it denotes nothing.
    pub(super) fn stat(&self) -> Result<Option<Stat>> {
        let look = || stat_entry(&self.dir, &self.name);
        let found = match look() {
            Ok(None) => {
                self.refresh();
                look()
            }
            found => found,
        };
        found.map_err(|error| Error::io("inspect", &self.path(), error))
    }

    /// Has a file system on another machine ask there what is in the directory: it may remember for half a
    /// minute that a name was missing, though another machine has made it since.
    pub(super) fn refresh(&self) {
        file_system::refresh(&self.dir);
    }

    /// Another name in the same directory.
    pub(super) fn sibling(&self, name: &OsStr) -> Result<Target> {
        let dir = self
            .dir
            .try_clone()
            .map_err(|error| Error::io("open the directory", &self.dir_path, error))?;
        Ok(Target { dir, dir_path: self.dir_path.clone(), name: name.to_owned() })
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
    let mut followed = Vec::new();
    while followed.len() <= MAX_LINKS {
        let (dir_path, name) = split(&current)?;
        let dir = match open_directory(&dir_path, follow) {
            Err(error) if error.kind() == ErrorKind::NotFound && create == Create::Parents => {
                links::check_creation(&followed, path, follow)?;
                create_directories(&dir_path, follow)?
            }
            opened => opened?,
        };
        let link =
            Link::read(&dir, &name).map_err(|error| Error::io("inspect", &current, error))?;
        let Some(link) = link else {
            links::check_destination(&followed, &dir, &name, (path, follow))?;
            return Ok(Target { dir, dir_path, name });
        };
        if file_system::is_proc(&dir) {
            return Err(magic_link(path));
        }
        link.check(&dir, &current, follow)?;
        current = dir_path.join(&link.text);
        followed.push(link);
    }
    Err(Error::new(ErrorKind::Io, format!("{} has too many symbolic links", path.display())))
}

/// The directory that holds `path`, and its name, which may be a link.
pub(super) fn parent(path: &Path, follow: Follow) -> Result<Target> {
    let (dir_path, name) = split(path)?;
    Ok(Target { dir: open_directory(&dir_path, follow)?, dir_path, name })
}

/// The file at `path` as if the nearest directory above it that exists were its own.
pub(super) fn nearest(path: &Path, follow: Follow) -> Result<Target> {
    let (dir_path, name) = split(path)?;
    let dir = open_directory(nearest_directory(&dir_path), follow)?;
    Ok(Target { dir, dir_path, name })
}

fn nearest_directory(path: &Path) -> &Path {
    let existing = path.ancestors().find(|path| *path != Path::new("") && path.exists());
    existing.unwrap_or(Path::new("."))
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

/// A link such as `/dev/stdin` leads to an open file, whose name in the text of the link may be a
/// file of another name by now, or none at all.
fn magic_link(path: &Path) -> Error {
    let message = format!("{} leads to an open file, not to a name", path.display());
    Error::new(ErrorKind::Denied, message).advise("give the file's own name")
}

/// Creates a directory and those above it that are missing, as `mkdir -p` would, and makes each of them
/// durable: syncing the innermost alone would leave the others to luck.
fn create_directories(path: &Path, follow: Follow) -> Result<OwnedFd> {
    let existing = nearest_directory(path);
    let mut dir = open_directory(existing, follow)?;
    let mut made = existing.to_owned();
    // Where nothing of a relative path exists, all of it is missing.
    for component in path.strip_prefix(existing).unwrap_or(path).components() {
        let path = made.join(component);
        let path = path.strip_prefix(".").unwrap_or(&path);
        let failed = |error| Error::io("create the directory", path, error).or_cannot_create();
        match mkdirat(&dir, component.as_os_str(), Mode::from(0o777)) {
            Ok(()) | Err(Errno::EXIST) => {}
            Err(error) => return Err(failed(error)),
        }
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let inner = openat(&dir, component.as_os_str(), flags, Mode::empty()).map_err(failed)?;
        match fsync(&dir) {
            // The file system cannot do it, which the sync after the rename finds out too, and tells.
            Ok(()) | Err(Errno::INVAL | Errno::OPNOTSUPP) => {}
            Err(error) => return Err(Error::io("sync the directory", &made, error)),
        }
        made.push(component);
        dir = inner;
    }
    Ok(dir)
}
