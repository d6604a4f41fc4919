//! Who holds a lock: a hint for people, never a basis for decisions.

use super::record;
use rustix::fs::fstat;
use std::fs::{self, File};

/// Describes the holder of `lock`, if anything is known about it.
pub(super) fn describe(lock: &File) -> Option<String> {
    let inode = fstat(lock).ok()?.st_ino;
    match holder_pid(&fs::read_to_string("/proc/locks").unwrap_or_default(), inode) {
        Some(pid) => Some(describe_process(pid)),
        // Inside a container the holder may be a process that is not to be seen from here.
        None => {
            let pid = record::read(lock).1.pid?;
            Some(format!("process {pid} (as the lock file says)"))
        }
    }
}

/// Finds the holder in the text of `/proc/locks`, see proc_locks(5).
///
/// The device number there differs from the one that stat(2) gives on some file systems, so only
/// the inode is compared.
fn holder_pid(locks: &str, inode: u64) -> Option<u32> {
    locks.lines().find_map(|line| {
        let mut fields = line.split_whitespace().skip(1);
        let (kind, _, _) = (fields.next()?, fields.next()?, fields.next()?);
        let (pid, file) = (fields.next()?, fields.next()?);
        let is_ours = kind == "FLOCK" && file.rsplit(':').next()?.parse() == Ok(inode);
        pid.parse().ok().filter(|pid| is_ours && *pid > 0)
    })
}

/// The process's name, but not its arguments, which may hold secrets.
fn describe_process(pid: u32) -> String {
    match fs::read_to_string(format!("/proc/{pid}/comm")) {
        Ok(name) => format!("process {pid} ({})", name.trim_end()),
        Err(_) => format!("process {pid}"),
    }
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
        assert_eq!(holder_pid(locks, 77), Some(13));
        assert_eq!(holder_pid(locks, 79), None);
        assert_eq!(holder_pid("nonsense\n1:\n", 77), None);
    }
}
