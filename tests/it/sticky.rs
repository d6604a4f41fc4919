//! Proves that jsonlock works, and is as careful, in directories where everybody may make files,
//! whatever the kernel is told to forbid there by `fs.protected_*`.
//!
//! Those settings are the whole system's. Each test that changes them holds one lock meanwhile, and
//! puts them back even if it fails. No other test uses such directories in a way that they affect.

use crate::harness::{Sandbox, skip};
use crate::people::{
    ALICE, BOB, EVE, OLD, ROOT, TEAM, edit_as, refused_as, run_as, scene, shell_as,
};
use crate::system::{User, access, can_switch_user, chmod, give};
use std::fs::{self, File};
use std::os::unix::fs::{lchown, symlink};
use std::path::PathBuf;

/// What is protected, and the highest level of it.
const SETTINGS: [(&str, u8); 4] = [("regular", 2), ("fifos", 2), ("hardlinks", 1), ("symlinks", 1)];

/// The settings as they were, which come back when this is dropped.
struct Settings {
    before: Vec<(PathBuf, String)>,
    _turn: File,
}

impl Settings {
    /// Waits for the turn of this process, and then of this test. `None` if they cannot be changed.
    #[expect(clippy::disallowed_methods, reason = "other runs of the tests lock the same")]
    fn take(test: &str) -> Option<Self> {
        let turn = File::open("/proc/sys/fs").unwrap();
        fs2::FileExt::lock_exclusive(&turn).unwrap();
        let read = |(name, _): &(&str, u8)| {
            let path = PathBuf::from(format!("/proc/sys/fs/protected_{name}"));
            let value = fs::read_to_string(&path).ok()?;
            // Writing what it says already shows whether it can be written.
            fs::write(&path, &value).ok()?;
            Some((path, value))
        };
        let before: Option<Vec<_>> = SETTINGS.iter().map(read).collect();
        if before.is_none() {
            skip(test, "fs.protected_* cannot be set here");
        }
        Some(Settings { before: before?, _turn: turn })
    }

    /// Protects as much as this level says, from 0 to 2.
    #[expect(clippy::disallowed_methods, reason = "these are settings of the kernel")]
    fn set(&self, level: u8) {
        for ((path, _), (_, highest)) in self.before.iter().zip(SETTINGS) {
            fs::write(path, level.min(highest).to_string()).unwrap();
        }
    }
}

impl Drop for Settings {
    #[expect(clippy::disallowed_methods, reason = "these are settings of the kernel")]
    fn drop(&mut self) {
        for (path, value) in &self.before {
            fs::write(path, value).unwrap();
        }
    }
}

/// Runs a scene at each level, once in a directory for all and once in the team's.
fn at_each_level(test: &str, check: impl Fn(u8, u32)) {
    if !can_switch_user(test) {
        return;
    }
    let Some(settings) = Settings::take(test) else { return };
    for level in 0..=2 {
        settings.set(level);
        for bits in [0o1777, 0o1775] {
            check(level, bits);
        }
    }
}

#[test]
fn owners_and_root_edit_at_every_level() {
    at_each_level("sticky::owners_and_root_edit_at_every_level", |level, bits| {
        for lock_owner in [ALICE, BOB, ROOT] {
            let sandbox = scene((0, TEAM, bits), (ALICE.uid, TEAM, 0o664));
            sandbox.write("f.lock", "");
            give(&sandbox.path("f.lock"), lock_owner.uid, TEAM, 0o660);
            for user in [ALICE, ROOT, ALICE] {
                edit_as(&sandbox, user);
            }
            assert_eq!(access(&sandbox.path("f")), (ALICE.uid, TEAM, 0o664), "level {level}");
            refused_as(&sandbox, BOB, "only owners may replace");
            // The control: what the level forbids is not what jsonlock does. O_CREAT is.
            let creates = shell_as(&sandbox, ROOT, "echo x >> f.lock").code() == Some(0);
            let is_root = lock_owner.uid == 0;
            assert!(creates || (level > 0 && !is_root), "level {level} {bits:o}");
            if level == 2 && !is_root {
                assert!(!creates, "the setting has no effect in {bits:o}");
            }
        }
    });
}

#[test]
fn new_documents_are_made_and_shared_at_every_level() {
    at_each_level("sticky::new_documents_are_made_and_shared_at_every_level", |level, bits| {
        let sandbox = scene((0, TEAM, bits), (0, 0, 0o600));
        run_as(&sandbox, ALICE, &["set", "new", "a=1"]).succeeds();
        run_as(&sandbox, ROOT, &["set", "new", "b=1"]).succeeds();
        run_as(&sandbox, ALICE, &["set", "new", "c=1"]).succeeds();
        assert_eq!(sandbox.json("new").as_object().unwrap().len(), 3, "level {level}");
        // One lock file for two people's documents, in the sticky directory.
        fs::create_dir(sandbox.path("work")).unwrap();
        give(&sandbox.path("work"), ALICE.uid, TEAM, 0o2775);
        for user in [ALICE, BOB, ROOT, ALICE] {
            let edit = ["set", "--lock-file", "shared.lock", "--mode=664", "work/f", "a=1"];
            run_as(&sandbox, user, &edit).succeeds();
            run_as(&sandbox, user, &["del", "--lock-file", "shared.lock", "work/f", "a"])
                .succeeds();
        }
    });
}

/// Plants something of Eve's in a directory for all, and has the others fall into it.
fn planted(make: impl Fn(&Sandbox), path: &str, says: &str) {
    for user in [ALICE, ROOT] {
        let sandbox = scene((0, 0, 0o1777), (ALICE.uid, TEAM, 0o664));
        sandbox.write("precious", OLD);
        give(&sandbox.path("precious"), user.uid, user.uid, 0o600);
        make(&sandbox);
        let names = sandbox.names();
        let before =
            (sandbox.read("f"), sandbox.read("precious"), access(&sandbox.path("precious")));
        run_as(&sandbox, user, &["set", path, "a=new"]).exits_with(77).says(says);
        let after =
            (sandbox.read("f"), sandbox.read("precious"), access(&sandbox.path("precious")));
        assert_eq!((before, names), (after, sandbox.names()), "{path} by {}", user.uid);
    }
}

/// Makes something as Eve.
fn eve(script: &'static str) -> impl Fn(&Sandbox) {
    move |sandbox| {
        shell_as(sandbox, EVE, script).succeeds();
    }
}

#[test]
fn what_somebody_plants_in_a_directory_for_all_is_refused_at_every_level() {
    let test = "sticky::what_somebody_plants_in_a_directory_for_all_is_refused_at_every_level";
    at_each_level(test, |_, bits| {
        if bits == 0o1777 {
            planted(eve("mkfifo f.lock"), "f", "not a regular file");
            planted(eve("mkdir f.lock"), "f", "proper-lockfile");
            planted(eve("ln -s precious f.lock"), "f", "a symbolic link");
            planted(eve("mkfifo trap"), "trap", "a pipe");
            planted(eve("ln -s precious trap"), "trap", "symbolic link");
            // A document made there would be made under a name of Eve's choice.
            planted(eve("ln -s nowhere trap"), "trap", "symbolic link");
        }
    });
}

#[test]
fn ones_own_link_and_the_directorys_are_followed_at_every_level() {
    let test = "sticky::ones_own_link_and_the_directorys_are_followed_at_every_level";
    at_each_level(test, |level, _| {
        for (owner, user, works) in
            [(ALICE, ALICE, true), (ROOT, ALICE, true), (BOB, ALICE, false), (ALICE, ROOT, true)]
        {
            let sandbox = scene((0, 0, 0o1777), (ALICE.uid, TEAM, 0o664));
            symlink("f", sandbox.path("link")).unwrap();
            lchown(sandbox.path("link"), Some(owner.uid), Some(TEAM)).unwrap();
            let run = run_as(&sandbox, user, &["set", "link", "a=new"]);
            assert_eq!(run.code(), Some(if works { 0 } else { 77 }), "level {level}: {run}");
            let can_read = run_as(&sandbox, user, &["get", "link", "a"]).code() == Some(0);
            assert_eq!(can_read, works, "reading is led astray as well");
            // Whoever asks for it gets it, as far as the kernel lets them.
            let always = run_as(&sandbox, user, &["set", "--follow=always", "link", "a=newer"]);
            assert_eq!(always.code(), Some(0), "level {level}: {always}");
        }
    });
}

/// Another name of a precious file can be locked, which does it no harm.
#[test]
fn a_lock_file_that_is_another_name_of_something_is_left_alone_at_every_level() {
    let test = "sticky::a_lock_file_that_is_another_name_of_something_is_left_alone_at_every_level";
    at_each_level(test, |_, bits| {
        let sandbox = scene((0, TEAM, bits), (ALICE.uid, TEAM, 0o664));
        sandbox.write("precious", "kept");
        chmod(&sandbox.path("precious"), 0o600);
        fs::hard_link(sandbox.path("precious"), sandbox.path("f.lock")).unwrap();
        edit_as(&sandbox, ROOT);
        run_as(&sandbox, ALICE, &["set", "f", "a=new"]).exits_with(77).says("f.lock");
        assert_eq!(sandbox.read("precious"), "kept");
        assert_eq!(access(&sandbox.path("precious")), (0, 0, 0o600));
    });
}

/// Settings come back even from a test that fails.
#[test]
fn the_settings_come_back() {
    let test = "sticky::the_settings_come_back";
    if !can_switch_user(test) {
        return;
    }
    let read = || fs::read_to_string("/proc/sys/fs/protected_regular").unwrap();
    let Some(settings) = Settings::take(test) else { return };
    let before = settings.before[0].1.clone();
    let user: fn() -> User = || panic!("a test that fails");
    let failing = std::panic::AssertUnwindSafe(|| {
        settings.set(if before.trim() == "1" { 2 } else { 1 });
        assert_ne!(read(), before);
        let _held = settings;
        let _ = user();
    });
    std::panic::catch_unwind(failing).unwrap_err();
    // Another test may have its turn by now, and what it sets is not this test's concern.
    if let Some(settings) = Settings::take(test) {
        assert_eq!(settings.before[0].1, before);
    }
}
