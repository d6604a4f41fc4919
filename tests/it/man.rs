//! `man`: a page for the program and for each command, with everything that a page needs.

use crate::generated::commands;
use crate::harness::Sandbox;

#[test]
fn every_page_has_the_sections_that_people_look_for() {
    let sandbox = Sandbox::new();
    let commands = commands();
    let pages = commands.iter().map(|command| sandbox.run(["man", command]).succeeds().stdout());
    let pages: Vec<String> = pages.collect();
    for page in pages.iter().chain([&sandbox.run(["man"]).succeeds().stdout()]) {
        for section in ["NAME", "SYNOPSIS", "DESCRIPTION", "EXIT STATUS", "FILES", "ENVIRONMENT"] {
            assert!(page.contains(section), "no {section} in\n{page}");
        }
        assert!(page.contains(env!("CARGO_PKG_VERSION")));
    }
    for (command, page) in commands.iter().zip(&pages) {
        let speaks_for_itself = ["completions", "man"].contains(&command.as_str());
        assert!(page.contains("EXAMPLES") || speaks_for_itself, "{command}");
        assert!(page.contains(&format!("jsonlock\\-{command}")), "{command}");
    }
}

#[test]
fn there_is_no_page_for_what_does_not_exist() {
    Sandbox::new().run(["man", "frobnicate"]).exits_with(2).says("frobnicate");
}
