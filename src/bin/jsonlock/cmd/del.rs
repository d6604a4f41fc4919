use super::write::Write;
use crate::args::Del;
use crate::report::Usage;
use anyhow::Result;
use jsonlock::{Error, FilterOptions, Path};

pub(crate) fn run(args: &Del) -> Result<()> {
    refuse_stray_print(args)?;
    let paths = args.paths.iter().map(|path| path.parse()).collect::<Result<Vec<Path>, _>>()?;
    let write = Write::new(&args.file, &args.writing, FilterOptions::new())?.about(&paths);
    write.run_unless_missing(|document| {
        let found = document.delete_all(&paths)?;
        match paths.iter().zip(found).find(|(_, found)| !found) {
            Some((path, _)) if args.must_exist => {
                Err(Error::unfit(format!("there is no {path} to delete")))
            }
            _ => Ok(()),
        }
    })
}

/// `--print .a` looks as if `.a` were its filter, but it would be one more path to delete.
fn refuse_stray_print(args: &Del) -> Result<()> {
    match args.paths.iter().find(|path| path.starts_with('.') && path.len() > 1) {
        Some(path) if args.writing.print.as_deref() == Some("") => Err(Usage(format!(
            "is {path} to be deleted or printed? Write --print={path} to print it, or {} to delete it",
            &path[1..]
        ))
        .into()),
        _ => Ok(()),
    }
}
