//! What a command asks of the kernel, call by call, so that nobody adds a call without a reason.

use crate::harness::Sandbox;
use crate::system::can_trace;
use crate::tracing::calls;
use std::collections::BTreeMap;

/// A call, how often it is made at most, and what for.
type Row = (&'static str, isize, &'static str);

const READ: [Row; 9] = [
    ("getcwd", 1, "the directory of FILE, which may say that there are comments in it"),
    ("getrandom", 1, "where the hash map of the command line's parser begins"),
    ("openat2", 1, "the directory, without following links"),
    ("readlinkat", 1, "whether FILE is a link"),
    ("geteuid", 1, "who may have made that link"),
    ("openat", 1, "FILE"),
    ("fstat", 2, "FILE, before and after it is read"),
    ("pread64", 2, "FILE, and its end"),
    ("close", 2, "FILE and the directory"),
];

const EDIT: [Row; 25] = [
    ("getcwd", 1, "the directory of FILE, which may say that there are comments in it"),
    (
        "openat",
        5,
        "the mask of ignored signals, FILE before and behind the lock, lock, temporary file",
    ),
    ("read", 1, "the mask of ignored signals"),
    (
        "rt_sigaction",
        9,
        "four signals that must not leave a temporary file, asked for and set; the first thread",
    ),
    ("getrandom", 2, "the name of the temporary file, and where hash maps of a filter begin"),
    ("openat2", 2, "the directory, and once more behind the lock: links may have been turned"),
    ("readlinkat", 2, "whether FILE is a link, likewise"),
    ("uname", 2, "on which machine this holder is"),
    ("fstatfs", 1, "whether other machines may write there"),
    ("geteuid", 5, "whose links, files and lock files are ours"),
    ("getpid", 4, "who has the lock, for others and for forked children"),
    ("faccessat2", 4, "what may be written: FILE twice, its directory"),
    ("statx", 2, "whether FILE is a mount point, before and behind the lock"),
    (
        "newfstatat",
        7,
        "what names denote: FILE, lock, and temporary files, this one and the last one",
    ),
    (
        "fstat",
        19,
        "what the open ones are, each as often as its name may have got to another one; whose disk it is",
    ),
    ("flock", 4, "lock and unlock, the lock file and the temporary file"),
    ("pread64", 3, "what the last holder has left, FILE, and its end"),
    ("pwrite64", 2, "what this holder would leave, before and after the temporary file is made"),
    ("flistxattr", 2, "extended attributes, of FILE and of the temporary file"),
    ("fchmod", 1, "the permissions"),
    ("fsync", 2, "the temporary file and the directory"),
    ("renameat2", 1, "the swap"),
    ("unlinkat", 1, "the old FILE"),
    ("close", 7, "all that was opened"),
    ("clone", 1, "the thread of a filter"),
];

/// Calls whose number is up to chance, to the C library, or to whether the program was optimized: those
/// of the allocator, of threads that begin, wait and end, and of checks that only debug builds make; and
/// those that print.
const IGNORED: [&str; 19] = [
    "brk",
    "exit",
    "fcntl",
    "futex",
    "gettid",
    "ioctl",
    "madvise",
    "mmap",
    "mprotect",
    "munmap",
    "prctl",
    "restart_syscall",
    "rseq",
    "rt_sigprocmask",
    "sched_getaffinity",
    "sched_yield",
    "set_robust_list",
    "sigaltstack",
    "write",
];

/// How often each call is made, beyond what the program makes that only says its version.
fn counts(args: &[&str]) -> BTreeMap<String, isize> {
    let sandbox = Sandbox::with("f", "{\n  \"a\": 1\n}\n");
    sandbox.run(["set", "f", "a:=2"]).succeeds();
    let mut counts = BTreeMap::new();
    for (args, step) in [(args, 1), (&["--version"], -1)] {
        for call in calls(&sandbox, args) {
            let name = match call.name.as_str() {
                name if IGNORED.contains(&name) => continue,
                // How the C library calls it.
                "newfstatat" if call.line.contains("AT_EMPTY_PATH") => "fstat",
                "clone3" => "clone",
                name => name,
            };
            *counts.entry(name.to_owned()).or_insert(0) += step;
        }
    }
    counts
}

#[track_caller]
fn makes_no_more_calls_than(rows: &[Row], args: &[&str]) {
    for (name, count) in counts(args) {
        let row = rows.iter().find(|row| row.0 == name);
        let (most, reason) = row.map_or((0, "no reason is known"), |row| (row.1, row.2));
        assert!(count <= most, "{args:?}: {name} is called {count} times, not {most}: {reason}");
    }
}

#[test]
fn no_call_is_made_without_a_reason() {
    if !can_trace("the calls of a command") {
        return;
    }
    makes_no_more_calls_than(&READ, &["get", "f", "a"]);
    makes_no_more_calls_than(&EDIT[..EDIT.len() - 1], &["set", "f", "a:=3"]);
    makes_no_more_calls_than(&EDIT, &["apply", "f", ".a = 3"]);
}
