//! Where the documents are.

use crate::arguments::Arguments;
use crate::harness::Sandbox;
use crate::machine::output;
use crate::remote::etcd::Etcd;
use crate::remote::object::services::{self, Service};
use anyhow::{Context as _, Result};
use serde_json::Value;
use std::process::Command;

pub(crate) struct Place {
    /// What it is, with its version.
    pub(crate) name: String,
    store: Store,
    /// Where the programs run.
    sandbox: Sandbox,
}

/// What is started ends when this is dropped.
pub(crate) enum Store {
    File,
    Etcd(Etcd),
    Objects(Service),
}

type Start = fn() -> Option<Store>;

/// The services by the names that arguments give them. moto is none of them: it does not keep requests
/// apart.
pub(crate) const SERVICES: [(&str, Start); 3] = [
    ("etcd", || Etcd::start().map(Store::Etcd)),
    ("azurite", || services::azurite().map(Store::Objects)),
    ("ceph", || services::radosgw().map(Store::Objects)),
];

/// A local file, and the services that are wanted and installed; it is said which ones are not.
pub(crate) fn start_all(arguments: &Arguments) -> Result<Vec<Place>> {
    let file = Place { name: "local file".to_owned(), store: Store::File, sandbox: Sandbox::new() };
    let mut places = vec![file];
    for (service, start) in SERVICES {
        if !arguments.wants(service) {
            continue;
        }
        eprintln!("{service} …");
        match start() {
            Some(store) => {
                places.push(Place { name: name(service), store, sandbox: Sandbox::new() })
            }
            None => eprintln!("{service} is not measured: it is not installed"),
        }
    }
    places.iter().try_for_each(Place::warm_up)?;
    Ok(places)
}

/// What a service calls itself, as far as it says so.
fn name(service: &str) -> String {
    let version = |program: &str, prefix: &str| {
        let text = output(Command::new(program).arg("--version")).unwrap_or_default();
        let rest = text.lines().next().unwrap_or_default().trim_start_matches(prefix).to_owned();
        rest.split_whitespace().next().unwrap_or_default().to_owned()
    };
    match service {
        "etcd" => format!("etcd {}, 3 nodes", version("etcd", "etcd Version: ")),
        "azurite" => format!("Azurite {}", version("azurite-blob", "")),
        _ => format!("Ceph radosgw {}", version("ceph", "ceph version ")),
    }
}

impl Place {
    /// What names a document there.
    pub(crate) fn url(&self, key: &str) -> String {
        match &self.store {
            Store::File => self.sandbox.path(key).display().to_string(),
            Store::Etcd(etcd) => etcd.url(key),
            Store::Objects(service) => service.url(key),
        }
    }

    /// The program with these arguments, and with what it needs to know of the service.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        self.with_variables(self.sandbox.command(arguments))
    }

    pub(crate) fn with_variables(&self, mut command: Command) -> Command {
        match &self.store {
            Store::File => command,
            Store::Etcd(etcd) => etcd.with_variables(command),
            Store::Objects(service) => {
                services::without_services(&mut command);
                command.envs(service.environment(service.server.address()));
                command
            }
        }
    }

    pub(crate) fn document(&self, url: &str) -> Result<Value> {
        let text = output(&mut self.command(&["get", url, "--json"]))?;
        serde_json::from_str(&text).with_context(|| format!("what {url} holds"))
    }

    /// Makes an edit that is not measured: the first request may be what a server still prepares for.
    fn warm_up(&self) -> Result<()> {
        let url = self.url("warm-up.json");
        output(&mut self.command(&["set", &url, "n:=1"])).map(|_| ())
    }
}
