//! Proves what the library promises of stores and transactions, and that an edit notices programs that
//! do not lock.

use crate::harness::Sandbox;
use crate::system::{Held, inode, is_locked, sees_waiters};
use jsonlock::{
    Commit, Content, Create, Document, Editor, Error, ErrorKind, Event, Interrupts, Json,
    LocalStore, Path, Store as _, Wait,
};
use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

const OLD: &str = "{\"a\": \"old\"}";

/// What another program does.
type Act = fn(&Sandbox);

fn store(sandbox: &Sandbox) -> LocalStore {
    LocalStore::new(sandbox.path("f"))
}

/// A store that notes what it is told.
fn observed(sandbox: &Sandbox) -> (LocalStore, Arc<Mutex<Vec<Event>>>) {
    let events = Arc::new(Mutex::new(Vec::new()));
    let notes = Arc::clone(&events);
    let store = store(sandbox).observe(move |event| notes.lock().unwrap().push(event.clone()));
    (store, events)
}

fn content(text: &'static str) -> Content {
    Content::from(vec![text.into()])
}

fn path(text: &str) -> Path {
    text.parse().unwrap()
}

/// Replaces the document as a program does that does not lock.
fn replace(sandbox: &Sandbox, text: &str) {
    sandbox.write("new", text);
    sandbox.shell("mv new f").succeeds();
}

#[test]
fn a_transaction_reads_commits_and_lets_go() {
    let sandbox = Sandbox::with("f", OLD);
    let store = store(&sandbox);
    let transaction = store.begin(&Wait::NONE.start()).unwrap();
    assert_eq!(transaction.base().unwrap(), OLD.as_bytes());
    assert!(is_locked(&sandbox.path("f.lock")));
    let Commit::Done(committed) = transaction.commit(&content("{}")).unwrap() else {
        panic!("a conflict")
    };
    assert!(committed.changed && committed.durable);
    assert!(!is_locked(&sandbox.path("f.lock")));
    assert_eq!(store.read().unwrap().unwrap(), "{}");
    assert_eq!(sandbox.names(), ["f", "f.lock"]);
}

#[test]
fn a_transaction_that_is_dropped_changes_nothing_and_lets_go() {
    let sandbox = Sandbox::with("f", OLD);
    let before = inode(&sandbox.path("f"));
    drop(store(&sandbox).begin(&Wait::NONE.start()).unwrap());
    assert_eq!((sandbox.read("f").as_str(), inode(&sandbox.path("f"))), (OLD, before));
    assert!(!is_locked(&sandbox.path("f.lock")));
}

#[test]
fn a_panic_in_a_closure_is_a_rollback_too() {
    let sandbox = Sandbox::with("f", OLD);
    let store = store(&sandbox);
    let panics =
        || jsonlock::edit(&store, |_| -> jsonlock::Result<()> { panic!("in the closure") });
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(panics)).unwrap_err();
    assert_eq!(sandbox.read("f"), OLD);
    assert_eq!(sandbox.names(), ["f", "f.lock"]);
    assert!(!is_locked(&sandbox.path("f.lock")));
}

#[test]
fn a_held_lock_keeps_others_out_but_those_with_which_it_is_shared() {
    let sandbox = Sandbox::with("f", OLD);
    let store = store(&sandbox);
    let held = store.hold(&Wait::NONE).unwrap();
    assert_eq!(store.hold(&Wait::NONE).unwrap_err().kind(), ErrorKind::Busy);
    assert_eq!(store.begin(&Wait::NONE.start()).err().unwrap().kind(), ErrorKind::Busy);
    let set = || sandbox.command(["set", "f", "a=new", "--timeout", "0"]);
    sandbox.run_command(set()).exits_with(75);
    let mut shared = set();
    let (variable, value) = held.environment();
    shared.env(variable, value);
    sandbox.run_command(shared).succeeds();
    assert!(is_locked(&sandbox.path("f.lock")), "it is still held");
    held.release();
    // A program that another test starts has the shared lock, too, from its fork on until it runs.
    drop(store.hold(&Wait::default()).unwrap());
    drop(store.begin(&Wait::default().start()).unwrap());
    assert!(!is_locked(&sandbox.path("f.lock")));
    let missing = LocalStore::new(sandbox.path("none")).create(Create::Never);
    assert_eq!(missing.hold(&Wait::NONE).unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(sandbox.names(), ["f", "f.lock"]);
}

#[test]
fn two_transactions_exclude_each_other_in_one_process_too() {
    let sandbox = Sandbox::with("f", OLD);
    let store = store(&sandbox);
    let first = store.begin(&Wait::NONE.start()).unwrap();
    let busy = store.begin(&Wait::NONE.start()).err().unwrap();
    assert_eq!(busy.kind(), ErrorKind::Busy);
    drop(first);
    drop(store.begin(&Wait::NONE.start()).unwrap());
}

#[test]
fn a_commit_conflicts_when_a_program_that_does_not_lock_was_there() {
    let acts: [(&str, &str, Act); 5] = [
        ("replaced", OLD, |sandbox| replace(sandbox, OLD)),
        ("rewritten in place", OLD, |sandbox| sandbox.write("f", "{\"a\": \"odd\"}")),
        ("deleted", OLD, |sandbox| fs::remove_file(sandbox.path("f")).unwrap()),
        ("created", "", |sandbox| replace(sandbox, OLD)),
        ("locked otherwise", OLD, |sandbox| fs::remove_file(sandbox.path("f.lock")).unwrap()),
    ];
    for (what, old, act) in acts {
        let sandbox = if old.is_empty() { Sandbox::new() } else { Sandbox::with("f", old) };
        let store = store(&sandbox);
        let transaction = store.begin(&Wait::NONE.start()).unwrap();
        assert!(!transaction.is_outdated());
        act(&sandbox);
        assert_eq!(transaction.is_outdated(), what != "locked otherwise", "{what}");
        let theirs = store.read().unwrap();
        let commit = transaction.commit(&content("{\"mine\": 1}")).unwrap();
        assert!(matches!(commit, Commit::Conflict(_)), "{what}");
        assert_eq!(store.read().unwrap(), theirs, "{what}");
        let left: Vec<_> =
            sandbox.names().into_iter().filter(|name| name.starts_with(".jsonlock")).collect();
        assert_eq!(left, [""; 0], "{what}");
    }
}

#[test]
fn content_equal_to_the_base_is_not_published() {
    let sandbox = Sandbox::with("f", OLD);
    let before = inode(&sandbox.path("f"));
    let store = store(&sandbox);
    let transaction = store.begin(&Wait::NONE.start()).unwrap();
    let Commit::Done(committed) = transaction.commit(&content(OLD)).unwrap() else { panic!() };
    assert!(!committed.changed && committed.durable);
    assert_eq!(inode(&sandbox.path("f")), before);
}

#[test]
fn an_edit_runs_again_on_what_another_program_wrote() {
    let sandbox = Sandbox::with("f", OLD);
    let mut runs = 0_u64;
    let edited = jsonlock::edit(&store(&sandbox), |document: &mut Document| {
        runs += 1;
        if runs == 1 {
            replace(&sandbox, "{\"theirs\": 1}");
        }
        document.set(&path("mine"), Json::from(runs))
    })
    .unwrap();
    assert_eq!((edited.attempts, edited.changed, edited.durable), (2, true, true));
    assert_eq!(edited.base.unwrap(), "{\"theirs\": 1}");
    assert_eq!(sandbox.json("f"), serde_json::json!({"theirs": 1, "mine": 2}));
    assert_eq!(sandbox.names(), ["f", "f.lock"]);
}

#[test]
fn an_edit_gives_up_on_a_program_that_always_interferes() {
    let sandbox = Sandbox::with("f", OLD);
    let editor = Editor::default().wait(Wait::at_most(Duration::from_millis(100)));
    let mut runs = 0_u64;
    let error = editor
        .edit(&store(&sandbox), |document| {
            runs += 1;
            replace(&sandbox, &format!("{{\"theirs\": {runs}}}"));
            document.set(&path("mine"), Json::from(1_u64))
        })
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Busy);
    assert!(error.to_string().contains("a program that does not lock"), "{error}");
    assert_eq!(sandbox.json("f"), serde_json::json!({"theirs": runs}));
    assert_eq!(sandbox.names(), ["f", "f.lock"]);
}

#[test]
fn an_error_of_the_closure_is_handed_on_and_changes_nothing() {
    let sandbox = Sandbox::with("f", OLD);
    let error = jsonlock::edit(&store(&sandbox), |document| {
        document.set(&path("a"), Json::from(1_u64))?;
        Err::<(), _>(Error::unfit("there is nothing to promote"))
    })
    .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unfit);
    assert!(error.to_string().contains("there is nothing to promote"), "{error}");
    assert_eq!(sandbox.read("f"), OLD);
}

#[test]
fn a_preview_creates_and_changes_nothing() {
    let sandbox = Sandbox::new();
    let change = |document: &mut Document| document.set(&path("a"), Json::from(1_u64));
    for create in [Create::File, Create::Parents] {
        let store = LocalStore::new(sandbox.path("f")).create(create);
        let previewed = Editor::default().preview(&store, change).unwrap();
        assert!(previewed.changed && previewed.content.is_some() && previewed.attempts == 0);
        assert_eq!(sandbox.names(), [""; 0]);
    }
    let deep = LocalStore::new(sandbox.path("x/y/f")).create(Create::Parents);
    assert!(Editor::default().preview(&deep, change).unwrap().changed);
    let missing = LocalStore::new(sandbox.path("f")).create(Create::Never);
    let error = Editor::default().preview(&missing, change).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert_eq!(sandbox.names(), [""; 0]);
}

#[test]
fn a_preview_needs_no_lock() {
    let sandbox = Sandbox::with("f", OLD);
    let _held = Held::new(&sandbox.path("f.lock"));
    let editor = Editor::default().wait(Wait::NONE);
    let previewed = editor.preview(&store(&sandbox), |document| document.get::<String>(&path("a")));
    assert_eq!(previewed.unwrap().value.unwrap(), "old");
}

#[test]
fn a_request_to_stop_rolls_the_edit_back() {
    let sandbox = Sandbox::with("f", OLD);
    let interrupts = Interrupts::default();
    let store = store(&sandbox).interrupts(interrupts.clone());
    let error = jsonlock::edit(&store, |document| {
        assert!(interrupts.may_die().load(Ordering::SeqCst), "nothing needs cleaning up yet");
        interrupts.requested().store(15, Ordering::SeqCst);
        document.set(&path("a"), Json::from(1_u64))
    })
    .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Interrupted);
    assert_eq!(sandbox.read("f"), OLD);
    assert_eq!(sandbox.names(), ["f", "f.lock"]);
    assert!(interrupts.may_die().load(Ordering::SeqCst), "nothing needs cleaning up any more");
    interrupts.requested().store(0, Ordering::SeqCst);
    jsonlock::edit(&store, |document| document.set(&path("a"), Json::from(1_u64))).unwrap();
}

/// A signal may come while the temporary file exists, and a conflict at the same time: the program was
/// not ended by the signal then, so the edit must not begin again and perhaps wait for the lock.
#[test]
fn a_request_to_stop_ends_an_edit_that_is_in_conflict() {
    let sandbox = Sandbox::with("f", OLD);
    let interrupts = Interrupts::default();
    let handler = interrupts.clone();
    let store = store(&sandbox).interrupts(interrupts).observe(move |event| {
        assert!(matches!(event, Event::LockReplaced(_)), "{event}");
        assert!(!handler.may_die().load(Ordering::SeqCst), "there is a temporary file");
        handler.requested().store(15, Ordering::SeqCst);
    });
    let mut runs = 0_u64;
    let error = jsonlock::edit(&store, |document| {
        runs += 1;
        fs::remove_file(sandbox.path("f.lock")).unwrap();
        document.set(&path("a"), Json::from(1_u64))
    })
    .unwrap_err();
    assert_eq!((error.kind(), runs), (ErrorKind::Interrupted, 1));
    assert_eq!(sandbox.names(), ["f"]);
}

#[test]
fn an_observer_is_told_what_happens_and_nothing_else() {
    let sandbox = Sandbox::with("f", OLD);
    let (store, events) = observed(&sandbox);
    let set = |value: u64| {
        jsonlock::edit(&store, |document| document.set(&path("a"), Json::from(value))).unwrap();
        std::mem::take(&mut *events.lock().unwrap())
    };
    assert_eq!(set(1), [], "an edit that nothing disturbs");
    sandbox.write("f.lock", "not ours");
    assert_eq!(set(2), [Event::ForeignLockFile(sandbox.path("f.lock"))]);
    let temporary = ".jsonlock-0123456789abcdef";
    sandbox.write("f.lock", format!("jsonlock/1 pid=1 since=1 temp={temporary}\n"));
    sandbox.write(temporary, "");
    assert_eq!(set(3), [Event::LeftoverRemoved(sandbox.path(temporary))]);
}

#[test]
fn an_observer_is_told_of_a_long_wait_once() {
    let test = "stores::an_observer_is_told_of_a_long_wait_once";
    if !sees_waiters(test) {
        return;
    }
    let sandbox = Sandbox::with("f", OLD);
    let held = Held::new(&sandbox.path("f.lock"));
    let waits = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&waits);
    let (sender, receiver) = std::sync::mpsc::channel();
    let store = store(&sandbox).observe(move |event| {
        let Event::Waiting { holder, .. } = event else { panic!("{event}") };
        count.fetch_add(1, Ordering::SeqCst);
        sender.send(holder.clone()).unwrap();
    });
    std::thread::scope(|scope| {
        // The holder lets go when the waiter has been told of it.
        let holder = scope.spawn(move || {
            let holder = receiver.recv_timeout(Duration::from_secs(20)).unwrap();
            held.release();
            holder
        });
        jsonlock::edit(&store, |document| document.set(&path("a"), Json::from(1_u64))).unwrap();
        let holder = holder.join().unwrap().unwrap();
        assert!(holder.contains(&std::process::id().to_string()), "{holder}");
    });
    assert_eq!(waits.load(Ordering::SeqCst), 1);
}

#[test]
fn reading_needs_no_lock_and_creates_nothing() {
    let sandbox = Sandbox::with("f", OLD);
    let document = jsonlock::read(&store(&sandbox)).unwrap();
    assert_eq!(document.get::<String>(&path("a")).unwrap().unwrap(), "old");
    assert_eq!(sandbox.names(), ["f"]);
    let _held = Held::new(&sandbox.path("f.lock"));
    assert!(jsonlock::read(&store(&sandbox)).is_ok());
    let missing = LocalStore::new(sandbox.path("missing/f"));
    assert!(missing.read().unwrap().is_none());
    assert!(jsonlock::read(&missing).unwrap().is_absent());
    assert!(!sandbox.path("missing").exists());
}
