//! Many processes that edit one file at once.

use crate::Setting;
use crate::peers::{JSONLOCK, command, run};
use crate::race::{Contender, race};
use crate::recipe;
use crate::report::{Goal, Report};
use anyhow::{Result, ensure};
use std::path::Path;
use std::process::Command;
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

pub(crate) fn compare(setting: &Setting, report: &mut Report) -> Result<()> {
    let size = Size { workers: setting.effort.pick(10, 50), edits: setting.effort.pick(4, 20) };
    let python = &setting.peers.python;
    let mut contenders = vec![
        contender(setting, size, "jsonlock", |file, key| {
            let mut command = command(JSONLOCK, ["set".as_ref(), file.as_os_str()]);
            command.arg(format!("{key}=v"));
            command
        }),
        contender(setting, size, &python.version, |file, key| {
            let mut command = command(&python.path, [&setting.peers.writer]);
            command.arg("set").arg(file).args([key, "v"]);
            command
        }),
    ];
    for jq in &setting.peers.jqs {
        let name = format!("{}, which does not sync", recipe::name(jq));
        let edit = |file: &Path, key: &str| {
            recipe::locked(&jq.path, &["--arg", "key", key, r#".[$key] = "v""#, "FILE"], file)
        };
        contenders.push(contender(setting, size, &name, edit));
    }
    race(setting.effort.pick(1, 3), &mut contenders)?;
    let (jsonlock, peers) = contenders.split_at(1);
    let newest = setting.peers.newest_jq().map(recipe::name);
    for peer in peers {
        let what = format!("{} processes × {} `set`", size.workers, size.edits);
        let is_newest = newest.as_ref().is_some_and(|newest| peer.name.starts_with(newest));
        let goal = if is_newest { Goal::AtLeast(5.0) } else { Goal::None };
        let times = (jsonlock[0].median(), (peer.name.as_str(), peer.median()));
        report.push_rates(what, size.workers * size.edits, times.0, times.1, goal);
    }
    Ok(())
}

#[derive(Clone, Copy)]
pub(crate) struct Size {
    pub(crate) workers: usize,
    pub(crate) edits: usize,
}

fn contender<'a>(
    setting: &'a Setting,
    size: Size,
    name: &str,
    edit: impl Fn(&Path, &str) -> Command + Sync + 'a,
) -> Contender<'a> {
    Contender::new(name, move |_| {
        let file = setting.document("crowd", "{}\n")?;
        let time = work(size, |worker, number| run(edit(&file, &key(worker, number))))?;
        verify(&file, size)?;
        Ok(time)
    })
}

/// The key that one edit sets; no other edit sets it.
pub(crate) fn key(worker: usize, edit: usize) -> String {
    format!("w{worker}e{edit}")
}

/// Lets all workers start at once and says when the last one has made its edits.
pub(crate) fn work(
    size: Size,
    edit: impl Fn(usize, usize) -> Result<()> + Sync,
) -> Result<Duration> {
    let barrier = Barrier::new(size.workers + 1);
    thread::scope(|scope| {
        let (barrier, edit) = (&barrier, &edit);
        let start = |worker| {
            scope.spawn(move || {
                barrier.wait();
                (0..size.edits).try_for_each(|number| edit(worker, number))
            })
        };
        let workers: Vec<_> = (0..size.workers).map(start).collect();
        barrier.wait();
        let start = Instant::now();
        for worker in workers {
            worker.join().map_err(|_| anyhow::anyhow!("a worker panicked"))??;
        }
        Ok(start.elapsed())
    })
}

/// Whether the keys of all edits survived.
pub(crate) fn verify(file: &Path, size: Size) -> Result<()> {
    let document: serde_json::Value = serde_json::from_slice(&std::fs::read(file)?)?;
    let expected = (0..size.workers).flat_map(|w| (0..size.edits).map(move |e| key(w, e)));
    let lost: Vec<_> = expected.filter(|key| document.get(key).is_none()).collect();
    ensure!(lost.is_empty(), "{} edits were lost: {lost:?}", lost.len());
    Ok(())
}
