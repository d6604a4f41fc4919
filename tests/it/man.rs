//! `man`: a page for the program and for each command, with everything that a page needs.

use crate::harness::Sandbox;

const COMMANDS: [&str; 8] = ["get", "set", "del", "merge", "patch", "apply", "completions", "man"];

#[test]
fn every_page_has_the_sections_that_people_look_for() {
    let sandbox = Sandbox::new();
    let pages = COMMANDS.map(|command| sandbox.run(["man", command]).succeeds().stdout());
    for page in pages.iter().chain([&sandbox.run(["man"]).succeeds().stdout()]) {
        for section in ["NAME", "SYNOPSIS", "DESCRIPTION", "EXIT STATUS", "FILES", "ENVIRONMENT"] {
            assert!(page.contains(section), "no {section} in\n{page}");
        }
        assert!(page.contains(env!("CARGO_PKG_VERSION")));
    }
    for (command, page) in COMMANDS[..6].iter().zip(&pages) {
        assert!(page.contains("EXAMPLES"), "{command}");
        assert!(page.contains(&format!("jsonlock\\-{command}")), "{command}");
    }
}

#[test]
fn there_is_no_page_for_what_does_not_exist() {
    Sandbox::new().run(["man", "frobnicate"]).exits_with(2).says("frobnicate");
}
