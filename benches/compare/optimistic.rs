//! How often optimistic writers have to try, and whether that pays: closures that take a while run at the
//! same time without the lock, and one after the other under it.

use crate::Setting;
use crate::crowd::{Size, key, verify, work};
use crate::report::{Goal, Report, Row};
use anyhow::Result;
use jsonlock::{Document, Editor, Json, LocalStore, Wait};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

/// What each closure waits for, such as another program.
const WORK: Duration = Duration::from_millis(2);

pub(crate) fn compare(setting: &Setting, report: &mut Report) -> Result<()> {
    let edits = setting.effort.pick(64, 640);
    for workers in [2, 8, 32] {
        let size = Size { workers, edits: edits / workers };
        let editor = Editor::default().wait(Wait::FOREVER);
        let (locked, _) = run(setting, size, &editor)?;
        let (optimistic, attempts) = run(setting, size, &editor.optimistic())?;
        let rate = |time: Duration| edits as f64 / time.as_secs_f64();
        let per_edit = f64::from(attempts) / edits as f64;
        report.push(Row {
            what: format!("library, {workers} optimistic threads, {WORK:?} of work in each edit"),
            jsonlock: format!(
                "{:.0}/s; {per_edit:.2} attempts, {:.2} conflicts an edit",
                rate(optimistic),
                per_edit - 1.0
            ),
            peer: "under the lock".to_owned(),
            peers: format!("{:.0}/s", rate(locked)),
            ratio: Some(rate(optimistic) / rate(locked)),
            goal: Goal::None,
        });
    }
    Ok(())
}

/// How long all edits took, and how many attempts.
fn run(setting: &Setting, size: Size, editor: &Editor) -> Result<(Duration, u32)> {
    let file = setting.document("optimistic", "{}\n")?;
    let attempts = AtomicU32::new(0);
    let time = work(size, |worker, number| {
        let path = key(worker, number).parse()?;
        let edited = editor.edit(&LocalStore::new(&file), |document: &mut Document| {
            thread::sleep(WORK);
            document.set(&path, Json::from("v"))
        })?;
        attempts.fetch_add(edited.attempts, Ordering::Relaxed);
        Ok(())
    })?;
    verify(&file, size)?;
    Ok((time, attempts.into_inner()))
}
