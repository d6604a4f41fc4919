//! The tests of the built program and of the public library. One binary links faster than many.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may")]
#![allow(unreachable_pub, reason = "nothing is reachable from outside a test binary")]

mod harness;

// What the text of documents goes through.
mod document;
mod hostile;
mod invalid;
mod jq;
mod jsonc;
mod large;
mod layout;
mod model;
mod path;

// The commands, one file for each.
mod apply;
mod batch;
mod completions;
mod del;
mod filter;
mod get;
mod lock;
mod man;
mod merge;
mod patch;
mod set;
mod status;
mod wait;

// No write is lost, whatever happens.
mod bystanders;
mod conformance;
mod crash;
mod disks;
mod fairness;
mod faults;
mod interference;
mod interrupted;
mod last_instant;
mod limits;
mod moving;
mod optimistic;
mod power;
mod race;
mod signals;
mod soak;
mod stores;
mod sweep;
mod waiting;

// The same with services instead of files.
mod remote;

// The same on what several machines share.
mod shares;

// Who may do what with which file.
mod access;
mod containers;
mod exposure;
mod links;
mod lock_files;
mod neighbours;
mod ownership;
mod places;
mod sticky;
mod users;

// What those need of the system.
mod calls;
mod namespace;
mod people;
mod system;
mod tracing;

// What all commands share.
mod backup;
mod conditions;
mod coordination;
mod diff;
mod exit_codes;
mod messages;
#[cfg(feature = "schema")]
mod schema;
mod services;
mod suites;

// The repository itself.
mod generated;
mod readme;
mod tidy;
