//! Proves that edits which run without a lock lose nothing, try again within bounds, and only where that
//! helps.

use crate::harness::Sandbox;
use jsonlock::{
    Commit, Committed, Content, Deadline, Document, Editor, Error, ErrorKind, Json, LocalStore,
    Path, Result, Retry, Store, Transaction, Wait,
};
use std::cell::Cell;
use std::thread;
use std::time::Duration;

/// A store in memory where the first so many commits meet a conflict.
struct Contested {
    conflicts: u32,
    begun: Cell<u32>,
    refusal: Option<fn() -> Error>,
}

impl Contested {
    fn with(conflicts: u32) -> Self {
        Contested { conflicts, begun: Cell::new(0), refusal: None }
    }
}

impl Store for Contested {
    fn name(&self) -> String {
        "contested".to_owned()
    }

    fn read(&self) -> Result<Option<bytes::Bytes>> {
        Ok(Some("{}".into()))
    }

    fn preflight(&self) -> Result<()> {
        Ok(())
    }

    fn begin<'a>(&'a self, _: &Deadline) -> Result<Box<dyn Transaction + 'a>> {
        self.begun.set(self.begun.get() + 1);
        match self.refusal {
            Some(refusal) => Err(refusal()),
            None => Ok(Box::new(Begun { store: self, base: "{}".into() })),
        }
    }
}

struct Begun<'a> {
    store: &'a Contested,
    base: bytes::Bytes,
}

impl Transaction for Begun<'_> {
    fn base(&self) -> Option<&bytes::Bytes> {
        Some(&self.base)
    }

    fn commit(self: Box<Self>, _: &Content) -> Result<Commit> {
        if self.store.begun.get() <= self.store.conflicts {
            return Ok(Commit::Conflict("somebody else was quicker".to_owned()));
        }
        let (waited, held) = (Duration::ZERO, Duration::ZERO);
        Ok(Commit::Done(Committed { changed: true, etag: None, waited, held, durable: true }))
    }
}

fn set(document: &mut Document) -> Result<()> {
    document.set(&"a".parse()?, Json::from(1_u64))
}

/// The ways to edit, of which both retry.
fn editors() -> [Editor; 2] {
    let editor = Editor::default().retry(Retry::default().longest_pause(Duration::ZERO));
    [editor.clone(), editor.optimistic()]
}

#[test]
fn conflicts_are_retried_and_counted() {
    for editor in editors() {
        let edited = editor.edit(&Contested::with(7), set).unwrap();
        assert_eq!(edited.attempts, 8);
    }
}

#[test]
fn attempts_are_bounded_by_their_number() {
    for editor in editors() {
        let store = Contested::with(u32::MAX);
        let editor = editor.wait(Wait::FOREVER).retry(Retry::default().attempts(3));
        let error = editor.edit(&store, set).unwrap_err();
        assert_eq!((error.kind(), store.begun.get()), (ErrorKind::Busy, 3));
        let text = error.to_string();
        assert!(text.contains("quicker") && text.contains("gave up after 3 tries"), "{text}");
    }
}

#[test]
fn attempts_are_bounded_by_the_wait_limit() {
    for editor in editors() {
        let store = Contested::with(u32::MAX);
        let error = editor.clone().wait(Wait::NONE).edit(&store, set).unwrap_err();
        assert_eq!((error.kind(), store.begun.get()), (ErrorKind::Busy, 1));
        let wait = Wait::at_most(Duration::from_millis(20));
        assert_eq!(editor.wait(wait).edit(&store, set).unwrap_err().kind(), ErrorKind::Busy);
    }
}

#[test]
fn what_trying_again_does_not_help_is_not_tried_again() {
    let refusals: [fn() -> Error; 3] =
        [|| Error::conflict("frozen"), || Error::rejected("no"), || Error::unfit("a string")];
    for (editor, refusal) in editors().into_iter().flat_map(|e| refusals.map(|r| (e.clone(), r))) {
        let store = Contested { refusal: Some(refusal), ..Contested::with(0) };
        assert_eq!(editor.edit(&store, set).unwrap_err().kind(), refusal().kind());
        assert_eq!(store.begun.get(), 1);
        let runs = Cell::new(0);
        let change = |_: &mut Document| {
            runs.set(runs.get() + 1);
            Err::<(), _>(refusal())
        };
        assert_eq!(editor.edit(&Contested::with(5), change).unwrap_err().kind(), refusal().kind());
        assert_eq!(runs.get(), 1);
    }
}

#[test]
fn the_closure_runs_without_the_lock() {
    let sandbox = Sandbox::with("f", "{}");
    let store = LocalStore::new(sandbox.path("f"));
    let other = "other".parse().unwrap();
    let edited = Editor::default().optimistic().edit(&store, |document| {
        // With the lock held this would never end.
        if document.get::<u64>(&other)?.is_none() {
            jsonlock::edit(&store, |document| document.set(&other, Json::from(1_u64)))?;
        }
        set(document)
    });
    assert_eq!(edited.unwrap().attempts, 2);
    assert_eq!(sandbox.json("f"), serde_json::json!({"other": 1, "a": 1}));
}

#[test]
fn threads_that_count_without_a_lock_lose_nothing() {
    let sandbox = Sandbox::with("f", "{\"n\": 0}");
    let path: Path = "n".parse().unwrap();
    let attempts: u32 = thread::scope(|scope| {
        let count = || {
            let store = LocalStore::new(sandbox.path("f"));
            let increment = |document: &mut Document| {
                let number = document.get::<u64>(&path)?.unwrap_or(0);
                thread::yield_now();
                document.set(&path, Json::from(number + 1))
            };
            let editor = Editor::default().optimistic();
            (0..20).map(|_| editor.edit(&store, increment).unwrap().attempts).sum::<u32>()
        };
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(count)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(sandbox.json("f")["n"], 160);
    assert!(attempts > 160, "nobody was ever in anybody's way, which shows nothing");
}

/// The closure may replace the document as a whole, which must not be taken for no change.
#[test]
fn a_document_that_was_put_in_the_place_of_the_old_one_is_committed() {
    for editor in [Editor::default(), Editor::default().optimistic()] {
        for old in ["", " ", "{\"a\": 1}"] {
            let sandbox = Sandbox::with("f", old);
            let store = LocalStore::new(sandbox.path("f"));
            let replace = |document: &mut Document| {
                *document = Document::parse("[ 1 ]")?;
                Ok(())
            };
            assert!(editor.edit(&store, replace).unwrap().changed, "{old:?}");
            assert_eq!(sandbox.read("f"), "[ 1 ]");
            assert!(!editor.edit(&store, replace).unwrap().changed);
        }
    }
}
