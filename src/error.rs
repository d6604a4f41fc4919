//! The one error type of the library.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::path::Path;

/// What went wrong, as far as a program can act on it.
///
/// The kinds are the rows of the exit code table in the manual; a new one may be added in any
/// release.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The text of a [`Path`](crate::Path) does not follow its grammar.
    InvalidPath,
    /// The text is no URL that names a document.
    InvalidUrl,
    /// A filter does not compile.
    InvalidFilter,
    /// The change does not fit the document: a wrong type, an index out of range, a filter that
    /// fails or that gives no result or several.
    Unfit,
    /// A document, value or patch is not valid JSON.
    InvalidJson,
    /// The document is missing and must exist.
    NotFound,
    /// The service that keeps the document does not answer.
    Unreachable,
    /// Safe editing is impossible here, for instance because the file system cannot lock.
    Unsupported,
    /// A file or directory cannot be created.
    CannotCreate,
    /// Reading or writing failed.
    Io,
    /// The wait limit passed before the edit could be made. Trying again is sensible.
    Busy,
    /// The document is not what a precondition requires.
    Conflict,
    /// The system, or a safety rule, does not permit it.
    Denied,
    /// The result of the change was rejected by a check.
    Rejected,
    /// The change is visible to readers, but it is not known to survive a power cut.
    Unconfirmed,
    /// There was no answer to a write, and whether it was made cannot be found out.
    Unclear,
    /// The edit was rolled back because the program was asked to stop.
    Interrupted,
}

/// Why something could not be done. Its text says what happened, to which document where that is
/// known, and what to do next.
///
/// Only the [kind](Error::kind) is open to programs; the text and the causes may change in any
/// release. Unless the kind is [`ErrorKind::Unconfirmed`] or [`ErrorKind::Unclear`], the document was not changed.
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    message: String,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// A result whose error is [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// What went wrong, for programs.
    ///
    /// ```
    /// use jsonlock::{ErrorKind, Path};
    ///
    /// assert_eq!("a..b".parse::<Path>().unwrap_err().kind(), ErrorKind::InvalidPath);
    /// ```
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// An error for closures that find that their change does not fit the document.
    ///
    /// ```
    /// use jsonlock::{Error, ErrorKind};
    ///
    /// let error = Error::unfit("there is no release to promote");
    /// assert_eq!(error.kind(), ErrorKind::Unfit);
    /// ```
    pub fn unfit(message: impl Into<String>) -> Self {
        Error::new(ErrorKind::Unfit, message)
    }

    /// An error for closures that require something of the document as it is.
    ///
    /// ```
    /// use jsonlock::{Error, ErrorKind};
    ///
    /// assert_eq!(Error::conflict("the release is frozen").kind(), ErrorKind::Conflict);
    /// ```
    pub fn conflict(message: impl Into<String>) -> Self {
        Error::new(ErrorKind::Conflict, message)
    }

    /// An error for closures that do not like the document as it would be.
    pub fn rejected(message: impl Into<String>) -> Self {
        Error::new(ErrorKind::Rejected, message)
    }

    /// An error of the given kind, for those who implement [`Store`](crate::Store) or
    /// [`Engine`](crate::Engine); `message` is a full clause without a full stop.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Error(Box::new(Inner { kind, message: message.into(), source: None }))
    }

    /// What the system said when asked to `verb` (such as "open") the file at `path`.
    ///
    /// The kind follows from the system's error: no permission is [`ErrorKind::Denied`], the rest is
    /// [`ErrorKind::Io`].
    pub(crate) fn io(verb: &str, path: &Path, source: impl Into<io::Error>) -> Self {
        let source = source.into();
        let kind = match source.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                ErrorKind::Denied
            }
            _ => ErrorKind::Io,
        };
        let message = format!("cannot {verb} {}", path.display());
        Error(Box::new(Inner { kind, message, source: Some(Box::new(source)) }))
    }

    /// Whether it may be otherwise in a moment.
    pub(crate) fn is_passing(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Unreachable | ErrorKind::Busy)
    }

    /// The same error under another kind.
    pub(crate) fn with_kind(mut self, kind: ErrorKind) -> Self {
        self.0.kind = kind;
        self
    }

    /// The same error about something that was to be created.
    pub(crate) fn or_cannot_create(self) -> Self {
        match self.kind() {
            ErrorKind::Io => self.with_kind(ErrorKind::CannotCreate),
            _ => self,
        }
    }

    /// The same error, with `context` (such as what was being done) and a colon before its text.
    #[must_use]
    pub fn context(mut self, context: impl fmt::Display) -> Self {
        self.0.message = format!("{context}: {}", self.0.message);
        self
    }

    /// The same error, with `advice` (what to do next) and a semicolon before it behind its text. Where that
    /// has several lines, it is behind the first.
    #[must_use]
    pub fn advise(mut self, advice: &str) -> Self {
        let source = self.0.source.take().map(|source| format!(": {source}")).unwrap_or_default();
        let text = format!("{}{source}", self.0.message);
        let (first, rest) = text.split_at(text.find('\n').unwrap_or(text.len()));
        self.0.message = format!("{first}; {advice}{rest}");
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)?;
        match &self.0.source {
            Some(source) => write!(f, ": {source}"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {self}", self.0.kind)
    }
}

/// The cause is part of the text already, so [`source`](StdError::source) is always `None` and a
/// printed chain says nothing twice.
impl StdError for Error {}
