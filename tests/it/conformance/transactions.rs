//! Stores and their transactions, which move bytes.

use super::Place;
use jsonlock::{
    Commit, Committed, Content, Create, Document, ErrorKind, Etag, Store, Transaction, Wait,
};
use std::thread;
use std::time::Duration;

pub(super) fn check(place: &Place) {
    what_does_not_exist_is_nothing(place);
    what_must_exist_is_not_made(place);
    what_is_committed_is_read_byte_by_byte(place);
    what_is_not_committed_is_not_there(place);
    equal_content_changes_nothing(place);
    two_that_began_at_one_base(place);
    of_those_who_begin_at_one_base_none_overwrites_another(place);
}

fn begin(store: &dyn Store) -> Box<dyn Transaction + '_> {
    store.begin(&Wait::default().start()).unwrap()
}

fn commit(store: &dyn Store, bytes: &[u8]) -> Committed {
    let content = Content::from(vec![bytes.to_vec().into()]);
    match begin(store).commit(&content).unwrap() {
        Commit::Done(committed) => committed,
        Commit::Conflict(reason) => panic!("{reason}"),
    }
}

fn what_does_not_exist_is_nothing(place: &Place) {
    let store = place.open("nothing");
    assert_eq!(store.read().unwrap(), None);
    store.preflight().unwrap();
    let transaction = begin(store.as_ref());
    assert_eq!((transaction.base(), transaction.is_outdated()), (None, false));
    drop(transaction);
    assert_eq!(store.read().unwrap(), None);
    assert!(jsonlock::read(store.as_ref()).unwrap().is_absent());
}

fn what_must_exist_is_not_made(place: &Place) {
    let store = (place.store)("must-exist", Create::Never);
    assert_eq!(store.preflight().unwrap_err().kind(), ErrorKind::NotFound);
    let error = jsonlock::edit(store.as_ref(), |_: &mut Document| Ok(())).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(error.to_string().contains(&store.name()), "{error}");
    assert_eq!(store.read().unwrap(), None);
    commit(place.open("must-exist").as_ref(), b"{}");
    store.preflight().unwrap();
    jsonlock::edit(store.as_ref(), |_: &mut Document| Ok(())).unwrap();
}

fn what_is_committed_is_read_byte_by_byte(place: &Place) {
    let store = place.open("bytes");
    let all: Vec<u8> = (0..=255).collect();
    let large = vec![b'x'; 60_000];
    for bytes in [&b"{}"[..], b"", b"\0", &all, "\u{feff}\u{e9}\r\n".as_bytes(), &large, b"{}\n"] {
        let committed = commit(store.as_ref(), bytes);
        assert!(committed.changed && committed.durable, "{committed:?}");
        if let Some(etag) = committed.etag {
            assert_eq!(etag, Etag::of(bytes));
        }
        assert_eq!(store.read().unwrap().as_deref(), Some(bytes));
        // What somebody else opens is the same.
        assert_eq!(begin(place.open("bytes").as_ref()).base().map(|base| &base[..]), Some(bytes));
    }
}

fn what_is_not_committed_is_not_there(place: &Place) {
    let store = place.open("rollback");
    commit(store.as_ref(), b"[1]");
    for _ in 0..3 {
        drop(begin(store.as_ref()));
    }
    assert_eq!(store.read().unwrap().as_deref(), Some(&b"[1]"[..]));
    assert!(commit(store.as_ref(), b"[2]").changed, "nobody is kept out");
}

fn equal_content_changes_nothing(place: &Place) {
    let store = place.open("equal");
    assert!(commit(store.as_ref(), b"[1]").changed);
    for _ in 0..3 {
        let committed = commit(store.as_ref(), b"[1]");
        assert!(!committed.changed && committed.durable, "{committed:?}");
    }
    assert_eq!(store.read().unwrap().as_deref(), Some(&b"[1]"[..]));
}

/// The second begins only where nobody is kept out, and then has a conflict.
pub(super) fn two_that_began_at_one_base(place: &Place) {
    let (one, other) = (place.open("two"), place.open("two"));
    commit(one.as_ref(), b"[0]");
    let first = begin(one.as_ref());
    let second = match other.begin(&Wait::NONE.start()) {
        Ok(second) => second,
        Err(error) => return assert_eq!(error.kind(), ErrorKind::Busy),
    };
    let write = |text: &'static [u8]| Content::from(vec![text.into()]);
    let done = first.commit(&write(b"[1]")).unwrap();
    assert!(matches!(done, Commit::Done(_)), "{done:?}");
    let late = second.commit(&write(b"[2]")).unwrap();
    assert!(matches!(late, Commit::Conflict(_)), "both overwrote one base");
    assert_eq!(one.read().unwrap().as_deref(), Some(&b"[1]"[..]));
}

/// Each writer adds letters of its own. Those who find a conflict begin again.
fn of_those_who_begin_at_one_base_none_overwrites_another(place: &Place) {
    const TIMES: usize = 5;
    let writers = u8::try_from(place.writers()).unwrap();
    thread::scope(|scope| {
        for writer in 0..writers {
            scope.spawn(move || {
                let store = place.open("letters");
                (0..TIMES).for_each(|_| add(store.as_ref(), b'a' + writer));
            });
        }
    });
    let text = place.open("letters").read().unwrap().unwrap();
    for writer in 0..writers {
        let count = text.iter().filter(|byte| **byte == b'a' + writer).count();
        assert_eq!(count, TIMES, "{text:?}");
    }
    assert_eq!(text.len(), TIMES * usize::from(writers));
}

fn add(store: &dyn Store, letter: u8) {
    for attempt in 1.. {
        let transaction = begin(store);
        let mut text = transaction.base().map(|base| base.to_vec()).unwrap_or_default();
        text.push(letter);
        let content = Content::from(vec![text.into()]);
        match transaction.commit(&content).unwrap() {
            Commit::Done(committed) => return assert!(committed.changed),
            Commit::Conflict(reason) => assert!(reason.contains(&store.name()), "{reason}"),
        }
        assert!(attempt < 10_000, "never written");
        thread::sleep(Duration::from_millis(fastrand::u64(0..20)));
    }
}
