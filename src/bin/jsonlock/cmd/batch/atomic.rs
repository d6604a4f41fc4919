//! All lines as one edit.

use super::lines::Line;
use crate::args::Batch;
use crate::cmd::write::Write;
use crate::input;
use anyhow::{Context as _, Result};
use jsonlock::{Change, FilterOptions};
use std::process::ExitCode;

pub(super) fn run(args: &Batch) -> Result<ExitCode> {
    let write = Write::new(&args.file, &args.writing, FilterOptions::new())?;
    let lines: Vec<Line> = super::lines(input::claim_standard_input()?).collect::<Result<_>>()?;
    let changes = lines.into_iter().map(change).collect::<Result<Vec<_>>>()?;
    if changes.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    let numbers = changes.iter().map(|(number, _)| *number).collect();
    write.acknowledging(numbers).run(|document| {
        changes.iter().try_for_each(|(number, change)| {
            change.apply(document).map_err(|error| error.context(title(*number)))
        })
    })?;
    Ok(ExitCode::SUCCESS)
}

fn change(line: Line) -> Result<(u64, Change)> {
    Ok((line.number, line.change.with_context(|| title(line.number))?))
}

fn title(number: u64) -> String {
    format!("line {number}")
}
