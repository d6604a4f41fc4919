//! The committed completions and manual pages are what the program prints. `JSONLOCK_BLESS=1` writes
//! them anew.

use crate::harness::{Sandbox, names};
use std::fs;
use std::path::Path;

/// Compares a committed file with what the program prints, or writes it.
fn check(file: &str, args: &[&str]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    let printed = Sandbox::new().run(args).succeeds().stdout();
    if std::env::var_os("JSONLOCK_BLESS").is_some() {
        #[expect(clippy::disallowed_methods, reason = "this writes the repository's own files")]
        fs::write(&path, &printed).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == printed,
        "{file} is not what the program prints; JSONLOCK_BLESS=1 cargo test generated"
    );
}

#[test]
fn completions_are_fresh() {
    let files = [
        ("bash", "completions/jsonlock.bash"),
        ("zsh", "completions/_jsonlock"),
        ("fish", "completions/jsonlock.fish"),
        ("elvish", "completions/jsonlock.elv"),
        ("powershell", "completions/_jsonlock.ps1"),
    ];
    for (shell, file) in files {
        check(file, &["completions", shell]);
    }
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("completions");
    assert_eq!(names(&directory).len(), files.len(), "a file that nothing generates");
}

#[test]
fn manual_pages_are_fresh() {
    check("man/jsonlock.1", &["man"]);
    let commands = commands();
    for command in &commands {
        check(&format!("man/jsonlock-{command}.1"), &["man", command]);
    }
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("man");
    assert_eq!(names(&directory).len(), commands.len() + 1, "a page that nothing generates");
}

/// The commands that the program has, as its help lists them.
pub fn commands() -> Vec<String> {
    let help = Sandbox::new().run(["--help"]).succeeds().stdout();
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let entries = lines.take_while(|line| !line.is_empty());
    let names = entries.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let names = names.filter_map(|line| line.split_whitespace().next());
    names.filter(|name| *name != "help").map(str::to_owned).collect()
}
