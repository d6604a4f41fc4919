//! Following links without being led astray by those who may turn them elsewhere meanwhile.
//!
//! Whatever is decided here is decided about handles, never about a path that is looked up again.

use super::{Follow, file_system};
use crate::{Error, ErrorKind, Result};
use rustix::fs::{AtFlags, CWD, Mode, OFlags, fstat, openat, readlinkat, statat};
use rustix::io::Errno;
use rustix::process::geteuid;
use std::ffi::{OsStr, OsString};
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStringExt as _;
use std::path::{Component, Path, PathBuf};

/// As many links as Linux follows in one path.
pub(super) const MAX_LINKS: usize = 40;

const HANDLE: OFlags = OFlags::PATH.union(OFlags::CLOEXEC);

/// A symbolic link.
pub(super) struct Link {
    pub(super) text: PathBuf,
    owner: u32,
}

impl Link {
    /// The link that `name` in `dir` is, or `None` where it is something else or nothing.
    pub(super) fn read(dir: &OwnedFd, name: &OsStr) -> Result<Option<Self>, Errno> {
        // Most names are no links, and one call finds that out.
        if let Err(Errno::INVAL | Errno::NOENT) = readlinkat(dir, name, Vec::new()) {
            return Ok(None);
        }
        // Text and owner must be those of one link.
        let link = match openat(dir, name, HANDLE | OFlags::NOFOLLOW, Mode::empty()) {
            Err(Errno::NOENT) => return Ok(None),
            opened => opened?,
        };
        match readlinkat(&link, "", Vec::new()) {
            Ok(text) => {
                let text = PathBuf::from(OsString::from_vec(text.into_bytes()));
                Ok(Some(Link { text, owner: fstat(&link)?.st_uid }))
            }
            Err(Errno::INVAL | Errno::NOENT) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Refuses a link that may not be followed wherever it leads. `path` is what it is called.
    pub(super) fn check(&self, dir: &OwnedFd, path: &Path, follow: Follow) -> Result<()> {
        match follow {
            Follow::Always => Ok(()),
            Follow::Never => Err(refused(path, "is a symbolic link", "give the file it points to")),
            Follow::Safe if geteuid().is_root() => Ok(()),
            Follow::Safe => {
                let dir = fstat(dir).map_err(|error| Error::io("inspect", path, error))?;
                // What Linux itself does where fs.protected_symlinks is set.
                let is_free_for_all =
                    Mode::from_raw_mode(dir.st_mode).contains(Mode::SVTX | Mode::WOTH);
                if !is_free_for_all || [geteuid().as_raw(), dir.st_uid].contains(&self.owner) {
                    return Ok(());
                }
                Err(refused(
                    path,
                    "is somebody else's symbolic link, where all may make them",
                    ADVICE,
                ))
            }
        }
    }

    /// Whether its owner might lead root to what belongs to others: to this destination.
    fn misleads_to(&self, destination: u32) -> bool {
        self.owner != 0 && self.owner != destination
    }
}

const ADVICE: &str = "give the file it points to, or --follow=always";

fn refused(link: &Path, reason: &str, advice: &str) -> Error {
    Error::new(ErrorKind::Denied, format!("{} {reason}; {advice}", link.display()))
}

fn misled(path: &Path) -> Error {
    refused(path, "is a symbolic link whose owner does not own what it points to", ADVICE)
}

/// Whether links can mislead at all: only root has more to lose than their owners.
fn must_check(follow: Follow) -> bool {
    follow != Follow::Always && geteuid().is_root()
}

/// Refuses a destination that the owner of one of the links could not have gone to. What does not exist
/// yet will belong to the directory.
pub(super) fn check_destination(
    followed: &[Link],
    dir: &OwnedFd,
    name: &OsStr,
    (path, follow): (&Path, Follow),
) -> Result<()> {
    if followed.is_empty() || !must_check(follow) {
        return Ok(());
    }
    let stat = match statat(dir, name, AtFlags::SYMLINK_NOFOLLOW) {
        Err(Errno::NOENT) => fstat(dir),
        stat => stat,
    };
    let owner = stat.map_err(|error| Error::io("inspect", path, error))?.st_uid;
    if followed.iter().any(|link| link.misleads_to(owner)) { Err(misled(path)) } else { Ok(()) }
}

/// Refuses to create anything where a link of somebody else's has led root.
pub(super) fn check_creation(followed: &[Link], path: &Path, follow: Follow) -> Result<()> {
    let is_foreign = must_check(follow) && followed.iter().any(|link| link.owner != 0);
    if is_foreign { Err(misled(path)) } else { Ok(()) }
}

/// Opens a directory, so that it can be synced if that is allowed.
pub(super) fn open_directory(path: &Path, follow: Follow) -> Result<OwnedFd> {
    let open = if must_check(follow) { open_safely } else { open_plainly };
    let opened = match open(path, OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC) {
        // Reading a file takes no more than the permission to pass through its directory.
        Err(Failure::System(Errno::ACCESS)) => open(path, HANDLE | OFlags::DIRECTORY),
        opened => opened,
    };
    opened.map_err(|failure| match failure {
        Failure::Misled => misled(path),
        Failure::System(Errno::NOENT) => {
            let message = format!("the directory {} does not exist", path.display());
            Error::new(ErrorKind::NotFound, message)
        }
        Failure::System(Errno::NOTDIR) => {
            let message = format!("{} is not a directory", path.display());
            Error::new(ErrorKind::CannotCreate, message)
        }
        Failure::System(error) => Error::io("open the directory", path, error),
    })
}

fn open_plainly(path: &Path, flags: OFlags) -> Result<OwnedFd, Failure> {
    Ok(openat(CWD, path, flags, Mode::empty())?)
}

fn open_safely(path: &Path, flags: OFlags) -> Result<OwnedFd, Failure> {
    match file_system::open_without_links(path, flags) {
        // There is a link, or the kernel does not know or allow the call.
        Err(Errno::LOOP | Errno::NOSYS | Errno::PERM) => {
            let start = openat(CWD, ".", HANDLE | OFlags::DIRECTORY, Mode::empty())?;
            let dir = walk(start, path, &mut 0)?;
            Ok(openat(&dir, ".", flags, Mode::empty())?)
        }
        opened => Ok(opened?),
    }
}

/// Why a directory cannot be reached.
enum Failure {
    System(Errno),
    Misled,
}

impl From<Errno> for Failure {
    fn from(error: Errno) -> Self {
        Failure::System(error)
    }
}

/// Goes from directory to directory, so that each link is checked against where it did lead.
fn walk(start: OwnedFd, path: &Path, links: &mut usize) -> Result<OwnedFd, Failure> {
    let mut dir = start;
    for component in path.components() {
        dir = match component {
            Component::RootDir => openat(&dir, "/", HANDLE | OFlags::DIRECTORY, Mode::empty())?,
            Component::ParentDir => enter(&dir, OsStr::new(".."))?,
            Component::Normal(name) => step(dir, name, links)?,
            Component::CurDir | Component::Prefix(_) => dir,
        };
    }
    Ok(dir)
}

fn step(dir: OwnedFd, name: &OsStr, links: &mut usize) -> Result<OwnedFd, Failure> {
    let Some(link) = Link::read(&dir, name)? else { return Ok(enter(&dir, name)?) };
    *links += 1;
    if *links > MAX_LINKS {
        return Err(Errno::LOOP.into());
    }
    let destination = if file_system::is_proc(&dir) {
        // The text of such a link need not be where it leads.
        openat(&dir, name, HANDLE | OFlags::DIRECTORY, Mode::empty())?
    } else {
        walk(dir, &link.text, links)?
    };
    if link.misleads_to(fstat(&destination)?.st_uid) {
        return Err(Failure::Misled);
    }
    Ok(destination)
}

fn enter(dir: &OwnedFd, name: &OsStr) -> Result<OwnedFd, Errno> {
    openat(dir, name, HANDLE | OFlags::DIRECTORY | OFlags::NOFOLLOW, Mode::empty())
}
