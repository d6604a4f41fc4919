//! What is printed of an edit once it is made.

use super::batch::push_done;
use crate::args::Writing;
use crate::diff::{self, Colours};
use crate::output::{Format, Output};
use crate::report;
use crate::target;
use anyhow::{Context as _, Result};
use jsonlock::{Content, Edited, Filter, FilterOptions};
use serde_json::json;
use std::path::Path;
use std::time::Duration;

/// What the options ask for.
pub(super) struct Printing<'a> {
    file: &'a Path,
    writing: &'a Writing,
    print: Print,
    /// The lines of a batch that the edit is made of.
    acknowledged: Vec<u64>,
}

/// What `--print` asks for.
enum Print {
    Nothing,
    Document,
    Filter(Filter),
}

impl<'a> Printing<'a> {
    /// Compiles the filter of `--print`, which knows the variables of `options`, and `$old`.
    pub(super) fn new(
        file: &'a Path,
        writing: &'a Writing,
        options: FilterOptions,
    ) -> Result<Self> {
        let asks_for_else = writing.report || writing.etag || writing.diff;
        let print = match writing.print.as_deref() {
            None if writing.dry_run && !asks_for_else => Print::Document,
            None => Print::Nothing,
            Some("") => Print::Document,
            Some(filter) => {
                let filter = Filter::compile_with(filter, &options.declare("old"));
                Print::Filter(filter.context("--print")?)
            }
        };
        Ok(Printing { file, writing, print, acknowledged: Vec::new() })
    }

    /// Acknowledges these lines of a batch before anything else.
    pub(super) fn acknowledging(mut self, lines: Vec<u64>) -> Self {
        self.acknowledged = lines;
        self
    }

    /// The filter whose results are to be printed.
    pub(super) fn filter(&self) -> Option<&Filter> {
        match &self.print {
            Print::Filter(filter) => Some(filter),
            Print::Nothing | Print::Document => None,
        }
    }

    /// Prints what was asked for, and the results of the filter, which `edited` holds.
    pub(super) fn print(&self, edited: &Edited<Vec<String>>) -> Result<()> {
        let mut output = Output::default();
        if !self.writing.dry_run && !self.acknowledged.is_empty() {
            let etag = edited.etag();
            self.acknowledged
                .iter()
                .for_each(|line| push_done(output.text(), *line, etag.as_ref()));
        }
        if self.writing.diff {
            self.push_diff(output.text(), edited);
        }
        if let (Print::Document, Some(content)) = (&self.print, &edited.content) {
            output.push_document(content.pieces().iter().cloned());
        }
        for result in &edited.value {
            Format::default().push(&mut output, result)?;
        }
        // It takes a look at every byte, which is for those who ask for it.
        if self.writing.etag
            && let Some(etag) = edited.etag()
        {
            output.text().extend_from_slice(format!("{etag}\n").as_bytes());
        }
        if self.writing.report {
            self.push_report(output.text(), edited);
        }
        if self.writing.locking.verbose {
            self.tell(edited);
        }
        if output.is_empty() { Ok(()) } else { output.write() }
    }

    fn push_diff<T>(&self, output: &mut Vec<u8>, edited: &Edited<T>) {
        let old = edited.base.as_ref().map(Content::to_bytes);
        let new = edited.content.clone().unwrap_or_default();
        diff::push(output, self.file, old.as_deref(), &new, Colours::of_standard_output());
    }

    fn push_report<T>(&self, output: &mut Vec<u8>, edited: &Edited<T>) {
        let mut report = json!({
            "changed": edited.changed,
            "etag": edited.etag().map(|etag| etag.to_string()),
            "attempts": edited.attempts,
            "waited_ms": milliseconds(edited.waited),
            "held_ms": milliseconds(edited.held),
            "durable": edited.durable,
        });
        if self.writing.dry_run {
            report["dry_run"] = true.into();
        }
        output.extend_from_slice(format!("{report}\n").as_bytes());
    }

    fn tell<T>(&self, edited: &Edited<T>) {
        let what = match (edited.changed, self.writing.dry_run) {
            (true, true) => "would be changed",
            (true, false) => "was changed",
            (false, _) => "is as asked already",
        };
        let file = self.file.display();
        let tries = match edited.attempts {
            0 => return report::say(format_args!("{file} {what}")),
            1 => "1 attempt".to_owned(),
            attempts => format!("{attempts} attempts"),
        };
        let [waited, held] = [edited.waited, edited.held].map(|time| time.as_secs_f64() * 1e3);
        // What services keep is not locked.
        let held = match target::url(self.file) {
            Some(_) => String::new(),
            None => format!(", held the lock {held:.1} ms"),
        };
        report::say(format_args!("{file} {what}; {tries}, waited {waited:.1} ms{held}"));
    }
}

/// With three decimals: what a lock costs is often less than a millisecond.
fn milliseconds(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 1e6).round() / 1e3
}
