//! What all commands that write have in common.

use super::conditions::Conditions;
use super::printing::Printing;
use crate::args::Writing;
use crate::report::{self, AfterCommit};
use crate::target::{self, Target};
use anyhow::Result;
use jsonlock::{Create, Document, Error, ErrorKind, FilterOptions, Result as EditResult, Wait};
use std::path::Path;

/// An edit of which everything is known but the base.
pub(crate) struct Write<'a> {
    file: &'a Path,
    writing: &'a Writing,
    conditions: Conditions,
    printing: Printing<'a>,
    is_optimistic: bool,
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
        let printing = Printing::new(file, writing, options)?;
        Ok(Write { file, writing, conditions, printing, is_optimistic: false })
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

    /// Acknowledges these lines of a batch when the edit is made.
    pub(crate) fn acknowledging(mut self, lines: Vec<u64>) -> Self {
        self.printing = self.printing.acknowledging(lines);
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
        store: &Target,
        mut change: impl FnMut(&mut Document) -> EditResult<()>,
    ) -> Result<()> {
        if self.writing.dry_run {
            return self.preview(store, change);
        }
        let wait = target::wait(&self.writing.locking)?;
        let mut editor = self.conditions.editor(self.file, self.writing).wait(wait);
        // Without a lock there is none to hold.
        if self.is_optimistic && matches!(store, Target::Local(_)) {
            editor = editor.optimistic();
        }
        let edited = editor
            .edit(store.store(), |document| self.change_and_filter(document, &mut change, wait));
        let edited = edited.map_err(|error| self.advise(error, store))?;
        self.printing.print(&edited).map_err(|error| error.context(AfterCommit))
    }

    fn preview(
        &self,
        store: &Target,
        mut change: impl FnMut(&mut Document) -> EditResult<()>,
    ) -> Result<()> {
        let wait = target::wait(&self.writing.locking)?;
        let editor = self.conditions.editor(self.file, self.writing).wait(wait);
        let edited = editor
            .preview(store.store(), |document| self.change_and_filter(document, &mut change, wait));
        self.printing.print(&edited.map_err(|error| self.advise(error, store))?)
    }

    fn advise(&self, error: Error, store: &Target) -> Error {
        target::advise(error, store.store(), &self.writing.reading, self.file)
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
        let Some(filter) = self.printing.filter() else {
            return checked(document).map(|()| Vec::new());
        };
        let old = document.clone();
        checked(document)?;
        filter.run_on(document, &[("old", &old)], deadline)
    }
}
