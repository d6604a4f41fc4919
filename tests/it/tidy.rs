//! The rules of the repository, as tests.

use crate::generated;
use crate::harness::names;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All Rust files below a directory, with their text.
fn sources(directory: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut directories = vec![root().join(directory)];
    while let Some(directory) = directories.pop() {
        for name in names(&directory) {
            let path = directory.join(name);
            if path.is_dir() {
                directories.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path.strip_prefix(root()).unwrap().to_owned(), text));
            }
        }
    }
    assert!(!found.is_empty(), "{directory} has no sources");
    found
}

#[test]
fn every_subcommand_has_a_file_and_a_test_file_of_its_name() {
    let commands = generated::commands();
    assert!(commands.len() >= 7, "{commands:?}");
    let main = fs::read_to_string(root().join("tests/it/main.rs")).unwrap();
    for command in commands {
        for directory in ["src/bin/jsonlock/cmd", "tests/it"] {
            let file = format!("{directory}/{command}.rs");
            assert!(root().join(&file).is_file(), "{file} is missing");
        }
        assert!(main.contains(&format!("\nmod {command};\n")), "tests/it/main.rs lacks {command}");
    }
}

#[test]
fn arrows_point_downwards_only() {
    let forbidden: [(&str, &[&str]); 6] = [
        (
            "src/store",
            &[
                "crate::document",
                "crate::change",
                "crate::path",
                "crate::edit",
                "serde_json",
                "Document",
            ],
        ),
        ("src/document", &["crate::store", "crate::edit", "crate::change", "std::fs", "std::io"]),
        ("src/change", &["crate::store", "crate::edit"]),
        (
            "src/path.rs",
            &["crate::store", "crate::edit", "crate::change", "crate::document", "std::fs"],
        ),
        ("src/error.rs", &["crate::store", "crate::edit", "crate::change", "crate::document"]),
        ("src/bin", &["use fs2", "rustix::", "jaq_core", "tempfile"]),
    ];
    for (place, words) in forbidden {
        let files = match place.ends_with(".rs") {
            true => vec![(place.into(), fs::read_to_string(root().join(place)).unwrap())],
            false => sources(place),
        };
        for (path, text) in files {
            // Tests of a layer may edit documents to see what it does.
            if path.ends_with("remote/tests.rs") {
                continue;
            }
            // The only place where the program has dealings with other processes.
            if path.with_extension("").starts_with("src/bin/jsonlock/child") {
                continue;
            }
            // etcd's protocol is JSON, whatever the documents are.
            let speaks_json = path.starts_with("src/store/remote/etcd");
            let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
            for line in code {
                for word in words.iter().filter(|word| !speaks_json || **word != "serde_json") {
                    assert!(
                        !line.contains(word),
                        "{} must not know {word}: {line}",
                        path.display()
                    );
                }
            }
        }
    }
}

#[test]
fn files_stay_small() {
    for (path, text) in
        ["src", "tests", "benches", "fuzz/src", "fuzz/fuzz_targets"].into_iter().flat_map(sources)
    {
        let lines = text.lines().count();
        assert!(lines <= 400, "{} has {lines} lines", path.display());
    }
}

#[test]
fn main_is_a_funnel() {
    let main = fs::read_to_string(root().join("src/bin/jsonlock/main.rs")).unwrap();
    let body = main.split("fn main()").nth(1).unwrap().split("\n}").next().unwrap();
    assert!(body.lines().count() <= 40);
}

#[test]
fn dangerous_calls_stay_at_home() {
    let homes = ["src/store/local/lock.rs", "src/store/local/publish.rs"];
    for (path, text) in sources("src") {
        let opts_out = text.contains("clippy::disallowed_methods");
        let is_home = homes.iter().any(|home| path == Path::new(home));
        assert_eq!(opts_out, is_home, "{}", path.display());
    }
}

#[test]
fn the_changelog_knows_the_version() {
    let changelog = fs::read_to_string(root().join("CHANGELOG.md")).unwrap();
    let heading = format!("\n## {}", env!("CARGO_PKG_VERSION"));
    assert!(changelog.contains(&heading), "no {heading:?}");
}

#[test]
fn the_exit_codes_of_the_readme_are_those_of_the_manual() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let manual = fs::read_to_string(root().join("man/jsonlock.1")).unwrap();
    let rows = readme.lines().filter_map(|line| line.strip_prefix("| ")?.split_once(" | "));
    let codes: Vec<&str> =
        rows.map(|row| row.0).filter(|code| code.parse::<u8>().is_ok()).collect();
    assert!(codes.len() >= 6, "{codes:?}");
    for code in codes {
        assert!(manual.contains(&format!("\\fB{code}\\fR")), "the manual lacks {code}");
    }
}
