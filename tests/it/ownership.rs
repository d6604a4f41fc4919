//! Proves that ACLs and extended attributes are kept whoever edits, as far as each may write them, and
//! that owners and groups which a user namespace does not show are never taken for one's own.

use crate::harness::{JSONLOCK, Run, Sandbox};
use crate::people::{
    ALICE, BOB, EVE, OLD, ROOT, TEAM, acl, can_unshare_users, edit_as, has_acls, refused_as,
    run_as, scene,
};
use crate::system::{access, can_switch_user, give, works};
use std::process::Command;

/// All attributes but the ACL, as root sees them.
fn attributes(sandbox: &Sandbox) -> Vec<String> {
    let text = sandbox.shell("getfattr --dump --match=- f").succeeds().stdout();
    let is_attribute = |line: &&str| line.contains('=') && !line.starts_with("system.");
    text.lines().filter(is_attribute).map(str::to_owned).collect()
}

#[test]
fn attributes_are_kept_by_all_who_may_write_them() {
    let test = "ownership::attributes_are_kept_by_all_who_may_write_them";
    if !can_switch_user(test) || !works(test, &["getfattr", "--version"]) {
        return;
    }
    let all = ["security.mark=\"s\"", "trusted.mark=\"t\"", "user.mark=\"u\""];
    // Nobody but root may see the trusted ones, or write the others that are not the user's.
    for (user, kept) in [(ROOT, &all[..]), (ALICE, &all[2..]), (BOB, &all[2..])] {
        let sandbox = scene((ALICE.uid, TEAM, 0o2775), (ALICE.uid, TEAM, 0o664));
        for attribute in all {
            let (name, value) = attribute.split_once('=').unwrap();
            sandbox.shell(&format!("setfattr -n {name} -v {value} f")).succeeds();
        }
        assert_eq!(attributes(&sandbox), all);
        let run = edit_as(&sandbox, user);
        assert_eq!(attributes(&sandbox), kept, "{}", user.uid);
        if user.uid == 0 {
            let _ = run.never_says("lost its extended attribute");
        } else {
            let _ = run.says("f lost its extended attribute security.mark");
        }
    }
}

#[test]
fn an_acl_is_the_same_whoever_edits() {
    let test = "ownership::an_acl_is_the_same_whoever_edits";
    if !can_switch_user(test) || !has_acls(test) {
        return;
    }
    for default in ["true", "setfacl -d -m u:4003:rwx,g:4300:rwx,m::rwx ."] {
        for user in [ROOT, ALICE, BOB] {
            let sandbox = scene((ALICE.uid, TEAM, 0o2775), (ALICE.uid, TEAM, 0o664));
            // The group's own permission, the mask, and the two lists all differ.
            let list = "u:4003:r,g:4200:rw,g::rw,o::-,m::rw";
            sandbox.shell(&format!("setfacl -m {list} f; {default}")).succeeds();
            let before = acl(&sandbox, "f");
            assert!(before.contains("user:4003:r--") && before.contains("group:4200:rw-"));
            edit_as(&sandbox, user);
            assert_eq!(acl(&sandbox, "f"), before, "{} {default}", user.uid);
            let owner = if user.uid == BOB.uid { BOB.uid } else { ALICE.uid };
            assert_eq!(access(&sandbox.path("f")), (owner, TEAM, 0o660), "{default}");
            let lock = acl(&sandbox, "f.lock");
            assert!(lock.contains("user:4003:---") && !lock.contains("4300"), "{lock}");
        }
    }
}

/// Whom an ACL alone lets write cannot keep the group, unless the directory gives it.
#[test]
fn somebody_whom_the_acl_lets_write_edits_where_the_group_is_inherited() {
    let test = "ownership::somebody_whom_the_acl_lets_write_edits_where_the_group_is_inherited";
    if !can_switch_user(test) || !has_acls(test) {
        return;
    }
    for (directory, works) in [(0o777, false), (0o2777, true)] {
        let sandbox = scene((ALICE.uid, TEAM, directory), (ALICE.uid, TEAM, 0o660));
        sandbox.shell("setfacl -m u:4003:rw f").succeeds();
        let before = acl(&sandbox, "f");
        if works {
            edit_as(&sandbox, EVE);
            assert_eq!(access(&sandbox.path("f")), (EVE.uid, TEAM, 0o660));
        } else {
            refused_as(&sandbox, EVE, "you are not in its group");
        }
        assert_eq!(acl(&sandbox, "f"), before);
        edit_as(&sandbox, ALICE);
    }
}

/// A default ACL that lets somebody read a new document does not let them hold its lock.
#[test]
fn a_default_acl_lets_only_writers_take_the_lock_of_a_new_document() {
    let test = "ownership::a_default_acl_lets_only_writers_take_the_lock_of_a_new_document";
    if !can_switch_user(test) || !has_acls(test) {
        return;
    }
    for option in ["--quiet", "--mode=660"] {
        let sandbox = Sandbox::new();
        give(sandbox.root(), ALICE.uid, TEAM, 0o2775);
        sandbox.shell("setfacl -d -m u:4003:r,u:4002:rw,g::r,m::rw .").succeeds();
        run_as(&sandbox, ALICE, &["set", option, "f", "a=new"]).succeeds();
        run_as(&sandbox, EVE, &["get", "f", "a"]).succeeds();
        let try_lock = |user: crate::system::User| {
            let mut flock = Command::new("flock");
            flock.args(["-n", "f.lock", "true"]).current_dir(sandbox.root());
            sandbox.run_command(user.switch(flock)).code()
        };
        assert_ne!(try_lock(EVE), Some(0), "{option}: {}", acl(&sandbox, "f.lock"));
        assert_eq!(try_lock(BOB), Some(0), "{option}: the control: the list lets Bob write");
        run_as(&sandbox, BOB, &["set", "f", "a=newer"]).succeeds();
    }
}

/// An edit by Eve in a user namespace of her own.
fn edit_in_namespace(sandbox: &Sandbox, options: &str) -> Run {
    let mut unshare = Command::new("unshare");
    unshare.args([options, JSONLOCK, "set", "f", "a=new"]).current_dir(sandbox.root());
    sandbox.run_command(EVE.switch(unshare))
}

/// Where nobody is mapped, everybody has the same number, and the kernel knows better.
#[test]
fn an_owner_that_the_namespace_does_not_show_is_not_taken_for_ones_own() {
    let test = "ownership::an_owner_that_the_namespace_does_not_show_is_not_taken_for_ones_own";
    if !can_switch_user(test) || !can_unshare_users(test) {
        return;
    }
    for (directory, bits) in [(0o777, 0o666), (0o777, 0o646), (0o2777, 0o666)] {
        for options in ["-U", "-Ur"] {
            let sandbox = scene((ALICE.uid, TEAM, directory), (ALICE.uid, TEAM, bits));
            if directory == 0o2777 {
                // The directory's group is another one, though it has the same number inside.
                give(sandbox.root(), ALICE.uid, 4200, directory);
            }
            edit_in_namespace(&sandbox, options).exits_with(77).says("f was not changed");
            assert_eq!(sandbox.read("f"), OLD, "{options} {bits:o}");
            assert_eq!(access(&sandbox.path("f")), (ALICE.uid, TEAM, bits), "{options}");
            assert_eq!(sandbox.names(), ["f"], "{options}: a lock file of Eve's");
            edit_as(&sandbox, ALICE);
        }
    }
}

#[test]
fn whom_an_acl_lets_write_cannot_keep_an_owner_from_outside_either() {
    let test = "ownership::whom_an_acl_lets_write_cannot_keep_an_owner_from_outside_either";
    if !can_switch_user(test) || !can_unshare_users(test) || !has_acls(test) {
        return;
    }
    for options in ["-U", "-Ur"] {
        let sandbox = scene((ALICE.uid, TEAM, 0o777), (ALICE.uid, TEAM, 0o640));
        sandbox.shell("setfacl -m u:4003:rw f").succeeds();
        let before = acl(&sandbox, "f");
        edit_in_namespace(&sandbox, options).exits_with(77).says("f was not changed");
        assert_eq!((sandbox.read("f").as_str(), acl(&sandbox, "f")), (OLD, before));
        // A lock file of Eve's would have kept Alice from her own document.
        edit_as(&sandbox, ALICE);
    }
}

/// What is Eve's own is hers inside too.
#[test]
fn ones_own_document_is_edited_inside_a_namespace() {
    let test = "ownership::ones_own_document_is_edited_inside_a_namespace";
    if !can_switch_user(test) || !can_unshare_users(test) {
        return;
    }
    let sandbox = scene((EVE.uid, EVE.uid, 0o755), (EVE.uid, EVE.uid, 0o640));
    edit_in_namespace(&sandbox, "-Ur").succeeds();
    assert_eq!(access(&sandbox.path("f")), (EVE.uid, EVE.uid, 0o640));
    edit_as(&sandbox, EVE);
}

/// An edit by the root of a container whose users 0 to 65535 are 100000 and up outside.
fn edit_in_container(sandbox: &Sandbox) -> Run {
    sandbox.shell(
        "unshare -U sleep 1000 & pid=$!; trap 'kill $pid' EXIT
        while [ \"$(readlink /proc/$pid/ns/user)\" = \"$(readlink /proc/self/ns/user)\" ]; do :; done
        echo '0 100000 65536' > /proc/$pid/gid_map; echo '0 100000 65536' > /proc/$pid/uid_map
        nsenter --user --target $pid jsonlock set f a=new",
    )
}

#[test]
fn the_root_of_a_container_keeps_the_owners_that_it_has() {
    let test = "ownership::the_root_of_a_container_keeps_the_owners_that_it_has";
    if !can_switch_user(test) || !works(test, &["unshare", "-U", "true"]) {
        return;
    }
    // A container's own users, and the first one beyond them.
    for (uid, gid, is_mapped) in [
        (100_000, 100_000, true),
        (101_000, 165_535, true),
        (165_534, 165_534, true),
        (165_536, 100_000, false),
        (100_000, ALICE.uid, false),
    ] {
        let sandbox = scene((100_000, 100_000, 0o777), (uid, gid, 0o666));
        let run = edit_in_container(&sandbox);
        if is_mapped {
            let _ = run.succeeds();
            assert_eq!(sandbox.json("f")["a"], "new");
        } else {
            let _ = run.exits_with(77).says("owner and group cannot be kept");
            assert!(!sandbox.path("f.lock").exists());
        }
        assert_eq!(access(&sandbox.path("f")), (uid, gid, 0o666));
    }
}
