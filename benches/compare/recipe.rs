//! How edits are made with programs that only print the new document, as people write it into their
//! scripts.

use crate::peers::command;
use crate::tools::Program;
use std::path::Path;
use std::process::Command;

const NOTHING: [&str; 0] = [];

pub(crate) fn name(program: &Program) -> String {
    format!("flock, {}, mv", program.version)
}

/// The recipe as a command: flock(1), a shell, the program, mv.
pub(crate) fn locked(program: &Path, arguments: &[&str], file: &Path) -> Command {
    let mut lock = file.as_os_str().to_owned();
    lock.push(".lock");
    let mut command = command("flock", [lock.as_os_str(), "sh".as_ref()]);
    let script = r#""$@" > "$0.tmp" && mv "$0.tmp" "$0""#;
    with_shell(&mut command, script, program, arguments, file);
    command
}

/// The recipe without the lock, which loses edits.
pub(crate) fn unlocked(program: &Path, arguments: &[&str], file: &Path) -> Command {
    let mut command = command("sh", NOTHING);
    let script = r#""$@" > "$0.$$" && mv "$0.$$" "$0""#;
    with_shell(&mut command, script, program, arguments, file);
    command
}

/// A program that reads a document; it gets it on standard input if no argument is `FILE`.
pub(crate) fn reader(program: &Path, arguments: &[&str], file: &Path) -> Command {
    if arguments.contains(&"FILE") {
        return in_place(program, arguments, file);
    }
    let mut command = command("sh", NOTHING);
    with_shell(&mut command, r#"exec "$@""#, program, arguments, file);
    command
}

/// A program with its arguments, and a name for `FILE`.
pub(crate) fn in_place(program: &Path, arguments: &[&str], file: &Path) -> Command {
    let mut command = command(program, NOTHING);
    name_file(&mut command, arguments, file);
    command
}

fn with_shell(
    command: &mut Command,
    script: &str,
    program: &Path,
    arguments: &[&str],
    file: &Path,
) {
    let names_file = arguments.contains(&"FILE");
    let script = if names_file { script.to_owned() } else { format!("< \"$0\" {script}") };
    command.args(["-c", &script]).arg(file).arg(program);
    name_file(command, arguments, file);
}

fn name_file(command: &mut Command, arguments: &[&str], file: &Path) {
    for argument in arguments {
        match *argument {
            "FILE" => command.arg(file),
            other => command.arg(other),
        };
    }
}
