//! Proves that a wait for the lock is not led astray by what happens to the process meanwhile: system
//! calls that are interrupted, a storm of signals, stops, clocks that leap.

use crate::harness::{JSONLOCK, Sandbox, listening};
use crate::people::OLD;
use crate::system::{Ended, can_trace, end_of, held, until, works};
use std::process::{Child, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

fn has_edited(sandbox: &Sandbox, ended: &Ended) {
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert_eq!(sandbox.json("f")["a"], "new");
    assert_eq!(sandbox.names(), ["f", "f.lock"]);
}

/// As it goes in a program whose signal handlers do not restart system calls.
#[test]
fn a_call_that_is_interrupted_again_and_again_is_made_again() {
    let test = "signals::a_call_that_is_interrupted_again_and_again_is_made_again";
    if !can_trace(test) {
        return;
    }
    let Some((sandbox, held)) = held(test, OLD) else { return };
    let trace = tempfile::NamedTempFile::new().unwrap();
    let mut command = listening(["strace", "-f", "-qq", "-o", trace.path().to_str().unwrap()]);
    command.args(["-e", "trace=flock", "-e", "inject=flock:error=EINTR:when=1..30"]);
    command.args([JSONLOCK, "set", "--timeout", "inf", "f", "a=new"]).current_dir(sandbox.root());
    let waiter = command.stdin(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    held.until_waited_for(1);
    assert_eq!(sandbox.read("f"), OLD);
    held.release();
    has_edited(&sandbox, &end_of(waiter));
    let interrupted = std::fs::read_to_string(trace.path()).unwrap().matches("EINTR").count();
    assert!(interrupted >= 60, "both the try and the wait were interrupted: {interrupted}");
}

#[test]
fn a_storm_of_signals_does_not_end_a_wait() {
    let test = "signals::a_storm_of_signals_does_not_end_a_wait";
    let Some((sandbox, held)) = held(test, OLD) else { return };
    let waiter = sandbox.spawn(["set", "--timeout", "inf", "f", "a=new"]);
    held.until_waited_for(1);
    let storm = "for n in $(seq 300); do kill -WINCH @; kill -STOP @; kill -CHLD @; kill -URG @; \
                 kill -CONT @; done";
    sandbox.shell(&storm.replace('@', &waiter.id().to_string())).succeeds();
    held.until_waited_for(1);
    assert_eq!(sandbox.read("f"), OLD);
    held.release();
    has_edited(&sandbox, &end_of(waiter));
}

/// A waiter that stands still when its turn comes delays the others, and nothing else.
#[test]
fn a_waiter_that_is_stopped_takes_its_turn_when_it_goes_on() {
    let test = "signals::a_waiter_that_is_stopped_takes_its_turn_when_it_goes_on";
    let Some((sandbox, held)) = held(test, OLD) else { return };
    let waiter = sandbox.spawn(["set", "--timeout", "inf", "f", "a=new"]);
    held.until_waited_for(1);
    let signal =
        |name: &str| _ = sandbox.shell(&format!("kill -{name} {}", waiter.id())).succeeds();
    signal("STOP");
    held.release();
    // It has the lock or will get it; until it goes on, nobody may think otherwise for long.
    let other = sandbox.run(["set", "--timeout", "0.1", "f", "b=theirs"]);
    assert!(matches!(other.code(), Some(0 | 75)), "{other}");
    signal("CONT");
    let ended = end_of(waiter);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert_eq!(sandbox.json("f")["a"], "new");
    assert_eq!(sandbox.json("f").get("b").is_some(), other.code() == Some(0));
}

/// A clock on the wall that can be turned while the program runs.
struct Clock<'a>(&'a Sandbox);

impl Clock<'_> {
    fn turn(&self, by: &str) {
        // Renamed into place, since the program reads it all the time.
        self.0.shell(&format!("echo {by} > next && mv next clock")).succeeds();
    }

    /// Starts an edit that sees this clock and says when it has waited for a while.
    fn spawn(&self, timeout: &str) -> Child {
        self.turn("+0");
        let mut command = listening(["faketime", "--exclude-monotonic", "-f", "+0", "env"]);
        command.args(["-u", "FAKETIME", "FAKETIME_TIMESTAMP_FILE=clock", "FAKETIME_NO_CACHE=1"]);
        command.args([JSONLOCK, "set", "--verbose", "--timeout", timeout, "f", "a=new"]);
        command.current_dir(self.0.root()).stdin(Stdio::null());
        let stderr = std::fs::File::options().create(true).append(true).open(self.stderr());
        command.stdout(Stdio::null()).stderr(stderr.unwrap()).spawn().unwrap()
    }

    fn stderr(&self) -> std::path::PathBuf {
        self.0.path("stderr")
    }
}

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

#[test]
fn a_clock_that_leaps_neither_ends_a_wait_nor_makes_it_longer() {
    let test = "signals::a_clock_that_leaps_neither_ends_a_wait_nor_makes_it_longer";
    if !works(test, &["faketime", "-f", "+0", "true"]) {
        return;
    }
    for (leap, timeout, code) in [("+10d", "1h", 0), ("-10d", "1h", 0), ("-10d", "1.5s", 75)] {
        let Some((sandbox, held)) = held(test, OLD) else { return };
        let clock = Clock(&sandbox);
        let waiter = clock.spawn(timeout);
        held.until_waited_for(1);
        clock.turn(leap);
        // It looks at the time again, and then it goes on waiting.
        let stderr = || std::fs::read_to_string(clock.stderr()).unwrap();
        until("the waiter has looked at the time", || stderr().contains("waiting for f.lock for "));
        if code == 0 {
            held.until_waited_for(1);
            held.release();
        }
        assert_eq!(end_of(waiter).code, Some(code), "{leap} {timeout}: {}", stderr());
        if code == 0 {
            // The control: the program did see the clock leap, as its line in the lock file shows.
            assert_has_leapt(&sandbox.read("f.lock"), leap);
        }
    }
}

/// Whether the line says a time that is days off.
fn assert_has_leapt(record: &str, leap: &str) {
    let since = record.split_whitespace().find_map(|field| field.strip_prefix("since=")).unwrap();
    let since = UNIX_EPOCH + Duration::from_secs(since.parse().unwrap());
    let now = SystemTime::now();
    let ahead = if leap.starts_with('+') { since - DAY > now } else { since + DAY < now };
    assert!(ahead, "{record}");
}
