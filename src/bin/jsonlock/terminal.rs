//! The line on a terminal that is written again and again, until something else is said.

use std::io::{self, Write as _};
use std::sync::{Mutex, PoisonError};

/// How many columns the line takes that stands there now.
static WIDTH: Mutex<usize> = Mutex::new(0);

/// Puts a line in the place of the last one.
pub(crate) fn show(text: &str) {
    let mut width = WIDTH.lock().unwrap_or_else(PoisonError::into_inner);
    // When standard error is closed there is nobody to show it to.
    let _ = write!(io::stderr(), "\r{text:<width$}", width = *width);
    *width = text.chars().count();
}

/// Takes the line away, if there is one.
pub(crate) fn erase() {
    let mut width = WIDTH.lock().unwrap_or_else(PoisonError::into_inner);
    if *width > 0 {
        let _ = write!(io::stderr(), "\r{:width$}\r", "", width = *width);
        *width = 0;
    }
}
