//! Documents in object stores: S3 and what speaks its protocol, Azure Blob Storage, Google Cloud Storage.
//!
//! Every request is made once. What became of a write whose answer was lost is found out by the ledger,
//! which is metadata of the object and so written with the content or not at all.

mod client;
mod environment;
mod exchange;
mod failure;
mod metadata;
mod url;

use super::engine::{Engine, Failure, Snapshot, Version};
use super::ledger::Ledger;
use crate::store::{Content, Retry};
use crate::{Error, ErrorKind, Result};
use client::{Client, Quoting};
use exchange::Exchange;
use failure::Purpose;
use metadata::Memory;
use object_store::path::Path;
use object_store::{
    GetOptions, ObjectStoreExt as _, PutMode, PutOptions, PutPayload, UpdateVersion,
};
use std::sync::Arc;
use std::time::{Duration, Instant};
use url::Service;

/// How long a large document may take on its way, beyond what a request may take: a second for each
/// megabyte.
const BYTES_PER_SECOND: usize = 1_000_000;

/// A document in an object store.
#[derive(Clone, Debug)]
pub(super) struct Object {
    client: Arc<Client>,
    key: Path,
    name: String,
    memory: Arc<Memory>,
}

impl Object {
    /// The document that a URL names. Nothing is sent yet.
    pub(super) fn open(url: &str) -> Result<Self> {
        let location = url::parse(url)?;
        let client = Client::new(&location).map_err(|error| error.context(url))?;
        Ok(Object {
            client: Arc::new(client),
            key: location.key,
            name: url.to_owned(),
            memory: Arc::default(),
        })
    }

    fn put(
        &self,
        mode: PutMode,
        expected: Option<&Version>,
        content: &Content,
        ledger: &Ledger,
        limit: Duration,
    ) -> Result<(), Failure> {
        let purpose = expected.map_or(Purpose::Create, |_| Purpose::Update);
        let attributes = metadata::with_ledger(self.memory.recall(expected), ledger);
        let exchange = Exchange::default();
        let mut options = PutOptions { mode, attributes, ..PutOptions::default() };
        options.extensions.insert(exchange.clone());
        let payload = PutPayload::from_iter(content.pieces().iter().cloned());
        let limit = limit + time_for(payload.content_length());
        let request = self.client.store.put_opts(&self.key, payload, options);
        match self.client.run(limit, request) {
            Some(Ok(_)) => Ok(()),
            // The service has said that it is done, whatever else its answer lacks.
            _ if exchange.succeeded() => Ok(()),
            ended => {
                let error = ended.and_then(Result::err);
                Err(failure::of(self.client.service, purpose, &exchange, error.as_ref()))
            }
        }
    }

    fn update(
        &self,
        version: &Version,
        quoting: Quoting,
        content: &Content,
        ledger: &Ledger,
        limit: Duration,
    ) -> Result<(), Failure> {
        let expected = match quoting {
            Quoting::Dropped => unquoted(metadata::update_version(version)),
            Quoting::Untried | Quoting::Kept => metadata::update_version(version),
        };
        self.put(PutMode::Update(expected), Some(version), content, ledger, limit)
    }

    /// Finds out whether a conflict is none, but an etag that the service does not know by its quotes. It
    /// would be met again and again.
    fn settle_quotes(
        &self,
        version: &Version,
        content: &Content,
        ledger: &Ledger,
        end: Instant,
    ) -> Result<(), Failure> {
        if !self.is_still(version, end) {
            return Err(Failure::Conflict);
        }
        match self.update(version, Quoting::Dropped, content, ledger, left(end)) {
            Ok(()) => {
                self.client.quotes.set(Quoting::Dropped);
                Ok(())
            }
            Err(Failure::Conflict) if self.is_still(version, end) => Err(refuses_etags()),
            failed => failed,
        }
    }

    fn is_still(&self, version: &Version, end: Instant) -> bool {
        let now = self.read(left(end));
        matches!(now, Ok(Some(now)) if now.version == *version)
    }
}

impl Engine for Object {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn read(&self, limit: Duration) -> Result<Option<Snapshot>, Failure> {
        let exchange = Exchange::default();
        let mut options = GetOptions::default();
        options.extensions.insert(exchange.clone());
        let end = Instant::now() + limit;
        let request = self.client.store.get_opts(&self.key, options);
        let found = self.client.run(limit, request);
        let found = match found {
            Some(Ok(found)) => found,
            _ if failure::is_absent(&exchange) => return Ok(None),
            ended => {
                let error = ended.and_then(Result::err);
                let service = self.client.service;
                return Err(failure::of(service, Purpose::Read, &exchange, error.as_ref()));
            }
        };
        let version = metadata::version(&found.meta);
        let attributes = found.attributes.clone();
        let limit = left(end) + time_for(usize::try_from(found.meta.size).unwrap_or(usize::MAX));
        let content = match self.client.run(limit, found.bytes()) {
            Some(Ok(content)) => content,
            Some(Err(error)) => return Err(Failure::Unclear(exchange::root_cause(&error))),
            None => return Err(Failure::Unclear("the document did not come in time".to_owned())),
        };
        let ledger = metadata::ledger(&attributes);
        self.memory.remember(&version, attributes);
        Ok(Some(Snapshot { content, version, ledger }))
    }

    fn write(
        &self,
        expected: Option<&Version>,
        content: &Content,
        ledger: &Ledger,
        limit: Duration,
    ) -> Result<(), Failure> {
        let Some(version) = expected else {
            return self.put(PutMode::Create, None, content, ledger, limit);
        };
        let end = Instant::now() + limit;
        let quoting = self.client.quotes.get();
        let written = self.update(version, quoting, content, ledger, limit);
        match written {
            Ok(()) if quoting == Quoting::Untried => self.client.quotes.set(Quoting::Kept),
            Err(Failure::Conflict)
                if quoting == Quoting::Untried && self.client.service == Service::S3 =>
            {
                return self.settle_quotes(version, content, ledger, end);
            }
            _ => {}
        }
        written
    }

    fn retry(&self) -> Retry {
        let (first, longest) = match self.client.service {
            // It lets an object be written once in a second.
            Service::Google => (500, 4000),
            Service::S3 | Service::Azure => (50, 1000),
        };
        Retry::default()
            .first_pause(Duration::from_millis(first))
            .longest_pause(Duration::from_millis(longest))
    }

    fn capacity(&self) -> Option<usize> {
        let bytes: u64 = match self.client.service {
            Service::S3 => 5 << 30,
            Service::Azure => 5000 << 20,
            Service::Google => 5 << 40,
        };
        usize::try_from(bytes).ok()
    }

    fn scratch(&self) -> Option<Box<dyn Engine>> {
        let suffix = format!(".jsonlock-probe-{:08x}", fastrand::u32(..));
        let key = format!("{}{suffix}", self.key);
        Some(Box::new(Object {
            key: Path::parse(&key).unwrap_or_else(|_| Path::from(key)),
            name: format!("{}{suffix}", self.name),
            memory: Arc::default(),
            client: Arc::clone(&self.client),
        }))
    }

    fn remove(&self, limit: Duration) -> Result<(), Failure> {
        match self.client.run(limit, self.client.store.delete(&self.key)) {
            Some(Ok(())) | Some(Err(object_store::Error::NotFound { .. })) => Ok(()),
            _ => {
                let message = "it could not be removed, and is of no use";
                Err(Failure::Fatal(Error::new(ErrorKind::Denied, message)))
            }
        }
    }
}

fn time_for(bytes: usize) -> Duration {
    Duration::from_secs((bytes / BYTES_PER_SECOND) as u64)
}

fn left(end: Instant) -> Duration {
    end.saturating_duration_since(Instant::now())
}

fn unquoted(version: UpdateVersion) -> UpdateVersion {
    let e_tag = version.e_tag.map(|etag| etag.trim_matches('"').to_owned());
    UpdateVersion { e_tag, ..version }
}

fn refuses_etags() -> Failure {
    let message = "the service refuses to replace the version that it has just given";
    let error = Error::new(ErrorKind::Unsupported, message);
    Failure::Fatal(
        error.advise("it does not know its own etags, so that nothing can be edited there"),
    )
}
