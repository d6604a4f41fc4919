//! Proves that access never widens, not even for a moment: while documents are edited, a second user
//! who watches the directory can open nothing that the document itself does not let them open.
//!
//! Once at every system call of an edit, with the program stopped there, and once by a watcher that
//! tries all the time while edits run. Both are shown to see what a careless writer does.

use crate::harness::{Sandbox, skip};
use crate::people::{ALICE, EVE, OLD, ROOT, TEAM, has_acls, run_as, scene, shell_as};
use crate::system::{Ended, User, can_switch_user, can_trace, chmod, end_of, give, until};
use crate::tracing::{calls_of_the_edit, stopped_at};
use std::fs;
use std::io::Write as _;
use std::process::{Child, Command, Stdio};

const EDIT: [&str; 3] = ["set", "f", "a=new"];

/// How a document that Eve may not read comes about.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Private,
    Team,
    Acl,
    /// The directory would give Eve access to what is new in it.
    DefaultAcl,
    First,
    /// As [`Kind::DefaultAcl`], but a new document that is to be private.
    FirstPrivate,
}

const KINDS: [Kind; 6] =
    [Kind::Private, Kind::Team, Kind::Acl, Kind::DefaultAcl, Kind::First, Kind::FirstPrivate];

impl Kind {
    fn scene(self) -> Sandbox {
        let bits = if matches!(self, Kind::Private) { 0o600 } else { 0o640 };
        let sandbox = scene((ALICE.uid, TEAM, 0o2755), (ALICE.uid, TEAM, bits));
        let script = match self {
            Kind::Private | Kind::Team => "true",
            Kind::Acl => "setfacl -m u:4002:rw,g:4200:r,u:4003:- f",
            Kind::DefaultAcl => "setfacl -d -m u:4003:rwx,g::rwx,o::rwx,m::rwx .",
            Kind::First => "rm f",
            Kind::FirstPrivate => "rm f; setfacl -d -m u:4003:rwx,g::rwx,o::rwx,m::rwx .",
        };
        sandbox.shell(script).succeeds();
        sandbox
    }

    fn edit(self) -> &'static [&'static str] {
        if matches!(self, Kind::First | Kind::FirstPrivate) {
            &["set", "--mode=600", "f", "a=new"]
        } else {
            &EDIT
        }
    }
}

/// What Eve can open in the directory.
fn opened_by_eve(sandbox: &Sandbox) -> String {
    let script = "for name in * .jsonlock-*; do [ -f $name ] || continue
        if (exec 3< $name) || (exec 3>> $name); then echo $name; fi; done 2> /dev/null";
    shell_as(sandbox, EVE, script).stdout()
}

#[test]
fn at_no_system_call_can_a_stranger_open_anything() {
    let test = "exposure::at_no_system_call_can_a_stranger_open_anything";
    if !can_switch_user(test) || !can_trace(test) || !has_acls(test) {
        return;
    }
    for kind in KINDS {
        let calls = calls_of_the_edit(&kind.scene(), kind.edit());
        let (mut temporaries, mut locks) = (0, 0);
        for call in calls.iter().filter(|call| creates_or_alters(&call.line)) {
            let sandbox = kind.scene();
            let ended = stopped_at(&sandbox, kind.edit(), call, || {
                assert_eq!(opened_by_eve(&sandbox), "", "{kind:?} behind {}", call.line);
                let names = sandbox.names();
                temporaries += usize::from(names.iter().any(|name| name.starts_with(".jsonlock-")));
                locks += usize::from(names.contains(&"f.lock".to_owned()));
            });
            assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        }
        assert!(temporaries > 3 && locks > temporaries, "{kind:?}: {temporaries} {locks}");
    }
}

/// Whether a call may change who can open what.
fn creates_or_alters(line: &str) -> bool {
    let calls =
        ["O_CREAT", "fchown", "fchmod", "setxattr", "removexattr", "write", "fsync", "rename"];
    calls.iter().any(|call| line.contains(call))
}

/// The control: where Eve may read the document, she is seen to open what she may.
#[test]
fn the_look_of_a_stranger_finds_what_is_open() {
    let test = "exposure::the_look_of_a_stranger_finds_what_is_open";
    if !can_switch_user(test) || !can_trace(test) {
        return;
    }
    let sandbox = Kind::Team.scene();
    chmod(&sandbox.path("f"), 0o644);
    let calls = calls_of_the_edit(&sandbox, &EDIT);
    let sync = crate::tracing::find(&calls, "fsync", ".jsonlock-");
    let other = ["set", "f", "a=newer"];
    let ended = stopped_at(&sandbox, &other, &sync, || {
        let opened = opened_by_eve(&sandbox);
        assert!(opened.starts_with("f\n.jsonlock-"), "{opened}");
    });
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
}

/// Tries to open whatever appears, until its input ends. Then says how often it has met a temporary
/// file, and what it has opened.
const WATCHER: &str = r#"
import os, select, sys
met, opened = 0, set()
print("watching", flush=True)
while not select.select([sys.stdin], [], [], 0)[0]:
    for _ in range(50):
        for name in os.listdir("."):
            if name.startswith("watch"):
                continue
            met += name.startswith(".jsonlock-")
            for access in (os.O_RDONLY, os.O_WRONLY):
                try:
                    os.close(os.open(name, access | os.O_NONBLOCK))
                    if name not in opened:
                        opened.add(name)
                        print("opened", name, flush=True)
                except OSError:
                    pass
print("met", met, flush=True)
"#;

/// A writer that makes the temporary file as `open` does by default, and then gives it the mode.
const CARELESS: &str = r#"
import os
os.umask(0o022)
for number in range(20):
    with open(".jsonlock-careless", "w") as temporary:
        temporary.write('{"a": %d}' % number)
        temporary.flush()
        os.fsync(temporary.fileno())
        os.fchmod(temporary.fileno(), 0o640)
    os.replace(".jsonlock-careless", "f")
"#;

/// Somebody who watches the sandbox.
struct Watch(Child);

impl Watch {
    fn start(sandbox: &Sandbox, user: User) -> Self {
        let mut shell = Command::new("sh");
        shell.args(["-c", "exec python3 -c \"$0\"", WATCHER]).current_dir(sandbox.root());
        let mut python = user.switch(shell);
        let mut child = python.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = [0; 9];
        std::io::Read::read_exact(child.stdout.as_mut().unwrap(), &mut line).unwrap();
        assert_eq!(&line, b"watching\n");
        Watch(child)
    }

    /// What was opened, and how often a temporary file was met.
    fn end(mut self) -> (Vec<String>, usize) {
        drop(self.0.stdin.take().map(|mut input| input.write_all(b"end\n")));
        let Ended { stdout, .. } = end_of(self.0);
        let words = |first: &str| {
            let lines = stdout.lines().filter_map(|line| line.strip_prefix(first));
            lines.map(|line| line.trim().to_owned()).collect::<Vec<_>>()
        };
        (words("opened "), words("met ")[0].parse().unwrap())
    }
}

/// Whether Eve has a Python to watch with.
fn can_watch(test: &str) -> bool {
    if !can_switch_user(test) {
        return false;
    }
    let sandbox = scene((0, 0, 0o755), (0, 0, 0o600));
    let can = shell_as(&sandbox, EVE, "python3 -c 'import select'").code() == Some(0);
    if !can {
        skip(test, "other users cannot run python3");
    }
    can
}

/// Edits until the watcher has had enough to see, by Alice and by root in turn.
fn edits_under_watch(kind: Kind, count: usize) -> (Vec<String>, usize) {
    let sandbox = kind.scene();
    let watch = Watch::start(&sandbox, EVE);
    for number in 0..count {
        let value = format!("a={number}");
        let user = if number % 2 == 0 { ALICE } else { ROOT };
        if matches!(kind, Kind::First | Kind::FirstPrivate) {
            let script = format!("rm -f f f.lock; umask 077; exec jsonlock set f {value}");
            let private = ["set", "--mode=600", "f", &value];
            if matches!(kind, Kind::First) {
                shell_as(&sandbox, user, &script).succeeds();
            } else {
                let _ = fs::remove_file(sandbox.path("f"));
                run_as(&sandbox, user, &private).succeeds();
            }
        } else {
            run_as(&sandbox, user, &["set", "f", &value]).succeeds();
        }
    }
    watch.end()
}

#[test]
fn a_watching_stranger_can_never_open_anything() {
    let test = "exposure::a_watching_stranger_can_never_open_anything";
    if !can_watch(test) || !has_acls(test) {
        return;
    }
    let count = if crate::harness::is_long() { 500 } else { 40 };
    for kind in KINDS {
        let (opened, met) = edits_under_watch(kind, count);
        assert_eq!(opened, [""; 0], "{kind:?}");
        if met == 0 {
            crate::harness::not_triggered(test, &format!("{kind:?}: no temporary file was met"));
        }
    }
}

/// The control: the same watcher catches a writer that is private only in the end.
#[test]
fn a_watching_stranger_opens_what_a_careless_writer_makes() {
    let test = "exposure::a_watching_stranger_opens_what_a_careless_writer_makes";
    if !can_watch(test) {
        return;
    }
    let mut caught = false;
    until("the watcher opens a careless temporary file", || {
        let sandbox = Kind::Team.scene();
        sandbox.write("f", OLD);
        give(&sandbox.path("f"), ALICE.uid, TEAM, 0o640);
        sandbox.write("watch.py", CARELESS);
        let watch = Watch::start(&sandbox, EVE);
        shell_as(&sandbox, ALICE, "python3 watch.py").succeeds();
        let (opened, _) = watch.end();
        caught |= opened.iter().any(|name| name == ".jsonlock-careless");
        caught
    });
}
