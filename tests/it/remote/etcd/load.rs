//! Writers that count, and the oracle: what the document says is what they were told.

use super::cluster::{Cluster, shared};
use crate::harness::{Sandbox, is_long};
use jsonlock::{Editor, ErrorKind, Json, RemoteStore, Wait};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// Long enough for any trouble that the tests make.
const PATIENCE: Duration = Duration::from_secs(90);

/// What writers were told of their edits.
#[derive(Default)]
pub(super) struct Tally {
    /// That they were made.
    pub(super) made: AtomicU64,
    /// That nobody knows.
    unknown: AtomicU64,
    attempts: AtomicU64,
}

impl Tally {
    pub(super) fn made(&self) -> u64 {
        self.made.load(Ordering::SeqCst)
    }

    fn add(&self, attempts: u64) {
        self.attempts.fetch_add(attempts, Ordering::SeqCst);
        self.made.fetch_add(1, Ordering::SeqCst);
    }
}

/// A document, and who counts in it.
pub(super) struct Load<'a> {
    pub(super) cluster: &'a Cluster,
    pub(super) url: String,
    pub(super) writers: u64,
    /// By each writer.
    pub(super) edits: u64,
}

impl Load<'_> {
    /// Makes each edit by a process of its own.
    pub(super) fn by_processes(&self, tally: &Tally) {
        let filter = ".n += 1 | .own[$w] += 1";
        self.by(tally, |writer| {
            let writer = writer.to_string();
            let patience = PATIENCE.as_secs().to_string();
            let args = ["apply", &self.url, filter, "--arg", "w", &writer, "--timeout", &patience];
            let run = self.cluster.run_in(&Sandbox::new(), args.iter().chain(&["--report"]));
            match run.code() {
                Some(0) => Ok(attempts(&run.stdout())),
                Some(79) => Err(()),
                _ => panic!("{run}"),
            }
        });
    }

    /// Makes the edits by threads of this process, each with its own store.
    fn by_threads(&self, tally: &Tally) {
        let stores: Vec<_> = (0..self.writers).map(|_| RemoteStore::open(&self.url)).collect();
        self.by(tally, |writer| {
            let store = stores[usize::try_from(writer).unwrap()].as_ref().unwrap();
            let own = format!("own.w{writer}").parse().unwrap();
            let editor = Editor::default().wait(Wait::at_most(PATIENCE));
            let edited = editor.edit(store, |document| {
                for path in [&"n".parse()?, &own] {
                    let count = document.get::<u64>(path)?.unwrap_or(0) + 1;
                    document.set(path, Json::from(count))?;
                }
                Ok(())
            });
            match edited {
                Ok(edited) => Ok(edited.attempts.into()),
                Err(error) if error.kind() == ErrorKind::Unclear => Err(()),
                Err(error) => panic!("{error}"),
            }
        });
    }

    fn by(&self, tally: &Tally, edit: impl Fn(u64) -> Result<u64, ()> + Sync) {
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
        let text = self.cluster.run(["get", &self.url, "--json"]).succeeds().stdout();
        let document: serde_json::Value = serde_json::from_str(&text).unwrap();
        let own = |writer: &u64| {
            let own = &document["own"];
            let count = own.get(writer.to_string()).or_else(|| own.get(format!("w{writer}")));
            count.and_then(serde_json::Value::as_u64).unwrap_or(0)
        };
        let counts: Vec<u64> = (0..self.writers).collect::<Vec<_>>().iter().map(own).collect();
        let all = document["n"].as_u64().unwrap();
        let Tally { made, unknown: lost, attempts } = tally;
        eprintln!(
            "MEASURED {} writers x {}: {made:?} made, {lost:?} unknown, {all} counted, {:.1} s, {:.0} per second, \
             {:.2} attempts each",
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

fn attempts(report: &str) -> u64 {
    let report: serde_json::Value = serde_json::from_str(report).unwrap();
    report["attempts"].as_u64().unwrap()
}

#[test]
fn fifty_processes_lose_nothing() {
    let Some(cluster) = shared("fifty processes") else { return };
    let edits = if is_long() { 20 } else { 4 };
    let load = Load { cluster, url: cluster.url("fifty"), writers: 50, edits };
    let tally = Tally::default();
    load.by_processes(&tally);
    assert_eq!(tally.made(), 50 * edits);
}

#[test]
fn writers_of_one_process_lose_nothing() {
    let Some(cluster) = shared("threads") else { return };
    for (writers, edits) in [(1, 200), (8, 50), (50, 20)] {
        let url = cluster.url(&format!("threads{writers}"));
        let load = Load { cluster, url, writers, edits: if is_long() { edits } else { edits / 5 } };
        let tally = Tally::default();
        load.by_threads(&tally);
        assert_eq!(tally.made(), writers * load.edits);
    }
}
