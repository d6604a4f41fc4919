//! From errors to what the user sees and the shell gets.

use crate::{signals, target, terminal};
use jsonlock::ErrorKind;
use std::borrow::Cow;
use std::fmt;
use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;

/// The exit status and its meaning, for the manual; `code` gives the same numbers.
pub(crate) const EXIT_STATUS: [(u8, &str); 19] = [
    (0, "Done; the document is as asked, whether or not that changed a byte."),
    (1, "get: there is no such path. wait: gave up with the condition false."),
    (2, "Usage: flags, PATH or VALUE syntax."),
    (3, "The jq filter does not compile."),
    (
        5,
        "The change does not fit the document: filter error, no or several results, wrong type, \
         index out of range.",
    ),
    (65, "Not valid JSON (document, VALUE, patch), or no valid JSON Schema."),
    (66, "FILE is missing and must exist."),
    (
        69,
        "Locking is unsupported here, or may not keep out other machines that can write FILE, see \
         --network-fs; or the service of a URL is unreachable, cannot do what it takes, or is none that \
         this jsonlock was built with.",
    ),
    (73, "Cannot create a file."),
    (74, "I/O error."),
    (75, "Busy: the time for the lock, or for trying again, ran out. Trying again is sensible."),
    (76, "Conflict: a precondition does not hold."),
    (
        77,
        "No permission, or refused by a safety rule. status --probe: the service does not keep its promises.",
    ),
    (78, "--check or --schema rejects the result."),
    (
        79,
        "The change is visible, but its durability is unconfirmed; or whether it was made is not known.",
    ),
    (101, "An error in jsonlock itself; please report it."),
    (126, "filter, lock: CMD cannot be run. When CMD fails, its own status is passed on."),
    (127, "filter, lock: CMD cannot be found."),
    (
        130,
        "Stopped by SIGINT, as every program (likewise 129 by SIGHUP and 143 by SIGTERM). Of a URL, an edit \
         that was being sent may or may not be made.",
    ),
];

/// The exit status for each kind of error.
pub(crate) fn code(kind: ErrorKind) -> u8 {
    match kind {
        ErrorKind::InvalidPath | ErrorKind::InvalidUrl => 2,
        ErrorKind::InvalidFilter => 3,
        ErrorKind::Unfit => 5,
        ErrorKind::InvalidJson => 65,
        ErrorKind::NotFound => 66,
        ErrorKind::Unsupported | ErrorKind::Unreachable => 69,
        ErrorKind::CannotCreate => 73,
        ErrorKind::Busy => 75,
        ErrorKind::Conflict => 76,
        ErrorKind::Denied => 77,
        ErrorKind::Rejected => 78,
        ErrorKind::Unconfirmed | ErrorKind::Unclear => 79,
        // The library may know kinds that this table does not; they are failures of some sort.
        _ => 74,
    }
}

/// A command line that cannot be understood.
#[derive(Debug)]
pub(crate) struct Usage(pub(crate) String);

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Usage {}

/// Something besides the document that went wrong.
#[derive(Debug)]
pub(crate) struct Failed {
    kind: ErrorKind,
    message: String,
}

impl Failed {
    pub(crate) fn new(kind: ErrorKind, message: String) -> Self {
        Failed { kind, message }
    }

    pub(crate) fn reading(file: &str, error: io::Error) -> Self {
        let kind = match error.kind() {
            io::ErrorKind::NotFound => ErrorKind::NotFound,
            io::ErrorKind::PermissionDenied => ErrorKind::Denied,
            _ => ErrorKind::Io,
        };
        Failed { kind, message: format!("cannot read {file}: {error}") }
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failed {}

/// The user's own command has failed, with a status that is to be passed on.
#[derive(Debug)]
pub(crate) struct CommandFailed {
    pub(crate) code: u8,
    pub(crate) message: String,
}

impl fmt::Display for CommandFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for CommandFailed {}

/// Marks, as context, an error that came after the commit.
#[derive(Debug)]
pub(crate) struct AfterCommit;

impl fmt::Display for AfterCommit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the edit is done, but")
    }
}

/// Marks, as context, an error that came after the edits of this many lines.
#[derive(Debug)]
pub(crate) struct AfterLines(pub(crate) usize);

impl fmt::Display for AfterLines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the batch stopped")
    }
}

/// Shows help, or says what is wrong with the command line.
pub(crate) fn usage(error: &clap::Error) -> ExitCode {
    let _ = error.print();
    if !error.use_stderr() {
        return ExitCode::SUCCESS;
    }
    let _ = writeln!(io::stderr(), "\nNo file was changed.");
    ExitCode::from(2)
}

/// Says what went wrong and what became of the document, and chooses the exit status.
///
/// `edited` is the document that the command was to change, if it was one that changes any.
pub(crate) fn failure(error: &anyhow::Error, edited: Option<&Path>) -> ExitCode {
    if is_broken_pipe(error) {
        return ExitCode::SUCCESS;
    }
    let mut text = format!("{error:#}");
    if let Some(file) = edited {
        let separator = if text.contains('\n') { "\njsonlock: " } else { "; " };
        text += &format!("{separator}{} {}", target::shown(file), aftermath(error));
    }
    say(text);
    signals::end_if_requested();
    ExitCode::from(exit_code(error))
}

/// Tells the user something on standard error.
pub(crate) fn say(text: impl fmt::Display) {
    terminal::erase();
    let line = format!("jsonlock: {}", printable(text));
    // When standard error is closed too, the exit status has to do.
    let _ = writeln!(io::stderr(), "{line}");
}

/// File names, keys and names of processes are other people's text, so control characters do not reach the
/// terminal.
pub(crate) fn printable(text: impl fmt::Display) -> String {
    let mut line = String::new();
    for character in text.to_string().chars() {
        match character {
            '\n' | '\t' => line.push(character),
            _ if character.is_control() => line.extend(character.escape_default()),
            _ => line.push(character),
        }
    }
    line
}

fn aftermath(error: &anyhow::Error) -> Cow<'static, str> {
    match (kind(error), error.downcast_ref()) {
        _ if error.is::<AfterCommit>() => "was changed as asked".into(),
        (Some(ErrorKind::Unconfirmed), _) => "has the new content".into(),
        (Some(ErrorKind::Unclear), _) => "may or may not have been changed".into(),
        (_, Some(AfterLines(count @ 1..))) => got_edits_of(*count).into(),
        _ => "was not changed".into(),
    }
}

/// What became of a document that got the edits of some lines. It may have other content by now, if a
/// program has replaced it since.
pub(crate) fn got_edits_of(lines: usize) -> String {
    match lines {
        0 => "was not changed".to_owned(),
        1 => "got the edit of 1 line".to_owned(),
        _ => format!("got the edits of {lines} lines"),
    }
}

/// The exit status that an error leads to.
pub(crate) fn exit_code(error: &anyhow::Error) -> u8 {
    if error.chain().any(|cause| cause.is::<Usage>()) {
        return 2;
    }
    match error.downcast_ref::<CommandFailed>() {
        Some(failed) => failed.code,
        None => kind(error).map_or(74, code),
    }
}

/// The kind of the error, where it has one.
pub(crate) fn kind(error: &anyhow::Error) -> Option<ErrorKind> {
    error.chain().find_map(|cause| {
        let failed = cause.downcast_ref::<Failed>().map(|failed| failed.kind);
        failed.or_else(|| cause.downcast_ref::<jsonlock::Error>().map(jsonlock::Error::kind))
    })
}

/// Whoever closed our output has what they wanted.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let io_errors = error.chain().filter_map(|cause| cause.downcast_ref::<io::Error>());
    io_errors.into_iter().any(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
