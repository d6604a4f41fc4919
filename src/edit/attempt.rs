//! One run of the closure of an edit, and what it runs on.

use super::Edited;
use super::read::{parse, settles};
use crate::store::{Commit, Committed, Content, Store, Transaction};
use crate::{Dialect, Document, Result};
use bytes::Bytes;
use std::time::Duration;

/// One run of the closure: from a base to the content that is to replace it.
pub(super) struct Attempt<T> {
    value: T,
    base: Option<Bytes>,
    /// `None` where there was no document and the closure made none.
    content: Option<Content>,
}

/// How an attempt ended, if it did not fail.
pub(super) enum Outcome<T> {
    Done(Attempt<T>, Committed),
    /// The base is not the document any more, for the reason given.
    Conflict(String),
}

impl<T> Attempt<T> {
    /// Runs the closure, or gives `None` when the base should be read again: its text is invalid,
    /// but somebody is still writing it.
    pub(super) fn make(
        store: &dyn Store,
        transaction: &(dyn Transaction + '_),
        dialect: Dialect,
        change: &mut impl FnMut(&mut Document) -> Result<T>,
    ) -> Result<Option<Self>> {
        match parse(store, transaction.base(), dialect) {
            Err(_) if settles(transaction) => Ok(None),
            document => Self::run(store, document?, transaction.base().cloned(), change).map(Some),
        }
    }

    pub(super) fn run(
        store: &dyn Store,
        mut document: Document,
        base: Option<Bytes>,
        change: &mut impl FnMut(&mut Document) -> Result<T>,
    ) -> Result<Self> {
        let value = change(&mut document).map_err(|error| error.context(store.name()))?;
        // Not whether the document was changed decides, since the closure may have put another one in
        // its place.
        let content = match &base {
            base if document.is_absent() => base.clone().map(Content::from),
            _ => Some(document.to_pieces().into()),
        };
        Ok(Attempt { value, base, content })
    }

    pub(super) fn changed(&self) -> bool {
        match (&self.base, &self.content) {
            (Some(base), Some(content)) => *content != *base,
            (base, content) => base.is_some() || content.is_some(),
        }
    }

    pub(super) fn base(&self) -> Option<&Bytes> {
        self.base.as_ref()
    }

    pub(super) fn commit(self, transaction: Box<dyn Transaction + '_>) -> Result<Outcome<T>> {
        let commit = match &self.content {
            Some(content) => transaction.commit(content)?,
            None => Commit::Done(Committed {
                changed: false,
                etag: None,
                waited: Duration::ZERO,
                held: Duration::ZERO,
                durable: true,
            }),
        };
        Ok(match commit {
            Commit::Done(committed) => Outcome::Done(self, committed),
            Commit::Conflict(reason) => Outcome::Conflict(reason),
        })
    }

    pub(super) fn into_edited(self, committed: Committed, attempts: u32) -> Edited<T> {
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
