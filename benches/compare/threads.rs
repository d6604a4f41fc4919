//! The library: many threads that edit one file at once.

use crate::Setting;
use crate::crowd::{Size, key, verify, work};
use crate::peers::{command, output};
use crate::race::{Contender, race};
use crate::report::{Goal, Report};
use anyhow::{Context as _, Result};
use jsonlock::{Durability, Json, LocalStore};
use std::path::Path;
use std::time::Duration;

pub(crate) fn compare(setting: &Setting, report: &mut Report) -> Result<()> {
    let size = Size { workers: setting.effort.pick(10, 50), edits: setting.effort.pick(4, 20) };
    let syncing = (Durability::Full, None, Goal::AtLeast(10.0));
    let not_syncing = (Durability::None, Some("--no-sync"), Goal::None);
    for (durability, option, goal) in [syncing, not_syncing] {
        let mut contenders = vec![
            contender(setting, size, "jsonlock", |file| library(file, size, durability)),
            contender(setting, size, "threads", |file| {
                python(setting, "threads", file, size, option)
            }),
            contender(setting, size, "processes", |file| {
                python(setting, "processes", file, size, option)
            }),
        ];
        race(setting.effort.pick(1, 5), &mut contenders)?;
        let edits = size.workers * size.edits;
        let syncs = option.map_or("", |_| ", no syncs");
        let what = format!("library, {} threads × {} edits{syncs}", size.workers, size.edits);
        let (jsonlock, peers) = contenders.split_at(1);
        for (peer, goal) in peers.iter().zip([goal, Goal::None]) {
            let name = format!("{} {}{syncs}", setting.peers.python.version, peer.name);
            let times = (jsonlock[0].median(), (name.as_str(), peer.median()));
            report.push_rates(&what, edits, times.0, times.1, goal);
        }
    }
    Ok(())
}

fn contender<'a>(
    setting: &'a Setting,
    size: Size,
    name: &str,
    run: impl Fn(&Path) -> Result<Duration> + 'a,
) -> Contender<'a> {
    Contender::new(name, move |_| {
        let file = setting.document("threads", "{}\n")?;
        let time = run(&file)?;
        verify(&file, size)?;
        Ok(time)
    })
}

fn library(file: &Path, size: Size, durability: Durability) -> Result<Duration> {
    let store = LocalStore::new(file).durability(durability);
    work(size, |worker, edit| {
        let path = key(worker, edit).parse()?;
        jsonlock::edit(&store, |document| document.set(&path, Json::string("v")))?;
        Ok(())
    })
}

fn python(
    setting: &Setting,
    kind: &str,
    file: &Path,
    size: Size,
    option: Option<&str>,
) -> Result<Duration> {
    let peers = &setting.peers;
    let mut command = command(&peers.python.path, [&peers.writer]);
    command.arg(kind).arg(file);
    command.args([size.workers, size.edits].map(|number| number.to_string())).args(option);
    let seconds = output(&mut command)?;
    Ok(Duration::from_secs_f64(seconds.parse().context("the Python writer prints seconds")?))
}
