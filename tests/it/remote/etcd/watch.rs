//! Those who wait are told of writes by etcd.

use super::cluster::{Cluster, Plan};
use crate::harness::Sandbox;
use crate::system::{end_of, until};
use std::process::{Child, Command, Stdio};

/// How many there are of something on a node.
fn metric(host: &str, name: &str) -> u64 {
    let mut curl = Command::new("curl");
    curl.args(["-sf", &format!("http://{host}/metrics")]);
    let text = Sandbox::new().run_command(curl).stdout();
    let values = text.lines().filter_map(|line| line.strip_prefix(name)?.rsplit(' ').next());
    values.map(|value| value.parse::<f64>().unwrap() as u64).sum()
}

/// How many keys are watched at this moment.
fn watchers(host: &str) -> u64 {
    metric(host, "etcd_debugging_mvcc_watcher_total ")
}

fn hosts(cluster: &Cluster) -> Vec<String> {
    cluster.hosts().split(',').map(str::to_owned).collect()
}

fn wait(cluster: &Cluster, condition: &str) -> Child {
    let sandbox = Sandbox::new();
    let args = ["wait", &cluster.url("watched"), condition, "--timeout", "60"];
    let mut command = cluster.with_variables(sandbox.command(args));
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

#[test]
fn while_nothing_is_written_nothing_is_asked() {
    let Some(cluster) = Plan::nodes(1).start("watch") else { return };
    let host = cluster.hosts();
    let asked = || metric(&host, "grpc_server_handled_total{grpc_code=\"OK\",grpc_method=\"Txn\"");
    let waiting = wait(&cluster, ".n == 2");
    until("a watch", || watchers(&host) == 1);
    until("the first look", || asked() > 0);
    let before = asked();
    // Long enough for several looks, if there were any.
    for number in 0..60 {
        cluster.etcdctl(["put", &format!("watched{number}"), "{}"]).succeeds();
    }
    assert_eq!(asked(), before);
    for number in 1..=2 {
        cluster.etcdctl(["put", "watched", &format!("{{\"n\": {number}}}")]).succeeds();
    }
    assert_eq!(end_of(waiting).code, Some(0));
    until("the end of the watch", || watchers(&host) == 0);
}

#[test]
fn a_node_that_dies_takes_no_wait_with_it() {
    let Some(cluster) = Plan::nodes(3).start("watching node") else { return };
    let waiting = wait(&cluster, ".n == 1");
    let hosts = hosts(&cluster);
    let watching = || hosts.iter().position(|host| watchers(host) == 1);
    until("a watch", || watching().is_some());
    cluster.kill(watching().unwrap());
    let set = ["set", &cluster.url("watched"), "n:=1", "--timeout", "60"];
    cluster.run(set).succeeds();
    assert_eq!(end_of(waiting).code, Some(0));
}
