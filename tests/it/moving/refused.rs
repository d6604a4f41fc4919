//! A kind of file system that nobody knows may be shared with machines that its locks do not reach. It is
//! refused, before anything is made there, unless the user knows better.

use super::{Kind, LOCAL, Locks, Moving, OLD, on_moving};
use crate::harness::Sandbox;
use std::process::Stdio;

/// Every command that locks.
const COMMANDS: [&[&str]; 8] = [
    &["set", "f", "a=new"],
    &["del", "f", "a"],
    &["merge", "f", "{\"a\": \"new\"}"],
    &["patch", "f", "[{\"op\": \"add\", \"path\": \"/a\", \"value\": \"new\"}]"],
    &["apply", "f", ".a = \"new\""],
    &["batch", "f"],
    &["filter", "f", "--", "sed", "s/old/new/"],
    &["lock", "f", "--", "true"],
];

fn on_unknown(test: &str, body: impl Fn(&Moving)) {
    on_moving(test, &[(Kind::Unknown, Locks::OfTheKernel)], body);
}

#[test]
fn an_unknown_kind_is_refused() {
    on_unknown("moving::refused::an_unknown_kind_is_refused", |moving| {
        let (sandbox, empty) = (moving.with(OLD), moving.sandbox());
        for command in COMMANDS {
            for (sandbox, names) in [(&sandbox, &["f"][..]), (&empty, &[])] {
                // Its lines are no reason to accept what would be refused without any.
                let input = "{\"a\": \"new\"}\n";
                let run = sandbox.run_with_input(command, input).exits_with(69);
                run.says("nobodyknowsit").says("--network-fs=allow");
                assert_eq!(sandbox.names(), names, "{command:?}");
            }
            assert_eq!(sandbox.read("f"), OLD, "{command:?}");
        }
        sandbox.run(["set", "no/directory/f", "a=new", "--parents"]).exits_with(69);
        assert_eq!(sandbox.names(), ["f"]);
        // Who only reads does no harm.
        sandbox.run(["get", "f", "a"]).succeeds().prints("old\n");
    });
}

#[test]
fn a_lock_file_on_an_unknown_kind_is_refused() {
    on_unknown("moving::refused::a_lock_file_on_an_unknown_kind_is_refused", |moving| {
        let (local, shared) = (Sandbox::with("f", OLD), moving.sandbox());
        let lock = shared.path("lock");
        for command in COMMANDS {
            let option = ["--lock-file", lock.to_str().unwrap()];
            let (head, tail) = command.split_at(2);
            let args: Vec<&str> = [head, &option, tail].concat();
            local.run_with_input(&args, "{\"a\": \"new\"}\n").exits_with(69);
            assert_eq!((shared.names(), local.names()), (vec![], vec!["f".to_owned()]));
            assert_eq!(local.read("f"), OLD, "{command:?}");
        }
        // The other way round the document is what counts.
        let (document, lock) = (moving.with(OLD), local.path("lock"));
        let option = ["--lock-file", lock.to_str().unwrap()];
        document.run([&["set", "f", "a=new"][..], &option].concat()).exits_with(69);
        assert_eq!((document.names(), local.names()), (vec!["f".to_owned()], vec!["f".to_owned()]));
    });
}

#[test]
fn an_unknown_kind_can_be_allowed() {
    on_unknown("moving::refused::an_unknown_kind_can_be_allowed", |moving| {
        for command in COMMANDS {
            let sandbox = moving.with(OLD);
            let (head, tail) = command.split_at(2);
            let args: Vec<&str> = [head, &["--network-fs=allow"], tail].concat();
            sandbox.run_with_input(&args, "{\"a\": \"new\"}\n").succeeds();
            let sandbox = moving.with(OLD);
            let mut allowed = moving.command(&sandbox, command);
            allowed.stdin(Stdio::null());
            sandbox.run_command(allowed).succeeds();
        }
        let (local, shared) = (Sandbox::with("f", OLD), moving.sandbox());
        let lock = shared.path("lock");
        let set = ["set", "f", "a=new", "--network-fs=allow", "--lock-file"];
        local.run([&set[..], &[lock.to_str().unwrap()]].concat()).succeeds();
        assert_eq!(shared.names(), ["lock"]);
    });
}

/// The control: nothing of this is said of a kind that is known to be local.
#[test]
fn a_kind_that_is_known_to_be_local_is_accepted() {
    let test = "moving::refused::a_kind_that_is_known_to_be_local_is_accepted";
    on_moving(test, &LOCAL, |moving| {
        for command in COMMANDS {
            let sandbox = moving.with(OLD);
            let run = sandbox.run_with_input(command, "{\"a\": \"new\"}\n").succeeds();
            assert_eq!(run.stderr(), "", "{command:?}");
        }
    });
}
