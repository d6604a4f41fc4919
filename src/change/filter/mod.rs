//! Filters in the language of [jq](https://jqlang.org), run by [jaq](https://docs.rs/jaq-core).

mod arithmetic;
mod calls;
mod compile;
mod delete;
#[cfg(test)]
mod differential;
mod failure;
mod functions;
mod index;
mod library;
mod nested;
mod numerals;
mod order;
mod overlay;
mod paths;
mod quick;
mod read;
mod report;
mod run;
mod search;
mod syntax;
mod table;
mod text;
mod update;
mod value;
mod write;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;

use crate::document::{Document, Outline};
use crate::error::{Error, ErrorKind, Result};
use crate::path::Path;
use compile::Program;
use run::{Input, Job, Reading, Writing};

/// A compiled jq filter: a function from one JSON text to any number of them.
///
/// Filters are those of jq, as far as jaq knows them. Numbers keep their spelling until the filter
/// computes with them, and integers are exact at any size. The page `docs/jq.md` of the package names
/// the differences from jq that remain; among them, `input` has nothing to give, `halt` is an error,
/// and a result that JSON has no words for, such as NaN, is an error too.
///
/// # Large documents
///
/// A filter reads of its input what it looks at: arrays and objects stay text until then, and of those
/// that it opens only the direct children are read. What it leaves alone is neither read nor, by
/// [`apply`](Self::apply), written: such a part is known by where it stands, so that a filter which
/// changes a counter in a document of a hundred megabytes costs little more than reading the file. What
/// compares, sorts or prints values reads them as deep as it looks. Results are the same either way.
/// [`run_on`](Self::run_on) does not copy the text of the document; [`run`](Self::run) does.
///
/// A filter can be cloned at no cost, and run by many threads at once. Each run has a thread of its
/// own, unless there is little that it can do, so neither deep nesting nor endless recursion ends the
/// program.
///
/// ```
/// use jsonlock::Filter;
///
/// let filter = Filter::compile(".next += 1")?;
/// assert_eq!(filter.run_one(r#"{"next": 7, "rate": 1.50}"#, &[], None)?, r#"{"next":8,"rate":1.50}"#);
/// # Ok::<(), jsonlock::Error>(())
/// ```
#[derive(Clone)]
pub struct Filter(Arc<Program>);

impl Filter {
    /// Compiles the source of a filter.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidFilter`] if it does not compile. The text names line and column, shows
    /// the line, and says what is wrong.
    pub fn compile(source: &str) -> Result<Self> {
        Self::compile_with(source, &FilterOptions::new())
    }

    /// Compiles the source of a filter that uses variables or modules.
    ///
    /// ```
    /// use jsonlock::{Filter, FilterOptions};
    ///
    /// let options = FilterOptions::new().variable("flow", r#""deploy""#);
    /// let filter = Filter::compile_with(".[$flow]", &options)?;
    /// assert_eq!(filter.run_one(r#"{"deploy": 1e400}"#, &[], None)?, "1e400");
    /// # Ok::<(), jsonlock::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidFilter`] as with [`compile`](Self::compile), and if a module cannot be
    /// loaded; [`ErrorKind::InvalidJson`] if the value of a variable is not JSON.
    pub fn compile_with(source: &str, options: &FilterOptions) -> Result<Self> {
        compile::compile(source, options).map(|program| Filter(Arc::new(program)))
    }

    /// Runs the filter on one JSON text and returns all its results, as compact JSON texts.
    ///
    /// `variables` gives each [declared](FilterOptions::declare) variable its JSON text; others in
    /// it are ignored. If the filter is not done at the `deadline`, it is left behind and ends at
    /// its next call of another filter.
    ///
    /// ```
    /// use jsonlock::Filter;
    ///
    /// let filter = Filter::compile(".[] | length")?;
    /// assert_eq!(filter.run(r#"["a", "bcd"]"#, &[], None)?, ["1", "3"]);
    /// # Ok::<(), jsonlock::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Unfit`] if the filter fails, halts, is not done at the deadline, or has a result that
    /// is not JSON; [`ErrorKind::InvalidJson`] if the input or the value of
    /// a variable is not JSON. No error shows a value from the input, except what the filter itself
    /// passes to `error` as a string.
    pub fn run(
        &self,
        input: &str,
        variables: &[(&str, &str)],
        deadline: Option<Instant>,
    ) -> Result<Vec<String>> {
        texts(run::run(self.job(text(input), variables, text), deadline).all())
    }

    /// Runs the filter on one JSON text and returns its only result, as compact JSON text.
    ///
    /// # Errors
    ///
    /// As with [`run`](Self::run); and [`ErrorKind::Unfit`] if there is no result, or more than one.
    pub fn run_one(
        &self,
        input: &str,
        variables: &[(&str, &str)],
        deadline: Option<Instant>,
    ) -> Result<String> {
        only(self.job(text(input), variables, text), deadline).map(Outline::into_text)
    }

    /// Runs the filter on a document, whose text is not copied, and returns all its results, as compact
    /// JSON texts. A document that is [absent](Document::is_absent) is null to the filter.
    ///
    /// `variables` gives each [declared](FilterOptions::declare) variable its value; else this is
    /// as [`run`](Self::run).
    ///
    /// ```
    /// use jsonlock::{Document, Filter, FilterOptions};
    ///
    /// let options = FilterOptions::new().declare("old");
    /// let filter = Filter::compile_with(".n - $old.n", &options)?;
    /// let old = Document::parse(r#"{"n": 2}"#)?;
    /// let new = Document::parse(r#"{"n": 5}"#)?;
    /// assert_eq!(filter.run_on(&new, &[("old", &old)], None)?, ["3"]);
    /// # Ok::<(), jsonlock::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As with [`run`](Self::run).
    pub fn run_on(
        &self,
        document: &Document,
        variables: &[(&str, &Document)],
        deadline: Option<Instant>,
    ) -> Result<Vec<String>> {
        texts(run::run(self.job_on(document, variables), deadline).all())
    }

    /// As [`run_on`](Self::run_on), and returns the results that come before a failure, too.
    ///
    /// ```
    /// use jsonlock::{Document, Filter};
    ///
    /// let document = Document::parse(r#"[1, "x"]"#)?;
    /// let (results, end) = Filter::compile(".[] | . - 1")?.run_until_failure_on(&document, &[], None);
    /// assert_eq!(results, ["0"]);
    /// assert!(end.is_err());
    /// # Ok::<(), jsonlock::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Beside the results, as with [`run`](Self::run).
    pub fn run_until_failure_on(
        &self,
        document: &Document,
        variables: &[(&str, &Document)],
        deadline: Option<Instant>,
    ) -> (Vec<String>, Result<()>) {
        let outcome = run::run(self.job_on(document, variables), deadline);
        (outcome.results.into_iter().map(Outline::into_text).collect(), outcome.end)
    }

    /// As [`run_on`](Self::run_on), and returns the only result.
    ///
    /// ```
    /// use jsonlock::{Document, Filter};
    ///
    /// let document = Document::parse(r#"{"jobs": ["build", "test"]}"#)?;
    /// let count = Filter::compile(".jobs | length")?.run_one_on(&document, &[], None)?;
    /// assert_eq!(count, "2");
    /// # Ok::<(), jsonlock::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As with [`run_one`](Self::run_one).
    pub fn run_one_on(
        &self,
        document: &Document,
        variables: &[(&str, &Document)],
        deadline: Option<Instant>,
    ) -> Result<String> {
        only(self.job_on(document, variables), deadline).map(Outline::into_text)
    }

    /// Makes the filter's only result the value of the document, of which only what differs is
    /// written anew. A document that is [absent](Document::is_absent) is null to the filter.
    ///
    /// ```
    /// use jsonlock::{Document, Filter};
    ///
    /// let mut document = Document::parse(r#"{ "next": 7, "rate": 1.50 }"#)?;
    /// Filter::compile(".next += 1")?.apply(&mut document, None)?;
    /// assert_eq!(document.to_bytes(), r#"{ "next": 8, "rate": 1.50 }"#);
    /// # Ok::<(), jsonlock::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As with [`run_one`](Self::run_one) and [`Document::replace`].
    pub fn apply(&self, document: &mut Document, deadline: Option<Instant>) -> Result<()> {
        document.replace_by_outline(only(self.job_to_change(document), deadline)?)
    }

    /// The run whose result becomes the value of the document. Where that is the text that was read,
    /// parts of it may stay as they are in the result; after a change they would not be found again.
    fn job_to_change(&self, document: &Document) -> Job {
        let writing = if document.is_its_view() { Writing::Outlines } else { Writing::Texts };
        Job { writing, ..self.job_on(document, &[]) }
    }

    fn job_on(&self, document: &Document, variables: &[(&str, &Document)]) -> Job {
        self.job(whole(document), variables, whole)
    }

    fn job<T: Copy>(&self, input: Input, variables: &[(&str, T)], read: fn(T) -> Input) -> Job {
        let used = variables.iter().filter(|(name, _)| self.0.uses(name));
        Job {
            program: self.0.clone(),
            input,
            given: used.map(|(name, value)| ((*name).to_owned(), read(*value))).collect(),
            max_results: usize::MAX,
            reading: Reading::Lazy,
            writing: Writing::Texts,
        }
    }
}

fn text(text: &str) -> Input {
    Input::Text(Bytes::copy_from_slice(text.as_bytes()))
}

/// The document as a filter is given it. What cannot be looked at piece by piece is read from a copy.
fn whole(document: &Document) -> Input {
    if let Some(view) = document.view() {
        return Input::Checked(view);
    }
    match document.text(&Path::root()) {
        Ok(Some(copy)) => text(&copy),
        _ => text("null"),
    }
}

fn texts(results: Result<Vec<Outline>>) -> Result<Vec<String>> {
    Ok(results?.into_iter().map(Outline::into_text).collect())
}

fn only(job: Job, deadline: Option<Instant>) -> Result<Outline> {
    let mut results = run::run(Job { max_results: 2, ..job }, deadline).all()?;
    match (results.pop(), results.pop()) {
        (Some(only), None) => Ok(only),
        (None, _) => Err(not_one("no result")),
        (Some(_), Some(_)) => Err(not_one("more than one result")),
    }
}

/// Shows the source of the filter.
impl fmt::Debug for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Filter").field(&self.0.source).finish()
    }
}

fn not_one(what: &str) -> Error {
    Error::new(ErrorKind::Unfit, format!("the filter gives {what}, and exactly one is needed"))
}

/// What a filter can refer to beside its input.
///
/// ```
/// use jsonlock::{Filter, FilterOptions};
///
/// let options = FilterOptions::new().declare("old").positional("3");
/// let filter = Filter::compile_with(".n - $old.n == $ARGS.positional[0]", &options)?;
/// assert_eq!(filter.run_one(r#"{"n": 5}"#, &[("old", r#"{"n": 2}"#)], None)?, "true");
/// # Ok::<(), jsonlock::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct FilterOptions {
    variables: Vec<(String, String)>,
    positional: Vec<String>,
    declared: Vec<String>,
    library: Vec<PathBuf>,
}

impl FilterOptions {
    /// No variables but `$ENV` and `$ARGS`, and modules where jq looks for them.
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes a JSON text the value of the variable `$name`, and of `$ARGS.named[name]`. If a name is
    /// given more than once, its first value counts, as in jq.
    #[must_use]
    pub fn variable(mut self, name: impl Into<String>, json: impl Into<String>) -> Self {
        self.variables.push((name.into(), json.into()));
        self
    }

    /// Appends a JSON text to `$ARGS.positional`.
    #[must_use]
    pub fn positional(mut self, json: impl Into<String>) -> Self {
        self.positional.push(json.into());
        self
    }

    /// Lets the filter use the variable `$name`, whose value each [run](Filter::run) is given. It
    /// hides a [variable](Self::variable) of the same name.
    #[must_use]
    pub fn declare(mut self, name: impl Into<String>) -> Self {
        self.declared.push(name.into());
        self
    }

    /// Looks in the directory for what the filter imports or includes, after those given before. If
    /// none is given, these are `~/.jq`, and `../lib/jq` and `../lib` beside the program.
    #[must_use]
    pub fn library_path(mut self, directory: impl Into<PathBuf>) -> Self {
        self.library.push(directory.into());
        self
    }
}
