//! The binary form of a POSIX access control list, as acl(5) describes it and the kernel's
//! `posix_acl_xattr.h` lays it out: a version of four bytes, then entries of eight bytes, each a
//! tag, permissions and an id, all little-endian.

/// The attribute that holds a file's ACL.
pub(super) const NAME: &str = "system.posix_acl_access";

const HEADER: usize = 4;
const ENTRY: usize = 8;
/// Where the permissions stand in an entry.
const PERMISSIONS: usize = 2;

const READ: u8 = 4;
const WRITE: u8 = 2;

/// The ACL that a lock file needs where the file has this one: read and write for those who may
/// write, nothing for the others.
pub(super) fn for_lock(mut acl: Vec<u8>) -> Vec<u8> {
    for entry in acl.get_mut(HEADER..).unwrap_or_default().chunks_exact_mut(ENTRY) {
        entry[PERMISSIONS] = if entry[PERMISSIONS] & WRITE == 0 { 0 } else { READ | WRITE };
    }
    acl
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_writers_may_lock() {
        let entry = |tag: u8, permissions: u8| [tag, 0, permissions, 0, 0, 0, 0, 0];
        let acl = |permissions: [u8; 3]| {
            let entries =
                [entry(1, permissions[0]), entry(2, permissions[1]), entry(4, permissions[2])];
            [&[2, 0, 0, 0][..], &entries.concat()].concat()
        };
        assert_eq!(for_lock(acl([6, 4, 7])), acl([6, 0, 6]));
        assert_eq!(for_lock(vec![2, 0]), vec![2, 0], "a damaged list is left alone");
    }
}
