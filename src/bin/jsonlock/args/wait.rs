//! What `wait` takes.

use super::{Locating, Reading, Variables};
use clap::{Args, ValueHint};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct Wait {
    /// The document, a file or a URL such as s3://bucket/key. It need not exist yet.
    #[arg(value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,

    /// The filter.
    #[arg(value_name = "EXPR")]
    pub(crate) filter: String,

    #[command(flatten)]
    pub(crate) variables: Variables,

    /// How long to wait: seconds, 500ms, 2m, 0 for a single look, inf.
    ///
    /// The default is inf, whatever JSONLOCK_TIMEOUT says, which is for locks. A jq filter has as long to
    /// finish, but at least five seconds; one that does not finish has failed, and the exit status is 5.
    #[arg(long, value_name = "DURATION", allow_hyphen_values = true)]
    pub(crate) timeout: Option<String>,

    /// Print the document of which the filter is true, or what another jq filter makes of it.
    #[arg(long, value_name = "EXPR", num_args = 0..=1, require_equals = true)]
    #[arg(default_missing_value = "")]
    pub(crate) print: Option<String>,

    /// Print the etag of the document of which the filter is true, for --if-match.
    ///
    /// With --print it comes last, on a line of its own.
    #[arg(long)]
    pub(crate) etag: bool,

    #[command(flatten)]
    pub(crate) reading: Reading,

    #[command(flatten)]
    pub(crate) locating: Locating,

    /// Do not say so when the time is up.
    #[arg(short, long, conflicts_with = "verbose")]
    pub(crate) quiet: bool,

    /// Say on standard error how long that took, and where the system cannot tell of changes.
    #[arg(short, long)]
    pub(crate) verbose: bool,
}
