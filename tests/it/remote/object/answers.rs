//! Answers that are not what they seem, by something that stands between or by a service that is not well.

use super::fake::Fake;
use super::google::run;
use super::services::without_services;
use crate::harness::{Run, Sandbox};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

const URL: &str = "gs://bucket/d.json";

/// What a page to log in may be: whoever asks for it is told that all is well.
const PAGE: &str = "200 OK\r\netag: W/\"page\"\r\nx-goog-generation: 7";

#[test]
fn a_redirection_is_no_success() {
    let (sandbox, (address, fake)) = (Sandbox::new(), Fake::start());
    run(&sandbox, address, &["set", URL, "a=1"]).succeeds();
    for status in ["303 See Other", "302 Found", "307 Temporary Redirect"] {
        let redirection = format!("{status}\r\nlocation: http://{address}/login");
        let read = run(&sandbox, address, &["get", URL]).succeeds().stdout();
        // The read before the write goes well.
        run_after_read(&sandbox, address, &fake, &[&redirection, PAGE])
            .exits_with(74)
            .says("is to be reached elsewhere");
        fake.lock().unwrap().answer_next(&[]);
        run(&sandbox, address, &["get", URL]).prints(&read);
    }
}

/// Sets `a` to 2, where the write gets these answers.
fn run_after_read(
    sandbox: &Sandbox,
    address: SocketAddr,
    fake: &std::sync::Mutex<Fake>,
    answers: &[&str],
) -> Run {
    fake.lock().unwrap().answer_writes(answers);
    run(sandbox, address, &["set", URL, "a=2"])
}

#[test]
fn a_success_that_names_no_version_is_looked_into() {
    let (sandbox, (address, fake)) = (Sandbox::new(), Fake::start());
    run(&sandbox, address, &["set", URL, "a=1"]).succeeds();
    run_after_read(&sandbox, address, &fake, &["200 OK"]).succeeds();
    run(&sandbox, address, &["get", URL, "a"]).succeeds().prints("2\n");
    fake.lock().unwrap().is_silent = true;
    run(&sandbox, address, &["apply", URL, ".n += 1"]).succeeds();
    run(&sandbox, address, &["get", URL, "n"]).succeeds().prints("1\n");
}

/// Runs the program on S3, for which the same lines stand.
fn run_on_s3(sandbox: &Sandbox, address: SocketAddr, args: &[&str]) -> Run {
    let mut command = sandbox.command(args);
    without_services(&mut command);
    command.env("AWS_ACCESS_KEY_ID", "id").env("AWS_SECRET_ACCESS_KEY", "s3cret");
    command.env("AWS_ENDPOINT_URL", format!("http://{address}")).env("AWS_ALLOW_HTTP", "true");
    sandbox.run_command(command).never_says("s3cret")
}

#[test]
fn a_service_that_refuses_the_version_it_gives_is_not_asked_for_ever() {
    let (sandbox, (address, fake)) = (Sandbox::new(), Fake::start());
    run(&sandbox, address, &["set", URL, "a=1"]).succeeds();
    {
        let mut fake = fake.lock().unwrap();
        let (_, object) = fake.objects.pop_first().unwrap();
        fake.objects.insert("/bucket/d.json".to_owned(), object);
        // To the etag as it came, and without its quotes.
        fake.knows_no_version = true;
    }
    let begun = Instant::now();
    let set = ["set", "s3://bucket/d.json", "a=2", "--timeout", "20"];
    let failed = run_on_s3(&sandbox, address, &set).exits_with(69);
    failed.says("refuses to replace the version that it has just given");
    assert!(begun.elapsed() < Duration::from_secs(10));
}

#[test]
fn what_cannot_be_read_is_an_error_at_once() {
    let (sandbox, (address, fake)) = (Sandbox::new(), Fake::start());
    let head = "200 OK\r\netag: \"x\"\r\nlast-modified: Wed, 21 Oct 2026 07:28:00 GMT";
    let generation = "x-goog-generation: 7";
    for (answer, code, says) in [
        (head.to_owned(), 74, "its answer names no version of the document"),
        (
            format!("{head}\r\n{generation}\r\ncontent-encoding: gzip"),
            77,
            "stored in the content encoding gzip",
        ),
        (
            format!("{head}\r\n{generation}\r\ncontent-length: 6000000000\r\n\r\n"),
            5,
            "it has 6000000000 bytes, and the service takes 5368709120 at most",
        ),
        (
            format!("{head}\r\n{generation}\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n"),
            74,
            "its answer makes no sense: Content-Length Header missing",
        ),
    ] {
        fake.lock().unwrap().answer_next(&[&answer]);
        let run = run(&sandbox, address, &["set", URL, "a=1", "--verbose"]).exits_with(code);
        run.says(says).never_says("trying again");
    }
    assert!(fake.lock().unwrap().objects.is_empty(), "nothing is written");
}

#[test]
fn credentials_that_cannot_be_had_now_are_asked_for_again() {
    let (sandbox, (address, fake)) = (Sandbox::new(), Fake::start());
    sandbox.write("token", "s3cret");
    let get = |answers: &[&str]| {
        fake.lock().unwrap().answer_next(answers);
        let mut command = sandbox.command(["get", "s3://bucket/missing.json"]);
        without_services(&mut command);
        command.env("AWS_CONTAINER_CREDENTIALS_FULL_URI", format!("http://{address}/role"));
        command.env("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", sandbox.path("token"));
        command.env("AWS_ENDPOINT_URL", format!("http://{address}"));
        command.env("AWS_ALLOW_HTTP", "true").env("JSONLOCK_TIMEOUT", "10");
        sandbox.run_command(command).never_says("s3cret")
    };
    let role = r#"{"AccessKeyId": "id", "SecretAccessKey": "s3cret", "Token": "s3cret",
        "Expiration": "2099-01-01T00:00:00Z"}"#;
    let role = format!("200 OK\r\ncontent-length: {}\r\n\r\n{role}", role.len());
    for passing in ["503 Service Unavailable", "429 Too Many Requests", "500 Oops"] {
        get(&[passing, &role]).exits_with(66).says("missing.json does not exist");
    }
    let refused = get(&["403 Forbidden", &role]).exits_with(77);
    refused.says("there are no credentials for it: what gives them refuses to (status 403)");
}
