//! The result, as Markdown and as JSON lines.

use crate::machine;
use crate::place::Place;
use crate::race::median;
use crate::run::{Edit, Outcome, Run, Size};
use crate::units::milliseconds;
use crate::writers::Manner;
use anyhow::{Context as _, Result};
use serde::Serialize;
use std::fmt;
use std::path::Path;
use std::time::Duration;

/// What some writers did at one place, in all rounds.
#[derive(Serialize)]
pub(crate) struct Row {
    writers: usize,
    manner: String,
    place: String,
    /// In the median of the rounds.
    pub(crate) per_second: f64,
    /// Times the edits per second of the local file.
    pub(crate) ratio: f64,
    /// For each edit that was made.
    attempts: f64,
    /// The attempts behind the first.
    conflicts: f64,
    median_seconds: f64,
    slowest_seconds: f64,
    made: usize,
    asked: usize,
    wrong: Vec<String>,
}

/// A line of the file that results are kept in.
#[derive(Serialize)]
enum Line {
    Machine(String),
    Row(Row),
}

pub(crate) struct Report {
    lines: Vec<Line>,
}

impl Row {
    pub(crate) fn new(manner: Manner, place: &Place, size: Size, runs: &[Run]) -> Self {
        let edits: Vec<&Edit> = runs.iter().flat_map(Run::edits).collect();
        let attempts = edits.iter().filter_map(|edit| match edit.outcome {
            Outcome::Made { attempts } => Some(attempts),
            _ => None,
        });
        let attempts: Vec<u64> = attempts.collect();
        let made = attempts.len();
        let per_edit = attempts.iter().sum::<u64>() as f64 / made as f64;
        let time = median(runs.iter().map(|run| run.time));
        let what = format!("{} {manner}, {}", size.writers, place.name);
        let wrong = runs.iter().flat_map(|run| &run.wrong);
        let slowest = edits.iter().map(|edit| edit.time).max();
        Row {
            writers: size.writers,
            manner: manner.to_string(),
            place: place.name.clone(),
            per_second: made as f64 / runs.len() as f64 / time.as_secs_f64(),
            ratio: 1.0,
            attempts: per_edit,
            conflicts: per_edit - 1.0,
            median_seconds: median(edits.iter().map(|edit| edit.time)).as_secs_f64(),
            slowest_seconds: slowest.unwrap_or_default().as_secs_f64(),
            made,
            asked: edits.len(),
            wrong: wrong.map(|wrong| format!("{what}: {wrong}")).collect(),
        }
    }
}

impl Report {
    pub(crate) fn new(places: &[Place]) -> Result<Self> {
        let machine = machine::describe(&std::env::temp_dir())?;
        let programs = std::iter::once(concat!("jsonlock ", env!("CARGO_PKG_VERSION")));
        let programs = programs.chain(places[1..].iter().map(|place| place.name.as_str()));
        let programs: Vec<&str> = programs.collect();
        let machine = format!("{machine}. {}.", programs.join("; "));
        Ok(Report { lines: vec![Line::Machine(machine)] })
    }

    pub(crate) fn extend(&mut self, rows: Vec<Row>) {
        self.lines.extend(rows.into_iter().map(Line::Row));
    }

    #[expect(clippy::disallowed_methods, reason = "it is no document")]
    pub(crate) fn save(&self, file: &Path) -> Result<()> {
        let lines = self.lines.iter().map(|line| Ok(serde_json::to_string(line)? + "\n"));
        let text = lines.collect::<Result<String>>()?;
        std::fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))
    }

    /// A sentence for everything that was counted wrong.
    pub(crate) fn wrong(&self) -> impl Iterator<Item = &str> {
        let rows = self.lines.iter().filter_map(|line| match line {
            Line::Row(row) => Some(row),
            Line::Machine(_) => None,
        });
        rows.flat_map(|row| row.wrong.iter().map(String::as_str))
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.lines {
            match line {
                Line::Row(row) => writeln!(f, "{row}")?,
                Line::Machine(text) => {
                    writeln!(f, "{text}\n")?;
                    write!(
                        f,
                        "| what | writers | document | edits per second | × the local file "
                    )?;
                    write!(f, "| attempts per edit | conflicts per edit | median edit ")?;
                    writeln!(f, "| slowest edit | made | counted |")?;
                    writeln!(f, "|---|---|---|---|---|---|---|---|---|---|---|")?;
                }
            }
        }
        Ok(())
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Row { writers, manner, place, per_second, ratio, attempts, conflicts, .. } = self;
        let time = |seconds| milliseconds(Duration::from_secs_f64(seconds));
        let (median, slowest) = (time(self.median_seconds), time(self.slowest_seconds));
        let counted = if self.wrong.is_empty() { "all" } else { "**WRONG**" };
        write!(f, "| {manner} | {writers} | {place} | {per_second:.1}/s | {ratio:.3} × ")?;
        write!(f, "| {attempts:.2} | {conflicts:.2} | {median} | {slowest} ")?;
        write!(f, "| {} of {} ", self.made, self.asked)?;
        write!(f, "| {counted} |")
    }
}
