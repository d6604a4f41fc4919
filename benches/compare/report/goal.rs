//! What a ratio should be.

use serde::{Deserialize, Serialize};
use std::fmt;

#[derive(Clone, Copy, Serialize, Deserialize)]
pub(crate) enum Goal {
    AtMost(f64),
    AtLeast(f64),
    /// Less than the peer.
    Less,
    /// Only for information.
    None,
}

impl Goal {
    pub(crate) fn verdict(self, ratio: f64) -> &'static str {
        let is_met = match self {
            Goal::AtMost(limit) => ratio <= limit,
            Goal::AtLeast(limit) => ratio >= limit,
            Goal::Less => ratio < 1.0,
            Goal::None => return "",
        };
        if is_met { "met" } else { "missed" }
    }
}

impl fmt::Display for Goal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Goal::AtMost(limit) => write!(f, "≤ {limit} ×"),
            Goal::AtLeast(limit) => write!(f, "≥ {limit} ×"),
            Goal::Less => f.write_str("< 1 ×"),
            Goal::None => f.write_str("–"),
        }
    }
}
