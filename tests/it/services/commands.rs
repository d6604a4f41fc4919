//! The commands, on a document that a service keeps.

use super::fake::{Fake, Turn};
use crate::harness::{Run, Sandbox};
use crate::system::{end_of, until};

#[test]
fn every_command_does_what_it_does_on_a_file() {
    let (fake, sandbox) = (Fake::start(), Sandbox::new());
    let (here, there) = ("builds".to_owned(), fake.url("f"));
    let edits = "{\"b\": 1}\n[{\"op\": \"test\", \"path\": \"/b\", \"value\": 2}]\n{\"b\": 1}\n";
    let same = |args: &[&str], input: &str| {
        let run = |file: &String| {
            let args = args.iter().map(|arg| if *arg == "FILE" { file.as_str() } else { arg });
            let run = sandbox.run_with_input(args, input);
            // Each names its own document.
            (run.code(), run.stdout().replace(file, "FILE"), run.stderr().replace(file, "FILE"))
        };
        assert_eq!(run(&here), run(&there), "{args:?}");
    };
    let patch = r#"[{"op": "move", "from": "/a", "path": "/moved"}]"#;
    for args in [
        &["get", "FILE"][..],
        &["set", "FILE", "a=1", "--no-create"],
        &["del", "FILE", "a"],
        &["set", "FILE", "a=1", "l:=[ 1.0,\t1e3 ]", "--print"],
        &["set", "FILE", "l[]:=2", "--diff"],
        &["set", "FILE", "a=2", "--dry-run"],
        &["set", "FILE", "a=2", "--if", ".a == \"3\""],
        &["set", "FILE", "a=2", "--if-match", "0"],
        &["set", "FILE", "a=2", "--if-absent"],
        &["set", "FILE", "a=2", "--check", ".a == \"3\"", "--etag"],
        &["set", "FILE", "a=2", "--etag"],
        &["merge", "FILE", "{\"o\": {\"x\": null}}", "--keep-null", "--print=.o"],
        &["patch", "FILE", patch],
        &["apply", "FILE", ".n += 1", "--print=.n, $old.n"],
        &["apply", "FILE", ".n / \"x\""],
        &["apply", "FILE", ".n += 1", "--arg", "x", "1", "--print=$x"],
        &["batch", "FILE"],
        &["batch", "FILE", "--atomic"],
        &["filter", "FILE", "--", "sed", "s/moved/again/"],
        &["filter", "FILE", "--optimistic", "--", "sed", "s/again/moved/"],
        &["filter", "FILE", "--", "false"],
        &["get", "FILE", "moved", "l[0]"],
        &["get", "FILE", "none"],
        &["get", "FILE", "--etag"],
        &["get", "FILE", "--jq", ".l[]"],
        &["wait", "FILE", ".n == 2", "--print=.n", "--etag"],
        &["set", "FILE", "x=1", "--force", "--parents", "--durability=none", "--follow=never"],
        &["set", "FILE", "y=1", "--break-hard-links", "--network-fs=allow"],
    ] {
        same(args, edits);
    }
    let text = sandbox.run(["get", &there]).succeeds().stdout();
    assert_eq!(text, sandbox.read("builds"), "byte for byte");
}

#[test]
fn comments_are_kept_where_the_key_says_so() {
    let (fake, sandbox) = (Fake::start(), Sandbox::new());
    // {"a": 1} // b
    fake.put("c2V0dGluZ3MuanNvbmM=", "eyJhIjogMX0gLy8gYgo=");
    let url = fake.url("settings.jsonc");
    sandbox.run(["set", &url, "a:=2", "--print"]).succeeds().prints("{\"a\": 2} // b\n");
    sandbox.run(["status", &url]).succeeds();
}

/// An edit, with all that it says.
fn edit(fake: &Fake, turns: &[Turn]) -> Run {
    fake.next_writes(turns);
    Sandbox::new().run(["apply", &fake.url("f"), ".n += 1", "--report", "--verbose"])
}

#[test]
fn what_happens_on_the_way_is_told_to_those_who_ask() {
    let fake = Fake::start();
    let url = fake.url("f");
    let doubt = "looking whether the edit was made";
    let made = format!("{url} shows that the edit was made");
    let overtaken = format!("{url} was changed meanwhile, so the edit starts again");
    let sent_again = format!("{url} is as it was: the edit was not made yet");
    for (turn, attempts, says) in [
        (Turn::Overtaken, 2, &[&*overtaken][..]),
        (Turn::Unanswered, 1, &[doubt, &made]),
        (Turn::Denied, 1, &["request timed out", doubt, &made]),
        (Turn::Buried, 1, &[doubt, &made]),
        (Turn::Lost, 1, &[doubt, &sent_again]),
    ] {
        let mut run = edit(&fake, &[turn]).succeeds();
        for says in says {
            run = run.says(says);
        }
        let report: serde_json::Value = serde_json::from_str(&run.stdout()).unwrap();
        assert_eq!(report["attempts"], attempts, "{turn:?}\n{run}");
        let _ = run.never_says("the lock");
    }
    // Each of them was made once.
    let quiet = Sandbox::new().run(["apply", &url, ".n += 1", "--print=.n"]).succeeds();
    let _ = quiet.prints("6\n").never_says("jsonlock");
}

/// Nobody is asked whether it was made: the next edit starts from what is there.
#[test]
fn a_signal_ends_an_edit_at_once_and_leaves_nothing_behind() {
    for signal in [15, 2] {
        let (fake, sandbox) = (Fake::start(), Sandbox::new());
        fake.next_writes(&[Turn::Held]);
        let edit = sandbox.spawn(["apply", &fake.url("f"), ".n += 1", "--timeout=inf"]);
        until("an answer is held back", || fake.held() == 1);
        sandbox.shell(&format!("kill -{signal} {}", edit.id())).succeeds();
        let ended = end_of(edit);
        assert_eq!((ended.signal, ended.stderr.as_str()), (Some(signal), ""));
        let next = sandbox.run(["apply", &fake.url("f"), ".n += 1", "--print=.n"]);
        next.succeeds().prints("2\n");
    }
}

#[test]
fn the_transcript_of_the_readme_is_true() {
    let fake = Fake::start();
    let environment = format!("export ETCDCTL_ENDPOINTS=http://{}", fake.host());
    crate::readme::transcript_is_true("etcd://", &environment);
}

#[test]
fn a_wait_ends_when_the_service_has_what_is_waited_for() {
    let (fake, sandbox) = (Fake::start(), Sandbox::new());
    let wait = sandbox.spawn(["wait", &fake.url("f"), ".stage == \"built\"", "--print=.by"]);
    until("the document is looked at twice", || fake.requests() > 1);
    sandbox.run(["set", &fake.url("f"), "by=me", "stage=built"]).succeeds();
    let ended = end_of(wait);
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(0), "me\n"), "{}", ended.stderr);
}
