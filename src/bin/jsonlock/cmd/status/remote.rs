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
    /// Whether the service writes under a condition, if that is known.
    probe: Option<Probe>,
    problems: Vec<Problem>,
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
            probe: store.engine().scratch().is_none().then_some(Probe::Inherent),
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
        match store.probe() {
            Ok(probe) => {
                if let Probe::NotEnforced(reason) = &probe {
                    let message = format!(
                        "the service of {} does not write under a condition, since {reason}: edits would be \
                         lost, and reported as made; keep the document elsewhere",
                        self.name
                    );
                    self.problems.push(Problem::new(ErrorKind::Denied, message));
                }
                self.probe = Some(probe);
            }
            Err(error) => self.problems.push(Problem::of(&error)),
        }
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
        text + &Problem::rows(&self.problems) + &conclusion(&self.problems)
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
        match &self.probe {
            Some(Probe::Inherent) => "which is made for writes under a condition",
            Some(Probe::Enforced) => "which writes under a condition, as a trial has shown",
            Some(_) => "which does not write under a condition",
            None => "which --probe tries out",
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
            "safe": self.probe.as_ref().map(|probe| !matches!(probe, Probe::NotEnforced(_))),
            "editable": self.problems.is_empty(),
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
