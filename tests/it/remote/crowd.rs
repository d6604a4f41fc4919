//! Many writers of one document.

use super::site::Site;
use jsonlock::{
    Content, Document, Editor, ErrorKind, Failure, Json, Ledger, RemoteStore, Snapshot, Store as _,
    Wait,
};
use serde_json::Value;
use std::env;
use std::io::Write as _;
use std::net::SocketAddr;
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// What begins the line with the result.
const RESULT: &str = "CROWD ";

const LIMIT: Duration = Duration::from_secs(4);

/// How the writers write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// With the library.
    Careful,
    /// By the usual loop, which takes all that is no success for a reason to try again.
    Naive,
}

/// A crowd, in a process of its own, since it takes credentials from the environment.
#[derive(Clone, Copy, Debug)]
pub struct Crowd {
    pub manner: Manner,
    pub writers: u64,
    pub edits: u64,
}

impl Crowd {
    /// Lets all of them write, and gives what they counted and what is there in the end.
    pub fn run(self, site: &Site<'_>, servers: &[SocketAddr], url: &str) -> Value {
        let mut command = Command::new(env::current_exe().unwrap());
        command.args(["--exact", "remote::crowd::crowd", "--ignored", "--nocapture"]);
        (site.prepare)(servers, &mut command);
        let manner = format!("{:?}", self.manner);
        command.envs([("CROWD_URL", url), ("CROWD_MANNER", &manner)]);
        command.env("CROWD_WRITERS", self.writers.to_string());
        command.env("CROWD_EDITS", self.edits.to_string());
        let output = command.output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        let result = text.lines().find_map(|line| line.split_once(RESULT));
        let (_, result) = result.unwrap_or_else(|| {
            panic!("{self:?}\n{text}\n{}", String::from_utf8_lossy(&output.stderr))
        });
        serde_json::from_str(result).unwrap()
    }
}

/// Checks that a crowd loses nothing, and prints how fast it is.
pub fn check(site: &Site<'_>, writers: u64, edits: u64) {
    let url = (site.url)(&site.servers, "crowd.json");
    let crowd = Crowd { manner: Manner::Careful, writers, edits };
    let result = crowd.run(site, &site.servers, &url);
    println!("{url} {crowd:?}: {result}");
    let count = |name: &str| result[name].as_u64().unwrap();
    assert_eq!((count("made"), count("unknown")), (writers * edits, 0), "{result}");
    assert_eq!((count("all"), count("own")), (writers * edits, writers * edits), "{result}");
}

/// What the writers were told.
#[derive(Debug, Default)]
struct Tally {
    made: AtomicU64,
    unknown: AtomicU64,
    attempts: AtomicU64,
    slowest: AtomicU64,
}

#[test]
#[ignore = "other tests start it"]
fn crowd() {
    let Ok(url) = env::var("CROWD_URL") else { return };
    let number = |name: &str| env::var(name).unwrap().parse::<u64>().unwrap();
    let (writers, edits) = (number("CROWD_WRITERS"), number("CROWD_EDITS"));
    let write = match env::var("CROWD_MANNER").unwrap().as_str() {
        "Careful" => carefully,
        _ => naively,
    };
    let store = RemoteStore::open(&url).unwrap();
    let (tally, begun) = (Tally::default(), Instant::now());
    thread::scope(|scope| {
        for writer in 0..writers {
            let (store, tally) = (&store, &tally);
            scope.spawn(move || {
                let mine = (0..edits).filter(|_| timed(tally, || write(store, writer, tally)));
                let unknown = edits - mine.count() as u64;
                check_own(store, writer, edits - unknown, unknown);
            });
        }
    });
    let seconds = begun.elapsed().as_secs_f64();
    let (all, own) = totals(&store, writers);
    let load = |count: &AtomicU64| count.load(Ordering::Relaxed);
    let result = serde_json::json!({
        "made": load(&tally.made), "unknown": load(&tally.unknown), "all": all, "own": own,
        "attempts": load(&tally.attempts), "slowest_ms": load(&tally.slowest),
        "seconds": (seconds * 100.0).round() / 100.0,
        "per_second": ((writers * edits) as f64 / seconds).round(),
    });
    // The test runner may have begun the line.
    let mut out = std::io::stdout();
    writeln!(out, "\n{RESULT}{result}").unwrap();
}

fn timed(tally: &Tally, write: impl FnOnce() -> bool) -> bool {
    let begun = Instant::now();
    let is_made = write();
    let took = u64::try_from(begun.elapsed().as_millis()).unwrap();
    tally.slowest.fetch_max(took, Ordering::Relaxed);
    is_made
}

/// Adds one to the common counter and to the writer's own.
fn count(document: &mut Document, writer: u64) -> jsonlock::Result<()> {
    for path in ["all".to_owned(), format!("own.w{writer}")] {
        let path = path.parse()?;
        let count = document.get::<u64>(&path)?.unwrap_or(0) + 1;
        document.set(&path, Json::from(count))?;
    }
    Ok(())
}

/// Whether the edit was made; if not, that is not known.
fn carefully(store: &RemoteStore, writer: u64, tally: &Tally) -> bool {
    let editor = Editor::default().wait(Wait::at_most(Duration::from_secs(180)));
    match editor.edit(store, |document| count(document, writer)) {
        Ok(edited) => {
            tally.attempts.fetch_add(edited.attempts.into(), Ordering::Relaxed);
            tally.made.fetch_add(1, Ordering::Relaxed);
            true
        }
        Err(error) if error.kind() == ErrorKind::Unclear => {
            tally.unknown.fetch_add(1, Ordering::Relaxed);
            false
        }
        Err(error) => panic!("{error}"),
    }
}

fn naively(store: &RemoteStore, writer: u64, tally: &Tally) -> bool {
    let engine = store.engine();
    loop {
        // One that nobody finds again.
        let (epoch, operation) = (fastrand::u64(..), fastrand::u32(..1 << 24));
        let ledger: Ledger = format!("1.{epoch:016x}.1.{operation:06x}").parse().unwrap();
        tally.attempts.fetch_add(1, Ordering::Relaxed);
        let base: Option<Snapshot> = match engine.read(LIMIT) {
            Ok(base) => base,
            Err(Failure::Fatal(error)) => panic!("{error}"),
            Err(_) => continue,
        };
        let mut document = match &base {
            Some(base) => Document::parse(base.content.clone()).unwrap(),
            None => Document::absent(),
        };
        count(&mut document, writer).unwrap();
        let content = Content::from(document.to_pieces());
        let version = base.as_ref().map(|base| &base.version);
        match engine.write(version, &content, &ledger, LIMIT) {
            Ok(()) => {
                tally.made.fetch_add(1, Ordering::Relaxed);
                return true;
            }
            Err(Failure::Fatal(error)) => panic!("{error}"),
            Err(_) => thread::sleep(Duration::from_millis(fastrand::u64(1..50))),
        }
    }
}

/// The writer's own counter is what it was told, unless it was told that nobody knows.
fn check_own(store: &RemoteStore, writer: u64, made: u64, unknown: u64) {
    if env::var("CROWD_MANNER").unwrap() == "Careful" {
        let own = counted(store, &format!("own.w{writer}"));
        assert!((made..=made + unknown).contains(&own), "{writer}: {own}, {made} + {unknown}");
    }
}

fn counted(store: &RemoteStore, path: &str) -> u64 {
    let document = jsonlock::read(store).unwrap();
    document.get(&path.parse().unwrap()).unwrap().unwrap_or(0)
}

fn totals(store: &RemoteStore, writers: u64) -> (u64, u64) {
    let text = store.read().unwrap().unwrap();
    let document: Value = serde_json::from_slice(&text).unwrap();
    let own = (0..writers).map(|writer| document["own"][format!("w{writer}")].as_u64());
    (document["all"].as_u64().unwrap(), own.map(Option::unwrap_or_default).sum())
}
