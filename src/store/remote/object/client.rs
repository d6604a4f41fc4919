use super::environment;
use super::url::{Location, Service};
use crate::{Error, ErrorKind, Result};
use object_store::ObjectStore;
use std::fmt;
use std::future::Future;
use std::sync::atomic::{AtomicU8, Ordering};
use std::thread;
use std::time::Duration;
use tokio::runtime::{Builder, Handle, Runtime};

/// A connection to a service, shared by the documents there.
pub(super) struct Client {
    pub(super) service: Service,
    pub(super) store: Box<dyn ObjectStore>,
    pub(super) quotes: Quotes,
    /// Always there until the end.
    runtime: Option<Runtime>,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("service", &self.service).finish_non_exhaustive()
    }
}

impl Client {
    pub(super) fn new(location: &Location) -> Result<Self> {
        // Some part of the program may have chosen already, which is just as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let store = environment::connect(location)?;
        let quotes = Quotes::default();
        // In the end, since an error would drop it, which those who have a runtime of their own may not do.
        let runtime = Builder::new_current_thread().enable_all().build().map_err(|error| {
            Error::new(ErrorKind::Io, format!("cannot prepare to talk to a service: {error}"))
        })?;
        Ok(Client { service: location.service, store, quotes, runtime: Some(runtime) })
    }

    /// Does something that takes no longer than `limit`, or stops doing it.
    pub(super) fn run<T: Send>(
        &self,
        limit: Duration,
        work: impl Future<Output = T> + Send,
    ) -> Option<T> {
        let runtime = self.runtime.as_ref()?;
        let bounded = async { tokio::time::timeout(limit, work).await.ok() };
        // Those who have a runtime of their own may not wait for another one on its threads.
        match Handle::try_current() {
            Err(_) => runtime.block_on(bounded),
            Ok(_) => thread::scope(|scope| {
                let apart = scope.spawn(|| runtime.block_on(bounded));
                apart.join().ok().flatten()
            }),
        }
    }
}

impl Drop for Client {
    /// Waits for nothing: a name server that does not answer would hold up the end of the program.
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Whether the service knows an etag by the quotes that it came with. The standard requires it, and Ceph's
/// does not.
#[derive(Debug, Default)]
pub(super) struct Quotes(AtomicU8);

/// What is known of that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Quoting {
    Untried = 0,
    Kept = 1,
    Dropped = 2,
}

impl Quotes {
    pub(super) fn get(&self) -> Quoting {
        match self.0.load(Ordering::Relaxed) {
            0 => Quoting::Untried,
            1 => Quoting::Kept,
            _ => Quoting::Dropped,
        }
    }

    pub(super) fn set(&self, quoting: Quoting) {
        self.0.store(quoting as u8, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_harms_nobody_who_has_a_runtime() {
        let location = Location {
            service: Service::Azure,
            bucket: "box".to_owned(),
            account: Some("no host".to_owned()),
            key: "k".into(),
        };
        let runtime = Builder::new_current_thread().build().unwrap();
        let error = runtime.block_on(async { Client::new(&location) }).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Denied, "{error}");
    }
}
