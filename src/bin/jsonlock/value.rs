//! The syntax of `PATH=VALUE`.

use anyhow::{Context as _, Result, anyhow};
use jsonlock::{Json, Path};

use super::input;
use super::report::Usage;

/// Splits and reads one assignment, from files and standard input too. `position` counts from one.
pub(crate) fn assignment(text: &str, position: usize) -> Result<(Path, Json)> {
    let (path, operator, value) = split(text)
        // The text may be a secret without its path, so the message does not show it.
        .ok_or_else(|| {
            let message = format!("assignment {position} is neither PATH=TEXT nor PATH:=JSON");
            Usage(message + &hint(text))
        })?;
    let json = match operator {
        Operator::Text => Json::from(text_value(value)?),
        Operator::Json => json_value(path, value)?,
    };
    Ok((path.parse()?, json))
}

/// What may be meant by a text that stands behind an option which takes its value otherwise.
fn hint(text: &str) -> String {
    let arguments = std::env::args_os().zip(std::env::args_os().skip(1));
    let options = arguments.filter(|(_, next)| next == text).map(|(option, _)| option);
    let option = options.into_iter().find(|option| option == "--backup" || option == "--print");
    option.map_or_else(String::new, |option| {
        format!("; {0} takes its value behind an equals sign: {0}=…", option.display())
    })
}

/// An assignment from the environment: `PATH=VAR`.
pub(crate) fn environment(text: &str) -> Result<(Path, Json)> {
    let usage = || Usage("--env takes PATH=VAR".to_owned());
    let Some((path, Operator::Text, name)) = split(text).filter(|(.., name)| !name.is_empty())
    else {
        return Err(usage().into());
    };
    let value = std::env::var_os(name)
        .ok_or_else(|| Usage(format!("--env: the environment variable {name} is not set")))?;
    // The value may be a secret, so the message does not show it.
    let value = value
        .into_string()
        .map_err(|_| Usage(format!("--env: the environment variable {name} is not UTF-8")))?;
    Ok((path.parse()?, Json::from(value)))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Text,
    Json,
}

/// Finds the first `=` that is not part of the path, and whether it is `:=`.
fn split(text: &str) -> Option<(&str, Operator, &str)> {
    let end = if text.starts_with('/') { text.find('=') } else { end_of_path(text) }?;
    let (path, value) = (&text[..end], &text[end + 1..]);
    match path.strip_suffix(':') {
        Some(path) if !path.ends_with('\\') => Some((path, Operator::Json, value)),
        _ => Some((path, Operator::Text, value)),
    }
}

/// The position of the first `=` that is neither escaped nor inside brackets.
fn end_of_path(text: &str) -> Option<usize> {
    let mut bytes = text.bytes().enumerate();
    let (mut in_brackets, mut in_quotes) = (false, false);
    while let Some((position, byte)) = bytes.next() {
        match byte {
            b'\\' => _ = bytes.next(),
            b'"' if in_brackets => in_quotes = !in_quotes,
            _ if in_quotes => {}
            b'[' => in_brackets = true,
            b']' => in_brackets = false,
            b'=' if !in_brackets => return Some(position),
            _ => {}
        }
    }
    None
}

fn text_value(value: &str) -> Result<String> {
    match value.strip_prefix('@') {
        Some(file) => input::text(file),
        // Only a leading at sign needs the escape, so only there it is one.
        None if value.starts_with("\\@") => Ok(value[1..].to_owned()),
        None => Ok(value.to_owned()),
    }
}

fn json_value(path: &str, value: &str) -> Result<Json> {
    match value.strip_prefix('@') {
        Some(file) => Ok(Json::parse(input::text(file)?)
            .map_err(|error| anyhow!(error))
            .with_context(|| format!("the value of {path}, from {}", input::name(file)))?),
        None => Json::parse(value).map_err(|error| anyhow!(error)).with_context(|| {
            format!("the value of {path} (write {path}=TEXT if it is meant as a string)")
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_equals_sign_outside_the_path_divides() {
        use Operator::{Json, Text};
        for (text, expected) in [
            ("a=b", Some(("a", Text, "b"))),
            ("a==b", Some(("a", Text, "=b"))),
            ("a:=b", Some(("a", Json, "b"))),
            ("a=", Some(("a", Text, ""))),
            (r"a\=b=c", Some((r"a\=b", Text, "c"))),
            (r"a\:=c", Some((r"a\:", Text, "c"))),
            (r#"a["k=v"]=c"#, Some((r#"a["k=v"]"#, Text, "c"))),
            (r#"a["k\"=]v"].b:=1"#, Some((r#"a["k\"=]v"].b"#, Json, "1"))),
            ("/a/b=c=d", Some(("/a/b", Text, "c=d"))),
            ("/a[=c", Some(("/a[", Text, "c"))),
            ("a", None),
            ("a[=", None),
        ] {
            assert_eq!(split(text), expected, "{text}");
        }
    }

    #[test]
    fn text_stays_text() {
        for (text, expected) in [("0123", "0123"), ("\\@a", "@a"), ("\\a", "\\a"), ("", "")] {
            assert_eq!(text_value(text).unwrap(), expected);
        }
    }
}
