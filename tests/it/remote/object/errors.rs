//! What goes wrong with object stores, and what users are told.

use super::services::Service;
use crate::harness::Sandbox;
use crate::remote::server::free_address;
use std::process::Command;

/// Checks what all services have in common.
pub fn check(service: &Service) {
    let sandbox = Sandbox::new();
    let missing = service.url("missing.json");
    service.run(&sandbox, &["get", &missing]).exits_with(66).says("missing.json does not exist");
    let elsewhere = missing.replace("1/", "2-is-missing/");
    for args in [["get", &elsewhere, "a"], ["set", &elsewhere, "a=1"]] {
        service.run(&sandbox, &args).exits_with(66).says("does not exist (status 404, ");
    }
    check_nobody_listens(service, &sandbox);
    assert!(sandbox.names().is_empty(), "{:?}", sandbox.names());
}

/// Somebody who does not answer is not a document that does not exist.
fn check_nobody_listens(service: &Service, sandbox: &Sandbox) {
    let url = service.url("d.json");
    let environment = service.environment(free_address());
    let gone: Vec<(&str, &str)> =
        environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let set = ["set", url.as_str(), "a=1", "--timeout", "0"];
    let run = service.run_with(sandbox, &set, &gone).exits_with(69);
    run.says(": cannot reach http://127.0.0.1:").says(": Connection refused").says("after 1 try");
}

/// Checks that a key that is no good is called that, and not shown.
pub fn check_wrong_credentials(service: &Service) {
    let sandbox = Sandbox::new();
    let url = service.url("d.json");
    let key = "d3Jvbmcgc2VjcmV0";
    let wrong = [("AWS_SECRET_ACCESS_KEY", key), ("AZURE_STORAGE_ACCOUNT_KEY", key)];
    for args in [["get", &url, "a"], ["set", &url, "a=1"]] {
        let run = service.run_with(&sandbox, &args, &wrong).exits_with(77).never_says(key);
        run.says("it refuses reading (status 403");
    }
}

/// Checks what becomes of objects that other programs have written, on a server that takes anybody's.
pub fn check_foreign_objects(service: &Service) {
    let sandbox = Sandbox::new();
    let object = format!("http://{}/bucket1/foreign.json", service.server.address());
    let curl = || {
        let mut curl = Command::new("curl");
        curl.args(["--aws-sigv4", "aws:amz:us-east-1:s3", "--user", "someone:secret"]);
        curl
    };
    let put = |text: &str| {
        let mut curl = curl();
        curl.args(["-sf", "-X", "PUT", "-d", text, "-H", "content-type: text/x-odd"]);
        curl.args(["-H", "cache-control: no-store", "-H", "x-amz-meta-owner: them", &object]);
        sandbox.run_command(curl).succeeds();
    };
    put("{\"a\": 1,}");
    let url = service.url("foreign.json");
    service.run(&sandbox, &["set", &url, "a=1"]).exits_with(65).says("foreign.json");
    put("{\"a\": 1}");
    service.run(&sandbox, &["set", &url, "b:=2"]).succeeds();
    service.run(&sandbox, &["get", &url]).prints("{\"a\": 1, \"b\": 2}\n");
    let mut curl = curl();
    curl.args(["-sf", "-D", "-", "-o", "/dev/null", &object]);
    let head = sandbox.run_command(curl).succeeds().stdout().to_lowercase();
    for line in ["content-type: text/x-odd", "cache-control: no-store", "x-amz-meta-owner: them"] {
        assert!(head.contains(line), "{line}\n{head}");
    }
    assert!(head.contains("x-amz-meta-jsonlock: 1."), "{head}");
}
