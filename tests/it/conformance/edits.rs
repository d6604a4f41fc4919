//! Edits, which read documents and write them again.

use super::Place;
use jsonlock::{Document, Editor, ErrorKind, Etag, Json, Path, Result, Retry, Store, Wait};
use std::thread;
use std::time::Duration;

/// In a style that nobody would choose.
const ODD: &str = "{ \"a\":1.0,\r\n    \"b\" : {\"c\": [1, 2e400,3]},\r\n\t\"é\\/\":\"\\u00e9\"}";

pub(super) fn check(place: &Place) {
    only_the_bytes_that_the_edit_is_about_change(place);
    text_that_is_not_valid_is_left_alone(place);
    an_edit_that_fails_changes_nothing(place);
    preconditions_hold_or_nothing_is_made(place);
    a_preview_changes_nothing(place);
    an_optimistic_edit_starts_again(place);
    attempts_may_be_limited(place);
    edits_of_a_crowd_are_all_made(place, &Editor::default(), "crowd");
    edits_of_a_crowd_are_all_made(place, &Editor::default().optimistic(), "optimistic-crowd");
    those_who_wait_see_what_is_written(place);
}

fn path(text: &str) -> Path {
    text.parse().unwrap()
}

fn set(store: &dyn Store, at: &str, value: u64) {
    let at = path(at);
    jsonlock::edit(store, |document| document.set(&at, Json::from(value))).unwrap();
}

fn text(store: &dyn Store) -> String {
    String::from_utf8(store.read().unwrap().unwrap().to_vec()).unwrap()
}

/// Makes this the whole document.
fn put(store: &dyn Store, text: &'static str) {
    let transaction = store.begin(&Wait::default().start()).unwrap();
    let content = jsonlock::Content::from(vec![text.into()]);
    assert!(matches!(transaction.commit(&content).unwrap(), jsonlock::Commit::Done(_)));
}

fn only_the_bytes_that_the_edit_is_about_change(place: &Place) {
    let store = place.open("odd");
    put(store.as_ref(), ODD);
    let at = path("b.c[0]");
    let edited =
        jsonlock::edit(store.as_ref(), |document| document.set(&at, Json::from(7_u64))).unwrap();
    let expected = ODD.replace("[1,", "[7,");
    assert_eq!(text(store.as_ref()), expected);
    assert_eq!((edited.changed, edited.durable, edited.attempts), (true, true, 1));
    assert_eq!(edited.etag(), Some(Etag::of(expected.as_bytes())));
    assert_eq!(edited.base.unwrap().to_bytes(), ODD);
    assert_eq!(edited.content.unwrap().to_bytes(), expected);
    let again = jsonlock::edit(store.as_ref(), |document| document.set(&at, Json::from(7_u64)));
    assert!(!again.unwrap().changed);
    assert_eq!(text(store.as_ref()), expected);
}

fn text_that_is_not_valid_is_left_alone(place: &Place) {
    let store = place.open("invalid");
    for invalid in ["{\"a\": 1,}", "{\"a\"", "nul", "{} {}"] {
        put(store.as_ref(), invalid);
        let at = path("a");
        let edit = |document: &mut Document| document.set(&at, Json::from(2_u64));
        for error in [
            jsonlock::edit(store.as_ref(), edit).unwrap_err(),
            jsonlock::read(store.as_ref()).unwrap_err(),
        ] {
            assert_eq!(error.kind(), ErrorKind::InvalidJson);
            assert!(error.to_string().contains(&store.name()), "{error}");
        }
        assert_eq!(text(store.as_ref()), invalid);
    }
    // A blank one is none.
    put(store.as_ref(), " \n");
    set(store.as_ref(), "a", 1);
    assert_eq!(jsonlock::read(store.as_ref()).unwrap().get::<u64>(&path("a")).unwrap(), Some(1));
}

fn an_edit_that_fails_changes_nothing(place: &Place) {
    let store = place.open("failing");
    let edit = |document: &mut Document| -> Result<()> {
        document.set(&path("a"), Json::from(1_u64))?;
        Err(jsonlock::Error::unfit("it does not fit"))
    };
    let error = jsonlock::edit(store.as_ref(), edit).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unfit);
    assert_eq!(store.read().unwrap(), None);
    put(store.as_ref(), ODD);
    jsonlock::edit(store.as_ref(), edit).unwrap_err();
    assert_eq!(text(store.as_ref()), ODD);
}

fn preconditions_hold_or_nothing_is_made(place: &Place) {
    let store = place.open("conditions");
    let at = path("a");
    let edit = |document: &mut Document| document.set(&at, Json::from(1_u64));
    let absent = Editor::default().if_absent();
    let made = absent.edit(store.as_ref(), edit).unwrap();
    assert_eq!(absent.edit(store.as_ref(), edit).unwrap_err().kind(), ErrorKind::Conflict);
    let next = Editor::default().if_match(made.etag().unwrap());
    let second = |document: &mut Document| document.set(&at, Json::from(2_u64));
    next.edit(store.as_ref(), second).unwrap();
    let before = text(store.as_ref());
    let late = next.edit(store.as_ref(), second).unwrap_err();
    assert_eq!(late.kind(), ErrorKind::Conflict);
    assert!(late.to_string().contains("its etag is"), "{late}");
    assert_eq!(text(store.as_ref()), before);
}

fn a_preview_changes_nothing(place: &Place) {
    let store = place.open("preview");
    let at = path("a");
    let edit = |document: &mut Document| document.set(&at, Json::from(1_u64));
    let previewed = Editor::default().preview(store.as_ref(), edit).unwrap();
    assert_eq!((previewed.changed, previewed.attempts), (true, 0));
    assert_eq!(store.read().unwrap(), None);
}

fn an_optimistic_edit_starts_again(place: &Place) {
    let store = place.open("optimistic");
    set(store.as_ref(), "runs", 0);
    let mut is_first = true;
    let edited = Editor::default().optimistic().edit(store.as_ref(), |document| {
        if std::mem::take(&mut is_first) {
            set(store.as_ref(), "others", 1);
        }
        let runs = document.get::<u64>(&path("runs"))?.unwrap_or(0) + 1;
        document.set(&path("runs"), Json::from(runs))
    });
    assert_eq!(edited.unwrap().attempts, 2);
    let document = jsonlock::read(store.as_ref()).unwrap();
    let found = ["runs", "others"].map(|at| document.get::<u64>(&path(at)).unwrap());
    assert_eq!(found, [Some(1), Some(1)]);
}

fn attempts_may_be_limited(place: &Place) {
    let store = place.open("attempts");
    let editor = Editor::default().optimistic().retry(Retry::default().attempts(3));
    let mut runs = 0;
    let edit = editor.edit(store.as_ref(), |document| {
        runs += 1;
        set(store.as_ref(), "others", runs);
        document.set(&path("mine"), Json::from(runs))
    });
    let error = edit.unwrap_err();
    assert_eq!((error.kind(), runs), (ErrorKind::Busy, 3));
    assert!(error.to_string().contains("gave up after 3 tries"), "{error}");
    assert!(!text(store.as_ref()).contains("mine"));
}

/// Each writer counts for itself and for all, through a store of its own.
fn edits_of_a_crowd_are_all_made(place: &Place, editor: &Editor, name: &str) {
    const TIMES: u64 = 10;
    let editor = editor.clone().wait(Wait::at_most(Duration::from_secs(120)));
    thread::scope(|scope| {
        for writer in 0..place.writers() {
            let (editor, own) = (editor.clone(), path(&format!("own{writer}")));
            scope.spawn(move || {
                let store = place.open(name);
                for _ in 0..TIMES {
                    let edited = editor.edit(store.as_ref(), |document| {
                        for at in [&path("all"), &own] {
                            let count = document.get::<u64>(at)?.unwrap_or(0) + 1;
                            document.set(at, Json::from(count))?;
                        }
                        Ok(())
                    });
                    assert!(edited.unwrap().changed);
                }
            });
        }
    });
    let document = jsonlock::read(place.open(name).as_ref()).unwrap();
    let count = |at: &str| document.get::<u64>(&path(at)).unwrap().unwrap();
    assert_eq!(count("all"), TIMES * place.writers() as u64);
    (0..place.writers()).for_each(|writer| assert_eq!(count(&format!("own{writer}")), TIMES));
}

fn those_who_wait_see_what_is_written(place: &Place) {
    let found = thread::scope(|scope| {
        let waiting = scope.spawn(|| {
            let store = place.open("waited-for");
            let wait = Wait::at_most(Duration::from_secs(60));
            jsonlock::wait_until(store.as_ref(), wait, |document| {
                Ok(document.get::<u64>(&path("n"))? == Some(3))
            })
        });
        let store = place.open("waited-for");
        (0..=3).for_each(|number| set(store.as_ref(), "n", number));
        waiting.join().unwrap().unwrap()
    });
    let found = found.unwrap();
    assert_eq!(found.etag, Some(Etag::of(text(place.open("waited-for").as_ref()).as_bytes())));
    let never = jsonlock::wait_until(place.open("waited-for").as_ref(), Wait::NONE, |_| Ok(false));
    assert!(never.unwrap().is_none());
}
