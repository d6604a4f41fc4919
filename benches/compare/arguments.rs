//! What the command line asks for.

use crate::{COMPARISONS, Effort};
use anyhow::{Context as _, Result, bail};
use std::path::PathBuf;

pub(crate) struct Arguments {
    pub(crate) effort: Effort,
    /// Where the documents are made.
    pub(crate) dir: PathBuf,
    /// Gets the results as JSON lines.
    pub(crate) json: Option<PathBuf>,
    /// Gets the plots.
    pub(crate) plots: Option<PathBuf>,
    /// Has the results of an earlier run; nothing is measured.
    pub(crate) redraw: Option<PathBuf>,
    /// The comparisons to make; none given means all.
    only: Vec<String>,
}

impl Arguments {
    pub(crate) fn parse(mut given: impl Iterator<Item = String>) -> Result<Self> {
        let mut arguments = Arguments {
            effort: Effort::Full,
            dir: env!("CARGO_TARGET_TMPDIR").into(),
            json: None,
            plots: None,
            redraw: None,
            only: Vec::new(),
        };
        while let Some(argument) = given.next() {
            let mut path = || {
                let value = given.next().map(PathBuf::from);
                value.with_context(|| format!("{argument} takes a path"))
            };
            match argument.as_str() {
                // What `cargo bench` adds.
                "--bench" => {}
                "--quick" => arguments.effort = Effort::Quick,
                "--dir" => arguments.dir = path()?,
                "--json" => arguments.json = Some(path()?),
                "--plots" => arguments.plots = Some(path()?),
                "--redraw" => arguments.redraw = Some(path()?),
                name if COMPARISONS.iter().any(|(known, _)| *known == name) => {
                    arguments.only.push(argument);
                }
                other => bail!(
                    "what is {other:?}? Known are --quick, --dir DIR, --json FILE, --plots DIR, \
                     --redraw FILE, and {}",
                    COMPARISONS.map(|(name, _)| name).join(", ")
                ),
            }
        }
        Ok(arguments)
    }

    /// Whether a comparison is asked for.
    pub(crate) fn wants(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only == name)
    }
}
