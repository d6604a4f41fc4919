use super::write::Write;
use crate::args::{self, Merge};
use crate::input;
use anyhow::{Context as _, Result};
use jsonlock::{Arrays, FilterOptions, Json, MergeOptions, Nulls};

pub(crate) fn run(args: &Merge) -> Result<()> {
    let (text, name) = input::patch(args.patch.as_deref())?;
    let patch = Json::parse(text).context(name)?;
    let options = options(args);
    Write::new(&args.file, &args.writing, FilterOptions::new())?
        .run(|document| document.merge_with(&patch, &options))
}

fn options(args: &Merge) -> MergeOptions {
    MergeOptions::new()
        .arrays(match args.arrays {
            args::Arrays::Replace => Arrays::Replace,
            args::Arrays::Append => Arrays::Append,
            args::Arrays::Union => Arrays::Union,
        })
        .nulls(if args.keep_null { Nulls::Keep } else { Nulls::Delete })
}
