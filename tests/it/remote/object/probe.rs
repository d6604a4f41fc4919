//! Servers that do not keep to the condition of a write are found out.

use super::services::{Service, s3s, without_services};
use crate::harness::Sandbox;
use jsonlock::{Probe, RemoteStore, Store as _};
use std::env;
use std::process::Command;

/// Checks that a server is found to be in order, and that nothing is left there.
pub fn accepts(service: &Service) {
    assert_eq!(probe(service), "Enforced");
}

#[test]
fn a_server_that_lets_several_writers_win_is_found_out() {
    let Some(service) = s3s() else { return };
    let found = probe(&service);
    assert!(found.starts_with("NotEnforced("), "{found}");
    let (sandbox, url) = (Sandbox::new(), service.url("refused.json"));
    let run = service.run(&sandbox, &["status", &url, "--probe"]).exits_with(77);
    assert!(run.stdout().contains("which does not write under a condition"), "{run}");
    assert!(run.stdout().contains("edits would be lost, and reported as made"), "{run}");
    let run = service.run(&sandbox, &["status", &url, "--probe", "--json"]).exits_with(77);
    assert!(run.stdout().contains("\"safe\":false"), "{run}");
}

fn probe(service: &Service) -> String {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", "remote::object::probe::inner", "--ignored", "--nocapture"]);
    without_services(&mut command);
    command.envs(service.environment(service.server.address()));
    command.env("PROBE_URL", service.url("probed.json"));
    let output = command.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let found = text.lines().find_map(|line| line.strip_prefix("PROBE "));
    found.unwrap_or_else(|| panic!("{output:?}")).to_owned()
}

#[test]
#[ignore = "other tests start it"]
fn inner() {
    let Ok(url) = env::var("PROBE_URL") else { return };
    let store = RemoteStore::open(&url).unwrap();
    let found: Probe = store.probe().unwrap();
    assert_eq!(store.read().unwrap(), None, "the document itself is not touched");
    println!("\nPROBE {found:?}");
}
