//! What is said when a filter fails.
//!
//! Documents hold secrets and errors end up in logs, so only the filter's own words are shown:
//! what it passes to `error`, and otherwise types and the keys that its source spells out.

use std::io;
use std::thread::JoinHandle;
use std::time::Duration;

use jaq_core::Exn;
use jaq_json::Val;

use super::run::Stopped;
use super::value::Value;
use crate::error::{Error, ErrorKind};

/// How much is shown of what a filter passes to `error`, in characters.
const MAX_SHOWN: usize = 200;

/// The code of `halt` by which a filter ends that fails where jq would have gone on with what it has.
pub(super) const FAILED_LATE: i32 = i32::MIN;

fn unfit(message: String) -> Error {
    Error::new(ErrorKind::Unfit, message)
}

/// The error for an exception that reached the end of a filter. `raised` is what the filter last
/// called `error` with.
pub(super) fn failure(exception: Exn<'_, Value>, raised: Option<&Value>, source: &str) -> Error {
    let exception = match exception.get_err() {
        Err(exception) => exception,
        Ok(error) => return unfit(described(&error.into_val(), raised, source)),
    };
    match exception.get_halt() {
        Ok(FAILED_LATE) => unfit(
            "an update of foreach failed behind a result of it, which is not supported".into(),
        ),
        Ok(_) => unfit("the filter called halt".into()),
        Err(_) => unfit("the filter broke out of a label that it had left".into()),
    }
}

fn described(error: &Value, raised: Option<&Value>, source: &str) -> String {
    match error {
        Value::Plain(Val::TStr(text)) => {
            let text = String::from_utf8_lossy(text);
            let is_own = raised == Some(error);
            let text = if is_own { shown(&text) } else { shown(&without_data(&text, source)) };
            format!("the filter failed: {text}")
        }
        _ => format!("the filter failed with {error}"),
    }
}

/// A message of jaq without what it quotes, unless that stands in the source of the filter, and without
/// characters and their numbers.
fn without_data(message: &str, source: &str) -> String {
    let message = message.split(" but got ").next().unwrap_or(message);
    if message.ends_with(" as character") {
        return "cannot use a number as character".to_owned();
    }
    let quotes = ['"', '`'];
    match (message.find(quotes), message.rfind(quotes)) {
        (Some(first), Some(last))
            if first < last && !source.contains(&message[first + 1..last]) =>
        {
            format!("{}…{}", &message[..=first], &message[last..])
        }
        _ => message.to_owned(),
    }
}

/// A text for one line of a terminal.
fn shown(text: &str) -> String {
    let mut shown: String = text.chars().take(MAX_SHOWN).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown.replace(char::is_control, " ")
}

/// The error for a result that JSON has no words for.
pub(super) fn foreign(what: &str) -> Error {
    unfit(format!("the filter's result is not JSON: it holds {what}"))
}

/// The error for a filter that was left behind. It would not be done the next time either, so that trying
/// again is not sensible.
pub(super) fn late(limit: Duration) -> Error {
    let seconds = (limit.as_secs_f64() * 10.0).round() / 10.0;
    unfit(format!(
        "the filter did not finish within {seconds} s; a longer time limit gives it more"
    ))
}

/// The error for a thread that could not be started.
pub(super) fn no_thread(error: &io::Error) -> Error {
    let message = format!(
        "cannot start a thread for the filter: {error}; it takes 16 MB of addresses, which \
         `ulimit -v` may limit"
    );
    Error::new(ErrorKind::Io, message)
}

/// The error for a thread that ended without a result.
pub(super) fn crash(thread: JoinHandle<()>) -> Error {
    let payload = thread.join().err();
    match payload.and_then(|payload| payload.downcast::<Stopped>().ok()).as_deref() {
        Some(Stopped::TooDeep) => unfit("the filter calls itself too deeply".into()),
        Some(Stopped::TooNested) => {
            unfit("the filter made a value that is nested too deeply to be looked at".into())
        }
        _ => unfit("the filter failed inside jaq".into()),
    }
}
