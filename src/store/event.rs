use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

/// Something that happened on the way to a successful edit and that a person may want to know.
///
/// Its text is a full clause without a full stop.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// The lock has been held by somebody else for a while.
    Waiting {
        /// The lock file.
        lock: PathBuf,
        /// Who holds the lock, as far as that can be told. A hint, never a basis for decisions.
        holder: Option<String>,
        /// How long this edit has waited so far.
        waited: Duration,
    },
    /// The system cannot tell of all changes, so a [`Watch`](crate::Watch) looks about once a second.
    CannotWatch {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: String,
    },
    /// The lock file was deleted or replaced while it was in use, so the edit started again.
    LockReplaced(PathBuf),
    /// The lock file holds something that jsonlock did not write; it was locked and left alone.
    ForeignLockFile(PathBuf),
    /// A temporary file of a writer that was killed has been removed.
    LeftoverRemoved(PathBuf),
    /// A writer was killed while the file system replaced the file, and nothing was left under its name. What that
    /// writer was about to publish is the document now.
    EditFinished(PathBuf),
    /// A writer was killed while it was about to replace the file, and since then somebody has made another one.
    UnfinishedKept {
        /// The file.
        path: PathBuf,
        /// Where the content is that the writer was about to publish.
        kept: PathBuf,
    },
    /// What the edit replaced could not be removed, and is left under this name.
    OldContentLeft(PathBuf),
    /// Several writers replaced the file in one instant, of which at most one locked. It is as the last
    /// of them wrote it.
    Displaced {
        /// The file.
        path: PathBuf,
        /// Where the content is that the first of them wrote.
        kept: PathBuf,
    },
    /// A writer was killed in the instant in which a program that does not lock replaced the file. What
    /// that program wrote is the document again.
    GivenBack(PathBuf),
    /// The file now belongs to the user who edited it, because only root can give files away.
    OwnerChanged(PathBuf),
    /// The file has an extended attribute that could not be carried over.
    AttributeLost(PathBuf, String),
    /// The file system cannot sync directories, so durability rests on its own guarantees.
    DirectorySyncUnsupported(PathBuf),
    /// A request to a service had no effect, and is made again.
    TriedAgain {
        /// The document.
        document: String,
        /// Why it had none.
        reason: String,
    },
    /// Somebody else was quicker to change this document of a service, so the edit starts again.
    Overtaken(String),
    /// There was no clear answer to a write, so that what became of it has to be found out.
    Unclear {
        /// The document.
        document: String,
        /// What there was instead of an answer.
        reason: String,
    },
    /// The write to this document without a clear answer was made.
    FoundMade(String),
    /// The write to this document without a clear answer was not made, and cannot be any more.
    FoundNotMade(String),
    /// The write to this document without a clear answer was not made yet. It is sent again if there is time
    /// left, and takes effect once at most.
    NotMadeYet(String),
}

impl Event {
    /// Whether it is a sign that something around the file needs mending.
    pub fn is_warning(&self) -> bool {
        match self {
            Event::LockReplaced(_)
            | Event::EditFinished(_)
            | Event::UnfinishedKept { .. }
            | Event::AttributeLost(..)
            | Event::OldContentLeft(_)
            | Event::Displaced { .. }
            | Event::GivenBack(_) => true,
            Event::Waiting { .. }
            | Event::CannotWatch { .. }
            | Event::ForeignLockFile(_)
            | Event::LeftoverRemoved(_)
            | Event::OwnerChanged(_)
            | Event::DirectorySyncUnsupported(_)
            | Event::TriedAgain { .. }
            | Event::Overtaken(_)
            | Event::Unclear { .. }
            | Event::FoundMade(_)
            | Event::FoundNotMade(_)
            | Event::NotMadeYet(_) => false,
        }
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Event::Waiting { lock, holder, waited } => {
                write!(f, "waiting for {} for {:.1} s", lock.display(), waited.as_secs_f64())?;
                match holder {
                    Some(holder) => write!(f, ", which {holder} holds"),
                    None => Ok(()),
                }
            }
            Event::CannotWatch { path, cause } => write!(
                f,
                "the system cannot tell of all changes of {}, so it is looked at once a second: {cause}",
                path.display()
            ),
            Event::LockReplaced(lock) => write!(
                f,
                "{} was deleted or replaced while in use, so the edit started again; \
                 find out what removes it",
                lock.display()
            ),
            Event::ForeignLockFile(lock) => write!(
                f,
                "{} has content that jsonlock did not write; it was locked but not written to",
                lock.display()
            ),
            Event::LeftoverRemoved(path) => {
                write!(f, "removed {}, which a killed writer had left", path.display())
            }
            Event::EditFinished(path) => write!(
                f,
                "{} was missing, since a writer was killed while it was replaced; what that writer made of it \
                 is the document now",
                path.display()
            ),
            Event::UnfinishedKept { path, kept } => write!(
                f,
                "somebody has made {} anew after a writer was killed that was about to replace it; what that \
                 writer made of it is kept as {}",
                path.display(),
                kept.display()
            ),
            Event::OldContentLeft(path) => write!(
                f,
                "cannot remove {}, which has the content before the edit; remove it, or let the next \
                 edit do so",
                path.display()
            ),
            Event::Displaced { path, kept } => write!(
                f,
                "programs that do not lock replaced {} several times in one instant; what one of them \
                 wrote is kept as {}",
                path.display(),
                kept.display()
            ),
            Event::GivenBack(path) => write!(
                f,
                "{} is again as a program wrote it that does not lock; an edit that was killed had \
                 replaced it",
                path.display()
            ),
            Event::OwnerChanged(path) => write!(
                f,
                "{} now belongs to you, because only root can give a file to another user",
                path.display()
            ),
            Event::AttributeLost(path, name) => {
                write!(f, "{} lost its extended attribute {name}", path.display())
            }
            Event::DirectorySyncUnsupported(path) => write!(
                f,
                "the file system of {} cannot sync directories; \
                 the edit is as durable as that file system makes it",
                path.display()
            ),
            Event::TriedAgain { document, reason } => {
                write!(f, "{document}: {reason}; trying again")
            }
            Event::Overtaken(document) => {
                write!(f, "{document} was changed meanwhile, so the edit starts again")
            }
            Event::Unclear { document, reason } => {
                write!(f, "{document}: {reason}; looking whether the edit was made")
            }
            Event::FoundMade(document) => write!(f, "{document} shows that the edit was made"),
            Event::FoundNotMade(document) => {
                write!(f, "{document} shows that another edit was made instead")
            }
            Event::NotMadeYet(document) => {
                write!(f, "{document} is as it was: the edit was not made yet")
            }
        }
    }
}
