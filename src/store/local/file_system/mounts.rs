//! Mounts, as proc_pid_mountinfo(5) tells of them.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::os::fd::{AsRawFd as _, OwnedFd};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::PathBuf;

/// One mount.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Mount {
    /// Where it is mounted.
    pub(super) point: PathBuf,
    /// The type of its file system, and the subtype behind a dot where there is one.
    pub(super) name: String,
    pub(super) source: OsString,
    /// The options of the file system, as text: those that are paths are read with [`unescaped`].
    pub(super) options: String,
}

impl Mount {
    /// The mount that holds `dir`, or `None` where that cannot be found out: without procfs, or of a mount
    /// that is out of the process's reach.
    pub(super) fn of(dir: &OwnedFd) -> io::Result<Option<Self>> {
        let about = read(&format!("/proc/thread-self/fdinfo/{}", dir.as_raw_fd()))?;
        let mut fields = about.split(|byte| *byte == b'\n');
        let number = fields.find_map(|line| line.strip_prefix(b"mnt_id:"));
        Ok(match number.map(<[u8]>::trim_ascii) {
            Some(number) => find(&read("/proc/thread-self/mountinfo")?, number),
            None => None,
        })
    }
}

/// What a file of procfs says; nothing where there is no procfs, or a security module keeps it back.
fn read(path: &str) -> io::Result<Vec<u8>> {
    match fs::read(path) {
        Err(error)
            if [io::ErrorKind::NotFound, io::ErrorKind::PermissionDenied]
                .contains(&error.kind()) =>
        {
            Ok(Vec::new())
        }
        text => text,
    }
}

/// Finds the mount of this number in the text of a mountinfo file.
fn find(text: &[u8], number: &[u8]) -> Option<Mount> {
    let line = text
        .split(|byte| *byte == b'\n')
        .find(|line| line.strip_prefix(number).is_some_and(|rest| rest.starts_with(b" ")))?;
    let mut fields = line.split(|byte| *byte == b' ');
    let point = unescaped(fields.nth(4)?);
    // Optional fields, of which there may be any number, end in a hyphen.
    fields.find(|field| *field == b"-")?;
    let name = String::from_utf8_lossy(fields.next()?).into_owned();
    let source = unescaped(fields.next()?);
    let options = String::from_utf8_lossy(fields.next().unwrap_or_default()).into_owned();
    Some(Mount { point: point.into(), name, source, options })
}

/// Undoes what the kernel does to characters that would end a field: a backslash and three octal digits.
pub(super) fn unescaped(field: &[u8]) -> OsString {
    let mut bytes = Vec::with_capacity(field.len());
    let mut rest = field;
    while let Some((first, others)) = rest.split_first() {
        let code = others.get(..3).filter(|_| *first == b'\\').and_then(octal);
        bytes.push(code.unwrap_or(*first));
        rest = if code.is_some() { &others[3..] } else { others };
    }
    OsString::from_vec(bytes)
}

fn octal(digits: &[u8]) -> Option<u8> {
    let is_octal = digits.iter().all(|digit| (b'0'..=b'7').contains(digit));
    let text = OsStr::from_bytes(digits).to_str().filter(|_| is_octal)?;
    u8::from_str_radix(text, 8).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mount_is_found_by_its_number() {
        let text = b"22 27 0:21 / /proc rw,relatime - proc proc rw\n\
                     2 27 0:44 /a\\040b /mnt/x\\134y rw shared:5 master:1 - fuse.sshfs me@there:/d\\040e rw,user_id=0\n\
                     222 1 0:1 / / rw - overlay overlay rw,lowerdir=/l,upperdir=/u\\040p,workdir=/w\n";
        let mount = |point: &str, name: &str, source: &str, options: &str| Mount {
            point: point.into(),
            name: name.into(),
            source: source.into(),
            options: options.into(),
        };
        assert_eq!(find(text, b"22"), Some(mount("/proc", "proc", "proc", "rw")));
        let sshfs = mount("/mnt/x\\y", "fuse.sshfs", "me@there:/d e", "rw,user_id=0");
        assert_eq!(find(text, b"2"), Some(sshfs));
        assert_eq!(find(text, b"222").map(|mount| mount.name).as_deref(), Some("overlay"));
        for (nothing, number) in [(&b""[..], b"2"), (text, b"7"), (b"7 1 0:1 / / rw - \n", b"7")] {
            assert_eq!(find(nothing, number).filter(|mount| !mount.name.is_empty()), None);
        }
    }

    #[test]
    fn only_what_the_kernel_escapes_is_unescaped() {
        for (field, text) in [
            ("/a\\040b\\011c\\134d", "/a b\tc\\d"),
            ("\\04", "\\04"),
            ("\\", "\\"),
            ("\\999", "\\999"),
            ("\\+12", "\\+12"),
        ] {
            assert_eq!(unescaped(field.as_bytes()), text, "{field}");
        }
    }
}
