//! One file per subcommand.

mod apply;
mod batch;
mod completions;
mod conditions;
mod del;
mod filter;
mod get;
mod lock;
mod man;
mod merge;
mod patch;
mod printing;
#[cfg(feature = "schema")]
mod schema;
#[cfg(not(feature = "schema"))]
#[path = "without_schema.rs"]
mod schema;
mod set;
mod status;
mod wait;
mod write;

use crate::args::Command;
use anyhow::Result;
use std::process::ExitCode;

/// Runs a command to its exit status.
pub(crate) fn run(command: &Command) -> Result<ExitCode> {
    match command {
        Command::Get(args) => return get::run(args),
        Command::Lock(args) => return lock::run(args),
        Command::Batch(args) => return batch::run(args),
        Command::Status(args) => return status::run(args),
        Command::Wait(args) => return wait::run(args),
        Command::Set(args) => set::run(args),
        Command::Del(args) => del::run(args),
        Command::Merge(args) => merge::run(args),
        Command::Patch(args) => patch::run(args),
        Command::Apply(args) => apply::run(args),
        Command::Filter(args) => filter::run(args),
        Command::Completions(args) => completions::run(args),
        Command::Man(args) => man::run(args),
    }?;
    Ok(ExitCode::SUCCESS)
}
