use crate::args::Lock;
use crate::child;
use crate::report;
use crate::signals;
use crate::target;
use anyhow::Result;
use std::process::ExitCode;

pub(crate) fn run(args: &Lock) -> Result<ExitCode> {
    let store = target::lockable(&args.file, &args.locking)?;
    let held = store.hold(&target::wait(&args.locking)?)?;
    let waited = held.waited().as_secs_f64() * 1e3;
    let (variable, value) = held.environment();
    let status = child::run(child::command(&args.command).env(variable, value))?;
    let kept = held.release().as_secs_f64() * 1e3;
    if args.locking.verbose {
        let file = args.file.display();
        report::say(format_args!("{file} was locked for {kept:.1} ms; waited {waited:.1} ms"));
    }
    signals::end_like(status);
    Ok(ExitCode::from(child::exit_code(status)))
}
