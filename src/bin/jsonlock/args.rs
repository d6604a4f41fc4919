//! The command line, as declarations. Help, completions and manual pages are generated from them.

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum, ValueHint};
use clap_complete::Shell;
use std::path::PathBuf;

use crate::examples;

/// Edit JSON files safely from many processes at once.
///
/// Every edit is one locked, crash-safe read-modify-write: lock FILE.lock, read FILE, change it,
/// write a temporary file beside it, sync, rename. No acknowledged write is ever lost, no reader
/// ever sees half a file, and only the bytes that the edit is about change.
#[derive(Debug, Parser)]
#[command(version, subcommand_required = true, arg_required_else_help = true)]
#[command(max_term_width = 100, after_help = examples::MAIN)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

// Deferred: only the options of the command that is called are set up, which takes half the time
// that all of them would. What the list of commands shows has to stand here for that.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(crate) enum Command {
    /// Print values of a document.
    ///
    /// Reading takes no lock, needs no write permission and creates nothing. A string is printed raw,
    /// everything else as JSON. Without PATH, the whole document is printed as it stands.
    ///
    /// PATH is a.b[0], a["any key"] or a JSON Pointer such as /a/b/0; `.` is the whole document. When a
    /// PATH does not exist, nothing is printed and the exit status is 1.
    #[command(after_long_help = examples::GET)]
    Get(Get),

    /// Set values, all or none, creating what is missing on the way.
    ///
    /// PATH=TEXT sets a string, always: 0123, 1e5 and true stay the text they are. PATH:=JSON sets any
    /// JSON value. PATH=@FILE takes the string, and PATH:=@FILE the JSON, from a file; @- reads standard
    /// input. A TEXT that begins with @ is written \@.
    ///
    /// PATH is a.b[0], a["any key"] or a JSON Pointer such as /a/b/0; a[] appends to an array, a[-1] is
    /// its last element. In a bare key, a backslash makes the next character part of the key: a\.b, a\=b.
    #[command(after_long_help = examples::SET)]
    Set(Set),

    /// Delete values.
    ///
    /// All PATHs speak of the document as it was before. One that does not exist is fine: afterwards it
    /// does not exist, as asked.
    #[command(visible_aliases = ["delete", "unset", "rm"], after_long_help = examples::DEL)]
    Del(Del),

    /// Apply a JSON Merge Patch (RFC 7396).
    ///
    /// Objects are merged member by member, null deletes a member, and every other value replaces what
    /// was there.
    #[command(after_long_help = examples::MERGE)]
    Merge(Merge),

    /// Apply a JSON Patch (RFC 6902).
    ///
    /// The operations add, remove, replace, move, copy and test are made one after the other, all or
    /// none. When a test does not hold, the exit status is 76.
    ///
    /// Only what an operation is about is written anew: a value that is moved or copied keeps its
    /// spelling, and replacing a value by an equal one changes nothing.
    #[command(after_long_help = examples::PATCH)]
    Patch(Patch),

    /// Apply a jq filter to the document.
    ///
    /// The filter gets the old document and must give exactly one result, which becomes the new one; only
    /// what differs is written anew. A missing document is null. The filter is jq's language as jaq
    /// implements it, with its whole standard library.
    #[command(after_long_help = examples::APPLY)]
    Apply(Apply),

    /// Print a script that completes jsonlock's arguments in a shell.
    Completions(Completions),

    /// Print a manual page.
    Man(Man),
}

#[derive(Debug, Args)]
pub(crate) struct Get {
    /// The document.
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
    pub(crate) locating: Locating,
}

#[derive(Debug, Args)]
pub(crate) struct Set {
    /// The document. If it is missing, it is created.
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
    /// The document.
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
    /// The document. If it is missing, it is created.
    #[arg(value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,

    /// The patch: JSON if it begins with {, [ or ", else a file; - or nothing for standard input.
    #[arg(value_hint = ValueHint::FilePath)]
    pub(crate) patch: Option<String>,

    #[command(flatten)]
    pub(crate) writing: Writing,
}

#[derive(Debug, Args)]
pub(crate) struct Patch {
    /// The document. If it is missing, it is created, starting as {}.
    #[arg(value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,

    /// The patch: JSON if it begins with [, else a file; - or nothing for standard input.
    #[arg(value_hint = ValueHint::FilePath)]
    pub(crate) patch: Option<String>,

    #[command(flatten)]
    pub(crate) writing: Writing,
}

#[derive(Debug, Args)]
pub(crate) struct Apply {
    /// The document. If it is missing, it is created.
    #[arg(value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,

    /// The filter.
    #[arg(value_name = "EXPR", required_unless_present = "from_file")]
    pub(crate) filter: Option<String>,

    /// With --args or --jsonargs: the values of $ARGS.positional.
    #[arg(value_name = "ARG")]
    pub(crate) arguments: Vec<String>,

    /// Read the filter from a file.
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) from_file: Option<PathBuf>,

    /// Bind $NAME to a string.
    #[arg(long, num_args = 2, value_names = ["NAME", "TEXT"], action = ArgAction::Append)]
    #[arg(allow_hyphen_values = true)]
    pub(crate) arg: Vec<String>,

    /// Bind $NAME to a JSON value.
    #[arg(long, num_args = 2, value_names = ["NAME", "JSON"], action = ArgAction::Append)]
    #[arg(allow_hyphen_values = true)]
    pub(crate) argjson: Vec<String>,

    /// Bind $NAME to an array of the JSON values in FILE.
    #[arg(long, num_args = 2, value_names = ["NAME", "FILE"], action = ArgAction::Append)]
    #[arg(allow_hyphen_values = true)]
    pub(crate) slurpfile: Vec<String>,

    /// Bind $NAME to the content of FILE, as a string.
    #[arg(long, num_args = 2, value_names = ["NAME", "FILE"], action = ArgAction::Append)]
    #[arg(allow_hyphen_values = true)]
    pub(crate) rawfile: Vec<String>,

    /// Take the remaining arguments as strings.
    #[arg(long, conflicts_with = "jsonargs")]
    pub(crate) args: bool,

    /// Take the remaining arguments as JSON values.
    #[arg(long)]
    pub(crate) jsonargs: bool,

    /// Search DIR for modules.
    #[arg(short = 'L', long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) library_path: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) writing: Writing,
}

#[derive(Debug, Args)]
pub(crate) struct Completions {
    pub(crate) shell: Shell,
}

#[derive(Debug, Args)]
pub(crate) struct Man {
    /// The command to print the page of; without it, the page of jsonlock itself.
    pub(crate) command: Option<String>,
}

// What finding the document takes. (As documentation it would replace the command's own.)
#[derive(Debug, Args)]
pub(crate) struct Locating {
    /// Which symbolic links to follow.
    ///
    /// With `safe`, root does not follow a link whose owner is neither root nor the owner of what it
    /// points to, and nobody follows another user's link in a directory such as /tmp, where everybody
    /// may make them.
    #[arg(long, value_name = "WHICH", default_value = "safe")]
    pub(crate) follow: Follow,
}

// What every command that writes takes. (As documentation it would replace the command's own.)
#[derive(Debug, Args)]
#[command(next_help_heading = "Options of every command that writes")]
pub(crate) struct Writing {
    /// How long to wait: seconds, 500ms, 2m, 0 for a single try, inf.
    ///
    /// This is for the lock and for programs that interfere. A filter has as long to finish, but at
    /// least five seconds. The default is in JSONLOCK_TIMEOUT, or 30 seconds.
    #[arg(long, value_name = "DURATION", allow_hyphen_values = true)]
    pub(crate) timeout: Option<String>,

    /// Make the edit only if this jq filter is true of the document; a missing one is null.
    #[arg(long = "if", value_name = "EXPR")]
    pub(crate) if_: Option<String>,

    /// Make the edit only if the document has this etag, as --etag or --report has printed it.
    #[arg(long, value_name = "ETAG", conflicts_with = "if_absent")]
    pub(crate) if_match: Option<String>,

    /// Make the edit only if what it is about does not exist yet.
    ///
    /// That is each PATH of `set` and `del`, and FILE for the other commands.
    #[arg(long)]
    pub(crate) if_absent: bool,

    /// Make the edit only if this jq filter is true of the result; $old is the document before.
    #[arg(long, value_name = "EXPR")]
    pub(crate) check: Option<String>,

    /// Change nothing, and print the document as it would be.
    #[arg(long)]
    pub(crate) dry_run: bool,

    /// Print the new document, or what a jq filter makes of it; $old is the one before.
    #[arg(long, value_name = "EXPR", num_args = 0..=1, require_equals = true)]
    #[arg(default_missing_value = "")]
    pub(crate) print: Option<String>,

    /// Print the etag of the new document.
    #[arg(long, conflicts_with_all = ["print", "report"])]
    pub(crate) etag: bool,

    /// Print one JSON object that tells how the edit went.
    ///
    /// Its members are changed, etag, attempts, waited_ms, held_ms and durable.
    #[arg(long)]
    pub(crate) report: bool,

    /// How durable the edit is when jsonlock exits.
    #[arg(long, value_name = "HOW", default_value = "full")]
    pub(crate) durability: Durability,

    /// Fail when the document does not exist.
    #[arg(long, conflicts_with_all = ["parents", "mode"])]
    pub(crate) no_create: bool,

    /// Create missing directories above the document.
    #[arg(long)]
    pub(crate) parents: bool,

    /// The permissions of a document that is created, in octal.
    #[arg(long, value_name = "OCTAL")]
    pub(crate) mode: Option<String>,

    /// Edit the document though you may not write it.
    ///
    /// Root may write everything, and is not asked.
    #[arg(long)]
    pub(crate) force: bool,

    /// Edit a document that has several hard links; the other names keep the old content.
    #[arg(long)]
    pub(crate) break_hard_links: bool,

    #[command(flatten)]
    pub(crate) locating: Locating,

    /// What to do on a network file system, where locks may not exclude other machines.
    ///
    /// The default is in JSONLOCK_NETWORK_FS, or refuse.
    #[arg(long, value_name = "WHAT")]
    pub(crate) network_fs: Option<NetworkFs>,

    /// Lock this file instead of FILE.lock; all who edit the document must agree on it.
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath)]
    pub(crate) lock_file: Option<PathBuf>,

    /// Print no warnings, and do not say whom the edit waits for.
    #[arg(short, long, conflicts_with = "verbose")]
    pub(crate) quiet: bool,

    /// Say on standard error what is done.
    #[arg(short, long)]
    pub(crate) verbose: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Durability {
    /// File and directory are synced: the edit survives a power cut.
    Full,
    /// The file is synced: after a power cut the document is old or new.
    Data,
    /// Nothing is synced: a power cut may destroy the document.
    None,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Follow {
    /// All but those that could lead root astray.
    Safe,
    /// All.
    Always,
    /// None.
    Never,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum NetworkFs {
    /// Refuse the edit.
    Refuse,
    /// Trust the file system's locks.
    Allow,
}
