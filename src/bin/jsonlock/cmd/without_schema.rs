//! What stands for `--schema` where it was not built.

use crate::report::Usage;
use anyhow::Result;
use jsonlock::Result as EditResult;

/// There is none.
pub(super) enum Schema {}

impl Schema {
    /// Says what is missing.
    pub(super) fn read(_: &str) -> Result<Self> {
        let message = "--schema: this jsonlock was built without the feature schema";
        Err(Usage(message.to_owned()).into())
    }

    pub(super) fn check(&self, _: &str) -> EditResult<()> {
        match *self {}
    }
}
