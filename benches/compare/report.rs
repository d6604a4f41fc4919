//! The result, as Markdown and as JSON lines.

mod goal;
mod matrix;

pub(crate) use goal::Goal;
pub(crate) use matrix::contenders;

use crate::peers::Peers;
use crate::units::milliseconds;
use crate::{create, machine};
use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::Path;
use std::time::Duration;

/// One comparison with one peer.
#[derive(Serialize, Deserialize)]
pub(crate) struct Row {
    pub(crate) what: String,
    pub(crate) jsonlock: String,
    pub(crate) peer: String,
    pub(crate) peers: String,
    pub(crate) ratio: Option<f64>,
    pub(crate) goal: Goal,
}

/// What one contender did at one point of a plot.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Sample {
    pub(crate) task: Task,
    pub(crate) kind: Kind,
    pub(crate) contender: String,
    /// Bytes of the document, or a number of writers.
    pub(crate) x: u64,
    /// A median.
    pub(crate) value: f64,
    pub(crate) runs: usize,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Task {
    Edit,
    Read,
    Crowd,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Kind {
    Seconds,
    Bytes,
    EditsPerSecond,
}

/// A line of the file that results are kept in.
#[derive(Serialize, Deserialize)]
enum Line {
    Machine(String),
    Note(String),
    Row(Row),
    Sample(Sample),
}

pub(crate) struct Report {
    lines: Vec<Line>,
}

impl Report {
    pub(crate) fn new(peers: &Peers, dir: &Path) -> Result<Self> {
        let version = env!("CARGO_PKG_VERSION");
        let mut programs = vec![format!("jsonlock {version}"), peers.compiler.clone()];
        programs.extend(peers.jqs.iter().map(|jq| jq.version.clone()));
        programs.extend(peers.others.iter().map(|(_, program)| program.version.clone()));
        programs.push(peers.python.version.clone());
        let programs = programs.join(", ");
        let machine = format!("{}. {programs}.", machine::describe(dir)?);
        let missing = peers.missing.iter().cloned().map(Line::Note);
        Ok(Report { lines: std::iter::once(Line::Machine(machine)).chain(missing).collect() })
    }

    /// The report that [`Self::save`] has written.
    pub(crate) fn load(file: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(file)
            .with_context(|| format!("cannot read {}", file.display()))?;
        let lines = text.lines().map(serde_json::from_str).collect::<Result<_, _>>();
        Ok(Report { lines: lines.with_context(|| format!("what is in {}", file.display()))? })
    }

    pub(crate) fn save(&self, file: &Path) -> Result<()> {
        let mut text = String::new();
        for line in &self.lines {
            text.push_str(&serde_json::to_string(line)?);
            text.push('\n');
        }
        create(file, &text)
    }

    pub(crate) fn push(&mut self, row: Row) {
        self.lines.push(Line::Row(row));
    }

    pub(crate) fn sample(&mut self, sample: Sample) {
        self.lines.push(Line::Sample(sample));
    }

    /// A sentence about what was not measured.
    pub(crate) fn note(&mut self, note: String) {
        self.lines.push(Line::Note(note));
    }

    pub(crate) fn samples(&self, task: Task, kind: Kind) -> Vec<&Sample> {
        let wanted = |sample: &&Sample| sample.task == task && sample.kind == kind;
        let samples = self.lines.iter().filter_map(|line| match line {
            Line::Sample(sample) => Some(sample),
            _ => None,
        });
        samples.filter(wanted).collect()
    }

    /// Adds a row about times: how many times the peer's time jsonlock takes.
    pub(crate) fn push_times(
        &mut self,
        what: impl Into<String>,
        jsonlock: Duration,
        peer: (&str, Duration),
        goal: Goal,
    ) {
        let ratio = jsonlock.as_secs_f64() / peer.1.as_secs_f64();
        self.push_durations(what.into(), jsonlock, peer, ratio, goal);
    }

    /// Adds a row about speed: how many times as fast as the peer jsonlock is.
    pub(crate) fn push_speeds(
        &mut self,
        what: impl Into<String>,
        jsonlock: Duration,
        peer: (&str, Duration),
        goal: Goal,
    ) {
        let ratio = peer.1.as_secs_f64() / jsonlock.as_secs_f64();
        self.push_durations(what.into(), jsonlock, peer, ratio, goal);
    }

    fn push_durations(
        &mut self,
        what: String,
        jsonlock: Duration,
        (peer, time): (&str, Duration),
        ratio: f64,
        goal: Goal,
    ) {
        self.push(Row {
            what,
            jsonlock: milliseconds(jsonlock),
            peer: peer.to_owned(),
            peers: milliseconds(time),
            ratio: Some(ratio),
            goal,
        });
    }

    /// Adds a row about edits per second: how many times the peer's rate jsonlock reaches.
    pub(crate) fn push_rates(
        &mut self,
        what: impl Into<String>,
        edits: usize,
        jsonlock: Duration,
        peer: (&str, Duration),
        goal: Goal,
    ) {
        let rate = |time: Duration| format!("{:.0}/s", edits as f64 / time.as_secs_f64());
        self.push(Row {
            what: what.into(),
            jsonlock: rate(jsonlock),
            peer: peer.0.to_owned(),
            peers: rate(peer.1),
            ratio: Some(peer.1.as_secs_f64() / jsonlock.as_secs_f64()),
            goal,
        });
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.lines {
            match line {
                Line::Machine(text) => writeln!(f, "{text}\n")?,
                Line::Note(text) => writeln!(f, "- {text}")?,
                Line::Row(_) | Line::Sample(_) => {}
            }
        }
        writeln!(f, "\n| what | jsonlock | peer | its result | ratio | goal | |")?;
        writeln!(f, "|---|---|---|---|---|---|---|")?;
        for line in &self.lines {
            if let Line::Row(row) = line {
                writeln!(f, "{row}")?;
            }
        }
        self.matrices(f)
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Row { what, jsonlock, peer, peers, ratio, goal } = self;
        let (ratio, verdict) = match ratio {
            Some(ratio) => (format!("{ratio:.2} ×"), goal.verdict(*ratio)),
            None => ("–".to_owned(), ""),
        };
        write!(f, "| {what} | {jsonlock} | {peer} | {peers} | {ratio} | {goal} | {verdict} |")
    }
}
