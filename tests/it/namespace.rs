//! Mount namespaces: what a test mounts is seen by nobody else, and is gone when the test ends, in
//! whatever way.

use crate::system::{can_mount, until, works};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Set in the process that has a namespace of its own.
const INSIDE: &str = "JSONLOCK_TEST_NAMESPACE";

/// Runs a test in a mount namespace of its own, which takes a process of its own: this test binary once
/// more, told to run that test alone. `test` is the test's full name.
#[track_caller]
pub(crate) fn in_own_namespace(test: &str, body: impl FnOnce()) {
    if std::env::var_os(INSIDE).is_some() {
        return body();
    }
    if !can_mount(test) {
        return;
    }
    // The namespace outlives the test's process by the one that forks. Were they one, its end would wait
    // for file systems on a disk that it serves itself, and so for ever.
    let mut again = Command::new("unshare");
    again.args(["-m", "--fork", "--"]).arg(std::env::current_exe().unwrap());
    again.args(["--exact", test, "--nocapture", "--include-ignored"]).env(INSIDE, "1");
    let output = again.stderr(std::process::Stdio::inherit()).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{test} failed in its namespace:\n{text}");
    assert!(text.contains("1 passed"), "{test} is not the name of a test:\n{text}");
}

/// The same for a test that mounts file systems which are in files.
#[track_caller]
pub(crate) fn on_images(test: &str, body: impl FnOnce()) {
    let script = "truncate -s 8M image && mkfs.ext4 -q -F image && mount -o loop image /mnt";
    let script = format!("cd $(mktemp -d) && trap 'rm -r $PWD' EXIT && {script}");
    if std::env::var_os(INSIDE).is_some()
        || (can_mount(test) && works(test, &["unshare", "-m", "sh", "-c", &script]))
    {
        in_own_namespace(test, body);
    }
}

/// A mounted file system, unmounted when it is dropped.
#[derive(Debug)]
pub(crate) struct Mounted {
    pub(crate) at: PathBuf,
}

impl Mounted {
    /// Mounts with the arguments that `mount(8)` takes; the error is what it says.
    pub(crate) fn new(arguments: &[&str], at: &Path) -> Result<Self, String> {
        let output = Command::new("mount").args(arguments).arg(at).output().unwrap();
        check(&output)?;
        Ok(Mounted { at: at.to_owned() })
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        // Processes that other threads start have our open files until they become other programs.
        until("a file system that nobody uses", || {
            let output = Command::new("umount").arg(&self.at).output().unwrap();
            match check(&output) {
                Err(error) if error.contains("busy") => false,
                // A second panic would hide the first.
                unmounted => unmounted.is_ok() || std::thread::panicking(),
            }
        });
    }
}

fn check(output: &Output) -> Result<(), String> {
    match output.status.success() {
        true => Ok(()),
        false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
    }
}
