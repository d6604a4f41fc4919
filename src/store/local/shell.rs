//! Commands that messages suggest, as a shell reads them.

use std::path::Path;

/// A command about files, none of which is taken for an option.
pub(super) fn command(program: &str, paths: &[&Path]) -> String {
    let words = paths.iter().map(|path| format!(" {}", word(path)));
    format!("{program} --{}", words.collect::<String>())
}

/// A path as one word.
fn word(path: &Path) -> String {
    let text = path.display().to_string();
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "/._-+,:@".contains(letter);
    if text.chars().all(is_plain) { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_one_word() {
        for (path, expected) in [
            ("/tmp/.jsonlock-0a", "/tmp/.jsonlock-0a"),
            ("a b/f", "'a b/f'"),
            ("it's", r"'it'\''s'"),
            ("$(x)", "'$(x)'"),
            ("~/f", "'~/f'"),
        ] {
            assert_eq!(word(Path::new(path)), expected);
        }
        assert_eq!(command("rm", &[Path::new("-f")]), "rm -- -f");
    }
}
