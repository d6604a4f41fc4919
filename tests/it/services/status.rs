//! `status` of a document that a service keeps.

use super::fake::Fake;
use crate::harness::{Run, Sandbox};
use serde_json::{Value, json};

/// Runs `status` with these options, which must write nothing.
#[track_caller]
fn status(fake: &Fake, options: &[&str]) -> Run {
    let before = fake.writes();
    let url = fake.url("f");
    let run = Sandbox::new().run([&["status", &url], options].concat());
    assert_eq!(fake.writes(), before, "{run}");
    run
}

fn object(run: &Run) -> Value {
    serde_json::from_str(&run.stdout()).unwrap_or_else(|error| panic!("{error}\n{run}"))
}

#[test]
fn it_tells_what_is_there_and_how_many_edits_were_counted() {
    let (fake, sandbox) = (Fake::start(), Sandbox::new());
    let url = fake.url("f");
    let run = status(&fake, &[]).succeeds();
    assert!(run.stdout().starts_with(&format!("document:     {url}, does not exist\n")), "{run}");
    assert_eq!(object(&status(&fake, &["--json"]).succeeds())["exists"], false);
    let run = status(&fake, &["--no-create"]).exits_with(66);
    assert!(
        run.stdout().contains("error 66:") && run.stdout().contains("would be refused"),
        "{run}"
    );
    for n in 1..=3 {
        sandbox.run(["set", &url, &format!("n:={n}")]).succeeds();
    }
    let run = status(&fake, &[]).succeeds();
    for line in
        ["version:      3\n", "counted:      3 edits\n", "lock:         none;", "would work, if "]
    {
        assert!(run.stdout().contains(line), "no {line:?}\n{run}");
    }
    let object = object(&status(&fake, &["--json"]).succeeds());
    assert_eq!(
        object,
        json!({
            "file": url, "resolved": null, "exists": true, "size": 13, "version": "3", "edits": 3,
            "service": "etcd", "lock_file": null, "lock_file_exists": null, "lock": "none",
            "holder": null, "waiters": null, "file_system": null, "safe": true, "editable": true,
            "problems": [], "notes": [],
        })
    );
    // {}, by somebody who does not count.
    fake.put("Zg==", "e30=");
    let run = status(&fake, &[]).succeeds();
    assert!(run.stdout().contains("no edits, since another program wrote it last"), "{run}");
}

#[test]
fn a_probe_of_what_is_made_for_conditions_writes_nothing() {
    let fake = Fake::start();
    let run = status(&fake, &["--probe"]).succeeds();
    assert!(run.stdout().contains("etcd, which is made for writes under a condition"), "{run}");
    assert_eq!(object(&status(&fake, &["--probe", "--json"]))["safe"], true);
}

#[test]
fn problems_have_the_exit_status_of_the_edit() {
    let fake = Fake::start();
    // {"a": 1,
    fake.put("Zg==", "eyJhIjogMSw=");
    let run = status(&fake, &[]).exits_with(65);
    assert!(run.stdout().contains("error 65:") && run.stdout().contains("line 1"), "{run}");
    let problems = object(&status(&fake, &["--json"]).exits_with(65))["problems"].clone();
    assert_eq!((problems.as_array().unwrap().len(), &problems[0]["exit_status"]), (1, &json!(65)));
    fake.refuse_all();
    let run = status(&fake, &["--probe"]).exits_with(77);
    assert!(run.stdout().contains("of which is not known whether it exists"), "{run}");
    assert_eq!(object(&status(&fake, &["--json"]))["exists"], Value::Null);
}

#[test]
fn a_service_that_is_gone_is_tried_for_as_long_as_the_environment_says() {
    let sandbox = Sandbox::new();
    let url = "etcd://127.0.0.1:1/f";
    for args in [&["status", url][..], &["get", url], &["wait", url, "."]] {
        let mut command = sandbox.command(args);
        command.env("JSONLOCK_TIMEOUT", "0");
        let run = sandbox.run_command(command).exits_with(69);
        let text = run.stdout() + &run.stderr();
        assert!(text.contains("gave up after 1 try"), "{run}");
    }
    let run = sandbox.run(["wait", url, ".", "--timeout", "0"]).exits_with(69);
    run.says("gave up after 1 try");
}
