//! Proves that an acknowledged edit survives a power cut, and that a power cut at any moment leaves the
//! old document or the new one, whole.
//!
//! The disk of a virtual machine is a file; what is in the file when the machine stops is what a power
//! cut leaves. [`acknowledged`] copies that file at the instant at which an edit is reported as done.
//! [`points`] and [`load`] have a disk of their own, which logs each write and each flush, and build
//! from the log what every power cut might have left: after each write, and with any of those writes
//! lost that no flush has made durable. Edits that leave out a sync must be caught.

mod acknowledged;
mod case;
mod disk;
mod file_systems;
mod load;
mod machine;
mod points;
mod recording;
