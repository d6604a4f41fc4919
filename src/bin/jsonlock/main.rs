//! The `jsonlock` program: a thin shell around the library of the same name.

// They panic when nobody can be told any more, which is no reason to fail.
#![deny(clippy::print_stdout, clippy::print_stderr)]

mod args;
mod child;
mod cmd;
mod diff;
mod examples;
mod input;
mod output;
mod report;
mod signals;
mod target;
mod terminal;
mod value;

use args::{Cli, Command};
use clap::Parser as _;
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    if let Some(code) = child::become_command() {
        return code;
    }
    let command = match Cli::try_parse_from(child::arguments()) {
        Ok(cli) => cli.command,
        Err(error) => return report::usage(&error),
    };
    match cmd::run(&command) {
        Ok(code) => code,
        Err(error) => report::failure(&error, edited(&command)),
    }
}

/// The document that a command changes.
fn edited(command: &Command) -> Option<&Path> {
    match command {
        Command::Set(args) => Some(&args.file),
        Command::Del(args) => Some(&args.file),
        Command::Merge(args) => Some(&args.file),
        Command::Patch(args) => Some(&args.file),
        Command::Apply(args) => Some(&args.file),
        Command::Batch(args) => Some(&args.file),
        Command::Filter(args) => Some(&args.file),
        Command::Get(_)
        | Command::Lock(_)
        | Command::Status(_)
        | Command::Wait(_)
        | Command::Completions(_)
        | Command::Man(_) => None,
    }
}
