use super::{Deadline, Retry};

/// Tells when a document may have changed.
pub trait Watching {
    /// Waits until the document may have changed since the last call, or gives `false` if the deadline
    /// passes first. The first call returns at once, since the document has never been looked at.
    fn changed(&mut self, deadline: &Deadline) -> bool;
}

/// Has the document looked at again and again. The pauses are random, so that those who wait for one thing
/// do not all look at once.
pub(in crate::store) struct Poll {
    pauses: Retry,
    looks: u32,
}

impl Poll {
    pub(in crate::store) fn new(pauses: Retry) -> Self {
        Poll { pauses, looks: 0 }
    }
}

impl Watching for Poll {
    fn changed(&mut self, deadline: &Deadline) -> bool {
        if self.looks > 0 {
            if deadline.has_passed() {
                return false;
            }
            self.pauses.sleep(deadline, self.looks);
        }
        self.looks = self.looks.saturating_add(1);
        true
    }
}
