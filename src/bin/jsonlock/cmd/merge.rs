use super::write::Write;
use crate::args::Merge;
use crate::input;
use anyhow::{Context as _, Result};
use jsonlock::{FilterOptions, Json};

pub(crate) fn run(args: &Merge) -> Result<()> {
    let (text, name) = input::patch(args.patch.as_deref())?;
    let patch = Json::parse(text).context(name)?;
    Write::new(&args.file, &args.writing, FilterOptions::new())?
        .run(|document| document.merge(&patch))
}
