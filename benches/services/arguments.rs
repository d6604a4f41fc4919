//! What the command line asks for.

use crate::place::SERVICES;
use anyhow::{Context as _, Result, bail, ensure};
use std::path::PathBuf;

pub(crate) struct Arguments {
    /// The most edits that all writers together make in one run, as long as each makes one.
    pub(crate) edits: usize,
    pub(crate) rounds: usize,
    /// Gets the results as JSON lines.
    pub(crate) json: Option<PathBuf>,
    /// The services to measure; none given means all.
    only: Vec<String>,
}

impl Arguments {
    pub(crate) fn parse(given: Vec<String>) -> Result<Self> {
        let mut arguments =
            Arguments { edits: usize::MAX, rounds: 3, json: None, only: Vec::new() };
        let mut given = given.into_iter();
        while let Some(argument) = given.next() {
            let mut value =
                || given.next().with_context(|| format!("{argument} takes one more argument"));
            match argument.as_str() {
                // What `cargo bench` adds.
                "--bench" => {}
                "--edits" => arguments.edits = value()?.parse()?,
                "--rounds" => arguments.rounds = value()?.parse()?,
                "--json" => arguments.json = Some(value()?.into()),
                name if SERVICES.iter().any(|(known, _)| *known == name) => {
                    arguments.only.push(argument);
                }
                other => bail!(
                    "what is {other:?}? Known are --edits NUMBER, --rounds NUMBER, --json FILE, and {}",
                    SERVICES.map(|(name, _)| name).join(", ")
                ),
            }
        }
        ensure!(arguments.rounds > 0, "no round measures nothing");
        Ok(arguments)
    }

    /// Whether a service is asked for.
    pub(crate) fn wants(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only == name)
    }
}
