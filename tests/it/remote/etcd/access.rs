//! What becomes of those who cannot reach etcd, or may not.

use super::cluster::{Cluster, Plan, shared, without_variables};
use crate::harness::{Run, Sandbox};
use jsonlock::{Document, Json, RemoteStore};
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::process::Stdio;

/// Runs jsonlock without any variable of etcdctl.
fn run(args: &[&str]) -> Run {
    let sandbox = Sandbox::new();
    sandbox.run_command(without_variables(sandbox.command(args)))
}

/// A port at which nobody listens.
fn closed_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

#[test]
fn where_nobody_listens_it_says_so() {
    let url = format!("etcd://127.0.0.1:{}/k", closed_port());
    let reason = format!("{url}: cannot reach http://{}", &url["etcd://".len()..url.len() - 2]);
    let run_set = run(&["set", &url, "a=1", "--timeout", "0"]).exits_with(69).says(&reason);
    run_set.says("gave up after 1 try").says("was not changed");
    let url = "etcd://jsonlock.invalid/k";
    run(&["set", url, "a=1", "--timeout", "0"])
        .exits_with(69)
        .says("cannot reach http://jsonlock.invalid:2379: ");
}

#[test]
fn an_endpoint_that_is_gone_does_no_harm() {
    let Some(cluster) = shared("gone") else { return };
    let hosts = format!("127.0.0.1:{},{}", closed_port(), cluster.hosts());
    for _ in 0..10 {
        let url = format!("etcd://{hosts}/gone");
        cluster.run(["apply", &url, ".n += 1", "--timeout", "0"]).succeeds();
    }
    cluster.run(["get", &cluster.url("gone"), "n"]).succeeds().prints("10\n");
}

#[test]
fn urls_that_name_no_document_are_a_matter_of_usage() {
    for url in ["etcd://h", "etcd://h/", "etcd:///", "etcd:///k", "etcd://h:x/k"] {
        run(&["set", url, "a=1"]).exits_with(2);
    }
    let run = run(&["set", "etcd://user:s3cret@h/k", "a=1"]).exits_with(2).says("ETCDCTL_USER");
    run.never_says("s3cret");
}

#[test]
fn what_is_too_large_is_refused_with_the_limit() {
    let Some(cluster) = shared("large") else { return };
    let url = cluster.url("large");
    // With a ledger that is as long as it gets.
    let store = RemoteStore::open(&url).unwrap();
    for number in 0..300_u64 {
        let edit = |document: &mut Document| document.set(&"a".parse()?, Json::from(number));
        jsonlock::edit(&store, edit).unwrap();
    }
    let fill = |size: usize| {
        let sandbox = Sandbox::with("value", "x".repeat(size));
        cluster.run_in(&sandbox, ["set", &url, "a=@value"])
    };
    let text = fill(1 << 21).exits_with(5).says("bytes, and the service takes ").stderr();
    let number = |text: &str| text.split(' ').next().unwrap().parse::<usize>().unwrap();
    let size = number(text.split("the new content has ").nth(1).unwrap());
    let limit = number(text.split("the service takes ").nth(1).unwrap());
    assert!(limit > 1_560_000, "{limit}");
    let most = limit - (size - (1 << 21));
    fill(most + 1).exits_with(5);
    fill(most).succeeds();
}

#[test]
fn a_server_with_a_lower_limit_is_believed() {
    let plan = Plan::nodes(1).options(["--max-request-bytes", "10000"]);
    let Some(cluster) = plan.start("lower limit") else { return };
    let sandbox = Sandbox::with("value", "x".repeat(20_000));
    let run = cluster.run_in(&sandbox, ["set", &cluster.url("k"), "a=@value"]);
    run.exits_with(5).says("request is too large; etcd takes 1.5 MiB unless").says("not changed");
}

#[test]
fn a_server_with_a_higher_limit_takes_what_it_takes() {
    let plan = Plan::nodes(1).options(["--max-request-bytes", "4000000"]);
    let Some(cluster) = plan.start("higher limit") else { return };
    let sandbox = Sandbox::with("value", "x".repeat(3_000_000));
    let args = ["set", &cluster.url("k"), "a=@value"];
    cluster.run_in(&sandbox, args).exits_with(5).says("set ETCD_MAX_REQUEST_BYTES");
    let mut command = cluster.with_variables(sandbox.command(args));
    command.env("ETCD_MAX_REQUEST_BYTES", "4000000");
    sandbox.run_command(command).succeeds();
    let get = cluster.run(["get", &cluster.url("k"), "a"]).succeeds();
    assert_eq!(get.stdout().len(), 3_000_001);
}

#[test]
fn an_etcd_without_a_gateway_is_named() {
    let plan = Plan::nodes(1).options(["--enable-grpc-gateway=false"]);
    let Some(cluster) = plan.start("gateway") else { return };
    let run = cluster.run(["set", &cluster.url("k"), "a=1"]);
    run.exits_with(69).says("--enable-grpc-gateway").says("was not changed");
}

/// A cluster that knows root and a reader.
fn with_users(test: &str) -> Option<Cluster> {
    let cluster = Plan::nodes(1).start(test)?;
    for args in [
        &["user", "add", "root:s3cret"][..],
        &["role", "add", "reader"],
        &["role", "grant-permission", "reader", "--prefix=true", "read", "k"],
        &["user", "add", "reader:s3cret2"],
        &["user", "grant-role", "reader", "reader"],
        &["auth", "enable"],
    ] {
        cluster.etcdctl(args.iter()).succeeds();
    }
    Some(cluster)
}

fn run_as(cluster: &Cluster, user: &str, args: &[&str]) -> Run {
    let sandbox = Sandbox::new();
    let mut command = cluster.with_variables(sandbox.command(args));
    command.env("ETCDCTL_USER", user);
    sandbox.run_command(command).never_says("s3cret")
}

#[test]
fn users_may_do_what_they_may() {
    let Some(cluster) = with_users("users") else { return };
    let url = cluster.url("k");
    let set = ["set", url.as_str(), "a=1"];
    cluster.run(set).exits_with(77).says("set ETCDCTL_USER");
    run_as(&cluster, "root:wr0ng", &set)
        .exits_with(77)
        .never_says("wr0ng")
        .says("ETCDCTL_PASSWORD");
    run_as(&cluster, "nobody:wr0ng", &set).exits_with(77);
    run_as(&cluster, "root", &set).exits_with(77).says("has no password");
    run_as(&cluster, "root:s3cret", &set).succeeds();
    run_as(&cluster, "reader:s3cret2", &["get", &url, "a"]).succeeds().prints("1\n");
    run_as(&cluster, "reader:s3cret2", &["set", &url, "a=2"])
        .exits_with(77)
        .says("permission denied");
    run_as(&cluster, "reader:s3cret2", &["get", &cluster.url("other")]).exits_with(77);
    let far = ["set", "etcd://192.0.2.1/k", "a=1", "--timeout", "0"];
    run_as(&cluster, "root:s3cret", &far).exits_with(77).says("without TLS");
}

/// etcd forgets whom it knew when it is restarted.
#[test]
fn a_token_that_is_not_known_any_more_is_renewed() {
    let Some(cluster) = with_users("tokens") else { return };
    let sandbox = Sandbox::new();
    let mut command = cluster.with_variables(sandbox.command(["batch", &cluster.url("k")]));
    command.env("ETCDCTL_USER", "root:s3cret").stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut answers = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut input = child.stdin.take().unwrap();
    for (round, line) in ["{\"a\": 1}\n", "{\"b\": 2}\n"].iter().enumerate() {
        if round == 1 {
            cluster.kill(0);
            cluster.start(0);
        }
        input.write_all(line.as_bytes()).unwrap();
        let answer = answers.next().unwrap().unwrap();
        assert!(answer.contains("\"ok\":true"), "{answer}");
    }
    drop(input);
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_user_is_no_hindrance_where_there_are_none() {
    let Some(cluster) = shared("no users") else { return };
    run_as(cluster, "root:s3cret", &["set", &cluster.url("open"), "a=1"]).succeeds();
}
