//! Batches that are killed: whatever was acknowledged is in the document.

use super::{Running, add};
use crate::harness::{Sandbox, is_long, not_triggered};
use crate::system::works;
use serde_json::Value;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::thread;

const LINES: usize = 10_000;

/// Writes all lines, and kills the batch when it has given so many answers, or a moment later. Gives
/// the numbers of the lines that were acknowledged.
fn acknowledged_until_killed(mut batch: Running, answers: usize, delay: u64) -> Vec<u64> {
    let mut input = batch.input.take().unwrap();
    let producer = thread::spawn(move || {
        // The pipe breaks when the batch is killed.
        (0..LINES).try_for_each(|number| input.write_all(add(number).as_bytes()))
    });
    let mut acknowledged = Vec::new();
    while let Some(answer) = batch.answer() {
        assert_eq!(answer["ok"], Value::Bool(true), "{answer}");
        acknowledged.push(answer["line"].as_u64().unwrap());
        if acknowledged.len() == answers {
            // The moment is what is left to chance here; nothing is being waited for.
            thread::sleep(std::time::Duration::from_micros(delay));
            batch.child.kill().unwrap();
        }
    }
    let _ = producer.join().unwrap();
    batch.child.wait().unwrap();
    acknowledged
}

/// The lines that were acknowledged and are not in the document, which must be whole.
fn lost(sandbox: &Sandbox, acknowledged: &[u64]) -> Vec<u64> {
    let document = sandbox.json("f");
    let is_lost = |line: &&u64| document.get((*line - 1).to_string()).is_none();
    acknowledged.iter().filter(is_lost).copied().collect()
}

#[test]
fn a_batch_that_is_killed_at_random_loses_nothing_that_it_acknowledged() {
    let mut random = fastrand::Rng::new();
    let mut killed = 0;
    for round in 0..if is_long() { 200 } else { 15 } {
        let sandbox = Sandbox::with("f", "{}");
        let batch = Running::start(&sandbox, &["f"]);
        // The first round is killed when the first answer is there, the others anywhere.
        let answers = if round == 0 { 1 } else { random.usize(1..LINES * 9 / 10) };
        let acknowledged = acknowledged_until_killed(batch, answers, random.u64(..20_000));
        assert!(acknowledged.len() >= answers);
        assert!(acknowledged.iter().copied().eq(1..=acknowledged.len() as u64), "in order");
        assert_eq!(lost(&sandbox, &acknowledged), [0; 0], "killed after {answers}");
        killed += usize::from(acknowledged.len() < LINES);
        sandbox.run(["set", "f", "last=x"]).succeeds();
        assert_eq!(sandbox.names(), ["f", "f.lock"], "the next edit cleans up");
    }
    if killed == 0 {
        not_triggered("batch::crash::a_batch_that_is_killed_at_random", "all were done before");
    }
}

/// A batch as one might write it, which acknowledges what it has only read.
const HASTY: &str = r#"
import json, sys, time
document = json.load(open("f"))
for number, line in enumerate(sys.stdin, 1):
    document.update(json.loads(line))
    print(json.dumps({"line": number, "ok": True}), flush=True)
json.dump(document, open("f", "w"))
"#;

/// The control: the same kills find what a program loses that acknowledges too early.
#[test]
fn the_same_kills_find_what_a_hasty_program_loses() {
    let test = "batch::crash::the_same_kills_find_what_a_hasty_program_loses";
    if !works(test, &["python3", "-c", "import json"]) {
        return;
    }
    let sandbox = Sandbox::with("f", "{}");
    let mut command = Command::new("python3");
    command.args(["-c", HASTY]).current_dir(sandbox.root());
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let input = child.stdin.take();
    let answers = child.stdout.take().map(std::io::BufReader::new);
    let acknowledged = acknowledged_until_killed(Running { child, input, answers }, 100, 0);
    assert!(lost(&sandbox, &acknowledged).len() >= 100);
}
