use super::write::Write;
use crate::args::Set;
use crate::value;
use anyhow::Result;
use jsonlock::{FilterOptions, Path};

pub(crate) fn run(args: &Set) -> Result<()> {
    let assignments = args.assignments.iter().enumerate();
    let assignments = assignments.map(|(index, text)| value::assignment(text, index + 1));
    let from_environment = args.env.iter().map(|text| value::environment(text));
    let changes = assignments.chain(from_environment).collect::<Result<Vec<_>>>()?;
    let paths: Vec<Path> = changes.iter().map(|(path, _)| path.clone()).collect();
    Write::new(&args.file, &args.writing, FilterOptions::new())?.about(&paths).run(|document| {
        changes.iter().try_for_each(|(path, json)| document.set(path, json.clone()))
    })
}
