use std::time::{Duration, Instant};

/// How long an edit may wait for others.
///
/// The limit covers everything that is not the edit's own work: the lock, and trying again after a
/// conflict.
///
/// ```
/// use jsonlock::Wait;
/// use std::time::Duration;
///
/// assert_eq!(Wait::default(), Wait::at_most(Duration::from_secs(30)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    limit: Option<Duration>,
}

impl Wait {
    /// One try, without waiting.
    pub const NONE: Wait = Wait { limit: Some(Duration::ZERO) };

    /// For as long as it takes.
    pub const FOREVER: Wait = Wait { limit: None };

    /// Up to `limit`.
    pub const fn at_most(limit: Duration) -> Self {
        Wait { limit: Some(limit) }
    }

    /// The deadline of a wait that starts now.
    pub fn start(&self) -> Deadline {
        let start = Instant::now();
        // A limit beyond what the clock can express is as good as none.
        let end = self.limit.and_then(|limit| start.checked_add(limit));
        Deadline { start, end }
    }
}

impl Default for Wait {
    /// 30 seconds.
    fn default() -> Self {
        Wait::at_most(Duration::from_secs(30))
    }
}

/// When a wait that has started must end, on the monotonic clock.
#[derive(Clone, Copy, Debug)]
pub struct Deadline {
    start: Instant,
    end: Option<Instant>,
}

impl Deadline {
    /// The time that is left, or `None` where there is no limit.
    pub fn remaining(&self) -> Option<Duration> {
        self.end.map(|end| end.saturating_duration_since(Instant::now()))
    }

    /// Whether the time is up.
    pub fn has_passed(&self) -> bool {
        self.remaining().is_some_and(|remaining| remaining.is_zero())
    }

    /// The time since the wait started.
    pub fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }

    /// The instant itself, or `None` where there is no limit.
    pub fn instant(&self) -> Option<Instant> {
        self.end
    }

    /// The same deadline, or the other one if that comes first.
    #[must_use]
    pub(crate) fn or_sooner(self, other: &Deadline) -> Self {
        Deadline { end: self.end.into_iter().chain(other.end).min(), ..self }
    }
}
