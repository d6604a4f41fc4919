//! Everything in the README, and every example in help and manual, is executed.

use crate::harness::{JSONLOCK, Sandbox, skip};
use std::path::Path;
use std::process::Command;

const README: &str = include_str!("../../README.md");

/// The code blocks of one language.
fn blocks(language: &str) -> Vec<&'static str> {
    let fence = format!("```{language}\n");
    README.split(&fence).skip(1).map(|rest| rest.split("```").next().unwrap()).collect()
}

fn is_installed(program: &str) -> bool {
    let is_installed = Command::new(program).arg("--version").output().is_ok();
    if !is_installed {
        skip("part of the README", &format!("{program} is not installed"));
    }
    is_installed
}

#[test]
fn shell_blocks_run_in_order() {
    if !is_installed("jq") || !is_installed("flock") {
        return;
    }
    let sandbox = Sandbox::new();
    let mut output = String::new();
    for block in blocks("sh") {
        // Cargo cannot run cargo in the same directory; .ci/run runs these two as they stand.
        let block =
            block.replace("cargo run --release -- ", "jsonlock ").replace("cargo test", "true");
        let script = format!("set -e; DEPLOY_TOKEN=s3cret; {block}");
        output += &sandbox.shell(&script).succeeds().stdout();
    }
    assert!(output.contains("jsonlock kept 50 of 50 edits"), "{output}");
    assert!(output.contains("\"flow\": \"abc\""), "{output}");
    let expected = serde_json::json!({"flow": "abc", "deploy": "s3cret", "shell": 1});
    assert_eq!(sandbox.json("tokens.json"), expected);
    assert_eq!(sandbox.json("builds.json"), serde_json::json!({"next": 1}));
    let expected = serde_json::json!({"hosts": [{}, {}], "tags": ["a"]});
    assert_eq!(sandbox.json("config.json"), expected);
    assert_eq!(sandbox.read("settings.jsonc"), blocks("jsonc")[0]);
}

/// Runs what was typed in the transcript with documents of this kind, and compares what came. `environment` is shell
/// that says where the service is.
#[cfg(any(feature = "etcd", feature = "object-store"))]
pub fn transcript_is_true(scheme: &str, environment: &str) {
    let blocks = blocks("console").into_iter().filter(|block| block.contains(scheme));
    let lines: Vec<&str> = blocks.flat_map(str::lines).collect();
    assert!(!lines.is_empty(), "no transcript with {scheme}");
    let typed: Vec<&str> = lines.iter().filter_map(|line| line.strip_prefix("$ ")).collect();
    let came = lines.iter().filter(|line| !line.starts_with("$ "));
    let came: String = came.map(|line| format!("{line}\n")).collect();
    let script = format!("exec 2>&1\n{environment}\n{}", typed.join("\n"));
    let _ = Sandbox::new().shell(&script).succeeds().prints(&came);
}

#[test]
fn the_python_block_follows_the_protocol() {
    if !is_installed("python3") {
        return;
    }
    let sandbox = Sandbox::with("tokens.json", "{}");
    let mut python = Command::new("python3");
    python.args(["-c", blocks("python")[0]]).current_dir(sandbox.root());
    sandbox.run_command(python).succeeds();
    assert_eq!(sandbox.read("tokens.json"), "{\"python\": 1}");
    assert_eq!(sandbox.names(), ["tokens.json", "tokens.json.lock"]);
}

#[test]
fn the_rust_block_is_the_example_and_counts() {
    let example = include_str!("../../examples/next_build.rs");
    assert_eq!(blocks("rust"), [example]);
    let sandbox = Sandbox::new();
    let program = Path::new(JSONLOCK).parent().unwrap().join("examples/next_build");
    if !program.exists() {
        return skip("the README's Rust block", "`cargo test` without a choice builds it");
    }
    for build in 1..=2 {
        let mut command = Command::new(&program);
        command.current_dir(sandbox.root());
        sandbox.run_command(command).succeeds().prints(&format!("this is build {build}\n"));
    }
}

#[test]
fn there_are_two_commands_to_start_with() {
    let start = README.split("## Start").nth(1).unwrap().split("\n## ").next().unwrap();
    let commands: Vec<&str> = start.lines().filter(|line| line.starts_with("cargo ")).collect();
    assert_eq!(commands.len(), 2, "{commands:?}");
    assert_eq!(commands[1], "cargo test");
}

#[test]
fn the_examples_in_the_manual_work() {
    let sandbox = Sandbox::new();
    let config =
        r#"{"hosts": [{"name": "a", "port": 1}, {"name": "b", "port": 2}], "debug": false}"#;
    sandbox.write("config.json", config);
    sandbox.write("defaults.json", "{\"proxy\": \"none\"}");
    sandbox.write("key.pem", "-----BEGIN\n");
    let mut count = 0;
    let commands = [
        "set", "get", "merge", "patch", "apply", "batch", "filter", "lock", "wait", "status", "del",
    ];
    for command in commands {
        let page = sandbox.run(["man", command]).succeeds().stdout();
        let examples = page.split(".nf\n").nth(1).unwrap().split(".fi").next().unwrap();
        for line in examples.lines() {
            // Undo what keeps the text plain for roff.
            let line = line.replace("\\-", "-").replace("\\*(Aq", "'").replace("\\(aq", "'");
            let line = line.replace("\\\\", "\\").replace("\\&", "");
            sandbox.shell(&format!("DEPLOY_TOKEN=t; export DEPLOY_TOKEN; {line}")).succeeds();
            count += 1;
        }
    }
    assert!(count > 15, "{count}");
}
