//! Commands that messages suggest, as a shell reads them.

use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

/// A command about files, none of which is taken for an option.
pub(super) fn command(program: &str, paths: &[&Path]) -> String {
    let words = paths.iter().map(|path| format!(" {}", word(path)));
    format!("{program} --{}", words.collect::<String>())
}

/// A path as one word. What a terminal cannot show is written as POSIX has it since 2024, and shells for longer.
fn word(path: &Path) -> String {
    let bytes = path.as_os_str().as_bytes();
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"/._-+,:@".contains(byte);
    match path.to_str().filter(|text| !text.contains(char::is_control)) {
        Some(text) if bytes.iter().all(is_plain) => text.to_owned(),
        Some(text) => format!("'{}'", text.replace('\'', r"'\''")),
        None => {
            let letter = |byte: &u8| match byte {
                byte if is_plain(byte) => char::from(*byte).to_string(),
                byte => format!("\\{byte:03o}"),
            };
            format!("$'{}'", bytes.iter().map(letter).collect::<String>())
        }
    }
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
            ("é/f", "'é/f'"),
            ("a\nb", "$'a\\012b'"),
        ] {
            assert_eq!(word(Path::new(path)), expected);
        }
        let name = std::ffi::OsStr::from_bytes(b"\xff f");
        assert_eq!(word(Path::new(name)), r"$'\377\040f'");
        assert_eq!(command("rm", &[Path::new("-f")]), "rm -- -f");
    }
}
