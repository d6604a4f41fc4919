//! Local files: pessimistic, under a lock.
//!
//! The invariants that comments name as I1 to I13 are those of the protocol:
//!
//! - **I1** The lock file is the resolved file's name with `.lock` behind it, in the same directory.
//!   It is opened without following links, and never truncated, replaced or deleted.
//! - **I2** Locking is a blocking `flock(2)`: one try, then a wait in the kernel's queue.
//! - **I3** After the lock is got, and again just before the rename, the open lock file is still the
//!   one that its name denotes; if not, the edit starts again.
//! - **I4** The base is opened after the lock is held, through a directory handle that lock,
//!   temporary file and rename share. Its descriptor stays open until after the unlock.
//! - **I5** Just before the rename the file is still the base, and so is what the rename replaces; if
//!   not, a program that does not lock wrote it. It is put back, and the edit starts again.
//! - **I6** The temporary file is created exclusively and privately beside the resolved file; it gets
//!   content, owner, attributes and ACL, mode, and is synced, in this order; then it is renamed.
//! - **I7** The directory is synced before success is reported, and after the unlock.
//! - **I8** A failed sync is never retried. Before the rename it means that nothing changed, after it
//!   that the change may not be durable.
//! - **I9** Whenever the process is killed, the file is old or new, the lock is free, and the next
//!   edit leaves only the file and its lock file in the directory. (A power cut may leave a temporary
//!   file for good: the record that names it is not synced, since that would cost each edit a flush.)
//! - **I10** An edit that yields the same bytes publishes nothing.
//! - **I11** Reading takes no lock, needs no write permission and creates nothing.
//! - **I12** A file that is missing beside a line that says what was about to replace it is an interrupted rename,
//!   and no empty document: the new file is published if it is whole, or else the edit is refused and says what
//!   is left. Readers look again.
//! - **I13** Where names cannot be exchanged, the base is closed before the plain rename, since an NFS client
//!   first moves a file away that a process has open, and only then puts the new one in its place.

mod access;
mod acl;
mod backup;
mod base;
mod file_system;
mod held;
mod holder;
mod interrupts;
mod join;
mod links;
mod lock;
mod lock_file;
mod locked;
mod options;
mod patience;
mod preflight;
mod publish;
mod read;
mod record;
mod recovery;
mod replace;
mod resolve;
mod shell;
mod status;
mod temporary;
mod transaction;
mod user_namespace;
mod watch;
mod write;

pub use file_system::FileSystem;
pub use held::Held;
pub use interrupts::Interrupts;
pub use options::{Create, Durability, Follow, HardLinks, Network, ReadOnly};
pub use status::{Holder, LockState, Note, Status};
pub use watch::Watch;

use super::{Deadline, Event, Observer, Store, Transaction, Wait, Watching};
use crate::{Error, ErrorKind, Result};
use base::Base;
use bytes::Bytes;
use file_system::Locality;
use locked::OwnPlace;
use options::Options;
use resolve::Target;
use std::ffi::OsString;
use std::fs::File;
use std::path::{Path, PathBuf};
use transaction::LocalTransaction;

/// A document in a local file, edited under the lock file beside it.
///
/// The methods that take options return the store, so that they can be chained.
///
/// ```
/// use jsonlock::{Durability, LocalStore};
///
/// let store = LocalStore::new("build.json").durability(Durability::Data);
/// assert_eq!(store.path().to_str(), Some("build.json"));
/// ```
#[derive(Clone, Debug)]
pub struct LocalStore {
    path: PathBuf,
    options: Options,
}

impl LocalStore {
    /// The file at `path`, which need not exist yet. Nothing is opened.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        LocalStore { path: path.into(), options: Options::default() }
    }

    /// The path as given.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What to create where the file is missing. By default, the file but not its directory.
    #[must_use]
    pub fn create(mut self, create: Create) -> Self {
        self.options.create = create;
        self
    }

    /// The permissions of a file that an edit creates, instead of what the umask leaves of `0666`.
    ///
    /// Only the twelve bits of `chmod(2)` count.
    #[must_use]
    pub fn mode(mut self, mode: u32) -> Self {
        self.options.mode = Some(mode & 0o7777);
        self
    }

    /// How durable an edit is before it is reported as done. By default, as durable as can be.
    #[must_use]
    pub fn durability(mut self, durability: Durability) -> Self {
        self.options.durability = durability;
        self
    }

    /// Which symbolic links are followed. By default, the safe ones.
    #[must_use]
    pub fn follow(mut self, follow: Follow) -> Self {
        self.options.follow = follow;
        self
    }

    /// What to do with a file that has several names. By default, it is refused.
    #[must_use]
    pub fn hard_links(mut self, hard_links: HardLinks) -> Self {
        self.options.hard_links = hard_links;
        self
    }

    /// What to do with a file that is write-protected. By default, it is refused.
    #[must_use]
    pub fn read_only(mut self, read_only: ReadOnly) -> Self {
        self.options.read_only = read_only;
        self
    }

    /// What to do where other machines may write too and locks may not keep them out. By default, it is refused.
    #[must_use]
    pub fn network(mut self, network: Network) -> Self {
        self.options.network = network;
        self
    }

    /// Locks the file at `path` instead of the one beside the document, for use where another
    /// program gives that name a meaning of its own. All who edit the document must agree on it.
    #[must_use]
    pub fn lock_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.options.lock_file = Some(path.into());
        self
    }

    /// Keeps what an edit replaces under the file's name with `suffix` behind it, beside the resolved
    /// file. The last such backup is replaced.
    ///
    /// The backup is whole, synced and as protected as the file before the file is replaced. If it cannot
    /// be made the edit fails; an edit that changes nothing makes none.
    ///
    /// ```
    /// # fn main() -> jsonlock::Result<()> {
    /// # let dir = tempfile::tempdir().unwrap();
    /// # let file = dir.path().join("tokens.json");
    /// # std::fs::write(&file, "{\"flow\": \"abc\"}").unwrap();
    /// use jsonlock::LocalStore;
    ///
    /// let store = LocalStore::new(&file).backup(".bak");
    /// jsonlock::edit(&store, |document| document.delete(&"flow".parse()?))?;
    /// let kept = std::fs::read_to_string(dir.path().join("tokens.json.bak")).unwrap();
    /// assert_eq!(kept, r#"{"flow": "abc"}"#);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn backup(mut self, suffix: impl Into<OsString>) -> Self {
        self.options.backup = Some(suffix.into());
        self
    }

    /// Calls `observe` when something happens that a person may want to know.
    #[must_use]
    pub fn observe(mut self, observe: impl Fn(&Event) + Send + Sync + 'static) -> Self {
        self.options.observer = Observer::new(observe);
        self
    }

    /// Lets signal handlers and edits agree on when the process may end.
    #[must_use]
    pub fn interrupts(mut self, interrupts: Interrupts) -> Self {
        self.options.interrupts = interrupts;
        self
    }

    /// Takes the lock and keeps it, so that nobody else edits the file until it is released, whatever
    /// programs the caller runs meanwhile. They can share it, see [`Held`].
    ///
    /// # Errors
    ///
    /// [`Busy`](ErrorKind::Busy) when somebody else holds the lock and does not release it in time, and
    /// whatever keeps the file from being locked. That it could not be edited is none.
    pub fn hold(&self, wait: &Wait) -> Result<Held> {
        Held::take(self, &wait.start()).map_err(|error| self.cannot_create(error))
    }

    /// Looks at the document, its lock and its directory, and says what an edit would be refused for.
    ///
    /// Nothing is created or changed. What it says is a hint for people, never a basis for decisions: by
    /// the time that it is read, it may be different.
    ///
    /// ```
    /// # fn main() -> jsonlock::Result<()> {
    /// # let dir = tempfile::tempdir().unwrap();
    /// # let file = dir.path().join("tokens.json");
    /// use jsonlock::{Json, LocalStore, LockState};
    ///
    /// let store = LocalStore::new(&file);
    /// jsonlock::edit(&store, |document| document.set(&"flow".parse()?, Json::from("abc")))?;
    /// let status = store.status();
    /// assert!(status.problems.is_empty());
    /// assert_eq!((status.exists, status.has_lock_file), (Some(true), Some(true)));
    /// assert_eq!(status.lock, LockState::Free);
    /// # Ok(())
    /// # }
    /// ```
    pub fn status(&self) -> Status {
        Status::of(self)
    }

    /// Watches the document, which need not exist, and neither need its directory.
    ///
    /// Watching takes no lock and creates nothing. Links of the path that are turned elsewhere, and
    /// directories that are replaced, are followed.
    ///
    /// ```
    /// # fn main() -> jsonlock::Result<()> {
    /// # let dir = tempfile::tempdir().unwrap();
    /// # let file = dir.path().join("release.json");
    /// use jsonlock::{Json, LocalStore, Store as _, Wait};
    ///
    /// let store = LocalStore::new(&file);
    /// let path = "stage".parse()?;
    /// std::thread::scope(|scope| {
    ///     scope.spawn(|| jsonlock::edit(&store, |document| document.set(&path, Json::from("built"))));
    ///     let mut watch = store.watch();
    ///     let deadline = Wait::default().start();
    ///     while watch.changed(&deadline) {
    ///         if store.read()?.is_some() {
    ///             return Ok(());
    ///         }
    ///     }
    ///     panic!("nothing was built in time");
    /// })
    /// # }
    /// ```
    pub fn watch(&self) -> Watch<'_> {
        Watch::new(self)
    }

    /// Where a file may be created, a directory that is missing is what stands in the way.
    fn cannot_create(&self, error: Error) -> Error {
        match (error.kind(), self.options.create) {
            (ErrorKind::NotFound, Create::File) => error.with_kind(ErrorKind::CannotCreate),
            _ => error,
        }
    }

    /// Likewise, of an edit, which can create the directory too.
    fn missing_directory(&self, error: Error) -> Error {
        match (error.kind(), self.options.create) {
            (ErrorKind::NotFound, Create::File) => {
                self.cannot_create(error).advise("use --parents to create it")
            }
            _ => error,
        }
    }

    /// Finds the file, and makes nothing on the way.
    fn find(&self) -> Result<Target> {
        resolve::resolve(&self.path, self.options.follow, Create::File)
    }

    /// Finds the file, and makes the directories that the options ask for.
    fn resolve(&self) -> Result<Target> {
        if self.options.create == Create::Parents {
            // Nothing is made where the edit would be refused.
            let nearest = resolve::nearest(&self.path, self.options.follow)?;
            preflight::check_file_system(&nearest, &self.options)?;
        }
        resolve::resolve(&self.path, self.options.follow, self.options.create)
    }

    fn read_target(&self, target: &Target) -> Result<Option<Bytes>> {
        if let Some(base) = Base::read(target)? {
            return Ok(Some(base.content));
        }
        match self.lock_file_of(target) {
            Ok(Some(lock)) => recovery::read(&lock, target),
            Ok(None) => Ok(None),
            Err(_) => recovery::read_blindly(target),
        }
    }

    /// The lock file, if there is one, to see what its last writer has left.
    fn lock_file_of(&self, target: &Target) -> Result<Option<File>> {
        OwnPlace::new(self, target, Locality::Local)?.place(target, None).open_if_exists()
    }

    /// Whether the document is missing only because a writer was killed.
    fn is_interrupted(&self, target: &Target) -> bool {
        let lock = self.lock_file_of(target).unwrap_or(None);
        lock.is_some_and(|lock| {
            recovery::is_interrupted(target, &record::read(&lock).1).unwrap_or(false)
        })
    }

    /// Where the lock file is: its directory and name, or `None` for the one beside the target.
    fn resolve_lock(&self) -> Result<Option<Target>> {
        let resolve = |path| {
            // The lock file itself may not be a link, which opening it finds out.
            resolve::parent(path, self.options.follow)
                .map_err(missing_lock_directory)
                .map_err(|error| error.context("the lock file"))
        };
        self.options.lock_file.as_deref().map(resolve).transpose()
    }
}

/// Only a document's own directory is ever made.
fn missing_lock_directory(error: Error) -> Error {
    match error.kind() {
        ErrorKind::NotFound => {
            error.with_kind(ErrorKind::CannotCreate).advise("that of a lock file must exist")
        }
        _ => error,
    }
}

impl Store for LocalStore {
    fn name(&self) -> String {
        self.path.display().to_string()
    }

    fn read(&self) -> Result<Option<Bytes>> {
        match self.find() {
            Ok(target) => self.read_target(&target),
            // Without its directory there is no file either.
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::CannotCreate) => {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    fn preflight(&self) -> Result<()> {
        match self.find() {
            Ok(target) => transaction::check(self, &target).map(drop),
            Err(error)
                if error.kind() == ErrorKind::NotFound
                    && self.options.create == Create::Parents =>
            {
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    fn begin<'a>(&'a self, deadline: &Deadline) -> Result<Box<dyn Transaction + 'a>> {
        let begun = LocalTransaction::begin(self, deadline);
        Ok(Box::new(begun.map_err(|error| self.missing_directory(error))?))
    }

    fn watching(&self) -> Box<dyn Watching + '_> {
        Box::new(self.watch())
    }
}
