//! Owners from outside the user namespace, as rootless containers have them: they all appear under one
//! number, which may be somebody's number inside as well.

use super::resolve::Target;
use rustix::fs::{Mode, OFlags, Stat, openat};

/// The number under which Linux shows owners and groups that the namespace has none for.
const OVERFLOW: u32 = 65534;

const UIDS: &str = "/proc/self/uid_map";
const GIDS: &str = "/proc/self/gid_map";

/// Whether the owner or the group that `stat` shows for the target is another one in truth, so that
/// no file can be given to it, and a file that seems to belong to it may not.
pub(super) fn hides_access(target: &Target, stat: &Stat) -> bool {
    let (uid_shown, gid_shown) = (stat.st_uid != OVERFLOW, stat.st_gid != OVERFLOW);
    if (uid_shown && gid_shown) || is_initial() {
        return false;
    }
    let owner_hidden = !uid_shown && !is_mine(target);
    // Nothing tells a group from outside from the group of that number inside. Where the owner is
    // the inner one of that number, so is the group, most likely.
    let group_hidden = !gid_shown && (uid_shown || !is_mapped(GIDS));
    owner_hidden || group_hidden
}

/// Whether all numbers are what they seem: outside of all namespaces, and where `/proc` is missing,
/// as it is on systems that have no namespaces.
fn is_initial() -> bool {
    [UIDS, GIDS].iter().all(|map| ranges(map).is_none_or(|ranges| ranges == [(0, u32::MAX)]))
}

fn is_mapped(map: &str) -> bool {
    let covers =
        |(first, count): (u32, u32)| OVERFLOW.checked_sub(first).is_some_and(|n| n < count);
    ranges(map).unwrap_or_default().into_iter().any(covers)
}

/// The ranges of numbers that exist inside: the first one and how many.
fn ranges(map: &str) -> Option<Vec<(u32, u32)>> {
    let text = std::fs::read_to_string(map).ok()?;
    let range = |line: &str| {
        let mut numbers = line.split_whitespace().map(str::parse);
        let (first, _, count) = (numbers.next()?.ok()?, numbers.next()?, numbers.next()?.ok()?);
        Some((first, count))
    };
    Some(text.lines().filter_map(range).collect())
}

/// Whether the kernel takes us for the target's owner, or for a root who may act as its owner: only
/// those may leave no trace of reading.
fn is_mine(target: &Target) -> bool {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY;
    let quiet = flags | OFlags::CLOEXEC | OFlags::NOATIME;
    openat(&target.dir, &target.name, quiet, Mode::empty()).is_ok()
}
