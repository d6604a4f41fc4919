use crate::report;
use std::fmt;

/// What came of the lines so far.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// Those whose edits are in the document.
    pub(super) applied: usize,
    pub(super) refused: usize,
    pub(super) transactions: usize,
    /// The exit status that the first refused line leads to.
    pub(super) code: u8,
}

impl Tally {
    pub(super) fn count(&mut self, result: Result<(), &anyhow::Error>) {
        match result {
            Ok(()) => self.applied += 1,
            Err(error) => {
                if self.refused == 0 {
                    self.code = report::exit_code(error);
                }
                self.refused += 1;
            }
        }
    }

    /// How many lines were answered.
    pub(super) fn lines(&self) -> usize {
        self.applied + self.refused
    }

    /// What there is to complain about.
    pub(super) fn complaint(&self) -> Option<String> {
        match (self.refused, self.lines()) {
            (0, _) => None,
            (1, 1) => Some("the only line was not applied".to_owned()),
            (1, lines) => Some(format!("1 of {lines} lines was not applied")),
            (refused, lines) => Some(format!("{refused} of {lines} lines were not applied")),
        }
    }
}

/// For those who watch.
impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Tally { applied, refused, transactions, .. } = self;
        write!(f, "lines applied: {applied}, not applied: {refused}, transactions: {transactions}")
    }
}
