//! A cluster of etcd, which the tests keep to themselves.

#[path = "../../../tests/it/remote/etcd/cluster.rs"]
mod cluster;
#[path = "../../../tests/it/remote/etcd/switch.rs"]
mod switch;

use std::process::Command;

pub(crate) struct Etcd(cluster::Cluster);

impl Etcd {
    /// Starts three nodes; nothing where etcd is not installed.
    pub(crate) fn start() -> Option<Self> {
        cluster::Plan::nodes(3).start("etcd").map(Etcd)
    }

    pub(crate) fn url(&self, key: &str) -> String {
        self.0.url(key)
    }

    /// The same command, with what it needs to know of the cluster.
    pub(crate) fn with_variables(&self, command: Command) -> Command {
        self.0.with_variables(command)
    }
}
