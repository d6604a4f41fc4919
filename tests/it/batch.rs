//! `batch`: a stream of edits, each acknowledged when it is in the document.

mod answers;
mod atomic;
mod crash;
mod stops;
mod stream;
mod styles;
mod terminal;

use crate::harness::{Sandbox, listening};
use crate::system::{Ended, end_of};
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

const OLD: &str = "{\"a\": \"0ld\"}";

/// A batch that goes on.
struct Running {
    child: Child,
    input: Option<ChildStdin>,
    answers: Option<BufReader<ChildStdout>>,
}

impl Running {
    fn start(sandbox: &Sandbox, args: &[&str]) -> Self {
        let mut command = listening([&[crate::harness::JSONLOCK, "batch"], args].concat());
        command.current_dir(sandbox.root());
        command.env_remove("JSONLOCK_TIMEOUT").env_remove("JSONLOCK_NETWORK_FS");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let input = child.stdin.take();
        let answers = child.stdout.take().map(BufReader::new);
        Running { child, input, answers }
    }

    fn write(&mut self, text: &str) {
        self.input.as_mut().unwrap().write_all(text.as_bytes()).unwrap();
    }

    /// The next answer; none if there will be no more. The last one may be cut off by a kill.
    fn answer(&mut self) -> Option<Value> {
        let mut line = String::new();
        self.answers.as_mut().unwrap().read_line(&mut line).unwrap();
        line.ends_with('\n').then(|| serde_json::from_str(&line).unwrap())
    }

    /// Closes the input, and gives the answers that come then, and the end.
    fn end(mut self) -> (Vec<Value>, Ended) {
        drop(self.input.take());
        let answers = std::iter::from_fn(|| self.answer()).collect();
        (answers, end_of(self.child))
    }
}

/// What a program has answered.
fn answers(stdout: &str) -> Vec<Value> {
    stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Number, and 0 or the code, of each answer.
fn codes(answers: &[Value]) -> Vec<(u64, u64)> {
    let code = |answer: &Value| match &answer["ok"] {
        Value::Bool(true) => 0,
        _ => answer["code"].as_u64().unwrap(),
    };
    answers.iter().map(|answer| (answer["line"].as_u64().unwrap(), code(answer))).collect()
}

/// The line that adds a key.
fn add(key: impl std::fmt::Display) -> String {
    format!("{}\n", json!({ key.to_string(): "x" }))
}
