//! Who holds a lock: a hint for people, never a basis for decisions.

use super::record;
use rustix::fs::{fstat, major, minor};
use std::fs::{self, File};

/// Describes the holder of `lock`, if anything is known about it.
pub(super) fn describe(lock: &File) -> Option<String> {
    match look(lock).and_then(|seen| seen.holder) {
        Some(pid) => Some(match command(pid) {
            Some(command) => format!("process {pid} ({command})"),
            None => format!("process {pid}"),
        }),
        // Inside a container the holder may be a process that is not to be seen from here.
        None => {
            let record::Previous { pid, host, .. } = record::read(lock).1;
            let place = elsewhere(host).map(|host| format!(" on {host}")).unwrap_or_default();
            Some(format!("process {}{place} (as the lock file says)", pid?))
        }
    }
}

/// The host of a record if it is another one than this, so that the record's process is none of ours.
pub(super) fn elsewhere(host: Option<String>) -> Option<String> {
    host.filter(|host| *host != record::host())
}

/// What `/proc/locks` shows of one lock.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) holder: Option<u32>,
    pub(super) waiters: usize,
    /// Whether the device is the lock file's too, which makes it certain that it is this lock.
    pub(super) is_certain: bool,
}

/// Looks for `lock` in `/proc/locks`, which is read in pieces, so that locks which come and go can hide
/// one that stays.
pub(super) fn look(lock: &File) -> Option<Seen> {
    let stat = fstat(lock).ok()?;
    let device = format!("{:02x}:{:02x}", major(stat.st_dev), minor(stat.st_dev));
    Some(find(&fs::read_to_string("/proc/locks").unwrap_or_default(), &device, stat.st_ino))
}

/// Finds a lock in the text of `/proc/locks`, see proc_locks(5).
///
/// The device number there differs from the one that stat(2) gives on some file systems, so the inode
/// has to do.
fn find(locks: &str, device: &str, inode: u64) -> Seen {
    let mut seen = Seen::default();
    for line in locks.lines() {
        let mut fields = line.split_whitespace().skip(1).peekable();
        let waits = fields.next_if_eq(&"->").is_some();
        let (Some("FLOCK"), Some(pid), Some(file)) = (fields.next(), fields.nth(2), fields.next())
        else {
            continue;
        };
        let Some((on, number)) = file.rsplit_once(':') else { continue };
        let pid = pid.parse().ok().filter(|pid| *pid > 0);
        match (number.parse() == Ok(inode), waits) {
            (true, true) => seen.waiters += 1,
            (true, false) if seen.holder.is_none() && pid.is_some() => {
                (seen.holder, seen.is_certain) = (pid, on == device);
            }
            _ => {}
        }
    }
    seen
}

/// The process's name, but not its arguments, which may hold secrets.
pub(super) fn command(pid: u32) -> Option<String> {
    let name = fs::read_to_string(format!("/proc/{pid}/comm")).ok()?;
    Some(name.trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_holder_is_found_among_waiters_and_other_kinds_of_lock() {
        let locks = "1: POSIX  ADVISORY  WRITE 11 fe:00:77 0 EOF\n\
                     2: FLOCK  ADVISORY  WRITE 12 fe:00:78 0 EOF\n\
                     3: FLOCK  ADVISORY  WRITE 13 fe:00:77 0 EOF\n\
                     3: -> FLOCK  ADVISORY  WRITE 14 fe:00:77 0 EOF\n";
        let seen = |is_certain| Seen { holder: Some(13), waiters: 1, is_certain };
        assert_eq!(find(locks, "fe:00", 77), seen(true));
        assert_eq!(find(locks, "fe:01", 77), seen(false));
        assert_eq!(find(locks, "fe:00", 79), Seen::default());
        assert_eq!(find("nonsense\n1:\n", "fe:00", 77), Seen::default());
    }
}
