//! What can be known about a document that a service keeps.

use super::{Problem, conclusion, row};
use crate::args;
use crate::output;
use crate::target;
use anyhow::Result;
use jsonlock::{Create, Document, ErrorKind, Probe, RemoteStore, Snapshot, Store as _};
use serde_json::{Value, json};
use std::process::ExitCode;

/// Looks at the document that the URL names, and tries its service if that is asked for.
pub(super) fn run(args: &args::Status, url: &str) -> Result<ExitCode> {
    let store = target::inspectable_remotely(url, args)?;
    let mut status = Status::of(url, &store);
    let deadline = target::default_wait()?.start();
    match store.snapshot(&deadline) {
        Ok(snapshot) => status.look_at(snapshot, &store, args),
        Err(error) => status.problems.push(Problem::of(&error)),
    }
    let text = if args.json { format!("{}\n", status.object()) } else { status.lines() };
    output::write(text.into_bytes())?;
    Ok(status.problems.first().map_or(ExitCode::SUCCESS, |problem| ExitCode::from(problem.code)))
}

struct Status {
    name: String,
    service: Service,
    /// `None` where that cannot be known.
    exists: Option<bool>,
    snapshot: Option<Snapshot>,
    trial: Trial,
    problems: Vec<Problem>,
}

/// Whether the service writes under a condition.
enum Trial {
    /// Nobody has tried.
    None,
    /// It was tried, and did not become clear.
    Failed,
    Ended(Probe),
}

/// What programs and people call a service.
#[derive(Clone, Copy)]
struct Service {
    word: &'static str,
    name: &'static str,
}

impl Service {
    fn of(url: &str) -> Self {
        let (word, name) = match jsonlock::scheme(url) {
            Some("etcd") => ("etcd", "etcd"),
            Some("gs") => ("gcs", "Google Cloud Storage"),
            Some("az" | "abfs" | "abfss") => ("azure", "Azure Blob Storage"),
            _ => ("s3", "S3"),
        };
        Service { word, name }
    }
}

impl Status {
    /// Before anything is known.
    fn of(url: &str, store: &RemoteStore) -> Self {
        Status {
            name: store.name(),
            service: Service::of(url),
            exists: None,
            snapshot: None,
            // Where there is nothing to try, nothing need be sent.
            trial: match store.engine().scratch() {
                None => Trial::Ended(Probe::Inherent),
                Some(_) => Trial::None,
            },
            problems: Vec::new(),
        }
    }

    fn look_at(&mut self, snapshot: Option<Snapshot>, store: &RemoteStore, args: &args::Status) {
        self.exists = Some(snapshot.is_some());
        self.snapshot = snapshot;
        self.problems.extend(self.problem_of_content(args));
        if args.no_create && self.snapshot.is_none() {
            let preflight = store.clone().create(Create::Never).preflight();
            self.problems.extend(preflight.err().as_ref().map(Problem::of));
        }
        if args.probe {
            self.try_service(store);
        }
    }

    /// What a service does not know: text that is no JSON.
    fn problem_of_content(&self, args: &args::Status) -> Option<Problem> {
        let content = &self.snapshot.as_ref()?.content;
        if Document::is_blank(content) {
            return None;
        }
        let dialect = target::dialect(&args.file, &args.reading);
        let error = Document::parse_as(content.clone(), dialect).err()?;
        Some(Problem::of(&error.context(&self.name)))
    }

    fn try_service(&mut self, store: &RemoteStore) {
        self.trial = match store.probe() {
            Ok(probe) => {
                self.problems.extend(self.problem_of_service(&probe));
                Trial::Ended(probe)
            }
            Err(error) => {
                self.problems.push(Problem::of(&error));
                Trial::Failed
            }
        };
    }

    fn problem_of_service(&self, probe: &Probe) -> Option<Problem> {
        let message = match probe {
            Probe::NotEnforced(reason) => format!(
                "the service of {} does not write under a condition, since {reason}: edits would be lost, and \
                 reported as made; keep the document elsewhere",
                self.name
            ),
            Probe::EnforcedAndLeft(left) => format!("{left}; remove it by other means"),
            _ => return None,
        };
        Some(Problem::new(ErrorKind::Denied, message))
    }

    /// For people.
    fn lines(&self) -> String {
        let mut text = row("document", format!("{}, {}", self.name, self.size()));
        if let Some(snapshot) = &self.snapshot {
            text += &row("version", &snapshot.version);
            text += &row("counted", counted(snapshot));
        }
        text += &row("lock", "none; an edit that another one overtakes starts again");
        text += &row("service", format!("{}, {}", self.service.name, self.verdict()));
        text + &Problem::rows(&self.problems) + &self.conclusion()
    }

    fn size(&self) -> String {
        match (&self.snapshot, self.exists) {
            (Some(snapshot), _) if snapshot.content.len() == 1 => "1 byte".to_owned(),
            (Some(snapshot), _) => format!("{} bytes", snapshot.content.len()),
            (None, Some(false)) => "does not exist".to_owned(),
            (None, _) => "of which is not known whether it exists".to_owned(),
        }
    }

    fn verdict(&self) -> &'static str {
        match &self.trial {
            Trial::Ended(Probe::Inherent) => "which is made for writes under a condition",
            Trial::Ended(Probe::Enforced | Probe::EnforcedAndLeft(_)) => {
                "which writes under a condition, as a trial has shown"
            }
            Trial::Ended(_) => "which does not write under a condition",
            Trial::Failed => "of which a trial did not show whether it writes under a condition",
            Trial::None => "which --probe tries out",
        }
    }

    /// That a document can be read says little about edits.
    fn conclusion(&self) -> String {
        let text = match (&self.trial, self.problems.as_slice()) {
            (Trial::None, []) => "not tried; --probe tries whether the service keeps them apart",
            (Trial::Ended(Probe::Inherent), []) => {
                "would work, if who reads the document may write it"
            }
            (Trial::Ended(Probe::NotEnforced(_)), _) => "would be made, and could be lost",
            (Trial::Failed, [_]) => "whether they would work is not known",
            (Trial::Ended(Probe::EnforcedAndLeft(_)), [_]) => "would work",
            (_, problems) => return conclusion(problems),
        };
        row("edits", text)
    }

    /// Whether edits are safe, if that is known.
    fn is_safe(&self) -> Option<bool> {
        match &self.trial {
            Trial::Ended(probe) => Some(!matches!(probe, Probe::NotEnforced(_))),
            Trial::None | Trial::Failed => None,
        }
    }

    /// Whether an edit would work, as far as that is known.
    fn is_editable(&self) -> Option<bool> {
        match (&self.trial, self.problems.as_slice()) {
            (Trial::None, []) | (Trial::Failed, [_]) => None,
            (Trial::Ended(Probe::EnforcedAndLeft(_)), [_]) => Some(true),
            (_, problems) => Some(problems.is_empty()),
        }
    }

    /// For programs, with the names that files have where they mean the same.
    fn object(&self) -> Value {
        let snapshot = self.snapshot.as_ref();
        let ledger = snapshot.and_then(|snapshot| snapshot.ledger.as_ref());
        json!({
            "file": self.name,
            "resolved": null,
            "exists": self.exists,
            "size": snapshot.map(|snapshot| snapshot.content.len()),
            "version": snapshot.map(|snapshot| snapshot.version.as_str()),
            "edits": ledger.map(|ledger| ledger.sequence()),
            "service": self.service.word,
            "lock_file": null,
            "lock_file_exists": null,
            "lock": "none",
            "holder": null,
            "waiters": null,
            "file_system": null,
            "safe": self.is_safe(),
            "editable": self.is_editable(),
            "problems": Problem::objects(&self.problems),
            "notes": [],
        })
    }
}

/// How many edits were counted: each one leaves its number with the document.
fn counted(snapshot: &Snapshot) -> String {
    match snapshot.ledger.as_ref().map(|ledger| ledger.sequence()) {
        None => "no edits, since another program wrote it last".to_owned(),
        Some(1) => "1 edit".to_owned(),
        Some(count) => format!("{count} edits"),
    }
}
