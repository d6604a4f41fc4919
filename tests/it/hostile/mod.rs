//! Documents, values and filters made to do harm, through the built program. Whatever they are, FILE
//! is as it was unless the edit is done, nothing is left beside it, and the next edit succeeds.

mod documents;
mod filters;
mod memory;
mod nesting;
mod sizes;

use crate::harness::{JSONLOCK, Run, Sandbox, is_long};
use std::ffi::OsStr;
use std::process::Command;

/// A size for every day, and the one that the long version is for.
fn size(usual: usize, long: usize) -> usize {
    if is_long() { long } else { usual }
}

/// The program with no more than so many kilobytes of address space.
fn with_memory<S: AsRef<OsStr>>(
    sandbox: &Sandbox,
    kilobytes: usize,
    args: impl IntoIterator<Item = S>,
) -> Run {
    sandbox.run_command(limited(sandbox, kilobytes, args))
}

fn limited<S: AsRef<OsStr>>(
    sandbox: &Sandbox,
    kilobytes: usize,
    args: impl IntoIterator<Item = S>,
) -> Command {
    let script = format!("ulimit -c 0; ulimit -v {kilobytes}; exec \"$@\"");
    let mut command = Command::new("sh");
    command.args(["-c", &script, "sh", JSONLOCK]).args(args).current_dir(sandbox.root());
    // A backtrace would take memory that a test has counted.
    command.env("RUST_BACKTRACE", "0").env_remove("JSONLOCK_TIMEOUT");
    command
}

/// Nothing is left but FILE and its lock file, and FILE can be edited at once.
#[track_caller]
fn can_be_edited(sandbox: &Sandbox) {
    let args = ["set", "f", "next=edit", "--timeout", "0", "--durability=none"];
    sandbox.run(args).succeeds().prints_nothing();
    sandbox.run(["get", "f", "next"]).succeeds().prints("edit\n");
    assert_eq!(sandbox.names(), ["f", "f.lock"]);
}
