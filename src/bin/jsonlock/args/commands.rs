//! What each command takes of its own.

use super::{Locating, Locking, Reading, Source, Variables, Writing};
use clap::{ArgAction, Args, ValueEnum, ValueHint};
use std::ffi::OsString;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct Get {
    /// The document, a file or a URL such as s3://bucket/key.
    #[arg(value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,

    /// Where in the document.
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<String>,

    /// Print strings as JSON too, with their quotes.
    #[arg(long)]
    pub(crate) json: bool,

    /// Print each value on one line.
    #[arg(short, long)]
    pub(crate) compact: bool,

    /// End each value with a NUL byte instead of a newline.
    #[arg(short = '0', long)]
    pub(crate) null: bool,

    /// Print TEXT for a PATH that does not exist, and for all when FILE does not exist.
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub(crate) default: Option<String>,

    /// Print the results of a jq filter instead of values at paths.
    #[arg(long, value_name = "EXPR", conflicts_with_all = ["paths", "default"])]
    pub(crate) jq: Option<String>,

    /// Print the document's etag, a string that names its content.
    #[arg(long, conflicts_with_all = ["paths", "default", "jq", "json", "compact"])]
    pub(crate) etag: bool,

    #[command(flatten)]
    pub(crate) reading: Reading,

    #[command(flatten)]
    pub(crate) locating: Locating,
}

#[derive(Debug, Args)]
pub(crate) struct Set {
    /// The document, a file or a URL such as s3://bucket/key. If it is missing, it is created.
    #[arg(value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,

    /// What to set: PATH=TEXT, PATH:=JSON, PATH=@FILE or PATH:=@FILE.
    #[arg(value_name = "PATH=VALUE", required_unless_present = "env")]
    pub(crate) assignments: Vec<String>,

    /// Set a string from the environment variable VAR, which keeps it off the command line.
    #[arg(long, value_name = "PATH=VAR")]
    pub(crate) env: Vec<String>,

    #[command(flatten)]
    pub(crate) writing: Writing,
}

#[derive(Debug, Args)]
pub(crate) struct Del {
    /// The document, a file or a URL such as s3://bucket/key.
    #[arg(value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,

    /// What to delete.
    #[arg(value_name = "PATH", required = true)]
    pub(crate) paths: Vec<String>,

    /// Fail when a PATH does not exist.
    #[arg(long)]
    pub(crate) must_exist: bool,

    #[command(flatten)]
    pub(crate) writing: Writing,
}

#[derive(Debug, Args)]
pub(crate) struct Merge {
    /// The document, a file or a URL such as s3://bucket/key. If it is missing, it is created.
    #[arg(value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,

    /// The patch: JSON if it begins with {, [ or ", else a file; - or nothing for standard input.
    #[arg(value_hint = ValueHint::FilePath)]
    pub(crate) patch: Option<String>,

    /// What an array in the patch does to the array that it meets.
    #[arg(long, value_name = "HOW", default_value = "replace")]
    pub(crate) arrays: Arrays,

    /// Set null where the patch has null, instead of deleting.
    #[arg(long)]
    pub(crate) keep_null: bool,

    #[command(flatten)]
    pub(crate) writing: Writing,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Arrays {
    /// Takes its place, as RFC 7396 has it.
    Replace,
    /// Is appended to it, each time that the patch is applied.
    Append,
    /// Is appended to it without what it has already; 1 and 1.0 are the same.
    Union,
}

#[derive(Debug, Args)]
pub(crate) struct Patch {
    /// The document, a file or a URL such as s3://bucket/key. If it is missing, it is created, starting as
    /// {}.
    #[arg(value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,

    /// The patch: JSON if it begins with {, [ or ", else a file; - or nothing for standard input.
    #[arg(value_hint = ValueHint::FilePath)]
    pub(crate) patch: Option<String>,

    #[command(flatten)]
    pub(crate) writing: Writing,
}

#[derive(Debug, Args)]
pub(crate) struct Apply {
    /// The document, a file or a URL such as s3://bucket/key. If it is missing, it is created.
    #[arg(value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,

    #[command(flatten)]
    pub(crate) source: Source,

    #[command(flatten)]
    pub(crate) variables: Variables,

    /// Bind $NAME to an array of the JSON values in FILE.
    #[arg(long, num_args = 2, value_names = ["NAME", "FILE"], action = ArgAction::Append)]
    #[arg(allow_hyphen_values = true)]
    pub(crate) slurpfile: Vec<String>,

    /// Bind $NAME to the content of FILE, as a string.
    #[arg(long, num_args = 2, value_names = ["NAME", "FILE"], action = ArgAction::Append)]
    #[arg(allow_hyphen_values = true)]
    pub(crate) rawfile: Vec<String>,

    /// Search DIR for modules.
    #[arg(short = 'L', long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) library_path: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) writing: Writing,
}

#[derive(Debug, Args)]
pub(crate) struct Batch {
    /// The document, a file or a URL such as s3://bucket/key. If it is missing, it is created.
    #[arg(value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,

    /// Make the edits of all lines, or none of them.
    ///
    /// All of standard input is read first, and then one transaction is made. When a line cannot be
    /// applied, the error names it, and FILE is not changed. Otherwise the acknowledgements are printed,
    /// and after them what options such as --print ask for. With --dry-run nothing is acknowledged.
    ///
    /// --if and --check are asked once: of the document before the first line, and after the last. So they
    /// are if there are no lines, which is an edit that changes nothing and creates no FILE.
    #[arg(long)]
    pub(crate) atomic: bool,

    #[command(flatten)]
    pub(crate) writing: Writing,
}

#[derive(Debug, Args)]
pub(crate) struct Filter {
    /// The document, a file or a URL such as s3://bucket/key. If it is missing, it is created.
    #[arg(value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,

    /// The program, and its arguments.
    #[arg(value_name = "CMD", last = true, required = true)]
    #[arg(value_hint = ValueHint::CommandWithArguments)]
    pub(crate) command: Vec<OsString>,

    /// Hold no lock while CMD runs, and run it again if the document was changed meanwhile.
    ///
    /// When --timeout has passed, it is not run again, and the exit status is 75. Documents of services are
    /// edited in this way in any case.
    #[arg(long)]
    pub(crate) optimistic: bool,

    #[command(flatten)]
    pub(crate) writing: Writing,
}

#[derive(Debug, Args)]
pub(crate) struct Lock {
    /// The document, which is a file. It may be missing.
    #[arg(value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,

    /// The program, and its arguments.
    #[arg(value_name = "CMD", last = true, required = true)]
    #[arg(value_hint = ValueHint::CommandWithArguments)]
    pub(crate) command: Vec<OsString>,

    #[command(flatten)]
    pub(crate) locking: Locking,
}
