//! An edit whose system calls fail, once or from then on, changes nothing and says so, or does all that
//! it promises.

use super::run::{Fault, Point, Run, Times};
use super::scene::{self, LEFTOVER, Scene, Stage, Start, State, broken};
use super::{Case, can_sweep, check, sweep};
use crate::harness::{Sandbox, is_long};
use crate::system::{Held, end_of, needs_root, until};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// The errors that are injected into every call in the long version.
const ALL: [&str; 14] = [
    "EIO", "ENOSPC", "EDQUOT", "EACCES", "EPERM", "EMFILE", "ENOMEM", "EROFS", "EINTR", "ENOSYS",
    "ENOLCK", "EBUSY", "EXDEV", "ESTALE",
];

/// The calls that manage the program's own memory and threads, which the language's runtime makes and
/// answers for.
const RUNTIME: &str = "brk clone3 futex madvise mmap mprotect munmap prctl rseq rt_sigaction \
                       rt_sigprocmask sched_getaffinity set_robust_list sigaltstack";

/// Which errors a call can give, as its manual page and those of the file systems have it, and which
/// matter here: what says that a file is not there, or there already, is an answer and no failure.
fn errors(call: &str) -> &'static [&'static str] {
    match call {
        "openat" => &[
            "EIO", "ENOSPC", "EDQUOT", "EACCES", "EPERM", "EMFILE", "ENOMEM", "EROFS", "EINTR",
            "ESTALE",
        ],
        "readlinkat" | "newfstatat" | "fstat" | "statx" => &["EIO", "EACCES", "ENOMEM", "ESTALE"],
        "fstatfs" => &["EIO", "EINTR", "ENOMEM", "ENOSYS"],
        "faccessat2" => &["EIO", "EACCES", "EPERM", "ENOMEM", "EROFS", "ENOSYS"],
        "fchown" | "fchmod" => &["EIO", "ENOSPC", "EDQUOT", "EPERM", "ENOMEM", "EROFS", "ENOSYS"],
        "fgetxattr" | "flistxattr" => &["EIO", "EACCES", "EPERM", "ENOMEM", "EOPNOTSUPP"],
        "fsetxattr" | "fremovexattr" => &["EIO", "ENOSPC", "EDQUOT", "EPERM", "EOPNOTSUPP"],
        "flock" => &["EIO", "EINTR", "ENOLCK", "ENOSYS", "EOPNOTSUPP", "EBADF", "ENOMEM"],
        "read" | "pread64" | "lseek" => &["EIO", "EINTR", "ENOMEM", "ESTALE"],
        "write" | "pwrite64" => &["EIO", "ENOSPC", "EDQUOT", "EINTR", "EPERM", "EFBIG", "ESTALE"],
        "fsync" => &["EIO", "ENOSPC", "EDQUOT", "EROFS", "EINTR", "EINVAL", "EOPNOTSUPP"],
        "close" => &["EIO", "ENOSPC", "EDQUOT", "EINTR"],
        "mkdir" | "mkdirat" => &["EIO", "ENOSPC", "EDQUOT", "EACCES", "EPERM", "ENOMEM", "EROFS"],
        "unlinkat" => &["EIO", "EACCES", "EPERM", "ENOMEM", "EROFS", "EBUSY", "ESTALE"],
        "clone3" => &["EAGAIN", "ENOMEM", "EPERM", "ENOSYS"],
        // Not of brk, which answers with the old end when it fails, and not of futex, of which strace
        // cannot tell waking from waiting: a wake-up that is lost is no error that the kernel gives.
        "mmap" | "mprotect" | "munmap" => &["ENOMEM"],
        name if name.starts_with("rename") => &[
            "EIO", "ENOSPC", "EDQUOT", "EACCES", "EPERM", "ENOMEM", "EROFS", "EINTR", "ENOSYS",
            "EINVAL", "EBUSY", "EXDEV", "ESTALE",
        ],
        _ => &[],
    }
}

/// Calls that no kernel lets fail in any other way than those above, if at all: who calls, and what
/// the runtime does for itself.
fn cannot_fail(call: &str) -> bool {
    call.starts_with("get") || is_of_runtime(call)
}

fn is_of_runtime(call: &str) -> bool {
    RUNTIME.split(' ').any(|name| name == call)
}

pub(super) fn faults(scene: &Scene, point: &Point) -> Vec<Fault> {
    let mut errors = errors(&point.call).to_vec();
    if is_long() && !cannot_fail(&point.call) {
        errors.extend(ALL.iter().filter(|error| !errors.contains(error)).collect::<Vec<_>>());
    }
    if scene.start == Start::Attributed && point.call == "flistxattr" {
        // They say that there are no attributes, which is no failure but would be a lie.
        errors.retain(|error| !["EOPNOTSUPP", "ENOSYS"].contains(error));
    }
    if scene.runs_others() && point.call == "close" {
        // The kernel closes a descriptor whatever it answers, but strace does not let it. The end of a
        // pipe that stays open would be waited for in vain.
        errors.clear();
    }
    let once = errors.iter().map(|error| Fault::Error(error, Times::Once));
    // These are what somebody may try again for ever, or stumble over while cleaning up.
    let lasts = |error: &&&str| is_long() || ["EIO", "EINTR", "ESTALE"].contains(error);
    let lasting = errors.iter().filter(lasts);
    once.chain(lasting.map(|error| Fault::Error(error, Times::FromThenOn))).collect()
}

#[test]
fn an_edit_whose_system_calls_fail_is_done_or_undone_and_says_which() {
    let test = "sweep::error::an_edit_whose_system_calls_fail_is_done_or_undone_and_says_which";
    if !can_sweep(test) {
        return;
    }
    for (command, mut scenes) in scene::by_command() {
        if command == "filter" && !is_long() {
            // There are many calls of the other program, which know nothing of the document.
            scenes.retain(|scene| scene.name.contains("replaced") || scene.name.contains("optim"));
        }
        // The others differ from set in what they do to the text, hardly in what they ask of the system.
        if is_long() || ["set", "filter", scene::BATCH].contains(&command) {
            let swept = sweep(&format!("error, {command}"), &scenes, faults, judge);
            swept.keeps_all_promises();
            // Many errors can be made up for, such as those of a question that another answers too.
            assert!(swept.failed * 4 > swept.runs, "{} of {} failed", swept.failed, swept.runs);
        }
    }
}

/// What holds when a call has failed.
pub(super) fn judge(case: &Case<'_>, run: &Run, stage: &mut Stage) -> Result<(), String> {
    let scene = case.scene;
    let is_new = stage.state(scene)? == State::New;
    if is_of_runtime(&case.point.call) && run.signal == Some(6) {
        // Without memory the runtime ends the program, which is like being killed.
        return Ok(());
    }
    check_left(case, stage)?;
    check(!run.stderr.contains("panicked"), "it panics")?;
    match run.code {
        Some(0) => run
            .check_syncs(scene, stage)
            .map_err(|what| format!("acknowledged, but not durable: {what}"))?,
        Some(79) => check(is_new, "said to be visible, but old")?,
        Some(74) if run.has_lost_output() => {
            let is_told = run.stderr.ends_with("; f got the edit of 1 line\n");
            return check(
                !scene.changes() || is_new && is_told || run.is_muted(),
                "not told truly",
            );
        }
        Some(2 | 3 | 5 | 65 | 66 | 69 | 73..=78) => check(!is_new, "failed, but new")?,
        // The other program has failed, and has said why.
        Some(code)
            if scene.runs_others() && (run.stderr.contains(" failed with ") || code == 127) =>
        {
            return check(!is_new, "failed, but new");
        }
        _ => return Err("this exit status is in no table".to_owned()),
    }
    if run.code == Some(0) || run.is_muted() { Ok(()) } else { check_message(scene, run) }
}

/// The last line says what failed at which file, and what became of the document.
fn check_message(scene: &Scene, run: &Run) -> Result<(), String> {
    let promise = if run.code == Some(79) { "has the new content" } else { "was not changed" };
    let Some(text) = run.stderr.strip_suffix(&format!("; {} {promise}\n", scene.file)) else {
        return Err(format!("the message does not end in the promise that it {promise}"));
    };
    let (_, message) = text.rsplit_once("jsonlock: ").unwrap_or_default();
    let (dir, _) = scene.entry();
    let directories = [" .: ", &format!(" {dir}: "), &format!(" {dir} is ")];
    let names = [scene.file, scene.lock, ".jsonlock-", "standard input"];
    let names = [&names, &directories[..]].concat();
    check(names.iter().any(|name| message.contains(name)), "the message names no file")?;
    let is_step = message.contains("cannot ") && message.contains("(os error ");
    check(is_step || is_refusal(message), "the message does not say what failed")
}

/// What the answer to a question about permissions, or about the file system, leads to, in words of its own.
fn is_refusal(message: &str) -> bool {
    let reasons = [
        "is on a read-only mount",
        "is write-protected for you",
        "able for you",
        "cannot be kept",
        "keep out all who can write there",
    ];
    reasons.iter().any(|reason| message.contains(reason))
}

fn check_left(case: &Case<'_>, stage: &Stage) -> Result<(), String> {
    let mut left = stage.left(case.scene);
    left.retain(|name| !(case.scene.start == Start::Leftover && name == LEFTOVER));
    // Where the removal is what fails, or the look at what is to be removed, it is left to the next
    // edit.
    let cannot_remove = case.point.call == "unlinkat" || case.may_forget();
    check(
        left.is_empty() || cannot_remove && left.len() <= case.scene.temporaries(),
        "it left something",
    )
}

/// The sweep cannot have this one: a thread of its own waits, and strace would let the first try of the
/// main thread fail as well.
#[test]
fn an_edit_whose_wait_fails_is_undone_and_says_so() {
    let test = "sweep::error::an_edit_whose_wait_fails_is_undone_and_says_so";
    if !can_sweep(test) || !needs_root(test) {
        return;
    }
    for (error, code) in [("ENOLCK", 69), ("ENOSYS", 69), ("EIO", 74), ("EINTR", 0)] {
        let sandbox = Sandbox::with("f", "{}");
        let held = Held::new(&sandbox.path("f.lock"));
        let edit = sandbox.spawn(["set", "f", "a=new"]);
        held.until_waited_for(1);
        let output = tempfile::NamedTempFile::new().unwrap();
        // A call that blocks is made anew when somebody begins to trace it.
        let mut strace =
            attached(&edit, output.path(), &format!("inject=flock:error={error}:when=1"));
        until("the fault has struck", || {
            std::fs::read_to_string(output.path()).unwrap().contains("(INJECTED)")
        });
        // Who is merely interrupted waits again; others have gone.
        until("the edit waits or ends", || held.waiters() > 0 || !is_alive(&edit));
        held.release();
        let ended = end_of(edit);
        strace.wait().unwrap();
        assert_eq!(ended.code, Some(code), "{error}: {}", ended.stderr);
        let is_undone = sandbox.read("f") == "{}" && ended.stderr.ends_with("f was not changed\n");
        assert_eq!(is_undone, code != 0, "{error}: {}", ended.stderr);
        assert_eq!(sandbox.names(), ["f", "f.lock"], "{error}");
    }
}

/// Traces a program that runs already.
fn attached(child: &Child, output: &Path, inject: &str) -> Child {
    let mut strace = Command::new("strace");
    strace.args(["-f", "-qq", "-e", "trace=flock", "-e", inject, "-p", &child.id().to_string()]);
    strace.arg("-o").arg(output).stderr(Stdio::null()).spawn().unwrap()
}

/// Whether it has not ended yet, as proc_pid_stat(5) has it.
fn is_alive(child: &Child) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", child.id())).unwrap();
    !stat.rsplit(") ").next().unwrap().starts_with('Z')
}

#[test]
fn the_sweep_finds_writers_that_do_not_look_at_errors() {
    if !can_sweep("sweep::error::the_sweep_finds_writers_that_do_not_look_at_errors") {
        return;
    }
    for (scene, expected) in broken() {
        let name = format!("error, control, {}", scene.name);
        let faults = |_: &Scene, point: &Point| {
            let matters = point.call == "write" || point.call.starts_with("rename");
            if matters { vec![Fault::Error("EIO", Times::Once)] } else { Vec::new() }
        };
        sweep(&name, &[scene], faults, judge).breaks(expected);
    }
}
