//! What `status` takes: of the options of an edit, those that decide whether it would work.

use super::{Locating, NetworkFs, Reading};
use clap::{Args, ValueHint};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct Status {
    /// The document, a file or a URL such as s3://bucket/key.
    #[arg(value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,

    /// Print one JSON object.
    #[arg(long)]
    pub(crate) json: bool,

    /// Try whether the service of a remote document keeps its promises.
    ///
    /// Some services say that they write only if nobody else did, and write in any case. On a document of
    /// its own beside FILE, which it removes at the end, this makes conditional writes that must fail, and
    /// several at once of which one must succeed. If the service fails, the exit status is 77.
    #[arg(long)]
    pub(crate) probe: bool,

    /// As if the edit had this option: a document that does not exist is a problem.
    #[arg(long)]
    pub(crate) no_create: bool,

    /// As if the edit had this option: that you may not write the document is no problem.
    #[arg(long)]
    pub(crate) force: bool,

    /// As if the edit had this option: that the document has several hard links is no problem.
    #[arg(long)]
    pub(crate) break_hard_links: bool,

    #[command(flatten)]
    pub(crate) reading: Reading,

    #[command(flatten)]
    pub(crate) locating: Locating,

    /// As if the edit had this option: whether it is a problem that other machines may write FILE too.
    ///
    /// The default is in JSONLOCK_NETWORK_FS, or refuse.
    #[arg(long, value_name = "WHAT")]
    pub(crate) network_fs: Option<NetworkFs>,

    /// The lock file that edits use instead of FILE.lock. With a URL it is an error.
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath)]
    pub(crate) lock_file: Option<PathBuf>,
}
