//! Proves that `status` tells who holds the lock and what stands in the way of an edit, that its exit
//! status is that of the edit, and that it changes nothing.

mod existence;

use crate::harness::{JSONLOCK, Run, Sandbox};
use crate::people::{ALICE, BOB, EVE, OLD, TEAM, scene};
use crate::system::{
    Held, HoldingProcess, User, can_mount, can_switch_user, can_trace, end_of, held, is_root,
    sees_waiters, until, waiters_of, works,
};
use crate::tracing::strace_of;
use serde_json::{Value, json};
use std::fs;
use std::os::unix::fs::{MetadataExt as _, symlink};
use std::process::{Command, Stdio};

/// A name as temporary files have it.
const TEMPORARY: &str = ".jsonlock-0123456789abcdef";

/// Everything about the files in a sandbox that may not change: names, inodes, modes, times, content.
fn traces(sandbox: &Sandbox) -> Vec<(String, Vec<u8>)> {
    let mut names = sandbox.names();
    names.push(".".to_owned());
    let trace = |name: String| {
        let path = sandbox.path(&name);
        let found = fs::symlink_metadata(&path).unwrap();
        let content = if found.is_file() { fs::read(path).unwrap_or_default() } else { Vec::new() };
        let times = (found.mtime(), found.mtime_nsec(), found.ctime(), found.ctime_nsec());
        (format!("{name} {} {:o} {times:?}", found.ino(), found.mode()), content)
    };
    names.into_iter().map(trace).collect()
}

/// Runs `status` with these arguments, which must leave no trace.
#[track_caller]
fn status(sandbox: &Sandbox, args: &[&str]) -> Run {
    let before = traces(sandbox);
    let run = sandbox.run(["status"].iter().chain(args));
    assert_eq!(traces(sandbox), before, "{run}");
    run
}

/// The JSON object that it prints.
#[track_caller]
fn object(sandbox: &Sandbox, args: &[&str]) -> Value {
    parse(&status(sandbox, &[args, &["--json"]].concat()).stdout())
}

#[track_caller]
fn parse(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// An edit that `status` says would be refused, and with what; and the edit, which is refused so.
#[track_caller]
fn refused(sandbox: &Sandbox, file: &str, code: i32, says: &str) {
    let run = status(sandbox, &[file]).exits_with(code);
    assert!(run.stdout().contains(says), "no {says:?}\n{run}");
    assert!(run.stdout().contains(&format!("error {code}:")), "{run}");
    sandbox.run(["set", file, "x=1"]).exits_with(code).says(says);
}

#[test]
fn a_document_at_rest_is_free() {
    let sandbox = Sandbox::with("f", OLD);
    let run = status(&sandbox, &["f"]).succeeds();
    let text = run.stdout();
    assert!(text.starts_with(&format!("document:     f, {} bytes\n", OLD.len())), "{run}");
    for line in ["f.lock, does not exist yet\n", "free\n", "edits:        would work\n"] {
        assert!(text.contains(line), "no {line:?}\n{run}");
    }
    let mut object = object(&sandbox, &["f"]);
    // These two depend on where the tests run.
    let fields = object.as_object_mut().unwrap();
    assert!(fields.remove("file_system").unwrap().is_string());
    assert!(fields.contains_key("safe"));
    fields.remove("safe");
    assert_eq!(
        object,
        json!({
            "file": "f", "resolved": "f", "exists": true, "size": OLD.len(), "lock_file": "f.lock",
            "lock_file_exists": false, "lock": "free", "holder": null, "waiters": 0,
            "editable": true, "problems": [], "notes": [],
        })
    );
    sandbox.run(["set", "f", "a=new"]).succeeds();
    let object = self::object(&sandbox, &["f"]);
    assert_eq!((&object["lock_file_exists"], &object["lock"]), (&json!(true), &json!("free")));
}

#[test]
fn a_document_that_is_missing_can_be_made() {
    let sandbox = Sandbox::new();
    status(&sandbox, &["f"]).succeeds();
    assert_eq!(object(&sandbox, &["f"])["exists"], false);
    let run = status(&sandbox, &["f", "--no-create"]).exits_with(66);
    assert!(run.stdout().contains("f does not exist"), "{run}");
    refused(&sandbox, "no/such/f", 73, "no/such does not exist");
    let _ = status(&sandbox, &["no/such/f"]).never_says("--parents");
    let _ = sandbox.run(["lock", "no/such/f", "--", "true"]).exits_with(73).never_says("--parents");
    status(&sandbox, &["-"]).exits_with(2);
}

#[test]
fn the_holder_is_named_and_those_who_wait_are_counted() {
    let test = "status::the_holder_is_named_and_those_who_wait_are_counted";
    if !works(test, &["flock", "--version"]) || !sees_waiters(test) {
        return;
    }
    let sandbox = Sandbox::with("f", OLD);
    let lock = sandbox.path("f.lock");
    let holder = HoldingProcess::start(&lock, "s3cret");
    until("nobody waits", || status(&sandbox, &["f"]).succeeds().stdout().contains(" (flock)\n"));
    let waiters: Vec<_> =
        (0..2).map(|_| sandbox.spawn(["set", "f", "a=new", "--timeout", "inf"])).collect();
    until("two wait", || waiters_of(&lock) == 2);
    // The list of locks is read in pieces, so locks of others that come and go can hide one of these.
    let mut seen = Value::Null;
    until("all of it is seen", || {
        seen = object(&sandbox, &["f"]);
        assert_eq!((&seen["lock"], &seen["editable"]), (&json!("held"), &json!(true)));
        seen["waiters"] == 2
    });
    let pid = holder.child.id();
    assert_eq!(
        seen["holder"],
        json!({"pid": pid, "host": null, "command": "flock", "since": null})
    );
    let expected = format!("held by process {pid} (flock); 2 processes wait\n");
    until("all of it is seen", || {
        let run = status(&sandbox, &["f"]).succeeds().never_says("s3cret");
        run.stdout().contains(&expected)
    });
    holder.stop();
    for waiter in waiters {
        assert_eq!(end_of(waiter).code, Some(0));
    }
}

#[test]
fn the_lock_file_tells_since_when_if_the_holder_wrote_it() {
    let test = "status::the_lock_file_tells_since_when_if_the_holder_wrote_it";
    let Some((sandbox, _held)) = held(test, OLD) else { return };
    let me = std::process::id();
    for (pid, since, expected) in [
        (me, "86400", json!("1970-01-02T00:00:00Z")),
        (me, "99999999999999999", json!("9999-12-31T23:59:59Z")),
        (me, "soon", Value::Null),
        (me + 1, "86400", Value::Null),
    ] {
        sandbox.write("f.lock", format!("jsonlock/1 pid={pid} since={since} temp={TEMPORARY}\n"));
        until("the holder is seen", || object(&sandbox, &["f"])["holder"]["pid"] == me);
        let holder = &object(&sandbox, &["f"])["holder"];
        assert!(holder.is_null() || holder["since"] == expected, "{pid} {since}: {holder}");
    }
}

/// In another PID namespace nobody sees who holds the lock, but that it is held.
#[test]
fn a_lock_is_held_though_nobody_can_be_seen_who_holds_it() {
    let test = "status::a_lock_is_held_though_nobody_can_be_seen_who_holds_it";
    let namespace = ["unshare", "-p", "-f", "-m", "--mount-proc"];
    if !works(test, &[&namespace[..], &["true"]].concat()) {
        return;
    }
    let sandbox = Sandbox::with("f", OLD);
    let held = Held::new(&sandbox.path("f.lock"));
    let run = |lock: &str| {
        let mut command = Command::new(namespace[0]);
        command.args(&namespace[1..]).args([JSONLOCK, "status", "f", "--json"]);
        command.current_dir(sandbox.root());
        let object = parse(&sandbox.run_command(command).succeeds().stdout());
        assert_eq!((&object["lock"], &object["holder"]), (&json!(lock), &Value::Null));
    };
    run("held");
    held.release();
    run("free");
}

#[test]
fn problems_are_those_of_the_edit() {
    for (make, file, code, says) in [
        ("ln f g", "f", 77, "has 2 hard links"),
        ("mkdir f.lock", "f", 77, "proper-lockfile"),
        ("mkfifo f.lock", "f", 77, "not a regular file"),
        ("ln -s x f.lock", "f", 77, "a symbolic link"),
        ("mkdir d", "d", 77, "a directory"),
        ("mkfifo p", "p", 77, "a pipe"),
        ("ln -s l l", "l", 74, "too many symbolic links"),
        ("echo '{' > f", "f", 65, "not valid JSON at line"),
        ("ln -s d/f l", "l", 73, "d does not exist"),
    ] {
        let sandbox = Sandbox::with("f", OLD);
        sandbox.shell(make).succeeds();
        refused(&sandbox, file, code, says);
    }
}

#[test]
fn all_problems_are_told_at_once_and_the_first_is_the_exit_status() {
    let sandbox = Sandbox::with("f", "{\"token\": s3cret}");
    sandbox.shell("ln f g; mkdir f.lock").succeeds();
    let problems = object(&sandbox, &["f"])["problems"].clone();
    let codes: Vec<&Value> =
        problems.as_array().unwrap().iter().map(|problem| &problem["exit_status"]).collect();
    assert_eq!(codes, [77, 77, 65], "{problems}");
    let _ = status(&sandbox, &["f"]).exits_with(77).never_says("s3cret");
    status(&sandbox, &["f", "--lock-file=l", "--break-hard-links"]).exits_with(65);
    sandbox.write("f", OLD);
    status(&sandbox, &["f", "--lock-file=l", "--break-hard-links"]).succeeds();
}

#[test]
fn links_are_followed_as_edits_follow_them() {
    let sandbox = Sandbox::new();
    fs::create_dir(sandbox.path("d")).unwrap();
    sandbox.write("d/f", OLD);
    symlink("d/f", sandbox.path("l")).unwrap();
    let object = object(&sandbox, &["l"]);
    let places = (&object["file"], &object["resolved"], &object["lock_file"]);
    assert_eq!(places, (&json!("l"), &json!("d/f"), &json!("d/f.lock")));
    assert!(status(&sandbox, &["l"]).succeeds().stdout().contains("l, a link to d/f, "));
    let run = status(&sandbox, &["l", "--follow=never"]).exits_with(77);
    assert!(run.stdout().contains("is a symbolic link"), "{run}");
}

#[test]
fn what_others_left_is_noted() {
    let sandbox = Sandbox::with("f", OLD);
    let notes = |sandbox: &Sandbox| object(sandbox, &["f"])["notes"].clone();
    for name in [".jsonlock-", ".jsonlock-0123456789abcde.", "g.displaced.x", "f.displaced"] {
        sandbox.write(name, "");
    }
    assert_eq!(notes(&sandbox), json!([]), "names that are not ours");
    sandbox.write("f.lock", "somebody's");
    sandbox.write(TEMPORARY, "");
    let displaced = format!("f.displaced{TEMPORARY}");
    sandbox.write(&displaced, "");
    let found = notes(&sandbox);
    let found: Vec<_> = found.as_array().unwrap().iter().collect();
    let kinds: Vec<_> = found.iter().map(|note| (&note["kind"], &note["path"])).collect();
    let expected =
        [("foreign_lock_file", "f.lock"), ("leftover", TEMPORARY), ("displaced", &displaced)];
    let expected = expected.map(|(kind, path)| (json!(kind), json!(path)));
    assert_eq!(kinds, expected.each_ref().map(|(kind, path)| (kind, path)));
    let text = status(&sandbox, &["f"]).succeeds().stdout();
    assert_eq!(text.matches("\nnote:").count(), 3, "{text}");
    let _owner = Held::new(&sandbox.path(TEMPORARY));
    assert!(!notes(&sandbox).to_string().contains("leftover"), "its owner is alive");
}

#[test]
fn permissions_are_problems() {
    if !can_switch_user("status::permissions_are_problems") {
        return;
    }
    let strict = (ALICE.uid, TEAM, 0o755);
    let shared = (ALICE.uid, TEAM, 0o2775);
    let cases: [(_, _, User, &[&str], &str); 6] = [
        (shared, 0o664, BOB, &[], ""),
        (shared, 0o444, ALICE, &[], "--force"),
        (shared, 0o444, ALICE, &["--force"], ""),
        (strict, 0o664, BOB, &[], "not writable for you"),
        ((0, 0, 0o1777), 0o664, BOB, &[], "only owners may replace"),
        (shared, 0o660, EVE, &[], "cannot open f"),
    ];
    for (directory, bits, user, options, says) in cases {
        let sandbox = scene(directory, (ALICE.uid, TEAM, bits));
        let before = traces(&sandbox);
        let run =
            sandbox.run_command(user.command(&sandbox, ["status", "f"].iter().chain(options)));
        let run = run.exits_with(if says.is_empty() { 0 } else { 77 });
        assert!(run.stdout().contains(says), "{says}\n{run}");
        assert_eq!(traces(&sandbox), before);
        let edit = ["set", "f", "a=new"];
        let edit = user.command(&sandbox, edit.iter().chain(options));
        assert_eq!(sandbox.run_command(edit).code(), run.code(), "{run}");
    }
}

#[test]
fn file_systems_are_named() {
    if !can_mount("status::file_systems_are_named") {
        return;
    }
    let sandbox = Sandbox::new();
    fs::create_dir(sandbox.path("d")).unwrap();
    for (options, name, safe) in [("tmpfs", "tmpfs", json!(true)), ("ramfs", "ramfs", Value::Null)]
    {
        let script =
            format!("mount -t {options} none d; echo {{}} > d/f; jsonlock status d/f --json");
        let mount = |script: &str| {
            sandbox.write("script", format!("set -e\n{script}"));
            sandbox.shell("exec unshare -m sh script")
        };
        let object = parse(&mount(&script).succeeds().stdout());
        assert_eq!((&object["file_system"], &object["safe"]), (&json!(name), &safe));
        let script =
            "mount -t tmpfs none d; echo {} > d/f; mount -o remount,ro d; jsonlock status d/f";
        let run = mount(script).exits_with(77);
        assert!(run.stdout().contains("read-only mount"), "{run}");
        let script = "echo {} > f; echo {} > g; mount --bind f g; jsonlock status g";
        let run = mount(script).exits_with(77);
        assert!(run.stdout().contains("mount its directory"), "{run}");
    }
}

/// The kernel's answer is changed into that of a network file system.
#[test]
fn a_network_file_system_is_a_problem_and_its_locks_are_not_tried() {
    let test = "status::a_network_file_system_is_a_problem_and_its_locks_are_not_tried";
    let nfs = ["-o", "/dev/null", "-e", "inject=fstatfs:poke_exit=@arg2=6969000000000000"];
    let probe = [&["strace"], &nfs[..], &["true"]].concat();
    if !can_trace(test) || !cfg!(target_arch = "x86_64") || !works(test, &probe) {
        return;
    }
    let sandbox = Sandbox::with("f", OLD);
    sandbox.write("f.lock", "");
    let run = |args: &[&str]| {
        let program = [&[JSONLOCK, "status", "f", "--json"], args].concat();
        let mut command = strace_of(&sandbox, program, &nfs);
        let ended = end_of(command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap());
        (ended.code, parse(&ended.stdout))
    };
    let (code, object) = run(&[]);
    assert_eq!(code, Some(69), "{object}");
    let facts = (&object["file_system"], &object["safe"], &object["lock"]);
    assert_eq!(facts, (&json!("nfs"), &json!(false), &json!("unknown")));
    assert!(object["problems"][0]["message"].as_str().unwrap().contains("--network-fs=allow"));
    // Both are found out before the lock.
    fs::hard_link(sandbox.path("f"), sandbox.path("g")).unwrap();
    let problems = run(&[]).1["problems"].clone();
    let codes = problems.as_array().unwrap().iter().map(|problem| &problem["exit_status"]);
    assert_eq!(codes.collect::<Vec<_>>(), [69, 77], "{problems}");
    fs::remove_file(sandbox.path("g")).unwrap();
    let (code, object) = run(&["--network-fs=allow"]);
    assert_eq!((code, &object["notes"][0]["kind"]), (Some(0), &json!("trusted_file_system")));
}

#[test]
fn where_locking_is_unsupported_it_says_so() {
    let test = "status::where_locking_is_unsupported_it_says_so";
    if can_trace(test) {
        let sandbox = Sandbox::with("f", OLD);
        sandbox.write("f.lock", "");
        let fault = ["-o", "/dev/null", "-e", "inject=flock:error=ENOSYS"];
        let mut command = strace_of(&sandbox, [JSONLOCK, "status", "f"], &fault);
        let ended = end_of(command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap());
        assert_eq!(ended.code, Some(69), "{}", ended.stdout);
    }
}

#[test]
fn control_characters_do_not_reach_the_terminal() {
    let name = "f\u{1b}[2J";
    let sandbox = Sandbox::with(name, OLD);
    let run = status(&sandbox, &[name]).succeeds().never_says("\u{1b}");
    assert!(run.stdout().contains(r"f\u{1b}[2J"), "{run}");
}

#[test]
fn a_link_that_root_does_not_follow_is_a_problem() {
    if is_root() {
        let sandbox = Sandbox::with("precious", OLD);
        symlink("precious", sandbox.path("l")).unwrap();
        std::os::unix::fs::lchown(sandbox.path("l"), Some(EVE.uid), Some(EVE.uid)).unwrap();
        refused(&sandbox, "l", 77, "--follow");
        status(&sandbox, &["l", "--follow=always"]).succeeds();
    }
}
