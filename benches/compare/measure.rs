//! One run of a program: its time and its memory.

use crate::peers::{Peers, command};
use anyhow::{Context as _, Result, ensure};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

#[derive(Clone, Copy)]
pub(crate) struct Run {
    pub(crate) time: Duration,
    /// The most that one of its processes had.
    pub(crate) memory: u64,
}

/// What takes longer is killed.
const LIMIT: Duration = Duration::from_secs(120);

/// Runs a command and gives what it printed, without the newline at the end.
pub(crate) fn measure(peers: &Peers, dir: &Path, what: &Command) -> Result<(Run, String)> {
    let result = dir.join("measured");
    let mut command = command(&peers.measure, [result.as_os_str()]);
    command.arg(LIMIT.as_secs().to_string()).arg(what.get_program()).args(what.get_args());
    let made = command.output().with_context(|| format!("cannot run {command:?}"))?;
    let complaint = String::from_utf8_lossy(&made.stderr);
    let complaint = complaint.lines().next().unwrap_or_default();
    ensure!(made.status.success(), "{what:?} failed: {} {complaint}", made.status);
    let text = std::fs::read_to_string(result)?;
    let run = parse(&text).with_context(|| format!("what does {text:?} mean?"))?;
    Ok((run, String::from_utf8_lossy(&made.stdout).trim_end().to_owned()))
}

fn parse(text: &str) -> Option<Run> {
    let (nanoseconds, kilobytes) = text.trim_end().split_once(' ')?;
    let time = Duration::from_nanos(nanoseconds.parse().ok()?);
    Some(Run { time, memory: kilobytes.parse::<u64>().ok()? * 1024 })
}
