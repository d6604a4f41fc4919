//! Running the program under `strace`: what it calls, and what becomes of the document when the
//! kernel answers otherwise or a signal comes in between.

use crate::harness::{JSONLOCK, Sandbox, listening};
use crate::system::{Ended, end_of, until};
use std::collections::HashMap;
use std::ffi::OsStr;
use std::process::{Command, Stdio};

/// A system call of an edit: its name, and the how-manieth of that name it is in its thread, as strace
/// counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Call {
    pub(crate) name: String,
    pub(crate) occurrence: usize,
    pub(crate) line: String,
}

/// The system calls of a program, those of the loader included.
pub(crate) fn calls(sandbox: &Sandbox, args: &[&str]) -> Vec<Call> {
    calls_with_faults(sandbox, args, &[])
}

/// The same with faults such as `renameat2:error=EINVAL`.
pub(crate) fn calls_with_faults(sandbox: &Sandbox, args: &[&str], faults: &[&str]) -> Vec<Call> {
    let output = tempfile::NamedTempFile::new().unwrap();
    let faults: Vec<String> = faults.iter().map(|fault| format!("inject={fault}")).collect();
    let mut options = vec!["-y", "-o", output.path().to_str().unwrap()];
    options.extend(faults.iter().flat_map(|fault| ["-e", fault]));
    let mut command = strace(sandbox, args, &options);
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
    parse(&std::fs::read_to_string(output.path()).unwrap())
}

/// The calls in what `strace -f -o` has written.
pub(crate) fn parse(text: &str) -> Vec<Call> {
    let mut counts: HashMap<(&str, &str), usize> = HashMap::new();
    let mut calls = Vec::new();
    for line in text.lines() {
        // Before each call stands the number of its thread.
        let Some((thread, line)) = line.split_once(' ') else { continue };
        let line = line.trim_start();
        let name = line.split('(').next().unwrap();
        // Other lines tell of signals, ends, and what came of calls that stand above.
        if name.contains(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_') {
            continue;
        }
        let occurrence = counts.entry((thread, name)).and_modify(|count| *count += 1).or_insert(1);
        calls.push(Call { name: name.into(), occurrence: *occurrence, line: line.into() });
    }
    calls
}

/// The calls from the first look at the document on: what comes before cannot matter to it, nor are
/// the signal handlers installed.
pub(crate) fn calls_of_the_edit(sandbox: &Sandbox, args: &[&str]) -> Vec<Call> {
    let mut calls = calls(sandbox, args);
    let start = calls.iter().position(|call| call.line.contains("O_DIRECTORY")).unwrap();
    calls.split_off(start)
}

/// Runs the program with a fault at one call: `error=EIO`, `signal=SIGKILL`.
pub(crate) fn with_fault(sandbox: &Sandbox, args: &[&str], call: &Call, fault: &str) -> Ended {
    let select = format!("trace={}", call.name);
    let inject = format!("inject={}:{fault}:when={}", call.name, call.occurrence);
    let options = ["-o", "/dev/null", "-e", &select, "-e", &inject];
    let mut command = strace(sandbox, args, &options);
    command.stdout(Stdio::null()).stderr(Stdio::piped());
    end_of(command.spawn().unwrap())
}

/// Runs the program, stops it right behind one call, lets `act` do something, and lets it go on.
pub(crate) fn stopped_at(
    sandbox: &Sandbox,
    args: &[&str],
    call: &Call,
    act: impl FnOnce(),
) -> Ended {
    let mut act = Some(act);
    stopped_at_each(sandbox, args, std::slice::from_ref(call), &[], |_| act.take().unwrap()())
}

/// Runs the program, and stops it right behind each of these calls, in this order. `act` does something
/// then, and is told at the how-manieth stop. Calls of one name follow each other without a gap, since
/// strace keeps one range for each. Faults such as `renameat2:error=EIO:when=2` can be added.
pub(crate) fn stopped_at_each(
    sandbox: &Sandbox,
    args: &[&str],
    stops: &[Call],
    faults: &[&str],
    mut act: impl FnMut(usize),
) -> Ended {
    let output = tempfile::NamedTempFile::new().unwrap();
    let mut options = vec!["-o".to_owned(), output.path().to_str().unwrap().to_owned()];
    let stop = |call: &Call| {
        let same = stops.iter().filter(|stop| stop.name == call.name).map(|stop| stop.occurrence);
        let (first, last) = (same.clone().min().unwrap(), same.max().unwrap());
        format!("{}:signal=SIGSTOP:when={first}..{last}", call.name)
    };
    for fault in stops.iter().map(stop).chain(faults.iter().map(|fault| (*fault).to_owned())) {
        options.extend(["-e".to_owned(), format!("inject={fault}")]);
    }
    let options: Vec<&str> = options.iter().map(String::as_str).collect();
    let mut command = strace(sandbox, args, &options);
    let child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    for stop in 0..stops.len() {
        let mut pid = String::new();
        until("the program has stopped", || {
            let text = std::fs::read_to_string(output.path()).unwrap();
            let mut stopped = text.lines().filter(|line| line.contains("stopped by SIGSTOP"));
            let line = stopped.nth(stop).and_then(|line| line.split_once(' '));
            pid.extend(line.map(|(pid, _)| pid));
            !pid.is_empty()
        });
        act(stop);
        sandbox.shell(&format!("kill -CONT {pid}")).succeeds();
    }
    end_of(child)
}

/// The call of this name that has `part` in its arguments, the first if there are several.
pub(crate) fn find(calls: &[Call], name: &str, part: &str) -> Call {
    let found = calls.iter().find(|call| call.name == name && call.line.contains(part));
    found.unwrap_or_else(|| panic!("no {name} with {part:?} in {calls:#?}")).clone()
}

/// The program under strace, which ends as the program does.
fn strace(sandbox: &Sandbox, args: &[&str], options: &[&str]) -> Command {
    let program = [JSONLOCK].iter().chain(args);
    strace_of(sandbox, program, options)
}

/// Any command under strace.
pub(crate) fn strace_of<S: AsRef<OsStr>>(
    sandbox: &Sandbox,
    command: impl IntoIterator<Item = S>,
    options: &[&str],
) -> Command {
    let mut strace = listening(["strace"]);
    strace.args(["-f", "-qq"]).args(options).arg("--").args(command);
    strace.current_dir(sandbox.root()).stdin(Stdio::null());
    strace.env_remove("JSONLOCK_TIMEOUT").env_remove("JSONLOCK_NETWORK_FS");
    // Cargo sets it, and the loader would look for each library in places that have none.
    strace.env_remove("LD_LIBRARY_PATH");
    strace
}
