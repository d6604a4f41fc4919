use super::write::Write;
use crate::args::Patch;
use crate::input;
use crate::report::Usage;
use anyhow::{Context as _, Result};
use jsonlock::FilterOptions;

pub(crate) fn run(args: &Patch) -> Result<()> {
    let patch = patch(args.patch.as_deref().unwrap_or("-"))?;
    Write::new(&args.file, &args.writing, FilterOptions::new())?
        .run(|document| document.patch(&patch))
}

/// Reads the patch: JSON itself if it looks like it, else the name of a file.
fn patch(argument: &str) -> Result<jsonlock::Patch> {
    if argument.trim().is_empty() {
        return Err(Usage("PATCH is empty; is a variable unset?".to_owned()).into());
    }
    // An object is no JSON Patch, but no file is meant by it either.
    if argument.trim_start().starts_with(['[', '{']) {
        return argument.parse().context("the patch");
    }
    let text = input::text(argument)?;
    text.parse().with_context(|| format!("the patch in {}", input::name(argument)))
}
