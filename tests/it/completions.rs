//! `completions`: each shell accepts its script.

use crate::harness::{Sandbox, skip};
use std::process::Command;

#[test]
fn shells_accept_their_scripts() {
    let sandbox = Sandbox::new();
    for shell in ["bash", "zsh", "fish"] {
        let script = sandbox.run(["completions", shell]).succeeds().stdout();
        sandbox.write("script", script);
        let mut check = Command::new(shell);
        check.args(["-n", "script"]).current_dir(sandbox.root());
        match check.output() {
            Ok(output) => assert!(output.status.success(), "{shell}: {output:?}"),
            Err(error) => skip("the check of a completion script", &format!("{shell}: {error}")),
        }
    }
}

#[test]
fn bash_completes_commands_and_options() {
    let sandbox = Sandbox::new();
    let script = sandbox.run(["completions", "bash"]).succeeds().stdout();
    sandbox.write("script", script);
    let complete = "source ./script; COMP_WORDS=(jsonlock set f --dur); COMP_CWORD=3; \
                    _jsonlock jsonlock --dur f; echo \"${COMPREPLY[@]}\"";
    let mut command = Command::new("bash");
    command.args(["-c", complete]).current_dir(sandbox.root());
    sandbox.run_command(command).prints("--durability\n");
}

#[test]
fn an_unknown_shell_is_a_usage_error() {
    Sandbox::new().run(["completions", "tcsh"]).exits_with(2).says("possible values");
}
