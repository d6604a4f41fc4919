//! Who may do what with a file: owner, group, permissions, access control list, attributes.
//!
//! The new file must admit exactly those whom the old one admits. Where that is impossible, the
//! edit is refused.

use super::base::Base;
use super::resolve::Target;
use super::{Event, Observer, acl};
use crate::{Error, ErrorKind, Result};
use rustix::fs::{
    Gid, Mode, Stat, Uid, XattrFlags, fchmod, fchown, fgetxattr, flistxattr, fremovexattr,
    fsetxattr, fstat,
};
use rustix::io::Errno;
use std::fs::File;
use std::os::fd::AsFd;

/// Attributes that describe the old content and would be lies, or void, on the new one.
const NOT_COPIED: [&str; 3] = ["security.capability", "security.ima", "security.evm"];

/// Set-user-ID and set-group-ID.
const SET_ID_BITS: u32 = 0o6000;

/// Gives `temporary` the access of `base`: owner, then attributes and ACL, then the mode, since each
/// of them can alter the ones that follow.
pub(super) fn copy(
    base: &Base,
    temporary: &File,
    target: &Target,
    observer: &Observer,
) -> Result<()> {
    let step = |verb, error| Error::io(verb, &target.path(), error);
    let created = fstat(temporary).map_err(|error| step("inspect", error))?;
    let names = list(&base.file).map_err(|error| step("read the attributes of", error))?;
    let has_acl = names.iter().any(|name| name == acl::NAME);
    let owner_kept = keep_owner(&base.stat, &created, temporary, target, has_acl)?;
    if !owner_kept {
        observer.tell(|| Event::OwnerChanged(target.path()));
    }
    copy_attributes(base, &names, temporary, target, observer)?;
    if !has_acl {
        remove_inherited_acl(temporary).map_err(|error| step("keep the permissions of", error))?;
    }
    let mode = if owner_kept { base.stat.st_mode } else { base.stat.st_mode & !SET_ID_BITS };
    fchmod(temporary, Mode::from_raw_mode(mode))
        .map_err(|error| step("keep the permissions of", error))?;
    let is = fstat(temporary).map_err(|error| step("inspect", error))?.st_mode;
    if is & 0o777 == mode & 0o777 {
        Ok(())
    } else {
        Err(refuse(target, "the file system does not keep its permissions"))
    }
}

/// Keeps owner and group. Says whether the owner could be kept.
fn keep_owner(
    base: &Stat,
    created: &Stat,
    temporary: &File,
    target: &Target,
    has_acl: bool,
) -> Result<bool> {
    let (uid, gid) = (Uid::from_raw(base.st_uid), Gid::from_raw(base.st_gid));
    if (created.st_uid, created.st_gid) == (base.st_uid, base.st_gid)
        || fchown(temporary, Some(uid), Some(gid)).is_ok()
    {
        return Ok(true);
    }
    if rustix::process::geteuid().is_root() {
        return Err(refuse(target, "its owner and group cannot be kept here"));
    }
    let group_kept = created.st_gid == base.st_gid || fchown(temporary, None, Some(gid)).is_ok();
    let group_matters = has_acl || base.st_mode & 0o070 != 0;
    if !group_kept && group_matters {
        return Err(lose_group(target));
    }
    Ok(created.st_uid == base.st_uid)
}

/// Refuses what [`copy`] would refuse for the group's sake, before it leaves a lock file behind that
/// the file's own users cannot open.
pub(super) fn check_group(target: &Target, stat: &Stat) -> Result<()> {
    let inspect = |error| Error::io("inspect", &target.dir_path, error);
    let group = Gid::from_raw(stat.st_gid);
    let is_mine = || -> Result<bool> {
        let groups = rustix::process::getgroups().map_err(inspect)?;
        Ok(rustix::process::getegid() == group || groups.contains(&group))
    };
    let is_inherited = || -> Result<bool> {
        let dir = fstat(&target.dir).map_err(inspect)?;
        let gives_group =
            !cfg!(target_os = "linux") || Mode::from_raw_mode(dir.st_mode).contains(Mode::SGID);
        Ok(gives_group && dir.st_gid == stat.st_gid)
    };
    let is_kept = stat.st_mode & 0o070 == 0 || rustix::process::geteuid().is_root();
    if is_kept || is_mine()? || is_inherited()? { Ok(()) } else { Err(lose_group(target)) }
}

fn lose_group(target: &Target) -> Error {
    refuse(target, "you are not in its group, which must keep its access")
}

fn copy_attributes(
    base: &Base,
    names: &[String],
    temporary: &File,
    target: &Target,
    observer: &Observer,
) -> Result<()> {
    for name in names.iter().filter(|name| !NOT_COPIED.contains(&name.as_str())) {
        let copied = get(&base.file, name).and_then(|value| set(temporary, name, &value));
        match copied {
            Ok(()) | Err(Errno::NODATA) => {}
            // Labels and markers that only their own system may write; they widen nobody's access.
            Err(Errno::PERM | Errno::ACCESS | Errno::OPNOTSUPP) if is_optional(name) => {
                observer.tell(|| Event::AttributeLost(target.path(), name.clone()));
            }
            Err(error) => {
                let verb = format!("keep the attribute {name} of");
                return Err(Error::io(&verb, &target.path(), error));
            }
        }
    }
    Ok(())
}

fn is_optional(name: &str) -> bool {
    ["security.", "trusted.", "btrfs."].iter().any(|prefix| name.starts_with(prefix))
}

fn remove_inherited_acl(created: impl AsFd) -> Result<(), Errno> {
    if list(&created)?.iter().any(|name| name == acl::NAME) {
        fremovexattr(&created, acl::NAME)?;
    }
    Ok(())
}

/// Lets those whom the file's ACL lets write take the lock too.
pub(super) fn copy_acl_for_lock(file: &File, lock: impl AsFd) -> Result<(), Errno> {
    match get(file, acl::NAME) {
        Ok(value) => set(lock, acl::NAME, &acl::for_lock(value)),
        // The directory may have given the lock file an ACL that the file does not have.
        Err(Errno::NODATA) => remove_inherited_acl(lock),
        Err(Errno::OPNOTSUPP) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Takes from the ACL that the directory has given a lock file those who may only read.
pub(super) fn keep_writers(lock: impl AsFd) -> Result<(), Errno> {
    match get(&lock, acl::NAME) {
        Ok(value) => set(&lock, acl::NAME, &acl::for_lock(value)),
        Err(Errno::NODATA | Errno::OPNOTSUPP) => Ok(()),
        Err(error) => Err(error),
    }
}

/// The names of the attributes. A file system without attributes has none.
fn list(file: impl AsFd) -> Result<Vec<String>, Errno> {
    let mut names = Vec::with_capacity(1024);
    let result = match flistxattr(&file, rustix::buffer::spare_capacity(&mut names)) {
        Err(Errno::RANGE) => {
            names.reserve(64 * 1024);
            flistxattr(&file, rustix::buffer::spare_capacity(&mut names))
        }
        result => result,
    };
    match result {
        Ok(_) => {
            Ok(String::from_utf8_lossy(&names).split_terminator('\0').map(str::to_owned).collect())
        }
        Err(Errno::OPNOTSUPP | Errno::NOSYS) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

fn get(file: impl AsFd, name: &str) -> Result<Vec<u8>, Errno> {
    // As large as Linux lets an attribute be.
    let mut value = Vec::with_capacity(64 * 1024);
    fgetxattr(file, name, rustix::buffer::spare_capacity(&mut value))?;
    Ok(value)
}

fn set(file: impl AsFd, name: &str, value: &[u8]) -> Result<(), Errno> {
    fsetxattr(file, name, value, XattrFlags::empty())
}

fn refuse(target: &Target, reason: &str) -> Error {
    let message =
        format!("cannot edit {} without changing who may use it", target.path().display());
    Error::new(ErrorKind::Denied, message).advise(reason)
}
