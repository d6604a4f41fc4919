//! The tests of the built program and of the public library. One binary links faster than many.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may")]
#![allow(unreachable_pub, reason = "nothing is reachable from outside a test binary")]

mod harness;

// What the text of documents goes through.
mod document;
mod filter;
mod invalid;
mod layout;
mod model;
mod path;
mod printer;

// The commands, one file for each.
mod apply;
mod completions;
mod del;
mod get;
mod man;
mod merge;
mod set;

// What all commands share.
mod exit_codes;
mod messages;
mod suites;

// The repository itself.
mod generated;
mod readme;
mod tidy;
