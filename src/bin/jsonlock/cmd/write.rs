//! What all commands that write have in common.

use crate::args::Writing;
use crate::output::{self, Format};
use crate::report::AfterCommit;
use crate::target;
use anyhow::Result;
use jsonlock::{Content, Document, Edited, Editor, Filter, FilterOptions, Result as EditResult};
use serde_json::json;
use std::path::Path;
use std::time::Duration;

/// An edit of which everything is known but the base.
pub(crate) struct Write<'a> {
    file: &'a Path,
    writing: &'a Writing,
    print: Print,
}

/// What `--print` asks for.
enum Print {
    Nothing,
    Document,
    Filter(Filter),
}

impl<'a> Write<'a> {
    /// Prepares what can be prepared before the lock.
    pub(crate) fn new(file: &'a Path, writing: &'a Writing) -> Result<Self> {
        let print = match writing.print.as_deref() {
            None if writing.dry_run && !writing.report => Print::Document,
            None => Print::Nothing,
            Some("") => Print::Document,
            Some(filter) => {
                Print::Filter(Filter::compile_with(filter, &FilterOptions::new().declare("old"))?)
            }
        };
        Ok(Write { file, writing, print })
    }

    /// Makes the edit and prints what was asked for.
    pub(crate) fn run<T>(&self, change: impl FnMut(&mut Document) -> EditResult<T>) -> Result<()> {
        let store = target::writable(self.file, self.writing)?;
        let editor = Editor::default().wait(target::wait(&self.writing.timeout)?);
        if self.writing.dry_run {
            return self.print(&editor.preview(&store, change)?);
        }
        let edited = editor.edit(&store, change)?;
        self.print(&edited).map_err(|error| error.context(AfterCommit))
    }

    fn print<T>(&self, edited: &Edited<T>) -> Result<()> {
        let mut output = Vec::new();
        match &self.print {
            Print::Nothing => {}
            Print::Document => {
                if let Some(content) = &edited.content {
                    output::push_document(&mut output, &content.to_bytes());
                }
            }
            Print::Filter(filter) => {
                let (new, old) = (value(edited.content.as_ref())?, value(edited.base.as_ref())?);
                for result in filter.run(&new, &[("old", &old)], None)? {
                    Format::default().push(&mut output, &result)?;
                }
            }
        }
        if self.writing.report {
            output.extend_from_slice(report(edited).as_bytes());
        }
        if self.writing.verbose {
            self.tell(edited);
        }
        if output.is_empty() { Ok(()) } else { output::write(&output) }
    }

    fn tell<T>(&self, edited: &Edited<T>) {
        let what = match (edited.changed, self.writing.dry_run) {
            (true, true) => "would be changed",
            (true, false) => "was changed",
            (false, _) => "is as asked already",
        };
        let waited = edited.waited.as_secs_f64() * 1e3;
        eprintln!("jsonlock: {} {what}; waited {waited:.1} ms", self.file.display());
    }
}

/// The document as a filter sees it: null where there is none.
fn value(content: Option<&Content>) -> Result<String> {
    let text = content.map(Content::to_bytes).unwrap_or_default();
    if Document::is_blank(&text) {
        return Ok("null".to_owned());
    }
    Ok(String::from_utf8_lossy(&text).trim_start_matches('\u{feff}').to_owned())
}

fn report<T>(edited: &Edited<T>) -> String {
    let report = json!({
        "changed": edited.changed,
        "etag": edited.etag().map(|etag| etag.to_string()),
        "attempts": edited.attempts,
        "waited_ms": milliseconds(edited.waited),
        "held_ms": milliseconds(edited.held),
        "durable": edited.durable,
    });
    format!("{report}\n")
}

/// With three decimals: what a lock costs is often less than a millisecond.
fn milliseconds(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 1e6).round() / 1e3
}
