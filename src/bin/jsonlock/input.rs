//! What is read besides the document: files and standard input. All of it is read before the lock is
//! taken, so that nobody waits for somebody else's input.

use anyhow::{Context as _, Result};
use jsonlock::ErrorKind;
use std::io::{IsTerminal as _, Read as _, Stdin};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::report::{Failed, Usage};

/// The text of a file, or of standard input for `-`.
pub(crate) fn text(file: &str) -> Result<String> {
    let bytes = match file {
        "-" => standard_input()?,
        file => std::fs::read(file).map_err(|error| Failed::reading(file, error))?,
    };
    String::from_utf8(bytes).map_err(|_| {
        Failed::new(ErrorKind::InvalidJson, format!("{} is not UTF-8", name(file))).into()
    })
}

/// The text of a patch, and what messages call it: JSON itself if it looks like it, else the name of a
/// file. No argument is standard input.
pub(crate) fn patch(argument: Option<&str>) -> Result<(String, String)> {
    let argument = argument.unwrap_or("-");
    if argument.trim().is_empty() {
        return Err(Usage("PATCH is empty; is a variable unset?".to_owned()).into());
    }
    if argument.trim_start().starts_with(['{', '[', '"']) {
        return Ok((argument.to_owned(), "the patch".to_owned()));
    }
    Ok((text(argument)?, format!("the patch in {}", name(argument))))
}

/// What messages call a file.
pub(crate) fn name(file: &str) -> &str {
    if file == "-" { "standard input" } else { file }
}

fn standard_input() -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    claim_standard_input()?.read_to_end(&mut bytes).context("cannot read standard input")?;
    Ok(bytes)
}

/// Standard input for the only one who is to read it.
pub(crate) fn claim_standard_input() -> Result<Stdin> {
    static IS_READ: AtomicBool = AtomicBool::new(false);
    if IS_READ.swap(true, Ordering::Relaxed) {
        return Err(Usage("standard input can be read only once".to_owned()).into());
    }
    let input = std::io::stdin();
    if input.is_terminal() {
        // Waiting for somebody to type JSON is hardly ever what a forgotten argument meant.
        return Err(Usage("standard input is a terminal; give a file or a pipe".to_owned()).into());
    }
    Ok(input)
}
