//! What is left of an interrupted rename, but is not what its writer was about to publish: nobody but the
//! user can say what is right.

use super::cut::interrupted;
use super::{EDITS, LOCAL, Moving, edit, on_moving};
use crate::harness::{Run, Sandbox};
use std::collections::BTreeMap;

const DAMAGES: [&str; 3] = ["truncate -s 5 .jsonlock-*", ALTERED, "truncate -s 0 .jsonlock-*"];

/// Makes `nex` of `new`.
const ALTERED: &str = "printf x | dd of=$(echo .jsonlock-*) bs=1 seek=9 conv=notrunc status=none";

fn damaged(moving: &Moving, damage: &str) -> Sandbox {
    let sandbox = interrupted(moving);
    moving.shell(&sandbox, damage).succeeds();
    moving.settle(&sandbox);
    sandbox
}

/// All that is in the directory.
fn contents(sandbox: &Sandbox) -> BTreeMap<String, Vec<u8>> {
    let names = sandbox.names();
    names.into_iter().map(|name| (name.clone(), sandbox.read_bytes(&name))).collect()
}

fn leftover(sandbox: &Sandbox) -> String {
    let names = sandbox.names();
    names.into_iter().find(|name| name.starts_with(".jsonlock-")).unwrap()
}

/// A command of the message: a tool, and as many operands as it takes.
fn command(run: &Run, tool: &str, operands: usize) -> String {
    let message = run.stderr();
    let words: Vec<&str> = message.split_whitespace().collect();
    let start = words.iter().position(|word| *word == tool);
    let start = start.unwrap_or_else(|| panic!("the message does not say {tool}\n{run}"));
    let operands = operands + usize::from(words[start + 1] == "--");
    let command = words[start..=start + operands].join(" ");
    command.trim_end_matches([',', ';', '.', '`']).to_owned()
}

#[test]
fn an_edit_of_what_is_not_whole_is_refused() {
    let test = "moving::leftover::an_edit_of_what_is_not_whole_is_refused";
    on_moving(test, &LOCAL, |moving| {
        for damage in DAMAGES {
            let sandbox = damaged(moving, damage);
            let (before, left) = (contents(&sandbox), leftover(&sandbox));
            for what in EDITS {
                edit(moving, &sandbox, what).exits_with(77).says(&left).says("f was not changed\n");
                assert_eq!(contents(&sandbox), before, "{damage} {what:?}");
            }
        }
    });
}

#[test]
fn who_reads_what_is_not_whole_is_told_so() {
    let test = "moving::leftover::who_reads_what_is_not_whole_is_told_so";
    on_moving(test, &LOCAL, |moving| {
        for damage in DAMAGES {
            let sandbox = damaged(moving, damage);
            let (before, left) = (contents(&sandbox), leftover(&sandbox));
            for args in [
                &["get", "f"][..],
                &["get", "f", "a", "--default", "none"],
                &["get", "f", "--etag"],
                &["wait", "f", ". == null", "--timeout", "0"],
                &["set", "f", "b=x", "--dry-run"],
                &["set", "f", "b=x", "--if-absent"],
                &["set", "f", "b=x", "--no-create"],
            ] {
                let run = moving.run(&sandbox, args).exits_with(77).says(&left).prints("");
                assert!(!run.stderr().contains("nex"), "a value is shown\n{run}");
            }
            assert_eq!(contents(&sandbox), before, "{damage}");
        }
    });
}

#[test]
fn the_commands_of_the_message_work() {
    let test = "moving::leftover::the_commands_of_the_message_work";
    on_moving(test, &LOCAL, |moving| {
        // It is made the document as it is.
        let sandbox = damaged(moving, ALTERED);
        let refused = moving.run(&sandbox, &["set", "f", "after=x"]).exits_with(77);
        moving.shell(&sandbox, &command(&refused, "mv", 2)).succeeds();
        moving.run(&sandbox, &["get", "f", "a"]).prints("nex\n");
        moving.run(&sandbox, &["set", "f", "after=x"]).succeeds();
        assert_eq!(sandbox.json("f"), serde_json::json!({"a": "nex", "after": "x"}));
        assert_eq!(moving.names(&sandbox), ["f", "f.lock"]);
        // There is none any more.
        for damage in DAMAGES {
            let sandbox = damaged(moving, damage);
            let refused = moving.run(&sandbox, &["set", "f", "after=x"]).exits_with(77);
            moving.shell(&sandbox, &command(&refused, "rm", 1)).succeeds();
            moving.run(&sandbox, &["get", "f", "a", "--default", "none"]).prints("none\n");
            moving.run(&sandbox, &["set", "f", "after=x"]).succeeds();
            assert_eq!(sandbox.json("f"), serde_json::json!({"after": "x"}), "{damage}");
            assert_eq!(moving.names(&sandbox), ["f", "f.lock"]);
        }
    });
}

/// The control: what is whole is refused to nobody, and what the tests above have damaged was whole.
#[test]
fn what_is_whole_is_read_and_edited() {
    let test = "moving::leftover::what_is_whole_is_read_and_edited";
    on_moving(test, &LOCAL, |moving| {
        let sandbox = interrupted(moving);
        let before = contents(&sandbox);
        moving.run(&sandbox, &["get", "f", "a"]).succeeds().prints("new\n");
        moving.run(&sandbox, &["wait", "f", ".a == \"new\"", "--timeout", "0"]).succeeds();
        moving.run(&sandbox, &["set", "f", "b=x", "--if", ".a == \"new\"", "--dry-run"]).succeeds();
        let status = moving.run(&sandbox, &["status", "f", "--json"]).succeeds().stdout();
        let status: serde_json::Value = serde_json::from_str(&status).unwrap();
        let size = sandbox.read_bytes(&leftover(&sandbox)).len();
        assert_eq!((&status["exists"], &status["size"]), (&true.into(), &size.into()));
        assert!(status["notes"].to_string().contains("interrupted"), "{status}");
        assert_eq!(contents(&sandbox), before, "a reader changes nothing");
        moving.run(&sandbox, &["set", "f", "after=x"]).succeeds();
    });
}
