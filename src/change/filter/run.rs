//! Running a compiled filter, in a thread of its own.
//!
//! The thread has three reasons. jaq, like jq, recurses as deeply as values are nested, and needs a
//! stack for that; a filter that does not end can be left behind when the time is over; and a panic
//! in jaq ends that thread only. It costs 60 µs.

use std::any::Any;
use std::cell::RefCell;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::Instant;

use bytes::Bytes;
use jaq_core::data::{DataT, HasLut};
use jaq_core::{Ctx, Lut, Vars};

use super::compile::{Global, Program};
use super::text;
use super::value::{Members, Value};
use super::{failure, read, write};
use crate::document::{Outline, View};
use crate::error::{Error, ErrorKind, Result};

/// The stack of a filter. Only what is used of it takes memory.
const STACK: usize = 256 << 20;

/// How much of the stack calls may take. The rest is for what recurses without calling a filter:
/// comparing, writing and dropping values.
const MAX_CALLS: usize = STACK / 4;

/// One run of a filter.
pub(super) struct Job {
    pub(super) program: Arc<Program>,
    pub(super) input: Input,
    /// The values of the declared variables, by name.
    pub(super) given: Vec<(String, Input)>,
    /// After how many results to stop.
    pub(super) max_results: usize,
    pub(super) reading: Reading,
    pub(super) writing: Writing,
}

/// What a filter is given.
pub(super) enum Input {
    /// A text that may be no JSON.
    Text(Bytes),
    Checked(View),
}

/// When a text is made values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// All at once.
    Whole,
    /// When the filter looks at it.
    Lazy,
}

/// How results are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Writing {
    /// In full.
    Texts,
    /// With holes where text of the input is.
    Outlines,
}

/// Runs the filter and returns its results.
pub(super) fn run(job: Job, deadline: Option<Instant>) -> Outcome {
    let (sender, results) = sync_channel(1);
    let abandoned = Arc::new(AtomicBool::new(false));
    let thread = spawn(job, sender, Arc::clone(&abandoned))?;
    let received = match deadline {
        Some(deadline) => results.recv_timeout(deadline.saturating_duration_since(Instant::now())),
        None => results.recv().map_err(RecvTimeoutError::from),
    };
    received.unwrap_or_else(|error| match error {
        RecvTimeoutError::Timeout => {
            abandoned.store(true, Ordering::Relaxed);
            Err(Error::new(ErrorKind::Busy, "the filter did not finish within the time limit"))
        }
        RecvTimeoutError::Disconnected => Err(failure::crash(thread)),
    })
}

type Outcome = Result<Vec<Outline>>;

fn spawn(
    job: Job,
    sender: SyncSender<Outcome>,
    abandoned: Arc<AtomicBool>,
) -> Result<JoinHandle<()>> {
    let work = move || {
        let mut values = Vec::new();
        let outcome = evaluate(&job, abandoned, &mut values);
        // Nobody listens any more if the time is over. Only afterwards are the values dropped, which
        // takes long if they are many.
        let _ = sender.send(outcome);
    };
    let builder = thread::Builder::new().name("filter".into()).stack_size(STACK);
    builder.spawn(work).map_err(|error| {
        Error::new(ErrorKind::Io, format!("cannot start a thread for the filter: {error}"))
    })
}

fn evaluate(job: &Job, abandoned: Arc<AtomicBool>, values: &mut Vec<Value>) -> Outcome {
    let program = &job.program;
    let run = Run {
        lut: &program.filter.lut,
        raised: RefCell::new(None),
        stack_start: stack_position(),
        abandoned,
    };
    let input = value(&job.input, job.reading, "the input of the filter")?;
    let base = match (&input, &job.input, job.writing) {
        (Value::Text(text), Input::Checked(_), Writing::Outlines) => Some(text.source.clone()),
        _ => None,
    };
    let globals = program.globals.iter().map(|global| global_value(global, job));
    let globals = Vars::new(globals.collect::<Result<Vec<_>>>()?);
    let results = program.filter.id.run((Ctx::<Jq>::new(Host { run: &run }, globals), input));
    let mut outlines = Vec::new();
    for result in results.take(job.max_results) {
        let value = result.map_err(|exception| {
            failure::failure(exception, run.raised.take().as_ref(), &program.source)
        })?;
        let written = write::outline(&value, base.as_ref());
        values.push(value);
        match written.foreign {
            None => outlines.push(written.text),
            Some(foreign) => return Err(failure::foreign(foreign)),
        }
    }
    Ok(outlines)
}

fn value(input: &Input, reading: Reading, what: &str) -> Result<Value> {
    match (input, reading) {
        (Input::Checked(view), Reading::Lazy) => Ok(text::value(view.clone())),
        (Input::Checked(view), Reading::Whole) => whole(&view.bytes().slice(view.place()), what),
        (Input::Text(text), Reading::Lazy) => match View::of(text.clone()) {
            Some(view) => Ok(text::value(view)),
            None => whole(text, what),
        },
        (Input::Text(text), Reading::Whole) => whole(text, what),
    }
}

fn whole(text: &Bytes, what: &str) -> Result<Value> {
    read::one(text).map_err(|error| {
        Error::new(ErrorKind::InvalidJson, format!("{what} is not valid JSON: {error}"))
    })
}

fn global_value(global: &Global, job: &Job) -> Result<Value> {
    match global {
        Global::Unused => Ok(Value::default()),
        Global::Environment => Ok(environment()),
        Global::Text(text) => {
            let text = Input::Text(text.clone());
            value(&text, Reading::Whole, "the value of a variable")
        }
        Global::Declared(name) => match job.given.iter().rev().find(|(given, _)| given == name) {
            Some((_, text)) => value(text, job.reading, &format!("the value of ${name}")),
            None => Err(Error::new(ErrorKind::Unfit, format!("${name} has no value"))),
        },
    }
}

/// `$ENV`. On Unix, names and values are any bytes, as jaq's strings are.
fn environment() -> Value {
    let text = |text: std::ffi::OsString| jaq_json::Val::utf8_str(text.into_encoded_bytes());
    let variables =
        std::env::vars_os().map(|(name, value)| (text(name), Value::Plain(text(value))));
    Value::object(variables.collect::<Members>())
}

/// What jaq has to know of the values and the world of our filters.
pub(super) struct Jq;

impl DataT for Jq {
    type V<'a> = Value;
    type Data<'a> = Host<'a>;
}

struct Run<'a> {
    lut: &'a Lut<Jq>,
    /// What the filter has last called `error` with.
    raised: RefCell<Option<Value>>,
    stack_start: usize,
    abandoned: Arc<AtomicBool>,
}

/// What functions see of a run.
pub(super) struct Host<'a> {
    run: &'a Run<'a>,
}

impl Host<'_> {
    pub(super) fn note_raised(&self, value: &Value) {
        self.run.raised.replace(Some(value.clone()));
    }
}

impl<'a> HasLut<'a, Jq> for Host<'a> {
    fn lut(&self) -> &'a Lut<Jq> {
        self.run.lut
    }
}

/// jaq clones this whenever a filter calls another one, so here is the place to stop a filter that
/// calls itself for ever: nothing else stands between it and the end of the stack, which would
/// abort the process.
impl Clone for Host<'_> {
    fn clone(&self) -> Self {
        if self.run.stack_start.abs_diff(stack_position()) > MAX_CALLS {
            stop(Stopped::TooDeep);
        }
        if self.run.abandoned.load(Ordering::Relaxed) {
            stop(Stopped::Abandoned);
        }
        Host { run: self.run }
    }
}

/// Why [`Host`] ended its thread.
pub(super) enum Stopped {
    TooDeep,
    Abandoned,
}

/// Leaves the thread's function from within jaq, without the message of a panic. A program that is
/// built to abort on panics has to do without.
fn stop(reason: Stopped) {
    if cfg!(panic = "unwind") {
        resume_unwind(Box::new(reason) as Box<dyn Any + Send>);
    }
}

/// Roughly how far the stack has grown.
#[inline(never)]
fn stack_position() -> usize {
    let here = 0u8;
    (&raw const here).addr()
}
