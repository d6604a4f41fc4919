//! What is said to exist, which need not be what is fit for an edit.

use super::{object, parse, status};
use crate::harness::Sandbox;
use crate::people::{ALICE, BOB, OLD, TEAM, scene};
use crate::system::can_switch_user;
use serde_json::{Value, json};

#[test]
fn what_exists_though_it_is_no_document_is_not_missing() {
    for (make, args, exists, lock_exists) in [
        ("mkdir d", &["d"][..], json!(true), Value::Null),
        ("mkdir d", &["d/"], json!(true), Value::Null),
        ("mkfifo p", &["p"], json!(true), Value::Null),
        ("ln -s f l", &["l", "--follow=never"], json!(true), Value::Null),
        ("ln -s g l", &["l", "--follow=never"], json!(false), Value::Null),
        ("ln -s l l", &["l"], Value::Null, Value::Null),
        ("ln -s g l", &["l"], json!(false), json!(false)),
        ("true", &["no/such/f"], json!(false), Value::Null),
        ("mkdir f.lock", &["f"], json!(true), json!(true)),
        ("ln -s x f.lock", &["f"], json!(true), json!(true)),
    ] {
        let sandbox = Sandbox::with("f", OLD);
        sandbox.shell(make).succeeds();
        let object = object(&sandbox, args);
        let found = (&object["exists"], &object["lock_file_exists"]);
        assert_eq!(found, (&exists, &lock_exists), "{make}: {object}");
        let text = status(&sandbox, args).stdout();
        let document = text.lines().next().unwrap();
        assert_eq!(document.ends_with(", does not exist"), exists == json!(false), "{text}");
        assert_eq!(text.contains("does not exist yet"), lock_exists == json!(false), "{text}");
    }
}

#[test]
fn the_directory_of_a_lock_file_must_exist() {
    let sandbox = Sandbox::with("f", OLD);
    let says = "the lock file: the directory nd does not exist; that of a lock file must exist";
    for options in [&[][..], &["--parents"], &["--no-create"], &["--dry-run"]] {
        let edit = [&["set", "f", "a=1", "--lock-file=nd/l"], options].concat();
        let _ = sandbox.run(edit).exits_with(73).says(says).never_says("--parents");
    }
    let run = status(&sandbox, &["f", "--lock-file=nd/l"]).exits_with(73);
    assert!(run.stdout().contains(says), "{run}");
    assert_eq!(sandbox.names(), ["f"]);
}

#[test]
fn a_lock_file_that_may_not_be_opened_exists_and_in_a_closed_directory_nothing_is_known() {
    let test = "status::existence::a_lock_file_that_may_not_be_opened_exists";
    if !can_switch_user(test) {
        return;
    }
    let sandbox = scene((ALICE.uid, TEAM, 0o2775), (ALICE.uid, TEAM, 0o664));
    let object = || {
        let command = BOB.command(&sandbox, ["status", "f", "--json"]);
        parse(&sandbox.run_command(command).exits_with(77).stdout())
    };
    sandbox.shell("touch f.lock; chmod 600 f.lock").succeeds();
    let seen = object();
    assert_eq!(
        (&seen["exists"], &seen["lock_file_exists"]),
        (&json!(true), &json!(true)),
        "{seen}"
    );
    assert_eq!(seen["lock"], "unknown");
    sandbox.shell("chmod 700 .").succeeds();
    let seen = object();
    assert_eq!(
        (&seen["exists"], &seen["lock_file_exists"]),
        (&Value::Null, &Value::Null),
        "{seen}"
    );
}
