use super::write::Write;
use crate::args::{Apply, Variables};
use crate::input;
use crate::report::{Failed, Usage};
use crate::target;
use anyhow::{Context as _, Result};
use jsonlock::{ErrorKind, Filter, FilterOptions, Json};
use serde_json::value::RawValue;

pub(crate) fn run(args: &Apply) -> Result<()> {
    let (source, arguments) = source(args)?;
    let options = options(args, &arguments)?;
    let filter = Filter::compile_with(&source, &options)?;
    let wait = target::wait(&args.writing.locking)?;
    Write::new(&args.file, &args.writing, options)?
        .run(|document| filter.apply(document, target::filter_deadline(wait)))
}

/// The filter's text, and the remaining arguments.
fn source(args: &Apply) -> Result<(String, Vec<&str>)> {
    let arguments = args.arguments.iter().map(String::as_str);
    match (&args.from_file, &args.filter) {
        (Some(file), first) => {
            // With -f there is no EXPR, so what stands in its place is an argument already.
            let arguments = first.as_deref().into_iter().chain(arguments).collect();
            Ok((input::text(&file.to_string_lossy())?, arguments))
        }
        (None, Some(filter)) => Ok((filter.clone(), arguments.collect())),
        (None, None) => Err(Usage("apply needs a filter".to_owned()).into()),
    }
}

fn options(args: &Apply, arguments: &[&str]) -> Result<FilterOptions> {
    let mut options = variables(&args.variables)?;
    for [name, file] in pairs(&args.slurpfile) {
        options =
            options.variable(name, &slurp(file).with_context(|| format!("--slurpfile {name}"))?);
    }
    for [name, file] in pairs(&args.rawfile) {
        let text = input::text(file).with_context(|| format!("--rawfile {name}"))?;
        options = options.variable(name, Json::string(&text).as_str());
    }
    for argument in arguments {
        let json = match (args.args, args.jsonargs) {
            (true, _) => Json::string(argument),
            (_, true) => Json::parse(*argument).context("--jsonargs")?,
            _ if args.from_file.is_some() => {
                let message = "the filter comes from -f, so an EXPR is too many";
                return Err(Usage(message.to_owned()).into());
            }
            _ => {
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
