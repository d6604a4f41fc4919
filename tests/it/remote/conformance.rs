//! The same commands do the same with a file and with a document of a service.

use super::site::Site;
use crate::harness::{Run, Sandbox};

/// In a style that nobody would choose.
const ODD: &str = "{ \"a\":1.0,\r\n    \"b\" : {\"c\": [1, 2e400,3]},\r\n\t\"é\\/\":\"\\u00e9\"}";

/// What is done, one after the other. FILE is the document.
const STEPS: [&[&str]; 27] = [
    &["get", "FILE"],
    &["set", "FILE", "a=1", "--no-create"],
    &["set", "FILE", "a=1", "--dry-run", "--diff"],
    &["filter", "FILE", "--", "cat", "odd.json"],
    &["get", "FILE", "b.c[1]", "a"],
    &["get", "FILE", "no.such"],
    &["set", "FILE", "b.c[0]:=7", "x=text", "--diff"],
    &["set", "FILE", "x=text", "--etag"],
    &["set", "FILE", "x=other", "--if-match", "0000"],
    &["set", "FILE", "x=other", "--if-absent"],
    &["set", "FILE", "y=new", "--if-absent", "--print=.y"],
    &["set", "FILE", "x:=3", "--check", ".x == 3"],
    &["set", "FILE", "x:=4", "--check", ".x == 3"],
    &["set", "FILE", "x:=4", "--if", ".x == 2"],
    &["del", "FILE", "b.c[0]", "y"],
    &["del", "FILE", "y", "--must-exist"],
    &["merge", "FILE", "{\"a\": null, \"n\": {\"o\": 1.0}}"],
    &["patch", "FILE", "[{\"op\": \"test\", \"path\": \"/x\", \"value\": 3}]"],
    &["patch", "FILE", "[{\"op\": \"test\", \"path\": \"/x\", \"value\": 4}]"],
    &["patch", "FILE", "[{\"op\": \"move\", \"from\": \"/x\", \"path\": \"/z\"}]"],
    &["apply", "FILE", ".n.o += 1 | .all = 0", "--print=.n.o"],
    &["apply", "FILE", "error(\"no\")"],
    &["filter", "FILE", "--", "sed", "s/: 1.0/:1.00/"],
    &["filter", "FILE", "--", "false"],
    &["wait", "FILE", ".z == 3", "--timeout", "5"],
    &["wait", "FILE", "false", "--timeout", "0"],
    &["get", "FILE", "--etag"],
];

/// Checks that everything comes out as with a file.
pub fn check(site: &Site<'_>) {
    let sandbox = Sandbox::with("odd.json", ODD);
    let url = (site.url)(&site.servers, "a%20b/conformance.json");
    for step in STEPS {
        let with = |file: &str| {
            let args: Vec<&str> =
                step.iter().map(|arg| if *arg == "FILE" { file } else { arg }).collect();
            site.run(&site.servers, &sandbox, &args)
        };
        same(step, &with("d.json"), &with(&url), &url);
        let whole = |file: &str| site.run(&site.servers, &sandbox, &["get", file]).stdout();
        assert_eq!(whole(&url), whole("d.json"), "after {step:?}");
    }
    check_if_match(site, &sandbox, &url);
    check_report(site, &sandbox, &url);
    check_batch(site, &sandbox, &url);
}

#[track_caller]
fn same(step: &[&str], local: &Run, remote: &Run, url: &str) {
    assert_eq!(
        (remote.code(), remote.stdout().replace(url, "d.json")),
        (local.code(), local.stdout()),
        "{step:?}\n{local}\n{remote}"
    );
}

fn check_if_match(site: &Site<'_>, sandbox: &Sandbox, url: &str) {
    let etag = site.run(&site.servers, sandbox, &["get", url, "--etag"]).succeeds().stdout();
    let set = ["set", url, "m=1", "--if-match", etag.trim()];
    site.run(&site.servers, sandbox, &set).succeeds().prints("");
    site.run(&site.servers, sandbox, &set).exits_with(76).says("its etag is");
}

fn check_report(site: &Site<'_>, sandbox: &Sandbox, url: &str) {
    for (args, changed) in [("r=1", true), ("r=1", false)] {
        let run = site.run(&site.servers, sandbox, &["set", url, args, "--report"]).succeeds();
        let report: serde_json::Value = serde_json::from_str(&run.stdout()).unwrap();
        assert_eq!(report["changed"], changed, "{run}");
        assert_eq!(report["attempts"], 1, "{run}");
        assert_eq!(report["durable"], true, "{run}");
    }
}

fn check_batch(site: &Site<'_>, sandbox: &Sandbox, url: &str) {
    let script = format!(
        "printf '%s\\n' '{{\"p\": 1}}' '[{{\"op\": \"add\", \"path\": \"/q\", \"value\": 2}}]' | \
         jsonlock batch '{url}'"
    );
    let run = site.shell(sandbox, &script).succeeds();
    assert_eq!(run.stdout().lines().count(), 2, "{run}");
    site.run(&site.servers, sandbox, &["get", url, "p", "q"]).succeeds().prints("1\n2\n");
}
