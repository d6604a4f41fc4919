//! `get`: what is printed, and in which form.

use crate::harness::Sandbox;
use crate::system::can_trace;
use crate::tracing::{calls, stopped_at};
use std::process::{Command, Stdio};

const CONFIG: &str = r#"{
  "name": "a\tb",
  "price": 1.50,
  "big": 12345678901234567890123,
  "hosts": [
    {"name": "x", "port": 80},
    {"name": "y"}
  ],
  "dot.ted": {"k~/": null},
  "07": "zero-seven"
}
"#;

#[test]
fn values_are_printed_raw_or_as_they_stand() {
    let sandbox = Sandbox::with("f", CONFIG);
    for (path, expected) in [
        ("name", "a\tb\n"),
        ("price", "1.50\n"),
        ("big", "12345678901234567890123\n"),
        ("hosts[0]", "{\"name\": \"x\", \"port\": 80}\n"),
        (".hosts[-1].name", "y\n"),
        ("hosts.0.port", "80\n"),
        ("/hosts/0/port", "80\n"),
        (r"dot\.ted", "{\"k~/\": null}\n"),
        (r#"["dot.ted"]["k~/"]"#, "null\n"),
        ("/dot.ted/k~0~1", "null\n"),
        ("07", "zero-seven\n"),
        ("hosts", "[\n  {\"name\": \"x\", \"port\": 80},\n  {\"name\": \"y\"}\n]\n"),
    ] {
        sandbox.run(["get", "f", path]).succeeds().prints(expected);
    }
}

#[test]
fn the_whole_document_is_printed_byte_for_byte() {
    let sandbox = Sandbox::with("f", CONFIG);
    sandbox.run(["get", "f"]).succeeds().prints(CONFIG);
    let odd = "\u{feff}{ \"a\":1 }";
    sandbox.write("odd", odd);
    sandbox.run(["get", "odd"]).succeeds().prints(&format!("{odd}\n"));
}

#[test]
fn results_in_front_of_a_failure_are_printed() {
    let sandbox = Sandbox::with("f", CONFIG);
    for (filter, printed) in [
        (".name, error(\"no\"), .price", "a\tb\n"),
        (".hosts[], .name | .port", "80\nnull\n"),
        ("1, 2, nan", "1\n2\n"),
        ("3, halt, 4", "3\n"),
        ("error(\"no\"), 1", ""),
    ] {
        sandbox.run(["get", "f", "--jq", filter]).exits_with(5).prints(printed);
    }
}

#[test]
fn the_form_can_be_chosen() {
    let sandbox = Sandbox::with("f", CONFIG);
    sandbox.run(["get", "f", "name", "--json"]).succeeds().prints("\"a\\tb\"\n");
    let hosts = "[{\"name\":\"x\",\"port\":80},{\"name\":\"y\"}]\n";
    sandbox.run(["get", "-c", "f", "hosts"]).succeeds().prints(hosts);
    sandbox.run(["get", "-0", "f", "name", "price"]).succeeds().prints("a\tb\u{0}1.50\u{0}");
    sandbox.run(["get", "f", "--jq", ".hosts[].name"]).succeeds().prints("x\ny\n");
    sandbox
        .run(["get", "f", "--jq", ".hosts[0]", "-c"])
        .succeeds()
        .prints("{\"name\":\"x\",\"port\":80}\n");
    sandbox
        .run(["get", "f", "--jq", ".price, .big"])
        .succeeds()
        .prints("1.50\n12345678901234567890123\n");
}

#[test]
fn several_paths_are_printed_in_order_or_not_at_all() {
    let sandbox = Sandbox::with("f", CONFIG);
    sandbox.run(["get", "f", "price", "07"]).succeeds().prints("1.50\nzero-seven\n");
    sandbox.run(["get", "f", "price", "absent"]).exits_with(1).prints("").says("f has no absent");
    let with_default = ["get", "f", "price", "absent", "--default", "none"];
    sandbox.run(with_default).succeeds().prints("1.50\nnone\n");
}

#[test]
fn absent_things_have_exit_codes_of_their_own() {
    let sandbox = Sandbox::with("f", CONFIG);
    sandbox.run(["get", "f", "name.of.nothing"]).exits_with(1);
    sandbox.run(["get", "f", "hosts[2]"]).exits_with(1);
    sandbox.run(["get", "missing", "a"]).exits_with(66).says("missing does not exist");
    sandbox.run(["get", "missing", "a", "--default", "d"]).succeeds().prints("d\n");
    sandbox.run(["get", "no/such/dir", "a"]).exits_with(66);
    sandbox.run(["get", "f", "a[]"]).exits_with(2);
    assert_eq!(sandbox.names(), ["f"], "reading creates nothing");
}

#[test]
fn the_etag_names_the_content() {
    let sandbox = Sandbox::with("f", "{}");
    sandbox.write("same", "{}");
    sandbox.write("other", "{ }");
    let etag = |file| sandbox.run(["get", "--etag", file]).succeeds().stdout();
    assert_eq!(etag("f"), etag("same"));
    assert_ne!(etag("f"), etag("other"));
}

#[test]
fn reading_takes_the_last_of_duplicate_keys() {
    let sandbox = Sandbox::with("f", r#"{"a": 1, "a": 2}"#);
    sandbox.run(["get", "f", "a"]).succeeds().prints("2\n");
    sandbox.run(["get", "f", "--jq", ".a"]).succeeds().prints("2\n");
}

#[test]
fn half_a_surrogate_pair_is_no_text() {
    let sandbox = Sandbox::with("f", r#"{"a": "\ud800"}"#);
    sandbox.run(["get", "f", "a"]).exits_with(65).says("--json");
    sandbox.run(["get", "f", "a", "--json"]).succeeds().prints("\"\\ud800\"\n");
}

#[test]
fn a_closed_pipe_is_no_error() {
    let text = format!("[{}0]", "1234567890, ".repeat(100_000));
    let sandbox = Sandbox::with("f", text);
    let mut child = sandbox.command(["get", "f"]).stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_full_disk_is_one() {
    let sandbox = Sandbox::with("f", CONFIG);
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut command: Command = sandbox.command(["get", "f"]);
    command.stdout(full);
    let run = command.stderr(Stdio::piped()).spawn().unwrap().wait_with_output().unwrap();
    assert_eq!(run.status.code(), Some(74));
    assert!(String::from_utf8_lossy(&run.stderr).contains("cannot write to standard output"));
}

/// A document that is made between two looks is read, and is not taken for an empty one.
#[test]
fn a_document_that_is_made_meanwhile_is_read() {
    if !can_trace("get::a_document_that_is_made_meanwhile_is_read") {
        return;
    }
    let args = ["get", "f", "name"];
    let looks = calls(&Sandbox::new(), &args);
    let looks = looks.iter().filter(|call| call.name == "openat" && call.line.contains("\"f\""));
    let looks: Vec<_> = looks.collect();
    assert!(looks.len() > 2, "{looks:?}");
    for look in looks.iter().rev().skip(1) {
        let sandbox = Sandbox::new();
        let ended = stopped_at(&sandbox, &args, look, || sandbox.write("f", CONFIG));
        assert_eq!(ended.code, Some(0), "{}: {}", look.line, ended.stderr);
    }
}
