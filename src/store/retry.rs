use super::Deadline;
use crate::{Error, ErrorKind, Result};
use std::time::Duration;

/// How an edit tries again after a conflict: how often, and with which pauses.
///
/// Pauses are random, between nothing and a limit that doubles each time, so that programs which have
/// met once do not meet again. The [wait limit](crate::Wait) bounds them in any case: when it has
/// passed, there is no further attempt.
///
/// ```
/// use jsonlock::{Editor, Retry};
/// use std::time::Duration;
///
/// let retry = Retry::default().attempts(5).longest_pause(Duration::from_secs(1));
/// let editor = Editor::default().optimistic().retry(retry);
/// # let _ = editor;
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    attempts: u32,
    first_pause: Duration,
    longest_pause: Duration,
}

impl Default for Retry {
    /// As often as the wait limit lets it; at most 2 ms at first and 250 ms in the end.
    fn default() -> Self {
        Retry {
            attempts: u32::MAX,
            first_pause: Duration::from_millis(2),
            longest_pause: Duration::from_millis(250),
        }
    }
}

impl Retry {
    /// Gives up after so many attempts, of which there is one at least.
    #[must_use]
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts;
        self
    }

    /// The limit of the first pause.
    #[must_use]
    pub fn first_pause(mut self, pause: Duration) -> Self {
        self.first_pause = pause;
        self
    }

    /// The limit that no pause goes beyond.
    #[must_use]
    pub fn longest_pause(mut self, pause: Duration) -> Self {
        self.longest_pause = pause;
        self
    }

    /// Pauses after the conflict of this attempt, counted from 1, or fails with
    /// [`ErrorKind::Busy`] if it was the last.
    pub(crate) fn pause(&self, deadline: &Deadline, attempt: u32, conflict: &str) -> Result<()> {
        if attempt >= self.attempts || deadline.has_passed() {
            let waited = deadline.elapsed().as_secs_f64();
            let tries = if attempt == 1 { "try" } else { "tries" };
            let message = format!("{conflict}; gave up after {attempt} {tries} in {waited:.1} s");
            return Err(Error::new(ErrorKind::Busy, message));
        }
        self.sleep(deadline, attempt);
        Ok(())
    }

    /// Sleeps as long as one does after this attempt, and no longer than to the deadline.
    pub(super) fn sleep(&self, deadline: &Deadline, attempt: u32) {
        let pause = self.draw(attempt);
        std::thread::sleep(deadline.remaining().map_or(pause, |remaining| remaining.min(pause)));
    }

    fn draw(&self, attempt: u32) -> Duration {
        self.limit(attempt).mul_f64(fastrand::f64())
    }

    fn limit(&self, attempt: u32) -> Duration {
        let factor = 1 << (attempt - 1).min(16);
        self.first_pause.saturating_mul(factor).min(self.longest_pause)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest() {
        let retry = Retry::default().longest_pause(Duration::from_millis(20));
        let limits = [1, 2, 3, 4, 5, u32::MAX].map(|attempt| retry.limit(attempt).as_millis());
        assert_eq!(limits, [2, 4, 8, 16, 20, 20]);
    }

    #[test]
    fn pauses_are_anything_up_to_their_limit() {
        let retry = Retry::default();
        let pauses: Vec<Duration> = (0..1000).map(|_| retry.draw(3)).collect();
        let limit = Duration::from_millis(8);
        assert!(pauses.iter().all(|pause| *pause <= limit));
        for part in 0..4 {
            let range = limit * part / 4..limit * (part + 1) / 4;
            let share = pauses.iter().filter(|pause| range.contains(pause)).count();
            assert!((150..350).contains(&share), "{share} of 1000 in {range:?}");
        }
    }
}
