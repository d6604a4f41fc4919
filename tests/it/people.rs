//! The people of the tests about access, as numbers: a team, and one who is not in it.

use crate::harness::{JSONLOCK, Run, Sandbox};
use crate::system::{User, give, is_root, works};
use std::process::Command;

pub(crate) const OLD: &str = "{\"a\": \"old\"}";

pub(crate) const TEAM: u32 = 4100;
pub(crate) const ALICE: User = User { uid: 4001, groups: &[4001, TEAM] };
pub(crate) const BOB: User = User { uid: 4002, groups: &[4002, TEAM] };
pub(crate) const EVE: User = User { uid: 4003, groups: &[4003] };
pub(crate) const ROOT: User = User { uid: 0, groups: &[0] };

/// A directory and a document in it, with owner, group and permissions.
pub(crate) fn scene(directory: (u32, u32, u32), document: (u32, u32, u32)) -> Sandbox {
    let sandbox = Sandbox::with("f", OLD);
    give(&sandbox.path("f"), document.0, document.1, document.2);
    give(sandbox.root(), directory.0, directory.1, directory.2);
    sandbox
}

/// Runs jsonlock as somebody.
pub(crate) fn run_as(sandbox: &Sandbox, user: User, args: &[&str]) -> Run {
    sandbox.run_command(user.command(sandbox, args))
}

/// Runs a shell script as somebody, with `jsonlock` on its path.
pub(crate) fn shell_as(sandbox: &Sandbox, user: User, script: &str) -> Run {
    let directory = std::path::Path::new(JSONLOCK).parent().unwrap();
    let script = format!("PATH=$PATH:{}\n{script}", directory.display());
    let mut shell = Command::new("sh");
    shell.args(["-c", &script]).current_dir(sandbox.root());
    sandbox.run_command(user.switch(shell))
}

/// An edit that must replace the document.
#[track_caller]
pub(crate) fn edit_as(sandbox: &Sandbox, user: User) -> Run {
    let before = crate::system::inode(&sandbox.path("f"));
    let value = format!("a={}-{before}", user.uid);
    let run = run_as(sandbox, user, &["set", "-v", "f", &value]).succeeds();
    assert_ne!(crate::system::inode(&sandbox.path("f")), before, "the document was not replaced");
    run
}

/// An edit that must be refused with these words, and must leave everything as it is.
#[track_caller]
pub(crate) fn refused_as(sandbox: &Sandbox, user: User, says: &str) {
    let before = (sandbox.read("f"), crate::system::access(&sandbox.path("f")), sandbox.names());
    run_as(sandbox, user, &["set", "f", "a=refused"]).exits_with(77).says(says);
    let after = (sandbox.read("f"), crate::system::access(&sandbox.path("f")), sandbox.names());
    assert_eq!(before, after, "a refused edit changes nothing");
}

/// What `getfacl` says of a file, without owner and group.
pub(crate) fn acl(sandbox: &Sandbox, name: &str) -> String {
    sandbox.shell(&format!("getfacl --omit-header --numeric {name}")).succeeds().stdout()
}

/// Whether ACLs work in temporary directories.
pub(crate) fn has_acls(test: &str) -> bool {
    let sandbox = Sandbox::with("probe", "");
    works(test, &["setfacl", "-m", "u:4001:r", sandbox.path("probe").to_str().unwrap()])
}

/// Whether an unprivileged user can make a user namespace.
pub(crate) fn can_unshare_users(test: &str) -> bool {
    let user = ["setpriv", "--reuid=4003", "--regid=4003", "--clear-groups"];
    is_root() && works(test, &[&user[..], &["unshare", "-Ur", "true"]].concat())
}
