//! What a person sees who watches.

use super::OLD;
use crate::harness::{JSONLOCK, Sandbox};
use crate::system::{end_of, works};
use std::path::Path;
use std::process::{Command, Stdio};

pub(super) fn can_type(test: &str) -> bool {
    works(test, &["script", "-qec", "true", "/dev/null"])
}

/// A shell script at a terminal. What is seen there comes out on standard output.
pub(super) fn command(sandbox: &Sandbox, script: &str) -> Command {
    let mut command = Command::new("script");
    let directory = Path::new(JSONLOCK).parent().unwrap();
    let script = format!("PATH={}:$PATH; {script}", directory.display());
    command.args(["-qec", &script, "/dev/null"]).current_dir(sandbox.root());
    command.env_remove("JSONLOCK_TIMEOUT").env("SHELL", "/bin/sh");
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    command
}

/// What is seen while two edits are made that are far apart, and one that is refused.
fn seen(script: &str) -> String {
    let sandbox = Sandbox::with("f", OLD);
    let script = script.replace(
        "EDITS",
        "(echo '{\"b\": 1}'; until grep -q b f; do sleep 0.01; done; echo '{'; echo '{\"c\": 1}')",
    );
    let ended = end_of(command(&sandbox, &script).spawn().unwrap());
    assert_eq!(sandbox.json("f")["c"], 1, "{}", ended.stdout);
    ended.stdout
}

#[test]
fn progress_is_shown_on_one_line_and_taken_away() {
    if !can_type("batch::terminal::progress_is_shown_on_one_line_and_taken_away") {
        return;
    }
    let seen = seen("EDITS | jsonlock batch f > answers");
    let (progress, rest) = seen.split_at(seen.find("jsonlock: 1 of 3 lines").unwrap());
    let first = "\rjsonlock: lines applied: 1, not applied: 0, transactions: 1";
    assert!(progress.starts_with(first), "{seen:?}");
    assert!(!progress.contains('\n'), "{seen:?}");
    assert!(progress.ends_with(" \r"), "it was taken away: {seen:?}");
    // The terminal makes a carriage return and a line feed of each line end.
    assert_eq!(rest, "jsonlock: 1 of 3 lines was not applied; f got the edits of 2 lines\r\n");
}

#[test]
fn there_is_no_progress_where_answers_are_seen_or_silence_is_wanted() {
    let test = "batch::terminal::there_is_no_progress_where_answers_are_seen_or_silence_is_wanted";
    if !can_type(test) {
        return;
    }
    assert_eq!(seen("EDITS | jsonlock batch f --quiet > answers"), "");
    let seen = seen("EDITS | jsonlock batch f");
    assert!(seen.starts_with("{\"line\":1,") && !seen.contains("transactions:"), "{seen:?}");
}
