//! Learns of writes to a key from etcd itself, so that those who wait need not ask again and again.

use super::Etcd;
use super::gateway::Stream;
use super::messages::{self, Notice, Progress};
use crate::store::watching::Poll;
use crate::store::{Deadline, Watching};
use std::io::BufRead as _;
use std::thread;
use std::time::{Duration, Instant};

/// How long etcd may take to say that it watches.
const OPENING: Duration = Duration::from_secs(2);

/// How long one watch goes on. Some networks drop connections on which nothing happens, without a word.
const LONGEST: Duration = Duration::from_secs(30);

/// How long there is no watch after one did not begin.
const REST: Duration = Duration::from_secs(60);

/// How far apart looks at a document are that others never stop writing.
const BETWEEN_LOOKS: Duration = Duration::from_millis(100);

/// Tells of writes to a key. A watch begins before each look at the document, so that no write is missed.
/// Where there is none, the document is looked at with pauses.
pub(super) struct Watch<'a> {
    etcd: &'a Etcd,
    stream: Option<Stream>,
    poll: Poll,
    last_look: Instant,
    rest: Option<Instant>,
}

impl<'a> Watch<'a> {
    pub(super) fn new(etcd: &'a Etcd, poll: Poll) -> Self {
        Watch { etcd, stream: None, poll, last_look: Instant::now(), rest: None }
    }

    /// Begins a watch that ends with the deadline at the latest.
    fn begin(&mut self, deadline: &Deadline) {
        let now = Instant::now();
        if deadline.has_passed() || self.rest.is_some_and(|rest| now < rest) {
            return;
        }
        let end = now + LONGEST;
        let end = deadline.instant().map_or(end, |deadline| deadline.min(end));
        self.stream = self.open(end);
        self.rest = self.stream.is_none().then_some(now + REST);
    }

    fn open(&self, end: Instant) -> Option<Stream> {
        let request = messages::Watch::of(&self.etcd.keys.document);
        let mut stream = self.etcd.gateway.open("watch", &request, OPENING, end)?;
        next(&mut stream)?.created.then_some(stream)
    }
}

impl Watching for Watch<'_> {
    fn changed(&mut self, deadline: &Deadline) -> bool {
        match self.stream.take().map(is_written) {
            Some(true) => thread::sleep(BETWEEN_LOOKS.saturating_sub(self.last_look.elapsed())),
            // Nobody has looked for a while, nor knows whether etcd is still there: that takes a last look.
            Some(false) if deadline.has_passed() => {}
            _ if !self.poll.changed(deadline) => return false,
            _ => {}
        }
        self.begin(deadline);
        self.last_look = Instant::now();
        true
    }
}

/// Waits until the key is written; `false` if the watch ends before.
fn is_written(mut stream: Stream) -> bool {
    loop {
        match next(&mut stream) {
            Some(progress) if !progress.events.is_empty() => return true,
            Some(progress) if !progress.canceled => {}
            _ => return false,
        }
    }
}

/// The next line of the answer, if there is one that makes sense.
fn next(stream: &mut Stream) -> Option<Progress> {
    let mut line = String::new();
    stream.read_line(&mut line).ok()?;
    let notice: Notice = serde_json::from_str(&line).ok()?;
    Some(notice.result)
}
