//! Options that several commands take.

use clap::{ArgAction, Args, ValueEnum, ValueHint};
use std::ffi::OsString;
use std::path::PathBuf;

// What finding the document takes. (As documentation it would replace the command's own.)
#[derive(Debug, Args)]
pub(crate) struct Locating {
    /// Which symbolic links to follow.
    ///
    /// With `safe`, root does not follow a link whose owner is neither root nor the owner of what it
    /// points to, and nobody follows another user's link in a directory such as /tmp, where everybody
    /// may make them. For a URL it has no meaning.
    #[arg(long, value_name = "WHICH", default_value = "safe")]
    pub(crate) follow: Follow,
}

// What reading the document takes. (As documentation it would replace the command's own.)
#[derive(Debug, Args)]
pub(crate) struct Reading {
    /// Accept comments and trailing commas in FILE, and keep them.
    ///
    /// This is so without the option if FILE has a name that says so, such as settings.jsonc or
    /// tsconfig.json; the manual page of jsonlock lists them. Values, patches and what jq filters see are
    /// strict JSON in any case.
    #[arg(long)]
    pub(crate) jsonc: bool,
}

// What the filters of `apply` and `wait` know. (As documentation it would replace the command's own.)
#[derive(Debug, Args)]
pub(crate) struct Variables {
    /// Bind $NAME to a string.
    #[arg(long, num_args = 2, value_names = ["NAME", "TEXT"], action = ArgAction::Append)]
    #[arg(allow_hyphen_values = true)]
    pub(crate) arg: Vec<String>,

    /// Bind $NAME to a JSON value.
    #[arg(long, num_args = 2, value_names = ["NAME", "JSON"], action = ArgAction::Append)]
    #[arg(allow_hyphen_values = true)]
    pub(crate) argjson: Vec<String>,
}

// What taking the lock takes. (As documentation it would replace the command's own.)
#[derive(Debug, Args)]
pub(crate) struct Locking {
    /// How long to wait: seconds, 500ms, 2m, 0 for a single try, inf.
    ///
    /// This is for the lock and for programs that interfere, and with a URL for the service to answer, of
    /// which each request has two seconds at least. A jq filter has as long to finish, but at least five
    /// seconds. The default is in JSONLOCK_TIMEOUT, or 30 seconds.
    #[arg(long, value_name = "DURATION", allow_hyphen_values = true)]
    pub(crate) timeout: Option<String>,

    #[command(flatten)]
    pub(crate) locating: Locating,

    /// What to do where other machines may write FILE too, and locks may not keep them out.
    ///
    /// That is on NFS, SMB, 9p, virtiofs, sshfs and most of what is mounted through FUSE; status says what FILE
    /// is on. The default is in JSONLOCK_NETWORK_FS, or refuse. For a URL it has no meaning.
    #[arg(long, value_name = "WHAT")]
    pub(crate) network_fs: Option<NetworkFs>,

    /// Lock this file instead of FILE.lock; all who edit the document must agree on it.
    ///
    /// With a URL it is an error.
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath)]
    pub(crate) lock_file: Option<PathBuf>,

    /// Print no warnings, and do not say whom the edit waits for.
    #[arg(short, long, conflicts_with = "verbose")]
    pub(crate) quiet: bool,

    /// Say on standard error what is done, in how many attempts, and how long it took.
    ///
    /// With a URL that includes what had to be tried again, and what became of edits that were not answered.
    #[arg(short, long)]
    pub(crate) verbose: bool,
}

// What every command that writes takes. (As documentation it would replace the command's own.)
#[derive(Debug, Args)]
#[command(next_help_heading = "Options of every command that writes")]
pub(crate) struct Writing {
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

    /// Make the edit only if the result is valid under the JSON Schema in FILE.
    ///
    /// `$schema` says which draft it is, 2020-12 by default. Nothing is fetched: what a `$ref` refers to
    /// must be in FILE. This takes a jsonlock that was built with the feature schema.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) schema: Option<String>,

    /// Change nothing, and print the document as it would be.
    #[arg(long)]
    pub(crate) dry_run: bool,

    /// Print what changed as a unified diff; nothing if nothing changed.
    ///
    /// It is printed after the edit, and shows the values that changed. On a terminal it has colours
    /// unless NO_COLOR is set. With --dry-run it is what would change.
    #[arg(long, conflicts_with_all = ["print", "etag"])]
    pub(crate) diff: bool,

    /// Print the new document, or what a jq filter makes of it; $old is the one before.
    #[arg(long, value_name = "EXPR", num_args = 0..=1, require_equals = true)]
    #[arg(default_missing_value = "")]
    pub(crate) print: Option<String>,

    /// Print the etag of the new document.
    #[arg(long, conflicts_with_all = ["print", "report"])]
    pub(crate) etag: bool,

    /// Print one JSON object that tells how the edit went.
    ///
    /// Its members are changed, etag, attempts, waited_ms, held_ms and durable. With --dry-run it tells
    /// how the edit would go, and has the member dry_run, which is true, too.
    #[arg(long)]
    pub(crate) report: bool,

    /// Keep what the edit replaces as FILE.bak, or with another SUFFIX.
    ///
    /// The last backup is replaced. If the backup cannot be made the edit fails; an edit that changes
    /// nothing makes none. With a URL it is an error.
    #[arg(long, value_name = "SUFFIX", num_args = 0..=1, require_equals = true)]
    #[arg(default_missing_value = ".bak", allow_hyphen_values = true)]
    pub(crate) backup: Option<OsString>,

    /// How durable the edit is when jsonlock exits.
    ///
    /// With a URL this is up to the service.
    #[arg(long, value_name = "HOW", default_value = "full")]
    pub(crate) durability: Durability,

    /// Fail when the document does not exist.
    #[arg(long, conflicts_with_all = ["parents", "mode"])]
    pub(crate) no_create: bool,

    /// Create missing directories above the document.
    ///
    /// For a URL it has no meaning.
    #[arg(long)]
    pub(crate) parents: bool,

    /// The permissions of a document that is created, in octal.
    ///
    /// With a URL it is an error.
    #[arg(long, value_name = "OCTAL")]
    pub(crate) mode: Option<String>,

    /// Edit the document though you may not write it.
    ///
    /// Root may write everything, and is not asked. For a URL it has no meaning.
    #[arg(long)]
    pub(crate) force: bool,

    /// Edit a document that has several hard links; the other names keep the old content.
    ///
    /// For a URL it has no meaning.
    #[arg(long)]
    pub(crate) break_hard_links: bool,

    #[command(flatten)]
    pub(crate) reading: Reading,

    #[command(flatten)]
    pub(crate) locking: Locking,
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
