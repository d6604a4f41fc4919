//! Real shares between virtual machines: NFS, 9p, virtiofs and sshfs. `tests/shares/README.md` says what is tried,
//! and what that takes. It runs in the long version of the tests only.

use crate::harness::{is_long, skip};
use std::path::PathBuf;
use std::process::Command;
use std::sync::{Mutex, PoisonError};

/// The machines of one scenario keep the processors busy enough.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

fn scripts() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/shares")
}

/// What `setup.sh` has prepared.
fn is_set_up() -> bool {
    let work = std::env::var_os("JSONLOCK_SHARES")
        .map_or_else(|| scripts().join("../../target/shares"), PathBuf::from);
    work.join("ramdisk.gz").is_file()
}

fn run(scenario: &str) {
    if !is_long() {
        return;
    }
    if !is_set_up() {
        return skip(scenario, "tests/shares/setup.sh has not been run");
    }
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    // The machines need a static build, which the script makes of the same sources.
    let status = Command::new("python3").arg(scripts().join("run.py")).arg(scenario).status();
    assert!(status.unwrap().success(), "{scenario}: a promise is broken, see above");
}

#[test]
fn nfs_is_refused_and_where_it_is_allowed_two_machines_lose_nothing() {
    run("nfs_promises");
}

#[test]
fn edits_on_nfs_that_are_killed_at_random_lose_nothing() {
    run("nfs_kills");
}

#[test]
fn edits_on_nfs_that_end_within_the_rename_lose_nothing() {
    run("nfs_window");
}

#[test]
fn folders_that_machines_share_are_refused() {
    run("folders");
}
