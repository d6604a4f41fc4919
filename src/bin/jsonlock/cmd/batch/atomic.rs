//! All lines as one edit.

use super::lines::Line;
use crate::args::Batch;
use crate::cmd::write::Write;
use crate::input;
use anyhow::{Context as _, Result};
use jsonlock::{Change, Document, FilterOptions};
use std::process::ExitCode;

pub(super) fn run(args: &Batch) -> Result<ExitCode> {
    let write = Write::new(&args.file, &args.writing, FilterOptions::new())?;
    let lines: Vec<Line> = super::lines(input::claim_standard_input()?).collect::<Result<_>>()?;
    let changes = lines.into_iter().map(|line| change(args, line)).collect::<Result<Vec<_>>>()?;
    let numbers = changes.iter().map(|(number, _)| *number).collect();
    let write = write.acknowledging(numbers);
    let apply = |document: &mut Document| {
        changes.iter().try_for_each(|(number, change)| {
            change.apply(document).map_err(|error| error.context(title(*number)))
        })
    };
    match changes.is_empty() {
        true => write.run_unless_missing(apply)?,
        false => write.run(apply)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn change(args: &Batch, line: Line) -> Result<(u64, Change)> {
    let place = || format!("{}: {}", args.file.display(), title(line.number));
    Ok((line.number, line.change.with_context(place)?))
}

fn title(number: u64) -> String {
    format!("line {number}")
}
