//! Which of the two grammars a text follows: [`Dialect`].

use std::ffi::OsStr;
use std::path::Path;

/// The grammar of a document.
///
/// What is put into a document, such as a [`Json`](crate::Json) or a patch, is strict JSON in any case.
///
/// ```
/// use jsonlock::{Dialect, Document, Json};
///
/// let text = "{\n  \"port\": 80, // of the proxy\n}\n";
/// assert!(Document::parse(text).is_err());
///
/// let mut document = Document::parse_as(text, Dialect::Jsonc)?;
/// document.set(&"port".parse()?, Json::from(8080_u64))?;
/// assert_eq!(document.to_bytes(), "{\n  \"port\": 8080, // of the proxy\n}\n");
/// # Ok::<(), jsonlock::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Dialect {
    /// Strict JSON (RFC 8259).
    #[default]
    Json,
    /// JSON with comments, `// …` to the end of the line and `/* … */`, wherever white space may stand,
    /// and with one comma before a closing bracket if one likes. Everything else is as in strict JSON.
    Jsonc,
}

impl Dialect {
    /// The names of files that are JSONC, as a shell would match them: programs read them that allow
    /// comments, as their sources or documentation say.
    pub const JSONC_NAMES: [&str; 31] = [
        // For editors.
        "*.jsonc",
        "*.code-snippets",
        "*.code-workspace",
        ".vscode/*.json",
        "keybindings.json",
        "language-configuration.json",
        "devcontainer.json",
        ".devcontainer.json",
        // For compilers, and for what checks programs.
        "tsconfig.json",
        "tsconfig.*.json",
        "tsconfig-*.json",
        "jsconfig.json",
        "jsconfig.*.json",
        ".babelrc",
        ".babelrc.json",
        "babel.config.json",
        ".swcrc",
        ".eslintrc.json",
        ".jshintrc",
        "tslint.json",
        "pyrightconfig.json",
        // For what builds and packs them.
        "api-documenter.json",
        "api-extractor.json",
        "bun.lock",
        "deno.json",
        "dprint.json",
        "jsr.json",
        "nx.json",
        "rush.json",
        "turbo.json",
        "typedoc.json",
    ];

    /// What a file of this name is written in. Only the name is looked at, with that of its directory.
    ///
    /// ```
    /// use jsonlock::Dialect;
    /// use std::path::Path;
    ///
    /// assert_eq!(Dialect::of(Path::new("web/tsconfig.build.json")), Dialect::Jsonc);
    /// assert_eq!(Dialect::of(Path::new("web/.vscode/settings.json")), Dialect::Jsonc);
    /// assert_eq!(Dialect::of(Path::new("web/package.json")), Dialect::Json);
    /// ```
    pub fn of(path: &Path) -> Self {
        let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
        let directory = path.parent().and_then(Path::file_name).and_then(OsStr::to_str);
        let is_jsonc = Self::JSONC_NAMES.iter().any(|pattern| match pattern.split_once('/') {
            Some((parent, pattern)) => directory == Some(parent) && matches(pattern, name),
            None => matches(pattern, name),
        });
        if is_jsonc { Dialect::Jsonc } else { Dialect::Json }
    }
}

/// Whether a name matches a pattern, in which a star stands for one letter or more.
fn matches(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => name == pattern,
        Some((start, end)) => {
            let rest = name.strip_prefix(start).and_then(|rest| rest.strip_suffix(end));
            rest.is_some_and(|rest| !rest.is_empty())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_the_dialect() {
        for name in [
            "a.jsonc",
            "a.b.jsonc",
            "/x/tsconfig.json",
            "tsconfig.base.json",
            "tsconfig-base.json",
            ".vscode/settings.json",
            "/x/.vscode/tasks.json",
            "x/.devcontainer/devcontainer.json",
            "my.code-workspace",
            "bun.lock",
        ] {
            assert_eq!(Dialect::of(Path::new(name)), Dialect::Jsonc, "{name}");
        }
        for name in [
            "a.json",
            "jsonc",
            ".jsonc",
            "a.jsonc.bak",
            "a.jsonc/b.json",
            "tsconfig..json",
            "mytsconfig.json",
            ".vscode/x/settings.json",
            "vscode/settings.json",
            ".vscode/settings.yaml",
            "package.json",
            "",
            "/",
        ] {
            assert_eq!(Dialect::of(Path::new(name)), Dialect::Json, "{name}");
        }
    }
}
