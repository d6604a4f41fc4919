//! What an edit requires of the document before and after it.

use super::schema::Schema;
use crate::args::Writing;
use crate::report::Usage;
use crate::target;
use anyhow::{Context as _, Result};
use jsonlock::{
    Document, Editor, Error, ErrorKind, Filter, FilterOptions, Path, Result as EditResult,
};
use std::time::Instant;

/// The filters of `--if` and `--check` and the schema of `--schema`, compiled, and the paths that
/// `--if-absent` speaks of.
pub(crate) struct Conditions {
    before: Option<Filter>,
    after: Option<Filter>,
    schema: Option<Schema>,
    absent: Vec<Path>,
}

impl Conditions {
    /// Compiles the filters, which know the variables of `options`; that of `--check` knows `$old` too.
    pub(crate) fn new(writing: &Writing, options: &FilterOptions) -> Result<Self> {
        if writing.if_match.as_ref().is_some_and(|etag| etag.trim().is_empty()) {
            let message = "--if-match: the etag is empty; is a variable unset?";
            return Err(Usage(message.to_owned()).into());
        }
        let compile = |filter: &Option<String>, options: &FilterOptions, name| {
            let compiled = filter.as_deref().map(|text| Filter::compile_with(text, options));
            compiled.transpose().context(name)
        };
        Ok(Conditions {
            before: compile(&writing.if_, options, "--if")?,
            after: compile(&writing.check, &options.clone().declare("old"), "--check")?,
            schema: writing.schema.as_deref().map(Schema::read).transpose()?,
            absent: Vec::new(),
        })
    }

    /// Makes `--if-absent` a question about these paths instead of the whole document.
    pub(crate) fn about(&mut self, writing: &Writing, paths: &[Path]) {
        if writing.if_absent {
            self.absent = paths.to_vec();
        }
    }

    /// The editor for the document, with the conditions that the store checks.
    pub(crate) fn editor(&self, file: &std::path::Path, writing: &Writing) -> Editor {
        let editor = target::editor(file, &writing.reading);
        match &writing.if_match {
            Some(etag) => editor.if_match(etag.trim().into()),
            None if writing.if_absent && self.absent.is_empty() => editor.if_absent(),
            None => editor,
        }
    }

    /// As [`around`](Conditions::around), but a change that fails leaves the document as it was, so that
    /// it can be edited on.
    pub(crate) fn around_or_undo(
        &self,
        document: &mut Document,
        deadline: Option<Instant>,
        change: impl FnOnce(&mut Document) -> EditResult<()>,
    ) -> EditResult<()> {
        // Changes undo themselves. Only what is found wrong with the result comes too late for that.
        let is_checked = self.after.is_some() || self.schema.is_some();
        let before = is_checked.then(|| document.clone());
        let result = self.around(document, deadline, change);
        if let (Err(_), Some(before)) = (&result, before) {
            *document = before;
        }
        result
    }

    /// Makes a change if the conditions hold before and after it.
    pub(crate) fn around(
        &self,
        document: &mut Document,
        deadline: Option<Instant>,
        change: impl FnOnce(&mut Document) -> EditResult<()>,
    ) -> EditResult<()> {
        if let Some(path) = first_present(document, &self.absent)? {
            return Err(Error::conflict(format!("{path} exists, and must not exist yet")));
        }
        if let Some(filter) = &self.before
            && let Some(result) = untrue(filter, document, &[], deadline, "--if")?
        {
            return Err(Error::conflict(result));
        }
        let old = self.after.as_ref().map(|filter| (filter, document.clone()));
        change(document)?;
        if let Some((filter, old)) = &old
            && let Some(result) = untrue(filter, document, &[("old", old)], deadline, "--check")?
        {
            return Err(Error::rejected(result));
        }
        self.schema.as_ref().map_or(Ok(()), |schema| schema.check(&whole(document)?))
    }
}

/// The text of the document; null where there is none.
pub(crate) fn whole(document: &Document) -> EditResult<String> {
    let text = document.text(&Path::root())?;
    Ok(text.map_or_else(|| "null".to_owned(), Into::into))
}

fn first_present<'a>(document: &Document, paths: &'a [Path]) -> EditResult<Option<&'a Path>> {
    for path in paths {
        match document.text(path) {
            Ok(None) => {}
            // There is never anything yet at a place to append to.
            Err(error) if error.kind() == ErrorKind::InvalidPath => {}
            found => return found.map(|_| Some(path)),
        }
    }
    Ok(None)
}

/// What to say of a filter that is not true of a document; the result is then false or null.
fn untrue(
    filter: &Filter,
    document: &Document,
    variables: &[(&str, &Document)],
    deadline: Option<Instant>,
    option: &str,
) -> EditResult<Option<String>> {
    let result =
        filter.run_one_on(document, variables, deadline).map_err(|error| error.context(option))?;
    let what = if option == "--if" { "the document" } else { "the result" };
    Ok((!is_true(&result)).then(|| format!("{option} is {result} of {what}, and must be true")))
}

/// Whether the result of a filter counts as true, as it does to jq.
pub(super) fn is_true(result: &str) -> bool {
    !["null", "false"].contains(&result)
}
