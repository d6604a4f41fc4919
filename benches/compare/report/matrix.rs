//! Tables of all contenders at all sizes, or with all numbers of writers.

use super::{Kind, Report, Sample, Task};
use crate::units::{bytes, milliseconds};
use std::collections::BTreeSet;
use std::fmt;
use std::time::Duration;

const TABLES: [(Task, Kind, &str); 3] = [
    (Task::Edit, Kind::Seconds, "one edit: time, times the first row's, memory at the peak"),
    (Task::Read, Kind::Seconds, "one read: time, times the first row's, memory at the peak"),
    (Task::Crowd, Kind::EditsPerSecond, "writers: edits per second, times the first row's"),
];

impl Report {
    pub(super) fn matrices(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (task, kind, title) in TABLES {
            let samples = self.samples(task, kind);
            if !samples.is_empty() {
                self.matrix(f, &samples, title)?;
            }
        }
        Ok(())
    }

    fn matrix(&self, f: &mut fmt::Formatter<'_>, samples: &[&Sample], title: &str) -> fmt::Result {
        let columns: BTreeSet<u64> = samples.iter().map(|sample| sample.x).collect();
        write!(f, "\n| {title} |")?;
        for x in &columns {
            match samples[0].task {
                Task::Crowd => write!(f, " {x} |")?,
                Task::Edit | Task::Read => write!(f, " {} |", bytes(*x as f64))?,
            }
        }
        writeln!(f, "\n|---|{}", "---|".repeat(columns.len()))?;
        for name in contenders(samples) {
            write!(f, "| {name} |")?;
            for x in &columns {
                write!(f, " {} |", self.cell(samples, name, *x))?;
            }
            writeln!(f)?;
        }
        Ok(())
    }

    fn cell(&self, samples: &[&Sample], name: &str, x: u64) -> String {
        let Some(sample) = find(samples, name, x) else { return "–".to_owned() };
        let value = match sample.kind {
            Kind::Seconds => milliseconds(Duration::from_secs_f64(sample.value)),
            Kind::Bytes => bytes(sample.value),
            Kind::EditsPerSecond => format!("{:.0}/s", sample.value),
        };
        let first = find(samples, &samples[0].contender, x);
        let ratio = first.map(|first| format!("{:.2} ×", sample.value / first.value));
        let memory = self.samples(sample.task, Kind::Bytes);
        let memory = find(&memory, name, x).map(|sample| bytes(sample.value));
        let parts = [Some(value), ratio, memory];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

/// In the order in which they came.
pub(crate) fn contenders<'a>(samples: &[&'a Sample]) -> Vec<&'a str> {
    let mut names: Vec<&str> = Vec::new();
    for sample in samples {
        if !names.contains(&sample.contender.as_str()) {
            names.push(&sample.contender);
        }
    }
    names
}

fn find<'a>(samples: &[&'a Sample], name: &str, x: u64) -> Option<&'a Sample> {
    samples.iter().find(|sample| sample.contender == name && sample.x == x).copied()
}
