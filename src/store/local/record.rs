//! The line that a writer leaves in the lock file, so that the next holder can clean up after it if
//! it is killed, and so that people can see who it was.

use rustix::fs::{Stat, fstat};
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::time::{SystemTime, UNIX_EPOCH};

/// What every line of ours begins with.
const MAGIC: &str = "jsonlock/1 ";

/// Lines are padded to one length, so that writing one replaces the last in a single call.
const LENGTH: usize = 160;

pub(super) const TEMPORARY_PREFIX: &str = ".jsonlock-";
pub(super) const TEMPORARY_RANDOM: usize = 16;

/// Whether the lock file is ours to write into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Record {
    /// It is empty, or blank after a power cut, or holds a line of ours.
    Ours,
    /// It has other content, or another name as well, and is left alone.
    Foreign,
    /// It holds a line of ours that names a file which could not be removed, and must go on doing so.
    Kept,
}

/// What a lock file says about its last writer.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Previous {
    pub(super) pid: Option<u32>,
    /// When it wrote the line, in seconds since 1970.
    pub(super) since: Option<u64>,
    pub(super) temporary: Option<String>,
    pub(super) swap: Option<Swap>,
    /// The temporary file that was to become a backup.
    pub(super) backup: Option<String>,
}

/// The two files of a swap, by their inode numbers. Both were in use until the writer's end, so no file
/// that somebody else put in the place of one of them has its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Swap {
    /// The document that was read.
    pub(super) base: u64,
    /// The temporary file.
    pub(super) new: u64,
}

impl Swap {
    /// Whether `stat` shows one of the two.
    pub(super) fn involves(self, stat: &Stat) -> bool {
        [self.base, self.new].contains(&stat.st_ino)
    }
}

/// Reads the line of the last writer.
pub(super) fn read(lock: &File) -> (Record, Previous) {
    let mut buffer = [0; LENGTH];
    let Ok(length) = lock.read_at(&mut buffer, 0) else {
        return (Record::Foreign, Previous::default());
    };
    let stat = fstat(lock).ok();
    let has_one_name = stat.is_some_and(|stat| stat.st_nlink == 1);
    // After a power cut the line may have its length already but not yet its text.
    let has_our_length =
        |stat: Stat| usize::try_from(stat.st_size).is_ok_and(|size| size <= LENGTH);
    let is_blank =
        stat.is_some_and(has_our_length) && buffer[..length].iter().all(|byte| *byte == 0);
    match str::from_utf8(&buffer[..length]).ok().and_then(|text| text.strip_prefix(MAGIC)) {
        _ if !has_one_name => (Record::Foreign, Previous::default()),
        None if is_blank => (Record::Ours, Previous::default()),
        None => (Record::Foreign, Previous::default()),
        Some(fields) => (Record::Ours, parse(fields)),
    }
}

fn parse(fields: &str) -> Previous {
    let field = |name| fields.split_whitespace().find_map(|field| field.strip_prefix(name));
    let inode = |name| field(name).and_then(|inode| inode.parse().ok());
    let name = |field: Option<&str>| field.filter(|name| is_temporary(name)).map(str::to_owned);
    Previous {
        pid: field("pid=").and_then(|pid| pid.parse().ok()),
        since: field("since=").and_then(|since| since.parse().ok()),
        temporary: name(field("temp=")),
        backup: name(field("backup=")),
        swap: inode("base=").zip(inode("new=")).map(|(base, new)| Swap { base, new }),
    }
}

/// Whether it is exactly a name that we give, so that no line can make us delete anything else.
pub(super) fn is_temporary(name: &str) -> bool {
    name.strip_prefix(TEMPORARY_PREFIX).is_some_and(|random| {
        random.len() == TEMPORARY_RANDOM && random.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

/// Says in the lock file who holds the lock and, before that happens, which temporary file is created, or
/// swapped with the base, and which other one is to become a backup.
pub(super) fn write(
    lock: &File,
    temporary: Option<&OsStr>,
    swap: Option<Swap>,
    backup: Option<&OsStr>,
) {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let mut line = String::with_capacity(LENGTH);
    // Writing into a string cannot fail.
    let _ = write!(line, "{MAGIC}pid={} since={since}", std::process::id());
    if let Some(temporary) = temporary {
        let _ = write!(line, " temp={}", temporary.display());
    }
    if let Some(Swap { base, new }) = swap {
        let _ = write!(line, " base={base} new={new}");
    }
    if let Some(backup) = backup {
        let _ = write!(line, " backup={}", backup.display());
    }
    let line = format!("{line:<width$}\n", width = LENGTH - 1);
    // On a full disk the edit may still succeed; only a crash would leave litter behind then.
    let _ = lock.write_all_at(line.as_bytes(), 0);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_our_own_are_taken_from_a_record() {
        let name = ".jsonlock-0123456789abcdEF";
        assert_eq!(parse(&format!("pid=7 since=1 temp={name}")).temporary.as_deref(), Some(name));
        for other in ["../precious", ".jsonlock-", ".jsonlock-0123456789abcde/", "tokens.json"] {
            assert_eq!(parse(&format!("pid=7 since=1 temp={other}")).temporary, None, "{other}");
        }
    }

    #[test]
    fn what_a_power_cut_leaves_of_a_record_is_ours() {
        for (length, is_ours) in [(0, true), (LENGTH, true), (LENGTH + 1, false)] {
            let lock = tempfile::NamedTempFile::new().unwrap();
            lock.as_file().write_all_at(&vec![0; length], 0).unwrap();
            assert_eq!(read(lock.as_file()).0 == Record::Ours, is_ours, "{length}");
        }
    }

    #[test]
    fn a_record_has_one_length_and_reads_back() {
        let lock = tempfile::tempfile().unwrap();
        let longest = Swap { base: u64::MAX, new: u64::MAX };
        let (temporary, other) = (".jsonlock-0123456789abcdef", ".jsonlock-fedcba9876543210");
        for (swap, backup) in
            [(None, None), (Some(longest), Some(other)), (Some(longest), None), (None, None)]
        {
            write(&lock, Some(OsStr::new(temporary)), swap, backup.map(OsStr::new));
            assert_eq!(lock.metadata().unwrap().len(), LENGTH as u64);
            let mut line = [0; LENGTH];
            lock.read_exact_at(&mut line, 0).unwrap();
            let fields = str::from_utf8(&line).unwrap().strip_prefix(MAGIC).unwrap();
            let previous = parse(fields);
            assert_eq!((previous.swap, previous.backup.as_deref()), (swap, backup));
            assert_eq!(previous.temporary.as_deref(), Some(temporary));
        }
        // An unlinked file has no name, so the record is read past the check for several.
        assert_eq!(read(&lock).0, Record::Foreign);
    }
}
