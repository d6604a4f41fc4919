//! What can be known about a document, its lock and its directory without an edit.
//!
//! Nothing is created or changed, and nothing here is a basis for decisions: it may be different by the
//! time that anybody reads it.

mod note;

pub use note::Note;

use super::file_system::{self, FileSystem, Locality, Verdict};
use super::lock_file::Place;
use super::locked::OwnPlace;
use super::record;
use super::recovery::Interrupted;
use super::resolve::{Target, stat_entry};
use super::{LocalStore, Network, base, holder, lock, preflight};
use crate::store::Store as _;
use crate::{Error, Result};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// How often to look for who holds a lock that is held.
const LOOKS: u32 = 3;

/// The state of a document in a local file; see [`LocalStore::status`].
#[derive(Debug)]
#[non_exhaustive]
pub struct Status {
    /// The path as given.
    pub path: PathBuf,
    /// The path without the symbolic links in its last part, or `None` where it leads nowhere.
    pub resolved: Option<PathBuf>,
    /// Whether there is anything at the path, be it a document or not; `None` where that cannot be
    /// known.
    pub exists: Option<bool>,
    /// The size in bytes, or `None` where there is no document.
    pub size: Option<u64>,
    /// Where the lock file is, or would be.
    pub lock_file: Option<PathBuf>,
    /// Whether there is anything in the lock file's place; `None` where that cannot be known.
    pub has_lock_file: Option<bool>,
    /// Whether somebody holds the lock.
    pub lock: LockState,
    /// The file system of the document's directory.
    pub file_system: Option<FileSystem>,
    /// What an edit would be refused for, in the order in which it would find out.
    pub problems: Vec<Error>,
    /// What somebody should know or mend.
    pub notes: Vec<Note>,
}

/// Whether a lock is held.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LockState {
    /// Nobody holds it.
    Free,
    /// Somebody holds it.
    Held {
        /// Who, where that can be seen from here.
        holder: Option<Holder>,
        /// How many wait for it, where that can be seen from here.
        waiters: Option<usize>,
    },
    /// It cannot be asked without risk, as on a network file system that is not allowed, or not at all.
    Unknown,
}

/// Who holds a lock.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Holder {
    /// The process.
    pub pid: u32,
    /// The machine or container of the process where that is another one, as the lock file says.
    pub host: Option<String>,
    /// Its name, without its arguments, which may hold secrets.
    pub command: Option<String>,
    /// When it began to write, if it has and the lock file says so.
    pub since: Option<SystemTime>,
}

impl Status {
    /// Looks at everything. What cannot be looked at is a problem of its own.
    pub(super) fn of(store: &LocalStore) -> Status {
        let mut status = Status {
            path: store.path.clone(),
            resolved: None,
            exists: None,
            size: None,
            lock_file: None,
            has_lock_file: None,
            lock: LockState::Unknown,
            file_system: None,
            problems: Vec::new(),
            notes: Vec::new(),
        };
        match store.find() {
            Ok(target) => status.look_at(store, &target),
            Err(error) => {
                status.exists = known(store.path.try_exists());
                if store.preflight().is_err() {
                    status.problems.push(store.cannot_create(error));
                }
            }
        }
        status
    }

    fn look_at(&mut self, store: &LocalStore, target: &Target) {
        self.resolved = Some(short(&target.path()));
        let verdict = file_system::judge(&target.dir).ok();
        let locality = verdict.as_ref().map_or(Locality::Local, Verdict::locality);
        let is_doubtful = verdict.as_ref().is_some_and(|verdict| verdict.doubt().is_some());
        self.file_system = verdict.map(Verdict::file_system);
        self.problems = preflight::problems(target, &store.options);
        let found = target.stat();
        self.exists = known(found.as_ref().map(Option::is_some));
        if let Ok(Some(stat)) = found {
            if preflight::check_kind(&target.path(), &stat).is_err() {
                return;
            }
            self.size = u64::try_from(stat.st_size).ok();
        }
        let may_ask = !is_doubtful || store.options.network == Network::Allow;
        if let Err(error) = self.look_at_lock(store, target, locality, may_ask) {
            self.problems.push(error);
        }
        let path = || short(&target.path());
        match store.options.network {
            _ if !is_doubtful => {}
            Network::Refuse => self.notes.push(Note::Unsafe(path())),
            Network::Allow => self.notes.push(Note::Trusted(path())),
        }
        self.notes.extend(note::left_behind(target));
        if self.exists == Some(false) {
            self.look_at_interrupted(store, target);
        }
    }

    /// A temporary file that is all there is of a document is no litter.
    fn look_at_interrupted(&mut self, store: &LocalStore, target: &Target) {
        let Ok(Some(lock)) = store.lock_file_of(target) else { return };
        match Interrupted::find(target, &record::read(&lock).1) {
            Ok(Some(left)) => {
                let path = short(&left.path(target));
                self.notes.retain(|note| note.path() != path);
                match left.is_whole() {
                    true => {
                        self.exists = Some(true);
                        self.size = u64::try_from(left.len()).ok();
                        self.notes.push(Note::Interrupted(path));
                    }
                    false => self.problems.push(left.refuse(target)),
                }
            }
            Ok(None) => {}
            Err(error) => self.problems.push(error),
        }
    }

    fn look_at_lock(
        &mut self,
        store: &LocalStore,
        target: &Target,
        locality: Locality,
        may_ask: bool,
    ) -> Result<()> {
        let own = OwnPlace::new(store, target, locality)?;
        let file = base::inspect(target).unwrap_or_else(|error| {
            self.problems.push(error);
            None
        });
        let place = own.place(target, file.as_ref());
        self.lock_file = Some(short(place.path));
        self.has_lock_file = known(stat_entry(place.dir, place.name).map(|stat| stat.is_some()));
        let Some(lock) = place.open_if_exists()? else {
            self.lock = LockState::Free;
            // For the document's own directory that is known already.
            return store.options.lock_file.as_ref().map_or(Ok(()), |_| place.check_directory());
        };
        self.notes.extend(note::about_lock_file(&lock, &short(place.path)));
        // Where nobody trusts the file system, even a single try may hang.
        if may_ask {
            self.lock = lock_state(&place, &Arc::new(lock))?;
        }
        Ok(())
    }
}

/// What could not be found out is not known.
fn known<E>(answer: Result<bool, E>) -> Option<bool> {
    answer.ok()
}

/// Without the dot that stands for the current directory.
fn short(path: &Path) -> PathBuf {
    path.strip_prefix(".").unwrap_or(path).to_owned()
}

fn lock_state(place: &Place<'_>, lock: &Arc<File>) -> Result<LockState> {
    let seen = holder::look(lock).unwrap_or_default();
    // What the list does not show may be held all the same.
    if !seen.is_certain && !lock::is_held(place, lock)? {
        return Ok(LockState::Free);
    }
    let looks = std::iter::once(seen).chain((0..LOOKS).filter_map(|_| holder::look(lock)));
    Ok(match looks.into_iter().find_map(|seen| Some((seen.holder?, seen.waiters))) {
        Some((pid, waiters)) => {
            LockState::Held { holder: Some(Holder::new(pid, lock)), waiters: Some(waiters) }
        }
        None if place.locality == Locality::Shared => {
            LockState::Held { holder: Holder::elsewhere(lock), waiters: None }
        }
        None => LockState::Held { holder: None, waiters: None },
    })
}

impl Holder {
    fn new(pid: u32, lock: &File) -> Self {
        let line = record::read(lock).1;
        // The line is that of the last writer, who need not be the holder.
        let since = line.since.filter(|_| line.pid == Some(pid)).and_then(time);
        Holder { pid, host: None, command: holder::command(pid), since }
    }

    /// A holder on another machine, as far as the lock file tells of one.
    fn elsewhere(lock: &File) -> Option<Self> {
        let record::Previous { pid, host, since, .. } = record::read(lock).1;
        let host = holder::elsewhere(host)?;
        Some(Holder { pid: pid?, host: Some(host), command: None, since: since.and_then(time) })
    }
}

/// The time so many seconds after 1970.
fn time(seconds: u64) -> Option<SystemTime> {
    SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds))
}
