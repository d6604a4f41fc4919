//! Many edits by one who has them all at hand.

use crate::crowd::{Size, key, verify};
use crate::peers::{JSONLOCK, command, output, run};
use crate::race::{Contender, race};
use crate::report::{Goal, Report};
use crate::{Setting, create};
use anyhow::{Context as _, Result};
use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

pub(crate) fn compare(setting: &Setting, report: &mut Report) -> Result<()> {
    let edits = setting.effort.pick(50, 1000);
    let mut contenders = vec![
        contender(setting, edits, "batch", |file| batch(file, edits, "--durability=full")),
        contender(setting, edits, "one `set` for each", |file| sets(file, edits)),
        contender(setting, edits, &setting.peers.python.version, |file| {
            python(setting, file, edits, None)
        }),
        contender(setting, edits, "batch, no syncs", |file| {
            batch(file, edits, "--durability=none")
        }),
        contender(setting, edits, &format!("{}, no syncs", setting.peers.python.version), |file| {
            python(setting, file, edits, Some("--no-sync"))
        }),
    ];
    race(setting.effort.pick(1, 5), &mut contenders)?;
    for (jsonlock, peers) in [(0, &[1, 2][..]), (3, &[4])] {
        for peer in peers {
            let (jsonlock, peer) = (&contenders[jsonlock], &contenders[*peer]);
            let what = jsonlock.name.replace("batch", &format!("`batch`, {edits} lines"));
            let peer = (peer.name.as_str(), peer.median());
            report.push_rates(what, edits, jsonlock.median(), peer, Goal::None);
        }
    }
    Ok(())
}

fn contender<'a>(
    setting: &'a Setting,
    edits: usize,
    name: &str,
    run: impl Fn(&Path) -> Result<Duration> + 'a,
) -> Contender<'a> {
    Contender::new(name, move |_| {
        let file = setting.document("batch", "{}\n")?;
        let time = run(&file)?;
        verify(&file, Size { workers: 1, edits })?;
        Ok(time)
    })
}

fn batch(file: &Path, edits: usize, durability: &str) -> Result<Duration> {
    let lines: String =
        (0..edits).map(|edit| format!("{{\"{}\":\"v\"}}\n", key(0, edit))).collect();
    let input = file.with_extension("jsonl");
    create(&input, &lines)?;
    let mut command = command(JSONLOCK, ["batch", durability]);
    command.arg(file).stdin(File::open(input)?).stdout(Stdio::null());
    timed(|| run(command))
}

fn sets(file: &Path, edits: usize) -> Result<Duration> {
    timed(|| {
        (0..edits).try_for_each(|edit| {
            let mut command = command(JSONLOCK, ["set"]);
            command.arg(file).arg(format!("{}=v", key(0, edit)));
            run(command)
        })
    })
}

/// In one process that goes on, without the time that it takes to start.
fn python(setting: &Setting, file: &Path, edits: usize, option: Option<&str>) -> Result<Duration> {
    let mut command = Command::new(&setting.peers.python.path);
    command.arg(&setting.peers.writer).arg("threads").arg(file);
    command.arg("1").arg(edits.to_string()).args(option);
    let seconds = output(&mut command)?;
    Ok(Duration::from_secs_f64(seconds.parse().context("the helper printed no time")?))
}

fn timed(work: impl FnOnce() -> Result<()>) -> Result<Duration> {
    let start = Instant::now();
    work()?;
    Ok(start.elapsed())
}
