//! Programs that jsonlock runs for the user: they end with it, and get the signals that it gets.

use crate::report;
use crate::signals;
use anyhow::{Context as _, Result};
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, getpgrp, kill_process, waitid};
use rustix::termios::tcgetpgrp;
use signal_hook::consts::{SIGINT, SIGQUIT};
use signal_hook::iterator::Signals;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::process::{Child, Command, ExitCode, ExitStatus, Stdio};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// The name under which the program runs itself to become the user's command.
const STAND_IN: &str = "jsonlock-child";

/// The user's command. It is killed when this process ends.
///
/// Only the command itself can ask the kernel for that, so this program runs once more in its place,
/// asks, and becomes the command.
pub(crate) fn command(words: &[OsString]) -> Command {
    if cfg!(target_os = "linux") {
        let mut command = Command::new("/proc/self/exe");
        command.arg0(STAND_IN).arg(std::process::id().to_string()).args(words);
        return command;
    }
    let (program, arguments) =
        words.split_first().map_or((OsStr::new(""), words), |(first, rest)| (first, rest));
    let mut command = Command::new(program);
    command.args(arguments);
    command
}

/// Becomes the user's command, if that is what this process was started for. Otherwise `None`.
pub(crate) fn become_command() -> Option<ExitCode> {
    let mut arguments = std::env::args_os();
    if arguments.next()? != STAND_IN {
        return None;
    }
    let parent = arguments.next().and_then(|parent| parent.to_str()?.parse().ok());
    let (Some(parent), Some(program)) = (parent, arguments.next()) else {
        return Some(ExitCode::from(2));
    };
    if !end_with(parent) {
        // Nobody waits for the command any more.
        return Some(ExitCode::from(126));
    }
    let error = Command::new(&program).args(arguments).exec();
    report::say(format_args!("cannot run {}: {error}", program.display()));
    Some(ExitCode::from(if error.kind() == io::ErrorKind::NotFound { 127 } else { 126 }))
}

/// Has the kernel kill this process when its parent ends. Says whether the parent is still there.
#[cfg(target_os = "linux")]
fn end_with(parent: i32) -> bool {
    use rustix::process::{getppid, set_parent_process_death_signal};
    let is_set = set_parent_process_death_signal(Some(Signal::KILL)).is_ok();
    is_set && getppid().map(Pid::as_raw_pid) == Some(parent)
}

#[cfg(not(target_os = "linux"))]
fn end_with(_: i32) -> bool {
    true
}

/// Runs a command to its end, with something on its standard input, and gives what it prints.
pub(crate) fn pipe(command: &mut Command, input: &[u8]) -> Result<(ExitStatus, Vec<u8>)> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().context("cannot start a process")?;
    let exchanged = exchange(&mut child, input);
    if exchanged.is_err() {
        // Nobody wants what it does any more.
        let _ = child.kill();
    }
    let status = child.wait().context("cannot wait for it")?;
    Ok((status, exchanged?))
}

/// Writes to a child and reads from it at the same time, since it may print before it has read everything.
fn exchange(child: &mut Child, input: &[u8]) -> Result<Vec<u8>> {
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    let mut output = Vec::new();
    thread::scope(|scope| {
        let write = move || stdin.map_or(Ok(()), |mut stdin| stdin.write_all(input));
        let writer = thread::Builder::new().spawn_scoped(scope, write);
        let writer = writer.context("cannot start to write to it")?;
        let read = stdout.map_or(Ok(0), |mut stdout| stdout.read_to_end(&mut output));
        if read.is_err() {
            // The writer would wait for a reader.
            let _ = child.kill();
        }
        let written = writer.join().unwrap_or(Ok(()));
        read.context("cannot read what it prints")?;
        match written {
            // It need not read what it has no use for.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            written => written.context("cannot write to it"),
        }
    })?;
    Ok(output)
}

/// Runs a command to its end, and passes on the signals that come meanwhile.
pub(crate) fn run(command: &mut Command) -> Result<ExitStatus> {
    // From here on they do not end this process, so that it can tell how the command ended.
    let mut signals = Signals::new(signals::deadly()).context("cannot catch signals")?;
    let mut child = command.spawn().context("cannot start a process")?;
    let pid = Pid::from_child(&child);
    let has_ended = Mutex::new(false);
    let handle = signals.handle();
    thread::scope(|scope| {
        let pass_on = || signals.forever().for_each(|signal| pass_on(signal, pid, &has_ended));
        let passing = thread::Builder::new().spawn_scoped(scope, pass_on);
        if passing.is_err() {
            // A command that cannot be stopped is better not run.
            let _ = child.kill();
        }
        let status = end_of(&mut child, pid, &has_ended);
        handle.close();
        passing.context("cannot start to pass on signals")?;
        status.context("cannot wait for the command")
    })
}

/// Waits for the end of the child. Nobody signals it any more when its number may be somebody else's.
fn end_of(child: &mut Child, pid: Pid, has_ended: &Mutex<bool>) -> io::Result<ExitStatus> {
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
    let _ = rustix::io::retry_on_intr(|| waitid(WaitId::Pid(pid), options));
    *has_ended.lock().unwrap_or_else(PoisonError::into_inner) = true;
    child.wait()
}

fn pass_on(signal: i32, pid: Pid, has_ended: &Mutex<bool>) {
    let has_ended = has_ended.lock().unwrap_or_else(PoisonError::into_inner);
    if let (false, Some(signal)) =
        (*has_ended || comes_from_keyboard(signal), Signal::from_named_raw(signal))
    {
        let _ = kill_process(pid, signal);
    }
}

/// Whether the terminal has sent a signal, and then to the child too.
fn comes_from_keyboard(signal: i32) -> bool {
    [SIGINT, SIGQUIT].contains(&signal)
        && File::open("/dev/tty").is_ok_and(|terminal| tcgetpgrp(terminal) == Ok(getpgrp()))
}

/// The exit status that passes on how a command has ended.
pub(crate) fn exit_code(status: ExitStatus) -> u8 {
    let code = status.code().or_else(|| status.signal().map(|signal| 128 + signal));
    code.and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
}
