//! A document of 130 MB through each command, with no more memory than its own size and half of that:
//! no command builds a tree of it, or a second text.
//!
//! Without optimization the program takes long to look at so many bytes, so there the document is
//! smaller, and the memory with it. `.ci/run` has the large one, and names an optimized program for it.

use crate::harness::{JSONLOCK, Run, Sandbox};
use crate::system::works;
use std::process::Command;

/// An optimized program, if one is named.
fn optimized() -> Option<String> {
    std::env::var("JSONLOCK_OPTIMIZED").ok()
}

/// How large the document is.
fn size() -> usize {
    if optimized().is_some() { 130_000_000 } else { 12_000_000 }
}

/// What the C library sets aside for the allocations of a second thread. Little of it is used.
const ARENA: usize = 192 << 20;

/// What a filter's thread reserves: its stack, too.
const THREAD: usize = ARENA + (256 << 20);

/// What it reserves where addresses are limited, and some that is in use.
const SMALL_THREAD: usize = 24 << 20;

const START: &str = "{\n  \"version\": 3,\n  \"items\": [\n";
const END: &str = "\n  ],\n  \"counter\": 10000000,\n  \"done\": false\n}\n";

/// As many records as there is room for.
fn document() -> String {
    let record = |number: usize| {
        format!(
            "    {{\n      \"id\": {number},\n      \"name\": \"package {number:04}\",\n      \"ratio\": 0.76096{number},\n      \
             \"tags\": [\"a\", \"caf\u{e9}\"],\n      \"meta\": {{\"ok\": true, \"path\": \"C:\\\\x\"}}\n    }}"
        )
    };
    let records: Vec<String> = (0..1000).map(record).collect();
    let thousand = records.join(",\n");
    let times = size() / thousand.len();
    [START, &vec![&*thousand; times].join(",\n"), END].concat()
}

struct Scene {
    program: String,
    sandbox: Sandbox,
    text: String,
    /// The addresses that the program takes to get to its first line.
    least: usize,
}

impl Scene {
    fn new() -> Self {
        let text = document();
        let sandbox = Sandbox::with("f", &text);
        sandbox.write("input", "");
        let program = optimized().unwrap_or_else(|| JSONLOCK.to_owned());
        let starts =
            |bytes: &usize| limited(&sandbox, *bytes, &[&program, "--version"]).code() == Some(0);
        let least = (1..1024).map(|megabytes| megabytes << 20).find(starts).unwrap();
        Scene { program, sandbox, text, least }
    }

    /// The addresses for a document, half as much again, and the program.
    fn limit(&self) -> usize {
        self.least + self.text.len() + self.text.len() / 2
    }

    fn run(&self, args: &[&str]) -> Run {
        self.run_with(0, args)
    }

    /// Runs the program with so much more than the limit.
    #[track_caller]
    fn run_with(&self, more: usize, args: &[&str]) -> Run {
        limited(&self.sandbox, self.limit() + more, &[&[&*self.program], args].concat()).succeeds()
    }

    /// Makes an edit, after which FILE ends in `end`, and undoes it.
    #[track_caller]
    fn edit(&self, command: &str, args: &[&str], end: &str) {
        self.edit_with(0, command, args, end);
    }

    #[track_caller]
    fn edit_with(&self, more: usize, command: &str, args: &[&str], end: &str) {
        let run = self.run_with(more, &[&[command, "f", "--durability=none"], args].concat());
        let (kept, _) = self.text.rsplit_once(END).unwrap();
        let is_as_expected = self.sandbox.read_bytes("f") == [kept, end].concat().as_bytes();
        assert!(is_as_expected, "another document than expected\n{run}");
        self.sandbox.write("f", &self.text);
    }
}

/// Runs a program with no more than so many bytes of addresses. What it prints goes to `out`.
fn limited(sandbox: &Sandbox, bytes: usize, command: &[&str]) -> Run {
    let script = format!("ulimit -c 0; ulimit -v {}; exec \"$@\" < input > out", bytes >> 10);
    let mut shell = Command::new("sh");
    shell.args(["-c", &script, "sh"]).args(command).current_dir(sandbox.root());
    shell.env("RUST_BACKTRACE", "0").env_remove("JSONLOCK_TIMEOUT");
    sandbox.run_command(shell)
}

#[test]
fn no_command_takes_much_more_memory_than_the_document_has_bytes() {
    let scene = Scene::new();
    reads(&scene);
    edits(&scene);
    exceptions(&scene);
    a_tree_does_not_fit(&scene);
}

fn reads(scene: &Scene) {
    let printed = || scene.sandbox.read("out");
    scene.run(&["get", "f", "counter"]);
    assert_eq!(printed(), "10000000\n");
    scene.run(&["get", "f", "items[-1].name"]);
    assert_eq!(printed(), "package 0999\n");
    scene.run(&["get", "f", "missing", "--default", "none"]);
    assert_eq!(printed(), "none\n");
    scene.run(&["get", "f"]);
    assert!(printed() == scene.text, "another text was printed");
    scene.run(&["get", "f", "items"]);
    let length = scene.text.len() - START.len() - END.len();
    let outdented = printed();
    assert!(outdented.starts_with("[\n  {\n    \"id\": 0,\n") && outdented.ends_with("\n  }\n]\n"));
    assert!(outdented.len() < length && outdented.len() > length / 10 * 9);
    scene.run(&["get", "f", "--etag"]);
    assert_eq!(printed().len(), 33);
    scene.run(&["status", "f"]);
    scene.run(&["lock", "f", "--", "true"]);
}

fn edits(scene: &Scene) {
    let set = END.replace("10000000", "7");
    scene.edit("set", &["counter:=7"], &set);
    scene.edit("set", &["counter:=7", "--report"], &set);
    scene.edit("set", &["counter:=7", "--etag", "--backup"], &set);
    assert_eq!(scene.sandbox.read("f.bak").len(), scene.text.len());
    scene.edit("set", &["counter:=7", "--print"], &set);
    assert!(scene.sandbox.read("out").ends_with(&set));
    scene.edit("set", &["counter:=7", "--dry-run"], END);
    scene.edit("set", &["counter:=7", "--diff"], &set);
    assert_eq!(scene.sandbox.read("out").lines().count(), 10);
    scene.edit("set", &["counter:=10000000"], END);
    scene.edit("del", &["done"], &END.replace(",\n  \"done\": false", ""));
    scene.edit("merge", &["{\"counter\": 7, \"gone\": null}"], &set);
    let patch = r#"[{"op": "test", "path": "/done", "value": false}, {"op": "replace", "path": "/counter", "value": 7}]"#;
    scene.edit("patch", &[patch], &set);
    scene.sandbox.write("input", "{\"counter\": 6}\n{\"counter\": 7}\n");
    scene.edit("batch", &["--atomic"], &set);
    // A second thread reads the lines.
    scene.edit_with(ARENA, "batch", &[], &set);
}

/// These take more, as much as is said here.
fn exceptions(scene: &Scene) {
    let size = scene.text.len();
    let set = END.replace("10000000", "7");
    // What the command prints is another document, in a buffer that grows by doubling.
    scene.edit_with(2 * size, "filter", &["--", "sed", "s/10000000/7/"], &set);
    // A filter runs in a thread.
    scene.edit_with(THREAD, "apply", &[".counter = 7"], &set);
    scene.edit_with(
        THREAD,
        "apply",
        &[".items[5].id += 1 | .items[5].id -= 1 | .counter = 7"],
        &set,
    );
    scene.edit_with(THREAD, "set", &["counter:=7", "--if", "true"], &set);
    scene.run_with(THREAD, &["wait", "f", ".counter == 10000000"]);
    scene.run_with(THREAD, &["get", "f", "--jq", ".counter"]);
}

/// One with many members, of which few change.
#[test]
fn an_update_of_one_of_many_members_takes_no_more_memory_than_the_members_have() {
    let count = size() / 200;
    let member = |number: usize| {
        format!("\"id{number:07}\":{{\"n\":0,\"name\":\"{}\",\"tags\":[\"a\"]}}", "x".repeat(150))
    };
    let members: Vec<String> = (0..count).map(member).collect();
    let text = format!("{{{}}}\n", members.join(","));
    let scene = Scene { text: text.clone(), ..Scene::new() };
    scene.sandbox.write("f", &text);
    let middle = format!("id{:07}", count / 2);
    let old = member(count / 2);
    for (filter, new) in [
        (format!(".{middle}.n += 1"), old.replace("\"n\":0", "\"n\":1")),
        (format!(".{middle}.tags += [1]"), old.replace("[\"a\"]", "[\"a\",1]")),
        (format!("del(.{middle}.n)"), old.replace("\"n\":0,", "")),
        (format!("if .{middle}.n == 0 then .{middle} = null end"), format!("\"{middle}\":null")),
    ] {
        scene.run_with(SMALL_THREAD, &["apply", "f", "--durability=none", &filter]);
        let is_as_expected = scene.sandbox.read("f") == text.replace(&old, &new);
        assert!(is_as_expected, "{filter} made another document than expected");
        scene.sandbox.write("f", &text);
    }
}

/// Otherwise the limit would show nothing.
fn a_tree_does_not_fit(scene: &Scene) {
    for (name, command) in [
        ("jq", &["jq", ".counter", "f"][..]),
        ("python3", &["python3", "-c", "import json; json.load(open('f'))"]),
    ] {
        if works("the limit of memory", &[name, "--version"]) {
            let run = limited(&scene.sandbox, scene.limit(), command);
            assert_ne!(run.code(), Some(0), "{name} can do with as little\n{run}");
        }
    }
}
