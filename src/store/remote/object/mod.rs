//! Documents in object stores: S3 and what speaks its protocol, Azure Blob Storage, Google Cloud Storage.
//!
//! Every request is made once. What became of a write whose answer was lost is found out by the ledger,
//! which is metadata of the object and so written with the content or not at all.

mod addresses;
mod client;
mod credentials;
mod environment;
mod exchange;
mod failure;
mod metadata;
mod transport;
mod url;

use super::engine::{Engine, Failure, Snapshot, Version};
use super::ledger::{Ledger, Verdict};
use super::time_for;
use crate::store::{Content, Retry};
use crate::{Error, ErrorKind, Result};
use bytes::Bytes;
use client::{Client, Quoting};
use exchange::Exchange;
use failure::Purpose;
use metadata::Memory;
use object_store::path::Path;
use object_store::{
    GetOptions, GetResult, ObjectStoreExt as _, PutMode, PutOptions, PutPayload, UpdateVersion,
};
use std::sync::Arc;
use std::time::{Duration, Instant};
use url::Service;

/// With less time left, no other form of a write is tried.
const SHORTEST_WRITE: Duration = Duration::from_millis(500);

/// A write as it is asked for.
struct Write<'a> {
    expected: Option<&'a Version>,
    content: &'a Content,
    ledger: &'a Ledger,
}

/// What is there after a conflict.
enum Found {
    /// What the write made, or what followed it.
    Made,
    /// The version that the write was to replace.
    Unchanged,
    Other,
}

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

    fn put(&self, mode: PutMode, write: &Write<'_>, limit: Duration) -> Result<(), Failure> {
        let service = self.client.service;
        let purpose = write.expected.map_or(Purpose::Create, |_| Purpose::Update);
        let attributes = self.memory.recall(write.expected);
        let attributes = metadata::with_ledger(service, attributes, write.ledger);
        let exchange = Exchange::default();
        let mut options = PutOptions { mode, attributes, ..PutOptions::default() };
        options.extensions.insert(exchange.clone());
        let payload = PutPayload::from_iter(write.content.pieces().iter().cloned());
        let request = self.client.store.put_opts(&self.key, payload, options);
        match self.client.run(limit, exchange.follow(request)) {
            Some(Ok(_)) => Ok(()),
            ended => {
                let error = ended.and_then(Result::err);
                Err(failure::of(service, purpose, &exchange, error.as_ref()))
            }
        }
    }

    fn update(
        &self,
        version: &Version,
        quoting: Quoting,
        write: &Write<'_>,
        limit: Duration,
    ) -> Result<(), Failure> {
        let expected = metadata::update_version(self.client.service, version);
        let expected = match quoting {
            Quoting::Dropped => unquoted(expected),
            Quoting::Untried | Quoting::Kept => expected,
        };
        self.put(PutMode::Update(expected), write, limit)
    }

    /// Finds out whether a conflict is one.
    fn settle(&self, write: &Write<'_>, quoting: Quoting, end: Instant) -> Result<(), Failure> {
        let may_know_no_quotes = quoting == Quoting::Untried && self.client.service == Service::S3;
        match (self.look(write, end)?, write.expected) {
            (Found::Made, _) => Ok(()),
            (Found::Unchanged, Some(version))
                if may_know_no_quotes && left(end) >= SHORTEST_WRITE =>
            {
                self.settle_quotes(version, write, end)
            }
            _ => Err(Failure::Conflict),
        }
    }

    /// Tries an etag without the quotes by which the service does not seem to know it. Without that, the same
    /// conflict would be met again and again.
    fn settle_quotes(
        &self,
        version: &Version,
        write: &Write<'_>,
        end: Instant,
    ) -> Result<(), Failure> {
        match self.update(version, Quoting::Dropped, write, left(end)) {
            Err(Failure::Conflict) => match self.look(write, end)? {
                Found::Made => {}
                Found::Unchanged => return Err(refuses_etags()),
                Found::Other => return Err(Failure::Conflict),
            },
            ended => ended?,
        }
        self.client.quotes.set(Quoting::Dropped);
        Ok(())
    }

    /// What is there after a write was answered by a conflict. That may be the answer to the second of two
    /// copies of it, which something on the way has made, and the first may have been carried out.
    fn look(&self, write: &Write<'_>, end: Instant) -> Result<Found, Failure> {
        let now = self.read(left(end)).map_err(|failure| {
            Failure::Unclear(format!("whether another write came first cannot be told: {failure}"))
        })?;
        let Some(now) = now else { return Ok(Found::Other) };
        if write.ledger.verdict(now.ledger.as_ref()) == Verdict::Applied {
            return Ok(Found::Made);
        }
        match Some(&now.version) == write.expected {
            true => Ok(Found::Unchanged),
            false => Ok(Found::Other),
        }
    }

    /// Takes the document from an answer that has begun.
    fn receive(&self, found: GetResult, end: Instant) -> Result<Snapshot, Failure> {
        let version = metadata::version(self.client.service, &found.meta).ok_or_else(no_version)?;
        let mut attributes = found.attributes.clone();
        metadata::take_encoding(&mut attributes).map_err(|encoding| encoded(&encoding))?;
        let size = self.fitting(found.meta.size)?;
        let content = match self.client.run(left(end) + time_for(size), found.bytes()) {
            Some(Ok(content)) => content,
            Some(Err(error)) => return Err(failure::unread(&error)),
            None => return Err(Failure::Unclear("the document did not come in time".to_owned())),
        };
        let ledger = metadata::ledger(&attributes);
        self.memory.remember(&version, attributes);
        Ok(Snapshot { content, version, ledger })
    }

    /// The size of a document, if it is one that could be written.
    fn fitting(&self, size: u64) -> Result<usize, Failure> {
        let capacity = self.capacity().unwrap_or(usize::MAX);
        let fitting = usize::try_from(size).ok().filter(|size| *size <= capacity);
        fitting.ok_or_else(|| {
            let message =
                format!("it has {size} bytes, and the service takes {capacity} at most at once");
            Failure::Fatal(Error::unfit(message))
        })
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
        match self.client.run(limit, exchange.follow(request)) {
            Some(Ok(found)) => self.receive(found, end).map(Some),
            _ if failure::is_absent(&exchange) => Ok(None),
            ended => {
                let error = ended.and_then(Result::err);
                let service = self.client.service;
                Err(failure::of(service, Purpose::Read, &exchange, error.as_ref()))
            }
        }
    }

    fn write(
        &self,
        expected: Option<&Version>,
        content: &Content,
        ledger: &Ledger,
        limit: Duration,
    ) -> Result<(), Failure> {
        let write = Write { expected, content, ledger };
        let size = content.pieces().iter().map(Bytes::len).sum();
        let end = Instant::now() + limit + time_for(size);
        let quoting = self.client.quotes.get();
        let written = match expected {
            None => self.put(PutMode::Create, &write, left(end)),
            Some(version) => self.update(version, quoting, &write, left(end)),
        };
        match written {
            Ok(()) if expected.is_some() && quoting == Quoting::Untried => {
                self.client.quotes.set(Quoting::Kept);
                Ok(())
            }
            Err(Failure::Conflict) => self.settle(&write, quoting, end),
            written => written,
        }
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
            Service::S3 | Service::Google => 5 << 30,
            Service::Azure => 5000 << 20,
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
            Some(Err(
                object_store::Error::PermissionDenied { .. }
                | object_store::Error::Unauthenticated { .. },
            )) => {
                let message = "the service refuses to remove it";
                Err(Failure::Fatal(Error::new(ErrorKind::Denied, message)))
            }
            Some(Err(_)) => Err(Failure::Unclear("removing it has failed".to_owned())),
            None => Err(Failure::Unclear("it was not removed in time".to_owned())),
        }
    }
}

fn left(end: Instant) -> Duration {
    end.saturating_duration_since(Instant::now())
}

fn unquoted(version: UpdateVersion) -> UpdateVersion {
    let e_tag = version.e_tag.map(|etag| etag.trim_matches('"').to_owned());
    UpdateVersion { e_tag, ..version }
}

fn no_version() -> Failure {
    let message = "its answer names no version of the document, without which it cannot be edited";
    Failure::Fatal(Error::new(ErrorKind::Io, message))
}

fn encoded(encoding: &str) -> Failure {
    let message = format!("it is stored in the content encoding {encoding}");
    let error = Error::new(ErrorKind::Denied, message);
    Failure::Fatal(error.advise("jsonlock edits what is stored as it is: store it without"))
}

fn refuses_etags() -> Failure {
    let message = "the service refuses to replace the version that it has just given";
    let error = Error::new(ErrorKind::Unsupported, message);
    Failure::Fatal(
        error.advise("it does not know its own etags, so that nothing can be edited there"),
    )
}
