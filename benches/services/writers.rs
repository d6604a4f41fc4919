//! The two kinds of writers.

use crate::machine::output;
use crate::place::Place;
use crate::run::{Outcome, Run, Size, member};
use anyhow::{Context as _, Result, bail};
use jsonlock::{Document, Editor, ErrorKind, Json, LocalStore, RemoteStore, Store, Wait};
use serde_json::Value;
use std::fmt;
use std::process::Command;
use std::time::Duration;

/// With this argument the program is the process of all threads.
pub(crate) const THREADS: &str = "--threads";

/// For how many seconds an edit is tried.
const PATIENCE: u64 = 120;

#[derive(Clone, Copy)]
pub(crate) enum Manner {
    /// The program, started anew for each edit.
    Processes,
    /// The library, in one process.
    Threads,
}

impl Manner {
    /// Makes all edits of a document that is not there yet.
    pub(crate) fn write(self, place: &Place, url: &str, size: Size) -> Result<Run> {
        match self {
            Manner::Processes => Run::new(size, |writer| apply(place, url, writer)),
            Manner::Threads => threads(place, url, size),
        }
    }
}

impl fmt::Display for Manner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Manner::Processes => "processes",
            Manner::Threads => "threads",
        })
    }
}

fn apply(place: &Place, url: &str, writer: usize) -> Result<Outcome> {
    let (member, patience) = (member(writer), PATIENCE.to_string());
    let filter = ".n += 1 | .own[$w] += 1";
    let what = ["apply", url, filter, "--arg", "w", &member, "--report", "--timeout", &patience];
    let mut command = place.command(&what);
    let ended = command.output().with_context(|| format!("cannot run {command:?}"))?;
    let complaint = String::from_utf8_lossy(&ended.stderr);
    match ended.status.code() {
        Some(0) => {
            let report: Value = serde_json::from_slice(&ended.stdout)?;
            let attempts = report["attempts"].as_u64().context("a report without attempts")?;
            Ok(Outcome::Made { attempts })
        }
        Some(75) => Ok(failed(Outcome::NotMade, &complaint)),
        Some(79) => Ok(failed(Outcome::Unclear, &complaint)),
        _ => bail!("{what:?} failed: {} {complaint}", ended.status),
    }
}

/// Says why an edit was not made, or may not have been. The writer goes on.
fn failed(outcome: Outcome, why: &str) -> Outcome {
    eprintln!("{}", why.trim_end());
    outcome
}

/// Lets another process do it, since stores take from the environment who may use them.
fn threads(place: &Place, url: &str, size: Size) -> Result<Run> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["--bench", THREADS, url]);
    command.args([size.writers, size.edits].map(|number| number.to_string()));
    let text = output(&mut place.with_variables(command))?;
    serde_json::from_str(&text).with_context(|| format!("what does {text:?} mean?"))
}

/// The other end of [`threads`].
pub(crate) fn write_as_child(arguments: &[String]) -> Result<()> {
    let [url, writers, edits] = arguments else { bail!("threads take a URL and two numbers") };
    let store: Box<dyn Store + Sync> = match url.contains("://") {
        true => Box::new(RemoteStore::open(url)?),
        false => Box::new(LocalStore::new(url)),
    };
    let size = Size { writers: writers.parse()?, edits: edits.parse()? };
    let run = Run::new(size, |writer| edit(&*store, writer))?;
    println!("{}", serde_json::to_string(&run)?);
    Ok(())
}

fn edit(store: &dyn Store, writer: usize) -> Result<Outcome> {
    let paths = ["n".parse()?, format!("own.{}", member(writer)).parse()?];
    let editor = Editor::default().wait(Wait::at_most(Duration::from_secs(PATIENCE)));
    let edited = editor.edit(store, |document: &mut Document| {
        for path in &paths {
            let count = document.get::<u64>(path)?.unwrap_or(0) + 1;
            document.set(path, Json::from(count))?;
        }
        Ok(())
    });
    match edited {
        Ok(edited) => Ok(Outcome::Made { attempts: edited.attempts.into() }),
        Err(error) => match error.kind() {
            ErrorKind::Busy => Ok(failed(Outcome::NotMade, &error.to_string())),
            ErrorKind::Unclear => Ok(failed(Outcome::Unclear, &error.to_string())),
            _ => Err(error.into()),
        },
    }
}
