//! Waiting for a document to become as wanted.

use crate::edit::settled;
use crate::store::{Etag, Store, Wait};
use crate::{Document, Editor, Result};

/// What [`wait_until`] has waited for.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Found {
    /// The document of which the condition is true.
    pub document: Document,
    /// Its etag, or `None` where there is no file. An edit with [`Editor::if_match`] is refused if the
    /// document has changed since.
    ///
    /// [`Editor::if_match`]: crate::Editor::if_match
    pub etag: Option<Etag>,
}

/// Waits until a condition is true of the document, which is strict JSON, and gives that document; `None` when the time is up
/// before.
///
/// The condition is asked of the document as it is now and then after each change. A document that is
/// missing or blank is [absent](Document::is_absent). No lock is taken, so of many changes in a row the
/// condition may see only the last. No change goes unnoticed, and while there is none the process sleeps,
/// as [`Watch`](crate::Watch) does.
///
/// # Errors
///
/// Those of [`read`](crate::read) and of the condition, at once. A service that is away is waited for, once the
/// document was seen; if it still is when the time is up, that is an error.
///
/// # Examples
///
/// ```
/// # fn main() -> jsonlock::Result<()> {
/// # let dir = tempfile::tempdir().unwrap();
/// # let file = dir.path().join("release.json");
/// use jsonlock::{Json, LocalStore, Wait};
///
/// let store = LocalStore::new(&file);
/// let path = "stage".parse()?;
/// let found = std::thread::scope(|scope| {
///     scope.spawn(|| jsonlock::edit(&store, |document| document.set(&path, Json::from("built"))));
///     jsonlock::wait_until(&store, Wait::default(), |document| {
///         Ok(document.get::<String>(&path)?.as_deref() == Some("built"))
///     })
/// })?;
/// assert!(found.unwrap().etag.is_some());
/// # Ok(())
/// # }
/// ```
pub fn wait_until(
    store: &dyn Store,
    wait: Wait,
    condition: impl FnMut(&Document) -> Result<bool>,
) -> Result<Option<Found>> {
    Editor::default().wait(wait).wait_until(store, condition)
}

impl Editor {
    /// Waits until a condition is true of the document, as [`wait_until`] does, no longer than the editor's
    /// [wait limit](Editor::wait).
    ///
    /// # Errors
    ///
    /// Those of [`wait_until`].
    pub fn wait_until(
        &self,
        store: &dyn Store,
        mut condition: impl FnMut(&Document) -> Result<bool>,
    ) -> Result<Option<Found>> {
        let deadline = self.wait.start();
        let mut watch = store.watching();
        let (mut seen, mut away) = (None, None);
        let mut is_over = false;
        loop {
            let is_due = watch.changed(&deadline);
            if !is_due && is_over {
                break;
            }
            // Whatever was told of changes, the time is not up before a last look.
            is_over = !is_due || deadline.has_passed();
            let read = || store.read_by(&deadline);
            let mut base = match read() {
                // It was there, and so may come back.
                Err(error) if seen.is_some() && error.is_passing() => {
                    away = Some(error);
                    continue;
                }
                base => base?,
            };
            away = None;
            if seen == Some(base.as_deref().map(Etag::of)) {
                continue;
            }
            let document = settled(store, &mut base, self.dialect, read)?;
            let etag = base.as_deref().map(Etag::of);
            if condition(&document)? {
                return Ok(Some(Found { document, etag }));
            }
            seen = Some(etag);
        }
        // If it is away, nobody knows whether the condition is true by now.
        away.map_or(Ok(None), |error| {
            let waited = deadline.elapsed().as_secs_f64();
            Err(error.advise(&format!("the wait has lasted {waited:.1} s")))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Deadline, Transaction, Watching};
    use crate::{Error, ErrorKind, Path};
    use bytes::Bytes;
    use std::cell::Cell;
    use std::time::Duration;

    /// A store that tells nobody of the change that is made to it.
    struct Silent {
        reads: Cell<usize>,
    }

    impl Store for Silent {
        fn name(&self) -> String {
            "silent".to_owned()
        }

        fn read(&self) -> Result<Option<Bytes>> {
            let reads = self.reads.replace(self.reads.get() + 1);
            Ok(Some(Bytes::from_static(if reads == 0 { b"1" } else { b"2" })))
        }

        fn preflight(&self) -> Result<()> {
            Ok(())
        }

        fn begin<'a>(&'a self, _: &Deadline) -> Result<Box<dyn Transaction + 'a>> {
            Err(Error::new(ErrorKind::Denied, "nothing is written here"))
        }

        fn watching(&self) -> Box<dyn Watching + '_> {
            Box::new(Deaf { has_begun: false })
        }
    }

    struct Deaf {
        has_begun: bool,
    }

    impl Watching for Deaf {
        fn changed(&mut self, deadline: &Deadline) -> bool {
            if std::mem::replace(&mut self.has_begun, true) {
                std::thread::sleep(deadline.remaining().unwrap_or_default());
                return false;
            }
            true
        }
    }

    fn waits_for(number: &str, wait: Wait) -> (bool, usize) {
        let store = Silent { reads: Cell::new(0) };
        let found = wait_until(&store, wait, |document| {
            Ok(document.text(&Path::root())? == Some(number.into()))
        });
        (found.unwrap().is_some(), store.reads.get())
    }

    #[test]
    fn a_wait_takes_a_last_look_before_it_gives_up() {
        let moment = Wait::at_most(Duration::from_millis(1));
        assert_eq!(waits_for("2", moment), (true, 2));
        assert_eq!(waits_for("3", moment), (false, 2));
        // A look that begins when the time is up is the last one.
        assert_eq!(waits_for("2", Wait::NONE), (false, 1));
    }
}
