//! One edit and one read of documents from 1 KB to 130 MB: time and memory.

mod contenders;
mod goals;

use crate::measure::{Run, measure};
use crate::peers::Peers;
use crate::race::in_turns;
use crate::report::{Kind, Report, Sample, Task};
use crate::units::bytes;
use crate::{Effort, Setting, create, document};
use anyhow::{Context as _, Result, ensure};
use contenders::Contender;
use serde_json::value::RawValue;
use std::collections::HashMap;
use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// About how many bytes, and how often.
const FULL: [(usize, usize); 4] =
    [(1_000, 100), (100_000, 50), (10_000_000, 15), (contenders::LARGEST, 5)];
const QUICK: [(usize, usize); 3] = [(1_000, 3), (100_000, 2), (2_000_000, 1)];

/// Who has taken this long for the runs of one size makes no more of them.
const ENOUGH: Duration = Duration::from_secs(15);

pub(crate) fn compare(setting: &Setting, report: &mut Report) -> Result<()> {
    let sizes = match setting.effort {
        Effort::Quick => &QUICK[..],
        Effort::Full => &FULL[..],
    };
    for (size, rounds) in sizes {
        eprintln!("  {}", bytes(*size as f64));
        for task in [Task::Edit, Task::Read] {
            let results = compare_at(setting, report, task, (*size, *rounds))?;
            if *size == contenders::LARGEST {
                goals::push(setting, report, &results);
            }
        }
    }
    Ok(())
}

/// What one contender has done so far.
struct Entry<'a> {
    contender: Contender<'a>,
    file: PathBuf,
    runs: Vec<Run>,
    /// Why it takes no part any longer.
    failure: Option<String>,
}

fn compare_at(
    setting: &Setting,
    report: &mut Report,
    task: Task,
    (size, rounds): (usize, usize),
) -> Result<Vec<(String, Run)>> {
    let dir = tempfile::tempdir_in(setting.dir.path())?;
    let original = dir.path().join("original.json");
    document::write(&mut BufWriter::new(new_file(&original)?), size)?;
    let mut entries = Vec::new();
    for (index, contender) in contenders(&setting.peers, task).into_iter().enumerate() {
        let file = dir.path().join(format!("{index}.json"));
        std::fs::copy(&original, &file)?;
        entries.push(Entry { contender, file, runs: Vec::new(), failure: None });
    }
    in_turns(rounds, entries.len(), |_, index| {
        entries[index].take_turn(setting, dir.path(), task)
    })?;
    let mut results = Vec::new();
    for entry in entries {
        entry.verify(&original)?;
        match &entry.failure {
            None => results.push((entry.contender.name.clone(), entry.push(report, task, size))),
            Some(failure) => {
                let (name, size) = (&entry.contender.name, bytes(size as f64));
                report.note(format!("{name} failed on {size}: {failure}"));
            }
        }
    }
    Ok(results)
}

fn contenders(peers: &Peers, task: Task) -> Vec<Contender<'_>> {
    match task {
        Task::Edit => contenders::editors(peers),
        Task::Read => contenders::readers(peers),
        Task::Crowd => Vec::new(),
    }
}

fn new_file(path: &Path) -> Result<File> {
    create(path, "")?;
    Ok(File::options().write(true).open(path)?)
}

impl Entry<'_> {
    fn take_turn(&mut self, setting: &Setting, dir: &Path, task: Task) -> Result<()> {
        let spent: Duration = self.runs.iter().map(|run| run.time).sum();
        if self.failure.is_some() || spent > ENOUGH {
            return Ok(());
        }
        let number = document::FIRST + self.runs.len() as u64 + 1;
        let command = (self.contender.command)(&self.file, number);
        // What others have left for the disk should not be paid for by who syncs next.
        rustix::fs::sync();
        match measure(&setting.peers, dir, &command) {
            Ok((run, output)) => {
                let is_well = task != Task::Read || output == document::FIRST.to_string();
                ensure!(is_well, "{} printed {output:?}", self.contender.name);
                self.runs.push(run);
            }
            Err(error) if self.contender.is_peer => self.failure = Some(error.to_string()),
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Whether no edit was lost, and whether jsonlock changed nothing else.
    fn verify(&self, original: &Path) -> Result<()> {
        if !self.contender.counts || self.failure.is_some() {
            return Ok(());
        }
        let name = &self.contender.name;
        let expected = (document::FIRST + self.runs.len() as u64).to_string();
        let text = std::fs::read_to_string(&self.file)?;
        let members: HashMap<&str, &RawValue> =
            serde_json::from_str(&text).with_context(|| format!("what {name} left"))?;
        let counter = members.get("counter").map(|counter| counter.get().trim_matches('"'));
        ensure!(counter == Some(&expected), "{name} lost edits: {counter:?} of {expected}");
        if !self.contender.is_peer {
            let original = std::fs::read_to_string(original)?;
            let edited = original.replace(&document::FIRST.to_string(), &expected);
            ensure!(text == edited, "{name} changed something else, too");
        }
        Ok(())
    }

    fn push(&self, report: &mut Report, task: Task, size: usize) -> Run {
        let median = Run {
            time: crate::race::median(self.runs.iter().map(|run| run.time)),
            memory: crate::race::median(self.runs.iter().map(|run| run.memory)),
        };
        let sample = |kind, value| Sample {
            task,
            kind,
            contender: self.contender.name.clone(),
            x: size as u64,
            value,
            runs: self.runs.len(),
        };
        report.sample(sample(Kind::Seconds, median.time.as_secs_f64()));
        report.sample(sample(Kind::Bytes, median.memory as f64));
        median
    }
}
