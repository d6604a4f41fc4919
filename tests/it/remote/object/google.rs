//! Google Cloud Storage, as far as the right headers are sent and understood.

use super::fake::Fake;
use super::services::without_services;
use crate::harness::{Run, Sandbox};
use std::net::SocketAddr;

/// Runs the program on what stands for the service.
pub fn run(sandbox: &Sandbox, address: SocketAddr, args: &[&str]) -> Run {
    let mut command = sandbox.command(args);
    without_services(&mut command);
    command.env("GOOGLE_BASE_URL", format!("http://{address}"));
    command.env("GOOGLE_BEARER_TOKEN", "s3cret").env("GOOGLE_ALLOW_HTTP", "true");
    sandbox.run_command(command)
}

#[test]
fn writes_name_the_generation_that_they_replace() {
    let (sandbox, (address, fake)) = (Sandbox::new(), Fake::start());
    let url = "gs://bucket/d.json";
    run(&sandbox, address, &["get", url]).exits_with(66);
    for _ in 0..3 {
        run(&sandbox, address, &["apply", url, ".n += 1", "--print=.n"]).succeeds();
    }
    run(&sandbox, address, &["get", url, "n"]).succeeds().prints("3\n");
    let fake = fake.lock().unwrap();
    assert_eq!(fake.conditions, ["0", "1700000000000001", "1700000000000002"]);
    let object = fake.objects.values().next().unwrap();
    let ledger = &object.metadata["x-goog-meta-jsonlock"];
    assert!(ledger.starts_with("1.") && ledger.contains(".3."), "{ledger}");
}

#[test]
fn too_many_writes_are_tried_again() {
    let (sandbox, (address, fake)) = (Sandbox::new(), Fake::start());
    let url = "gs://bucket/d.json";
    run(&sandbox, address, &["set", url, "a=1"]).succeeds();
    fake.lock().unwrap().answer_next(&["503 Service Unavailable", "429 Too Many Requests"]);
    run(&sandbox, address, &["set", url, "a=2"]).succeeds();
    run(&sandbox, address, &["get", url, "a"]).succeeds().prints("2\n");
    fake.lock().unwrap().answer_next(&["429 Too Many Requests"]);
    let set = ["set", url, "a=3", "--timeout", "0"];
    run(&sandbox, address, &set).exits_with(75).says("it has too many requests (status 429)");
}

#[test]
fn metadata_of_others_leaves_a_document_editable() {
    let (sandbox, (address, fake)) = (Sandbox::new(), Fake::start());
    let url = "gs://bucket/d.json";
    run(&sandbox, address, &["set", url, "n:=0"]).succeeds();
    {
        let mut fake = fake.lock().unwrap();
        let metadata = &mut fake.objects.values_mut().next().unwrap().metadata;
        // One edit more, and there would be too much of it.
        let ledger = format!("1.00c0ffee0badcafe.299.{}", "abcdef".repeat(250));
        let owner = (8 << 10) - "owner".len() - "jsonlock".len() - ledger.len() - 3;
        metadata.insert("x-goog-meta-jsonlock".to_owned(), ledger);
        metadata.insert("x-goog-meta-owner".to_owned(), "x".repeat(owner));
    }
    for n in ["1\n", "2\n", "3\n"] {
        run(&sandbox, address, &["apply", url, ".n += 1", "--print=.n"]).succeeds().prints(n);
    }
    shows(&run(&sandbox, address, &["status", url]), &["302 edits"]);
}

#[track_caller]
fn shows(run: &Run, parts: &[&str]) {
    for part in parts {
        assert!(run.stdout().contains(part), "no {part:?}\n{run}");
    }
}

#[test]
fn a_status_promises_no_more_than_was_tried() {
    let (sandbox, (address, fake)) = (Sandbox::new(), Fake::start());
    let url = "gs://bucket/d.json";
    let status = |options: &[&str]| run(&sandbox, address, &[&["status", url], options].concat());
    let refuse = |methods: &[&'static str]| fake.lock().unwrap().refused = methods.to_vec();
    shows(&status(&[]).succeeds(), &["which --probe tries out", "edits:        not tried;"]);
    shows(&status(&["--json"]).succeeds(), &["\"safe\":null"]);
    refuse(&["PUT"]);
    let tried = status(&["--probe"]).exits_with(77);
    shows(&tried, &["of which a trial did not show", "whether they would work is not known"]);
    refuse(&["DELETE"]);
    let tried = status(&["--probe"]).exits_with(77);
    shows(&tried, &["as a trial has shown", "edits:        would work\n"]);
    shows(&tried, &["d.json.jsonlock-probe-", "which it was tried on, is left behind"]);
    shows(&status(&["--probe", "--json"]).exits_with(77), &["\"safe\":true"]);
    refuse(&[]);
    shows(&status(&["--probe"]).succeeds(), &["edits:        would work\n"]);
    let left = fake.lock().unwrap().objects.len();
    assert_eq!(left, 2, "only what could not be removed is left");
}
