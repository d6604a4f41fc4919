use super::write::Write;
use crate::args::Set;
use crate::value;
use anyhow::Result;

pub(crate) fn run(args: &Set) -> Result<()> {
    let assignments = args.assignments.iter().map(|text| value::assignment(text));
    let from_environment = args.env.iter().map(|text| value::environment(text));
    let changes = assignments.chain(from_environment).collect::<Result<Vec<_>>>()?;
    Write::new(&args.file, &args.writing)?.run(|document| {
        changes.iter().try_for_each(|(path, json)| document.set(path, json.clone()))
    })
}
