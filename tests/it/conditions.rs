//! Proves that an edit with conditions is made if they hold, and otherwise changes nothing, says what is
//! not so, and shows no values.

use crate::harness::{Run, Sandbox, is_long, not_triggered, with_jsonlock};
use std::process::Command;
use std::thread;

const OLD: &str = "{\"a\": \"s3cret\", \"n\": 1, \"leader\": null}\n";

/// Runs a command that must be refused with `code` and leave everything as it is.
#[track_caller]
fn refused(sandbox: &Sandbox, args: &[&str], code: i32) -> Run {
    let run = sandbox.run(args).exits_with(code).prints("").says("f was not changed");
    assert_eq!(sandbox.read("f"), OLD);
    run.never_says("s3cret")
}

fn etag(sandbox: &Sandbox) -> String {
    sandbox.run(["get", "f", "--etag"]).succeeds().stdout().trim().to_owned()
}

#[test]
fn if_is_asked_of_the_document_before() {
    let sandbox = Sandbox::with("f", OLD);
    refused(&sandbox, &["set", "f", "n:=2", "--if", ".n == 2"], 76).says("--if is false");
    refused(&sandbox, &["del", "f", "n", "--if", ".leader"], 76).says("--if is null");
    refused(&sandbox, &["merge", "f", "{\"n\": 2}", "--if", ".a == \"other\""], 76);
    refused(&sandbox, &["apply", "f", ".n += 1", "--if", ".n > $m", "--argjson", "m", "1"], 76);
    refused(&sandbox, &["set", "f", "n:=2", "--if", ".n == 2", "--dry-run"], 76);
    sandbox.run(["apply", "f", ".n += 1", "--if", ".n == $m", "--argjson", "m", "1"]).succeeds();
    assert_eq!(sandbox.json("f")["n"], 2);
}

#[test]
fn check_is_asked_of_the_result() {
    let sandbox = Sandbox::with("f", OLD);
    refused(&sandbox, &["set", "f", "n:=2", "--check", ".n < 2"], 78).says("--check is false");
    refused(&sandbox, &["del", "f", "a", "--check", ".a"], 78).says("--check is null");
    refused(&sandbox, &["set", "f", "n:=1", "--check", ".n > $old.n"], 78);
    sandbox.run(["set", "f", "n:=2", "--check", ".n > $old.n"]).succeeds();
    sandbox.run(["merge", "new", "{\"n\": 2}", "--check", "$old == null and .n == 2"]).succeeds();
}

#[test]
fn a_condition_that_cannot_be_asked_is_an_error_of_its_own() {
    let sandbox = Sandbox::with("f", OLD);
    for option in ["--if", "--check"] {
        refused(&sandbox, &["set", "f", "n:=2", option, ".["], 3).says(option);
        refused(&sandbox, &["set", "f", "n:=2", option, ".a + 1"], 5).says(option);
        refused(&sandbox, &["set", "f", "n:=2", option, "empty"], 5).says(option);
        refused(&sandbox, &["set", "f", "n:=2", option, "true, true"], 5).says(option);
    }
    sandbox.run(["set", "f", "n:=2", "--if-match", "x", "--if-absent"]).exits_with(2);
}

#[test]
fn an_etag_names_one_content() {
    let sandbox = Sandbox::with("f", OLD);
    let first = etag(&sandbox);
    refused(&sandbox, &["set", "f", "n:=2", "--if-match", "0123"], 76).says(&first).says("0123");
    let run = sandbox.run(["set", "f", "n:=2", "--if-match", &first, "--etag"]).succeeds();
    let second = run.stdout().trim().to_owned();
    assert_eq!(etag(&sandbox), second, "the printed etag saves a read");
    sandbox.run(["set", "f", "n:=3", "--if-match", &first]).exits_with(76).says(&second);
    for empty in ["", " "] {
        let run = sandbox.run(["set", "f", "n:=3", "--if-match", empty]).exits_with(2);
        run.says("the etag is empty; is a variable unset?");
    }
    let report = sandbox.run(["set", "f", "n:=3", "--if-match", &second, "--report"]).succeeds();
    assert!(report.stdout().contains(&etag(&sandbox)));
    sandbox.run(["set", "f", "n:=1", "--if-match", &etag(&sandbox)]).succeeds();
    assert_eq!(etag(&sandbox), first, "equal content has an equal etag");
    sandbox.run(["set", "missing", "n:=1", "--if-match", &first]).exits_with(76).says("not exist");
    sandbox.run(["del", "missing", "n", "--if-match", &first]).exits_with(76).says("not exist");
}

/// Size and time say nothing about content.
#[test]
fn an_etag_sees_a_change_of_the_same_size_and_time() {
    let sandbox = Sandbox::with("f", OLD);
    let before = etag(&sandbox);
    let script =
        "touch -r f time; printf '%s' \"$(cat f | tr s S)\" > f; echo >> f; touch -r time f";
    sandbox.shell(script).succeeds();
    sandbox.run(["set", "f", "n:=2", "--if-match", &before]).exits_with(76);
}

#[test]
fn if_absent_is_about_the_paths_or_the_document() {
    let sandbox = Sandbox::with("f", OLD);
    refused(&sandbox, &["set", "f", "b=1", "n:=2", "--if-absent"], 76).says("n exists");
    refused(&sandbox, &["set", "f", "leader=me", "--if-absent"], 76).says("leader exists");
    refused(&sandbox, &["merge", "f", "{\"b\": 1}", "--if-absent"], 76).says("it exists");
    refused(&sandbox, &["apply", "f", ".b = 1", "--if-absent"], 76).says("it exists");
    sandbox.run(["set", "f", "b.c=1", "l[]=1", "--if-absent"]).succeeds();
    sandbox.run(["set", "f", "l[]=2", "--if-absent"]).succeeds();
    assert_eq!(sandbox.json("f")["l"], serde_json::json!(["1", "2"]));
    sandbox.run(["merge", "new", "{\"b\": 1}", "--if-absent"]).succeeds();
    sandbox.write("blank", "\n");
    sandbox.run(["merge", "blank", "{\"b\": 1}", "--if-absent"]).succeeds();
}

#[test]
fn of_fifty_who_claim_a_slot_one_gets_it() {
    let sandbox = Sandbox::with("f", OLD);
    let codes: Vec<Option<i32>> = thread::scope(|scope| {
        let claim = |number: usize| {
            let leader = format!("leader=w{number}");
            sandbox.run(["set", "f", &leader, "--if", ".leader == null"]).code()
        };
        let claims: Vec<_> = (0..50).map(|number| scope.spawn(move || claim(number))).collect();
        claims.into_iter().map(|claim| claim.join().unwrap()).collect()
    });
    let winners: Vec<usize> = (0..50).filter(|number| codes[*number] == Some(0)).collect();
    assert_eq!(winners.len(), 1, "{codes:?}");
    assert_eq!(codes.iter().filter(|code| **code == Some(76)).count(), 49);
    assert_eq!(sandbox.json("f")["leader"], format!("w{}", winners[0]));
}

/// Reading first and writing under the condition that nobody came in between is as good as a lock, if
/// those who came too late try again.
#[test]
fn increments_that_are_conditional_on_an_etag_lose_nothing() {
    const SCRIPT: &str = r#"for number in $(seq "$1"); do
        while :; do
            etag=$(jsonlock get f --etag) || exit 1
            n=$(jsonlock get f n) || exit 1
            code=0
            jsonlock set f n:=$((n + 1)) --if-match "$etag" 2>/dev/null || code=$?
            case $code in 0) break;; 76) echo conflict;; *) exit 1;; esac
            sleep "0.$((($$ + n) % 10))"
        done
    done"#;
    let (writers, increments) = if is_long() { (50, 20) } else { (6, 5) };
    let sandbox = Sandbox::with("f", "{\"n\": 0}");
    sandbox.write("script", SCRIPT);
    let script = format!("sh script {increments}");
    let conflicts: usize = thread::scope(|scope| {
        let increment = || sandbox.shell(&script).succeeds().stdout().lines().count();
        let writers: Vec<_> = (0..writers).map(|_| scope.spawn(increment)).collect();
        writers.into_iter().map(|writer| writer.join().unwrap()).sum()
    });
    assert_eq!(sandbox.json("f")["n"], writers * increments);
    if conflicts == 0 {
        not_triggered("conditions::increments_that_are_conditional", "they never met");
    }
}

/// Counts as a script does that has no lock: read, compute, write if nobody was quicker, or again after a
/// random pause that may be longer each time. Prints how many conflicts it met.
const OPTIMISTIC: &str = r#"
conflicts=0
for turn in $(seq $1); do
    limit=20
    while :; do
        etag=$(jsonlock get f --etag) && n=$(jsonlock get f n) || exit
        jsonlock set f "n:=$((n + 1))" --if-match "$etag" --durability=none && break
        test $? = 76 || exit 1
        conflicts=$((conflicts + 1))
        sleep $((RANDOM % limit))e-3
        limit=$((limit < 1000 ? limit * 2 : limit))
    done
done
echo $conflicts
"#;

#[test]
fn fifty_processes_that_count_optimistically_lose_nothing_and_are_told_of_each_conflict() {
    let sandbox = Sandbox::with("f", "{\"n\": 0}");
    let (workers, edits) = (50, 20);
    let work = || {
        let mut bash = Command::new("bash");
        bash.args(["-c", OPTIMISTIC, "bash", &edits.to_string()]).current_dir(sandbox.root());
        sandbox.run_command(with_jsonlock(bash))
    };
    let runs: Vec<Run> = thread::scope(|scope| {
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        workers.into_iter().map(|worker| worker.join().unwrap().succeeds()).collect()
    });
    assert_eq!(sandbox.json("f")["n"], workers * edits);
    let mut all = 0;
    for run in runs {
        let conflicts: usize = run.stdout().trim().parse().unwrap();
        let told = run.stderr().lines().filter(|line| line.contains("and must be")).count();
        assert_eq!(conflicts, told, "{run}");
        all += conflicts;
    }
    eprintln!("CONFLICTS {all}");
    if all == 0 {
        not_triggered("conditions::fifty_processes_that_count_optimistically", "no conflict");
    }
}
