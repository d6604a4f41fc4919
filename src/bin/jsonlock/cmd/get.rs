use crate::args::Get;
use crate::output::{self, Format, Layout, Output, Strings};
use crate::report::{self, Failed};
use crate::target;
use anyhow::{Context as _, Result};
use jsonlock::{Document, ErrorKind, Etag, Filter, Path, Store};
use std::process::ExitCode;

pub(crate) fn run(args: &Get) -> Result<ExitCode> {
    let paths = args.paths.iter().map(|path| path.parse()).collect::<Result<Vec<Path>, _>>()?;
    let filter = args.jq.as_deref().map(Filter::compile).transpose()?;
    let target = target::readable(&args.file, &args.locating)?;
    let store = target.store();
    if args.etag {
        let content = store.read()?.ok_or_else(|| missing(args))?;
        let line = format!("{}\n", Etag::of(&content));
        return output::write(line.into_bytes()).map(|()| ExitCode::SUCCESS);
    }
    let document = read(args, store)?;
    let mut output = Output::default();
    match &filter {
        // As jq does, also what comes before a failure.
        Some(filter) => {
            let end = push_results(&mut output, filter, &document, args);
            output.write()?;
            return end.map(|()| ExitCode::SUCCESS);
        }
        None if paths.is_empty() => push_whole(&mut output, &document, args)?,
        None => {
            if let Some(path) = push_values(&mut output, &paths, &document, args)? {
                report::say(format_args!("{} has no {path}", args.file.display()));
                return Ok(ExitCode::from(1));
            }
        }
    }
    output.write()?;
    Ok(ExitCode::SUCCESS)
}

/// Reads the document, which must be there unless there is a default.
fn read(args: &Get, store: &dyn Store) -> Result<Document> {
    loop {
        let document = target::editor(&args.file, &args.reading).read(store);
        let document =
            document.map_err(|error| target::advise(error, store, &args.reading, &args.file))?;
        if !document.is_absent() || args.default.is_some() {
            return Ok(document);
        }
        match store.read()? {
            None => return Err(missing(args).into()),
            // A blank file has no value either, but it is there.
            Some(content) if Document::is_blank(&content) => return Ok(document),
            // It was made in between.
            Some(_) => {}
        }
    }
}

fn missing(args: &Get) -> Failed {
    Failed::new(ErrorKind::NotFound, format!("{} does not exist", args.file.display()))
}

fn format(args: &Get) -> Format {
    Format {
        strings: if args.json { Strings::Quoted } else { Strings::Raw },
        layout: if args.compact { Layout::OneLine } else { Layout::AsIs },
        end: if args.null { 0 } else { b'\n' },
    }
}

fn push_results(
    output: &mut Output<'_>,
    filter: &Filter,
    document: &Document,
    args: &Get,
) -> Result<()> {
    let layout = if args.compact { Layout::OneLine } else { Layout::Pretty };
    let file = || args.file.display().to_string();
    let (results, end) = filter.run_until_failure_on(document, &[], None);
    for result in results {
        Format { layout, ..format(args) }.push(output, result).with_context(file)?;
    }
    end.with_context(file)
}

fn push_whole<'a>(output: &mut Output<'a>, document: &'a Document, args: &Get) -> Result<()> {
    match document.text(&Path::root())? {
        _ if document.is_absent() => {
            if let Some(default) = &args.default {
                push_default(output, default, args);
            }
        }
        Some(text) if args.compact || args.null || text.starts_with('"') => {
            format(args).push(output, text)?;
        }
        _ => output.push_document(document.to_pieces()),
    }
    Ok(())
}

/// Gives the first path that does not exist, if one does not.
fn push_values<'a>(
    output: &mut Output<'a>,
    paths: &'a [Path],
    document: &'a Document,
    args: &Get,
) -> Result<Option<&'a Path>> {
    for path in paths {
        match (document.text(path)?, &args.default) {
            (Some(text), _) => format(args)
                .push(output, text)
                .with_context(|| format!("{}: {path}", args.file.display()))?,
            (None, Some(default)) => push_default(output, default, args),
            (None, None) => return Ok(Some(path)),
        }
    }
    Ok(None)
}

fn push_default(output: &mut Output<'_>, default: &str, args: &Get) {
    output.text().extend_from_slice(default.as_bytes());
    output.text().push(format(args).end);
}
