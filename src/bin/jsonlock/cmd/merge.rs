use super::write::Write;
use crate::args::Merge;
use crate::input;
use crate::report::Usage;
use anyhow::{Context as _, Result};
use jsonlock::{FilterOptions, Json};

pub(crate) fn run(args: &Merge) -> Result<()> {
    let patch = patch(args.patch.as_deref().unwrap_or("-"))?;
    Write::new(&args.file, &args.writing, FilterOptions::new())?
        .run(|document| document.merge(&patch))
}

/// Reads the patch: JSON itself if it looks like it, else the name of a file.
fn patch(argument: &str) -> Result<Json> {
    if argument.trim().is_empty() {
        return Err(Usage("PATCH is empty; is a variable unset?".to_owned()).into());
    }
    if argument.trim_start().starts_with(['{', '[', '"']) {
        return Json::parse(argument).context("the patch");
    }
    Json::parse(input::text(argument)?)
        .with_context(|| format!("the patch in {}", input::name(argument)))
}
