//! Programs that jsonlock runs for the user: they end with it, and get the signals that it gets.

mod front;
mod run;

pub(crate) use front::{Front, arguments};
pub(crate) use run::run;

use crate::report::{self, CommandFailed};
use crate::signals;
use anyhow::{Context as _, Result};
use signal_hook::low_level::signal_name;
use std::ffi::{OsStr, OsString};
use std::io::{self, Read as _, Write as _};
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::Path;
use std::process::{Child, Command, ExitCode, ExitStatus, Stdio};
use std::thread;

/// The name under which the program runs itself to become the user's command.
const STAND_IN: &str = "jsonlock-child";

/// The program that runs, on Linux.
const THIS_PROGRAM: &str = "/proc/self/exe";

/// The user's command. It is killed when this process ends.
///
/// Only the command itself can ask the kernel for that, so this program runs once more in its place,
/// asks, and becomes the command.
pub(crate) fn command(words: &[OsString]) -> Command {
    if let Some(mut stand_in) = run_self(STAND_IN) {
        stand_in.args(words);
        return stand_in;
    }
    let (program, arguments) =
        words.split_first().map_or((OsStr::new(""), words), |(first, rest)| (first, rest));
    let mut command = Command::new(program);
    command.args(arguments);
    command
}

/// This program once more, under another name and with the number of this process as its first argument.
/// `None` where it cannot be had.
fn run_self(name: &str) -> Option<Command> {
    let is_there = cfg!(target_os = "linux") && Path::new(THIS_PROGRAM).exists();
    is_there.then(|| {
        let mut command = Command::new(THIS_PROGRAM);
        command.arg0(name).arg(std::process::id().to_string());
        command
    })
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
    Some(ExitCode::from(failure(&error)))
}

/// Has the kernel kill this process when its parent ends. Says whether the parent is still there.
#[cfg(target_os = "linux")]
fn end_with(parent: i32) -> bool {
    use rustix::process::{Pid, Signal, getppid, set_parent_process_death_signal};
    let is_set = set_parent_process_death_signal(Some(Signal::KILL)).is_ok();
    is_set && getppid().map(Pid::as_raw_pid) == Some(parent)
}

#[cfg(not(target_os = "linux"))]
fn end_with(_: i32) -> bool {
    true
}

/// Runs a command to its end, with something on its standard input, and gives what it prints.
pub(crate) fn pipe(command: &mut Command, input: &[u8]) -> Result<(ExitStatus, Vec<u8>)> {
    signals::hear_of_children();
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = start(command)?;
    let exchanged = exchange(&mut child, input);
    if exchanged.is_err() {
        // Nobody wants what it does any more.
        let _ = child.kill();
    }
    let status = child.wait().context("cannot wait for the command")?;
    Ok((status, exchanged?))
}

/// Writes to a child and reads from it at the same time, since it may print before it has read everything.
fn exchange(child: &mut Child, input: &[u8]) -> Result<Vec<u8>> {
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    let mut output = Vec::new();
    thread::scope(|scope| {
        let write = move || stdin.map_or(Ok(()), |mut stdin| stdin.write_all(input));
        let writer = thread::Builder::new().spawn_scoped(scope, write);
        let writer = writer.context("cannot start to write to the command")?;
        let read = stdout.map_or(Ok(0), |mut stdout| stdout.read_to_end(&mut output));
        if read.is_err() {
            // The writer would wait for a reader.
            let _ = child.kill();
        }
        let written = writer.join().unwrap_or(Ok(()));
        read.context("cannot read what the command prints")?;
        match written {
            // It need not read what it has no use for.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            written => written.context("cannot write to the command"),
        }
    })?;
    Ok(output)
}

/// Starts a command, whose signals and end others look after.
fn start(command: &mut Command) -> Result<Child> {
    command.spawn().map_err(|error| {
        if command.get_program() == THIS_PROGRAM {
            return anyhow::Error::new(error).context("cannot start a process");
        }
        let name = command.get_program().display();
        CommandFailed { code: failure(&error), message: format!("cannot run {name}: {error}") }
            .into()
    })
}

/// The exit status for a command that cannot be run, as shells have it.
fn failure(error: &io::Error) -> u8 {
    if error.kind() == io::ErrorKind::NotFound { 127 } else { 126 }
}

/// How a command that failed has ended, as the end of a sentence about it.
pub(crate) fn ending(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("failed with exit status {code}"),
        (None, Some(signal)) => match signal_name(signal) {
            Some(name) => format!("was ended by signal {signal} ({name})"),
            None => format!("was ended by signal {signal}"),
        },
        (None, None) => "failed".to_owned(),
    }
}

/// The exit status that passes on how a command has ended.
pub(crate) fn exit_code(status: ExitStatus) -> u8 {
    let code = status.code().or_else(|| status.signal().map(|signal| 128 + signal));
    code.and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
}
