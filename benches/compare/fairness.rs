//! How many others get the lock before the unluckiest of many writers, when everybody who has made an
//! edit comes back for the next one at once.
//!
//! Waits are counted in turns: in time they would say more about what else the machine does.

use crate::Setting;
use crate::crowd::{Size, work};
use crate::peers::{command, output};
use crate::report::{Goal, Report, Row};
use anyhow::{Context as _, Result, ensure};
use jsonlock::{Document, Json, LocalStore};
use std::collections::BTreeMap;
use std::env;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

const WRITERS: usize = 32;

/// With this argument the program is one of the writers.
pub(crate) const WRITER: &str = "--writer";

pub(crate) fn compare(setting: &Setting, report: &mut Report) -> Result<()> {
    let edits = setting.effort.pick(5, 50);
    let runs = setting.effort.pick(1, 5);
    report.push(Row { goal: Goal::None, ..row(setting, edits, runs, "threads", write)? });
    report.push(row(setting, edits, runs, "processes", process)?);
    Ok(())
}

/// Makes the edits of one writer and says how many edits of others its longest wait saw.
type Writer = fn(&Path, &str, usize) -> Result<u64>;

fn write(file: &Path, name: &str, edits: usize) -> Result<u64> {
    let path = name.parse()?;
    let store = LocalStore::new(file);
    let mut longest = 0;
    for number in 1..=u64::try_from(edits)? {
        let before = turns(&jsonlock::read(&store)?)?;
        let edited = jsonlock::edit(&store, |document| {
            document.set(&path, Json::from(number))?;
            turns(document)
        })?;
        // The last of these turns is the writer's own.
        longest = longest.max(edited.value - before - 1);
    }
    Ok(longest)
}

/// How many edits have been made: each writer counts its own.
fn turns(document: &Document) -> jsonlock::Result<u64> {
    let counts: Option<BTreeMap<String, u64>> = document.get(&jsonlock::Path::root())?;
    Ok(counts.unwrap_or_default().values().sum())
}

/// Not the command: on a machine with few cores, what starting it takes would drown the waits.
fn process(file: &Path, name: &str, edits: usize) -> Result<u64> {
    let edits = edits.to_string();
    let arguments = ["--bench".as_ref(), WRITER.as_ref(), file.as_os_str(), name.as_ref()];
    Ok(output(command(env::current_exe()?, arguments).arg(edits))?.parse()?)
}

/// The other end of [`process`].
pub(crate) fn write_as_process(mut arguments: impl Iterator<Item = String>) -> Result<()> {
    let mut next = || arguments.next().context("a writer takes a file, a name and a number");
    let longest = write(next()?.as_ref(), &next()?, next()?.parse()?)?;
    println!("{longest}");
    Ok(())
}

fn row(setting: &Setting, edits: usize, runs: usize, who: &str, writer: Writer) -> Result<Row> {
    let mut waits = (0..runs).map(|_| run(setting, edits, writer)).collect::<Result<Vec<_>>>()?;
    waits.sort_unstable();
    let longest = waits[runs / 2];
    let fair = WRITERS - 1;
    Ok(Row {
        what: format!("library, {WRITERS} {who}: longest wait"),
        jsonlock: format!("{longest} turns"),
        peer: "each of the others has one turn".to_owned(),
        peers: format!("{fair} turns"),
        ratio: Some(longest as f64 / fair as f64),
        goal: Goal::AtMost(2.0),
    })
}

fn run(setting: &Setting, edits: usize, writer: Writer) -> Result<u64> {
    let names: Vec<String> = (0..WRITERS).map(|number| format!("writer-{number}")).collect();
    let members: Vec<String> = names.iter().map(|name| format!("  \"{name}\": 0")).collect();
    let file = setting.document("fairness", &format!("{{\n{}\n}}\n", members.join(",\n")))?;
    let longest = AtomicU64::new(0);
    work(Size { workers: WRITERS, edits: 1 }, |number, _| {
        longest.fetch_max(writer(&file, &names[number], edits)?, Ordering::Relaxed);
        Ok(())
    })?;
    let document: serde_json::Value = serde_json::from_slice(&std::fs::read(&file)?)?;
    let is_whole = |name: &String| document[name.as_str()] == edits;
    ensure!(names.iter().all(is_whole), "edits were lost: {document}");
    Ok(longest.into_inner())
}
