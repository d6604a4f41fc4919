//! How fast jsonlock is beside its peers. Each comparison runs its contenders in turns, in one run,
//! so that whatever else the machine does meets all of them; see `benches/README.md`.

mod arguments;
mod batch;
mod crowd;
mod document;
mod fairness;
mod machine;
mod measure;
mod one_edit;
mod optimistic;
mod peers;
mod plot;
mod race;
mod recipe;
mod report;
mod shapes;
mod sizes;
mod threads;
mod tools;
mod units;
mod writers;

use anyhow::{Context as _, Result};
use arguments::Arguments;
use peers::Peers;
use report::Report;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// How much to measure.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Effort {
    /// Enough to see that everything works; the numbers mean little.
    Quick,
    Full,
}

impl Effort {
    fn pick(self, quick: usize, full: usize) -> usize {
        match self {
            Effort::Quick => quick,
            Effort::Full => full,
        }
    }
}

/// What every comparison needs.
struct Setting {
    peers: Peers,
    effort: Effort,
    dir: TempDir,
}

impl Setting {
    /// A document for one contender alone, with nothing but `text` in it.
    fn document(&self, name: &str, text: &str) -> Result<PathBuf> {
        let mut builder = tempfile::Builder::new();
        let dir = builder.prefix(name).disable_cleanup(true).tempdir_in(self.dir.path())?;
        let file = dir.keep().join("document.json");
        create(&file, text)?;
        Ok(file)
    }
}

#[expect(clippy::disallowed_methods, reason = "the documents begin as other programs made them")]
fn create(file: &Path, text: &str) -> Result<()> {
    std::fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))
}

type Comparison = fn(&Setting, &mut Report) -> Result<()>;

const COMPARISONS: [(&str, Comparison); 9] = [
    ("one-edit", one_edit::compare),
    ("crowd", crowd::compare),
    ("batch", batch::compare),
    ("threads", threads::compare),
    ("fairness", fairness::compare),
    ("optimistic", optimistic::compare),
    ("sizes", sizes::compare),
    ("shapes", shapes::compare),
    ("writers", writers::compare),
];

fn main() -> Result<()> {
    // `cargo test --all-targets` starts benchmarks too, unoptimised, and only wants to see that they
    // are well.
    if !std::env::args().any(|argument| argument == "--bench") {
        println!("Nothing was measured; `cargo bench` does that.");
        return Ok(());
    }
    if let Some(writer) = std::env::args().position(|argument| argument == fairness::WRITER) {
        return fairness::write_as_process(std::env::args().skip(writer + 1));
    }
    let arguments = Arguments::parse(std::env::args().skip(1))?;
    let report = match &arguments.redraw {
        Some(file) => Report::load(file)?,
        None => compare_all(&arguments)?,
    };
    if let Some(dir) = &arguments.plots {
        plot::draw(&report, dir)?;
    }
    print!("{report}");
    Ok(())
}

fn compare_all(arguments: &Arguments) -> Result<Report> {
    let dir = tempfile::tempdir_in(&arguments.dir).context("cannot use the directory")?;
    let peers = Peers::find(dir.path())?;
    let mut report = Report::new(&peers, dir.path())?;
    let setting = Setting { peers, effort: arguments.effort, dir };
    for (name, compare) in COMPARISONS {
        if arguments.wants(name) {
            eprintln!("{name} …");
            compare(&setting, &mut report).with_context(|| format!("the comparison {name}"))?;
        }
        // Each time, so that what was measured outlives what fails later.
        if let Some(file) = &arguments.json {
            report.save(file)?;
        }
    }
    Ok(report)
}
