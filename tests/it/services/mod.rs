//! Proves what the command line does with documents that services keep.

#[cfg(feature = "etcd")]
mod codes;
#[cfg(feature = "etcd")]
mod commands;
#[cfg(feature = "etcd")]
pub mod fake;
#[cfg(feature = "etcd")]
mod status;
#[cfg(feature = "object-store")]
mod transcript;

use crate::harness::{JSONLOCK, Sandbox};
use crate::system::{can_trace, works};
use std::process::Command;

/// One URL of each kind.
const URLS: [&str; 7] = [
    "etcd://127.0.0.1:1/key",
    "s3://bucket/key",
    "s3a://bucket/key",
    "gs://bucket/key",
    "az://container/key",
    "abfs://container@account.dfs.core.windows.net/key",
    "abfss://container@account.dfs.core.windows.net/key",
];

#[test]
fn a_build_without_a_service_says_so_and_makes_no_file() {
    let sandbox = Sandbox::new();
    for url in URLS {
        let (feature, is_built) = match url.starts_with("etcd") {
            true => ("etcd", cfg!(feature = "etcd")),
            false => ("object-store", cfg!(feature = "object-store")),
        };
        if is_built {
            continue;
        }
        let advice = format!("cargo install jsonlock --features {feature} builds one");
        for args in [&["set", url, "a=1", "--parents"][..], &["get", url], &["status", url]] {
            sandbox.run(args).exits_with(69).prints("").says(&advice);
        }
        sandbox.run(["wait", url, ".", "--timeout", "0"]).exits_with(69);
        sandbox.run(["set", url, "a=1"]).says(&format!("{url} was not changed"));
    }
    assert!(sandbox.names().is_empty());
}

#[test]
fn what_begins_like_no_service_is_an_error_and_no_file() {
    let sandbox = Sandbox::new();
    for url in [
        "gopher://host/key",
        "https://host/key",
        "file:///key",
        "S3://bucket/key",
        // A slash is missing, or both.
        "s3:/bucket/key",
        "etcd:key",
    ] {
        for command in [&["set", url, "a=1"][..], &["get", url], &["status", url]] {
            sandbox.run(command).exits_with(2).prints("").says("./");
        }
        sandbox.run(["lock", url, "--", "true"]).exits_with(2);
    }
    assert!(sandbox.names().is_empty());
    sandbox.run(["set", "./s3://key", "a=1", "--parents"]).succeeds();
    assert_eq!(sandbox.json("s3:/key")["a"], "1");
    sandbox.run(["get", "./s3://key", "a"]).succeeds().prints("1\n");
}

#[test]
fn a_secret_in_a_url_is_not_repeated() {
    let sandbox = Sandbox::new();
    for url in
        ["https://user:s3cret@host/key", "https://host/key?sig=s3cret", "etcd://u:s3cret@h/k"]
    {
        for command in [&["set", url, "a=1"][..], &["set", url, "a=1", "--backup"], &["get", url]] {
            let run = sandbox.run(command).never_says("s3cret");
            assert!(matches!(run.code(), Some(2 | 69)), "{run}");
        }
        let _ = sandbox.run(["lock", url, "--", "true"]).never_says("s3cret");
    }
}

#[test]
fn what_only_files_have_is_an_error() {
    let sandbox = Sandbox::new();
    for url in URLS {
        for option in ["--backup", "--mode=600", "--lock-file=l"] {
            let run = sandbox.run(["set", url, "a=1", option]).exits_with(2);
            let option = option.split('=').next().unwrap();
            run.says(&format!("{option} is for files, and {url} is none"));
        }
        sandbox
            .run(["status", url, "--lock-file=l"])
            .exits_with(2)
            .says("--lock-file is for files");
        let run = sandbox.run(["lock", url, "--", "touch", "ran"]).exits_with(69);
        run.says("cannot be locked: a service would have to let a lock expire").says("filter runs");
    }
    assert!(sandbox.names().is_empty());
}

#[test]
fn files_are_not_probed() {
    let sandbox = Sandbox::with("f", "{}");
    let run = sandbox.run(["status", "f", "--probe"]).exits_with(2).prints("");
    run.says("FILE is a file, whose edits are kept apart by a lock");
    assert_eq!(sandbox.names(), ["f"]);
}

#[test]
fn an_edit_of_a_file_asks_no_service() {
    let test = "services::an_edit_of_a_file_asks_no_service";
    let trace = ["strace", "-f", "-qq", "-o", "trace", "-e", "trace=socket,connect"];
    if !can_trace(test) || !works(test, &["strace", "-qq", "-e", "trace=socket,connect", "true"]) {
        return;
    }
    let sandbox = Sandbox::with("f", "{}");
    for args in [&["set", "f", "a=1"][..], &["get", "f"], &["status", "f"]] {
        let mut command = Command::new(trace[0]);
        command.args(&trace[1..]).arg(JSONLOCK).args(args).current_dir(sandbox.root());
        command
            .env("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
            .env("ETCDCTL_ENDPOINTS", "127.0.0.1:1");
        sandbox.run_command(command).succeeds();
        assert_eq!(sandbox.read("trace"), "", "{args:?}");
    }
}
