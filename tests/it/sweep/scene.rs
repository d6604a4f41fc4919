//! What is swept: commands, and what they find when they start.

use crate::harness::{JSONLOCK, Sandbox};
use crate::system::{Held, access, give, inode, is_root, until};
use rustix::fs::XattrFlags;
use serde_json::{Value, json};
use std::fs::File;
use std::io::{Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::Stdio;

/// Part of every value, and to be seen in no message.
pub(super) const SECRET: &str = "s3cret";

const OLD: &str = "{\"a\": \"0ld-s3cret\"}";

/// The last backup.
const OLDER: &str = "{\"a\": \"0lder-s3cret\"}";

/// What a killed writer left.
pub(super) const LEFTOVER: &str = ".jsonlock-0123456789abcdef";

/// An edit, what it finds, and what it is to make of it.
pub(super) struct Scene {
    pub(super) name: String,
    pub(super) command: Vec<&'static str>,
    /// What it reads from standard input.
    pub(super) input: &'static str,
    pub(super) file: &'static str,
    pub(super) lock: &'static str,
    /// The document before; `None` if there is none.
    pub(super) old: Option<&'static str>,
    pub(super) new: Option<Value>,
    pub(super) start: Start,
    /// Where the edit keeps what it replaces, and what stands there before.
    pub(super) backup: Option<(&'static str, Option<&'static str>)>,
    /// Which file system its directory is on, by a directory there; `None` for that of temporary files.
    pub(super) below: Option<PathBuf>,
}

/// What else an edit finds when it starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Start {
    Quiet,
    /// Another process holds the lock until the edit waits for it.
    Contended,
    /// A writer was killed and left a temporary file.
    Leftover,
    /// The document is somebody else's and has an attribute, all of which must be kept.
    Attributed,
    /// Another process has the document open.
    Read,
}

/// The command whose edits come from standard input.
pub(super) const BATCH: &str = "batch";

/// A command, its arguments for an edit and for one without effect, and what the edit makes of a missing
/// document and of the old one.
type Command = (&'static str, Arguments, Arguments, Option<Value>, Value);
type Arguments = &'static [&'static str];

fn commands() -> [Command; 7] {
    let new = json!({"a": "n3w-s3cret"});
    let made = || (Some(new.clone()), new.clone());
    [
        command("set", &["a=n3w-s3cret"], &["a=0ld-s3cret"], made()),
        command("del", &["a"], &["absent"], (None, json!({}))),
        command("merge", &["{\"a\": \"n3w-s3cret\"}"], &["{\"a\": \"0ld-s3cret\"}"], made()),
        command(
            "patch",
            &["[{\"op\": \"add\", \"path\": \"/a\", \"value\": \"n3w-s3cret\"}]"],
            &["[{\"op\": \"test\", \"path\": \"/a\", \"value\": \"0ld-s3cret\"}]"],
            made(),
        ),
        command("apply", &[".a = \"n3w-s3cret\""], &["."], made()),
        // What stands for its arguments is its input.
        command(
            BATCH,
            &["{\"a\": \"n3w-s3cret\"}"],
            &["[{\"op\": \"test\", \"path\": \"/a\", \"value\": \"0ld-s3cret\"}]"],
            made(),
        ),
        command("filter", &["--", "echo", "{\"a\": \"n3w-s3cret\"}"], &["--", "cat"], made()),
    ]
}

fn command(
    name: &'static str,
    edit: Arguments,
    no_op: Arguments,
    (from_nothing, from_old): (Option<Value>, Value),
) -> Command {
    (name, edit, no_op, from_nothing, from_old)
}

/// Every command that writes, in every situation.
pub(super) fn scenes() -> Vec<Scene> {
    let mut scenes = Vec::new();
    for (command, edit, no_op, from_nothing, from_old) in commands() {
        let old: Value = serde_json::from_str(OLD).unwrap();
        for (what, arguments, before, new, start) in [
            ("first write", edit, None, from_nothing, Start::Quiet),
            ("replaced", edit, Some(OLD), Some(from_old.clone()), Start::Quiet),
            ("no-op", no_op, Some(OLD), Some(old), Start::Quiet),
            ("contended", edit, Some(OLD), Some(from_old.clone()), Start::Contended),
            ("leftover", edit, Some(OLD), Some(from_old), Start::Leftover),
        ] {
            let (arguments, input) =
                if command == BATCH { (&[][..], arguments[0]) } else { (arguments, "") };
            scenes.push(Scene {
                name: format!("{command}, {what}"),
                command: [&[JSONLOCK, command, "-v", "f"], arguments].concat(),
                input,
                file: "f",
                lock: "f.lock",
                old: before,
                new,
                start,
                backup: None,
                below: None,
            });
        }
    }
    scenes.extend(variants());
    scenes
}

/// The same, by command.
pub(super) fn by_command() -> impl Iterator<Item = (&'static str, Vec<Scene>)> {
    commands().into_iter().map(|(command, ..)| {
        let mut scenes = scenes();
        scenes.retain(|scene| scene.command[1] == command);
        (command, scenes)
    })
}

/// Options that change which system calls are made.
fn variants() -> [Scene; 8] {
    let set = |option: &[&'static str], file, lock, old| Scene {
        name: format!("set {}", option.join(" ")),
        command: [&[JSONLOCK, "set", "-v", file, "a=n3w-s3cret"], option].concat(),
        input: "",
        file,
        lock,
        old,
        new: Some(json!({"a": "n3w-s3cret"})),
        start: Start::Quiet,
        backup: None,
        below: None,
    };
    [
        set(&["--parents"], "d/f", "d/f.lock", None),
        set(&["--mode", "640"], "f", "f.lock", None),
        set(&["--lock-file", "lock"], "f", "lock", Some(OLD)),
        Scene {
            name: "filter --optimistic".to_owned(),
            command: vec![JSONLOCK, "filter", "-v", "f", "--optimistic", "--", "sed", "s/0ld/n3w/"],
            ..set(&[], "f", "f.lock", Some(OLD))
        },
        // An edit that takes part in the lock of another program.
        Scene {
            name: "set under lock".to_owned(),
            command: vec![JSONLOCK, "lock", "f", "--", JSONLOCK, "set", "-v", "f", "a=n3w-s3cret"],
            ..set(&[], "f", "f.lock", Some(OLD))
        },
        Scene {
            name: "set, somebody else's".to_owned(),
            start: Start::Attributed,
            ..set(&[], "f", "f.lock", Some(OLD))
        },
        Scene {
            backup: Some(("f.bak", Some(OLDER))),
            ..set(&["--backup"], "f", "f.lock", Some(OLD))
        },
        Scene {
            start: Start::Attributed,
            backup: Some(("f~", None)),
            ..set(&["--backup=~"], "f", "f.lock", Some(OLD))
        },
    ]
}

/// A writer that is a shell script.
pub(super) fn script(name: &str, script: &'static str) -> Scene {
    Scene {
        name: name.to_owned(),
        command: vec!["sh", "-c", script],
        input: "",
        file: "f",
        lock: "f.lock",
        old: Some(OLD),
        new: Some(json!({"a": "n3w-s3cret"})),
        start: Start::Quiet,
        backup: None,
        below: None,
    }
}

/// Writers as they stand in many scripts, and which promise each of them breaks.
pub(super) fn broken() -> [(Scene, &'static str); 3] {
    [
        (script("in place", "echo '{\"a\": \"n3w-s3cret\"}' > f"), "neither old nor new"),
        (script("no cleanup", "echo '{\"a\": \"n3w-s3cret\"}' > f.tmp && mv f.tmp f"), " left "),
        (script("no sync", "echo '{\"a\": \"n3w-s3cret\"}' > f.tmp; mv f.tmp f"), "not durable"),
    ]
}

impl Scene {
    /// Whether faults may hit another program too, whose end is then that of the command.
    pub(super) fn runs_others(&self) -> bool {
        ["filter", "lock"].contains(&self.command[1])
    }

    pub(super) fn changes(&self) -> bool {
        let old = self.old.map(|old| serde_json::from_str(old).unwrap());
        self.new != old
    }

    /// Its input, in a file that has no name.
    pub(super) fn stdin(&self) -> Stdio {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(self.input.as_bytes()).unwrap();
        file.rewind().unwrap();
        file.into()
    }

    /// The directory of the document, and the document's name in it.
    pub(super) fn entry(&self) -> (&'static str, &'static str) {
        self.file.rsplit_once('/').unwrap_or((".", self.file))
    }
}

/// A scene that has been set up.
pub(super) struct Stage {
    pub(super) sandbox: Sandbox,
    pub(super) held: Option<Held>,
    reader: Option<File>,
    file_inode: Option<u64>,
    lock_inode: Option<u64>,
    access: Option<Access>,
}

/// Owner, group, permissions, and an attribute.
type Access = ((u32, u32, u32), Vec<u8>);

const ATTRIBUTE: &str = "user.note";

/// Gives a file to somebody else, where that is possible, and an attribute, where it can have one.
fn give_away(file: &Path) {
    if is_root() {
        give(file, 4001, 4002, 0o664);
    }
    let _ = rustix::fs::setxattr(file, ATTRIBUTE, b"kept", XattrFlags::empty());
}

fn access_of(file: &Path) -> Access {
    let mut value = [0; 16];
    let length = rustix::fs::getxattr(file, ATTRIBUTE, &mut value).unwrap_or(0);
    (access(file), value[..length].to_vec())
}

/// The state that the document is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Old,
    New,
}

impl Stage {
    pub(super) fn new(scene: &Scene) -> Self {
        let sandbox = scene.below.as_deref().map_or_else(Sandbox::new, Sandbox::below);
        if let Some(old) = scene.old {
            sandbox.write(scene.file, old);
        }
        if let Some((name, Some(text))) = scene.backup {
            sandbox.write(name, text);
        }
        if scene.start == Start::Leftover {
            sandbox.write(LEFTOVER, "half a docu");
            let line = format!("jsonlock/1 pid=1 since=1 temp={LEFTOVER}");
            sandbox.write(scene.lock, format!("{line:<95}\n"));
        }
        let lock = sandbox.path(scene.lock);
        let held = (scene.start == Start::Contended).then(|| Held::new(&lock));
        if scene.start == Start::Attributed {
            give_away(&sandbox.path(scene.file));
        }
        let access = scene.old.map(|_| access_of(&sandbox.path(scene.file)));
        let reads = scene.start == Start::Read;
        let reader = reads.then(|| File::open(sandbox.path(scene.file)).unwrap());
        let mut stage = Stage { sandbox, held, reader, file_inode: None, lock_inode: None, access };
        (stage.file_inode, stage.lock_inode) = stage.inodes(scene);
        stage
    }

    fn inodes(&self, scene: &Scene) -> (Option<u64>, Option<u64>) {
        let of = |name| Some(self.sandbox.path(name)).filter(|path| path.exists());
        (of(scene.file).map(|path| inode(&path)), of(scene.lock).map(|path| inode(&path)))
    }

    /// Whether the document is old, to the byte and the inode, or new.
    pub(super) fn state(&self, scene: &Scene) -> Result<State, String> {
        let path = self.sandbox.path(scene.file);
        let text = path.exists().then(|| self.sandbox.read_bytes(scene.file));
        let is_same = self.inodes(scene).0 == self.file_inode;
        if self.access.as_ref().is_some_and(|access| path.exists() && access_of(&path) != *access) {
            return Err("it has another owner, or other permissions or attributes".to_owned());
        }
        match &text {
            text if text.as_deref() == scene.old.map(str::as_bytes) && is_same => Ok(State::Old),
            Some(text) if scene.changes() && !is_same => match serde_json::from_slice(text) {
                Ok(value) if Some(&value) == scene.new.as_ref() => Ok(State::New),
                _ => Err(format!("neither old nor new: {:?}", String::from_utf8_lossy(text))),
            },
            _ => Err(format!("neither old nor new: {text:?}, same inode: {is_same}")),
        }
    }

    /// Whether the backup is what the document was, or what it was itself if the document is old.
    pub(super) fn check_backup(&self, scene: &Scene, state: State) -> Result<(), String> {
        let Some((name, before)) = scene.backup else { return Ok(()) };
        let path = self.sandbox.path(name);
        let text = path.exists().then(|| self.sandbox.read(name));
        if text.as_deref() == scene.old {
            let is_protected = self.access.as_ref() == Some(&access_of(&path));
            return if is_protected { Ok(()) } else { Err("the backup has other access".into()) };
        }
        match text.as_deref() == before && state == State::Old {
            true => Ok(()),
            false => Err(format!("the backup is {text:?}")),
        }
    }

    /// The names in the document's directory that should not be there.
    pub(super) fn left(&self, scene: &Scene) -> Vec<String> {
        let (dir, _) = scene.entry();
        let path = |name: &str| self.sandbox.path(dir).join(name);
        let backup = scene.backup.map(|(name, _)| self.sandbox.path(name));
        let mut expected = vec![self.sandbox.path(scene.file), self.sandbox.path(scene.lock)];
        expected.extend(backup);
        let names = match self.sandbox.path(dir).exists() {
            true => crate::harness::names(&self.sandbox.path(dir)),
            false => Vec::new(),
        };
        // `dir` may be `.`, which paths compare as nothing.
        names.into_iter().filter(|name| !expected.contains(&path(name))).collect()
    }

    /// Closes the document, and waits until all is gone that an open file keeps on a file system which
    /// moves such files away.
    pub(super) fn close(&mut self) {
        self.reader = None;
        let is_moved = |name: &String| name.starts_with(".nfs");
        until("the end of what was open", || !self.sandbox.names().iter().any(is_moved));
    }

    /// Makes another edit, which must find the lock free, keep what is there, and clean up. Gives the
    /// names that are still there and that the lock file does not know.
    pub(super) fn next_edit(&mut self, scene: &Scene, state: State) -> Result<Vec<String>, String> {
        self.held = None;
        let record = std::fs::read_to_string(self.sandbox.path(scene.lock)).unwrap_or_default();
        let lock = self.inodes(scene).1;
        let mut args = vec!["set", "--timeout", "0", "--parents", scene.file, "next=x"];
        if scene.lock == "lock" {
            args.extend(["--lock-file", "lock"]);
        }
        let run = self.sandbox.run(args);
        if run.code() != Some(0) {
            return Err(format!("the next edit fails: {}", run.stderr()));
        }
        let old = scene.old.map(|old| serde_json::from_str(old).unwrap());
        let before = if state == State::New { scene.new.clone() } else { old };
        let mut expected = before.unwrap_or_else(|| json!({}));
        expected["next"] = "x".into();
        if self.sandbox.json(scene.file) != expected {
            return Err(format!("the next edit lost something: {}", self.sandbox.read(scene.file)));
        }
        let left = self.left(scene);
        if left.iter().any(|name| record.contains(name)) {
            return Err(format!("left even after the next edit: {left:?}"));
        }
        let now = self.inodes(scene).1;
        let is_same = |before: Option<u64>| before.is_none() || before == now;
        match is_same(lock) && is_same(self.lock_inode) {
            true => Ok(left),
            false => Err("the lock file is another one".to_owned()),
        }
    }
}
