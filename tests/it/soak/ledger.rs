//! What is known about the edits of one writer.

#[derive(Default)]
pub(super) struct Ledger {
    /// Those that were reported as done: they must be there, once.
    pub(super) reported: Vec<u64>,
    /// Those that were given up: they must not be there.
    pub(super) refused: Vec<u64>,
    /// Those whose writer was killed before it reported: they may be there, once.
    pub(super) unknown: Vec<u64>,
}

impl Ledger {
    /// What is wrong with the edits that the document shows.
    pub(super) fn complaints(&self, made: &[u64]) -> Vec<String> {
        let count = |n: &u64| made.iter().filter(|one| *one == n).count();
        let lost = self.reported.iter().filter(|n| count(n) == 0);
        let lost = lost.map(|n| format!("edit {n} was reported and is lost"));
        let twice = made.iter().filter(|n| count(n) > 1);
        let twice = twice.map(|n| format!("edit {n} is there {} times", count(n)));
        let is_known = |n: &&u64| self.reported.contains(n) || self.unknown.contains(n);
        let strange = made.iter().filter(|n| !is_known(n));
        lost.chain(twice).chain(strange.map(|n| format!("nobody made edit {n}"))).collect()
    }
}
