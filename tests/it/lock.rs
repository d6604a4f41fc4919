//! Proves that a program can be run under the lock: nobody else edits the document meanwhile, its own
//! edits take part in the lock, and neither outlives the other unnoticed.

mod sharing;

use crate::harness::{JSONLOCK, Sandbox, is_long, listening, with_jsonlock};
use crate::people::OLD;
use crate::system::{Ended, can_mount, can_trace, end_of, held, is_locked, until, works};
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};

/// A program under the lock that has said that it runs, and goes on when it is told to.
struct Holder(Child);

impl Holder {
    /// Runs a script under the lock, and waits until it has printed a line.
    fn start(sandbox: &Sandbox, script: &str) -> Self {
        let mut command = under_lock(sandbox, script);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line, "ready\n");
        Holder(child)
    }

    fn signal(&self, sandbox: &Sandbox, name: &str) {
        sandbox.shell(&format!("kill -{name} {}", self.0.id())).succeeds();
    }

    /// The process that has the lock.
    fn deputy(&self) -> String {
        let children = format!("/proc/{0}/task/{0}/children", self.0.id());
        std::fs::read_to_string(children).unwrap().trim().to_owned()
    }

    /// Lets the script read a line.
    fn go_on(&mut self) {
        self.0.stdin.as_mut().unwrap().write_all(b"\n").unwrap();
    }

    fn end(self) -> Ended {
        end_of(self.0)
    }
}

/// A script that runs under the lock.
fn under_lock(sandbox: &Sandbox, script: &str) -> Command {
    let mut command = listening([JSONLOCK, "lock", "f", "--", "sh", "-c", script]);
    command.current_dir(sandbox.root());
    with_jsonlock(command)
}

/// Whether a process is gone, or a zombie that nobody has asked for yet.
fn is_dead(pid: &str) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", pid.trim()));
    stat.map_or(true, |stat| stat.contains(") Z "))
}

fn is_free(sandbox: &Sandbox) -> bool {
    !is_locked(&sandbox.path("f.lock"))
}

#[test]
fn the_exit_status_is_that_of_the_command() {
    let sandbox = Sandbox::with("f", OLD);
    sandbox.run(["lock", "f", "--", "true"]).succeeds().prints_nothing();
    sandbox.run(["lock", "f", "--", "sh", "-c", "echo out; echo err >&2; exit 7"]).exits_with(7);
    sandbox.run(["lock", "f", "--", "sh", "-c", "kill -USR1 $$"]).exits_with(128 + 10);
    sandbox.run(["lock", "f", "--", "nonesuch"]).exits_with(127).says("cannot run nonesuch");
    sandbox.run(["lock", "f", "--", "./f"]).exits_with(126).says("Permission denied");
    sandbox.run(["lock", "f"]).exits_with(2);
    let ended = end_of(sandbox.spawn(["lock", "f", "--", "sh", "-c", "kill -TERM $$"]));
    assert_eq!((ended.code, ended.signal), (None, Some(15)), "{}", ended.stderr);
    assert!(is_free(&sandbox));
    assert_eq!(sandbox.read("f"), OLD);
}

/// Where SIGCHLD is ignored, the kernel forgets how children have ended.
#[test]
fn whoever_ignores_its_children_may_start_it() {
    let sandbox = Sandbox::with("f", OLD);
    for command in ["lock f -- sh -c 'exit 7'", "filter f -- sh -c 'exit 7'"] {
        let ignoring = format!("env --ignore-signal=CHLD jsonlock {command}");
        sandbox.shell(&ignoring).exits_with(7);
    }
}

/// Then it is run by the process that the user started.
#[test]
fn it_works_without_proc() {
    let test = "lock::it_works_without_proc";
    if !can_mount(test) {
        return;
    }
    let sandbox = Sandbox::with("f", OLD);
    let without = |command: &str| {
        sandbox.shell(&format!("unshare -m sh -c 'mount -t tmpfs none /proc && exec {command}'"))
    };
    without("jsonlock lock f -- sh -c \"jsonlock set f b=1; exit 7\"").exits_with(7);
    without("jsonlock filter f -- sed s/old/new/").succeeds();
    assert_eq!(sandbox.json("f"), serde_json::json!({"a": "new", "b": "1"}));
    for command in ["lock", "filter"] {
        let run = without(&format!("jsonlock {command} f -- nonesuch")).exits_with(127);
        run.says("cannot run nonesuch: No such file");
    }
}

#[test]
fn a_command_that_could_not_be_stopped_is_not_run() {
    let test = "lock::a_command_that_could_not_be_stopped_is_not_run";
    if !can_trace(test) {
        return;
    }
    let mut failures = 0;
    for number in 1..6 {
        let sandbox = Sandbox::with("f", OLD);
        let inject = format!("inject=clone3:error=EAGAIN:when={number}");
        let trace =
            ["strace", "-f", "-qq", "-o", "log", "-e", "execve,clone3", "-e", &inject, "jsonlock"];
        let run = sandbox.shell(&format!("{} lock f -- true", trace.join(" ")));
        let is_started = sandbox.read("log").contains("[\"jsonlock-child\"");
        assert_eq!(run.code() == Some(0), is_started, "{number}: {run}");
        failures += usize::from(run.code() != Some(0));
    }
    assert!(failures >= 2, "a thread for the lock, and one for the signals");
}

#[test]
fn nobody_else_gets_the_lock_meanwhile() {
    let sandbox = Sandbox::with("f", OLD);
    let mut holder = Holder::start(&sandbox, "echo ready; read line; cat f");
    assert!(!is_free(&sandbox));
    let run = sandbox.run(["set", "f", "a=new", "--timeout", "0"]).exits_with(75);
    run.says(&format!("process {} (jsonlock)", holder.deputy()));
    sandbox.run(["lock", "f", "--timeout", "0", "--", "touch", "ran"]).exits_with(75);
    assert!(!sandbox.path("ran").exists());
    holder.go_on();
    let ended = holder.end();
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(0), OLD));
    sandbox.run(["set", "f", "a=new", "--timeout", "0"]).succeeds();
}

#[test]
fn the_document_may_be_missing_and_is_not_made() {
    let sandbox = Sandbox::new();
    sandbox.run(["lock", "f", "--", "true"]).succeeds();
    assert_eq!(sandbox.names(), ["f.lock"]);
    sandbox.run(["lock", "f", "--", "sh", "-c", "echo 1 > f"]).succeeds();
    assert_eq!(sandbox.read("f"), "1\n");
    sandbox.run(["lock", "none/f", "--", "true"]).exits_with(73).says("none");
    sandbox.run(["lock", "s3://b/f", "--", "true"]).exits_with(69);
}

#[test]
fn what_the_command_leaves_running_does_not_keep_the_lock() {
    let sandbox = Sandbox::with("f", OLD);
    let script = "sleep 600 >/dev/null 2>&1 & echo $! > pid; ls -l /proc/self/fd > open";
    sandbox.run(["lock", "f", "--", "sh", "-c", script]).succeeds();
    assert!(is_free(&sandbox));
    sandbox.shell("kill $(cat pid)").succeeds();
    let open = sandbox.read("open");
    assert!(!open.contains("f.lock") && !open.contains("socket"), "{open}");
}

/// A script of which nothing ends by itself, with all sorts of relatives.
const FAMILY: &str = "trap '' TERM HUP
    (trap '' TERM; echo $$ >> pids; sh -c 'echo $$ >> pids; (sleep 600 & echo $! >> pids; wait); true'; true) &
    (setsid sh -c 'echo $$ >> pids; sleep 600; true' &)
    until test -e pids && test $(wc -l < pids) -ge 4; do sleep 0.01; done; echo $$ >> pids; echo ready
    sh -c 'sleep 600; true'; true";

#[test]
fn nothing_of_the_command_is_left_when_a_killed_holder_has_released_the_lock() {
    let nested = "jsonlock lock g -- sh ./family; true";
    let scripts = [FAMILY, nested].into_iter().cycle();
    for script in scripts.take(if is_long() { 200 } else { 20 }) {
        let sandbox = Sandbox::with("f", OLD);
        sandbox.write("family", FAMILY);
        let holder = Holder::start(&sandbox, script);
        let family = sandbox.read("pids");
        // Only the end of its parent counts, whoever sends the signal that tells of it.
        sandbox.shell(&format!("kill -PWR {}", holder.deputy())).succeeds();
        sandbox.run(["set", "f", "a=new", "--timeout", "0"]).exits_with(75);
        holder.signal(&sandbox, "KILL");
        sandbox.run(["set", "f", "a=new"]).succeeds();
        let alive: Vec<&str> = family.lines().filter(|pid| !is_dead(pid)).collect();
        assert!(alive.is_empty(), "{alive:?} of {family}");
        sandbox.run(["set", "g", "a=new", "--timeout", "0"]).succeeds();
        assert_eq!(holder.end().signal, Some(9));
    }
}

/// Without its front nobody would wait for it.
#[test]
fn a_holder_that_is_killed_while_it_waits_runs_nothing() {
    let test = "lock::a_holder_that_is_killed_while_it_waits_runs_nothing";
    let Some((sandbox, held)) = held(test, OLD) else { return };
    let child = sandbox.spawn(["lock", "f", "--timeout", "inf", "--", "touch", "ran"]);
    held.until_waited_for(1);
    sandbox.shell(&format!("kill -KILL {}", child.id())).succeeds();
    assert_eq!(end_of(child).signal, Some(9));
    until("the end of the wait", || held.waiters() == 0);
    held.release();
    assert!(!sandbox.path("ran").exists());
}

#[test]
fn whoever_holds_the_lock_takes_the_command_with_it() {
    let sandbox = Sandbox::with("f", OLD);
    let holder = Holder::start(&sandbox, "trap '' TERM; echo $$ > pid; echo ready; exec sleep 600");
    sandbox.shell(&format!("kill -KILL {}", holder.deputy())).succeeds();
    let ended = holder.end();
    assert_eq!(ended.code, Some(128 + 9));
    assert!(ended.stderr.contains("held the lock was ended by signal 9 (SIGKILL)"));
    until("the end of the command", || is_dead(&sandbox.read("pid")));
    sandbox.run(["set", "f", "a=new", "--timeout", "0"]).succeeds();
}

#[test]
fn signals_reach_the_command() {
    for signal in ["HUP", "INT", "QUIT", "TERM", "USR1", "USR2"] {
        let sandbox = Sandbox::with("f", OLD);
        let script =
            format!("trap 'echo {signal} > got; exit 3' {signal}; echo ready; read line; exit 4");
        let holder = Holder::start(&sandbox, &script);
        holder.signal(&sandbox, signal);
        let ended = holder.end();
        assert_eq!(ended.code, Some(3), "{signal}: {}", ended.stderr);
        assert_eq!(sandbox.read("got").trim(), signal);
        assert!(is_free(&sandbox), "{signal}");
    }
}

/// The terminal sends a signal of the keyboard to both of them.
#[test]
fn a_signal_of_the_keyboard_reaches_the_command_once() {
    let test = "lock::a_signal_of_the_keyboard_reaches_the_command_once";
    if !works(test, &["python3", "-c", "import pty"]) {
        return;
    }
    let sandbox = Sandbox::with("f", OLD);
    let script = "import os, pty, signal, sys
signal.alarm(20)
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
while b'ready' not in os.read(terminal, 100): pass
os.write(terminal, b'\\x03')
while not os.path.exists('got'): pass
os.write(terminal, b'\\n')
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))";
    let count = "trap 'echo INT >> got' INT; echo ready; read line; exit 5";
    let command = ["lock", "f", "--", "bash", "-c", count];
    let mut python = listening(["python3", "-c", script, JSONLOCK]);
    python.args(command).current_dir(sandbox.root());
    let run = sandbox.run_command(python);
    assert_eq!((run.code(), sandbox.read("got").as_str()), (Some(5), "INT\n"), "{run}");
}
