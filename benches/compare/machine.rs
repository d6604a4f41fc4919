//! What the results depend on, beside the programs.

use anyhow::{Context as _, Result, ensure};
use std::path::Path;
use std::process::{Command, Stdio};

/// Kernel, file system and cores.
pub(crate) fn describe(dir: &Path) -> Result<String> {
    let kernel = output(Command::new("uname").arg("-srm"))?;
    let kind = output(Command::new("df").arg("--output=fstype").arg(dir))?;
    let kind = kind.lines().last().unwrap_or("unknown").to_owned();
    let cores = std::thread::available_parallelism()?;
    Ok(format!("{kernel}, file system {kind}, {cores} cores"))
}

/// What a command prints, without the newline at the end.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let made = command.stdin(Stdio::null()).output();
    let made = made.with_context(|| format!("cannot run {command:?}"))?;
    let complaint = String::from_utf8_lossy(&made.stderr).into_owned();
    ensure!(made.status.success(), "{command:?} failed: {} {complaint}", made.status);
    Ok(String::from_utf8(made.stdout)?.trim_end().to_owned())
}
