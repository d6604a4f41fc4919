//! The commands do with a key of etcd what they do with a file.

use super::cluster::{Cluster, shared};
use crate::conformance::{self, Crowd, Place};
use crate::harness::Sandbox;
use crate::remote;
use crate::system::end_of;
use jsonlock::{Etag, RemoteStore, Store as _};
use serde_json::{Value, json};
use std::io::Write as _;
use std::process::Stdio;

/// A document of its own for a test.
struct Document {
    cluster: &'static Cluster,
    key: &'static str,
    url: String,
}

fn document(test: &'static str, text: &str) -> Option<Document> {
    let cluster = shared(test)?;
    if !text.is_empty() {
        cluster.etcdctl(["put", test, text]).succeeds();
    }
    Some(Document { cluster, key: test, url: cluster.url(test) })
}

impl Document {
    /// Runs a command on the document; the first argument is the command, the others follow it.
    fn run(&self, args: &[&str]) -> crate::harness::Run {
        let head = [args[0], self.url.as_str()];
        self.cluster.run(head.iter().chain(&args[1..]))
    }

    fn text(&self) -> String {
        self.cluster.value(self.key)
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.text()).unwrap()
    }
}

#[test]
fn etcd_does_what_files_do() {
    let Some(cluster) = shared("files") else { return };
    remote::conformance::check(&cluster.site());
}

#[test]
fn etcd_does_what_stores_do() {
    let Some(cluster) = shared("stores") else { return };
    let url = |name: &str| cluster.url(&format!("stores/{name}"));
    conformance::check(&Place::of_urls(url, Crowd::Of(8)));
}

#[test]
fn batch_acknowledges_line_by_line() {
    let Some(doc) = document("batch", "") else { return };
    let sandbox = Sandbox::new();
    let mut command = doc.cluster.with_variables(sandbox.command(["batch", &doc.url]));
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let lines =
        "{\"a\": 1}\n{\"a\": \n[{\"op\": \"test\", \"path\": \"/a\", \"value\": 2}]\n{\"b\": 2}\n";
    child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    let ended = end_of(child);
    assert_eq!(ended.stdout.lines().count(), 4, "{}{}", ended.stdout, ended.stderr);
    assert_eq!(doc.json(), json!({"a": 1, "b": 2}));
}

#[test]
fn wait_sees_what_others_write() {
    let Some(doc) = document("wait", "{\"state\": \"new\"}") else { return };
    let sandbox = Sandbox::new();
    let args = ["wait", doc.url.as_str(), ".state == \"done\"", "--timeout", "20"];
    let mut command = doc.cluster.with_variables(sandbox.command(args));
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    doc.cluster.etcdctl(["put", "wait", "{\"state\": \"done\"}"]).succeeds();
    assert_eq!(end_of(child).code, Some(0));
}

#[test]
fn options_hold_as_for_files() {
    let Some(doc) = document("options", "{\n  \"n\": 1,\n  \"x\": 1.0\n}") else { return };
    let etag = doc.run(&["get", "--etag"]).succeeds().stdout().trim().to_owned();
    doc.run(&["set", "n:=2", "--if-match", "0123"]).exits_with(76).says(&etag);
    doc.run(&["set", "n:=2", "--if-absent"]).exits_with(76).says("n exists");
    doc.run(&["set", "n:=2", "--if", ".n == 2"]).exits_with(76).says("was not changed");
    doc.run(&["set", "n:=2", "--check", ".n < 2"]).exits_with(78);
    doc.run(&["apply", ".n[0]"]).exits_with(5);
    doc.run(&["set", "n:=2", "--dry-run", "--diff"]).succeeds().says("");
    assert_eq!(doc.text(), "{\n  \"n\": 1,\n  \"x\": 1.0\n}", "nothing was written");
    let report = doc.run(&["set", "n:=2", "--if-match", &etag, "--report"]).succeeds().stdout();
    let report: Value = serde_json::from_str(&report).unwrap();
    assert_eq!((&report["changed"], &report["attempts"]), (&json!(true), &json!(1)));
    assert_eq!(doc.text(), "{\n  \"n\": 2,\n  \"x\": 1.0\n}", "the rest is as it was");
    assert_eq!(report["etag"], Etag::of(doc.text().as_bytes()).to_string());
    let diff = doc.run(&["set", "n:=3", "--diff"]).succeeds().stdout();
    assert!(diff.contains("-  \"n\": 2,") && diff.contains("+  \"n\": 3,"), "{diff}");
    let next = doc.run(&["set", "n:=4", "--etag"]).succeeds().stdout();
    doc.run(&["get", "--etag"]).succeeds().prints(&next);
    doc.run(&["set", "n:=4", "--backup"]).exits_with(2);
    doc.run(&["set", "n:=4", "--timeout", "0"]).succeeds();
}

#[test]
fn what_must_exist_is_not_made_and_what_must_not_is_not_touched() {
    let Some(doc) = document("absent", "") else { return };
    doc.run(&["set", "n:=1", "--no-create"]).exits_with(66);
    doc.run(&["merge", "{\"n\": 1}", "--if-absent"]).succeeds();
    doc.run(&["merge", "{\"n\": 2}", "--if-absent"]).exits_with(76);
    doc.run(&["set", "n:=2", "--no-create"]).succeeds();
    assert_eq!(doc.json(), json!({"n": 2}));
}

#[test]
fn comments_stay_where_the_name_of_the_key_allows_them() {
    let text = "{\n  // why\n  \"n\": 1, // one\n}\n";
    let Some(doc) = document("settings.jsonc", text) else { return };
    doc.run(&["apply", ".n += 1"]).succeeds();
    assert_eq!(doc.text(), text.replace("1,", "2,").trim_end());
    let Some(doc) = document("settings.json", text) else { return };
    doc.run(&["apply", ".n += 1"]).exits_with(65).says("--jsonc");
    assert_eq!(doc.text(), text.trim_end());
}

#[test]
fn keys_may_have_any_name() {
    let Some(cluster) = shared("names") else { return };
    for (spelled, key) in [
        ("/names/a/b.json", "/names/a/b.json"),
        ("names%20with%20spaces%25", "names with spaces%"),
        ("names:é?x#y", "names:é?x#y"),
    ] {
        cluster.run(["set", &cluster.url(spelled), "a=1"]).succeeds();
        let keys = cluster.etcdctl(["get", "--keys-only", "--prefix", key]).succeeds().stdout();
        let keys: Vec<&str> = keys.lines().filter(|line| !line.is_empty()).collect();
        assert_eq!(keys, [key.to_owned(), format!("{key}.jsonlock")]);
    }
    // The hosts may come from the environment.
    cluster.run(["get", "etcd:////names/a/b.json", "a"]).succeeds().prints("1\n");
}

#[test]
fn programs_that_know_nothing_of_ledgers_may_write_too() {
    let Some(doc) = document("foreign", "{\"n\": 1}") else { return };
    let store = RemoteStore::open(&doc.url).unwrap();
    let ledger = || store.snapshot(&jsonlock::Wait::default().start()).unwrap().unwrap().ledger;
    assert_eq!(ledger(), None);
    doc.run(&["apply", ".n += 1"]).succeeds();
    doc.run(&["apply", ".n += 1"]).succeeds();
    assert_eq!(ledger().unwrap().sequence(), 2);
    doc.cluster.etcdctl(["put", "foreign", "{\"n\": 10}"]).succeeds();
    assert_eq!(ledger(), None, "it belongs to another revision");
    doc.run(&["apply", ".n += 1"]).succeeds();
    assert_eq!((doc.json(), ledger().unwrap().sequence()), (json!({"n": 11}), 1));
    // What is theirs is not overwritten.
    doc.cluster.etcdctl(["put", "foreign.jsonlock", "{\"theirs\": 1}"]).succeeds();
    doc.run(&["apply", ".n += 1"])
        .exits_with(77)
        .says("something else has written")
        .says("not changed");
    doc.run(&["get", "n"]).succeeds().prints("11\n");
    assert_eq!(doc.cluster.value("foreign.jsonlock"), "{\"theirs\": 1}");
    doc.cluster.etcdctl(["del", "foreign.jsonlock"]).succeeds();
    doc.run(&["apply", ".n += 1"]).succeeds();
    doc.cluster.etcdctl(["del", "foreign"]).succeeds();
    assert_eq!(store.read().unwrap(), None);
    doc.run(&["set", "n:=1"]).succeeds();
    assert_eq!(doc.json(), json!({"n": 1}));
    // An empty value is a document without content, as an empty file is.
    doc.cluster.etcdctl(["put", "foreign", ""]).succeeds();
    doc.run(&["set", "n:=2"]).succeeds();
    assert_eq!(doc.json(), json!({"n": 2}));
}

#[test]
fn a_lease_stays_with_the_document() {
    let Some(doc) = document("leased", "") else { return };
    let granted = doc.cluster.etcdctl(["lease", "grant", "600"]).succeeds().stdout();
    let lease = granted.split_whitespace().nth(1).unwrap().to_owned();
    doc.cluster.etcdctl(["put", "--lease", &lease, "leased", "{\"n\": 1}"]).succeeds();
    doc.run(&["apply", ".n += 1"]).succeeds();
    doc.cluster.etcdctl(["lease", "revoke", &lease]).succeeds();
    doc.run(&["get"]).exits_with(66);
    doc.run(&["set", "n:=5"]).succeeds();
    assert_eq!(doc.json(), json!({"n": 5}));
}

#[test]
fn an_edit_that_changes_nothing_writes_nothing() {
    let Some(doc) = document("same", "{\"n\": 1}") else { return };
    let store = RemoteStore::open(&doc.url).unwrap();
    let version = || store.snapshot(&jsonlock::Wait::default().start()).unwrap().unwrap().version;
    let before = version();
    doc.run(&["set", "n:=1"]).succeeds();
    assert_eq!(version(), before);
}
