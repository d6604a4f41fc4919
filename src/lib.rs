//! Safe concurrent editing of JSON documents.
//!
//! Programs that keep shared state in JSON files lose edits when two of them read, change and write
//! at once. With this library each edit is one locked, crash-safe read-modify-write, and the program
//! `jsonlock` is built on nothing else.
//!
//! # The model
//!
//! A [`Store`] is where a document lives; [`LocalStore`] is a local file, and [`RemoteStore`] a key of etcd
//! or an object in an object store. [`edit`](edit()) begins a
//! [`Transaction`] on it, parses what the transaction read into a [`Document`], lets a closure change
//! that, and commits the new text. A [`Path`] says where in a document, a [`Json`] is a value to put
//! there, and a [`Change`] is a whole change as data.
//!
//! A document *is* its text. A change becomes splices into it, so every byte that the change is not
//! about stays as it is: indentation, key order, the spelling of numbers and strings, line ends. A text is
//! strict JSON unless a [`Dialect`] says otherwise; comments of JSONC stay beside what they describe.
//!
//! # What is promised
//!
//! On Linux, on local file systems that support `flock(2)`:
//!
//! - No acknowledged write is ever lost to another edit, and with [`Durability::Full`] none is lost to
//!   a power cut.
//! - No reader ever sees half a document. Readers take no lock.
//! - After an error of any kind but [`ErrorKind::Unconfirmed`] the document is as it was.
//! - All who hold an exclusive `flock(2)` on the file's name with `.lock` behind it while they read the
//!   file and rename a new one over it take part in this, whatever language they are written in.
//!
//! Of documents that services keep, by optimistic concurrency:
//!
//! - An edit is written only if the document still has the version that was read, else the closure runs again
//!   on what others have made of it. None is lost, and none is made twice, also when answers are lost: each one
//!   leaves its number and name with the document.
//! - After [`ErrorKind::Unclear`] the document may or may not have been changed. It is rare: only if there was
//!   no answer and the document cannot tell either.
//! - This rests on the service, which must keep what it has acknowledged and write only under the condition
//!   it was given. [`RemoteStore::probe`] tries the latter.
//!
//! # What is not
//!
//! - A program that replaces the file without the lock loses nothing where the file system can let two
//!   files swap places, but may lose edits, since it looks at nothing. One that writes into the file in
//!   place is noticed up to the swap.
//! - Where other machines may write too and locks are not known to keep them out, as on NFS, edits are refused
//!   unless [`Network::Allow`] says otherwise.
//! - macOS has never been built for, and Windows is not supported.
//! - Documents nested more than 10,000 deep are refused.
//!
//! # Large documents
//!
//! A document is read and looked at once, in two threads if it has some megabytes, and it is never there
//! twice: what an edit leaves alone is shared between the old and the new text, see [`Content`]. Only a
//! [`Filter`] makes values of it, which take several times as much memory.
//!
//! # Tasks
//!
//! Read a value:
//!
//! ```
//! # fn main() -> jsonlock::Result<()> {
//! # let dir = tempfile::tempdir().unwrap();
//! # let file = dir.path().join("tokens.json");
//! # std::fs::write(&file, r#"{"flow": "abc"}"#).unwrap();
//! use jsonlock::LocalStore;
//!
//! let document = jsonlock::read(&LocalStore::new(&file))?;
//! let token: Option<String> = document.get(&"flow".parse()?)?;
//! assert_eq!(token.as_deref(), Some("abc"));
//! # Ok(())
//! # }
//! ```
//!
//! Count, so that no two processes get the same number:
//!
//! ```
//! # fn main() -> jsonlock::Result<()> {
//! # let dir = tempfile::tempdir().unwrap();
//! # let file = dir.path().join("builds.json");
//! use jsonlock::{Json, LocalStore, Path};
//!
//! let next: Path = "next".parse()?;
//! let edited = jsonlock::edit(&LocalStore::new(&file), |document| {
//!     let number = document.get::<u64>(&next)?.unwrap_or(0) + 1;
//!     document.set(&next, Json::from(number))?;
//!     Ok(number)
//! })?;
//! assert_eq!(edited.value, 1);
//! # Ok(())
//! # }
//! ```
//!
//! Wait for others no longer than five seconds, and know when that was not enough:
//!
//! ```
//! # fn main() -> jsonlock::Result<()> {
//! # let dir = tempfile::tempdir().unwrap();
//! # let file = dir.path().join("tokens.json");
//! use jsonlock::{Editor, ErrorKind, Json, LocalStore, Wait};
//! use std::time::Duration;
//!
//! let editor = Editor::default().wait(Wait::at_most(Duration::from_secs(5)));
//! let path = "flow".parse()?;
//! match editor.edit(&LocalStore::new(&file), |document| document.set(&path, Json::from("abc"))) {
//!     Ok(edited) => assert!(edited.durable),
//!     Err(error) if error.kind() == ErrorKind::Busy => println!("later, then: {error}"),
//!     Err(error) => return Err(error),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Give up from within, leaving the document as it is:
//!
//! ```
//! # fn main() -> jsonlock::Result<()> {
//! # let dir = tempfile::tempdir().unwrap();
//! # let file = dir.path().join("release.json");
//! use jsonlock::{Error, Json, LocalStore};
//!
//! let leader = "leader".parse()?;
//! let take_the_lead = |me: &'static str| {
//!     let leader = &leader;
//!     jsonlock::edit(&LocalStore::new(&file), move |document| match document.text(leader)? {
//!         Some(_) => Err(Error::rejected("somebody else leads")),
//!         None => document.set(leader, Json::from(me)),
//!     })
//! };
//! assert!(take_the_lead("a").is_ok());
//! assert!(take_the_lead("b").is_err());
//! # Ok(())
//! # }
//! ```
//!
//! Sleep until a document is as wanted, whoever makes it so:
//!
//! ```
//! # fn main() -> jsonlock::Result<()> {
//! # let dir = tempfile::tempdir().unwrap();
//! # let file = dir.path().join("release.json");
//! # std::fs::write(&file, r#"{"stage": "built"}"#).unwrap();
//! use jsonlock::{LocalStore, Wait};
//!
//! let stage = "stage".parse()?;
//! let found = jsonlock::wait_until(&LocalStore::new(&file), Wait::default(), |document| {
//!     Ok(document.get::<String>(&stage)?.as_deref() == Some("built"))
//! })?;
//! assert!(found.is_some());
//! # Ok(())
//! # }
//! ```
//!
//! Edit a configuration file with comments, known by its name:
//!
//! ```
//! # fn main() -> jsonlock::Result<()> {
//! # let dir = tempfile::tempdir().unwrap();
//! # let file = dir.path().join("tsconfig.json");
//! # std::fs::write(&file, "{\n  // the newest\n  \"target\": \"es5\"\n}\n").unwrap();
//! use jsonlock::{Dialect, Editor, Json, LocalStore};
//!
//! let editor = Editor::default().dialect(Dialect::of(&file));
//! let target = "target".parse()?;
//! editor.edit(&LocalStore::new(&file), |document| document.set(&target, Json::from("esnext")))?;
//! # assert!(std::fs::read_to_string(&file).unwrap().contains("// the newest\n  \"target\": \"esnext\""));
//! # Ok(())
//! # }
//! ```
//!
//! Count on a service that keeps the number for many machines:
//!
//! ```no_run
//! # fn main() -> jsonlock::Result<()> {
//! use jsonlock::{Json, RemoteStore};
//!
//! let store = RemoteStore::open("s3://ci-state/builds.json")?;
//! let next = "next".parse()?;
//! let edited = jsonlock::edit(&store, |document| {
//!     let number = document.get::<u64>(&next)?.unwrap_or(0) + 1;
//!     document.set(&next, Json::from(number))?;
//!     Ok(number)
//! })?;
//! println!("this is build {}", edited.value);
//! # Ok(())
//! # }
//! ```
//!
//! Change text that is not in a store:
//!
//! ```
//! # fn main() -> jsonlock::Result<()> {
//! use jsonlock::{Document, Json};
//!
//! let mut document = Document::parse("{\n  \"price\": 1.50\n}\n")?;
//! document.set(&"tags[]".parse()?, Json::from("new"))?;
//! assert_eq!(document.to_bytes(), "{\n  \"price\": 1.50,\n  \"tags\": [\n    \"new\"\n  ]\n}\n");
//! # Ok(())
//! # }
//! ```
//!
//! # Features
//!
//! - `filter`: [`Filter`], changes in jq's language.
//! - `cli` (default): the program, with `filter`. Libraries turn the default features off.
//! - `etcd`: [`RemoteStore::open`] knows URLs such as `etcd://host:2379/key`.
//! - `object-store`: it knows S3 (`s3://bucket/key`), Azure Blob Storage (`az://container/key`) and Google
//!   Cloud Storage (`gs://bucket/key`).
//! - `remote`: both of them. A [`RemoteStore`] on an [`Engine`] of one's own takes no feature.
//! - `schema`: the program's option `--schema`, which takes more room than all the rest.

mod change;
mod dialect;
mod document;
mod edit;
mod error;
mod path;
mod store;
mod wait;

pub use change::Change;
#[cfg(feature = "filter")]
pub use change::{Filter, FilterOptions};
pub use dialect::Dialect;
pub use document::{Arrays, Document, Json, MergeOptions, Nulls, Patch};
pub use edit::{Edited, Editor, edit, read};
pub use error::{Error, ErrorKind, Result};
pub use path::Path;
pub use store::{
    Commit, Committed, Content, Create, Deadline, Durability, Engine, Etag, Event, Failure,
    FileSystem, Follow, HardLinks, Held, Holder, Interrupts, Ledger, LocalStore, LockState,
    Network, NoLedger, Note, Operation, Probe, ReadOnly, RemoteStore, Retry, Snapshot, Status,
    Store, Transaction, Version, Wait, Watch, Watching, is_url, scheme,
};
pub use wait::{Found, wait_until};
