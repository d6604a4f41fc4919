use super::write::Write;
use crate::args::Filter;
use crate::child;
use crate::report::CommandFailed;
use crate::target;
use anyhow::Result;
use jsonlock::{Document, Error, FilterOptions};
use std::ffi::{OsStr, OsString};

pub(crate) fn run(args: &Filter) -> Result<()> {
    let mut write = Write::new(&args.file, &args.writing, FilterOptions::new())?;
    if args.optimistic {
        write = write.optimistic();
    }
    let dialect = target::dialect(&args.file, &args.writing.reading);
    let mut failed = None;
    let name = args.command.first().map_or(OsStr::new(""), OsString::as_os_str).display();
    let result = write.run(|document| {
        let piped = child::pipe(&mut child::command(&args.command), &document.to_bytes());
        let (status, output) = piped.map_err(|error| {
            failed = error.downcast_ref().map(|failed: &CommandFailed| failed.code);
            Error::unfit(format!("{error:#}"))
        })?;
        if !status.success() {
            failed = Some(child::exit_code(status));
            return Err(Error::unfit(format!("{name} {}", child::ending(status))));
        }
        let what = format!("the output of {name}");
        *document = Document::parse_as(output, dialect).map_err(|error| error.context(what))?;
        Ok(())
    });
    result.map_err(|error| match failed {
        Some(code) => CommandFailed { code, message: format!("{error:#}") }.into(),
        None => error,
    })
}
