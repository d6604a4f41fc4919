//! The programs that jsonlock is measured against.

pub(crate) use crate::machine::output;
use crate::tools::{self, Program, Tool};
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
    /// The C program that runs others and tells their time and memory.
    pub(crate) measure: PathBuf,
    pub(crate) compiler: String,
    /// None where jq is not installed.
    pub(crate) jqs: Vec<Program>,
    /// Those of [`tools::KNOWN`] that are installed.
    pub(crate) others: Vec<(Tool, Program)>,
    /// A sentence for each program that is not.
    pub(crate) missing: Vec<String>,
    pub(crate) python: Program,
    /// The script for `python`.
    pub(crate) writer: PathBuf,
}

impl Peers {
    pub(crate) fn find(dir: &Path) -> Result<Self> {
        let compiler = env::var_os("CC").unwrap_or_else(|| "cc".into());
        let version = output(Command::new(&compiler).arg("--version"))?;
        let mut missing = Vec::new();
        Ok(Peers {
            protocol: compile(&compiler, "protocol", dir)?,
            measure: compile(&compiler, "measure", dir)?,
            compiler: version.lines().next().unwrap_or_default().to_owned(),
            jqs: jqs(&mut missing)?,
            others: tools::find(&mut missing)?,
            missing,
            python: python()?,
            writer: Path::new(SOURCES).join("plain_writer.py"),
        })
    }

    /// The jq that the goals are about: the newest of those that are measured.
    pub(crate) fn newest_jq(&self) -> Option<&Program> {
        self.jqs.iter().max_by_key(|jq| numbers(&jq.version))
    }
}

fn numbers(version: &str) -> Vec<u32> {
    version.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse().ok()).collect()
}

fn compile(compiler: &OsStr, name: &str, dir: &Path) -> Result<PathBuf> {
    let program = dir.join(name);
    let source = Path::new(SOURCES).join(name).with_extension("c");
    let mut command = Command::new(compiler);
    output(command.args(["-O2", "-static", "-o"]).arg(&program).arg(source))?;
    Ok(program)
}

/// Each program that the variable `JQ` names, separated as in `PATH`; by default the one on `PATH`.
fn jqs(missing: &mut Vec<String>) -> Result<Vec<Program>> {
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
            Err(_) => missing.push(tools::missing("jq", "JQ")),
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
