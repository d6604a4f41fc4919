use super::apply;
use super::conditions::{self, is_true};
use crate::args::Wait;
use crate::output::{self, Format};
use crate::report;
use crate::target;
use anyhow::{Context as _, Result};
use jsonlock::{Deadline, Filter, Found, LocalStore};
use std::process::ExitCode;

pub(crate) fn run(args: &Wait) -> Result<ExitCode> {
    let options = apply::variables(&args.variables)?;
    let condition = Filter::compile_with(&args.filter, &options)?;
    let print = match args.print.as_deref() {
        None | Some("") => None,
        Some(filter) => Some(Filter::compile_with(filter, &options).context("--print")?),
    };
    let store = store(args)?;
    let wait = target::patience(args.timeout.as_deref())?;
    let deadline = wait.start();
    let mut result = String::new();
    let found = jsonlock::wait_until(&store, wait, |document| {
        let (text, limit) = (conditions::whole(document)?, target::filter_end(&deadline));
        let run = condition.run_one(&text, &[], limit);
        result = run.map_err(|error| error.context(args.file.display()))?;
        Ok(is_true(&result))
    })?;
    tell(args, &deadline, &result);
    match found {
        Some(found) => {
            show(args, &results(print.as_ref(), &found, &deadline)?, &found)?;
            Ok(ExitCode::SUCCESS)
        }
        None => Ok(ExitCode::from(1)),
    }
}

/// Says how the wait has ended.
fn tell(args: &Wait, deadline: &Deadline, result: &str) {
    let (waited, file) = (deadline.elapsed().as_secs_f64(), args.file.display());
    match (is_true(result), args.verbose, args.quiet) {
        (true, true, _) => {
            report::say(format_args!("the condition is true of {file}; waited {waited:.3} s"));
        }
        (false, _, false) => {
            let what = format!("the condition is {result} of {file}");
            report::say(format_args!("gave up after {waited:.1} s: {what}"));
        }
        _ => {}
    }
}

fn store(args: &Wait) -> Result<LocalStore> {
    let store = target::readable(&args.file, &args.locating)?;
    Ok(if args.verbose { store.observe(|event| report::say(event)) } else { store })
}

/// What the filter of `--print` makes of the document.
fn results(print: Option<&Filter>, found: &Found, deadline: &Deadline) -> Result<Vec<String>> {
    let Some(filter) = print else { return Ok(Vec::new()) };
    let text = conditions::whole(&found.document)?;
    filter.run(&text, &[], target::filter_end(deadline)).context("--print")
}

fn show(args: &Wait, results: &[String], found: &Found) -> Result<()> {
    let mut output = Vec::new();
    for result in results {
        Format::default().push(&mut output, result)?;
    }
    if args.print.as_deref() == Some("") && !found.document.is_absent() {
        output::push_document(&mut output, &found.document.to_bytes());
    }
    if let (true, Some(etag)) = (args.etag, &found.etag) {
        output.extend_from_slice(format!("{etag}\n").as_bytes());
    }
    if output.is_empty() { Ok(()) } else { output::write(&output) }
}
