use super::apply;
use super::conditions::is_true;
use crate::args::Wait;
use crate::output::{Format, Output};
use crate::report;
use crate::target::{self, Target};
use anyhow::{Context as _, Result};
use jsonlock::{Deadline, Event, Filter, Found};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};

pub(crate) fn run(args: &Wait) -> Result<ExitCode> {
    let options = apply::variables(&args.variables)?;
    let condition = Filter::compile_with(&args.filter, &options)?;
    let print = match args.print.as_deref() {
        None | Some("") => None,
        Some(filter) => Some(Filter::compile_with(filter, &options).context("--print")?),
    };
    let target = observed(args)?;
    let store = target.store();
    let wait = target::patience(args.timeout.as_deref())?;
    let deadline = wait.start();
    let (mut result, mut is_absent) = (String::new(), false);
    let editor = target::editor(&args.file, &args.reading).wait(wait);
    let found = editor.wait_until(store, |document| {
        let run = condition.run_one_on(document, &[], target::filter_end(&deadline));
        result = run.map_err(|error| error.context(args.file.display()))?;
        is_absent = document.is_absent();
        Ok(is_true(&result))
    });
    let found = found.map_err(|error| target::advise(error, store, &args.reading, &args.file))?;
    // One that is blank is absent too. The time is over, so nobody waits for a service.
    let once = jsonlock::Wait::NONE.start();
    let is_missing = is_absent && store.read_by(&once).is_ok_and(|content| content.is_none());
    let place = if is_missing { ", which does not exist" } else { "" };
    tell(args, &deadline, &result, place);
    match found {
        Some(found) => {
            show(args, &results(print.as_ref(), &found, &deadline)?, &found)?;
            Ok(ExitCode::SUCCESS)
        }
        None => Ok(ExitCode::from(1)),
    }
}

/// Says how the wait has ended; `place` is what there is to say of the document.
fn tell(args: &Wait, deadline: &Deadline, result: &str, place: &str) {
    let (waited, file) = (deadline.elapsed().as_secs_f64(), args.file.display());
    match (is_true(result), args.verbose, args.quiet) {
        (true, true, _) => {
            report::say(format_args!("the condition is true of {file}; waited {waited:.3} s"));
        }
        (false, _, false) => {
            let what = format!("the condition is {result} of {file}{place}");
            report::say(format_args!("gave up after {waited:.1} s: {what}"));
        }
        _ => {}
    }
}

fn observed(args: &Wait) -> Result<Target> {
    let target = target::readable(&args.file, &args.locating)?;
    let (is_verbose, is_quiet) = (args.verbose, args.quiet);
    let is_known = AtomicBool::new(false);
    // A wait that may never end says so once if its service is away.
    let tell = move |event: &Event| {
        let is_away = matches!(event, Event::TriedAgain { .. }) && !is_quiet;
        if is_verbose || (is_away && !is_known.swap(true, Ordering::Relaxed)) {
            report::say(event);
        }
    };
    Ok(match target {
        Target::Local(store) => Target::Local(store.observe(tell)),
        Target::Remote(store) => Target::Remote(store.observe(tell)),
    })
}

/// What the filter of `--print` makes of the document.
fn results(print: Option<&Filter>, found: &Found, deadline: &Deadline) -> Result<Vec<String>> {
    let Some(filter) = print else { return Ok(Vec::new()) };
    filter.run_on(&found.document, &[], target::filter_end(deadline)).context("--print")
}

fn show(args: &Wait, results: &[String], found: &Found) -> Result<()> {
    let mut output = Output::default();
    for result in results {
        Format::default().push(&mut output, result)?;
    }
    if args.print.as_deref() == Some("") && !found.document.is_absent() {
        output.push_document(found.document.to_pieces());
    }
    if let (true, Some(etag)) = (args.etag, &found.etag) {
        output.text().extend_from_slice(format!("{etag}\n").as_bytes());
    }
    if output.is_empty() { Ok(()) } else { output.write() }
}
