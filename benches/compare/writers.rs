//! From one to 128 writers of one file: edits per second. And what those lose who do not lock.

use crate::crowd::{Size, key, work};
use crate::peers::{JSONLOCK, command, run};
use crate::race::{Contender, race};
use crate::report::{Goal, Kind, Report, Row, Sample, Task};
use crate::{Effort, Setting, recipe};
use anyhow::{Result, ensure};
use std::path::Path;
use std::process::Command;

const FULL: [usize; 5] = [1, 2, 8, 32, 128];
const QUICK: [usize; 2] = [1, 8];

pub(crate) fn compare(setting: &Setting, report: &mut Report) -> Result<()> {
    let edits = setting.effort.pick(16, 256);
    let rounds = setting.effort.pick(1, 3);
    let writers = match setting.effort {
        Effort::Quick => &QUICK[..],
        Effort::Full => &FULL[..],
    };
    for workers in writers.iter().copied() {
        eprintln!("  {workers}");
        let size = Size { workers, edits: edits / workers };
        let mut contenders = contenders(setting, size);
        race(rounds, &mut contenders)?;
        for contender in &contenders {
            report.sample(Sample {
                task: Task::Crowd,
                kind: Kind::EditsPerSecond,
                contender: contender.name.clone(),
                x: workers as u64,
                value: edits as f64 / contender.median().as_secs_f64(),
                runs: rounds,
            });
        }
        if workers > 1 {
            without_lock(setting, report, size)?;
        }
    }
    Ok(())
}

fn contenders(setting: &Setting, size: Size) -> Vec<Contender<'_>> {
    let peers = &setting.peers;
    let mut contenders = vec![
        contender(setting, size, "jsonlock set", |file, key| {
            let mut command = command(JSONLOCK, ["set".as_ref(), file.as_os_str()]);
            command.arg(format!("{key}:=1"));
            command
        }),
        contender(setting, size, "jsonlock apply", |file, key| {
            let mut command = command(JSONLOCK, ["apply".as_ref(), file.as_os_str()]);
            command.arg(format!(".{key} = 1"));
            command
        }),
        contender(setting, size, "static C program", |file, key| {
            let mut command = command(&peers.protocol, [file]);
            command.args([key, "1"]);
            command
        }),
        contender(setting, size, &peers.python.version, |file, key| {
            let mut command = command(&peers.python.path, [&peers.writer]);
            command.arg("set").arg(file).args([key, "1"]);
            command
        }),
    ];
    if let Some(jq) = peers.newest_jq() {
        contenders.push(contender(setting, size, &recipe::name(jq), |file, key| {
            recipe::locked(&jq.path, &[&format!(".{key} = 1"), "FILE"], file)
        }));
    }
    contenders
}

fn contender<'a>(
    setting: &'a Setting,
    size: Size,
    name: &str,
    edit: impl Fn(&Path, &str) -> Command + Sync + 'a,
) -> Contender<'a> {
    let label = name.to_owned();
    Contender::new(name, move |_| {
        let file = setting.document("writers", &text(size))?;
        let time = work(size, |worker, number| run(edit(&file, &key(worker, number))))?;
        let lost = lost(&file, size)?;
        ensure!(lost == 0, "{lost} of the edits by {label} were lost");
        Ok(time)
    })
}

/// All keys with their values before the edits. The C program overwrites what is there.
fn text(size: Size) -> String {
    let keys = (0..size.workers).flat_map(|w| (0..size.edits).map(move |e| key(w, e)));
    let members: Vec<String> = keys.map(|key| format!("  \"{key}\": 0")).collect();
    format!("{{\n{}\n}}\n", members.join(",\n"))
}

fn lost(file: &Path, size: Size) -> Result<usize> {
    let document: serde_json::Value = serde_json::from_slice(&std::fs::read(file)?)?;
    let keys = (0..size.workers).flat_map(|w| (0..size.edits).map(move |e| key(w, e)));
    Ok(keys.filter(|key| document[key] == 0).count())
}

/// The control: that edits are kept says something only where others lose them.
fn without_lock(setting: &Setting, report: &mut Report, size: Size) -> Result<()> {
    let Some(jq) = setting.peers.newest_jq() else { return Ok(()) };
    let file = setting.document("writers", &text(size))?;
    work(size, |worker, number| {
        let filter = format!(".{} = 1", key(worker, number));
        run(recipe::unlocked(&jq.path, &[&filter, "FILE"], &file))
    })?;
    let (workers, edits) = (size.workers, size.workers * size.edits);
    report.push(Row {
        what: format!("{workers} processes, {edits} edits: lost"),
        jsonlock: "0".to_owned(),
        peer: format!("{}, mv, without a lock", jq.version),
        peers: lost(&file, size)?.to_string(),
        ratio: None,
        goal: Goal::None,
    });
    Ok(())
}
