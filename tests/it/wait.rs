//! Proves that `wait` ends when the condition has become true, however that came to be; that it gives up
//! when it should; that it leaves no trace; and that it sleeps while nothing happens.

use crate::harness::{Sandbox, is_long};
use crate::system::{User, can_switch_user, can_trace, chmod, end_of, until};
use crate::tracing::{calls, strace_of};
use std::fs;
use std::process::{Child, Stdio};

/// Starts a wait and lets it get to where it watches, which is before its first look.
fn waiting(sandbox: &Sandbox, args: &[&str]) -> Child {
    let child = sandbox.spawn(["wait"].iter().chain(args));
    until("the wait watches", || watches(child.id()) > 0);
    child
}

/// How many watches a process has.
fn watches(pid: u32) -> usize {
    let Ok(entries) = fs::read_dir(format!("/proc/{pid}/fdinfo")) else { return 0 };
    let texts = entries.filter_map(|entry| fs::read_to_string(entry.ok()?.path()).ok());
    texts.map(|text| text.lines().filter(|line| line.starts_with("inotify ")).count()).sum()
}

#[test]
fn what_is_true_already_is_not_waited_for() {
    let sandbox = Sandbox::with("f", "{\"stage\": \"built\",  \"n\": [1, 2]}");
    sandbox.run(["wait", "f", ".stage == \"built\""]).succeeds().prints_nothing();
    sandbox.run(["wait", "f", "0"]).succeeds();
    sandbox.run(["wait", "missing", ". == null"]).succeeds();
    let variables = ["--arg", "s", "built", "--argjson", "n", "[1, 2]"];
    let filter = ".stage == $s and .n == $n";
    sandbox.run(["wait", "f", filter].iter().chain(&variables)).succeeds();
    sandbox
        .run(["wait", "f", filter, "--print=$s, .n"].iter().chain(&variables))
        .prints("built\n[\n  1,\n  2\n]\n");
    assert_eq!(sandbox.names(), ["f"], "a wait creates nothing");
}

#[test]
fn the_document_that_made_it_true_is_printed() {
    let text = "{\"a\":  1}";
    let sandbox = Sandbox::with("f", text);
    sandbox.run(["wait", "f", ".a", "--print"]).succeeds().prints("{\"a\":  1}\n");
    sandbox.run(["wait", "missing", "true", "--print"]).succeeds().prints("");
    let etag = sandbox.run(["wait", "f", ".a", "--etag"]).succeeds().stdout();
    assert_eq!(etag, sandbox.run(["get", "f", "--etag"]).stdout());
    sandbox.run(["set", "f", "a:=2", "--if-match", etag.trim()]).succeeds();
    sandbox.run(["set", "f", "a:=3", "--if-match", etag.trim()]).exits_with(76);
    let both = |print| sandbox.run(["wait", "f", ".a", print, "--etag"]).succeeds();
    let etag = sandbox.run(["get", "f", "--etag"]).stdout();
    both("--print=.a").prints(&format!("2\n{etag}"));
    both("--print").prints(&format!("{{\"a\":  2}}\n{etag}"));
    sandbox.write("blank", "\n");
    let etag = sandbox.run(["wait", "blank", ". == null", "--etag"]).succeeds().stdout();
    sandbox.run(["set", "blank", "a:=1", "--if-match", etag.trim()]).succeeds();
}

/// What comes before, the document, what makes `.a` true of it.
const WAYS: [(&str, &str, &str); 16] = [
    ("echo '{}' > f", "f", "jsonlock set f a:=true"),
    ("echo '{}' > f", "f", "echo '{\"a\": 1}' > new; mv new f"),
    ("echo '{}' > f", "f", "echo '{\"a\": 1}' > f"),
    ("echo '{}' > f", "f", "exec 3> f; echo '{\"a\": 1}' >&3; jsonlock wait f .a"),
    ("mkdir d; echo '{}' > f; ln f d/g", "f", "echo '{\"a\": 1}' > d/g"),
    ("echo '{}' > f", "f", "rm f; jsonlock set f a:=true"),
    ("true", "f", "jsonlock set f a:=true"),
    ("true", "d/e/f", "jsonlock set d/e/f a:=true --parents"),
    ("mkdir -p new/e; echo '{\"a\": 1}' > new/e/f", "d/e/f", "mv new d"),
    (
        "mkdir -p d/e new/e; echo '{}' > d/e/f; echo '{\"a\": 1}' > new/e/f",
        "d/e/f",
        "mv d old; mv new d",
    ),
    // Somebody is still in the old directory, so the kernel does not tell of its end.
    (
        "mkdir d; echo '{}' > d/f",
        "d/f",
        "cd d; rm -r ../d; mkdir ../d; jsonlock set ../d/f a:=true",
    ),
    ("mkdir d; echo '{}' > d/f; ln -s d/f l", "l", "jsonlock set l a:=true"),
    ("echo '{}' > 1; echo '{\"a\": 1}' > 2; ln -s 1 f", "f", "ln -s 2 new; mv new f"),
    (
        "mkdir 1 2; echo '{}' > 1/f; echo '{\"a\": 1}' > 2/f; ln -s 1 ..data; ln -s ..data/f f",
        "f",
        "ln -s 2 new; mv -T new ..data",
    ),
    ("ln -s d/f l", "l", "mkdir d; jsonlock set d/f a:=true"),
    ("mkdir d; echo '{}' > f", "d/../f", "jsonlock set f a:=true"),
];

#[test]
fn it_ends_however_the_condition_becomes_true() {
    for (before, file, script) in WAYS {
        for absolute in [false, true] {
            let sandbox = Sandbox::new();
            sandbox.shell(&format!("set -e; {before}")).succeeds();
            let root = if absolute { sandbox.root().to_str().unwrap() } else { "." };
            let waiter = waiting(&sandbox, &[&format!("{root}/{file}"), ".a", "-v"]);
            sandbox.shell(&format!("set -e; {script}")).succeeds();
            let ended = end_of(waiter);
            assert_eq!(ended.code, Some(0), "{file}: {script}\n{}", ended.stderr);
            assert!(!ended.stderr.contains("once a second"), "{script}: {}", ended.stderr);
        }
    }
}

#[test]
fn an_end_is_waited_for_as_a_beginning_is() {
    for script in ["rm d/f", "rm -r d", "mv d e", "mv d/f d/g", ": > d/f"] {
        let sandbox = Sandbox::new();
        sandbox.shell("mkdir d; echo '{}' > d/f").succeeds();
        let waiter = waiting(&sandbox, &["d/f", ". == null"]);
        sandbox.shell(script).succeeds();
        assert_eq!(end_of(waiter).code, Some(0), "{script}");
    }
}

#[test]
fn everybody_who_waits_is_told() {
    let sandbox = Sandbox::with("f", "{}");
    let waiters: Vec<Child> = (0..8).map(|_| waiting(&sandbox, &["f", ".a"])).collect();
    sandbox.run(["set", "f", "a:=1"]).succeeds();
    for waiter in waiters {
        assert_eq!(end_of(waiter).code, Some(0));
    }
}

#[test]
fn it_gives_up_with_1() {
    let sandbox = Sandbox::with("f", "{\"a\": false}");
    for timeout in ["0", "0.05", "50ms"] {
        let run = sandbox.run(["wait", "f", ".a", "--timeout", timeout]).exits_with(1);
        run.prints("").says("gave up after 0.").says("the condition is false of f");
        let run = sandbox.run(["wait", "f", ".b", "--timeout", timeout]).exits_with(1);
        run.says("the condition is null of f");
        sandbox.run(["wait", "f", ".b", "--timeout", timeout, "-q"]).exits_with(1).prints_nothing();
        sandbox.run(["wait", "missing/f", ".b", "--timeout", timeout, "-q"]).exits_with(1);
    }
    assert_eq!(sandbox.names(), ["f"]);
}

#[test]
fn the_limit_for_locks_is_none_for_conditions() {
    let sandbox = Sandbox::with("f", "{}");
    let mut command = sandbox.command(["wait", "f", ".a"]);
    let waiter = command.env("JSONLOCK_TIMEOUT", "0").spawn().unwrap();
    until("the wait watches", || watches(waiter.id()) > 0);
    sandbox.run(["set", "f", "a:=1"]).succeeds();
    assert_eq!(end_of(waiter).code, Some(0));
}

#[test]
fn what_cannot_become_true_ends_it_at_once() {
    let sandbox = Sandbox::with("f", "{\"a\": \"s3cret\"}");
    sandbox.run(["wait", "f", ".a |"]).exits_with(3);
    sandbox.run(["wait", "f", "$x"]).exits_with(3);
    sandbox.run(["wait", "f", ".a", "--print=.a |"]).exits_with(3).says("--print");
    sandbox.run(["wait", "f", ".a | keys"]).exits_with(5).says("f: ");
    sandbox.run(["wait", "f", "empty"]).exits_with(5);
    sandbox.run(["wait", "f", "true, true"]).exits_with(5);
    sandbox.run(["wait", "f", ".a", "--timeout", "soon"]).exits_with(2);
    sandbox.run(["wait", "f"]).exits_with(2);
    sandbox.run(["wait", ".", ".a"]).exits_with(77);
    sandbox.write("bad", "{\"a\": s3cret}");
    sandbox.run(["wait", "bad", ".a"]).exits_with(65).says("line 1").never_says("s3cret");
    let waiter = waiting(&sandbox, &["f", ".b"]);
    sandbox.write("f", "{");
    assert_eq!(end_of(waiter).code, Some(65));
}

/// Trying that again would be in vain.
#[test]
fn a_filter_that_does_not_finish_has_failed() {
    let sandbox = Sandbox::with("f", "{}");
    let run = sandbox.run(["wait", "f", "last(repeat(1))", "--timeout", "0.3"]).exits_with(5);
    run.says("f: the filter did not finish within 5 s");
}

#[test]
fn a_document_that_is_missing_is_called_that() {
    let sandbox = Sandbox::with("blank", "\n");
    let wait = |file| sandbox.run(["wait", file, ".a", "--timeout=0"]).exits_with(1);
    wait("f").says("the condition is null of f, which does not exist");
    wait("blank").says("the condition is null of blank\n");
}

#[test]
fn signals_end_it() {
    let sandbox = Sandbox::with("f", "{}");
    for (name, number) in [("INT", 2), ("TERM", 15)] {
        let waiter = waiting(&sandbox, &["f", ".a"]);
        sandbox.shell(&format!("kill -{name} {}", waiter.id())).succeeds();
        assert_eq!(end_of(waiter).signal, Some(number));
    }
}

/// Two processes that only ever wait for each other stop for good when one change goes unnoticed.
#[test]
fn no_change_goes_unnoticed() {
    let sandbox = Sandbox::with("f", "{\"n\": 0}");
    let rounds = if is_long() { 2000 } else { 100 };
    let player = |turn: u32| {
        let script = format!(
            "n={turn}; while [ $n -lt {rounds} ]; do jsonlock wait f \".n == $n\" --timeout 60 && \
             jsonlock set f n:=$((n + 1)) --durability none; n=$((n + 2)); done"
        );
        let sandbox = &sandbox;
        move || sandbox.shell(&format!("set -e; {script}")).succeeds().prints_nothing()
    };
    std::thread::scope(|scope| {
        scope.spawn(player(0));
        scope.spawn(player(1));
    });
    assert_eq!(sandbox.json("f")["n"], rounds);
}

#[test]
fn no_change_goes_unnoticed_by_the_library() {
    let sandbox = Sandbox::with("f", "0");
    let store = jsonlock::LocalStore::new(sandbox.path("f")).durability(jsonlock::Durability::None);
    let root = jsonlock::Path::root();
    let watchdog = jsonlock::Wait::at_most(std::time::Duration::from_secs(60));
    let play = |turn: u64| {
        for n in (turn..600).step_by(2) {
            let found = jsonlock::wait_until(&store, watchdog, |document| {
                Ok(document.get::<u64>(&root)? == Some(n))
            });
            assert!(found.unwrap().is_some());
            jsonlock::edit(&store, |document| document.set(&root, (n + 1).into())).unwrap();
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(|| play(0));
        scope.spawn(|| play(1));
    });
    assert_eq!(sandbox.read("f"), "600");
}

/// Readers and neighbours do not wake it, nor does the clock: it blocks once, without a limit.
#[test]
fn while_nothing_happens_it_sleeps() {
    if !can_trace("wait::while_nothing_happens_it_sleeps") {
        return;
    }
    let sandbox = Sandbox::with("f", "{}");
    sandbox.write("neighbour", "");
    fs::create_dir(sandbox.path("d")).unwrap();
    sandbox.write("d/new", "{\"a\": 1}");
    let program = [crate::harness::JSONLOCK, "wait", "f", ".a"];
    let mut strace = strace_of(&sandbox, program, &["-o", "d/trace"]);
    let child = strace.spawn().unwrap();
    let trace = || fs::read_to_string(sandbox.path("d/trace")).unwrap_or_default();
    until("the wait sleeps", || trace().contains("poll("));
    sandbox
        .shell("for i in 1 2 3; do cat f; echo $i >> neighbour; ls; done > /dev/null")
        .succeeds();
    sandbox.shell("mv d/new f").succeeds();
    assert_eq!(end_of(child).code, Some(0));
    let trace = trace();
    let blocked: Vec<&str> =
        trace.lines().skip_while(|line| !line.contains("inotify_init")).collect();
    let polls: Vec<&&str> = blocked.iter().filter(|line| line.contains("poll(")).collect();
    assert!(polls.len() == 1 && polls[0].contains(", NULL,"), "{blocked:#?}");
    assert!(!blocked.iter().any(|line| line.contains("nanosleep(")), "{blocked:#?}");
}

/// What happens to other names in the directory wakes it, but is no reason to read the document.
#[test]
fn neighbours_that_come_and_go_are_no_reason_to_look() {
    if !can_trace("wait::neighbours_that_come_and_go_are_no_reason_to_look") {
        return;
    }
    let sandbox = Sandbox::with("f", "{}");
    fs::create_dir(sandbox.path("d")).unwrap();
    sandbox.write("d/new", "{\"a\": 1}");
    let program = [crate::harness::JSONLOCK, "wait", "f", ".a"];
    let child = strace_of(&sandbox, program, &["-o", "d/trace"]).spawn().unwrap();
    let trace = || fs::read_to_string(sandbox.path("d/trace")).unwrap_or_default();
    let polls = || trace().matches("poll(").count();
    until("the wait sleeps", || polls() > 0);
    sandbox.shell("for i in 1 2 3; do echo > a; mv a b; rm b; done").succeeds();
    // It does wake, which is no promise, but shows that the neighbours were there to be looked at.
    until("it has been woken", || polls() > 1);
    sandbox.shell("mv d/new f").succeeds();
    assert_eq!(end_of(child).code, Some(0));
    let trace = trace();
    let looks = trace.lines().filter(|line| line.contains("\"f\", O_RDONLY"));
    assert_eq!(looks.count(), 2, "the first look and the last: {trace}");
}

#[test]
fn without_events_it_looks_from_time_to_time() {
    let test = "wait::without_events_it_looks_from_time_to_time";
    if !can_trace(test) {
        return;
    }
    for fault in ["inotify_init1:error=EMFILE", "inotify_add_watch:error=ENOSPC"] {
        let sandbox = Sandbox::with("f", "{}");
        fs::create_dir(sandbox.path("d")).unwrap();
        let run = |args: &[&str]| {
            let program = [&[crate::harness::JSONLOCK, "wait", "f"], args].concat();
            let inject = format!("inject={fault}");
            let mut strace = strace_of(&sandbox, program, &["-o", "d/trace", "-e", &inject]);
            strace.stderr(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap()
        };
        let ended = end_of(run(&[".a", "--timeout", "0.1"]));
        assert_eq!(ended.code, Some(1), "{}", ended.stderr);
        assert!(!ended.stderr.contains("once a second"), "only -v says so: {}", ended.stderr);
        let waiter = run(&[".a", "-v"]);
        let trace = || fs::read_to_string(sandbox.path("d/trace")).unwrap_or_default();
        until("the wait sleeps", || trace().contains("nanosleep(") || trace().contains("poll("));
        sandbox.run(["set", "f", "a:=1"]).succeeds();
        let ended = end_of(waiter);
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        assert_eq!(ended.stderr.matches("once a second").count(), 1, "{}", ended.stderr);
    }
}

/// Reading takes no more than the permission to pass through the directory; watching takes more.
#[test]
fn a_directory_that_may_not_be_read_is_looked_at_from_time_to_time() {
    if !can_switch_user("wait::a_directory_that_may_not_be_read_is_looked_at_from_time_to_time") {
        return;
    }
    let sandbox = Sandbox::with("f", "{}");
    chmod(&sandbox.path("f"), 0o644);
    chmod(sandbox.root(), 0o711);
    let stranger = User { uid: 4003, groups: &[4003] };
    let mut command = stranger.command(&sandbox, ["wait", "f", ".a", "-v"]);
    let waiter = command.stderr(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    // The file can be watched, its name cannot.
    until("the wait watches", || watches(waiter.id()) > 0);
    sandbox.run(["set", "f", "a:=1"]).succeeds();
    let ended = end_of(waiter);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert!(ended.stderr.contains("once a second"), "{}", ended.stderr);
}

#[test]
fn a_single_look_takes_no_watch() {
    if can_trace("wait::a_single_look_takes_no_watch") {
        let sandbox = Sandbox::with("f", "{}");
        let calls = calls(&sandbox, &["wait", "f", ".a", "--timeout", "0"]);
        assert!(!calls.is_empty() && !calls.iter().any(|call| call.name.starts_with("inotify")));
    }
}
