//! The command line, as declarations. Help, completions and manual pages are generated from them.

mod commands;
mod options;
mod source;
mod status;
mod wait;

pub(crate) use commands::{Apply, Arrays, Batch, Del, Filter, Get, Lock, Merge, Patch, Set};
pub(crate) use options::{
    Durability, Follow, Locating, Locking, NetworkFs, Reading, Variables, Writing,
};
pub(crate) use source::{Kind, Source};
pub(crate) use status::Status;
pub(crate) use wait::Wait;

use crate::examples;
use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;

/// Edit JSON files safely from many processes at once.
///
/// Every edit is one locked, crash-safe read-modify-write: lock FILE.lock, read FILE, change it,
/// write a temporary file beside it, sync, rename. No acknowledged write is ever lost, no reader
/// ever sees half a file, and only the bytes that the edit is about change.
///
/// FILE may be a URL, if this jsonlock was built so: etcd://host:2379/key, s3://bucket/key, az://container/key
/// and gs://bucket/key name documents of services, which are edited by optimistic concurrency, with the same
/// promises. The manual page of jsonlock tells more.
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
    /// everything else as JSON. Without PATH, the whole document is printed as it stands, with its comments;
    /// values have none.
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
    /// what differs is written anew. A missing document is null. The filter is jq's language, without
    /// alternative patterns (?//) and $__loc__; regular expressions know no look-around. docs/jq.md in the
    /// source names all differences from jq 1.8.
    #[command(after_long_help = examples::APPLY)]
    Apply(Apply),

    /// Let a program change the document.
    ///
    /// CMD gets the document on standard input, as it stands, with its comments, and what it prints becomes
    /// the new one, as it is laid out, if CMD exits with 0 and it is one JSON value. If CMD fails, its exit
    /// status is passed on. A missing document is empty.
    ///
    /// The output is complete when everybody has closed it: if CMD leaves something running that has it
    /// open, that is waited for, under the lock. If jsonlock is killed, so is CMD.
    ///
    /// The lock is held while CMD runs, so CMD must not edit FILE itself with jsonlock, which would wait
    /// for CMD to end; a program that does is run by lock. With --optimistic others can make edits
    /// meanwhile; if one does, CMD runs again on the new document, so it may run any number of times.
    #[command(after_long_help = examples::FILTER)]
    Filter(Filter),

    /// Run a program while holding the lock.
    ///
    /// Nobody else edits FILE until CMD has ended. The exit status is that of CMD, 128 and the signal's
    /// number if a signal ended it, 127 if it cannot be found, 126 if it cannot be run.
    ///
    /// FILE must be a file: what services keep cannot be locked, since a lock would have to expire when its
    /// holder is gone, and then two could have it.
    ///
    /// Edits of FILE that CMD makes with jsonlock take part in the lock, one at a time. What CMD leaves
    /// running does not keep the lock.
    ///
    /// Signals are passed on to CMD, except SIGINT and SIGQUIT in the foreground of a terminal, where the
    /// keyboard sends them to CMD too. If jsonlock is killed, CMD is killed with everything that it has
    /// started, and then others get the lock. This is seen to, on Linux, by a second process, which is the
    /// one that holds the lock; if that one is killed, alone or with the whole process group, so is CMD,
    /// but not everything that CMD has started.
    #[command(after_long_help = examples::LOCK)]
    Lock(Lock),

    /// Make many edits, one for each line of standard input.
    ///
    /// A line is a JSON object, which is a merge patch, or an array, which is a JSON Patch. All lines
    /// that wait are put into FILE by one locked, crash-safe transaction, so that they share its syncs;
    /// while nothing waits, nothing is locked. With a URL they share one request to the service.
    ///
    /// Each line is answered by one on standard output, in order: {"line":7,"ok":true,"etag":…} when its
    /// edit is durable, or {"line":8,"ok":false,"code":76,"error":…} with the exit status that a command
    /// of its own would have had. One that cannot be applied does not stop the others. Blank lines are
    /// counted and not answered.
    ///
    /// When all lines were read, the exit status is 0 or that of the first line that was not applied.
    /// When a transaction fails, or standard output is closed, jsonlock stops and says how many lines
    /// it has put into FILE. However it ends, every line that was acknowledged is in FILE.
    ///
    /// --if and --check are asked for each line, with --atomic once. The other options that speak of one
    /// edit, such as --if-match and --print, take --atomic, and so do --diff and --backup. A line may have
    /// 64 MiB.
    #[command(after_long_help = examples::BATCH)]
    Batch(Batch),

    /// Wait until a jq filter is true of the document.
    ///
    /// The filter is asked of the document as it is now, and then whenever it has changed; a missing
    /// one is null. Anything but false and null is true. FILE, its directory and the links that lead
    /// there need not exist yet, and may be replaced meanwhile.
    ///
    /// No lock is taken, nothing is created, and no change goes unnoticed, but of several changes in a
    /// row the filter may see only the last. While nothing changes, jsonlock sleeps. Only where the
    /// system cannot tell of changes, as on network file systems, does it look once a second.
    ///
    /// When --timeout has passed, the exit status is 1. A filter that fails, and a document that is not
    /// valid JSON, end the wait at once.
    ///
    /// With a URL, etcd tells of changes, and other services are asked again and again, with pauses. When the
    /// service cannot be reached at first for as long as JSONLOCK_TIMEOUT says, by default 30 seconds, the exit
    /// status is 69. Once the document was seen, a service that is away is waited for; if it still is when
    /// --timeout has passed, the exit status is 69, too.
    #[command(after_long_help = examples::WAIT)]
    Wait(Wait),

    /// Tell who holds the lock of the document, and whether it can be edited.
    ///
    /// Nothing is created or changed. What is told is a hint for people: it may be different a moment
    /// later, and no script needs to ask before an edit. The exit status is 0 when an edit would work now
    /// or after waiting, and otherwise what that of the edit would be.
    ///
    /// With --json, the members are file, resolved, exists, size, lock_file, lock_file_exists, lock (free,
    /// held or unknown), holder (pid, host, command and since, or null), waiters, file_system, safe (true,
    /// false, or null where nobody has tried), editable, problems (each with exit_status and message) and
    /// notes (each with kind, path and message). What is not known is null.
    ///
    /// With a URL, lock is none, safe is what --probe has found, or true for etcd, and there are also version,
    /// edits (how many jsonlock has counted) and service (etcd, s3, azure or gcs). Nothing is written without
    /// --probe, so that 0 says that the document can be read, and not that an edit would be permitted;
    /// editable is null where nothing was tried.
    #[command(after_long_help = examples::STATUS)]
    Status(Status),

    /// Print a script that completes jsonlock's arguments in a shell.
    Completions(Completions),

    /// Print a manual page.
    Man(Man),
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
