//! Programs beside jq that change or read JSON files, and how each is told to.

use crate::peers::output;
use anyhow::Result;
use std::env;
use std::path::PathBuf;
use std::process::Command;

pub(crate) struct Program {
    pub(crate) path: PathBuf,
    /// Its name, and its version if it tells it.
    pub(crate) version: String,
}

/// How a program is used. The arguments are for a document whose member `counter` is a number; `FILE`
/// stands for its name and `NUMBER` for the new number. Where they do not name FILE, the program gets
/// the document on standard input.
#[derive(Clone, Copy)]
pub(crate) struct Tool {
    pub(crate) name: &'static str,
    /// Names that the program has on `PATH`.
    commands: Arguments,
    /// Names a path instead of looking on `PATH`.
    variable: &'static str,
    version: &'static str,
    /// What the version says if it is this program and not another of the same name.
    mark: &'static str,
    pub(crate) edit: Edit,
    /// Prints the counter.
    pub(crate) get: Arguments,
}

pub(crate) type Arguments = &'static [&'static str];

#[derive(Clone, Copy)]
pub(crate) enum Edit {
    /// The program replaces the file itself.
    InPlace(Arguments),
    /// The program prints the new document; flock(1) and mv(1) do the rest.
    Prints(Arguments),
}

pub(crate) const KNOWN: [Tool; 6] = [
    Tool {
        name: "jaq",
        commands: &["jaq"],
        variable: "JAQ",
        version: "--version",
        mark: "jaq",
        edit: Edit::InPlace(&["-i", ".counter += 1", "FILE"]),
        get: &[".counter", "FILE"],
    },
    Tool {
        name: "gojq",
        commands: &["gojq"],
        variable: "GOJQ",
        version: "--version",
        mark: "gojq",
        edit: Edit::Prints(&[".counter += 1", "FILE"]),
        get: &[".counter", "FILE"],
    },
    Tool {
        name: "yq",
        // The second is what Debian calls it.
        commands: &["yq", "yq-go"],
        variable: "YQ",
        version: "--version",
        mark: "mikefarah",
        edit: Edit::InPlace(&["-i", "-p=json", "-o=json", ".counter += 1", "FILE"]),
        get: &["-p=json", "-o=json", ".counter", "FILE"],
    },
    Tool {
        name: "dasel",
        commands: &["dasel"],
        variable: "DASEL",
        version: "version",
        mark: "",
        edit: Edit::Prints(&["-i", "json", "-o", "json", "--root", "counter = counter + 1"]),
        get: &["-i", "json", "counter"],
    },
    Tool {
        name: "json",
        commands: &["json"],
        variable: "NODE_JSON",
        version: "--version",
        mark: "Trent Mick",
        edit: Edit::InPlace(&["-q", "-I", "-f", "FILE", "-e", "this.counter += 1"]),
        get: &["-f", "FILE", "counter"],
    },
    Tool {
        name: "jshon",
        commands: &["jshon"],
        variable: "JSHON",
        version: "--version",
        mark: "",
        edit: Edit::InPlace(&["-F", "FILE", "-I", "-n", "NUMBER", "-i", "counter"]),
        get: &["-F", "FILE", "-e", "counter"],
    },
];

/// Those of the known tools that are installed. What a variable names must be there.
pub(crate) fn find(missing: &mut Vec<String>) -> Result<Vec<(Tool, Program)>> {
    let mut found = Vec::new();
    for tool in KNOWN {
        match tool.find()? {
            Some(program) => found.push((tool, program)),
            None => missing.push(self::missing(tool.name, tool.variable)),
        }
    }
    Ok(found)
}

pub(crate) fn missing(name: &str, variable: &str) -> String {
    format!("{name} is not on PATH, nor named by {variable}: nothing is said about it")
}

impl Tool {
    fn find(&self) -> Result<Option<Program>> {
        if let Some(path) = env::var_os(self.variable) {
            let text = output(Command::new(&path).arg(self.version))?;
            return Ok(Some(self.program(path.into(), &text)));
        }
        for command in self.commands {
            let text = output(Command::new(command).arg(self.version));
            if let Ok(text) = text.as_ref().map(|text| text.trim())
                && text.contains(self.mark)
            {
                return Ok(Some(self.program(command.into(), text)));
            }
        }
        Ok(None)
    }

    fn program(&self, path: PathBuf, text: &str) -> Program {
        let is_number = |word: &&str| word.starts_with(|c: char| c.is_ascii_digit());
        let mut words = text.split_whitespace().map(|word| word.trim_start_matches('v'));
        let version = match words.find(is_number) {
            Some(number) => format!("{} {number}", self.name),
            None => self.name.to_owned(),
        };
        Program { path, version }
    }
}
