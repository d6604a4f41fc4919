//! Those who edit, each in its own way.

use super::ledger::Ledger;
use crate::harness::Sandbox;
use crate::system::end_of;
use jsonlock::{Editor, ErrorKind, Json, LocalStore, Wait};
use serde_json::{Map, Value, json};
use std::fs;
use std::io::Write as _;
use std::process::{Child, Stdio};
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

/// One of so many processes is killed.
const KILLED: u64 = 6;

/// Processes are killed at most this long after they were started, which is about as long as they take
/// under the load of the others.
const LIFE: u64 = 60_000;

#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    Set,
    Apply,
    Merge,
    Delete,
    Library,
    Batch,
    /// The one that loses.
    WithoutLock,
}

impl Kind {
    /// The command line of an edit; none for those who run in this process.
    fn command(self, me: usize, n: u64) -> Option<[String; 4]> {
        let (name, change) = match self {
            Kind::Set => ("set", format!("w{me}[]:={n}")),
            Kind::Apply => ("apply", format!(".w{me} += [{n}]")),
            Kind::Merge => ("merge", format!(r#"{{"w{me}": {{"{n}": true}}}}"#)),
            Kind::Delete => ("del", format!("w{me}.n{n}")),
            Kind::Batch | Kind::Library | Kind::WithoutLock => return None,
        };
        Some([name.to_owned(), "--timeout=10".to_owned(), "f".to_owned(), change])
    }

    /// The edits that a writer's part of the document shows.
    pub(super) fn made(self, part: &Value, edits: u64) -> Vec<u64> {
        match self {
            Kind::Merge => {
                part.as_object().unwrap().keys().map(|key| key.parse().unwrap()).collect()
            }
            Kind::Delete => (0..edits).filter(|n| part.get(format!("n{n}")).is_none()).collect(),
            _ => part.as_array().unwrap().iter().map(|n| n.as_u64().unwrap()).collect(),
        }
    }
}

/// The document before the first edit.
pub(super) fn document(writers: &[Kind], edits: u64) -> Value {
    let parts = writers.iter().enumerate().map(|(me, kind)| {
        let part = match kind {
            Kind::Merge => json!({}),
            Kind::Delete => (0..edits).map(|n| (format!("n{n}"), json!(true))).collect(),
            _ => json!([]),
        };
        (format!("w{me}"), part)
    });
    Value::Object(parts.collect::<Map<_, _>>())
}

/// What is known of an edit.
enum Answer {
    Done,
    /// Given up, and the document was not changed.
    Busy,
    /// The process was killed before it answered.
    None,
}

/// Makes an edit and notes what came of it.
pub(super) fn write(sandbox: &Sandbox, kind: Kind, me: usize, n: u64, ledger: &Mutex<Ledger>) {
    let answer = match (kind, kind.command(me, n)) {
        (Kind::Batch, _) => run(start_batch(sandbox, me, n)),
        (_, Some(command)) => run(sandbox.spawn(command)),
        (Kind::WithoutLock, None) => edit_without_lock(sandbox, me, n),
        (_, None) => edit(sandbox, me, n),
    };
    let mut ledger = ledger.lock().unwrap();
    match answer {
        Answer::Done => ledger.reported.push(n),
        Answer::Busy => ledger.refused.push(n),
        Answer::None => ledger.unknown.push(n),
    }
}

/// A batch of one line, so that it is known what came of it.
fn start_batch(sandbox: &Sandbox, me: usize, n: u64) -> Child {
    let mut command = sandbox.command(["batch", "--quiet", "--timeout=10", "f"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let operation = json!([{"op": "add", "path": format!("/w{me}/-"), "value": n}]);
    child.stdin.take().unwrap().write_all(operation.to_string().as_bytes()).unwrap();
    child
}

fn run(mut child: Child) -> Answer {
    if fastrand::u64(..KILLED) == 0 {
        // Which moment it hits is left to chance; the kill sweep hits them one by one.
        thread::sleep(Duration::from_micros(fastrand::u64(..LIFE)));
        child.kill().unwrap();
    }
    let ended = end_of(child);
    match (ended.code, ended.signal) {
        (Some(0), _) => Answer::Done,
        (Some(75), _) => Answer::Busy,
        (_, Some(9)) => Answer::None,
        (code, signal) => panic!("{code:?} {signal:?}: {}", ended.stderr),
    }
}

fn edit(sandbox: &Sandbox, me: usize, n: u64) -> Answer {
    let end = format!("w{me}[]").parse().unwrap();
    let store = LocalStore::new(sandbox.path("f"));
    let editor = Editor::default().wait(Wait::at_most(Duration::from_secs(10)));
    match editor.edit(&store, |document| document.set(&end, Json::from(n))) {
        Ok(_) => Answer::Done,
        Err(error) if error.kind() == ErrorKind::Busy => Answer::Busy,
        Err(error) => panic!("{error}"),
    }
}

#[expect(clippy::disallowed_methods, reason = "this is how it is done wrong")]
fn edit_without_lock(sandbox: &Sandbox, me: usize, n: u64) -> Answer {
    let mut document = sandbox.json("f");
    document[format!("w{me}")].as_array_mut().unwrap().push(json!(n));
    let temporary = format!("tmp{me}");
    sandbox.write(&temporary, document.to_string());
    fs::rename(sandbox.path(&temporary), sandbox.path("f")).unwrap();
    Answer::Done
}
