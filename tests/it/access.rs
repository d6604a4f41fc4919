//! Proves that an edit keeps who may do what with a document: permissions, owner, group, access
//! control list and attributes; and that a new document gets what the umask leaves.

use crate::harness::Sandbox;
use crate::system::{access, chmod, give, inode, mode, needs_root, works};
use std::fs;
use std::os::unix::fs::MetadataExt as _;

const OLD: &str = "{\"a\": \"old\"}";

/// Edits the document, and makes sure that it was replaced: metadata that nothing has touched proves
/// nothing.
fn edit(sandbox: &Sandbox) {
    let before = inode(&sandbox.path("f"));
    sandbox.run(["set", "f", "a=new"]).succeeds();
    assert_ne!(inode(&sandbox.path("f")), before);
}

#[test]
fn all_twelve_permission_bits_are_kept() {
    for bits in [0o600, 0o644, 0o664, 0o666, 0o755, 0o604, 0o700, 0o4755, 0o2755, 0o1644, 0o7777] {
        let sandbox = Sandbox::with("f", OLD);
        chmod(&sandbox.path("f"), bits);
        let before = access(&sandbox.path("f"));
        for umask in ["000", "022", "077"] {
            let script = format!("umask {umask}; exec jsonlock set f a=new{umask}");
            sandbox.shell(&script).succeeds();
            assert_eq!(access(&sandbox.path("f")), before, "{bits:o} under umask {umask}");
        }
    }
}

#[test]
fn root_keeps_owner_and_group() {
    if !needs_root("access::root_keeps_owner_and_group") {
        return;
    }
    for (uid, gid, bits) in [(4001, 4002, 0o640), (0, 4002, 0o664), (4001, 0, 0o6755)] {
        let sandbox = Sandbox::with("f", OLD);
        give(&sandbox.path("f"), uid, gid, bits);
        edit(&sandbox);
        assert_eq!(access(&sandbox.path("f")), (uid, gid, bits));
        let (lock_uid, lock_gid, _) = access(&sandbox.path("f.lock"));
        assert_eq!((lock_uid, lock_gid), (uid, gid), "the lock file belongs to the same");
    }
}

/// What `getfacl` says of a file.
fn acl(sandbox: &Sandbox, name: &str) -> String {
    sandbox.shell(&format!("getfacl --omit-header --numeric {name}")).succeeds().stdout()
}

/// Whether the sandbox's file system has ACLs and the tools to see them are there.
fn has_acls(test: &str, sandbox: &Sandbox) -> bool {
    sandbox.write("probe", "");
    let probe = sandbox.path("probe");
    let has = works(test, &["setfacl", "-m", "u:4001:r", probe.to_str().unwrap()]);
    fs::remove_file(probe).unwrap();
    has
}

#[test]
fn an_acl_is_kept() {
    let sandbox = Sandbox::with("f", OLD);
    if !has_acls("access::an_acl_is_kept", &sandbox) {
        return;
    }
    chmod(&sandbox.path("f"), 0o640);
    // The group's own permission is narrower than the mask, which is what the mode shows.
    sandbox.shell("setfacl -m u:4001:rw,g:4002:r,g::-,m::rw f").succeeds();
    let before = acl(&sandbox, "f");
    assert!(before.contains("user:4001:rw-") && before.contains("group::---"), "{before}");
    edit(&sandbox);
    assert_eq!(acl(&sandbox, "f"), before);
    // Whom the ACL lets write may lock; whom it lets only read may not.
    let lock = acl(&sandbox, "f.lock");
    assert!(lock.contains("user:4001:rw-") && lock.contains("group:4002:---"), "{lock}");
}

#[test]
fn the_default_acl_of_the_directory_does_not_reach_an_old_document() {
    let sandbox = Sandbox::with("f", OLD);
    if !has_acls(
        "access::the_default_acl_of_the_directory_does_not_reach_an_old_document",
        &sandbox,
    ) {
        return;
    }
    chmod(&sandbox.path("f"), 0o664);
    let before = acl(&sandbox, "f");
    sandbox.shell("setfacl -d -m u:4001:rw,m::rw .").succeeds();
    edit(&sandbox);
    assert_eq!(acl(&sandbox, "f"), before);
    assert!(!acl(&sandbox, "f.lock").contains("4001"), "who may not write may not lock");
    // The control: the default ACL does reach what is new.
    sandbox.run(["set", "new", "a=new"]).succeeds();
    assert!(acl(&sandbox, "new").contains("user:4001:rw-"));
}

#[test]
fn extended_attributes_are_kept() {
    let sandbox = Sandbox::with("f", OLD);
    let path = sandbox.path("f");
    let test = "access::extended_attributes_are_kept";
    if !works(test, &["setfattr", "-n", "user.origin", "-v", "ci", path.to_str().unwrap()]) {
        return;
    }
    let large = "x".repeat(1500);
    sandbox.shell(&format!("setfattr -n user.large -v {large} f")).succeeds();
    sandbox.shell("setfattr -n user.empty f").succeeds();
    let all = "getfattr --dump --match=- f";
    let before = sandbox.shell(all).succeeds().stdout();
    assert!(before.contains("user.origin=\"ci\"") && before.contains("user.empty"), "{before}");
    edit(&sandbox);
    assert_eq!(sandbox.shell(all).succeeds().stdout(), before);
}

/// Capabilities were given to the old content.
#[test]
fn file_capabilities_are_not_carried_over() {
    let test = "access::file_capabilities_are_not_carried_over";
    let sandbox = Sandbox::with("f", OLD);
    let path = sandbox.path("f");
    let set = ["setcap", "cap_net_raw+ep", path.to_str().unwrap()];
    if !needs_root(test) || !works(test, &set) {
        return;
    }
    edit(&sandbox);
    assert!(!sandbox.shell("getfattr --dump --match=- f").stdout().contains("capability"));
}

#[test]
fn a_new_document_gets_what_the_umask_leaves() {
    for (umask, bits, lock_bits) in [
        ("000", 0o666, 0o666),
        ("002", 0o664, 0o660),
        ("022", 0o644, 0o600),
        ("027", 0o640, 0o600),
        ("077", 0o600, 0o600),
    ] {
        let sandbox = Sandbox::new();
        sandbox.shell(&format!("umask {umask}; jsonlock set f a=new")).succeeds();
        assert_eq!(mode(&sandbox.path("f")), bits, "{umask}");
        assert_eq!(mode(&sandbox.path("f.lock")), lock_bits, "{umask}");
    }
}

#[test]
fn mode_is_for_new_documents_only() {
    for (bits, number, lock_bits) in [
        ("600", 0o600, 0o600),
        ("664", 0o664, 0o660),
        ("0666", 0o666, 0o666),
        ("444", 0o444, 0o600),
    ] {
        let sandbox = Sandbox::new();
        sandbox.shell(&format!("umask 027; jsonlock set --mode {bits} f a=new")).succeeds();
        assert_eq!(mode(&sandbox.path("f")), number, "{bits}");
        // Who may write the new document may lock it, from its first edit on.
        assert_eq!(mode(&sandbox.path("f.lock")), lock_bits, "{bits}");
        sandbox.run(["set", "--force", "--mode", "640", "f", "a=newer"]).succeeds();
        assert_eq!(mode(&sandbox.path("f")), number, "{bits}");
    }
    for bad in ["8", "rw", "17777", "-1"] {
        let sandbox = Sandbox::new();
        sandbox.run(["set", &format!("--mode={bad}"), "f", "a=new"]).exits_with(2);
        assert_eq!(sandbox.names(), [""; 0]);
    }
}

#[test]
fn hard_links_are_refused_or_broken() {
    let sandbox = Sandbox::with("f", OLD);
    fs::hard_link(sandbox.path("f"), sandbox.path("other")).unwrap();
    sandbox.run(["set", "f", "a=new"]).exits_with(77).says("2 hard links").says("not changed");
    assert_eq!(sandbox.names(), ["f", "other"], "refused before there is a lock file");
    assert_eq!(fs::metadata(sandbox.path("f")).unwrap().nlink(), 2);
    sandbox.run(["set", "--break-hard-links", "f", "a=new"]).succeeds();
    assert_eq!(
        (sandbox.read("other").as_str(), sandbox.json("f")["a"].as_str()),
        (OLD, Some("new"))
    );
}

#[test]
fn a_failed_edit_changes_no_permissions() {
    let sandbox = Sandbox::with("f", OLD);
    chmod(&sandbox.path("f"), 0o664);
    let before = access(&sandbox.path("f"));
    sandbox.run(["set", "f", "a.b=x"]).exits_with(5);
    assert_eq!(access(&sandbox.path("f")), before);
}

/// Nothing in the directory is open to more people than the document is, at any time.
#[test]
fn the_temporary_file_is_private_until_it_is_complete() {
    let test = "access::the_temporary_file_is_private_until_it_is_complete";
    if !crate::system::can_trace(test) {
        return;
    }
    let sandbox = Sandbox::with("f", OLD);
    chmod(&sandbox.path("f"), 0o666);
    let calls = crate::tracing::calls_of_the_edit(&sandbox, &["set", "f", "a=new"]);
    let about: Vec<_> = calls.iter().filter(|call| call.line.contains(".jsonlock-")).collect();
    let at = |name: &str| about.iter().position(|call| call.name == name).unwrap();
    assert!(
        about[at("openat")].line.contains("O_EXCL") && about[at("openat")].line.contains(" 0600)")
    );
    let order =
        [at("openat"), at("write"), at("flistxattr"), at("fchmod"), at("fsync"), at("renameat2")];
    assert!(order.is_sorted(), "content, attributes, mode, sync, rename: {order:?} in {about:#?}");
}
