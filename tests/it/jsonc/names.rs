//! Which files may have comments.

use crate::harness::Sandbox;
use std::fs;

const TEXT: &str = "{\n  \"a\": 1, // one\n}\n";

#[test]
fn the_names_in_the_manual_are_known() {
    let page = Sandbox::new().run(["man"]).succeeds().stdout().replace("\\-", "-");
    let names = page.lines().find(|line| line.starts_with("*.jsonc, ")).unwrap();
    let names: Vec<&str> = names.split(", ").collect();
    assert!(names.len() > 20, "{names:?}");
    for name in names {
        let name = name.replace('*', "x");
        let sandbox = Sandbox::new();
        fs::create_dir(sandbox.path(".vscode")).unwrap();
        sandbox.write(&name, TEXT);
        sandbox.run(["set", &name, "a:=2"]).succeeds().prints_nothing();
        assert_eq!(sandbox.read(&name), TEXT.replace('1', "2"), "{name}");
    }
}

#[test]
fn a_file_is_known_from_inside_its_directory_too() {
    let sandbox = Sandbox::new();
    fs::create_dir(sandbox.path(".vscode")).unwrap();
    sandbox.write(".vscode/settings.json", TEXT);
    let mut command = sandbox.command(["get", "settings.json", "a"]);
    command.current_dir(sandbox.path(".vscode"));
    sandbox.run_command(command).succeeds().prints("1\n");
}

#[test]
fn the_name_that_was_given_counts_not_what_a_link_leads_to() {
    let sandbox = Sandbox::with("plain.json", TEXT);
    std::os::unix::fs::symlink("plain.json", sandbox.path("link.jsonc")).unwrap();
    sandbox.run(["set", "link.jsonc", "a:=2"]).succeeds();
    assert_eq!(sandbox.read("plain.json"), TEXT.replace('1', "2"));
    sandbox.run(["set", "plain.json", "a:=3"]).exits_with(65);
}

#[test]
fn the_option_makes_any_file_jsonc() {
    let sandbox = Sandbox::with("plain.json", TEXT);
    sandbox.run(["set", "plain.json", "a:=2", "--jsonc"]).succeeds().prints_nothing();
    sandbox.run(["get", "plain.json", "a", "--jsonc"]).succeeds().prints("2\n");
    sandbox.run(["wait", "plain.json", ".a == 2", "--jsonc"]).succeeds();
    sandbox.run(["del", "plain.json", "a", "--jsonc"]).succeeds();
    assert_eq!(sandbox.read("plain.json"), "{}\n");
}
