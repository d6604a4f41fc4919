//! Documents do what plain values do, and leave every other byte alone.
//!
//! A check takes bytes, makes a document and edits of them, and compares what jsonlock does with
//! what a plain value does. The bytes come from proptest here, and from libFuzzer under `fuzz/`,
//! which includes this module: generators and oracles are there once.

pub mod assignment;
pub mod choices;
pub mod document;
pub mod edits;
pub mod jsonc;
pub mod oracle;
pub mod patch;
pub mod path;
pub mod printer;
pub mod reader;
pub mod text;
pub mod values;

#[cfg(test)]
mod many;
#[cfg(test)]
mod properties;
