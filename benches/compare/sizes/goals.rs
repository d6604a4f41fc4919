//! The goals for 130 MB.

use super::contenders::{APPLY, COPY, GET, LARGEST, SET};
use crate::measure::Run;
use crate::report::{Goal, Report, Row};
use crate::units::bytes;
use crate::{Setting, recipe};

/// What a `set` may have in memory beside the document.
const MEMORY: u64 = 64_000_000;

pub(super) fn push(setting: &Setting, report: &mut Report, results: &[(String, Run)]) {
    let results = Results(results);
    let jq = setting.peers.newest_jq();
    if let (Some((_, get)), Some(jq)) = (results.find(GET), jq)
        && let Some((name, peer)) = results.find(&jq.version)
    {
        report.push_speeds("`get PATH`, 130 MB", get.time, (name, peer.time), Goal::AtLeast(30.0));
    }
    let (Some((_, set)), Some((_, apply))) = (results.find(SET), results.find(APPLY)) else {
        return;
    };
    if let Some((name, copy)) = results.find(COPY) {
        report.push_times("`set`, 130 MB", set.time, (name, copy.time), Goal::AtMost(1.5));
    }
    report.push(beyond_the_file(set));
    let jq = jq.and_then(|jq| results.find(&recipe::name(jq)));
    for peer in [jq, results.find("jaq ")].into_iter().flatten() {
        push_apply(report, apply, peer);
    }
}

struct Results<'a>(&'a [(String, Run)]);

impl Results<'_> {
    /// The result of the contender whose name begins like this.
    fn find(&self, name: &str) -> Option<(&str, Run)> {
        let found = self.0.iter().find(|(known, _)| known.starts_with(name))?;
        Some((&found.0, found.1))
    }
}

fn beyond_the_file(set: Run) -> Row {
    let beyond = set.memory.saturating_sub(LARGEST as u64);
    Row {
        what: "`set`, 130 MB: memory beyond the file's size".to_owned(),
        jsonlock: bytes(beyond as f64),
        peer: "what it may have".to_owned(),
        peers: bytes(MEMORY as f64),
        ratio: Some(beyond as f64 / MEMORY as f64),
        goal: Goal::AtMost(1.0),
    }
}

fn push_apply(report: &mut Report, apply: Run, (name, peer): (&str, Run)) {
    report.push_times("`apply`, 130 MB", apply.time, (name, peer.time), Goal::Less);
    report.push(Row {
        what: "`apply`, 130 MB: memory".to_owned(),
        jsonlock: bytes(apply.memory as f64),
        peer: name.to_owned(),
        peers: bytes(peer.memory as f64),
        ratio: Some(apply.memory as f64 / peer.memory as f64),
        goal: Goal::Less,
    });
}
