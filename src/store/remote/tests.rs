//! What becomes of edits when replies are lost, on a service in memory whose faults are injected.

mod memory;

use super::ledger::{Ledger, Verdict};
use super::{Engine, Failure, Probe, RemoteStore, Snapshot, Version};
use crate::store::{Content, Create, Retry, Store as _, Wait};
use crate::{Editor, Error, ErrorKind, Event, Json};
use memory::{Fault, Memory};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

const WRITERS: u64 = 8;
const EDITS: u64 = 25;

/// How many edits were reported as made, and of how many it was said that this cannot be known.
#[derive(Debug, Default)]
struct Tally {
    made: AtomicU64,
    unknown: AtomicU64,
}

fn counted(store: &RemoteStore, path: &str) -> u64 {
    let document = crate::read(store).unwrap();
    document.get::<u64>(&path.parse().unwrap()).unwrap().unwrap_or(0)
}

/// Adds one to the common counter and to that of the writer.
fn count(store: &RemoteStore, writer: u64, wait: Wait) -> crate::Result<u32> {
    let (all, own) = ("all".parse()?, format!("own{writer}").parse()?);
    let editor = Editor::default().wait(wait);
    let edited = editor.edit(store, |document| {
        for path in [&all, &own] {
            let count = document.get::<u64>(path)?.unwrap_or(0) + 1;
            document.set(path, Json::from(count))?;
        }
        Ok(())
    })?;
    Ok(edited.attempts)
}

/// Lets writers count, and compares what they were told with what is there.
fn run(store: &RemoteStore) -> (Tally, u64) {
    let tally = Tally::default();
    let wait = Wait::at_most(Duration::from_secs(60));
    thread::scope(|scope| {
        for writer in 0..WRITERS {
            let tally = &tally;
            scope.spawn(move || {
                for _ in 0..EDITS {
                    match count(store, writer, wait) {
                        Ok(_) => &tally.made,
                        Err(error) if error.kind() == ErrorKind::Unclear => &tally.unknown,
                        Err(error) => panic!("{error}"),
                    }
                    .fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    let all = counted(store, "all");
    let own: u64 = (0..WRITERS).map(|writer| counted(store, &format!("own{writer}"))).sum();
    assert_eq!(all, own, "the counters belong together");
    (tally, all)
}

#[test]
fn no_edit_is_lost_or_made_twice_whatever_becomes_of_replies() {
    for faults in [
        &[][..],
        &[Fault::Unsent],
        &[Fault::Refused],
        &[Fault::Dropped],
        &[Fault::Unanswered],
        &[Fault::Late],
        &[Fault::Throttled],
        &[Fault::Unsent, Fault::Refused, Fault::Dropped, Fault::Unanswered, Fault::Late],
    ] {
        let memory = Memory::with_faults(faults);
        let (tally, all) = run(&RemoteStore::new(memory.clone()));
        let (made, unknown) = (tally.made.into_inner(), tally.unknown.into_inner());
        assert_eq!((all, made, unknown), (WRITERS * EDITS, WRITERS * EDITS, 0), "{faults:?}");
        assert!(faults.is_empty() || memory.injected() > 0, "no fault took effect");
    }
}

/// The first control: who takes a lost reply for a conflict, as is usual, makes edits twice.
#[test]
fn without_operations_edits_are_made_twice() {
    let memory = Memory::with_faults(&[Fault::Unanswered]);
    let mut store = RemoteStore::new(memory);
    store.judge = |_, _| Verdict::Superseded;
    let (tally, all) = run(&store);
    assert!(all > tally.made.into_inner(), "{all}");
}

/// The second control: the names of the last writes without their numbers are not enough when there
/// were more writes than names.
#[test]
fn without_the_sequence_edits_are_made_twice() {
    fn by_name_only(mine: &Ledger, now: Option<&Ledger>) -> Verdict {
        let operation = mine.operation().unwrap().to_string();
        let text = now.unwrap().to_string();
        let names = text.rsplit('.').next().unwrap().as_bytes().chunks(operation.len());
        match names.into_iter().any(|name| name == operation.as_bytes()) {
            true => Verdict::Applied,
            false => Verdict::Superseded,
        }
    }
    for (judge, is_silent) in
        [(by_name_only as fn(&Ledger, Option<&Ledger>) -> Verdict, true), (Ledger::verdict, false)]
    {
        let memory = Memory::default();
        let mut store = RemoteStore::new(memory.clone());
        count(&store, 0, Wait::default()).unwrap();
        let others = RemoteStore::new(memory.clone());
        memory.after_next_write(Fault::Unanswered, move || {
            for _ in 0..300 {
                count(&others, 1, Wait::default()).unwrap();
            }
        });
        store.judge = judge;
        let result = count(&store, 0, Wait::default());
        let all = counted(&store, "all");
        match is_silent {
            true => assert_eq!((result.is_ok(), all), (true, 303), "one too many"),
            false => {
                assert_eq!((result.unwrap_err().kind(), all), (ErrorKind::Unclear, 302));
            }
        }
    }
}

#[test]
fn a_history_tells_what_the_ledger_has_forgotten() {
    for is_lost in [false, true] {
        let memory = Memory::default().with_history();
        let store = RemoteStore::new(memory.clone());
        count(&store, 0, Wait::default()).unwrap();
        let others = RemoteStore::new(memory.clone());
        let fault = if is_lost { Fault::Dropped } else { Fault::Unanswered };
        memory.after_next_write(fault, move || {
            for _ in 0..300 {
                count(&others, 1, Wait::default()).unwrap();
            }
        });
        assert_eq!(count(&store, 0, Wait::default()).unwrap(), if is_lost { 2 } else { 1 });
        assert_eq!((counted(&store, "all"), counted(&store, "own0")), (302, 2));
    }
}

#[test]
fn what_a_writer_without_a_ledger_does_makes_it_unclear() {
    let memory = Memory::default();
    let store = RemoteStore::new(memory.clone());
    count(&store, 0, Wait::default()).unwrap();
    let other = memory.clone();
    memory.after_next_write(Fault::Unanswered, move || other.overwrite(b"{\"all\": 40}"));
    let error = count(&store, 0, Wait::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unclear);
    let text = error.to_string();
    assert!(text.starts_with("memory:d: no reply came, and whether the edit was made"), "{text}");
    assert!(text.contains("operation "), "{text}");
    assert!(text.ends_with(" on version 1); look at it before trying again"), "{text}");
    assert_eq!(counted(&store, "all"), 40);
    count(&store, 0, Wait::default()).unwrap();
    assert_eq!(counted(&store, "all"), 41);
}

/// The request that was not answered may still come, so that this is not certain either way, but waiting for
/// the deadline would not make it more so.
#[test]
fn what_is_refused_after_a_doubt_is_not_sent_again_and_again() {
    let memory = Memory::default();
    let store = RemoteStore::new(memory.clone());
    let refusing = memory.clone();
    memory.after_next_write(Fault::Dropped, move || refusing.refuse_writes());
    let error = count(&store, 0, Wait::FOREVER).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unclear);
    let text = error.to_string();
    assert!(text.starts_with("memory:d: no reply came, and whether"), "{text}");
    assert!(text.contains("you may not write this (operation "), "{text}");
}

#[test]
fn a_look_at_the_history_is_tried_again() {
    let memory = Memory::default().with_history();
    let store = RemoteStore::new(memory.clone());
    count(&store, 0, Wait::default()).unwrap();
    let (others, failing) = (RemoteStore::new(memory.clone()), memory.clone());
    memory.after_next_write(Fault::Unanswered, move || {
        for _ in 0..300 {
            count(&others, 1, Wait::default()).unwrap();
        }
        failing.fail_next_looks_back(3);
    });
    assert_eq!(count(&store, 0, Wait::default()).unwrap(), 1);
    assert_eq!((counted(&store, "all"), counted(&store, "own0")), (302, 2));
}

/// Who deletes a document begins a new one. The first was made and is gone; in the second it is made as well.
#[test]
fn an_edit_is_made_once_in_each_document_of_a_name() {
    let memory = Memory::default();
    let store = RemoteStore::new(memory.clone());
    let (others, deleting) = (RemoteStore::new(memory.clone()), memory.clone());
    memory.after_next_write(Fault::Unanswered, move || {
        deleting.delete();
        count(&others, 1, Wait::default()).unwrap();
    });
    assert_eq!(count(&store, 0, Wait::default()).unwrap(), 2);
    assert_eq!((counted(&store, "all"), counted(&store, "own0")), (2, 1));
}

#[test]
fn those_who_wait_survive_a_service_that_is_away() {
    let memory = Memory::default();
    // Shorter than the service is away.
    let store = RemoteStore::new(memory.clone()).read_wait(Wait::NONE);
    let editor = Editor::default().wait(Wait::at_most(Duration::from_secs(60)));
    let mut looks = 0;
    let found = editor.wait_until(&store, |_| {
        looks += 1;
        count(&store, 1, Wait::default())?;
        memory.fail_next_reads(5);
        Ok(looks == 2)
    });
    assert!(found.unwrap().is_some());
    // If it is still away when the time is up, nobody knows what the document is like.
    memory.fail_next_reads(0);
    let editor = Editor::default().wait(Wait::at_most(Duration::from_millis(30)));
    let away = editor.wait_until(&store, |_| {
        memory.fail_next_reads(usize::MAX);
        Ok(false)
    });
    let away = away.unwrap_err();
    assert_eq!(away.kind(), ErrorKind::Unreachable);
    assert!(away.to_string().contains("; the wait has lasted 0."), "{away}");
    memory.fail_next_reads(0);
    // Who has not seen it yet is told.
    memory.fail_next_reads(1);
    let gone = editor.wait_until(&store, |_| Ok(true)).unwrap_err();
    assert_eq!(gone.kind(), ErrorKind::Unreachable);
}

#[test]
fn a_service_that_is_gone_is_tried_until_the_time_is_up() {
    let store = RemoteStore::new(Memory::with_faults(&[Fault::Gone]));
    let error = count(&store, 0, Wait::at_most(Duration::from_millis(30))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unreachable);
    let text = error.to_string();
    assert!(text.starts_with("memory:d: nobody listens; gave up after "), "{text}");
    let error = count(&store, 0, Wait::NONE).unwrap_err();
    assert!(error.to_string().contains("after 1 try in "), "{error}");
}

#[test]
fn a_failed_read_is_never_an_empty_document() {
    let memory = Memory::default();
    let store = RemoteStore::new(memory.clone()).read_wait(Wait::NONE);
    count(&store, 0, Wait::default()).unwrap();
    memory.refuse_reads();
    assert_eq!(crate::read(&store).unwrap_err().kind(), ErrorKind::Denied);
    assert_eq!(count(&store, 0, Wait::NONE).unwrap_err().kind(), ErrorKind::Denied);
}

#[test]
fn what_is_too_large_is_not_sent() {
    let memory = Memory::default();
    let store = RemoteStore::new(memory.clone());
    let path = "a".parse().unwrap();
    let long = "x".repeat(memory::CAPACITY);
    let edit = crate::edit(&store, |document| document.set(&path, Json::from(long.as_str())));
    let error = edit.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unfit);
    assert!(error.to_string().contains("bytes, and the service takes 65536 at most"), "{error}");
    assert_eq!(memory.writes(), 0);
}

#[test]
fn a_service_that_does_not_keep_to_conditions_is_found_out() {
    let memory = Memory::default();
    let store = RemoteStore::new(memory.clone());
    assert_eq!(store.probe().unwrap(), Probe::Enforced);
    assert_eq!(store.read().unwrap(), None, "it is removed");
    memory.ignore_versions();
    let Probe::NotEnforced(why) = store.probe().unwrap() else { panic!("it was believed") };
    assert_eq!(why, "it replaced a version that was not the present one");
    memory.refuse_reads();
    assert_eq!(store.probe().unwrap_err().kind(), ErrorKind::Denied);
}

#[test]
fn a_document_that_must_exist_is_not_made() {
    let memory = Memory::default();
    let store = RemoteStore::new(memory.clone()).create(Create::Never);
    assert_eq!(count(&store, 0, Wait::NONE).unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(store.preflight().unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(memory.writes(), 0);
}

#[test]
fn an_edit_that_changes_nothing_writes_nothing() {
    let memory = Memory::default();
    let store = RemoteStore::new(memory.clone());
    count(&store, 0, Wait::NONE).unwrap();
    let edited = crate::edit(&store, |_| Ok(())).unwrap();
    assert_eq!((edited.changed, edited.durable, memory.writes()), (false, true, 1));
}

#[test]
fn equal_content_of_another_version_is_not_the_base() {
    // An etag may be that of the content: then a foreign writer can restore it.
    let base = |ledger: Option<Ledger>| Snapshot {
        content: "{}".into(),
        version: Version::from("same".to_owned()),
        ledger,
    };
    let memory = Memory::default();
    memory.put(base(None));
    let store = RemoteStore::new(memory.clone());
    let other = memory.clone();
    memory.after_next_write(Fault::Unanswered, move || other.put(base(None)));
    // Nobody can tell that from a write that was not made, so it is made again; it is not counted twice,
    // because the first one is undone.
    count(&store, 0, Wait::default()).unwrap();
    assert_eq!(counted(&store, "all"), 1);
}

#[test]
fn conflicts_are_tried_again_as_the_engine_wants_it() {
    let memory = Memory::default();
    let store = RemoteStore::new(memory.clone());
    let other = RemoteStore::new(memory.clone());
    memory.before_next_write(move || {
        count(&other, 1, Wait::NONE).unwrap();
    });
    assert_eq!(count(&store, 0, Wait::default()).unwrap(), 2);
    assert_eq!(store.retry(), Retry::default().first_pause(Duration::from_millis(1)));
    let editor = Editor::default().retry(Retry::default().attempts(1));
    let other = RemoteStore::new(memory.clone());
    memory.before_next_write(move || {
        count(&other, 1, Wait::NONE).unwrap();
    });
    let edit = editor.edit(&store, |document| document.set(&"x".parse()?, Json::from(true)));
    let error: Error = edit.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Busy);
    assert!(
        error.to_string().contains("memory:d was changed while the edit was prepared; gave up")
    );
}

/// What the observer of a store is told of one edit, whose write ends by this fault while somebody else
/// edits.
fn told_of(fault: Fault) -> Vec<String> {
    let memory = Memory::default();
    let others = RemoteStore::new(memory.clone());
    memory.after_next_write(fault, move || {
        count(&others, 1, Wait::NONE).unwrap();
    });
    let told = Arc::new(Mutex::new(Vec::new()));
    let notes = Arc::clone(&told);
    let tell = move |event: &Event| notes.lock().unwrap().push(event.to_string());
    count(&RemoteStore::new(memory).observe(tell), 0, Wait::default()).unwrap();
    let told = told.lock().unwrap();
    told.clone()
}

#[test]
fn an_observer_is_told_what_is_tried_again_and_how_doubt_ends() {
    let doubt = "memory:d: no reply came; looking whether the edit was made";
    let overtaken = "memory:d was changed meanwhile, so the edit starts again";
    for (fault, expected) in [
        (Fault::Unsent, &["memory:d: nobody listens; trying again", overtaken][..]),
        (Fault::Unanswered, &[doubt, "memory:d shows that the edit was made"]),
        (Fault::Dropped, &[doubt, "memory:d shows that another edit was made instead", overtaken]),
    ] {
        assert_eq!(told_of(fault), expected, "{fault:?}");
    }
}
