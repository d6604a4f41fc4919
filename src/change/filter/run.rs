//! Running a compiled filter: at once, or in a thread of its own.
//!
//! The thread has three reasons. jaq, like jq, recurses as deeply as values are nested, and needs a
//! stack for that; a filter that does not end can be left behind when the time is over; and a panic
//! in jaq ends that thread only. But it costs more than the rest of a small edit. So a filter that
//! [can do little](super::quick) with its small input is tried without it, for a few steps and with a
//! little of the stack; nobody sees what comes of that if they do not suffice.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::Instant;

use bytes::Bytes;
use jaq_core::data::{DataT, HasLut};
use jaq_core::{Ctx, Lut, Vars};

use super::compile::{Global, Program};
use super::nested::{self, stack_position};
use super::text;
use super::value::{Members, Value};
use super::{failure, read, write};
use crate::document::{Outline, View};
use crate::error::{Error, ErrorKind, Result};

/// The stack of a filter's thread. Only what is used of it takes memory, but all of it takes addresses. Where
/// these are limited, there is a smaller one.
const STACKS: [usize; 3] = [256 << 20, 64 << 20, 16 << 20];

/// How much of the caller's stack a filter may take that is run at once. Without optimization jaq takes
/// several times as much as with it.
const SMALL_STACK: usize = if cfg!(debug_assertions) { 1 << 20 } else { 1 << 18 };

/// How many steps such a filter may take.
const SMALL_STEPS: usize = 10_000;

/// How many values it may compare and write.
const SMALL_LOOKS: usize = 100_000;

/// How large its input may be.
const SMALL_INPUT: usize = 16 << 10;

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

impl Input {
    fn len(&self) -> usize {
        match self {
            Input::Text(text) => text.len(),
            Input::Checked(view) => view.bytes().len(),
        }
    }
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

/// What a run may take before it is ended.
struct Limits {
    stack: usize,
    steps: usize,
    /// How many values may be written or compared.
    looks: usize,
    abandoned: Arc<AtomicBool>,
}

/// Runs the filter.
pub(super) fn run(job: Job, deadline: Option<Instant>) -> Outcome {
    match run_at_once(&job) {
        Some(outcome) => outcome,
        None => run_in_thread(job, deadline),
    }
}

/// What a run gave, and how it ended.
pub(super) struct Outcome {
    pub(super) results: Vec<Outline>,
    pub(super) end: Result<()>,
}

impl Outcome {
    fn failed(error: Error) -> Self {
        Outcome { results: Vec::new(), end: Err(error) }
    }

    /// The results, if there was no failure behind them.
    pub(super) fn all(self) -> Result<Vec<Outline>> {
        self.end.map(|()| self.results)
    }
}

/// Runs a filter that can do little. `None` if it did more.
fn run_at_once(job: &Job) -> Option<Outcome> {
    let is_small = |input: &Input| input.len() <= SMALL_INPUT;
    let inputs = job.given.iter().map(|(_, input)| input).chain([&job.input]);
    if !cfg!(panic = "unwind") || !job.program.is_quick || !inputs.into_iter().all(is_small) {
        return None;
    }
    let (stack, steps, looks) = (SMALL_STACK, SMALL_STEPS, SMALL_LOOKS);
    let limits = Limits { stack, steps, looks, abandoned: Arc::default() };
    let _unlimited = Unlimited;
    catch_unwind(AssertUnwindSafe(|| evaluate(job, limits, &mut Vec::new()))).ok()
}

/// Takes the limits from the thread when it is dropped.
struct Unlimited;

impl Drop for Unlimited {
    fn drop(&mut self) {
        nested::limit(usize::MAX, usize::MAX);
    }
}

fn run_in_thread(job: Job, deadline: Option<Instant>) -> Outcome {
    let (sender, results) = sync_channel(1);
    let abandoned = Arc::new(AtomicBool::new(false));
    let limit = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
    let thread = match spawn(&Arc::new(job), &sender, &abandoned) {
        Ok(thread) => thread,
        Err(error) => return Outcome::failed(failure::no_thread(&error)),
    };
    drop(sender);
    let received = match limit {
        Some(limit) => results.recv_timeout(limit),
        None => results.recv().map_err(RecvTimeoutError::from),
    };
    received.unwrap_or_else(|error| match error {
        RecvTimeoutError::Timeout => {
            abandoned.store(true, Ordering::Relaxed);
            Outcome::failed(failure::late(limit.unwrap_or_default()))
        }
        RecvTimeoutError::Disconnected => Outcome::failed(failure::crash(thread)),
    })
}

/// Starts the thread, with the largest stack that there are addresses for.
fn spawn(
    job: &Arc<Job>,
    sender: &SyncSender<Outcome>,
    abandoned: &Arc<AtomicBool>,
) -> io::Result<JoinHandle<()>> {
    let start = |stack: usize| {
        let (job, sender, abandoned) = (job.clone(), sender.clone(), abandoned.clone());
        let work = move || {
            let mut values = Vec::new();
            let (steps, looks) = (usize::MAX, usize::MAX);
            let limits = Limits { stack: stack / 8 * 7, steps, looks, abandoned };
            let outcome = evaluate(&job, limits, &mut values);
            // Nobody listens any more if the time is over. Only afterwards are the values dropped, which
            // takes long if they are many.
            let _ = sender.send(outcome);
        };
        thread::Builder::new().name("filter".into()).stack_size(stack).spawn(work)
    };
    let [largest, smaller @ ..] = STACKS;
    smaller.into_iter().fold(start(largest), |thread, stack| thread.or_else(|_| start(stack)))
}

fn evaluate(job: &Job, limits: Limits, values: &mut Vec<Value>) -> Outcome {
    let mut results = Vec::new();
    let end = collect(job, limits, values, &mut results);
    Outcome { results, end }
}

fn collect(
    job: &Job,
    limits: Limits,
    values: &mut Vec<Value>,
    outlines: &mut Vec<Outline>,
) -> Result<()> {
    let program = &job.program;
    nested::limit(limits.stack, limits.looks);
    let run = Run {
        lut: &program.filter.lut,
        raised: RefCell::new(None),
        stack_start: stack_position(),
        steps: Cell::new(0),
        limits,
    };
    let input = value(&job.input, job.reading, "the input of the filter")?;
    let base = match (&input, &job.input, job.writing) {
        (Value::Text(text), Input::Checked(_), Writing::Outlines) => Some(text.source.clone()),
        _ => None,
    };
    let globals = program.globals.iter().map(|global| global_value(global, job));
    let globals = Vars::new(globals.collect::<Result<Vec<_>>>()?);
    let results = program.filter.id.run((Ctx::<Jq>::new(Host { run: &run }, globals), input));
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
    Ok(())
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
    steps: Cell<usize>,
    limits: Limits,
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
        let Run { stack_start, steps, limits, .. } = self.run;
        // The rest of the stack is for what recurses without calling a filter, as comparing values does.
        if stack_start.abs_diff(stack_position()) > limits.stack / 7 * 2 {
            stop(Stopped::TooDeep);
        }
        steps.set(steps.get().saturating_add(1));
        if steps.get() > limits.steps || limits.abandoned.load(Ordering::Relaxed) {
            stop(Stopped::Abandoned);
        }
        Host { run: self.run }
    }
}

/// Why a run was ended.
pub(super) enum Stopped {
    /// The filter calls itself too deeply.
    TooDeep,
    /// A value is nested too deeply for what is to be done with it.
    TooNested,
    Abandoned,
}

/// Leaves the run from within jaq, without the message of a panic. A program that is built to abort on
/// panics has to do without.
pub(super) fn stop(reason: Stopped) {
    if cfg!(panic = "unwind") {
        resume_unwind(Box::new(reason) as Box<dyn Any + Send>);
    }
}
