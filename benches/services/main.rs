//! What an edit of a document costs that a service keeps, beside one of a local file. The servers are
//! started by the test suite's own code; see `benches/README.md`.

mod arguments;
mod place;
mod report;
mod run;
mod writers;

#[path = "../compare/machine.rs"]
mod machine;
#[path = "../compare/race.rs"]
#[allow(dead_code, reason = "only who runs when is shared")]
mod race;
#[path = "../compare/units.rs"]
#[allow(dead_code, reason = "nothing is plotted here")]
mod units;

// Under the names that they have in the test suite.
#[path = "../../tests/it/harness.rs"]
#[allow(clippy::unwrap_used, clippy::panic, dead_code, unreachable_pub, reason = "as in the tests")]
mod harness;
#[allow(clippy::unwrap_used, clippy::panic, dead_code, unreachable_pub, reason = "as in the tests")]
mod remote;
#[path = "../../tests/it/system.rs"]
#[allow(clippy::unwrap_used, clippy::panic, dead_code, unreachable_pub, reason = "as in the tests")]
mod system;

use anyhow::{Result, ensure};
use arguments::Arguments;
use place::Place;
use report::{Report, Row};
use run::{Run, Size};
use writers::Manner;

/// How many writers, and how many edits they make together.
const SIZES: [(usize, usize); 3] = [(1, 200), (8, 400), (50, 1000)];

fn main() -> Result<()> {
    let given: Vec<String> = std::env::args().skip(1).collect();
    // `cargo test --all-targets` starts benchmarks too, unoptimised, and only wants to see that they
    // are well.
    if !given.iter().any(|argument| argument == "--bench") {
        println!("Nothing was measured; `cargo bench` does that.");
        return Ok(());
    }
    if let Some(at) = given.iter().position(|argument| argument == writers::THREADS) {
        return writers::write_as_child(&given[at + 1..]);
    }
    let arguments = Arguments::parse(given)?;
    let report = measure_all(&arguments)?;
    print!("{report}");
    let wrong: Vec<&str> = report.wrong().collect();
    ensure!(wrong.is_empty(), "COUNTS ARE WRONG:\n{}", wrong.join("\n"));
    Ok(())
}

fn measure_all(arguments: &Arguments) -> Result<Report> {
    let places = place::start_all(arguments)?;
    let mut report = Report::new(&places)?;
    for manner in [Manner::Processes, Manner::Threads] {
        for (writers, edits) in SIZES {
            let edits = (edits.min(arguments.edits) / writers).max(1);
            let size = Size { writers, edits };
            eprintln!("{writers} {manner} …");
            report.extend(measure(&places, manner, size, arguments.rounds)?);
            // Each time, so that what was measured outlives what fails later.
            if let Some(file) = &arguments.json {
                report.save(file)?;
            }
        }
    }
    Ok(report)
}

/// Lets the writers write to each of the places, in turns, each time in a new document.
fn measure(places: &[Place], manner: Manner, size: Size, rounds: usize) -> Result<Vec<Row>> {
    let mut runs: Vec<Vec<Run>> = places.iter().map(|_| Vec::new()).collect();
    race::in_turns(rounds, places.len(), |round, index| {
        let (place, key) = (&places[index], format!("{manner}-{}-{round}.json", size.writers));
        let url = place.url(&key);
        let mut run = manner.write(place, &url, size)?;
        run.compare_with(&place.document(&url)?);
        runs[index].push(run);
        Ok(())
    })?;
    let rows = places.iter().zip(&runs).map(|(place, runs)| Row::new(manner, place, size, runs));
    let mut rows: Vec<Row> = rows.collect();
    let local = rows[0].per_second;
    rows.iter_mut().for_each(|row| row.ratio = row.per_second / local);
    Ok(rows)
}
