//! Being told when a file may have changed.
//!
//! Each edit gives the name another inode, so directories are watched for names: the one that holds the
//! file, and on the way to it each one that holds a directory or a link of the path, since those may be
//! made, renamed and turned elsewhere. The file itself is watched only for being written in place.
//!
//! No change is missed, because each directory is watched before it is looked into, and all of them
//! before the caller looks at the file.

#[cfg(target_os = "linux")]
mod inotify;
#[cfg(not(target_os = "linux"))]
#[path = "blind.rs"]
mod inotify;
mod route;

use super::{Event, LocalStore, file_system};
use crate::Deadline;
use crate::store::Watching;
use inotify::{Happening, Notifier};
use rustix::io::Errno;
use std::ffi::{OsStr, OsString};
use std::ops::ControlFlow;
use std::path::Path;
use std::time::{Duration, Instant};

/// How often to look where the system cannot tell.
const INTERVAL: Duration = Duration::from_secs(1);

/// Tells when a document in a local file may have changed; see [`LocalStore::watch`].
///
/// On local file systems the process sleeps until then. Where the system cannot tell of changes, which
/// it cannot on network file systems or when it has no watches left, one look a second is due instead.
/// An observer of the store gets [`Event::CannotWatch`] then, once.
#[derive(Debug)]
pub struct Watch<'a> {
    store: &'a LocalStore,
    notifier: Option<Notifier>,
    watched: Vec<Watched>,
    is_blind: bool,
    has_begun: bool,
    has_told: bool,
}

/// What is watched: a name in a directory, or the file itself.
#[derive(Debug)]
struct Watched {
    number: i32,
    name: Option<OsString>,
}

impl Watch<'_> {
    pub(super) fn new(store: &LocalStore) -> Watch<'_> {
        Watch {
            store,
            notifier: None,
            watched: Vec::new(),
            is_blind: false,
            has_begun: false,
            has_told: false,
        }
    }

    /// Blocks until the document may have changed since the call before, and says that a look is due.
    /// The first call says so at once. Once the deadline has passed, none is due any more.
    ///
    /// A look may find nothing new.
    pub fn changed(&mut self, deadline: &Deadline) -> bool {
        if deadline.has_passed() {
            // Whoever waits for nothing still gets the first look, and needs no watches for it.
            return !std::mem::replace(&mut self.has_begun, true);
        }
        if self.has_begun && !self.sleep(deadline) {
            return false;
        }
        self.has_begun = true;
        self.arm();
        true
    }

    /// Sleeps until a look is due, or until the deadline has passed with nothing to look at.
    fn sleep(&self, deadline: &Deadline) -> bool {
        // The jitter keeps those apart that began together.
        let pause = INTERVAL.mul_f64(0.75 + fastrand::f64() / 2.0);
        let look = self.is_blind.then(|| Instant::now() + pause);
        loop {
            let until_look = look.map(|look| look.saturating_duration_since(Instant::now()));
            if until_look.is_some_and(|pause| pause.is_zero()) {
                return true;
            }
            if deadline.has_passed() {
                return false;
            }
            let limit = [until_look, deadline.remaining()].into_iter().flatten().min();
            match self.notifier.as_ref().map(|notifier| notifier.wait(limit)) {
                Some(Ok(happenings)) if happenings.iter().any(|each| self.concerns(each)) => {
                    return true;
                }
                Some(Ok(_)) => {}
                Some(Err(_)) => {
                    std::thread::sleep(limit.unwrap_or(pause));
                    return true;
                }
                None => std::thread::sleep(limit.unwrap_or(pause)),
            }
        }
    }

    fn concerns(&self, happening: &Happening) -> bool {
        match happening {
            Happening::Anything => true,
            Happening::WatchEnded(number) => {
                self.watched.iter().any(|each| each.number == *number && each.name.is_some())
            }
            Happening::Change(number, name) => {
                let is_it = |each: &Watched| {
                    each.name.as_deref().is_none_or(|own| Some(own) == name.as_deref())
                };
                self.watched.iter().any(|each| each.number == *number && is_it(each))
            }
        }
    }

    /// Watches the way to the file as it is now.
    fn arm(&mut self) {
        let trouble = match self.notifier.take().map_or_else(Notifier::new, Ok) {
            Ok(notifier) => {
                let trouble = self.watch_all(&notifier);
                self.notifier = Some(notifier);
                trouble
            }
            Err(error) => Some(error.to_string()),
        };
        self.is_blind = trouble.is_some();
        if let Some(cause) = trouble.filter(|_| !std::mem::replace(&mut self.has_told, true)) {
            let path = self.store.path.clone();
            self.store.options.observer.tell(|| Event::CannotWatch { path, cause });
        }
    }

    /// Gives the reason why not all that happens will be told, if there is one.
    fn watch_all(&mut self, notifier: &Notifier) -> Option<String> {
        let mut trouble = None;
        let mut watched = Vec::new();
        let file = route::walk(self.store.path(), |dir, name| {
            watch_name(notifier, dir, name, &mut watched).unwrap_or_else(|cause| {
                trouble = Some(cause);
                ControlFlow::Continue(())
            })
        });
        match file.map(|file| notifier.watch_file(&file).map_err(|error| why(error, &file))) {
            Some(Ok(number)) => watched.push(Watched { number, name: None }),
            Some(Err(cause)) => trouble = cause.or(trouble),
            None => {}
        }
        for old in &self.watched {
            if watched.iter().all(|new| new.number != old.number) {
                notifier.forget(old.number);
            }
        }
        self.watched = watched;
        trouble
    }
}

/// Why something cannot be watched, unless that is because it does not exist: its name is watched in the
/// directory above it.
fn why(error: Errno, path: &Path) -> Option<String> {
    match error {
        Errno::NOENT | Errno::NOTDIR | Errno::LOOP => None,
        Errno::NOSPC => Some("no inotify watches are left".to_owned()),
        error => Some(format!("{}: {error}", path.display())),
    }
}

/// Watches `dir` for what happens to `name`. Breaks off where there is no such directory; the error is
/// the reason why not all that happens will be told.
fn watch_name(
    notifier: &Notifier,
    dir: &Path,
    name: &OsStr,
    watched: &mut Vec<Watched>,
) -> Result<ControlFlow<()>, String> {
    match notifier.watch_directory(dir) {
        Ok(number) => watched.push(Watched { number, name: Some(name.to_owned()) }),
        Err(error) => return why(error, dir).map_or(Ok(ControlFlow::Break(())), Err),
    }
    match file_system::silent_name(dir) {
        Some(name) => Err(format!("{} is on {name}", dir.display())),
        None => Ok(ControlFlow::Continue(())),
    }
}

impl Watching for Watch<'_> {
    fn changed(&mut self, deadline: &Deadline) -> bool {
        Watch::changed(self, deadline)
    }
}
