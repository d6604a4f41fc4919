//! Comments stay with what they describe, and change nothing that is computed.

mod check;
mod printer;
mod reader;

pub use check::one_change;
