use crate::args::{Cli, Completions};
use crate::output;
use anyhow::Result;
use clap::CommandFactory as _;

pub(crate) fn run(args: &Completions) -> Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "jsonlock", &mut script);
    output::write(script)
}
