//! Finds out from the past revisions of a key what became of a write.

use super::gateway::Problem;
use super::messages::{Found, KeyValue, Range};
use super::{Etcd, Failure, Ledger, Version};
use std::time::Instant;

/// Whether the write that followed the version `base` was that with `ledger`; `None` if that is
/// forgotten already, or if the key was deleted since.
pub(super) fn was_next(
    etcd: &Etcd,
    base: Option<&Version>,
    ledger: &Ledger,
    end: Instant,
) -> Result<Option<bool>, Failure> {
    let history = History { etcd, end };
    match history.write_after(base).and_then(|next| history.is_by(next, ledger)) {
        Err(Problem::Refused(refusal)) if refusal.is_about_history() => Ok(None),
        // Before this creation of the key there may have been another one.
        Ok(Some(false)) if base.is_none() => Ok(None),
        result => Ok(result?),
    }
}

struct History<'a> {
    etcd: &'a Etcd,
    end: Instant,
}

impl History<'_> {
    /// The revision of the write that followed the base, if that can be told.
    fn write_after(&self, base: Option<&Version>) -> Result<Option<u64>, Problem> {
        let Some(now) = self.document(None)? else { return Ok(None) };
        let Some(base) = base else { return Ok(Some(now.create_revision)) };
        let Ok(base) = base.as_str().parse() else { return Ok(None) };
        let Some(base) = self.document(Some(base))? else { return Ok(None) };
        let is_same = base.create_revision == now.create_revision;
        if !is_same || base.version >= now.version {
            return Ok(None);
        }
        self.search(base, now)
    }

    /// The write that followed `old`, which is known to lie before `new` or to be it.
    fn search(&self, mut old: KeyValue, mut new: KeyValue) -> Result<Option<u64>, Problem> {
        let wanted = old.version + 1;
        let mut after = old.mod_revision;
        while new.version != wanted {
            let middle = after.midpoint(new.mod_revision);
            // Revisions of other keys lie between, so that the halves get smaller until they cannot.
            if middle <= after {
                return Ok(None);
            }
            match self.document(Some(middle))? {
                Some(found) if found.version == old.version => (after, old) = (middle, found),
                Some(found) if found.version < new.version => new = found,
                _ => return Ok(None),
            }
        }
        Ok(Some(new.mod_revision))
    }

    /// Whether the write at a revision left this ledger.
    fn is_by(&self, revision: Option<u64>, ledger: &Ledger) -> Result<Option<bool>, Problem> {
        let Some(revision) = revision else { return Ok(None) };
        let found = self.key(&self.etcd.keys.ledger, Some(revision))?;
        let found = found.filter(|found| found.mod_revision == revision);
        Ok(Some(found.as_ref().and_then(super::read).as_ref() == Some(ledger)))
    }

    fn document(&self, revision: Option<u64>) -> Result<Option<KeyValue>, Problem> {
        self.key(&self.etcd.keys.document, revision)
    }

    fn key(&self, key: &str, revision: Option<u64>) -> Result<Option<KeyValue>, Problem> {
        let request = revision.map_or_else(|| Range::now(key), |revision| Range::at(key, revision));
        let left = self.end.saturating_duration_since(Instant::now());
        let found: Found = self.etcd.gateway.look("kv/range", &request, left)?;
        Ok(found.key())
    }
}
