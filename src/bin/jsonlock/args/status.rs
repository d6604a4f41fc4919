//! What `status` takes: of the options of an edit, those that decide whether it would work.

use super::{Locating, NetworkFs};
use clap::{Args, ValueHint};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct Status {
    /// The document.
    #[arg(value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,

    /// Print one JSON object.
    #[arg(long)]
    pub(crate) json: bool,

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
    pub(crate) locating: Locating,

    /// As if the edit had this option: whether a network file system is a problem.
    ///
    /// The default is in JSONLOCK_NETWORK_FS, or refuse.
    #[arg(long, value_name = "WHAT")]
    pub(crate) network_fs: Option<NetworkFs>,

    /// The lock file that edits use instead of FILE.lock.
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath)]
    pub(crate) lock_file: Option<PathBuf>,
}
