//! The exit codes of edits that a service has a part in, and what they say of the document.

use super::fake::{Fake, Turn};
use crate::harness::{Run, Sandbox};

fn set(url: &str, options: &[&str]) -> Run {
    Sandbox::new().run([&["set", url, "a=1"], options].concat())
}

#[test]
fn code_2_no_url() {
    for url in ["etcd://127.0.0.1:1", "etcd://127.0.0.1:1/", "etcd://u:p@127.0.0.1:1/f"] {
        set(url, &[]).exits_with(2).says("was not changed");
    }
}

#[test]
fn code_65_not_valid_json() {
    let fake = Fake::start();
    // {"a": 1,
    fake.put("Zg==", "eyJhIjogMSw=");
    let url = fake.url("f");
    set(&url, &[]).exits_with(65).says("line 1").says(&format!("{url} was not changed"));
    assert_eq!(fake.writes(), 0);
}

#[test]
fn code_66_missing() {
    let fake = Fake::start();
    set(&fake.url("f"), &["--no-create"]).exits_with(66).says("does not exist");
    Sandbox::new().run(["get", &fake.url("f")]).exits_with(66);
    assert_eq!(fake.writes(), 0);
}

#[test]
fn code_69_unreachable() {
    let url = "etcd://127.0.0.1:1/f";
    let run = set(url, &["--timeout", "0"]).exits_with(69).says("gave up after 1 try");
    run.says(&format!("{url} was not changed"));
    // As many tries as there is time for, and each of them is told.
    let run = set(url, &["--timeout", "0.2", "--verbose"]).exits_with(69);
    run.says("trying again").says(" tries in 0.");
}

#[test]
fn code_75_contention() {
    let fake = Fake::start();
    fake.next_writes(&[Turn::Overtaken; 1]);
    let run = set(&fake.url("f"), &["--timeout", "0"]).exits_with(75);
    run.says("was changed while the edit was prepared; gave up after 1 try")
        .says("was not changed");
    fake.next_writes(&[Turn::Overtaken; 3]);
    set(&fake.url("f"), &[]).succeeds();
}

#[test]
fn code_76_conflict() {
    let fake = Fake::start();
    let url = fake.url("f");
    set(&url, &["--if", ".a"]).exits_with(76).says("--if is null");
    let etag = set(&url, &["--etag"]).succeeds().stdout();
    set(&url, &["--if-absent"]).exits_with(76).says("a exists").says("was not changed");
    set(&url, &["--if-match", "0"]).exits_with(76).says(etag.trim());
    set(&url, &["--if-match", etag.trim()]).succeeds();
    // What holds of the base must hold of the one that the edit is made on.
    fake.next_writes(&[Turn::Overtaken]);
    Sandbox::new().run(["apply", &url, ".b = 1", "--if-match", etag.trim()]).succeeds();
    fake.next_writes(&[Turn::Overtaken]);
    fake.put("Zg==", "e30=");
    Sandbox::new().run(["apply", &url, ".b = 1", "--if", ".a == null"]).succeeds();
}

#[test]
fn code_77_refused() {
    let fake = Fake::start();
    fake.refuse_all();
    let run = set(&fake.url("f"), &["--timeout", "inf"]).exits_with(77);
    run.says("permission denied").says("was not changed");
    Sandbox::new().run(["get", &fake.url("f")]).exits_with(77);
    assert_eq!(fake.requests(), 2, "trying again would be useless");
}

#[test]
fn code_79_unclear() {
    let fake = Fake::start();
    let url = fake.url("f");
    set(&url, &[]).succeeds();
    fake.compact();
    fake.next_writes(&[Turn::Buried]);
    let run = Sandbox::new().run(["apply", &url, ".n += 1"]).exits_with(79).prints("");
    let run = run.says("whether the edit was made cannot be told").says("on version 1)");
    run.says("(operation ").says(&format!("{url} may or may not have been changed"));
    // The next one starts from what is there.
    let next = Sandbox::new().run(["apply", &url, ".n += 1", "--print=.n"]);
    next.succeeds().prints("2\n");
}

#[test]
fn a_batch_says_what_it_has_done_when_an_answer_is_missing() {
    let fake = Fake::start();
    let url = fake.url("f");
    set(&url, &[]).succeeds();
    fake.compact();
    fake.next_writes(&[Turn::Buried]);
    let run = Sandbox::new().run_with_input(["batch", &url], "{\"b\": 1}\n").exits_with(79);
    assert!(run.stdout().contains("\"ok\":false,\"code\":79"), "{run}");
    run.says("may or may not have been changed");
}
