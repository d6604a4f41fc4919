use super::write::Write;
use crate::args::{Apply, Kind, Variables};
use crate::input;
use crate::report::{Failed, Usage};
use crate::target;
use anyhow::{Context as _, Result};
use jsonlock::{ErrorKind, Filter, FilterOptions, Json};
use serde_json::value::RawValue;

pub(crate) fn run(args: &Apply) -> Result<()> {
    let source = source(args)?;
    let options = options(args)?;
    let filter = Filter::compile_with(&source, &options)?;
    let wait = target::wait(&args.writing.locking)?;
    Write::new(&args.file, &args.writing, options)?
        .run(|document| filter.apply(document, target::filter_deadline(wait)))
}

/// The filter's text.
fn source(args: &Apply) -> Result<String> {
    match (&args.source.from_file, &args.source.filter) {
        (Some(file), _) => input::text(&file.to_string_lossy()),
        (None, Some(filter)) => Ok(filter.clone()),
        (None, None) => Err(Usage("apply needs a filter".to_owned()).into()),
    }
}

fn options(args: &Apply) -> Result<FilterOptions> {
    let mut options = variables(&args.variables)?;
    for [name, file] in pairs(&args.slurpfile) {
        options =
            options.variable(name, &slurp(file).with_context(|| format!("--slurpfile {name}"))?);
    }
    for [name, file] in pairs(&args.rawfile) {
        let text = input::text(file).with_context(|| format!("--rawfile {name}"))?;
        options = options.variable(name, Json::string(&text).as_str());
    }
    for (kind, argument) in &args.source.arguments {
        let json = match kind {
            Kind::Text => Json::string(argument),
            Kind::Json => Json::parse(argument).context("--jsonargs")?,
            Kind::Unsaid if args.source.from_file.is_some() => {
                let message = "the filter comes from -f, so an EXPR is too many";
                return Err(Usage(message.to_owned()).into());
            }
            Kind::Unsaid => {
                let message = "more than one EXPR; quote the filter, or give --args or --jsonargs";
                return Err(Usage(message.to_owned()).into());
            }
        };
        options = options.positional(json.as_str());
    }
    for directory in &args.library_path {
        options = options.library_path(directory);
    }
    Ok(options)
}

/// The variables that `--arg` and `--argjson` bind.
pub(super) fn variables(variables: &Variables) -> Result<FilterOptions> {
    let mut options = FilterOptions::new();
    for [name, text] in pairs(&variables.arg) {
        options = options.variable(name, Json::string(text).as_str());
    }
    for [name, json] in pairs(&variables.argjson) {
        let json = Json::parse(json).with_context(|| format!("--argjson {name}"))?;
        options = options.variable(name, json.as_str());
    }
    Ok(options)
}

fn pairs(values: &[String]) -> impl Iterator<Item = [&str; 2]> {
    values.chunks_exact(2).map(|pair| [pair[0].as_str(), pair[1].as_str()])
}

/// All the values of a file as one array.
fn slurp(file: &str) -> Result<String> {
    let text = input::text(file)?;
    let values = serde_json::Deserializer::from_str(&text).into_iter::<&RawValue>();
    let values = values.map(|value| value.map(RawValue::get)).collect::<Result<Vec<_>, _>>();
    let values = values.map_err(|error| {
        let place = format!("line {}, column {}", error.line(), error.column());
        Failed::new(ErrorKind::InvalidJson, format!("{file} is not valid JSON at {place}"))
    })?;
    Ok(format!("[{}]", values.join(",")))
}
