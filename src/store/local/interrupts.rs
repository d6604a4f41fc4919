use crate::{Error, ErrorKind, Result};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Lets a program that handles signals stop an edit without leaving a temporary file behind.
///
/// Signal handlers store the signal's number in [`requested`](Interrupts::requested). While
/// [`may_die`](Interrupts::may_die) is true nothing needs cleaning up, and the handler may end the
/// process at once; while it is false, the edit looks at `requested` just before it publishes and
/// either rolls back with [`ErrorKind::Interrupted`] or, when it is past that point, completes.
#[derive(Clone, Debug)]
pub struct Interrupts {
    requested: Arc<AtomicUsize>,
    may_die: Arc<AtomicBool>,
    /// How many edits need `may_die` to be false. The mutex makes count and flag change together.
    deferrals: Arc<Mutex<usize>>,
}

impl Default for Interrupts {
    fn default() -> Self {
        Interrupts {
            requested: Arc::new(AtomicUsize::new(0)),
            may_die: Arc::new(AtomicBool::new(true)),
            deferrals: Arc::default(),
        }
    }
}

impl Interrupts {
    /// Where a handler stores the number of the signal that it caught. Zero means none.
    pub fn requested(&self) -> &Arc<AtomicUsize> {
        &self.requested
    }

    /// Whether a handler may end the process at once.
    pub fn may_die(&self) -> &Arc<AtomicBool> {
        &self.may_die
    }

    /// Puts off the end of the process until the guard is dropped.
    pub(super) fn defer(&self) -> Deferred {
        self.count(|deferrals| deferrals + 1);
        Deferred(self.clone())
    }

    fn count(&self, step: impl FnOnce(usize) -> usize) {
        let mut deferrals = self.deferrals.lock().unwrap_or_else(PoisonError::into_inner);
        *deferrals = step(*deferrals);
        self.may_die.store(*deferrals == 0, Ordering::SeqCst);
    }
}

/// Keeps signal handlers from ending the process.
pub(super) struct Deferred(Interrupts);

impl Deferred {
    /// Fails if the program was asked to stop.
    pub(super) fn check(&self) -> Result<()> {
        match self.0.requested.load(Ordering::SeqCst) {
            0 => Ok(()),
            signal => Err(Error::new(
                ErrorKind::Interrupted,
                format!("stopped by signal {signal} before the edit was made"),
            )),
        }
    }
}

impl Drop for Deferred {
    fn drop(&mut self) {
        self.0.count(|deferrals| deferrals - 1);
    }
}
