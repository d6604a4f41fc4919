use crate::args::Lock;
use crate::child::{self, Front};
use crate::report;
use crate::signals;
use crate::target;
use anyhow::Result;
use std::process::{Command, ExitCode, ExitStatus};

pub(crate) fn run(args: &Lock) -> Result<ExitCode> {
    let status = match (Front::find(), Front::deputy()) {
        (None, Some(mut deputy)) => run_deputy(&mut deputy)?,
        (front, _) => run_locked(args, front.as_ref())?,
    };
    signals::end_like(status);
    Ok(ExitCode::from(child::exit_code(status)))
}

/// Lets another process hold the lock, which ends as its command does.
fn run_deputy(deputy: &mut Command) -> Result<ExitStatus> {
    let status = child::run(deputy, None)?;
    if status.code().is_none() {
        signals::end_like(status);
        report::say(format_args!("the process that held the lock {}", child::ending(status)));
    }
    Ok(status)
}

fn run_locked(args: &Lock, front: Option<&Front>) -> Result<ExitStatus> {
    front.map_or(Ok(()), Front::end_with)?;
    let store = target::lockable(&args.file, &args.locking)?;
    let held = store.hold(&target::wait(&args.locking)?)?;
    let waited = held.waited().as_secs_f64() * 1e3;
    let (variable, value) = held.environment();
    let status = child::run(child::command(&args.command).env(variable, value), front)?;
    let kept = held.release().as_secs_f64() * 1e3;
    if args.locking.verbose {
        let file = args.file.display();
        report::say(format_args!("{file} was locked for {kept:.1} ms; waited {waited:.1} ms"));
    }
    Ok(status)
}
