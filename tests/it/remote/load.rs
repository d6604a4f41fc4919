//! Writers that count, and the oracle: what the document says is what they were told.

use super::site::Site;
use crate::harness::{Run, Sandbox};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// Long enough for any trouble that the tests make.
pub const PATIENCE: Duration = Duration::from_secs(90);

/// What writers were told of their edits.
#[derive(Default)]
pub struct Tally {
    /// That they were made.
    pub made: AtomicU64,
    /// That nobody knows.
    unknown: AtomicU64,
    attempts: AtomicU64,
}

impl Tally {
    pub fn made(&self) -> u64 {
        self.made.load(Ordering::SeqCst)
    }

    fn add(&self, attempts: u64) {
        self.attempts.fetch_add(attempts, Ordering::SeqCst);
        self.made.fetch_add(1, Ordering::SeqCst);
    }
}

/// A document, and who counts in it.
pub struct Load<'a> {
    pub url: String,
    /// Runs jsonlock with what it needs to know of the service.
    pub run: &'a (dyn Fn(&Sandbox, &[&str]) -> Run + Sync),
    pub writers: u64,
    /// By each writer.
    pub edits: u64,
}

impl Load<'_> {
    /// Makes each edit by a process of its own.
    pub fn by_processes(&self, tally: &Tally) {
        let filter = ".n += 1 | .own[$w] += 1";
        self.by(tally, |writer| {
            let writer = writer.to_string();
            let patience = PATIENCE.as_secs().to_string();
            let edit = ["apply", &self.url, filter, "--arg", "w", &writer];
            let args = [&edit[..], &["--timeout", &patience, "--report"]].concat();
            let run = (self.run)(&Sandbox::new(), &args);
            match run.code() {
                Some(0) => Ok(attempts(&run.stdout())),
                Some(79) => Err(()),
                _ => panic!("{run}"),
            }
        });
    }

    /// Makes the edits by threads of this process. Each is told its number, and gives the attempts, or that
    /// nobody knows.
    pub fn by(&self, tally: &Tally, edit: impl Fn(u64) -> Result<u64, ()> + Sync) {
        let start = Instant::now();
        let unknown: Vec<u64> = thread::scope(|scope| {
            let edit = &edit;
            let write = move |writer| {
                let results =
                    (0..self.edits).map(|_| edit(writer).map(|attempts| tally.add(attempts)));
                results.filter(Result::is_err).count() as u64
            };
            let writers: Vec<_> =
                (0..self.writers).map(|writer| scope.spawn(move || write(writer))).collect();
            writers.into_iter().map(|writer| writer.join().unwrap()).collect()
        });
        tally.unknown.fetch_add(unknown.iter().sum(), Ordering::SeqCst);
        self.check(tally, &unknown, start.elapsed());
    }

    /// Compares what the writers were told with what is there.
    fn check(&self, tally: &Tally, unknown: &[u64], elapsed: Duration) {
        let get = (self.run)(&Sandbox::new(), &["get", &self.url, "--json"]);
        let text = get.succeeds().stdout();
        let document: serde_json::Value = serde_json::from_str(&text).unwrap();
        let own = |writer: u64| document["own"][writer.to_string()].as_u64().unwrap_or(0);
        let counts: Vec<u64> = (0..self.writers).map(own).collect();
        let all = document["n"].as_u64().unwrap();
        let Tally { made, unknown: lost, attempts } = tally;
        eprintln!(
            "MEASURED {}: {} writers x {}: {made:?} made, {lost:?} unknown, {all} counted, {:.1} s, {:.0} per second, \
             {:.2} attempts each",
            self.url,
            self.writers,
            self.edits,
            elapsed.as_secs_f64(),
            made.load(Ordering::SeqCst) as f64 / elapsed.as_secs_f64(),
            attempts.load(Ordering::SeqCst) as f64 / made.load(Ordering::SeqCst) as f64,
        );
        assert_eq!(counts.iter().sum::<u64>(), all, "the counters belong together: {text}");
        for (count, unknown) in counts.iter().zip(unknown) {
            let made = self.edits - unknown;
            assert!((made..=self.edits).contains(count), "{count} of {made} and {unknown}: {text}");
        }
    }
}

/// Checks that processes which write one document lose nothing.
pub fn check(site: &Site<'_>, writers: u64, edits: u64) {
    let url = (site.url)(&site.servers, "processes.json");
    let run = |sandbox: &_, args: &[&str]| site.run(&site.servers, sandbox, args);
    let tally = Tally::default();
    Load { url, run: &run, writers, edits }.by_processes(&tally);
    assert_eq!(tally.made(), writers * edits);
}

fn attempts(report: &str) -> u64 {
    let report: serde_json::Value = serde_json::from_str(report).unwrap();
    report["attempts"].as_u64().unwrap()
}
