//! The exit codes, row by row as the manual has them, and what they say about the document.

use crate::harness::{Run, Sandbox, skip};
use std::process::Command;

const BEFORE: &str = "{\"a\": \"text\", \"l\": [1]}";

/// Runs a command that must fail with `code`, say that nothing changed, and tell the truth.
#[track_caller]
fn fails(sandbox: &Sandbox, args: &[&str], code: i32) -> Run {
    let run = sandbox.run(args).exits_with(code).prints("").says("f was not changed");
    assert_eq!(sandbox.read("f"), BEFORE);
    run
}

#[test]
fn code_0_done_changed_or_not() {
    let sandbox = Sandbox::with("f", BEFORE);
    sandbox.run(["set", "f", "b=1"]).succeeds();
    sandbox.run(["set", "f", "b=1"]).succeeds();
    sandbox.run(["--version"]).succeeds();
    sandbox.run(["set", "--help"]).succeeds();
}

#[test]
fn code_1_no_such_path_or_never_true() {
    let sandbox = Sandbox::with("f", BEFORE);
    sandbox.run(["get", "f", "b"]).exits_with(1);
    sandbox.run(["wait", "f", ".b", "--timeout", "0"]).exits_with(1);
}

#[test]
fn code_2_usage() {
    let sandbox = Sandbox::with("f", BEFORE);
    fails(&sandbox, &["set", "f", "a..b=1"], 2);
    fails(&sandbox, &["set", "f", "no-equals-sign"], 2);
    fails(&sandbox, &["del", "f", "a["], 2);
    fails(&sandbox, &["set", "f", "b=1", "--timeout", "soon"], 2);
    fails(&sandbox, &["set", "f", "b=1", "--mode", "9"], 2);
    fails(&sandbox, &["set", "f", "--env", "b=NO_SUCH_VARIABLE"], 2);
    sandbox.run(["set", "gopher://host/key", "a=1"]).exits_with(2).says("was not changed");
    for args in [&["set", "f", "a=1", "--bogus"][..], &["set", "f"], &["frobnicate"], &[]] {
        sandbox.run(args).exits_with(2);
    }
    assert_eq!(sandbox.names(), ["f"], "no lock was taken");
}

#[test]
fn code_3_the_filter_does_not_compile() {
    let sandbox = Sandbox::with("f", BEFORE);
    fails(&sandbox, &["apply", "f", ".["], 3);
    fails(&sandbox, &["set", "f", "b=1", "--print=nosuch"], 3);
    sandbox.run(["get", "f", "--jq", ".["]).exits_with(3);
    sandbox.run(["wait", "f", ".["]).exits_with(3);
}

#[test]
fn code_5_the_change_does_not_fit() {
    let sandbox = Sandbox::with("f", BEFORE);
    fails(&sandbox, &["set", "f", "a.b=1"], 5).says("a is a string");
    fails(&sandbox, &["set", "f", "l[2]=1"], 5).says("out of range");
    fails(&sandbox, &["set", "f", "l[-2]=1"], 5).says("out of range");
    fails(&sandbox, &["apply", "f", ".a + 1"], 5);
    fails(&sandbox, &["apply", "f", "empty"], 5);
    fails(&sandbox, &["apply", "f", ".l, .a"], 5);
    fails(&sandbox, &["apply", "f", "last(repeat(.))", "--timeout", "0"], 5).says("time limit");
    fails(&sandbox, &["del", "f", "x", "--must-exist"], 5);
    fails(&sandbox, &["patch", "f", r#"[{"op": "remove", "path": "/x"}]"#], 5);
}

#[test]
fn code_65_not_valid_json() {
    let sandbox = Sandbox::with("f", BEFORE);
    fails(&sandbox, &["set", "f", "b:=abc"], 65);
    fails(&sandbox, &["merge", "f", "{"], 65);
    fails(&sandbox, &["patch", "f", "[{}]"], 65).says("operation 1");
    fails(&sandbox, &["apply", "f", ".", "--argjson", "x", "{"], 65);
    sandbox.write("bad", "{\"a\": 1,}");
    sandbox
        .run(["set", "bad", "b=1"])
        .exits_with(65)
        .says("line 1, column 8")
        .says("bad was not changed");
    sandbox.run(["get", "bad"]).exits_with(65);
    sandbox.run(["wait", "bad", ".b"]).exits_with(65);
    assert_eq!(sandbox.read("bad"), "{\"a\": 1,}");
}

#[test]
fn code_66_missing() {
    let sandbox = Sandbox::with("f", BEFORE);
    sandbox.run(["set", "typo", "a=1", "--no-create"]).exits_with(66).says("typo does not exist");
    sandbox.run(["get", "typo"]).exits_with(66);
    fails(&sandbox, &["set", "f", "a=@typo"], 66);
    fails(&sandbox, &["apply", "f", "-f", "typo"], 66);
    assert_eq!(sandbox.names(), ["f"], "no lock file is left behind");
}

#[test]
fn code_69_unsupported() {
    let sandbox = Sandbox::with("f", BEFORE);
    // Whether this one was built with etcd or not; services/codes.rs has the codes of those that were.
    sandbox.run(["set", "etcd://127.0.0.1:1/key", "a=1", "--timeout", "0"]).exits_with(69);
    if let Some(run) = inject(&sandbox, "flock:error=ENOSYS") {
        run.exits_with(69).says("f was not changed");
    }
}

#[test]
fn code_73_cannot_create() {
    let sandbox = Sandbox::with("f", BEFORE);
    sandbox.run(["set", "no/such/f", "a=1"]).exits_with(73).says("--parents");
    let too_long = "k".repeat(252);
    sandbox.run(["set", &too_long, "a=1"]).exits_with(73).says("--lock-file");
}

#[test]
fn code_74_io_error() {
    let sandbox = Sandbox::with("f", BEFORE);
    if let Some(run) = inject(&sandbox, "fsync:error=EIO:when=1") {
        run.exits_with(74).says("cannot sync").says("f was not changed");
        assert_eq!(sandbox.read("f"), BEFORE);
        assert_eq!(sandbox.names(), ["f", "f.lock"]);
    }
}

#[test]
fn code_75_busy() {
    let sandbox = Sandbox::with("f", BEFORE);
    let args =
        ["f.lock", "sh", "-c", "exec \"$@\"", "-", crate::harness::JSONLOCK, "set", "f", "a=1"];
    let mut flock = Command::new("flock");
    flock.args(args).args(["--timeout", "0"]).current_dir(sandbox.root());
    sandbox.run_command(flock).exits_with(75).says("holds the lock").says("f was not changed");
    assert_eq!(sandbox.read("f"), BEFORE);
}

#[test]
fn code_76_conflict() {
    let sandbox = Sandbox::with("f", BEFORE);
    fails(&sandbox, &["set", "f", "a=1", "--if", ".a == 1"], 76);
    fails(&sandbox, &["set", "f", "a=1", "--if-match", "0"], 76);
    fails(&sandbox, &["set", "f", "a=1", "--if-absent"], 76);
    let patch = r#"[{"op": "remove", "path": "/l"}, {"op": "test", "path": "/a", "value": "b"}]"#;
    fails(&sandbox, &["patch", "f", patch], 76).says("operation 2 (test \"/a\")");
}

#[test]
fn code_78_rejected() {
    let sandbox = Sandbox::with("f", BEFORE);
    fails(&sandbox, &["set", "f", "a=1", "--check", ".a == 1"], 78);
}

#[test]
fn code_77_refused() {
    let sandbox = Sandbox::with("f", BEFORE);
    std::fs::hard_link(sandbox.path("f"), sandbox.path("g")).unwrap();
    fails(&sandbox, &["set", "f", "a=1"], 77).says("hard links").says("--break-hard-links");
    sandbox.run(["set", ".", "a=1"]).exits_with(77).says("directory");
    sandbox.run(["set", "f", "a=1", "--break-hard-links"]).succeeds();
    assert_eq!(sandbox.read("g"), BEFORE);
}

#[test]
fn code_79_durability_unconfirmed() {
    let sandbox = Sandbox::with("f", BEFORE);
    if let Some(run) = inject(&sandbox, "fsync:error=EIO:when=2") {
        run.exits_with(79).says("may not survive a power cut").says("f has the new content");
        assert_eq!(sandbox.json("f")["b"], "1");
    }
}

#[test]
fn usage_errors_come_before_everything_else() {
    let sandbox = Sandbox::with("f", "not JSON");
    sandbox.run(["set", "f", "a..b=1"]).exits_with(2);
}

/// Runs `set f b=1` while strace makes system calls fail.
fn inject(sandbox: &Sandbox, fault: &str) -> Option<Run> {
    let mut strace = Command::new("strace");
    let call = fault.split(':').next().unwrap();
    strace.args(["-f", "-qq", "-o", "/dev/null", "-e", &format!("trace={call}")]);
    strace.args(["-e", &format!("inject={fault}"), crate::harness::JSONLOCK, "set", "f", "b=1"]);
    strace.current_dir(sandbox.root());
    match Command::new("strace").args(["-qq", "-o", "/dev/null", "true"]).status() {
        Ok(status) if status.success() => Some(sandbox.run_command(strace)),
        _ => {
            skip(fault, "strace cannot run here");
            None
        }
    }
}
