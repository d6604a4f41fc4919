//! What all commands that write have in common.

use super::conditions::{self, Conditions};
use crate::args::Writing;
use crate::output::{self, Format};
use crate::report::{self, AfterCommit};
use crate::target;
use anyhow::{Context as _, Result};
use jsonlock::{
    Create, Document, Edited, ErrorKind, Filter, FilterOptions, LocalStore, Result as EditResult,
    Wait,
};
use serde_json::json;
use std::path::Path;
use std::time::Duration;

/// An edit of which everything is known but the base.
pub(crate) struct Write<'a> {
    file: &'a Path,
    writing: &'a Writing,
    conditions: Conditions,
    print: Print,
    is_optimistic: bool,
}

/// What `--print` asks for.
enum Print {
    Nothing,
    Document,
    Filter(Filter),
}

impl<'a> Write<'a> {
    /// Prepares what can be prepared before the lock. The filter of `--print` knows the variables of
    /// `options`, and `$old`.
    pub(crate) fn new(
        file: &'a Path,
        writing: &'a Writing,
        options: FilterOptions,
    ) -> Result<Self> {
        let conditions = Conditions::new(writing, &options)?;
        let print = match writing.print.as_deref() {
            None if writing.dry_run && !writing.report && !writing.etag => Print::Document,
            None => Print::Nothing,
            Some("") => Print::Document,
            Some(filter) => {
                let filter = Filter::compile_with(filter, &options.declare("old"));
                Print::Filter(filter.context("--print")?)
            }
        };
        Ok(Write { file, writing, conditions, print, is_optimistic: false })
    }

    /// Tells which paths the edit is about, for `--if-absent`.
    pub(crate) fn about(mut self, paths: &[jsonlock::Path]) -> Self {
        self.conditions.about(self.writing, paths);
        self
    }

    /// Has the change made without holding the lock meanwhile.
    pub(crate) fn optimistic(mut self) -> Self {
        self.is_optimistic = true;
        self
    }

    /// Makes the edit and prints what was asked for.
    pub(crate) fn run(&self, change: impl FnMut(&mut Document) -> EditResult<()>) -> Result<()> {
        self.edit(&target::writable(self.file, self.writing)?, change)
    }

    /// Likewise, for changes that leave a missing document missing: it is not even locked.
    pub(crate) fn run_unless_missing(
        &self,
        mut change: impl FnMut(&mut Document) -> EditResult<()>,
    ) -> Result<()> {
        let store = target::writable(self.file, self.writing)?;
        match self.edit(&store.clone().create(Create::Never), &mut change) {
            Err(error)
                if report::kind(&error) == Some(ErrorKind::NotFound) && !self.writing.no_create =>
            {
                self.preview(&store, change)
            }
            result => result,
        }
    }

    fn edit(
        &self,
        store: &LocalStore,
        mut change: impl FnMut(&mut Document) -> EditResult<()>,
    ) -> Result<()> {
        if self.writing.dry_run {
            return self.preview(store, change);
        }
        let wait = target::wait(&self.writing.locking)?;
        let mut editor = self.conditions.editor(self.writing).wait(wait);
        if self.is_optimistic {
            editor = editor.optimistic();
        }
        let edited =
            editor.edit(store, |document| self.change_and_filter(document, &mut change, wait))?;
        self.print(&edited).map_err(|error| error.context(AfterCommit))
    }

    fn preview(
        &self,
        store: &LocalStore,
        mut change: impl FnMut(&mut Document) -> EditResult<()>,
    ) -> Result<()> {
        let wait = target::wait(&self.writing.locking)?;
        let editor = self.conditions.editor(self.writing).wait(wait);
        self.print(
            &editor
                .preview(store, |document| self.change_and_filter(document, &mut change, wait))?,
        )
    }

    /// Changes the document and runs the filter of `--print` on the result. That comes before the
    /// commit, so that a filter which fails leaves the document as it was; printing comes after it.
    fn change_and_filter(
        &self,
        document: &mut Document,
        change: &mut impl FnMut(&mut Document) -> EditResult<()>,
        wait: Wait,
    ) -> EditResult<Vec<String>> {
        let deadline = target::filter_deadline(wait);
        let checked = |document: &mut Document| self.conditions.around(document, deadline, change);
        let Print::Filter(filter) = &self.print else {
            return checked(document).map(|()| Vec::new());
        };
        let old = conditions::whole(document)?;
        checked(document)?;
        filter.run(&conditions::whole(document)?, &[("old", &old)], deadline)
    }

    fn print(&self, edited: &Edited<Vec<String>>) -> Result<()> {
        let mut output = Vec::new();
        if let (Print::Document, Some(content)) = (&self.print, &edited.content) {
            output::push_document(&mut output, &content.to_bytes());
        }
        for result in &edited.value {
            Format::default().push(&mut output, result)?;
        }
        if let (true, Some(etag)) = (self.writing.etag, edited.etag()) {
            output.extend_from_slice(format!("{etag}\n").as_bytes());
        }
        if self.writing.report {
            output.extend_from_slice(report_line(edited).as_bytes());
        }
        if self.writing.locking.verbose {
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
        let file = self.file.display();
        report::say(format_args!("{file} {what}; waited {waited:.1} ms"));
    }
}

fn report_line<T>(edited: &Edited<T>) -> String {
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
