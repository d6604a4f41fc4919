use super::write::Write;
use crate::args::Patch;
use crate::input;
use anyhow::{Context as _, Result};
use jsonlock::FilterOptions;

pub(crate) fn run(args: &Patch) -> Result<()> {
    let (text, name) = input::patch(args.patch.as_deref())?;
    let patch: jsonlock::Patch = text.parse().context(name)?;
    Write::new(&args.file, &args.writing, FilterOptions::new())?
        .run(|document| document.patch(&patch))
}
