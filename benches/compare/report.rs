//! The result, as Markdown.

use crate::peers::{Peers, output};
use anyhow::Result;
use std::fmt;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// What a ratio should be.
#[derive(Clone, Copy)]
pub(crate) enum Goal {
    AtMost(f64),
    AtLeast(f64),
    /// Only for information.
    None,
}

pub(crate) struct Row {
    pub(crate) what: String,
    pub(crate) jsonlock: String,
    pub(crate) peer: String,
    pub(crate) peers: String,
    pub(crate) ratio: f64,
    pub(crate) goal: Goal,
}

pub(crate) struct Report {
    machine: String,
    rows: Vec<Row>,
}

impl Report {
    pub(crate) fn new(peers: &Peers, dir: &Path) -> Result<Self> {
        let kernel = output(Command::new("uname").arg("-srm"))?;
        let kind = output(Command::new("df").arg("--output=fstype").arg(dir))?;
        let kind = kind.lines().last().unwrap_or("unknown").to_owned();
        let cores = std::thread::available_parallelism()?;
        let version = env!("CARGO_PKG_VERSION");
        let mut programs = vec![format!("jsonlock {version}"), peers.compiler.clone()];
        programs.extend(peers.jqs.iter().map(|jq| jq.version.clone()));
        programs.push(peers.python.version.clone());
        let programs = programs.join(", ");
        let machine = format!("{kernel}, file system {kind}, {cores} cores. {programs}.");
        Ok(Report { machine, rows: Vec::new() })
    }

    pub(crate) fn push(&mut self, row: Row) {
        self.rows.push(row);
    }

    /// Adds a row about times: how many times the peer's time jsonlock takes.
    pub(crate) fn push_times(
        &mut self,
        what: impl Into<String>,
        jsonlock: Duration,
        peer: (&str, Duration),
        goal: Goal,
    ) {
        self.push(Row {
            what: what.into(),
            jsonlock: milliseconds(jsonlock),
            peer: peer.0.to_owned(),
            peers: milliseconds(peer.1),
            ratio: jsonlock.as_secs_f64() / peer.1.as_secs_f64(),
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
            ratio: peer.1.as_secs_f64() / jsonlock.as_secs_f64(),
            goal,
        });
    }
}

fn milliseconds(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1e3)
}

impl fmt::Display for Goal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Goal::AtMost(limit) => write!(f, "≤ {limit} ×"),
            Goal::AtLeast(limit) => write!(f, "≥ {limit} ×"),
            Goal::None => f.write_str("–"),
        }
    }
}

impl Goal {
    fn verdict(self, ratio: f64) -> &'static str {
        match self {
            Goal::AtMost(limit) if ratio <= limit => "met",
            Goal::AtLeast(limit) if ratio >= limit => "met",
            Goal::AtMost(_) | Goal::AtLeast(_) => "missed",
            Goal::None => "",
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n", self.machine)?;
        writeln!(f, "| what | jsonlock | peer | its result | ratio | goal | |")?;
        writeln!(f, "|---|---|---|---|---|---|---|")?;
        for row in &self.rows {
            let Row { what, jsonlock, peer, peers, ratio, goal } = row;
            let verdict = goal.verdict(*ratio);
            writeln!(
                f,
                "| {what} | {jsonlock} | {peer} | {peers} | {ratio:.2} × | {goal} | {verdict} |"
            )?;
        }
        Ok(())
    }
}
