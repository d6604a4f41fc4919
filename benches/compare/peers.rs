//! The programs that jsonlock is measured against.

use anyhow::{Context as _, Result, ensure};
use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

pub(crate) const JSONLOCK: &str = env!("CARGO_BIN_EXE_jsonlock");
const SOURCES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches");

pub(crate) struct Peers {
    /// The C program that does the least that a durable edit can be.
    pub(crate) protocol: PathBuf,
    pub(crate) compiler: String,
    /// None where jq is not installed.
    pub(crate) jqs: Vec<Program>,
    pub(crate) python: Program,
    /// The script for `python`.
    pub(crate) writer: PathBuf,
}

pub(crate) struct Program {
    pub(crate) path: PathBuf,
    pub(crate) version: String,
}

impl Peers {
    pub(crate) fn find(dir: &Path) -> Result<Self> {
        let sources = Path::new(SOURCES);
        let protocol = dir.join("protocol");
        let compiler = env::var_os("CC").unwrap_or_else(|| "cc".into());
        let arguments = [OsStr::new("-O2"), OsStr::new("-static"), OsStr::new("-o")];
        let source = sources.join("protocol.c");
        let mut compile = Command::new(&compiler);
        output(compile.args(arguments).arg(&protocol).arg(source))?;
        let version = output(Command::new(&compiler).arg("--version"))?;
        Ok(Peers {
            protocol,
            compiler: version.lines().next().unwrap_or_default().to_owned(),
            jqs: jqs()?,
            python: python()?,
            writer: sources.join("plain_writer.py"),
        })
    }
}

/// Each program that the variable `JQ` names, separated as in `PATH`; by default the one on `PATH`.
fn jqs() -> Result<Vec<Program>> {
    let named = env::var_os("JQ");
    let paths: Vec<PathBuf> = match &named {
        Some(paths) => env::split_paths(paths).collect(),
        None => vec!["jq".into()],
    };
    let mut programs = Vec::new();
    for path in paths {
        match output(Command::new(&path).arg("--version")) {
            Ok(version) => programs.push(Program { path, version }),
            Err(error) if named.is_some() => return Err(error),
            Err(_) => eprintln!("jq is not installed, so there are no rows about it"),
        }
    }
    Ok(programs)
}

/// The interpreter itself: what stands on `PATH` may be a script that looks for it, which takes
/// longer than the edit.
fn python() -> Result<Program> {
    let name = env::var_os("PYTHON").unwrap_or_else(|| "python3".into());
    let path = output(Command::new(name).args(["-c", "import sys; print(sys.executable)"]))?;
    let version = output(Command::new(&path).arg("--version"))?;
    Ok(Program { path: path.into(), version })
}

/// What a command prints, without the newline at the end.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let made = command.stdin(Stdio::null()).output();
    let made = made.with_context(|| format!("cannot run {command:?}"))?;
    let complaint = String::from_utf8_lossy(&made.stderr).into_owned();
    ensure!(made.status.success(), "{command:?} failed: {} {complaint}", made.status);
    Ok(String::from_utf8(made.stdout)?.trim_end().to_owned())
}

/// A command that stays silent unless something is wrong.
pub(crate) fn command<S: AsRef<OsStr>>(
    program: impl AsRef<OsStr>,
    arguments: impl IntoIterator<Item = S>,
) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null());
    command.env_remove("JSONLOCK_TIMEOUT").env_remove("JSONLOCK_NETWORK_FS");
    command
}

/// Runs a command to its end, which must be good.
pub(crate) fn run(mut command: Command) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot run {command:?}"))?;
    ensure!(status.success(), "{command:?} failed: {status}");
    Ok(())
}
