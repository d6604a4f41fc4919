//! One edit of a 1 KB document, as the time from starting a program to its end.

use crate::peers::{JSONLOCK, command, run};
use crate::race::{Contender, race};
use crate::report::{Goal, Report};
use crate::{Setting, recipe};
use anyhow::{Context as _, Result, ensure};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

/// Where the counter starts. It keeps its length, so that the C program can overwrite it.
const FIRST: usize = 10_000_000;

fn text() -> String {
    let member = |index| format!("  \"token-{index:02}\": \"0123456789abcdef0123456789abcdef\",\n");
    let members: String = (0..20).map(member).collect();
    format!("{{\n{members}  \"counter\": {FIRST},\n  \"done\": false\n}}\n")
}

/// Makes the command that sets the counter of a file to a number; it was one less before.
type Edit<'a> = Box<dyn Fn(&Path, usize) -> Command + 'a>;

pub(crate) fn compare(setting: &Setting, report: &mut Report) -> Result<()> {
    let rounds = setting.effort.pick(20, 500);
    let mut files = Vec::new();
    let mut contenders = Vec::new();
    for (name, edit) in edits(setting) {
        let file = setting.document("one-edit", &text())?;
        files.push((name.clone(), file.clone()));
        contenders.push(Contender::new(name, move |round| {
            let command = edit(&file, FIRST + round + 1);
            let start = Instant::now();
            run(command)?;
            Ok(start.elapsed())
        }));
    }
    race(rounds, &mut contenders)?;
    for (name, file) in files.iter().filter(|(name, _)| name != "nothing") {
        verify(file, FIRST + rounds).with_context(|| format!("the edits by {name}"))?;
    }
    push(setting, report, &contenders);
    Ok(())
}

fn edits(setting: &Setting) -> Vec<(String, Edit<'_>)> {
    let protocol = &setting.peers.protocol;
    let c = |syncs: &'static str| -> Edit<'_> {
        Box::new(move |file, counter| {
            let counter = counter.to_string();
            command(
                protocol,
                [file.as_os_str(), "counter".as_ref(), counter.as_ref(), syncs.as_ref()],
            )
        })
    };
    let set = |durability: &'static str| -> Edit<'_> {
        Box::new(move |file, counter| {
            let mut command = command(JSONLOCK, ["set", durability]);
            command.arg(file).arg(format!("counter:={counter}"));
            command
        })
    };
    let apply = |durability: &'static str| -> Edit<'_> {
        Box::new(move |file, _| {
            let mut command = command(JSONLOCK, ["apply", durability]);
            command.arg(file).arg(".counter += 1");
            command
        })
    };
    let mut edits: Vec<(String, Edit<'_>)> = vec![
        ("C".to_owned(), c("full")),
        ("set".to_owned(), set("--durability=full")),
        ("apply".to_owned(), apply("--durability=full")),
        ("C, no syncs".to_owned(), c("none")),
        ("set, no syncs".to_owned(), set("--durability=none")),
        ("apply, no syncs".to_owned(), apply("--durability=none")),
        // What starting and ending a static program costs.
        ("nothing".to_owned(), Box::new(|_, _| Command::new(&setting.peers.protocol))),
    ];
    for jq in &setting.peers.jqs {
        let edit = move |file: &Path, _| recipe::locked(&jq.path, &[".counter += 1", "FILE"], file);
        edits.push((recipe::name(jq), Box::new(edit)));
    }
    edits
}

/// Whether no edit was lost and nothing else was changed.
fn verify(file: &Path, counter: usize) -> Result<()> {
    let is = std::fs::read_to_string(file)?;
    let expected = text().replace(&FIRST.to_string(), &counter.to_string());
    ensure!(is == expected, "left this document:\n{is}");
    Ok(())
}

fn push(setting: &Setting, report: &mut Report, contenders: &[Contender<'_>]) {
    let median = |name: &str| {
        let found = contenders.iter().find(|contender| contender.name == name);
        found.map_or(Duration::ZERO, Contender::median)
    };
    let c = ("static C program", median("C"));
    report.push_times("`set`, 1 KB", median("set"), c, Goal::AtMost(1.5));
    report.push_times("`apply`, 1 KB", median("apply"), c, Goal::AtMost(2.0));
    let set = ("`set`", median("set"));
    report.push_times("`apply`, 1 KB", median("apply"), set, Goal::AtMost(1.1));
    for jq in &setting.peers.jqs {
        let peer = recipe::name(jq);
        report.push_times("`apply`, 1 KB", median("apply"), (&peer, median(&peer)), Goal::None);
    }
    let c = ("static C program, no syncs", median("C, no syncs"));
    report.push_times("`set --durability=none`, 1 KB", median("set, no syncs"), c, Goal::None);
    report.push_times("`apply --durability=none`, 1 KB", median("apply, no syncs"), c, Goal::None);
    let set = ("`set --durability=none`", median("set, no syncs"));
    report.push_times(
        "`apply --durability=none`, 1 KB",
        median("apply, no syncs"),
        set,
        Goal::None,
    );
    let nothing = ("C program that does nothing", median("nothing"));
    report.push_times(
        "`set --durability=none`, 1 KB",
        median("set, no syncs"),
        nothing,
        Goal::None,
    );
}
