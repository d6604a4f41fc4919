use super::*;
use crate::ErrorKind;
use crate::store::Retry;
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard};

/// What a service does wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    Nothing,
    /// It says that it has written, and has not.
    Forgets,
    /// It says that it has not written, and has.
    WritesInSpiteOfAll,
    /// It knows no version that it has given.
    RefusesAll,
    /// It fails where it should refuse.
    FailsLosers,
    /// It says so to one of those who lose.
    FailsMostLosers,
    /// It lets nobody remove anything.
    Keeps,
}

/// A service in memory that does one thing wrong.
#[derive(Debug)]
struct Service {
    fault: Fault,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    now: Option<Snapshot>,
    writes: usize,
    losers: usize,
    /// What comes before all else.
    passing: VecDeque<Failure>,
}

impl Service {
    fn new(fault: Fault) -> Self {
        Service { fault, state: Mutex::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}

fn failed() -> Failure {
    Failure::Unclear("it has failed (status 500)".to_owned())
}

impl Engine for Service {
    fn name(&self) -> String {
        "s3://bucket/probe".to_owned()
    }

    fn read(&self, _: Duration) -> Result<Option<Snapshot>, Failure> {
        Ok(self.state().now.clone())
    }

    fn write(
        &self,
        expected: Option<&Version>,
        content: &Content,
        _: &Ledger,
        _: Duration,
    ) -> Result<(), Failure> {
        let mut state = self.state();
        if let Some(failure) = state.passing.pop_front() {
            return Err(failure);
        }
        let is_fitting = state.now.as_ref().map(|now| &now.version) == expected;
        state.losers += usize::from(!is_fitting);
        match (self.fault, is_fitting) {
            (Fault::Forgets, true) if expected.is_some() => return Ok(()),
            (Fault::RefusesAll, _) if expected.is_some() => return Err(Failure::Conflict),
            (Fault::WritesInSpiteOfAll, false) | (_, true) => {}
            (Fault::FailsLosers, false) if state.losers > 2 => return Err(failed()),
            (Fault::FailsMostLosers, false)
                if state.losers > 2 && !state.losers.is_multiple_of(WRITERS - 1) =>
            {
                return Err(failed());
            }
            (_, false) => return Err(Failure::Conflict),
        }
        state.writes += 1;
        let version = state.writes.to_string().into();
        state.now = Some(Snapshot { content: content.to_bytes(), version, ledger: None });
        if is_fitting { Ok(()) } else { Err(Failure::Conflict) }
    }

    fn retry(&self) -> Retry {
        Retry::default().first_pause(Duration::ZERO)
    }

    fn remove(&self, _: Duration) -> Result<(), Failure> {
        if self.fault == Fault::Keeps {
            return Err(Error::new(ErrorKind::Denied, "it refuses removing").into());
        }
        self.state().now = None;
        Ok(())
    }
}

#[test]
fn a_service_is_believed_only_for_what_it_does() {
    for (fault, expected) in [
        (Fault::Nothing, Probe::Enforced),
        (Fault::Forgets, Probe::NotEnforced(SAID_YES.to_owned())),
        (Fault::WritesInSpiteOfAll, Probe::NotEnforced(SAID_NO.to_owned())),
        (
            Fault::RefusesAll,
            Probe::NotEnforced("it refused to replace the present version".to_owned()),
        ),
    ] {
        let service = Service::new(fault);
        assert_eq!(probe(&service).unwrap(), expected, "{fault:?}");
        assert!(service.state().now.is_none(), "{fault:?}: it is removed");
    }
}

#[test]
fn a_race_without_a_loser_that_is_refused_shows_nothing() {
    let failure = probe(&Service::new(Fault::FailsLosers)).unwrap_err();
    let Failure::Unclear(text) = failure else { panic!("{failure}") };
    assert!(text.contains("only 0 came out clearly: it has failed (status 500)"), "{text}");
    assert_eq!(probe(&Service::new(Fault::FailsMostLosers)).unwrap(), Probe::Enforced);
}

#[test]
fn what_passes_is_tried_again() {
    let service = Service::new(Fault::Nothing);
    let reason = "it has too many requests".to_owned();
    let throttled = Failure::Throttled { reason, pause: Some(Duration::from_millis(1)) };
    service.state().passing = [throttled, failed(), failed()].into();
    assert_eq!(probe(&service).unwrap(), Probe::Enforced);
    service.state().passing = (0..100).map(|_| failed()).collect();
    assert!(matches!(probe(&service), Err(Failure::Unclear(_))));
    assert_eq!(service.state().passing.len(), 100 - TRIES as usize);
}

#[test]
fn what_is_left_behind_is_named_beside_the_verdict() {
    let service = Service::new(Fault::Keeps);
    let left = "s3://bucket/probe, which it was tried on, is left behind: it refuses removing";
    assert_eq!(probe(&service).unwrap(), Probe::EnforcedAndLeft(left.to_owned()));
    // It exists now, so that it is not created.
    let found = probe(&service).unwrap();
    let expected = format!("it refused to create a document that did not exist (and {left})");
    assert_eq!(found, Probe::NotEnforced(expected));
}
