//! Documents in etcd, through the JSON gateway that it has for programs without gRPC.
//!
//! The document is the value of a key. Its ledger is the value of a second key, which has the same name with
//! `.jsonlock` behind it and is written in the same transaction. It counts only if both have one
//! revision: a program that knows nothing of it, such as `etcdctl put`, leaves it behind.

mod gateway;
mod history;
mod messages;
mod refusal;
mod settings;
mod tls;
mod unanswered;
mod url;
mod watch;

use super::ledger::Verdict;
use super::{Engine, Failure, Ledger, Snapshot, Version};
use crate::store::watching::Poll;
use crate::store::{Content, Retry, Watching};
use crate::{Error, ErrorKind, Result};
use gateway::{Gateway, Problem};
use messages::{KeyValue, Lease, Outcome, Transaction};
use settings::Settings;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use watch::Watch;

/// What is behind the name of a document's key in that of its ledger's.
const SUFFIX: &[u8] = b".jsonlock";

/// How large a request may be, unless etcd was started with another `--max-request-bytes`. It counts
/// bytes as etcd keeps them, not as JSON spells them.
const REQUEST_SIZE: usize = 3 << 19;

/// Says that etcd was started with another one, as it does to etcd itself.
const REQUEST_SIZE_VARIABLE: &str = "ETCD_MAX_REQUEST_BYTES";

/// How much of a request is neither the document nor a key: the ledger, and what etcd adds.
const OVERHEAD: usize = 2560;

/// A document that is the value of a key.
#[derive(Debug)]
pub(super) struct Etcd {
    name: String,
    keys: Keys,
    gateway: Gateway,
    request_size: usize,
    /// Whether the ledger's key was last seen to hold something else.
    is_taken: AtomicBool,
}

/// The names of the keys, as messages spell them.
#[derive(Debug)]
struct Keys {
    document: String,
    ledger: String,
    /// How many bytes they have in a request that writes.
    size: usize,
}

impl Etcd {
    /// The document that a URL names, as in `etcd://host:2379,other:2379/key`, with the environment
    /// variables of `etcdctl`. Nothing is sent yet.
    pub(super) fn open(url: &str) -> Result<Self> {
        Etcd::new(url, &|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
    }

    fn new(url: &str, environment: settings::Environment<'_>) -> Result<Self> {
        let location = url::parse(url)?;
        let settings = Settings::new(&location.hosts, environment);
        let request_size = request_size(environment).map_err(|error| error.context(url))?;
        Ok(Etcd {
            name: url.to_owned(),
            keys: Keys::new(&location.key),
            gateway: Gateway::new(settings.map_err(|error| error.context(url))?),
            request_size,
            is_taken: AtomicBool::new(false),
        })
    }

    /// What becomes of a write that was refused because the database is full. If it was the one that
    /// filled it, it was made all the same. That is decided by now, so that a look tells.
    fn when_full(&self, expected: Option<&Version>, full: Failure, end: Instant) -> Failure {
        let now = self.read(end.saturating_duration_since(Instant::now()));
        match now {
            Ok(now) if now.as_ref().map(|now| &now.version) == expected => full,
            _ => Failure::Unclear(full.to_string()),
        }
    }
}

impl Keys {
    fn new(key: &[u8]) -> Self {
        let ledger = [key, SUFFIX].concat();
        Keys {
            document: messages::encode(key),
            ledger: messages::encode(&ledger),
            size: 2 * key.len() + ledger.len(),
        }
    }
}

impl Engine for Etcd {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn read(&self, limit: Duration) -> Result<Option<Snapshot>, Failure> {
        let request = Transaction::read(&self.keys.document, &self.keys.ledger);
        let outcome: Outcome = self.gateway.look("kv/txn", &request, limit)?;
        let Some([document, ledger]) = outcome.found() else { return Err(not_understood()) };
        self.is_taken.store(ledger.as_ref().is_some_and(is_foreign), Ordering::Relaxed);
        document.map(|document| snapshot(&document, ledger.as_ref())).transpose()
    }

    fn write(
        &self,
        expected: Option<&Version>,
        content: &Content,
        ledger: &Ledger,
        limit: Duration,
    ) -> Result<(), Failure> {
        if self.is_taken.load(Ordering::Relaxed) {
            return Err(taken());
        }
        let end = Instant::now() + limit;
        let text = ledger.to_string();
        // Who has given the key a lease wants the document to go with it, whoever edits it.
        let lease = if expected.is_some() { Lease::Kept } else { Lease::None };
        let request = Transaction::if_unchanged(&self.keys.document, expected)
            .put(&self.keys.document, &content.to_bytes(), lease)
            .put(&self.keys.ledger, text.as_bytes(), Lease::None)
            .or_else_read(&self.keys.document, &self.keys.ledger);
        match self.gateway.write("kv/txn", &request, limit) {
            Ok(Outcome { succeeded: true, .. }) => Ok(()),
            Ok(outcome) => after_conflict(outcome, ledger),
            Err(Problem::Refused(refusal)) if refusal.is_about_space() => {
                Err(self.when_full(expected, refusal.into(), end))
            }
            Err(problem) => Err(problem.into()),
        }
    }

    fn was_next(
        &self,
        base: Option<&Version>,
        ledger: &Ledger,
        limit: Duration,
    ) -> Result<Option<bool>, Failure> {
        history::was_next(self, base, ledger, Instant::now() + limit)
    }

    fn retry(&self) -> Retry {
        let retry = Retry::default().first_pause(Duration::from_millis(20));
        retry.longest_pause(Duration::from_millis(500))
    }

    fn watching(&self) -> Option<Box<dyn Watching + '_>> {
        Some(Box::new(Watch::new(self, Poll::new(self.retry()))))
    }

    fn capacity(&self) -> Option<usize> {
        Some(self.request_size.saturating_sub(OVERHEAD + self.keys.size))
    }

    fn capacity_advice(&self) -> &str {
        "if etcd was started with a larger --max-request-bytes, set ETCD_MAX_REQUEST_BYTES to that"
    }
}

fn request_size(environment: settings::Environment<'_>) -> Result<usize> {
    let Some(size) = environment(REQUEST_SIZE_VARIABLE) else { return Ok(REQUEST_SIZE) };
    size.parse().map_err(|_| {
        let message = format!("{REQUEST_SIZE_VARIABLE} is no number of bytes");
        Error::new(ErrorKind::InvalidUrl, message)
    })
}

/// What follows from what was there instead of the version that was expected. It may have been written by this
/// very request, if something on the way has sent it twice.
fn after_conflict(outcome: Outcome, ledger: &Ledger) -> Result<(), Failure> {
    let Some([document, other]) = outcome.found() else { return Err(not_understood()) };
    let now = document.map(|document| snapshot(&document, other.as_ref())).transpose()?;
    match ledger.verdict(now.and_then(|now| now.ledger).as_ref()) {
        Verdict::Applied => Ok(()),
        Verdict::Superseded | Verdict::Forgotten => Err(Failure::Conflict),
    }
}

fn snapshot(document: &KeyValue, ledger: Option<&KeyValue>) -> Result<Snapshot, Failure> {
    let content = document.value().ok_or_else(not_understood)?;
    let ledger = ledger.filter(|ledger| ledger.mod_revision == document.mod_revision);
    Ok(Snapshot {
        content: content.into(),
        version: document.mod_revision.to_string().into(),
        ledger: ledger.and_then(read),
    })
}

/// Whether a ledger's key holds what no version of jsonlock has written.
fn is_foreign(ledger: &KeyValue) -> bool {
    let text = ledger.value().unwrap_or_default();
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    digits == 0 || text.get(digits) != Some(&b'.')
}

fn taken() -> Failure {
    let message =
        "beside it there is a key of the same name and .jsonlock, which something else has written";
    let advice = "remove that, if it is of no use, or keep the document under another key";
    Error::new(ErrorKind::Denied, message).advise(advice).into()
}

/// The ledger that a key holds.
fn read(ledger: &KeyValue) -> Option<Ledger> {
    String::from_utf8(ledger.value()?).ok()?.parse().ok()
}

/// What follows from an answer without sense: nothing, not even whether etcd gave it.
fn not_understood() -> Failure {
    Failure::Unclear("the answer is not what etcd answers".to_owned())
}
