//! Proves what the scripts in `tests/shell` promise, with many processes, in the shells that people have.

use crate::harness::Sandbox;
use crate::system::works;

/// Processes at once.
const MANY: usize = 8;

/// Runs a script by each shell. It finds those of `tests/shell` in `$scripts`, and the shell in `$shell`.
fn in_each_shell(test: &str, script: &str, check: impl Fn(&[&str])) {
    for shell in ["bash", "dash"] {
        if works(test, &[shell, "-c", "true"]) {
            let sandbox = Sandbox::new();
            sandbox.write("main.sh", script);
            let scripts = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/shell");
            let variables = format!("export shell={shell} scripts='{scripts}' many={MANY}");
            sandbox
                .shell(&format!("{variables}; timeout 120 {shell} -eu main.sh"))
                .succeeds()
                .prints_nothing();
            check(&sandbox.read("log").lines().collect::<Vec<_>>());
        }
    }
}

#[test]
fn nobody_passes_the_barrier_before_all_have_arrived() {
    let script = r#"
        member() {
            for round in 1 2 3; do
                echo "arrives $round" >> log
                $shell "$scripts/barrier.sh" barrier.json "$many"
                echo "passes $round" >> log
            done
        }
        for i in $(seq "$many"); do member & done
        wait
    "#;
    in_each_shell("coordination::nobody_passes", script, |log| {
        assert_eq!(log.len(), 2 * 3 * MANY, "{log:#?}");
        for round in 1..=3 {
            let arrival = format!("arrives {round}");
            let pass = format!("passes {round}");
            let last_arrival = log.iter().rposition(|line| *line == arrival).unwrap();
            let first_pass = log.iter().position(|line| *line == pass).unwrap();
            assert!(last_arrival < first_pass, "round {round}: {log:#?}");
        }
    });
}

#[test]
fn each_job_of_the_queue_is_done_once() {
    let script = r#"
        for i in $(seq "$many"); do
            $shell "$scripts/work-queue.sh" queue.json sh -c 'echo "$1" >> log' - &
        done
        for producer in 1 2 3; do
            (for i in 1 2 3 4 5 6 7 8; do jsonlock set queue.json "todo[]=job $producer $i"; done) &
            producers="${producers:-} $!"
        done
        for producer in $producers; do wait "$producer"; done
        jsonlock set queue.json closed:=true
        wait
        jsonlock get queue.json --jq '(.done | length) == 24 and .doing == {} and .todo == []' |
            grep -q true
    "#;
    in_each_shell("coordination::each_job", script, |log| {
        let mut done = log.to_vec();
        done.sort_unstable();
        let jobs = (1..=3).flat_map(|producer| (1..=8).map(move |i| format!("job {producer} {i}")));
        assert_eq!(done, jobs.collect::<Vec<_>>());
    });
}
