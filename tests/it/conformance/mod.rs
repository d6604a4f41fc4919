//! One suite for every store: what the library promises of stores, transactions and edits holds wherever a
//! document lives.

mod edits;
#[allow(dead_code, reason = "the unit tests use all of it")]
#[path = "../../../src/store/remote/tests/memory.rs"]
mod memory;
mod transactions;

use crate::harness::Sandbox;
// What the service in memory is made of, too.
use jsonlock::{
    Content, Create, Engine, Error, ErrorKind, Failure, Ledger, LocalStore, RemoteStore, Retry,
    Snapshot, Store, Version,
};
use memory::{Fault, Memory};

/// Gives the store for a document of this name.
type Open<'a> = dyn Fn(&str, Create) -> Box<dyn Store> + Sync + 'a;

/// Where documents live.
pub struct Place<'a> {
    /// Nobody else uses the documents.
    store: Box<Open<'a>>,
    crowd: Crowd,
}

/// Whether many writers at once are a matter of the store at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Crowd {
    /// So many of them.
    Of(usize),
    /// The server looks at a condition and then writes, without keeping two requests apart.
    #[cfg_attr(not(feature = "object-store"), expect(dead_code, reason = "no such server"))]
    NotKeptApart,
}

impl<'a> Place<'a> {
    pub fn new(store: impl Fn(&str, Create) -> Box<dyn Store> + Sync + 'a, crowd: Crowd) -> Self {
        Place { store: Box::new(store), crowd }
    }

    /// What the URLs name that `url` makes of names.
    #[cfg_attr(
        not(any(feature = "etcd", feature = "object-store")),
        expect(dead_code, reason = "there are no URLs")
    )]
    pub fn of_urls(url: impl Fn(&str) -> String + Sync + 'a, crowd: Crowd) -> Self {
        let open = move |name: &str, create| -> Box<dyn Store> {
            Box::new(RemoteStore::open(&url(name)).unwrap().create(create))
        };
        Place::new(open, crowd)
    }

    fn open(&self, name: &str) -> Box<dyn Store> {
        (self.store)(name, Create::File)
    }

    /// How many writers there are at once.
    fn writers(&self) -> usize {
        match self.crowd {
            Crowd::Of(writers) => writers,
            Crowd::NotKeptApart => 1,
        }
    }
}

/// Checks all of it.
pub fn check(place: &Place) {
    transactions::check(place);
    edits::check(place);
}

#[test]
fn files_do_what_stores_do() {
    let sandbox = Sandbox::new();
    let open = |name: &str, create| -> Box<dyn Store> {
        Box::new(LocalStore::new(sandbox.path(name)).create(create))
    };
    check(&Place::new(open, Crowd::Of(8)));
}

/// The documents of one service in memory, each with a fault in every fifth write.
fn in_memory(faults: &[Fault]) {
    let documents = std::sync::Mutex::new(std::collections::HashMap::<String, Memory>::new());
    let open = |name: &str, create| -> Box<dyn Store> {
        let mut documents = documents.lock().unwrap();
        let memory =
            documents.entry(name.to_owned()).or_insert_with(|| Memory::with_faults(faults));
        Box::new(RemoteStore::new(memory.clone()).create(create))
    };
    check(&Place::new(open, Crowd::Of(8)));
    let documents = documents.into_inner().unwrap();
    let injected: usize = documents.values().map(Memory::injected).sum();
    assert_eq!(injected > 0, !faults.is_empty(), "{faults:?}");
}

#[test]
fn a_service_in_memory_does_what_stores_do() {
    in_memory(&[]);
}

#[test]
fn a_service_in_memory_with_faults_does_what_stores_do() {
    for fault in [
        Fault::Unsent,
        Fault::Refused,
        Fault::Dropped,
        Fault::Unanswered,
        Fault::Late,
        Fault::Throttled,
    ] {
        in_memory(&[fault]);
    }
}

/// The control: a service that writes whatever the version is.
#[test]
#[should_panic(expected = "both overwrote one base")]
fn a_service_that_ignores_conditions_does_not() {
    let memory = Memory::default();
    memory.ignore_versions();
    let open = |_: &str, create| -> Box<dyn Store> {
        Box::new(RemoteStore::new(memory.clone()).create(create))
    };
    transactions::two_that_began_at_one_base(&Place::new(open, Crowd::Of(1)));
}
