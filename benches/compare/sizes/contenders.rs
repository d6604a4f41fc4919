//! Who edits and who reads.

use crate::peers::{JSONLOCK, Peers, command};
use crate::recipe;
use crate::tools::{Edit, Program, Tool};
use std::path::Path;
use std::process::Command;

/// The size that the goals are about.
pub(crate) const LARGEST: usize = 130_000_000;

/// Makes the command for a file; an edit sets the counter to the number, which is one more than it was.
type Make<'a> = Box<dyn Fn(&Path, u64) -> Command + 'a>;

pub(super) struct Contender<'a> {
    pub(super) name: String,
    pub(super) command: Make<'a>,
    /// Peers may fail, jsonlock may not.
    pub(super) is_peer: bool,
    /// Whether the counter is one more after each run.
    pub(super) counts: bool,
}

impl<'a> Contender<'a> {
    fn editor(name: impl Into<String>, command: impl Fn(&Path, u64) -> Command + 'a) -> Self {
        let name = name.into();
        let is_peer = !name.starts_with("jsonlock");
        let counts = name != COPY;
        Contender { name, command: Box::new(command), is_peer, counts }
    }

    fn reader(name: impl Into<String>, command: impl Fn(&Path) -> Command + 'a) -> Self {
        Contender { counts: false, ..Contender::editor(name, move |file, _| command(file)) }
    }
}

pub(super) const SET: &str = "jsonlock set";
pub(super) const APPLY: &str = "jsonlock apply";
pub(super) const GET: &str = "jsonlock get";
pub(super) const COPY: &str = "cp, sync, mv";

const COPIES: &str = r#"cp "$0" "$0.tmp" && sync "$0.tmp" && mv "$0.tmp" "$0""#;
const PYTHON_GET: &str =
    "import json, sys; print(json.load(open(sys.argv[1], encoding='utf-8'))['counter'])";

pub(super) fn editors(peers: &Peers) -> Vec<Contender<'_>> {
    let python = &peers.python;
    let mut editors = vec![
        Contender::editor(SET, |file, number| {
            let mut command = command(JSONLOCK, ["set".as_ref(), file.as_os_str()]);
            command.arg(format!("counter:={number}"));
            command
        }),
        Contender::editor(APPLY, |file, _| {
            command(JSONLOCK, ["apply".as_ref(), file.as_os_str(), ".counter += 1".as_ref()])
        }),
        Contender::editor("static C program", |file, number| {
            let mut command = command(&peers.protocol, [file]);
            command.args(["counter", &number.to_string()]);
            command
        }),
        Contender::editor(COPY, |file, _| {
            command("sh", ["-c".as_ref(), COPIES.as_ref(), file.as_os_str()])
        }),
        Contender::editor(&python.version, |file, number| {
            let mut command = command(&python.path, [&peers.writer]);
            command.arg("set").arg(file).args(["counter", &number.to_string()]);
            command
        }),
    ];
    editors.extend(peers.jqs.iter().map(|jq| {
        Contender::editor(recipe::name(jq), |file, _| {
            recipe::locked(&jq.path, &[".counter += 1", "FILE"], file)
        })
    }));
    editors.extend(peers.others.iter().map(|(tool, program)| editor(tool, program)));
    editors
}

fn editor<'a>(tool: &'a Tool, program: &'a Program) -> Contender<'a> {
    match tool.edit {
        Edit::InPlace(arguments) => {
            let option = arguments.iter().find(|argument| argument.eq_ignore_ascii_case("-i"));
            let name = format!("{} {}", program.version, option.unwrap_or(&""));
            Contender::editor(name, move |file, number| {
                let number = number.to_string();
                let fill = |argument: &&'static str| match *argument {
                    "NUMBER" => number.clone(),
                    other => other.to_owned(),
                };
                let arguments: Vec<String> = arguments.iter().map(fill).collect();
                let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
                recipe::in_place(&program.path, &arguments, file)
            })
        }
        Edit::Prints(arguments) => Contender::editor(recipe::name(program), move |file, _| {
            recipe::locked(&program.path, arguments, file)
        }),
    }
}

pub(super) fn readers(peers: &Peers) -> Vec<Contender<'_>> {
    let python = &peers.python;
    let mut readers = vec![
        Contender::reader(GET, |file| {
            command(JSONLOCK, ["get".as_ref(), file.as_os_str(), "counter".as_ref()])
        }),
        Contender::reader(&python.version, |file| {
            command(&python.path, ["-c".as_ref(), PYTHON_GET.as_ref(), file.as_os_str()])
        }),
    ];
    readers.extend(peers.jqs.iter().map(|jq| {
        Contender::reader(&jq.version, |file| recipe::reader(&jq.path, &[".counter", "FILE"], file))
    }));
    readers.extend(peers.others.iter().map(|(tool, program)| {
        Contender::reader(&program.version, |file| recipe::reader(&program.path, tool.get, file))
    }));
    readers
}
