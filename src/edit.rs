//! The sentence of the product: begin, parse, change, commit, and again on conflict.

use crate::store::{Commit, Committed, Content, Deadline, Etag, Store, Transaction, Wait};
use crate::{Document, Error, ErrorKind, Result};
use bytes::Bytes;
use std::time::Duration;

/// The first pause after a conflict; each further one may be twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(1);
const LONGEST_PAUSE: Duration = Duration::from_millis(250);

/// How often invalid text is looked at again, and how long apart, while a program that does not lock
/// may still be writing it.
const REREADS: u32 = 3;
const REREAD_PAUSE: Duration = Duration::from_millis(10);

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
/// is [`ErrorKind::Unconfirmed`], the document was not changed.
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

/// Makes edits with a wait limit and preconditions of one's own.
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
    wait: Wait,
    precondition: Option<Precondition>,
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
    /// Those of [`edit`](crate::edit()), and [`ErrorKind::Conflict`] if a precondition does not hold.
    pub fn edit<T>(
        &self,
        store: &dyn Store,
        mut change: impl FnMut(&mut Document) -> Result<T>,
    ) -> Result<Edited<T>> {
        let deadline = self.wait.start();
        let mut waited = Duration::ZERO;
        let mut attempts = 0;
        loop {
            attempts += 1;
            let transaction = store.begin(&deadline)?;
            self.check(store, transaction.base())?;
            let reason = match Attempt::make(store, transaction.as_ref(), &mut change)? {
                None => format!("{} is being written in place by another program", store.name()),
                Some(attempt) => match attempt.commit(transaction)? {
                    Commit::Conflict(reason) => reason,
                    Commit::Done(mut committed) => {
                        committed.waited += waited;
                        return Ok(attempt.into_edited(committed, attempts));
                    }
                },
            };
            pause(&deadline, attempts, &reason)?;
            waited = deadline.elapsed();
        }
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
        let base = store.read()?;
        self.check(store, base.as_ref())?;
        let attempt = Attempt::on(store, base, &mut change)?;
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
    /// How long it waited for others.
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

/// One run of the closure: from a base to the content that is to replace it.
struct Attempt<T> {
    value: T,
    base: Option<Bytes>,
    /// `None` where there was no document and the closure made none.
    content: Option<Content>,
}

impl<T> Attempt<T> {
    /// Runs the closure, or gives `None` when the base should be read again: its text is invalid,
    /// but somebody is still writing it.
    fn make(
        store: &dyn Store,
        transaction: &(dyn Transaction + '_),
        change: &mut impl FnMut(&mut Document) -> Result<T>,
    ) -> Result<Option<Self>> {
        match parse(store, transaction.base()) {
            Err(_) if settles(transaction) => Ok(None),
            document => Self::run(store, document?, transaction.base().cloned(), change).map(Some),
        }
    }

    fn on(
        store: &dyn Store,
        base: Option<Bytes>,
        change: &mut impl FnMut(&mut Document) -> Result<T>,
    ) -> Result<Self> {
        Self::run(store, parse(store, base.as_ref())?, base, change)
    }

    fn run(
        store: &dyn Store,
        mut document: Document,
        base: Option<Bytes>,
        change: &mut impl FnMut(&mut Document) -> Result<T>,
    ) -> Result<Self> {
        let value = change(&mut document).map_err(|error| error.context(store.name()))?;
        let content = match &base {
            _ if document.is_changed() => Some(document.to_pieces().into()),
            base => base.clone().map(Content::from),
        };
        Ok(Attempt { value, base, content })
    }

    fn changed(&self) -> bool {
        match (&self.base, &self.content) {
            (Some(base), Some(content)) => *content != *base,
            (base, content) => base.is_some() || content.is_some(),
        }
    }

    fn commit(&self, transaction: Box<dyn Transaction + '_>) -> Result<Commit> {
        match &self.content {
            Some(content) => transaction.commit(content),
            None => Ok(Commit::Done(Committed {
                changed: false,
                etag: None,
                waited: Duration::ZERO,
                held: Duration::ZERO,
                durable: true,
            })),
        }
    }

    fn into_edited(self, committed: Committed, attempts: u32) -> Edited<T> {
        Edited {
            value: self.value,
            base: self.base.map(Content::from),
            content: self.content,
            changed: committed.changed,
            attempts,
            waited: committed.waited,
            held: committed.held,
            durable: committed.durable,
            etag: committed.etag,
        }
    }
}

/// Reads the document in `store`, without waiting for anybody.
///
/// A document that is missing or blank is [absent](Document::is_absent).
///
/// # Errors
///
/// Those of the store, and [`ErrorKind::InvalidJson`] for text that is not valid JSON. Text that
/// another program is still writing in place is given a moment to become whole.
///
/// # Examples
///
/// ```
/// # fn main() -> jsonlock::Result<()> {
/// # let dir = tempfile::tempdir().unwrap();
/// # let file = dir.path().join("tokens.json");
/// # std::fs::write(&file, r#"{"flow": "abc"}"#).unwrap();
/// use jsonlock::LocalStore;
///
/// let document = jsonlock::read(&LocalStore::new(&file))?;
/// assert_eq!(document.get::<String>(&"flow".parse()?)?.as_deref(), Some("abc"));
/// # Ok(())
/// # }
/// ```
pub fn read(store: &dyn Store) -> Result<Document> {
    let mut base = store.read()?;
    for _ in 0..REREADS {
        let document = parse(store, base.as_ref());
        if document.is_ok() {
            return document;
        }
        std::thread::sleep(REREAD_PAUSE);
        let again = store.read()?;
        if again == base {
            return document;
        }
        base = again;
    }
    parse(store, base.as_ref())
}

fn parse(store: &dyn Store, base: Option<&Bytes>) -> Result<Document> {
    match base {
        Some(base) if !Document::is_blank(base) => {
            Document::parse(base.clone()).map_err(|error| error.context(store.name()))
        }
        _ => Ok(Document::absent()),
    }
}

/// Whether the base turns out to be outdated when it is given a moment.
fn settles(transaction: &(dyn Transaction + '_)) -> bool {
    (0..REREADS).any(|_| {
        std::thread::sleep(REREAD_PAUSE);
        transaction.is_outdated()
    })
}

/// Backs off after a conflict: a random time between nothing and a limit that doubles, so that
/// programs in conflict part.
fn pause(deadline: &Deadline, attempts: u32, reason: &str) -> Result<()> {
    if deadline.has_passed() {
        let waited = deadline.elapsed().as_secs_f64();
        let tries = if attempts == 1 { "try" } else { "tries" };
        let message = format!("{reason}; gave up after {attempts} {tries} in {waited:.1} s");
        return Err(Error::new(ErrorKind::Busy, message));
    }
    let limit = FIRST_PAUSE.saturating_mul(1 << attempts.min(16)).min(LONGEST_PAUSE);
    let pause = limit.mul_f64(fastrand::f64());
    std::thread::sleep(deadline.remaining().map_or(pause, |remaining| remaining.min(pause)));
    Ok(())
}
