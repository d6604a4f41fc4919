//! Many edits, one for each line of standard input.

mod acknowledgement;
mod atomic;
mod lines;
mod progress;
mod queue;
mod stream;
mod tally;

pub(crate) use acknowledgement::push_done;

use crate::args::{Batch, Writing};
use crate::input;
use crate::report::Usage;
use anyhow::{Context as _, Result};
use lines::Lines;
use queue::Queue;
use std::io::{BufReader, Read};
use std::process::ExitCode;
use std::sync::Arc;
use std::thread;
use stream::Stream;

/// How much is asked of standard input at once.
const BUFFER: usize = 1 << 16;

pub(crate) fn run(args: &Batch) -> Result<ExitCode> {
    if args.atomic {
        return atomic::run(args);
    }
    refuse_options_of_one_edit(&args.writing)?;
    let stream = Stream::new(&args.file, &args.writing)?;
    let input = input::claim_standard_input()?;
    let queue = Arc::new(Queue::default());
    let filled = Arc::clone(&queue);
    thread::Builder::new()
        .spawn(move || filled.fill(lines(input.lock())))
        .context("cannot start to read standard input")?;
    stream.run(&queue)
}

fn lines(input: impl Read) -> Lines<BufReader<impl Read>> {
    Lines::new(BufReader::with_capacity(BUFFER, input))
}

/// What these options ask for is unclear where there are many edits.
fn refuse_options_of_one_edit(writing: &Writing) -> Result<()> {
    let options = [
        ("--if-match", writing.if_match.is_some()),
        ("--if-absent", writing.if_absent),
        ("--print", writing.print.is_some()),
        ("--etag", writing.etag),
        ("--report", writing.report),
        ("--dry-run", writing.dry_run),
        ("--diff", writing.diff),
        ("--backup", writing.backup.is_some()),
    ];
    match options.iter().find(|(_, is_given)| *is_given) {
        None => Ok(()),
        Some((option, _)) => Err(Usage(format!(
            "{option} speaks of one edit, and a batch makes many; --atomic makes them one"
        ))
        .into()),
    }
}
