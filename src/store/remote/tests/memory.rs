// Also a part of tests/it, so that the library's names come from the module above, wherever that is.
use super::{Content, Engine, Error, ErrorKind, Failure, Ledger, Retry, Snapshot, Version};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

pub(super) const CAPACITY: usize = 1 << 16;

/// What goes wrong with a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// It does not reach the service.
    Unsent,
    /// The service says that it has failed. It was made all the same.
    Refused,
    /// It gets lost, and nobody answers.
    Dropped,
    /// It is made, and nobody answers.
    Unanswered,
    /// Nobody answers, and it arrives only after the next one.
    Late,
    /// The service says that it is too much.
    Throttled,
    /// Neither this nor any read reaches the service.
    Gone,
}

/// A service in memory. It may fail one write in five.
#[derive(Clone, Default)]
pub(super) struct Memory(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    now: Option<Snapshot>,
    history: Option<Vec<Snapshot>>,
    faults: Vec<Fault>,
    late: Option<Late>,
    next: Option<(Option<Fault>, Act)>,
    refuses_reads: bool,
    refuses_writes: bool,
    /// How many of the next reads, and of the next looks at the history, do not reach the service.
    unsent_reads: usize,
    unsent_looks: usize,
    ignores_versions: bool,
    requests: usize,
    writes: usize,
    injected: usize,
}

type Act = Box<dyn FnOnce() + Send>;

struct Late {
    expected: Option<Version>,
    content: Content,
    ledger: Ledger,
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Memory")
    }
}

impl Memory {
    pub(super) fn with_faults(faults: &[Fault]) -> Self {
        let memory = Memory::default();
        memory.state().faults = faults.to_vec();
        memory
    }

    pub(super) fn with_history(self) -> Self {
        self.state().history = Some(Vec::new());
        self
    }

    /// Acts just before the next write.
    pub(super) fn before_next_write(&self, act: impl FnOnce() + Send + 'static) {
        self.state().next = Some((None, Box::new(act)));
    }

    /// Has the next write end by a fault, and acts before its writer knows.
    pub(super) fn after_next_write(&self, fault: Fault, act: impl FnOnce() + Send + 'static) {
        self.state().next = Some((Some(fault), Box::new(act)));
    }

    pub(super) fn overwrite(&self, content: &'static [u8]) {
        let version = format!("foreign{}", self.state().writes).into();
        self.put(Snapshot { content: content.into(), version, ledger: None });
    }

    pub(super) fn put(&self, snapshot: Snapshot) {
        self.state().now = Some(snapshot);
    }

    /// From now on a document that exists is replaced whatever its version.
    pub(super) fn ignore_versions(&self) {
        self.state().ignores_versions = true;
    }

    pub(super) fn refuse_reads(&self) {
        self.state().refuses_reads = true;
    }

    pub(super) fn refuse_writes(&self) {
        self.state().refuses_writes = true;
    }

    pub(super) fn fail_next_reads(&self, count: usize) {
        self.state().unsent_reads = count;
    }

    pub(super) fn fail_next_looks_back(&self, count: usize) {
        self.state().unsent_looks = count;
    }

    pub(super) fn delete(&self) {
        self.state().now = None;
    }

    pub(super) fn writes(&self) -> usize {
        self.state().writes
    }

    pub(super) fn injected(&self) -> usize {
        self.state().injected
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }
}

impl State {
    fn write(
        &mut self,
        expected: Option<&Version>,
        content: &Content,
        ledger: &Ledger,
    ) -> Result<(), Failure> {
        let is_ignored = self.ignores_versions && expected.is_some();
        if !is_ignored && self.now.as_ref().map(|now| &now.version) != expected {
            return Err(Failure::Conflict);
        }
        self.writes += 1;
        let version = self.writes.to_string().into();
        let now = Snapshot { content: content.to_bytes(), version, ledger: Some(ledger.clone()) };
        self.now = Some(now.clone());
        self.history.iter_mut().for_each(|history| history.push(now.clone()));
        Ok(())
    }

    fn fail(
        &mut self,
        fault: Fault,
        expected: Option<&Version>,
        content: &Content,
        ledger: &Ledger,
    ) -> Result<(), Failure> {
        self.injected += 1;
        let lost = || Failure::Unclear("no reply came".to_owned());
        Err(match fault {
            Fault::Unsent | Fault::Gone => unsent(),
            Fault::Throttled => Failure::Throttled {
                reason: "too many writes".to_owned(),
                pause: Some(Duration::from_millis(1)),
            },
            Fault::Dropped => lost(),
            Fault::Refused => {
                let _ = self.write(expected, content, ledger);
                Failure::Unclear("the service says that it has failed".to_owned())
            }
            Fault::Unanswered => {
                let _ = self.write(expected, content, ledger);
                lost()
            }
            Fault::Late => {
                let (content, ledger) = (content.clone(), ledger.clone());
                self.late = Some(Late { expected: expected.cloned(), content, ledger });
                lost()
            }
        })
    }
}

fn unsent() -> Failure {
    Failure::Unsent("nobody listens".to_owned())
}

/// Counts down, as long as there is something to count.
fn is_due(count: &mut usize) -> bool {
    let is_due = *count > 0;
    *count = count.saturating_sub(1);
    is_due
}

impl Engine for Memory {
    fn name(&self) -> String {
        "memory:d".to_owned()
    }

    fn read(&self, _limit: Duration) -> Result<Option<Snapshot>, Failure> {
        let mut state = self.state();
        if state.refuses_reads {
            return Err(Error::new(ErrorKind::Denied, "you may not read this").into());
        }
        if state.faults.contains(&Fault::Gone) || is_due(&mut state.unsent_reads) {
            return Err(unsent());
        }
        Ok(state.now.clone())
    }

    fn write(
        &self,
        expected: Option<&Version>,
        content: &Content,
        ledger: &Ledger,
        _limit: Duration,
    ) -> Result<(), Failure> {
        let next = self.state().next.take();
        if let Some((fault, act)) = next {
            let fault = fault.map(|fault| self.state().fail(fault, expected, content, ledger));
            act();
            return fault.unwrap_or_else(|| self.state().write(expected, content, ledger));
        }
        let mut state = self.state();
        if state.refuses_writes {
            return Err(Error::new(ErrorKind::Denied, "you may not write this").into());
        }
        state.requests += 1;
        let number = state.requests;
        let is_due = number.is_multiple_of(5) && !state.faults.is_empty();
        let fault = is_due.then(|| state.faults[number / 5 % state.faults.len()]);
        let result = match fault {
            Some(fault) => state.fail(fault, expected, content, ledger),
            None => state.write(expected, content, ledger),
        };
        // One that is late comes behind one that was sent later.
        if number.is_multiple_of(3)
            && let Some(late) = state.late.take()
        {
            let _ = state.write(late.expected.as_ref(), &late.content, &late.ledger);
        }
        result
    }

    fn was_next(
        &self,
        base: Option<&Version>,
        ledger: &Ledger,
        _limit: Duration,
    ) -> Result<Option<bool>, Failure> {
        let mut state = self.state();
        if is_due(&mut state.unsent_looks) {
            return Err(unsent());
        }
        let Some(history) = &state.history else { return Ok(None) };
        let at = history.iter().position(|past| Some(&past.version) == base);
        let next = history.get(at.map_or(0, |at| at + 1));
        Ok(next.map(|next| next.ledger.as_ref() == Some(ledger)))
    }

    fn retry(&self) -> Retry {
        Retry::default().first_pause(Duration::from_millis(1))
    }

    fn capacity(&self) -> Option<usize> {
        Some(CAPACITY)
    }

    fn scratch(&self) -> Option<Box<dyn Engine>> {
        Some(Box::new(self.clone()))
    }

    fn remove(&self, _limit: Duration) -> Result<(), Failure> {
        self.state().now = None;
        Ok(())
    }
}
