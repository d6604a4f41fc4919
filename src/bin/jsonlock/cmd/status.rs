//! What is told of a document without an edit.

mod remote;

use crate::args;
use crate::output;
use crate::report::{self, printable};
use crate::target;
use anyhow::Result;
use jsonlock::{Error, ErrorKind, Holder, LockState, Status, Store as _};
use serde_json::{Value, json};
use std::fmt::Display;
use std::path::Path;
use std::process::ExitCode;
use std::time::SystemTime;

pub(crate) fn run(args: &args::Status) -> Result<ExitCode> {
    if let Some(url) = target::url(&args.file) {
        return remote::run(args, url);
    }
    let store = target::inspectable(args)?;
    let mut status = store.status();
    // What a store does not know: text that is no JSON.
    if let Err(error) = target::editor(&args.file, &args.reading).read(&store)
        && error.kind() == ErrorKind::InvalidJson
    {
        status.problems.push(error);
    }
    let text =
        if args.json { format!("{}\n", object(&status)) } else { lines(&status, &store.name()) };
    output::write(text.into_bytes())?;
    Ok(match status.problems.first() {
        Some(problem) => ExitCode::from(report::code(problem.kind())),
        None => ExitCode::SUCCESS,
    })
}

/// For people.
fn lines(status: &Status, name: &str) -> String {
    let mut text = row("document", document(status, name));
    if let Some(path) = &status.lock_file {
        let missing = match status.has_lock_file {
            Some(true) => "",
            Some(false) => ", does not exist yet",
            None => ", of which is not known whether it exists",
        };
        text += &row("lock file", format!("{}{missing}", path.display()));
    }
    text += &row("lock", lock(&status.lock));
    if let Some(file_system) = &status.file_system {
        let verdict = match file_system.is_safe {
            Some(true) => "edits are safe",
            Some(false) => "edits from several machines are not safe",
            None => "nobody has tried whether edits are safe",
        };
        text += &row("file system", format!("{}, where {verdict}", file_system.name));
    }
    let problems: Vec<Problem> = status.problems.iter().map(Problem::of).collect();
    text += &Problem::rows(&problems);
    for note in &status.notes {
        text += &row("note", note);
    }
    text + &conclusion(&problems)
}

fn conclusion(problems: &[Problem]) -> String {
    row("edits", if problems.is_empty() { "would work" } else { "would be refused" })
}

/// What an edit would be refused for.
struct Problem {
    /// The exit status of the edit.
    code: u8,
    message: String,
}

impl Problem {
    fn new(kind: ErrorKind, message: String) -> Self {
        Problem { code: report::code(kind), message }
    }

    fn of(error: &Error) -> Self {
        Problem::new(error.kind(), error.to_string())
    }

    /// For people.
    fn rows(problems: &[Problem]) -> String {
        let row = |problem: &Problem| row(&format!("error {}", problem.code), &problem.message);
        problems.iter().map(row).collect()
    }

    /// For programs.
    fn objects(problems: &[Problem]) -> Vec<Value> {
        let object =
            |problem: &Problem| json!({"exit_status": problem.code, "message": problem.message});
        problems.iter().map(object).collect()
    }
}

/// Lines that follow the first are as far from the margin.
fn row(what: &str, value: impl Display) -> String {
    let value = printable(value).replace('\n', &format!("\n{:14}", ""));
    format!("{:<14}{value}\n", format!("{what}:"))
}

fn document(status: &Status, name: &str) -> String {
    let given = status.path.strip_prefix(".").unwrap_or(&status.path);
    let resolved = status.resolved.as_ref().filter(|path| *path != given);
    let resolved = resolved.map(|path| format!(", a link to {}", path.display()));
    let size = match (status.size, status.exists) {
        (Some(1), _) => "1 byte".to_owned(),
        (Some(size), _) => format!("{size} bytes"),
        (None, Some(true)) => "exists".to_owned(),
        (None, Some(false)) => "does not exist".to_owned(),
        (None, None) => "of which is not known whether it exists".to_owned(),
    };
    format!("{name}{}, {size}", resolved.unwrap_or_default())
}

fn lock(state: &LockState) -> String {
    let (holder, waiters) = match state {
        LockState::Free => return "free".to_owned(),
        LockState::Held { holder, waiters } => (holder, waiters),
        _ => return "not known".to_owned(),
    };
    let holder = match holder {
        Some(holder) => describe(holder),
        None => "a process that cannot be seen from here".to_owned(),
    };
    match waiters {
        Some(1) => format!("held by {holder}; 1 process waits"),
        Some(count @ 1..) => format!("held by {holder}; {count} processes wait"),
        _ => format!("held by {holder}"),
    }
}

fn describe(holder: &Holder) -> String {
    let command = holder.command.as_ref().map(|command| format!(" ({command})"));
    let since = holder.since.map(|since| format!(" since {}", time(since)));
    let host = holder.host.as_ref().map(|host| format!(" on {host}, as the lock file says,"));
    let told = [host, command, since].map(Option::unwrap_or_default).concat();
    format!("process {}{}", holder.pid, told.trim_end_matches(','))
}

/// For programs. Names stay the same in all releases, and more may come.
fn object(status: &Status) -> Value {
    let (lock, holder, waiters) = match &status.lock {
        LockState::Free => ("free", None, Some(0)),
        LockState::Held { holder, waiters } => ("held", holder.as_ref(), *waiters),
        _ => ("unknown", None, None),
    };
    let problems: Vec<Problem> = status.problems.iter().map(Problem::of).collect();
    let notes = status.notes.iter().map(
        |note| json!({"kind": note.kind(), "path": text(note.path()), "message": note.to_string()}),
    );
    json!({
        "file": text(&status.path),
        "resolved": status.resolved.as_deref().map(text),
        "exists": status.exists,
        "size": status.size,
        "lock_file": status.lock_file.as_deref().map(text),
        "lock_file_exists": status.has_lock_file,
        "lock": lock,
        "holder": holder.map(|holder| json!({
            "pid": holder.pid,
            "host": holder.host,
            "command": holder.command,
            "since": holder.since.map(time),
        })),
        "waiters": waiters,
        "file_system": status.file_system.as_ref().map(|found| &found.name),
        "safe": status.file_system.as_ref().and_then(|found| found.is_safe),
        "editable": status.problems.is_empty(),
        "problems": Problem::objects(&problems),
        "notes": notes.collect::<Vec<_>>(),
    })
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// The time in UTC. The lock file may say anything, also what no calendar has.
fn time(time: SystemTime) -> String {
    const LAST: u64 = 253_402_300_799;
    let seconds = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
    let time = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(seconds.min(LAST));
    humantime::format_rfc3339_seconds(time).to_string()
}
