//! What can be refused before the lock: everything that makes an edit unsafe or bound to fail.

use super::access;
use super::file_system::{self, Locality};
use super::resolve::Target;
use super::user_namespace;
use super::{Create, Durability, HardLinks, Network, Options, ReadOnly};
use crate::{Error, ErrorKind, Result};
use rustix::fs::{Access, AtFlags, FileType, Mode, Stat, accessat, fstat};
use rustix::io::Errno;
use std::path::Path;

/// What to do where locks may not keep everybody out.
const ALLOW: &str = "use --network-fs=allow if only this machine edits it, or if you know that flock(2) keeps \
                     out the others";

/// Checks that `target` can be edited safely, and says where those are who may edit it too.
pub(super) fn check(target: &Target, options: &Options) -> Result<Locality> {
    let locality = check_file_system(target, options)?;
    match target.stat()? {
        Some(stat) => {
            check_file(target, &stat, options)?;
            access::check_group(target, &stat)?;
            check_directory(target, options)?;
            check_sticky(target, &stat)?;
        }
        None if options.create == Create::Never => return Err(missing(target)),
        None => check_directory(target, options)?,
    }
    Ok(locality)
}

/// Checks that `target` can be locked, whether or not it can be edited.
pub(super) fn check_lock(target: &Target, options: &Options) -> Result<Locality> {
    let locality = check_file_system(target, options)?;
    match target.stat()? {
        Some(stat) => check_kind(&target.path(), &stat)?,
        None if options.create == Create::Never => return Err(missing(target)),
        None => {}
    }
    Ok(locality)
}

/// The error for a document that must exist.
pub(super) fn missing(target: &Target) -> Error {
    Error::new(ErrorKind::NotFound, format!("{} does not exist", target.path().display()))
}

/// Everything that `check` refuses, not only the first of it.
pub(super) fn problems(target: &Target, options: &Options) -> Vec<Error> {
    let mut results = vec![check_file_system(target, options).map(drop)];
    match target.stat() {
        Ok(Some(stat)) => {
            if let Err(error) = check_kind(&target.path(), &stat) {
                return vec![error];
            }
            results.extend(file_results(target, &stat, options));
            results.push(access::check_group(target, &stat));
            results.push(check_directory(target, options));
            results.push(check_sticky(target, &stat));
        }
        Ok(None) if options.create == Create::Never => results.push(Err(missing(target))),
        Ok(None) => results.push(check_directory(target, options)),
        Err(error) => results.push(Err(error)),
    }
    results.into_iter().filter_map(Result::err).collect()
}

/// Checks the file itself; done again on the opened file, since it may be another one by then.
pub(super) fn check_file(target: &Target, stat: &Stat, options: &Options) -> Result<()> {
    check_kind(&target.path(), stat)?;
    file_results(target, stat, options).collect()
}

/// The checks of a regular file, one after the other.
fn file_results(
    target: &Target,
    stat: &Stat,
    options: &Options,
) -> impl Iterator<Item = Result<()>> {
    let checks = [check_hard_links, check_mount_point, check_writable, check_owner];
    checks.into_iter().map(move |check| check(target, stat, options))
}

fn check_hard_links(target: &Target, stat: &Stat, options: &Options) -> Result<()> {
    if stat.st_nlink <= 1 || options.hard_links == HardLinks::Break {
        return Ok(());
    }
    Err(refuse(
        target,
        &format!("has {} hard links, and an edit would separate them", stat.st_nlink),
        "use --break-hard-links if that is what you want",
    ))
}

fn check_mount_point(target: &Target, _: &Stat, _: &Options) -> Result<()> {
    if !file_system::is_mount_point(&target.dir, &target.name) {
        return Ok(());
    }
    Err(refuse(
        target,
        "is itself a mount point, which can be neither replaced nor locked safely",
        "mount its directory instead",
    ))
}

fn check_owner(target: &Target, stat: &Stat, _: &Options) -> Result<()> {
    if !user_namespace::hides_access(target, stat) {
        return Ok(());
    }
    Err(refuse(
        target,
        "belongs to somebody outside this user namespace, so that its owner and group cannot be kept",
        "edit it from outside",
    ))
}

/// Refuses everything but regular files.
pub(super) fn check_kind(path: &Path, stat: &Stat) -> Result<()> {
    let kind = match FileType::from_raw_mode(stat.st_mode) {
        FileType::RegularFile => return Ok(()),
        FileType::Directory => "a directory",
        FileType::Fifo => "a pipe",
        FileType::Socket => "a socket",
        FileType::Symlink => "a symbolic link",
        _ => "a device",
    };
    let message = format!("{} is {kind}, not a regular file", path.display());
    Err(Error::new(ErrorKind::Denied, message))
}

/// A rename ignores the file's own mode, so a write-protected file needs a check of its own.
fn check_writable(target: &Target, _: &Stat, options: &Options) -> Result<()> {
    if options.read_only == ReadOnly::Override {
        return Ok(());
    }
    match accessat(&target.dir, &target.name, Access::WRITE_OK, AtFlags::EACCESS) {
        Ok(()) | Err(Errno::NOENT) => Ok(()),
        Err(Errno::ROFS) => Err(read_only_mount(target)),
        Err(Errno::ACCESS | Errno::PERM) => Err(refuse(
            target,
            "is write-protected for you",
            "make it writable, or use --force if its directory is yours",
        )),
        Err(error) => Err(Error::io("inspect", &target.path(), error)),
    }
}

fn check_directory(target: &Target, options: &Options) -> Result<()> {
    let access = |access| accessat(&target.dir, ".", access, AtFlags::EACCESS);
    match access(Access::WRITE_OK | Access::EXEC_OK) {
        Ok(()) => {}
        Err(Errno::ROFS) => return Err(read_only_mount(target)),
        Err(Errno::ACCESS | Errno::PERM) => {
            return Err(Error::new(
                ErrorKind::Denied,
                format!(
                    "the directory {} is not writable for you, and an edit needs a lock file and \
                     a temporary file there",
                    target.dir_path.display()
                ),
            ));
        }
        Err(error) => return Err(Error::io("inspect", &target.dir_path, error)),
    }
    if options.durability != Durability::Full {
        return Ok(());
    }
    match access(Access::READ_OK) {
        Ok(()) => Ok(()),
        Err(Errno::ACCESS | Errno::PERM) => {
            let message =
                format!("the directory {} is not readable for you", target.dir_path.display());
            Err(Error::new(ErrorKind::Denied, message)
                .advise("it cannot be synced then; use --durability=data to do without"))
        }
        Err(error) => Err(Error::io("inspect", &target.dir_path, error)),
    }
}

fn read_only_mount(target: &Target) -> Error {
    let message = format!("{} is on a read-only mount", target.path().display());
    Error::new(ErrorKind::Denied, message)
}

/// In a sticky directory such as `/tmp` only the owner of a file or of the directory may replace it.
fn check_sticky(target: &Target, stat: &Stat) -> Result<()> {
    let dir = fstat(&target.dir).map_err(|error| Error::io("inspect", &target.dir_path, error))?;
    let euid = rustix::process::geteuid();
    let is_sticky = Mode::from_raw_mode(dir.st_mode).contains(Mode::SVTX);
    let may_replace = euid.is_root() || [dir.st_uid, stat.st_uid].contains(&euid.as_raw());
    if is_sticky && !may_replace {
        return Err(refuse(
            target,
            "belongs to another user, in a directory where only owners may replace files",
            "keep shared files in a directory without the sticky bit",
        ));
    }
    Ok(())
}

/// Refuses a file system whose locks may not keep everybody out, be it the document's or that of a lock file
/// elsewhere. Says where those are whom they keep out.
pub(super) fn check_file_system(target: &Target, options: &Options) -> Result<Locality> {
    let verdict = file_system::judge(&target.dir)
        .map_err(|error| Error::io("inspect the file system of", &target.path(), error))?;
    match verdict.doubt() {
        Some(doubt) if options.network == Network::Refuse => {
            let message = format!("{} is on {doubt}", target.path().display());
            Err(Error::new(ErrorKind::Unsupported, message).advise(ALLOW))
        }
        _ => Ok(verdict.locality()),
    }
}

fn refuse(target: &Target, reason: &str, advice: &str) -> Error {
    let message = format!("{} {reason}; {advice}", target.path().display());
    Error::new(ErrorKind::Denied, message)
}
