//! Proves how those fare who come near an edit without being part of it: whoever types its input, locks
//! of another kind, tools with a lock file of their own, cleaners of old files, watchers.

use crate::harness::{JSONLOCK, Sandbox, listening};
use crate::people::OLD;
use crate::system::{can_trace, end_of, is_locked, until, works};
use crate::tracing::{calls_of_the_edit, find, stopped_at};
use rustix::fs::inotify::{self, CreateFlags, ReadFlags, WatchFlags};
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::mem::MaybeUninit;
use std::process::{Command, Stdio};

/// Nothing waits for a person while it holds the lock.
#[test]
fn input_that_is_still_being_typed_holds_nobody_up() {
    for args in [&["set", "f", "a=@-"][..], &["merge", "f", "-"]] {
        let sandbox = Sandbox::with("f", OLD);
        let mut command = listening([JSONLOCK]);
        command.args(args).current_dir(sandbox.root());
        let mut child = command.stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut input = child.stdin.take().unwrap();
        input.write_all(b"{\"a\": ").unwrap();
        // It has read what there is, so it waits for more.
        until("the input is read", || rustix::io::ioctl_fionread(&input).unwrap() == 0);
        assert!(!is_locked(&sandbox.path("f.lock")), "{args:?}");
        sandbox.run(["set", "--timeout=0", "f", "b=theirs"]).succeeds();
        input.write_all(b"1}").unwrap();
        drop(input);
        let ended = end_of(child);
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        // What the other one wrote meanwhile is the base.
        assert_eq!(sandbox.json("f")["b"], "theirs", "{args:?}");
        assert_ne!(sandbox.json("f")["a"], "old", "{args:?}");
    }
}

/// As the README says: there is one kind of lock, and the others are not seen.
#[test]
fn locks_of_another_kind_are_not_seen() {
    let test = "bystanders::locks_of_another_kind_are_not_seen";
    if !works(test, &["python3", "-c", "import fcntl"]) {
        return;
    }
    for (call, code) in [("lockf", 0), ("flock", 75)] {
        let sandbox = Sandbox::with("f", OLD);
        let script = format!(
            "import fcntl, sys; lock = open('f.lock', 'a+'); fcntl.{call}(lock, fcntl.LOCK_EX); \
             print('held', flush=True); sys.stdin.read()"
        );
        let mut python = Command::new("python3");
        python.args(["-c", &script]).current_dir(sandbox.root());
        let mut python = python.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(python.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        sandbox.run(["set", "--timeout=0", "f", "a=new"]).exits_with(code);
        drop(python.stdin.take());
        python.wait().unwrap();
    }
}

/// As the README says: git's lock is that it has created the file. It fails while ours is there, and
/// with another name both work.
#[test]
fn tools_that_create_the_lock_file_want_one_of_their_own() {
    let test = "bystanders::tools_that_create_the_lock_file_want_one_of_their_own";
    // What git does, in a shell: `set -C` makes `>` create or fail.
    if !works(test, &["sh", "-c", "set -C"]) {
        return;
    }
    let theirs = "set -C; : > f.lock && cp f f.new && mv f.new f && rm f.lock";
    let sandbox = Sandbox::with("f", OLD);
    sandbox.shell(theirs).succeeds();
    sandbox.run(["set", "f", "a=new"]).succeeds();
    assert_ne!(sandbox.shell(theirs).code(), Some(0));
    fs::remove_file(sandbox.path("f.lock")).unwrap();
    sandbox.run(["set", "--lock-file", "f.jsonlock", "f", "a=newer"]).succeeds();
    sandbox.shell(theirs).succeeds();
    assert_eq!(sandbox.names(), ["f", "f.jsonlock"]);
}

/// Cleaners of old files leave those alone that somebody has locked.
#[test]
fn a_temporary_file_is_locked_for_as_long_as_its_writer_lives() {
    let test = "bystanders::a_temporary_file_is_locked_for_as_long_as_its_writer_lives";
    if !can_trace(test) {
        return;
    }
    let edit = ["set", "f", "a=new"];
    let calls = calls_of_the_edit(&Sandbox::with("f", OLD), &edit);
    let sandbox = Sandbox::with("f", OLD);
    let sync = find(&calls, "fsync", ".jsonlock-");
    let ended = stopped_at(&sandbox, &edit, &sync, || {
        let name = sandbox.names().into_iter().find(|name| name.starts_with(".jsonlock-")).unwrap();
        assert!(is_locked(&sandbox.path(&name)));
        assert!(!is_locked(&sandbox.path("f")), "the control: nobody locks the document");
    });
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert!(!is_locked(&sandbox.path("f")), "the document does not stay locked");
}

/// Programs that follow a file by its directory act on the last event that has its name.
#[test]
fn whoever_watches_the_directory_hears_last_that_the_document_came() {
    let sandbox = Sandbox::with("f", "{}");
    let watch = inotify::init(CreateFlags::NONBLOCK).unwrap();
    inotify::add_watch(&watch, sandbox.root(), WatchFlags::MOVE | WatchFlags::DELETE).unwrap();
    sandbox.run(["set", "f", "a=new"]).succeeds();
    let mut buffer = [MaybeUninit::uninit(); 4096];
    let mut events = inotify::Reader::new(&watch, &mut buffer);
    let mut last = None;
    while let Ok(event) = events.next() {
        if event.file_name() == Some(c"f") {
            last = Some(event.events());
        }
    }
    assert_eq!(last, Some(ReadFlags::MOVED_TO));
}
