//! One run of a scene with a fault at one of its system calls, and what strace saw of it.

use super::scene::{Scene, Stage};
use crate::tracing::{Call, parse, strace_of};
use std::collections::{HashMap, HashSet};
use std::io::Read as _;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Nothing takes this long, unless it never ends.
const HANG: Duration = Duration::from_secs(20);

/// A place for a fault: the call of a name, counted in its thread.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Point {
    pub(super) call: String,
    pub(super) occurrence: usize,
}

/// What is done to a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    Signal(&'static str),
    /// An error, and on how many calls.
    Error(&'static str, Times),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Times {
    Once,
    FromThenOn,
}

/// How a run has ended.
pub(super) struct Run {
    pub(super) code: Option<i32>,
    pub(super) signal: Option<i32>,
    pub(super) stderr: String,
    pub(super) hangs: bool,
    /// What strace saw: the call with the fault, the syncs and the renames.
    trace: String,
}

/// The places for faults, from the first look at the document on: what comes before cannot matter to
/// it, nor are the signal handlers installed.
pub(super) fn points(scene: &Scene) -> Vec<Point> {
    let mut stage = Stage::new(scene);
    let output = tempfile::NamedTempFile::new().unwrap();
    let options = ["-y", "-o", output.path().to_str().unwrap()];
    let mut command = strace_of(&stage.sandbox, &scene.command, &options);
    command.stdin(scene.stdin());
    let run = finish(&mut stage, command, &output);
    assert_eq!(run.code, Some(0), "{}: {}", scene.name, run.stderr);
    let calls = parse(&run.trace);
    let start = calls.iter().position(is_look_at_document);
    let start = start.unwrap_or_else(|| panic!("{} looks at nothing", scene.name));
    let mut seen: HashSet<Point> = calls[..start].iter().map(Point::of).collect();
    let points = calls[start..].iter().filter(|call| !is_end(&call.name)).map(Point::of);
    // Threads count for themselves and a fault hits them all, the loader of the program included.
    points.filter(|point| seen.insert(point.clone())).collect()
}

impl Point {
    fn of(call: &Call) -> Self {
        Point { call: call.name.clone(), occurrence: call.occurrence }
    }
}

fn is_look_at_document(call: &Call) -> bool {
    let is_shell = call.line.contains("\"f\"") || call.line.contains("\"f.tmp\"");
    call.line.contains("O_DIRECTORY") || (call.name == "openat" && is_shell)
}

/// From these calls nothing returns, so nothing can fail.
fn is_end(call: &str) -> bool {
    call == "exit" || call == "exit_group" || call == "rt_sigreturn"
}

/// Runs the scene with a fault.
pub(super) fn run(scene: &Scene, stage: &mut Stage, point: &Point, fault: &Fault) -> Run {
    let output = tempfile::NamedTempFile::new().unwrap();
    let Point { call, occurrence } = point;
    let select = format!("trace={call},/^rename,fsync");
    let inject = match fault {
        Fault::Signal(signal) => format!("inject={call}:signal={signal}:when={occurrence}"),
        Fault::Error(error, times) => {
            format!("inject={call}:error={error}:when={}", times.when(error, *occurrence))
        }
    };
    let mut options = vec!["-y", "-o", output.path().to_str().unwrap()];
    options.extend(["-e", &select, "-e", &inject]);
    if let Fault::Error(..) = fault {
        // This saves half of the time, but signals are not delivered with it.
        options.push("--seccomp-bpf");
    }
    let mut command = strace_of(&stage.sandbox, &scene.command, &options);
    command.stdin(scene.stdin());
    finish(stage, command, &output)
}

/// Runs the scene with nothing in its way but what its file system does.
pub(super) fn untraced(scene: &Scene, stage: &mut Stage) -> Run {
    let mut command = Command::new(scene.command[0]);
    command.args(&scene.command[1..]).current_dir(stage.sandbox.root()).stdin(scene.stdin());
    command.env_remove("JSONLOCK_TIMEOUT").env_remove("JSONLOCK_NETWORK_FS");
    finish(stage, command, &tempfile::NamedTempFile::new().unwrap())
}

impl Times {
    /// The calls to fail, as strace writes it.
    fn when(self, error: &str, first: usize) -> String {
        match (self, error) {
            (Times::Once, _) => first.to_string(),
            // No kernel interrupts a call for ever, and to try again for ever is right.
            (Times::FromThenOn, "EINTR") => format!("{first}..{}", first + 29),
            (Times::FromThenOn, _) => format!("{first}+"),
        }
    }
}

/// Waits for the end of a run, and lets it have the lock when it waits for that.
fn finish(stage: &mut Stage, mut command: Command, output: &tempfile::NamedTempFile) -> Run {
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let start = Instant::now();
    let mut hangs = false;
    let status: ExitStatus = loop {
        stage.held.take_if(|held| held.waiters() > 0);
        match child.try_wait().unwrap() {
            Some(status) => break status,
            None if start.elapsed() > HANG && !hangs => {
                hangs = true;
                child.kill().unwrap();
            }
            None => thread::sleep(Duration::from_millis(1)),
        }
    };
    let mut stderr = String::new();
    child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    let trace = joined(&std::fs::read_to_string(output.path()).unwrap());
    Run { code: status.code(), signal: status.signal(), stderr, hangs, trace }
}

/// What strace wrote, with calls in one line each that other threads have interrupted.
fn joined(trace: &str) -> String {
    let mut begun: HashMap<&str, &str> = HashMap::new();
    let mut whole = String::new();
    for line in trace.lines() {
        let thread = line.split(' ').next().unwrap();
        if let Some(beginning) = line.strip_suffix(" <unfinished ...>") {
            begun.insert(thread, beginning);
        } else if let Some((_, end)) = line.split_once(" resumed>") {
            whole.extend([begun.remove(thread).unwrap_or(line), end, "\n"]);
        } else {
            whole.extend([line, "\n"]);
        }
    }
    // What a signal ended never came back.
    begun.values().for_each(|line| whole.extend([line, " = ?\n"]));
    whole
}

impl Run {
    /// Whether the fault took effect.
    pub(super) fn is_hit(&self, fault: &Fault) -> bool {
        match fault {
            Fault::Signal(signal) => {
                let (caught, killed) = (format!("--- {signal} "), format!("killed by {signal} "));
                self.trace.contains(&caught) || self.trace.contains(&killed)
            }
            Fault::Error(..) => self.trace.contains("(INJECTED)"),
        }
    }

    /// Whether an acknowledgement could not be printed because of the fault.
    pub(super) fn has_lost_output(&self) -> bool {
        self.lines().any(|line| line.starts_with("write(1<") && line.contains("(INJECTED)"))
    }

    /// Whether a message could not be printed because of the fault.
    pub(super) fn is_muted(&self) -> bool {
        self.lines().any(|line| line.starts_with("write(2<") && line.contains("(INJECTED)"))
    }

    fn lines(&self) -> impl Iterator<Item = &str> {
        self.trace.lines().filter_map(|line| Some(line.split_once(' ')?.1.trim_start()))
    }

    /// Where in the trace the document was published: the first successful rename to its name, or swap
    /// with it.
    fn publication(&self, scene: &Scene) -> Option<usize> {
        self.lines().position(|line| {
            // Strings stand in quotes: the old name first, then the new one.
            let (old, new) = (line.split('"').nth(1), line.split('"').nth(3));
            let target = if line.contains("RENAME_EXCHANGE") { old } else { new };
            let renames = line.starts_with("rename") && target == Some(scene.entry().1);
            renames && line.ends_with(" = 0")
        })
    }

    pub(super) fn has_published(&self, scene: &Scene) -> bool {
        self.publication(scene).is_some()
    }

    /// Whether file and directory were synced where they must be; if not, what is missing.
    pub(super) fn check_syncs(&self, scene: &Scene, stage: &Stage) -> Result<(), String> {
        let lines: Vec<&str> = self.lines().collect();
        let root = stage.sandbox.root().canonicalize().unwrap();
        let dir = root.join(scene.entry().0).canonicalize().unwrap().display().to_string();
        let (before, after) = lines.split_at(self.publication(scene).unwrap_or(0));
        let file = match (self.has_published(scene), &scene.old) {
            (true, _) => before.iter().any(|line| is_synced(line, &format!("{dir}/.jsonlock-"))),
            (false, Some(_)) => after.iter().any(|line| is_synced(line, &format!("{dir}/f>"))),
            // There is nothing to be made durable.
            (false, None) => return Ok(()),
        };
        let directory = after.iter().any(|line| is_synced(line, &format!("{dir}>")));
        let is_told = self.stderr.contains("cannot sync directories");
        if !file || !directory && !is_told {
            return Err(format!("synced the file: {file}, the directory: {directory}"));
        }
        match lines.iter().find(|line| is_failed_sync(line)) {
            // A second sync may claim success for what the first one has lost (invariant I8).
            Some(failed) => Err(format!("this did not count: {failed}")),
            None => Ok(()),
        }
    }

    /// The end of the trace, and the messages, for a report.
    pub(super) fn story(&self) -> String {
        let lines: Vec<&str> = self.trace.lines().collect();
        let end = lines[lines.len().saturating_sub(8)..].join("\n");
        format!("code {:?}, signal {:?}\n{end}\n{}", self.code, self.signal, self.stderr)
    }
}

fn is_synced(line: &str, path: &str) -> bool {
    let opened = line.strip_prefix("fsync(").map(|line| line.trim_start_matches(char::is_numeric));
    let synced = opened.and_then(|line| line.strip_prefix('<'));
    synced.is_some_and(|synced| synced.starts_with(path) && line.ends_with(" = 0"))
}

/// Whether a sync has failed, and was not just interrupted or refused by a file system that cannot do it.
fn is_failed_sync(line: &str) -> bool {
    let is_excused = [" EINTR ", " EINVAL ", " EOPNOTSUPP "].iter().any(|name| line.contains(name));
    line.starts_with("fsync(") && line.contains(" = -1 ") && !is_excused
}
