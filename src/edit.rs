//! The sentence of the product: begin, parse, change, commit, and again on conflict.

mod attempt;
mod read;

pub use read::read;

pub(crate) use read::settled;

use crate::store::{Committed, Content, Deadline, Etag, Retry, Store, Wait};
use crate::{Dialect, Document, Error, Result};
use attempt::{Attempt, Outcome};
use bytes::Bytes;
use std::time::Duration;

/// Edits the document in `store`: one locked, crash-safe read-modify-write.
///
/// `change` gets the document and alters it; its result is handed back as
/// [`Edited::value`]. It runs again on the new content when another program changed the document
/// meanwhile, so it should have no other effects. When it fails, nothing is changed.
///
/// This is [`Editor::edit`] with the default [`Wait`].
///
/// # Errors
///
/// Those of the store, of the text that is not valid JSON, and of `change`. Unless the error's kind
/// is [`Unconfirmed`](crate::ErrorKind::Unconfirmed) or [`Unclear`](crate::ErrorKind::Unclear), the document
/// was not changed.
///
/// # Examples
///
/// ```
/// # fn main() -> jsonlock::Result<()> {
/// # let dir = tempfile::tempdir().unwrap();
/// # let file = dir.path().join("builds.json");
/// use jsonlock::{Json, LocalStore, Path};
///
/// let store = LocalStore::new(&file);
/// let next: Path = "builds.next".parse()?;
///
/// let edited = jsonlock::edit(&store, |document| {
///     let number = document.get::<u64>(&next)?.unwrap_or(0) + 1;
///     document.set(&next, Json::from(number))?;
///     Ok(number)
/// })?;
/// assert_eq!(edited.value, 1);
/// # Ok(())
/// # }
/// ```
pub fn edit<T>(
    store: &dyn Store,
    change: impl FnMut(&mut Document) -> Result<T>,
) -> Result<Edited<T>> {
    Editor::default().edit(store, change)
}

/// Makes edits with a wait limit, preconditions and a retry policy of one's own.
///
/// ```
/// use jsonlock::{Editor, Wait};
/// use std::time::Duration;
///
/// let editor = Editor::default().wait(Wait::at_most(Duration::from_secs(5)));
/// # let _ = editor;
/// ```
#[derive(Clone, Debug, Default)]
pub struct Editor {
    pub(crate) wait: Wait,
    retry: Option<Retry>,
    control: Control,
    pub(crate) dialect: Dialect,
    precondition: Option<Precondition>,
}

/// How an edit deals with others that want to make one at the same time.
#[derive(Clone, Copy, Debug, Default)]
enum Control {
    /// The transaction begins before the closure runs.
    #[default]
    Pessimistic,
    /// The transaction begins when the closure is done, and has to find what the closure has seen.
    Optimistic,
}

/// What the base has to be.
#[derive(Clone, Debug)]
enum Precondition {
    Match(Etag),
    Absent,
}

impl Editor {
    /// Sets how long an edit may wait for the lock and for others to stop interfering.
    #[must_use]
    pub fn wait(mut self, wait: Wait) -> Self {
        self.wait = wait;
        self
    }

    /// Sets how an edit tries again after a conflict. By default, [as the store wants it](Store::retry).
    #[must_use]
    pub fn retry(mut self, retry: Retry) -> Self {
        self.retry = Some(retry);
        self
    }

    /// Sets the dialect that the document is read as. A closure that parses a text of its own to put it in
    /// the place of the document does that with [`Document::parse_as`].
    ///
    /// ```
    /// # fn main() -> jsonlock::Result<()> {
    /// # let dir = tempfile::tempdir().unwrap();
    /// # let file = dir.path().join("settings.json");
    /// use jsonlock::{Dialect, Editor, Json, LocalStore};
    ///
    /// std::fs::write(&file, "{\n  // of the editor\n  \"size\": 12,\n}\n").unwrap();
    /// let (store, size) = (LocalStore::new(&file), "size".parse()?);
    /// let editor = Editor::default().dialect(Dialect::Jsonc);
    /// editor.edit(&store, |document| document.set(&size, Json::from(14_u64)))?;
    /// assert_eq!(editor.read(&store)?.get::<u64>(&size)?, Some(14));
    /// let text = std::fs::read_to_string(&file).unwrap();
    /// assert_eq!(text, "{\n  // of the editor\n  \"size\": 14,\n}\n");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn dialect(mut self, dialect: Dialect) -> Self {
        self.dialect = dialect;
        self
    }

    /// Runs closures without a lock, for those that take long: others can make edits meanwhile. If one
    /// did, the closure runs again on the new content; it may so run any number of times.
    ///
    /// ```
    /// # fn main() -> jsonlock::Result<()> {
    /// # let dir = tempfile::tempdir().unwrap();
    /// # let file = dir.path().join("builds.json");
    /// use jsonlock::{Editor, Json, LocalStore};
    ///
    /// let store = LocalStore::new(&file);
    /// let (slow, quick) = ("slow".parse()?, "quick".parse()?);
    /// let edited = Editor::default().optimistic().edit(&store, |document| {
    ///     // Somebody else is quicker, once.
    ///     if document.is_absent() {
    ///         jsonlock::edit(&store, |document| document.set(&quick, Json::from(true)))?;
    ///     }
    ///     document.set(&slow, Json::from(true))
    /// })?;
    /// assert_eq!(edited.attempts, 2);
    /// assert_eq!(jsonlock::read(&store)?.get::<bool>(&quick)?, Some(true));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn optimistic(mut self) -> Self {
        self.control = Control::Optimistic;
        self
    }

    /// Edits the document only if its content is that which `etag` names. This takes the place of
    /// [`if_absent`](Editor::if_absent).
    ///
    /// ```
    /// # fn main() -> jsonlock::Result<()> {
    /// # let dir = tempfile::tempdir().unwrap();
    /// # let file = dir.path().join("release.json");
    /// use jsonlock::{Editor, ErrorKind, Json, LocalStore};
    ///
    /// let store = LocalStore::new(&file);
    /// let path = "stage".parse()?;
    /// let built = jsonlock::edit(&store, |document| document.set(&path, Json::from("built")))?;
    ///
    /// let next = Editor::default().if_match(built.etag().unwrap());
    /// next.edit(&store, |document| document.set(&path, Json::from("tested")))?;
    /// let late = next.edit(&store, |document| document.set(&path, Json::from("dropped")));
    /// assert_eq!(late.unwrap_err().kind(), ErrorKind::Conflict);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn if_match(mut self, etag: Etag) -> Self {
        self.precondition = Some(Precondition::Match(etag));
        self
    }

    /// Edits the document only if there is none yet; a blank one is none. This takes the place of
    /// [`if_match`](Editor::if_match).
    #[must_use]
    pub fn if_absent(mut self) -> Self {
        self.precondition = Some(Precondition::Absent);
        self
    }

    /// Edits the document, as [`edit`](crate::edit()) does.
    ///
    /// # Errors
    ///
    /// Those of [`edit`](crate::edit()), and [`Conflict`](crate::ErrorKind::Conflict) if a precondition does not hold.
    pub fn edit<T>(
        &self,
        store: &dyn Store,
        mut change: impl FnMut(&mut Document) -> Result<T>,
    ) -> Result<Edited<T>> {
        let deadline = self.wait.start();
        let retry = self.retry.unwrap_or_else(|| store.retry());
        let mut waited = Duration::ZERO;
        let mut attempts = 0;
        loop {
            attempts += 1;
            let outcome = match self.control {
                Control::Pessimistic => self.try_pessimistic(store, &deadline, &mut change)?,
                Control::Optimistic => self.try_optimistic(store, &deadline, &mut change)?,
            };
            match outcome {
                Outcome::Conflict(reason) => {
                    retry.pause(&deadline, attempts, &reason)?;
                    waited = deadline.elapsed();
                }
                Outcome::Done(attempt, mut committed) => {
                    committed.waited += waited;
                    return Ok(attempt.into_edited(committed, attempts));
                }
            }
        }
    }

    fn try_pessimistic<T>(
        &self,
        store: &dyn Store,
        deadline: &Deadline,
        change: &mut impl FnMut(&mut Document) -> Result<T>,
    ) -> Result<Outcome<T>> {
        let transaction = store.begin(deadline)?;
        self.check(store, transaction.base())?;
        match Attempt::make(store, transaction.as_ref(), self.dialect, change)? {
            Some(attempt) => attempt.commit(transaction),
            None => {
                let name = store.name();
                Ok(Outcome::Conflict(format!(
                    "{name} is being written in place by another program"
                )))
            }
        }
    }

    /// The wait limit bounds the attempts as a whole and, once more, the lock of each, since the closure
    /// may have taken all of it.
    fn try_optimistic<T>(
        &self,
        store: &dyn Store,
        deadline: &Deadline,
        change: &mut impl FnMut(&mut Document) -> Result<T>,
    ) -> Result<Outcome<T>> {
        store.preflight()?;
        let read = || store.read_by(deadline);
        let mut base = read()?;
        let document = settled(store, &mut base, self.dialect, read);
        self.check(store, base.as_ref())?;
        let attempt = Attempt::run(store, document?, base, change)?;
        let transaction = store.begin(&self.wait.start())?;
        if transaction.base() != attempt.base() {
            let name = store.name();
            return Ok(Outcome::Conflict(format!(
                "{name} was changed while the edit was prepared"
            )));
        }
        attempt.commit(transaction)
    }

    /// Compares the base with what it has to be.
    fn check(&self, store: &dyn Store, base: Option<&Bytes>) -> Result<()> {
        let conflict = match (&self.precondition, base) {
            (None, _) => return Ok(()),
            (Some(Precondition::Match(etag)), None) => {
                format!("it does not exist, and must have the etag {etag}")
            }
            (Some(Precondition::Match(etag)), Some(base)) => match Etag::of(base) {
                is if is == *etag => return Ok(()),
                is => format!("its etag is {is}, and must be {etag}"),
            },
            (Some(Precondition::Absent), Some(base)) if !Document::is_blank(base) => {
                format!("it exists, and must not exist yet; its etag is {}", Etag::of(base))
            }
            (Some(Precondition::Absent), _) => return Ok(()),
        };
        Err(Error::conflict(conflict).context(store.name()))
    }

    /// Reads the document, as [`read`](crate::read) does.
    ///
    /// # Errors
    ///
    /// Those of [`read`](crate::read).
    pub fn read(&self, store: &dyn Store) -> Result<Document> {
        let mut base = store.read()?;
        settled(store, &mut base, self.dialect, || store.read())
    }

    /// Shows what [`edit`](Editor::edit) would do, without a lock and without changing or creating
    /// anything.
    ///
    /// # Errors
    ///
    /// Those of [`edit`](crate::edit()), but it is never busy.
    pub fn preview<T>(
        &self,
        store: &dyn Store,
        mut change: impl FnMut(&mut Document) -> Result<T>,
    ) -> Result<Edited<T>> {
        store.preflight()?;
        let mut base = store.read()?;
        let document = settled(store, &mut base, self.dialect, || store.read());
        self.check(store, base.as_ref())?;
        let attempt = Attempt::run(store, document?, base, &mut change)?;
        let committed = Committed {
            changed: attempt.changed(),
            etag: None,
            waited: Duration::ZERO,
            held: Duration::ZERO,
            durable: false,
        };
        Ok(attempt.into_edited(committed, 0))
    }
}

/// An edit that succeeded.
#[derive(Clone, Debug)]
pub struct Edited<T> {
    /// What the closure returned.
    pub value: T,
    /// The content before, or `None` where there was no document.
    pub base: Option<Content>,
    /// The content after, or `None` where there still is no document.
    pub content: Option<Content>,
    /// Whether they differ.
    pub changed: bool,
    /// How often the edit was tried, this time included. 0 for a preview.
    pub attempts: u32,
    /// How long it waited for others, which includes attempts that came to nothing because of them.
    pub waited: Duration,
    /// How long it kept others out.
    pub held: Duration,
    /// Whether the content is known to survive a power cut.
    pub durable: bool,
    etag: Option<Etag>,
}

impl<T> Edited<T> {
    /// The etag of the content, or `None` where there still is no document.
    pub fn etag(&self) -> Option<Etag> {
        let content = self.content.as_ref();
        self.etag.clone().or_else(|| content.map(|content| Etag::of_pieces(content.pieces())))
    }
}
