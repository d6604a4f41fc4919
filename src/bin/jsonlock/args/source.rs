//! What `apply` takes beside the document and the variables.

use clap::{ArgAction, ArgMatches, Args, Command, Error, FromArgMatches, ValueHint};
use std::path::PathBuf;

/// Where the filter of `apply` is from, and the values of `$ARGS.positional`.
#[derive(Debug)]
pub(crate) struct Source {
    /// The filter, unless it comes from a file.
    pub(crate) filter: Option<String>,
    pub(crate) from_file: Option<PathBuf>,
    /// What stands behind the filter.
    pub(crate) arguments: Vec<(Kind, String)>,
}

/// What an argument is, by the option in front of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// There is no such option in front of it.
    Unsaid,
    /// `--args`
    Text,
    /// `--jsonargs`
    Json,
}

#[derive(Debug, Args)]
struct Declared {
    /// The filter.
    #[arg(value_name = "EXPR", required_unless_present = "from_file")]
    filter: Option<String>,

    /// Behind --args or --jsonargs: the values of $ARGS.positional.
    #[arg(value_name = "ARG")]
    arguments: Vec<String>,

    /// Read the filter from a file.
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    from_file: Option<PathBuf>,

    /// Take the arguments that follow as strings.
    #[arg(long, action = ArgAction::Append, num_args = 0, default_missing_value = "true")]
    args: Vec<bool>,

    /// Take the arguments that follow as JSON values.
    #[arg(long, action = ArgAction::Append, num_args = 0, default_missing_value = "true")]
    jsonargs: Vec<bool>,
}

impl Args for Source {
    fn augment_args(command: Command) -> Command {
        Declared::augment_args(command)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Declared::augment_args_for_update(command)
    }
}

impl FromArgMatches for Source {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        Self::from_arg_matches_mut(&mut matches.clone())
    }

    fn from_arg_matches_mut(matches: &mut ArgMatches) -> Result<Self, Error> {
        let kinds = |id| kinds(matches, id);
        let (first, others) = (kinds("filter"), kinds("arguments"));
        let Declared { filter, arguments, from_file, .. } =
            Declared::from_arg_matches_mut(matches)?;
        let others = others.into_iter().zip(arguments);
        // With -f there is no EXPR, so what stands in its place is an argument already.
        let (filter, arguments) = match from_file {
            Some(_) => (None, first.into_iter().zip(filter).chain(others).collect()),
            None => (filter, others.collect()),
        };
        Ok(Source { filter, from_file, arguments })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// What the values of an argument are.
fn kinds(matches: &ArgMatches, id: &str) -> Vec<Kind> {
    let places = |id| matches.indices_of(id).into_iter().flatten();
    let texts = places("args").map(|place| (place, Kind::Text));
    let options: Vec<_> =
        texts.chain(places("jsonargs").map(|place| (place, Kind::Json))).collect();
    let kind = |place| {
        let before = options.iter().filter(|(option, _)| *option < place);
        before.max_by_key(|(option, _)| *option).map_or(Kind::Unsaid, |(_, kind)| *kind)
    };
    places(id).map(kind).collect()
}
