//! The suite of all stores, for documents in object stores.

use super::services::{Service, without_services};
use crate::conformance::{self, Crowd, Place};
use std::env;
use std::process::Command;

/// Checks the service through the library, which takes credentials from the environment, so that this has a
/// process of its own.
pub fn check(service: &Service, crowd: Crowd) {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", "remote::object::library::inner", "--ignored", "--nocapture"]);
    without_services(&mut command);
    command.envs(service.environment(service.server.address()));
    command.env("LIBRARY_URL", service.url("library"));
    if crowd == Crowd::NotKeptApart {
        command.env("LIBRARY_ALONE", "true");
    }
    let output = command.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let is_checked = output.status.success() && text.contains("LIBRARY checked");
    assert!(is_checked, "{text}\n{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
#[ignore = "other tests start it"]
fn inner() {
    let Ok(url) = env::var("LIBRARY_URL") else { return };
    let crowd = match env::var_os("LIBRARY_ALONE") {
        Some(_) => Crowd::NotKeptApart,
        None => Crowd::Of(4),
    };
    conformance::check(&Place::of_urls(|name| format!("{url}/{name}"), crowd));
    println!("\nLIBRARY checked");
}
