//! What became of a write is found in the history of its key when the ledger has forgotten it.

use super::cluster::{Cluster, Plan, shared};
use jsonlock::{Content, Document, Json, Ledger, RemoteStore, Snapshot, Wait};
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(4);

/// More edits than a ledger remembers.
const MANY: u64 = 300;

struct Case<'a> {
    cluster: &'a Cluster,
    store: RemoteStore,
}

fn case(key: &str) -> Option<Case<'static>> {
    let cluster = shared(key)?;
    let store = RemoteStore::open(&cluster.url(key)).unwrap();
    Some(Case { cluster, store })
}

/// The ledger of a write that somebody makes or would have made.
fn ledger(operation: &str) -> Ledger {
    format!("1.00c0ffee0badcafe.1.{operation}").parse().unwrap()
}

impl Case<'_> {
    fn count(&self, times: u64) {
        let path = "n".parse().unwrap();
        let edit = |document: &mut Document| {
            let count = document.get::<u64>(&path)?.unwrap_or(0) + 1;
            document.set(&path, Json::from(count))
        };
        (0..times).for_each(|_| _ = jsonlock::edit(&self.store, edit).unwrap());
    }

    fn snapshot(&self) -> Option<Snapshot> {
        self.store.snapshot(&Wait::default().start()).unwrap()
    }

    fn write(&self, base: Option<&Snapshot>, ledger: &Ledger) {
        let content = Content::from(bytes::Bytes::from_static(b"{}"));
        let base = base.map(|base| &base.version);
        self.store.engine().write(base, &content, ledger, LIMIT).unwrap();
    }

    fn was_next(&self, base: Option<&Snapshot>, ledger: &Ledger) -> Option<bool> {
        self.store.engine().was_next(base.map(|base| &base.version), ledger, LIMIT).unwrap()
    }

    fn etcdctl(&self, args: &[&str]) {
        self.cluster.etcdctl(args.iter()).succeeds();
    }
}

#[test]
fn the_write_that_followed_is_found_among_many() {
    let Some(case) = case("followed") else { return };
    case.count(3);
    let base = case.snapshot();
    let mine = ledger("abcdef");
    case.write(base.as_ref(), &mine);
    for _ in 0..3 {
        case.count(MANY / 3);
        assert_eq!(case.was_next(base.as_ref(), &mine), Some(true));
        assert_eq!(case.was_next(base.as_ref(), &ledger("fedcba")), Some(false));
    }
    let later = case.snapshot();
    case.count(1);
    assert_eq!(case.was_next(later.as_ref(), &mine), Some(false), "it was earlier");
}

#[test]
fn a_foreign_write_was_another_one() {
    let Some(case) = case("foreigner") else { return };
    let mine = ledger("abcdef");
    case.write(None, &mine);
    let base = case.snapshot();
    case.etcdctl(&["put", "foreigner", "{}"]);
    case.count(5);
    assert_eq!(case.was_next(base.as_ref(), &mine), Some(false));
}

#[test]
fn the_first_write_is_known_if_it_was_this_one() {
    let Some(case) = case("first") else { return };
    let mine = ledger("abcdef");
    assert_eq!(case.was_next(None, &mine), None, "there is no document");
    case.write(None, &mine);
    case.count(5);
    assert_eq!(case.was_next(None, &mine), Some(true));
    assert_eq!(case.was_next(None, &ledger("fedcba")), None, "there may have been one before");
}

#[test]
fn what_was_deleted_is_not_known() {
    let Some(case) = case("deleted") else { return };
    let mine = ledger("abcdef");
    case.count(1);
    let base = case.snapshot();
    case.write(base.as_ref(), &mine);
    case.count(1);
    assert_eq!(case.was_next(base.as_ref(), &mine), Some(true));
    case.etcdctl(&["del", "deleted"]);
    assert_eq!(case.was_next(base.as_ref(), &mine), None);
    case.count(5);
    assert_eq!(case.was_next(base.as_ref(), &mine), None);
}

#[test]
fn what_was_compacted_is_not_known() {
    let Some(cluster) = Plan::nodes(1).start("compacted") else { return };
    let store = RemoteStore::open(&cluster.url("compacted")).unwrap();
    let case = Case { cluster: &cluster, store };
    let mine = ledger("abcdef");
    case.count(1);
    let base = case.snapshot();
    case.write(base.as_ref(), &mine);
    case.count(5);
    assert_eq!(case.was_next(base.as_ref(), &mine), Some(true));
    case.etcdctl(&["compact", case.snapshot().unwrap().version.as_str()]);
    assert_eq!(case.was_next(base.as_ref(), &mine), None);
}
