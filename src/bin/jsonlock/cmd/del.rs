use super::write::Write;
use crate::args::Del;
use anyhow::Result;
use jsonlock::{Error, Path};

pub(crate) fn run(args: &Del) -> Result<()> {
    let paths = args.paths.iter().map(|path| path.parse()).collect::<Result<Vec<Path>, _>>()?;
    Write::new(&args.file, &args.writing)?.run(|document| {
        for path in &paths {
            if !document.delete(path)? && args.must_exist {
                return Err(Error::unfit(format!("there is no {path} to delete")));
            }
        }
        Ok(())
    })
}
