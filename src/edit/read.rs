use super::Editor;
use crate::store::{Store, Transaction};
use crate::{Dialect, Document, Result};
use bytes::Bytes;
use std::time::Duration;

/// How often invalid text is looked at again, and how long apart, while a program that does not lock
/// may still be writing it.
const REREADS: u32 = 3;
const REREAD_PAUSE: Duration = Duration::from_millis(10);

/// Reads the document in `store`, which is strict JSON, without waiting for anybody. For another dialect
/// there is [`Editor::read`].
///
/// A document that is missing or blank is [absent](Document::is_absent).
///
/// # Errors
///
/// Those of the store, and [`InvalidJson`](crate::ErrorKind::InvalidJson) for text that is not valid JSON. Text that
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
    Editor::default().read(store)
}

/// Parses what was read, and reads `again` while it is not valid but still changes.
pub(crate) fn settled(
    store: &dyn Store,
    base: &mut Option<Bytes>,
    dialect: Dialect,
    again: impl Fn() -> Result<Option<Bytes>>,
) -> Result<Document> {
    for _ in 0..REREADS {
        let document = parse(store, base.as_ref(), dialect);
        if document.is_ok() {
            return document;
        }
        std::thread::sleep(REREAD_PAUSE);
        let now = again()?;
        if now == *base {
            return document;
        }
        *base = now;
    }
    parse(store, base.as_ref(), dialect)
}

pub(super) fn parse(store: &dyn Store, base: Option<&Bytes>, dialect: Dialect) -> Result<Document> {
    match base {
        Some(base) if !Document::is_blank(base) => {
            Document::parse_as(base.clone(), dialect).map_err(|error| error.context(store.name()))
        }
        _ => Ok(Document::absent()),
    }
}

/// Whether the base turns out to be outdated when it is given a moment.
pub(super) fn settles(transaction: &(dyn Transaction + '_)) -> bool {
    (0..REREADS).any(|_| {
        std::thread::sleep(REREAD_PAUSE);
        transaction.is_outdated()
    })
}
