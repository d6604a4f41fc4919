//! The line that a writer leaves in the lock file, so that the next holder can clean up after it if
//! it is killed, and so that people can see who it was.

use super::file_system::Locality;
use super::resolve::Target;
use crate::store::Etag;
use rustix::fs::{Stat, fstat};
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::time::{SystemTime, UNIX_EPOCH};

/// What every line of ours begins with.
const MAGIC: &str = "jsonlock/1 ";

/// Lines are padded to one length, so that writing one replaces the last in a single call.
const LENGTH: usize = 448;

/// Longer than a host's name may be.
const HOST_LENGTH: usize = 64;

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
    /// The machine or container on which the process with that number is, or was.
    pub(super) host: Option<String>,
    /// When it wrote the line, in seconds since 1970.
    pub(super) since: Option<u64>,
    pub(super) temporary: Option<String>,
    pub(super) swap: Option<Swap>,
    /// That of the temporary file, once it was whole and about to be renamed plainly.
    pub(super) etag: Option<Etag>,
    /// That of the document which it was to replace.
    pub(super) base_etag: Option<Etag>,
    /// The temporary file that was to become a backup.
    pub(super) backup: Option<String>,
}

impl Previous {
    /// Whether the writer may have been about to rename plainly what it names over a document that there was. A
    /// line of an older form does not say; one of today's has an etag then.
    pub(super) fn may_have_renamed(&self) -> bool {
        self.swap.is_some() && (self.etag.is_some() || self.host.is_none())
    }
}

/// What a writer has to say of itself, and of the files that it is about to make or rename.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Line<'a> {
    pub(super) temporary: Option<&'a OsStr>,
    pub(super) swap: Option<Swap>,
    pub(super) etag: Option<&'a Etag>,
    pub(super) base_etag: Option<&'a Etag>,
    pub(super) backup: Option<&'a OsStr>,
}

/// The two files of a swap, by their inode numbers. Both were in use until the writer's end, so no file
/// that somebody else put in the place of one of them has its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Swap {
    /// The document that was read.
    pub(super) base: u64,
    /// The temporary file.
    pub(super) new: u64,
    /// The document, where it is known: others may have the same lock file, if they are told to.
    pub(super) document: Option<Identity>,
}

/// What a record knows a document by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Identity {
    /// A hash of its name.
    pub(super) name: u64,
    /// The inode number of its directory.
    pub(super) dir: u64,
}

impl Identity {
    pub(super) fn of(target: &Target) -> Self {
        let hash = blake3::hash(target.name.as_encoded_bytes());
        let bytes = hash.as_bytes().iter().take(8);
        let name = bytes.fold(0, |number, byte| number << 8 | u64::from(*byte));
        // Where the directory has no number, the name has to do.
        Identity { name, dir: fstat(&target.dir).map_or(0, |stat| stat.st_ino) }
    }
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

fn parse(text: &str) -> Previous {
    let fields = text.lines().next().unwrap_or_default();
    let field = |name| fields.split_whitespace().find_map(|field| field.strip_prefix(name));
    let number = |name| field(name).and_then(|number| number.parse().ok());
    let name = |field: Option<&str>| field.filter(|name| is_temporary(name)).map(str::to_owned);
    let document = number("doc=").zip(number("dir="));
    let document = document.map(|(name, dir)| Identity { name, dir });
    Previous {
        pid: field("pid=").and_then(|pid| pid.parse().ok()),
        host: field("host=").map(str::to_owned),
        since: field("since=").and_then(|since| since.parse().ok()),
        etag: field("etag=").map(Etag::from),
        base_etag: field("was=").map(Etag::from),
        temporary: name(field("temp=")),
        backup: name(field("backup=")),
        swap: number("base=").zip(number("new=")).map(|(base, new)| Swap { base, new, document }),
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
///
/// # Errors
///
/// When the line cannot be written, which need not keep an edit from being made: only a crash would leave
/// litter behind then.
pub(super) fn write(lock: &File, line: Line<'_>) -> io::Result<()> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let mut text = String::with_capacity(LENGTH);
    // Writing into a string cannot fail.
    let _ = write!(text, "{MAGIC}pid={} since={since} host={}", std::process::id(), host());
    if let Some(temporary) = line.temporary {
        let _ = write!(text, " temp={}", temporary.display());
    }
    if let Some(Swap { base, new, document }) = line.swap {
        let _ = write!(text, " base={base} new={new}");
        let _ = document.map(|Identity { name, dir }| write!(text, " doc={name} dir={dir}"));
    }
    if let Some(etag) = line.etag {
        let _ = write!(text, " etag={etag}");
    }
    if let Some(etag) = line.base_etag {
        let _ = write!(text, " was={etag}");
    }
    if let Some(backup) = line.backup {
        let _ = write!(text, " backup={}", backup.display());
    }
    let text = format!("{text:<width$}\n", width = LENGTH - 1);
    lock.write_all_at(text.as_bytes(), 0)
}

/// Says in the lock file who holds the lock. On other machines there is no other way to see that, so there it is
/// to arrive at once.
pub(super) fn announce(lock: &File, locality: Locality) {
    let written = write(lock, Line::default());
    if locality == Locality::Shared {
        let _ = written.and_then(|()| lock.sync_data());
    }
}

/// The name of this machine or container, as one word.
pub(super) fn host() -> String {
    let name = rustix::system::uname();
    let name = name.nodename().to_string_lossy();
    let word = |letter: char| match letter {
        '.' | '-' | '_' => letter,
        letter if letter.is_ascii_alphanumeric() => letter,
        _ => '_',
    };
    name.chars().take(HOST_LENGTH).map(word).collect()
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
        let longest = Swap {
            base: u64::MAX,
            new: u64::MAX,
            document: Some(Identity { name: u64::MAX, dir: u64::MAX }),
        };
        let (temporary, other) = (".jsonlock-0123456789abcdef", ".jsonlock-fedcba9876543210");
        let etag = Etag::of(b"{}");
        for (swap, etag, backup) in [
            (None, None, None),
            (Some(longest), Some(&etag), Some(other)),
            (Some(longest), None, None),
            (None, None, None),
        ] {
            let line = Line {
                temporary: Some(temporary.as_ref()),
                swap,
                etag,
                backup: backup.map(OsStr::new),
                base_etag: etag,
            };
            write(&lock, line).unwrap();
            assert_eq!(lock.metadata().unwrap().len(), LENGTH as u64);
            let mut text = [0; LENGTH];
            lock.read_exact_at(&mut text, 0).unwrap();
            let previous = parse(str::from_utf8(&text).unwrap().strip_prefix(MAGIC).unwrap());
            assert_eq!((previous.swap, previous.backup.as_deref()), (swap, backup));
            assert_eq!(previous.etag.as_ref(), etag);
            assert_eq!(previous.temporary.as_deref(), Some(temporary));
            assert_eq!(previous.host, Some(host()));
        }
        // An unlinked file has no name, so the record is read past the check for several.
        assert_eq!(read(&lock).0, Record::Foreign);
    }

    #[test]
    fn what_follows_the_line_is_not_of_it() {
        let previous =
            parse("pid=7 since=1 host=a \n temp=.jsonlock-0123456789abcdef base=1 new=2\n");
        assert_eq!((previous.temporary, previous.swap), (None, None));
    }

    #[test]
    fn the_longest_line_has_room() {
        let inodes = format!(" base={0} new={0} doc={0} dir={0}", u64::MAX);
        let numbers = format!("pid={} since={}{inodes}", u32::MAX, u64::MAX);
        let names =
            " temp=.jsonlock-0123456789abcdef backup=.jsonlock-0123456789abcdef host=".len();
        let etag = format!(" etag={0} was={0}\n", Etag::of(b""));
        assert!(MAGIC.len() + numbers.len() + names + HOST_LENGTH + etag.len() <= LENGTH);
    }
}
