//! Proves that comments and trailing commas are kept, byte for byte, by every command, that comments go with what
//! they describe, and that files of other names stay strict JSON.

mod commands;
mod names;
mod places;
mod real;
mod strict;

use crate::harness::Sandbox;

/// Runs an edit of FILE and compares what it changed: each text must be there once and become the other one.
#[track_caller]
fn edits(file: &str, base: &str, args: &[&str], changes: &[(&str, &str)]) {
    let expected = changes.iter().fold(base.to_owned(), |text, (old, new)| {
        assert_eq!(text.matches(old).count(), 1, "{old:?} in\n{text}");
        text.replacen(old, new, 1)
    });
    let sandbox = Sandbox::with(file, base);
    let command = [&args[..1], &[file], &args[1..]].concat();
    sandbox.run(command).succeeds().prints_nothing();
    assert_eq!(sandbox.read(file), expected, "{args:?}");
}

/// Makes the same edit in a file with `\n` and in one with `\r\n` at the ends of lines.
#[track_caller]
fn edits_anywhere(base: &str, args: &[&str], changes: &[(&str, &str)]) {
    edits("f.jsonc", base, args, changes);
    let other = |text: &str| text.replace('\n', "\r\n");
    let changed: Vec<_> = changes.iter().map(|(old, new)| (other(old), other(new))).collect();
    let changes: Vec<_> = changed.iter().map(|(old, new)| (old.as_str(), new.as_str())).collect();
    edits("f.jsonc", &other(base), args, &changes);
}
