//! One value of a large document, changed by a filter and by `set`, in documents of several shapes; and
//! filters over everything, beside jq.

use crate::measure::{Run, measure};
use crate::peers::{JSONLOCK, command};
use crate::race::{in_turns, median};
use crate::report::{Goal, Report, Row};
use crate::units::bytes;
use crate::{Setting, create};
use anyhow::Result;
use std::path::Path;
use std::process::Command;

const LARGE: usize = 130_000_000;
const SMALL: usize = 1_000_000;

struct Shape {
    name: &'static str,
    /// Makes a document of about so many bytes.
    write: fn(usize) -> String,
    /// What `set` is asked for, and the same as a filter.
    set: &'static str,
    filter: &'static str,
}

const SHAPES: [Shape; 4] = [
    Shape {
        name: "object with many members",
        write: |size| format!("{{{}}}\n", records(size, |number| format!("\"id{number:07}\":"))),
        set: "id0001234.n:=1",
        filter: ".id0001234.n = 1",
    },
    Shape {
        name: "array of records",
        write: |size| format!("[{}]\n", records(size, |_| String::new())),
        set: "[1234].n:=1",
        filter: ".[1234].n = 1",
    },
    Shape {
        name: "array of records, the last",
        write: |size| format!("[{}]\n", records(size, |_| String::new())),
        set: "[-1].n:=1",
        filter: ".[-1].n = 1",
    },
    Shape {
        name: "array of numbers",
        write: |size| {
            let numbers: Vec<String> =
                (10_000_000..10_000_000 + size / 9).map(|n| n.to_string()).collect();
            format!("{{\"l\":[{}]}}\n", numbers.join(","))
        },
        set: "l[1234]:=1",
        filter: ".l[1234] = 1",
    },
];

const EVERYTHING: [&str; 5] = [
    "map(.n) | add",
    "sort_by(.name) | length",
    "group_by(.tags) | length",
    "map(.name) | unique | length",
    "map_values(.n += 1) | length",
];

fn records(size: usize, key: fn(usize) -> String) -> String {
    let record = |number: usize| {
        let name = number.wrapping_mul(7919) % 1_000_003;
        format!(
            "{}{{\"n\":0,\"name\":\"package-{name}\",\"tags\":[\"a{}\",\"b\"],\
             \"meta\":{{\"ok\":true,\"parent\":null,\"path\":\"/usr/lib/{number}/x y\"}}}}",
            key(number),
            number % 100
        )
    };
    let count = size / record(0).len();
    (0..count).map(record).collect::<Vec<_>>().join(",")
}

pub(crate) fn compare(setting: &Setting, report: &mut Report) -> Result<()> {
    let size = setting.effort.pick(SMALL, LARGE);
    for shape in &SHAPES {
        let file = setting.document("shape", &(shape.write)(size))?;
        let reset =
            |name: &str| create(&file, &std::fs::read_to_string(file.with_file_name(name))?);
        create(&file.with_file_name("original"), &std::fs::read_to_string(&file)?)?;
        let edit = |verb: &str, what: &str| {
            let mut edit = command(JSONLOCK, [verb, "--durability=none"]);
            edit.arg(&file).arg(what);
            edit
        };
        let commands = [edit("set", shape.set), edit("apply", shape.filter)];
        let [set, apply] = race(setting, &file, &commands, || reset("original"))?;
        push(report, shape.name, apply, ("`set`", set), Goal::AtMost(2.0));
    }
    everything(setting, report, size)
}

fn everything(setting: &Setting, report: &mut Report, size: usize) -> Result<()> {
    let Some(jq) = setting.peers.newest_jq() else { return Ok(()) };
    let file = setting.document("shape", &format!("[{}]\n", records(size, |_| String::new())))?;
    for filter in EVERYTHING {
        let mut get = command(JSONLOCK, ["get", "--jq", filter]);
        get.arg(&file);
        let mut peer = command(&jq.path, [filter]);
        peer.arg(&file);
        let [peer, get] = race(setting, &file, &[peer, get], || Ok(()))?;
        push(report, filter, get, (&jq.version, peer), Goal::Less);
    }
    Ok(())
}

/// The medians of the two commands, before each of which `reset` is called.
fn race(
    setting: &Setting,
    file: &Path,
    commands: &[Command; 2],
    reset: impl Fn() -> Result<()>,
) -> Result<[Run; 2]> {
    let dir = file.parent().unwrap_or(file);
    let mut runs = [Vec::new(), Vec::new()];
    in_turns(setting.effort.pick(1, 5), 2, |_, index| {
        reset()?;
        runs[index].push(measure(&setting.peers, dir, &commands[index])?.0);
        Ok(())
    })?;
    Ok(runs.map(|runs| Run {
        time: median(runs.iter().map(|run| run.time)),
        memory: median(runs.iter().map(|run| run.memory)),
    }))
}

fn push(report: &mut Report, what: &str, ours: Run, (name, peer): (&str, Run), goal: Goal) {
    report.push_times(format!("filter, 130 MB: {what}"), ours.time, (name, peer.time), goal);
    report.push(Row {
        what: format!("filter, 130 MB: {what}: memory"),
        jsonlock: bytes(ours.memory as f64),
        peer: name.to_owned(),
        peers: bytes(peer.memory as f64),
        ratio: Some(ours.memory as f64 / peer.memory as f64),
        goal,
    });
}
