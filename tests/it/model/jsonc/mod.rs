//! Comments stay with what they describe, and change nothing that is computed.

mod any;
mod check;
mod printer;
mod reader;

pub use any::{any_text, damaged_text};
pub use check::one_change;
