//! The results as pictures.

mod chart;
mod scale;
mod series;
mod style;

use crate::create;
use crate::report::{Kind, Report, Task};
use crate::units::{bytes, seconds};
use anyhow::{Context as _, Result};
use chart::Chart;
use std::path::Path;

/// Which samples one picture shows, and how its axes are labelled.
struct Plot {
    name: &'static str,
    task: Task,
    kind: Kind,
    title: &'static str,
    x: Axis,
    y: Axis,
}

struct Axis {
    title: &'static str,
    label: fn(f64) -> String,
}

const SIZE: Axis = Axis { title: "size of the document", label: bytes };
const WRITERS: Axis = Axis { title: "writers at the same time", label: count };
const TIME: Axis = Axis { title: "time", label: seconds };
const MEMORY: Axis = Axis { title: "memory at the peak", label: bytes };
const RATE: Axis = Axis { title: "edits per second", label: count };

const PLOTS: [Plot; 5] = [
    Plot {
        name: "edit-time",
        task: Task::Edit,
        kind: Kind::Seconds,
        title: "How long one edit takes",
        x: SIZE,
        y: TIME,
    },
    Plot {
        name: "edit-memory",
        task: Task::Edit,
        kind: Kind::Bytes,
        title: "How much memory one edit takes",
        x: SIZE,
        y: MEMORY,
    },
    Plot {
        name: "read-time",
        task: Task::Read,
        kind: Kind::Seconds,
        title: "How long it takes to read one value",
        x: SIZE,
        y: TIME,
    },
    Plot {
        name: "read-memory",
        task: Task::Read,
        kind: Kind::Bytes,
        title: "How much memory it takes to read one value",
        x: SIZE,
        y: MEMORY,
    },
    Plot {
        name: "writers",
        task: Task::Crowd,
        kind: Kind::EditsPerSecond,
        title: "How many edits many writers make together",
        x: WRITERS,
        y: RATE,
    },
];

fn count(number: f64) -> String {
    format!("{number:.0}")
}

/// Draws what was measured into a directory.
pub(crate) fn draw(report: &Report, dir: &Path) -> Result<()> {
    std::fs::create_dir_all(dir).with_context(|| format!("cannot create {}", dir.display()))?;
    for plot in &PLOTS {
        let samples = report.samples(plot.task, plot.kind);
        if let Some(chart) = Chart::new(plot, &samples) {
            create(&dir.join(plot.name).with_extension("svg"), &chart.to_string())?;
        }
    }
    Ok(())
}
