//! What the tests of locking, crashes and permissions need of the system: locks held by others,
//! events to wait for, tools that may be missing, and other users.

use crate::harness::{JSONLOCK, Sandbox, skip};
use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io::{BufRead as _, BufReader, Read};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Nothing that a test waits for takes this long, unless it never happens.
const HANG: Duration = Duration::from_secs(20);

/// Waits for an event by looking for it. How long that takes is no part of any test's result.
#[track_caller]
pub(crate) fn until(event: &str, mut has_happened: impl FnMut() -> bool) {
    let start = Instant::now();
    while !has_happened() {
        assert!(start.elapsed() < HANG, "never seen: {event}");
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// A lock held by this process, as a program would that follows the plain protocol.
pub(crate) struct Held {
    file: File,
}

impl Held {
    #[expect(clippy::disallowed_methods, reason = "the test is the other program")]
    pub(crate) fn new(lock: &Path) -> Self {
        let mut options = OpenOptions::new();
        let file = options.create(true).append(true).read(true).open(lock).unwrap();
        fs2::FileExt::try_lock_exclusive(&file).unwrap();
        Held { file }
    }

    /// How many wait for this lock. The kernel lists those who do behind the lock's holder.
    pub(crate) fn waiters(&self) -> usize {
        waiters(&self.file)
    }

    #[track_caller]
    pub(crate) fn until_waited_for(&self, count: usize) {
        until("a process that waits for the lock", || self.waiters() >= count);
    }

    /// Lets the next one in.
    pub(crate) fn release(self) {
        drop(self);
    }
}

impl Drop for Held {
    #[expect(clippy::disallowed_methods, reason = "the test is the other program")]
    fn drop(&mut self) {
        // Closing it would leave the lock to processes that other tests are about to start.
        fs2::FileExt::unlock(&self.file).unwrap();
    }
}

/// How many wait for a lock that somebody else holds.
pub(crate) fn waiters_of(lock: &Path) -> usize {
    waiters(&File::open(lock).unwrap())
}

fn waiters(lock: &File) -> usize {
    let end = format!(":{}", lock.metadata().unwrap().ino());
    let locks = fs::read_to_string("/proc/locks").unwrap();
    let waits = |line: &&str| line.contains("-> FLOCK") && line.contains(&format!("{end} "));
    locks.lines().filter(waits).count()
}

/// Whether `/proc/locks` shows who waits, without which the tests of waiting cannot know when to go
/// on. In a container it may not.
pub(crate) fn sees_waiters(test: &str) -> bool {
    let sandbox = Sandbox::new();
    let held = Held::new(&sandbox.path("probe"));
    let inode = held.file.metadata().unwrap().ino();
    // The list is read in pieces, so locks that come and go meanwhile can hide one of them.
    let sees = (0..20).any(|_| {
        let locks = fs::read_to_string("/proc/locks").unwrap_or_default();
        locks.lines().any(|line| line.contains(&format!(":{inode} ")))
    });
    if !sees {
        skip(test, "/proc/locks does not show this process's locks");
    }
    sees
}

/// A document whose lock is held by this process; nothing where it cannot be seen who waits for it.
pub(crate) fn held(test: &str, text: &str) -> Option<(Sandbox, Held)> {
    if !sees_waiters(test) {
        return None;
    }
    let sandbox = Sandbox::with("f", text);
    let held = Held::new(&sandbox.path("f.lock"));
    Some((sandbox, held))
}

/// Whether somebody holds the lock.
#[expect(clippy::disallowed_methods, reason = "the test is the other program")]
pub(crate) fn is_locked(lock: &Path) -> bool {
    File::open(lock).is_ok_and(|file| fs2::FileExt::try_lock_exclusive(&file).is_err())
}

/// A program that holds the lock until it is told to stop: `flock(1)` running `cat`.
pub(crate) struct HoldingProcess {
    pub(crate) child: Child,
}

impl HoldingProcess {
    /// Starts it and waits until it has the lock. `argument` is part of its command line.
    pub(crate) fn start(lock: &Path, argument: &str) -> Self {
        let mut command = Command::new("flock");
        command.arg(lock).args(["sh", "-c", "echo held; cat", argument]);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line, "held\n");
        HoldingProcess { child }
    }

    /// Closes its standard input, on which it ends.
    pub(crate) fn stop(mut self) {
        drop(self.child.stdin.take());
        self.child.wait().unwrap();
    }
}

/// How a program that was left running has ended.
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) signal: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Waits for a program's end, and kills it if it hangs, so that the test fails instead of hanging.
#[track_caller]
pub(crate) fn end_of(mut child: Child) -> Ended {
    use std::os::unix::process::ExitStatusExt as _;
    let start = Instant::now();
    let status = loop {
        match child.try_wait().unwrap() {
            Some(status) => break status,
            None if start.elapsed() > HANG => {
                child.kill().unwrap();
                panic!("the program hangs");
            }
            None => std::thread::sleep(Duration::from_millis(1)),
        }
    };
    let (stdout, stderr) = (text(child.stdout.take()), text(child.stderr.take()));
    Ended { code: status.code(), signal: status.signal(), stdout, stderr }
}

/// What is left in a pipe whose other end is closed.
fn text(pipe: Option<impl Read>) -> String {
    let mut text = String::new();
    if let Some(mut pipe) = pipe {
        pipe.read_to_string(&mut text).unwrap();
    }
    text
}

/// Sets a flag when it is dropped, so that a test that fails does not leave its threads running.
pub(crate) struct Done<'a>(pub(crate) &'a AtomicBool);

impl Drop for Done<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// Whether a command works here; says so where it does not.
pub(crate) fn works(test: &str, command: &[&str]) -> bool {
    let mut probe = Command::new(command[0]);
    probe.args(&command[1..]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let works = probe.status().is_ok_and(|status| status.success());
    if !works {
        skip(test, &format!("`{}` does not work here", command.join(" ")));
    }
    works
}

pub(crate) fn can_trace(test: &str) -> bool {
    works(test, &["strace", "-f", "-qq", "-o", "/dev/null", "true"])
}

pub(crate) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// Whether the tests run as root; says so where they do not.
pub(crate) fn needs_root(test: &str) -> bool {
    if !is_root() {
        skip(test, "it takes root");
    }
    is_root()
}

/// Whether a mount namespace of one's own can be had, in which nothing that is mounted is seen
/// outside.
pub(crate) fn can_mount(test: &str) -> bool {
    needs_root(test) && works(test, &["unshare", "-m", "mount", "-t", "tmpfs", "none", "/mnt"])
}

/// Whether the test can act as somebody else: root may, if others can run the program at all.
pub(crate) fn can_switch_user(test: &str) -> bool {
    let others = ["setpriv", "--reuid=4001", "--regid=4001", "--clear-groups"];
    needs_root(test) && works(test, &[&others[..], &[JSONLOCK, "--version"]].concat())
}

/// Somebody, by numbers. The tests need no accounts.
#[derive(Clone, Copy)]
pub(crate) struct User {
    pub(crate) uid: u32,
    /// The first one is the primary group.
    pub(crate) groups: &'static [u32],
}

impl User {
    /// The program with these arguments, run by the user in the sandbox.
    pub(crate) fn command<S: AsRef<OsStr>>(
        &self,
        sandbox: &Sandbox,
        args: impl IntoIterator<Item = S>,
    ) -> Command {
        self.switch(sandbox.command(args))
    }

    /// Lets the user run a command.
    pub(crate) fn switch(&self, command: Command) -> Command {
        let mut switched = Command::new("setpriv");
        switched.arg(format!("--reuid={}", self.uid)).arg(format!("--regid={}", self.groups[0]));
        match &self.groups[1..] {
            [] => switched.arg("--clear-groups"),
            groups => {
                let groups: Vec<String> = groups.iter().map(u32::to_string).collect();
                switched.arg(format!("--groups={}", groups.join(",")))
            }
        };
        switched.arg("--").arg(command.get_program()).args(command.get_args());
        switched.current_dir(command.get_current_dir().unwrap()).stdin(Stdio::null());
        switched.env_remove("JSONLOCK_TIMEOUT").env_remove("JSONLOCK_NETWORK_FS");
        switched
    }
}

/// Sets owner, group and permissions, in an order that keeps the set-id bits.
pub(crate) fn give(path: &Path, uid: u32, gid: u32, mode: u32) {
    std::os::unix::fs::lchown(path, Some(uid), Some(gid)).unwrap();
    chmod(path, mode);
}

pub(crate) fn chmod(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// The twelve bits that `chmod(2)` sets.
pub(crate) fn mode(path: &Path) -> u32 {
    fs::symlink_metadata(path).unwrap().mode() & 0o7777
}

pub(crate) fn inode(path: &Path) -> u64 {
    fs::symlink_metadata(path).unwrap().ino()
}

/// Owner, group, and the twelve bits.
pub(crate) fn access(path: &Path) -> (u32, u32, u32) {
    let metadata = fs::symlink_metadata(path).unwrap();
    (metadata.uid(), metadata.gid(), metadata.mode() & 0o7777)
}
