//! Proves who may edit what: owners, team members, strangers, root, and the root of a user namespace;
//! and that nobody's edit, refused or not, shuts out those who may edit the document.

use crate::harness::{JSONLOCK, Run, Sandbox};
use crate::system::{User, access, can_switch_user, chmod, give, is_root, mode, needs_root, works};
use std::fs;
use std::os::unix::fs::{MetadataExt as _, lchown, symlink};
use std::process::Command;

const OLD: &str = "{\"a\": \"old\"}";

const TEAM: u32 = 4100;
const ALICE: User = User { uid: 4001, groups: &[4001, TEAM] };
const BOB: User = User { uid: 4002, groups: &[4002, TEAM] };
const EVE: User = User { uid: 4003, groups: &[4003] };

/// A directory and a document in it, with owner, group and permissions.
fn scene(directory: (u32, u32, u32), document: (u32, u32, u32)) -> Sandbox {
    let sandbox = Sandbox::with("f", OLD);
    give(&sandbox.path("f"), document.0, document.1, document.2);
    give(sandbox.root(), directory.0, directory.1, directory.2);
    sandbox
}

/// Alice's document in her team's directory.
fn team() -> Sandbox {
    scene((ALICE.uid, TEAM, 0o2775), (ALICE.uid, TEAM, 0o664))
}

fn edit(sandbox: &Sandbox, user: User) -> Run {
    sandbox.run_command(user.command(sandbox, ["set", "-v", "f", &format!("a={}", user.uid)]))
}

/// An edit under a umask.
fn edit_under(sandbox: &Sandbox, user: User, umask: &str) -> Run {
    let mut shell = Command::new("sh");
    let script = format!("umask {umask}; exec {JSONLOCK} set f a={}", user.uid);
    shell.args(["-c", &script]).current_dir(sandbox.root());
    sandbox.run_command(user.switch(shell))
}

#[test]
fn a_write_protected_document_takes_force() {
    let test = "users::a_write_protected_document_takes_force";
    let sandbox = Sandbox::with("f", OLD);
    chmod(&sandbox.path("f"), 0o444);
    let command = |args: &[&str]| sandbox.command(args);
    if !is_root() {
        sandbox.run(["set", "f", "a=new"]).exits_with(77).says("--force");
        assert_eq!(sandbox.names(), ["f"]);
        sandbox.run(["set", "--force", "f", "a=new"]).succeeds();
    } else if can_switch_user(test) {
        give(&sandbox.path("f"), ALICE.uid, TEAM, 0o444);
        give(sandbox.root(), ALICE.uid, TEAM, 0o755);
        let refused = sandbox.run_command(ALICE.switch(command(&["set", "f", "a=new"])));
        refused.exits_with(77).says("write-protected").says("--force").says("not changed");
        assert_eq!(sandbox.names(), ["f"], "refused before there is a lock file");
        let forced = ALICE.switch(command(&["set", "--force", "f", "a=new"]));
        sandbox.run_command(forced).succeeds();
        // Root may write everything, so it needs no force.
        sandbox.run(["set", "f", "b=new"]).succeeds();
    } else {
        return;
    }
    assert_eq!((sandbox.json("f")["a"].as_str(), mode(&sandbox.path("f"))), (Some("new"), 0o444));
}

#[test]
fn team_members_edit_in_turn_whatever_their_umask() {
    if !can_switch_user("users::team_members_edit_in_turn_whatever_their_umask") {
        return;
    }
    for umask in ["022", "077"] {
        let sandbox = team();
        for user in [BOB, ALICE, BOB] {
            edit_under(&sandbox, user, umask).succeeds();
            assert_eq!(access(&sandbox.path("f")), (user.uid, TEAM, 0o664), "umask {umask}");
        }
        assert_eq!(access(&sandbox.path("f.lock")), (BOB.uid, TEAM, 0o660), "umask {umask}");
        sandbox.run(["set", "f", "a=root"]).succeeds();
        assert_eq!(access(&sandbox.path("f")), (BOB.uid, TEAM, 0o664), "root gives nothing away");
    }
}

#[test]
fn a_change_of_owner_is_told_and_clears_the_set_id_bits() {
    if !can_switch_user("users::a_change_of_owner_is_told_and_clears_the_set_id_bits") {
        return;
    }
    let sandbox = scene((ALICE.uid, TEAM, 0o2775), (ALICE.uid, TEAM, 0o6775));
    edit(&sandbox, BOB).succeeds().says("now belongs to you");
    assert_eq!(access(&sandbox.path("f")), (BOB.uid, TEAM, 0o775));
    let _ = edit(&sandbox, BOB).succeeds().never_says("now belongs to you");
}

#[test]
fn a_member_keeps_the_group_without_a_setgid_directory_too() {
    if !can_switch_user("users::a_member_keeps_the_group_without_a_setgid_directory_too") {
        return;
    }
    let sandbox = scene((ALICE.uid, TEAM, 0o775), (ALICE.uid, TEAM, 0o664));
    edit(&sandbox, BOB).succeeds();
    assert_eq!(access(&sandbox.path("f")), (BOB.uid, TEAM, 0o664));
    assert_eq!(access(&sandbox.path("f.lock")), (BOB.uid, TEAM, 0o660));
    edit(&sandbox, ALICE).succeeds();
}

#[test]
fn a_stranger_is_refused_and_leaves_nothing() {
    if !can_switch_user("users::a_stranger_is_refused_and_leaves_nothing") {
        return;
    }
    for (bits, why) in [
        (0o664, "write-protected"),
        // Eve may write, but cannot keep the group that may do so too.
        (0o666, "group"),
        (0o646, "group"),
    ] {
        let sandbox = scene((ALICE.uid, TEAM, 0o777), (ALICE.uid, TEAM, bits));
        edit(&sandbox, EVE).exits_with(77).says(why).says("f was not changed");
        assert_eq!(sandbox.read("f"), OLD);
        assert_eq!(sandbox.names(), ["f"], "a lock file of Eve's would keep the others out");
        edit(&sandbox, ALICE).succeeds();
    }
}

#[test]
fn whoever_may_write_as_anybody_may_edit_where_the_group_does_not_matter() {
    if !can_switch_user("users::whoever_may_write_as_anybody_may_edit") {
        return;
    }
    let sandbox = scene((ALICE.uid, TEAM, 0o777), (ALICE.uid, TEAM, 0o606));
    edit(&sandbox, EVE).succeeds();
    assert_eq!(mode(&sandbox.path("f")), 0o606);
    assert_eq!(mode(&sandbox.path("f.lock")), 0o666, "the others may write, so they may lock");
    edit(&sandbox, ALICE).succeeds();
    edit(&sandbox, EVE).succeeds();
}

#[test]
fn whoever_may_only_read_cannot_hold_the_lock() {
    if !can_switch_user("users::whoever_may_only_read_cannot_hold_the_lock") {
        return;
    }
    let sandbox = team();
    edit(&sandbox, ALICE).succeeds();
    let try_lock = |user: User| {
        let mut flock = Command::new("flock");
        flock.args(["-n", "f.lock", "true"]).current_dir(sandbox.root());
        sandbox.run_command(user.switch(flock)).code()
    };
    assert_ne!(try_lock(EVE), Some(0));
    assert_eq!(try_lock(BOB), Some(0), "the control: the team can");
}

/// The root of a user namespace is nobody special outside of it.
#[test]
fn an_owner_from_outside_the_user_namespace_cannot_be_kept() {
    let test = "users::an_owner_from_outside_the_user_namespace_cannot_be_kept";
    if !can_switch_user(test)
        || !works(
            test,
            &[
                "setpriv",
                "--reuid=4003",
                "--regid=4003",
                "--clear-groups",
                "unshare",
                "-Ur",
                "true",
            ],
        )
    {
        return;
    }
    for bits in [0o666, 0o606] {
        let sandbox = scene((ALICE.uid, TEAM, 0o777), (ALICE.uid, TEAM, bits));
        let mut namespace = Command::new("unshare");
        namespace.args(["-Ur", JSONLOCK, "set", "f", "a=new"]).current_dir(sandbox.root());
        sandbox.run_command(EVE.switch(namespace)).exits_with(77).says("owner and group");
        assert_eq!(
            (sandbox.read("f").as_str(), access(&sandbox.path("f"))),
            (OLD, (ALICE.uid, TEAM, bits))
        );
        edit(&sandbox, ALICE).succeeds();
    }
}

#[test]
fn in_a_sticky_directory_only_owners_edit() {
    if !can_switch_user("users::in_a_sticky_directory_only_owners_edit") {
        return;
    }
    let sandbox = scene((0, 0, 0o1777), (ALICE.uid, TEAM, 0o664));
    edit(&sandbox, BOB).exits_with(77).says("only owners may replace").says("sticky");
    assert_eq!((sandbox.read("f").as_str(), sandbox.names()), (OLD, vec!["f".to_owned()]));
    edit(&sandbox, ALICE).succeeds();
    // With fs.protected_regular even root may not open Alice's lock file with O_CREAT here.
    sandbox.run(["set", "f", "a=root"]).succeeds();
    if crate::system::can_trace("users::in_a_sticky_directory_only_owners_edit") {
        let calls = crate::tracing::calls_of_the_edit(&sandbox, &["set", "f", "a=again"]);
        let creates = |line: &str| line.contains("f.lock\"") && line.contains("O_CREAT");
        assert!(!calls.iter().any(|call| creates(&call.line)), "{calls:#?}");
    }
}

#[test]
fn a_directory_that_may_not_be_written_is_refused() {
    if !can_switch_user("users::a_directory_that_may_not_be_written_is_refused") {
        return;
    }
    let sandbox = scene((0, 0, 0o755), (ALICE.uid, TEAM, 0o644));
    edit(&sandbox, ALICE).exits_with(77).says("directory").says("not writable");
    assert_eq!((sandbox.read("f").as_str(), sandbox.names()), (OLD, vec!["f".to_owned()]));
}

#[test]
fn a_directory_that_may_not_be_read_can_be_written_but_not_synced() {
    if !can_switch_user("users::a_directory_that_may_not_be_read_can_be_written_but_not_synced") {
        return;
    }
    let sandbox = scene((ALICE.uid, TEAM, 0o333), (ALICE.uid, TEAM, 0o644));
    edit(&sandbox, ALICE).exits_with(77).says("--durability=data");
    assert_eq!(sandbox.names(), ["f"]);
    let command = ALICE.command(&sandbox, ["set", "--durability=data", "f", "a=new"]);
    sandbox.run_command(command).succeeds();
    assert_eq!(sandbox.json("f")["a"], "new");
}

#[test]
fn reading_takes_no_more_than_the_permission_to_read() {
    if !can_switch_user("users::reading_takes_no_more_than_the_permission_to_read") {
        return;
    }
    for directory in [0o555, 0o111] {
        let sandbox = scene((0, 0, directory), (0, 0, 0o444));
        let get = |user: User| sandbox.run_command(user.command(&sandbox, ["get", "f", "a"]));
        assert!(get(EVE).succeeds().stdout().contains("old"));
        assert_eq!(sandbox.names(), ["f"]);
        chmod(&sandbox.path("f"), 0o400);
        let _ = get(EVE).exits_with(77);
    }
}

#[test]
fn root_does_not_follow_a_strangers_link() {
    let test = "users::root_does_not_follow_a_strangers_link";
    if !needs_root(test) {
        return;
    }
    let sandbox = Sandbox::with("precious", OLD);
    fs::create_dir(sandbox.path("theirs")).unwrap();
    symlink("../precious", sandbox.path("theirs/f")).unwrap();
    symlink("../precious-new", sandbox.path("theirs/new")).unwrap();
    symlink("..", sandbox.path("theirs/up")).unwrap();
    for name in ["theirs", "theirs/f", "theirs/new", "theirs/up"] {
        lchown(sandbox.path(name), Some(EVE.uid), Some(EVE.uid)).unwrap();
    }
    for path in ["theirs/f", "theirs/new", "theirs/up/precious"] {
        sandbox.run(["set", path, "a=new"]).exits_with(77).says("symbolic link").says("--follow");
        sandbox.run(["set", "--follow=never", path, "a=new"]).exits_with(77);
    }
    assert_eq!(sandbox.read("precious"), OLD);
    assert_eq!(sandbox.names(), ["precious", "theirs"]);
    sandbox.run(["set", "--follow=always", "theirs/f", "a=new"]).succeeds();
    assert_eq!(sandbox.json("precious")["a"], "new");
    assert!(fs::symlink_metadata(sandbox.path("theirs/f")).unwrap().is_symlink());
}

#[test]
fn root_follows_links_that_lead_nowhere_their_owner_could_not_go() {
    if !can_switch_user("users::root_follows_links_that_lead_nowhere_their_owner_could_not_go") {
        return;
    }
    let sandbox = scene((EVE.uid, EVE.uid, 0o755), (EVE.uid, EVE.uid, 0o644));
    symlink("f", sandbox.path("hers")).unwrap();
    lchown(sandbox.path("hers"), Some(EVE.uid), Some(EVE.uid)).unwrap();
    symlink("f", sandbox.path("ours")).unwrap();
    for (number, link) in ["hers", "ours"].iter().enumerate() {
        sandbox.run(["set", link, &format!("n={number}")]).succeeds();
        assert_eq!(sandbox.json("f")["n"], number.to_string().as_str());
    }
    // Others have nothing to lose by a link, so they follow all.
    lchown(sandbox.path("hers"), Some(BOB.uid), Some(BOB.uid)).unwrap();
    sandbox.run_command(EVE.command(&sandbox, ["set", "hers", "n=2"])).succeeds();
    assert_eq!(fs::metadata(sandbox.path("f")).unwrap().uid(), EVE.uid);
}
