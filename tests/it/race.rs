//! Proves that edits which run at the same time lose nothing, whoever makes them and however they
//! spell the file, and that the load which shows this does make the usual broken patterns lose.

use crate::harness::{JSONLOCK, Sandbox, not_triggered};
use crate::system::{Done, Held, end_of, inode, sees_waiters, works};
use jsonlock::{ErrorKind, Event, Json, LocalStore};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

/// A writer that adds its keys one by one. What it locks is its second argument.
const WRITER: &str = r#"
import fcntl, json, os, sys, tempfile
path, locks, me, count = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])

def edit(source, key):
    document = json.load(source)
    document[key] = "x"
    fd, name = tempfile.mkstemp(dir=os.path.dirname(path))
    with os.fdopen(fd, "w") as temporary:
        json.dump(document, temporary)
        temporary.flush()
        os.fsync(fd)
    os.replace(name, path)

for number in range(count):
    key = f"{me}_{number}"
    if locks == "lock-file":
        with open(path + ".lock", "a+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            with open(path) as source:
                edit(source, key)
    elif locks == "data-file":
        with open(path, "r+") as source:
            fcntl.flock(source, fcntl.LOCK_EX)
            edit(source, key)
    else:
        with open(path) as source:
            edit(source, key)
"#;

const PYTHON: [&str; 3] = ["python3", "-c", "import fcntl"];

/// How many of these keys a document lacks.
fn lost(sandbox: &Sandbox, file: &str, writers: &[&str], count: usize) -> Vec<String> {
    let document = sandbox.json(file);
    let keys = writers.iter().flat_map(|me| (0..count).map(move |number| format!("{me}_{number}")));
    keys.filter(|key| document.get(key).is_none()).collect()
}

/// Sets keys one after another, each with a process of its own.
fn set_keys(sandbox: &Sandbox, file: &str, me: &str, count: usize) {
    for number in 0..count {
        sandbox.run(["set", file, &format!("{me}_{number}=x")]).succeeds();
    }
}

fn python(path: &Path, locks: &str, me: &str, count: usize) -> Command {
    let mut command = Command::new("python3");
    command.args(["-c", WRITER]).arg(path).args([locks, me, &count.to_string()]);
    command.stdin(Stdio::null());
    command
}

fn names(prefix: &str, count: usize) -> Vec<String> {
    (0..count).map(|number| format!("{prefix}{number}")).collect()
}

fn as_strs(names: &[String]) -> Vec<&str> {
    names.iter().map(String::as_str).collect()
}

#[test]
fn fifty_processes_lose_nothing() {
    let sandbox = Sandbox::with("f", "{}");
    let writers = names("w", 50);
    thread::scope(|scope| {
        for me in &writers {
            scope.spawn(|| set_keys(&sandbox, "f", me, 20));
        }
    });
    assert_eq!(lost(&sandbox, "f", &as_strs(&writers), 20), [""; 0]);
    assert_eq!(sandbox.names(), ["f", "f.lock"]);
}

#[test]
fn fifty_threads_lose_nothing() {
    let sandbox = Sandbox::with("f", "{}");
    let writers = names("w", 50);
    thread::scope(|scope| {
        for me in &writers {
            scope.spawn(|| edit_keys(&LocalStore::new(sandbox.path("f")), me, 20));
        }
    });
    assert_eq!(lost(&sandbox, "f", &as_strs(&writers), 20), [""; 0]);
    assert_eq!(sandbox.names(), ["f", "f.lock"]);
}

/// Sets keys one after another through the library.
fn edit_keys(store: &LocalStore, me: &str, count: usize) {
    for number in 0..count {
        let path = format!("{me}_{number}").parse().unwrap();
        jsonlock::edit(store, |document| document.set(&path, Json::from(1_u64))).unwrap();
    }
}

/// Likewise, and tries again when it is told that this is sensible.
fn persist(store: &LocalStore, me: &str, count: usize) {
    for number in 0..count {
        let path = format!("{me}_{number}").parse().unwrap();
        let edit = || jsonlock::edit(store, |document| document.set(&path, Json::from(1_u64)));
        while let Err(error) = edit() {
            assert_eq!(error.kind(), ErrorKind::Busy, "{error}");
        }
    }
}

#[test]
fn programs_that_follow_the_plain_protocol_take_part() {
    let test = "race::programs_that_follow_the_plain_protocol_take_part";
    if !works(test, &PYTHON) || !works(test, &["jq", "--version"]) {
        return;
    }
    let sandbox = Sandbox::with("f", "{}");
    let script = r#"for number in $(seq 0 19); do
        flock f.lock sh -c 'jq -c ".$1 = 1" f > tmp.$$ && mv tmp.$$ f' sh shell_$number || exit 1
    done"#;
    thread::scope(|scope| {
        let sandbox = &sandbox;
        for me in ["p0", "p1"] {
            scope.spawn(move || {
                let python = python(&sandbox.path("f"), "lock-file", me, 20);
                sandbox.run_command(python).succeeds();
            });
        }
        scope.spawn(|| sandbox.shell(script).succeeds());
        for me in ["j0", "j1"] {
            scope.spawn(move || set_keys(sandbox, "f", me, 20));
        }
        scope.spawn(|| edit_keys(&LocalStore::new(sandbox.path("f")), "library", 20));
    });
    let writers = ["p0", "p1", "j0", "j1", "shell", "library"];
    assert_eq!(lost(&sandbox, "f", &writers, 20), [""; 0]);
    assert_eq!(sandbox.names(), ["f", "f.lock"]);
}

/// The negative control of this file: the same writer under the same load, locking the wrong thing.
#[test]
fn the_same_load_makes_broken_patterns_lose() {
    let test = "race::the_same_load_makes_broken_patterns_lose";
    if !works(test, &PYTHON) {
        return;
    }
    assert_eq!(lost_by_python("lock-file"), 0, "the right pattern loses nothing under this load");
    for locks in ["nothing", "data-file"] {
        // Scheduling may spare a round, though hardly five.
        if !(0..5).any(|_| lost_by_python(locks) > 0) {
            not_triggered(test, &format!("locking {locks} happened to lose nothing"));
        }
    }
}

/// How many writes Python writers lose that lock the given thing.
fn lost_by_python(locks: &str) -> usize {
    let sandbox = Sandbox::with("f", "{}");
    let writers = names("p", 6);
    thread::scope(|scope| {
        for me in &writers {
            let python = python(&sandbox.path("f"), locks, me, 20);
            scope.spawn(|| sandbox.run_command(python).succeeds());
        }
    });
    lost(&sandbox, "f", &as_strs(&writers), 20).len()
}

#[test]
fn all_spellings_of_a_file_have_one_lock() {
    let sandbox = Sandbox::with("f", "{}");
    fs::create_dir(sandbox.path("x")).unwrap();
    std::os::unix::fs::symlink("f", sandbox.path("link")).unwrap();
    std::os::unix::fs::symlink("../link", sandbox.path("x/link")).unwrap();
    let absolute = sandbox.path("f").to_str().unwrap().to_owned();
    let spellings = ["f", "link", "./x/../f", "x/link", &absolute];
    thread::scope(|scope| {
        for (number, spelling) in spellings.iter().enumerate() {
            let sandbox = &sandbox;
            scope.spawn(move || set_keys(sandbox, spelling, &format!("w{number}"), 20));
        }
    });
    assert_eq!(lost(&sandbox, "f", &["w0", "w1", "w2", "w3", "w4"], 20), [""; 0]);
    assert_eq!(sandbox.names(), ["f", "f.lock", "link", "x"], "there is one lock file");
    assert_eq!(crate::harness::names(&sandbox.path("x")), ["link"]);
}

#[test]
fn readers_see_whole_documents_and_never_miss_the_file() {
    let sandbox = Sandbox::with("f", r#"{"w_0":"x"}"#);
    let is_done = AtomicBool::new(false);
    let reads = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| read_all_the_time(&sandbox, &is_done, &reads));
        }
        scope.spawn(|| {
            while !is_done.load(Ordering::SeqCst) {
                sandbox.run(["get", "f", "w_0"]).succeeds().prints("x\n");
            }
        });
        scope.spawn(|| {
            while !is_done.load(Ordering::SeqCst) {
                let run = sandbox.shell("cat f").succeeds();
                serde_json::from_str::<serde_json::Value>(&run.stdout()).unwrap();
            }
        });
        let _done = Done(&is_done);
        set_keys(&sandbox, "f", "w", 100);
    });
    assert!(reads.load(Ordering::SeqCst) > 100, "the readers did read meanwhile");
}

/// The writer only adds, so each whole document holds the ones before it.
fn read_all_the_time(sandbox: &Sandbox, is_done: &AtomicBool, reads: &AtomicUsize) {
    let mut most = 0;
    while !is_done.load(Ordering::SeqCst) {
        let members = sandbox.json("f").as_object().unwrap().len();
        assert!(members >= most, "a reader went back in time from {most} to {members} members");
        most = members;
        reads.fetch_add(1, Ordering::SeqCst);
    }
}

#[test]
fn the_lock_file_stays_the_same_file() {
    let sandbox = Sandbox::with("f", "{}");
    sandbox.run(["set", "f", "a=1"]).succeeds();
    let first = inode(&sandbox.path("f.lock"));
    edit_keys(&LocalStore::new(sandbox.path("f")), "w", 200);
    sandbox.run(["set", "f", "a=2"]).succeeds();
    sandbox.run(["set", "--no-create", "missing/f", "a=2"]).exits_with(66);
    assert_eq!(inode(&sandbox.path("f.lock")), first, "nothing deletes or replaces a lock file");
}

#[test]
fn a_lock_file_that_keeps_being_deleted_costs_time_but_no_writes() {
    let sandbox = Sandbox::with("f", "{}");
    let (is_done, restarts) = (AtomicBool::new(false), std::sync::Arc::new(AtomicUsize::new(0)));
    let writers = names("w", 4);
    thread::scope(|scope| {
        scope.spawn(|| {
            // The rate is what the test is about, not a wait for something. Edits that are slower than
            // that on a busy machine get their chance in the end.
            let millisecond = Duration::from_millis(1);
            let pauses = std::iter::repeat_n(millisecond, 1000)
                .chain(std::iter::repeat_with(|| millisecond * fastrand::u32(0..20)));
            for pause in pauses.take_while(|_| !is_done.load(Ordering::SeqCst)) {
                let _ = fs::remove_file(sandbox.path("f.lock"));
                thread::sleep(pause);
            }
        });
        let _done = Done(&is_done);
        thread::scope(|scope| {
            for me in &writers {
                let restarts = restarts.clone();
                let store = LocalStore::new(sandbox.path("f")).observe(move |event| {
                    if matches!(event, Event::LockReplaced(_)) {
                        restarts.fetch_add(1, Ordering::SeqCst);
                    }
                });
                scope.spawn(move || persist(&store, me, 50));
            }
        });
    });
    assert_eq!(lost(&sandbox, "f", &as_strs(&writers), 50), [""; 0]);
    if restarts.load(Ordering::SeqCst) == 0 {
        not_triggered("race::a_lock_file_that_keeps_being_deleted", "no edit had to restart");
    }
}

/// What the test above leaves to chance: the lock file goes while somebody waits for it.
#[test]
fn a_waiter_whose_lock_file_was_deleted_or_replaced_starts_again_and_warns() {
    let test = "race::a_waiter_whose_lock_file_was_deleted_or_replaced_starts_again_and_warns";
    if !sees_waiters(test) {
        return;
    }
    for is_replaced in [false, true] {
        let sandbox = Sandbox::with("f", "{}");
        let held = Held::new(&sandbox.path("f.lock"));
        let waiter = sandbox.spawn(["set", "--report", "f", "a=1"]);
        held.until_waited_for(1);
        fs::remove_file(sandbox.path("f.lock")).unwrap();
        if is_replaced {
            sandbox.write("f.lock", "");
        }
        // Whoever locks the new file excludes the waiter, though it gets the old lock.
        let other = Held::new(&sandbox.path("f.lock"));
        held.release();
        other.until_waited_for(1);
        assert_eq!(sandbox.read("f"), "{}");
        other.release();
        let ended = end_of(waiter);
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        assert!(ended.stderr.contains("f.lock was deleted or replaced"), "{}", ended.stderr);
        // It noticed before it read anything.
        assert!(ended.stdout.contains("\"attempts\":1"), "{}", ended.stdout);
        assert_eq!(sandbox.json("f")["a"], "1");
    }
}

/// Editing under `flock FILE.lock` in a shell keeps jsonlock out, and the other way round.
#[test]
fn flock_and_jsonlock_exclude_each_other() {
    let test = "race::flock_and_jsonlock_exclude_each_other";
    if !works(test, &["flock", "--version"]) {
        return;
    }
    let sandbox = Sandbox::with("f", "{}");
    let script = format!("flock f.lock {JSONLOCK} set --timeout 0 f a=1");
    sandbox.shell(&script).exits_with(75);
    sandbox.shell(&format!("flock other.lock {JSONLOCK} set --timeout 0 f a=1")).succeeds();
}
