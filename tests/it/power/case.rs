//! The edits during which the power is cut, and what may be found afterwards.

use crate::harness::{JSONLOCK, names};
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::process::{Command, Output};

/// An edit, and what goes before it. The steps are scripts, run in a directory of their own.
pub(super) struct Case {
    pub(super) name: &'static str,
    /// What is made durable before the edit.
    prepare: &'static str,
    /// What happens right before the edit, and is not durable.
    before: &'static str,
    edit: &'static str,
    /// Where the document is.
    file: &'static str,
}

/// How often the values repeat: several blocks, so that half of a document can be lost.
const OLD: usize = 2500;
const NEW: usize = 3500;

const PREPARE: &str = r#"printf '{"a": "%s"}' "$OLD" > f; chmod 640 f"#;
const SET: &str = r#"exec jsonlock set f a="$NEW""#;
// One line, since what stands between two transactions would be neither old nor new.
const BATCH: &str = r#"printf '{"a": "%s"}\n' "$NEW" | jsonlock batch f"#;
const FILTER: &str = r#"exec jsonlock filter f -- printf '{"a": "%s"}' "$NEW""#;
const LOCKED: &str = r#"exec jsonlock lock f -- jsonlock set f a="$NEW""#;
const BACKED_UP: &str = r#"exec jsonlock set --backup f a="$NEW""#;
const CASE: Case = Case { name: "", prepare: "", before: "", edit: SET, file: "f" };

/// Edits that must not be lost.
pub(super) const PROMISED: [Case; 8] = [
    Case { name: "replaced", prepare: PREPARE, ..CASE },
    Case { name: "first write", ..CASE },
    Case { name: "a batch", prepare: PREPARE, edit: BATCH, ..CASE },
    Case { name: "a filter", prepare: PREPARE, edit: FILTER, ..CASE },
    Case { name: "under a lock", prepare: PREPARE, edit: LOCKED, ..CASE },
    Case { name: "with a backup", prepare: PREPARE, edit: BACKED_UP, ..CASE },
    Case {
        name: "first write in new directories",
        edit: r#"exec jsonlock set --parents d/e/f a="$NEW""#,
        file: "d/e/f",
        ..CASE
    },
    // What a program that does not sync has left is durable once an edit confirms it.
    Case {
        name: "no change, behind a rename that is not durable",
        prepare: PREPARE,
        before: r#"printf '{"a": "%s"}' "$NEW" > t; mv t f"#,
        ..CASE
    },
];

/// Edits that lack a sync, and must be caught.
pub(super) const NO_FILE_SYNC: Case = Case {
    name: "without a sync of the file",
    prepare: PREPARE,
    edit: r#"printf '{"a": "%s"}' "$NEW" > t && mv t f && exec sync ."#,
    ..CASE
};
pub(super) const NO_FILE_SYNC_FIRST: Case =
    Case { name: "first write without a sync of the file", prepare: "", ..NO_FILE_SYNC };
pub(super) const NO_DIRECTORY_SYNC: Case = Case {
    name: "without a sync of the directory",
    prepare: PREPARE,
    edit: r#"exec jsonlock set --durability=data f a="$NEW""#,
    ..CASE
};
pub(super) const NO_SYNC: Case = Case {
    name: "without a sync",
    prepare: PREPARE,
    edit: r#"exec jsonlock set --durability=none f a="$NEW""#,
    ..CASE
};

/// A file's content and permissions.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Found {
    text: Vec<u8>,
    mode: u32,
}

/// What may be found where the document is; nothing, where there was none.
pub(super) struct States {
    pub(super) old: Option<Found>,
    pub(super) new: Option<Found>,
}

impl Case {
    /// Makes the directory and what is in it, durably.
    pub(super) fn prepare(&self, directory: &Path) {
        fs::create_dir_all(directory).unwrap();
        succeeds(&shell(directory, self.prepare));
        succeeds(&shell(directory, "sync -f ."));
    }

    pub(super) fn before(&self, directory: &Path) {
        succeeds(&shell(directory, self.before));
    }

    /// Returns as soon as the edit is acknowledged.
    pub(super) fn edit(&self, directory: &Path) {
        succeeds(&shell(directory, self.edit));
    }

    /// Another program is at fault if what it left before the edit is broken.
    pub(super) fn counts_from_the_beginning(&self) -> bool {
        self.before.is_empty()
    }

    pub(super) fn look(&self, directory: &Path) -> Option<Found> {
        let path = directory.join(self.file);
        let text = match fs::read(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return None,
            read => read.unwrap(),
        };
        Some(Found { text, mode: fs::metadata(&path).unwrap().mode() })
    }

    /// Whether what is replaced is kept first, if the edit is to do that.
    fn has_backup(&self, directory: &Path) -> Result<(), String> {
        if self.edit != BACKED_UP {
            return Ok(());
        }
        let read = |name| fs::read_to_string(directory.join(name)).unwrap_or_default();
        let (old, new) = ("old ".repeat(OLD), "new ".repeat(NEW));
        match (read("f").contains(&new), read("f.bak").as_str()) {
            (false, "") => Ok(()),
            (_, backup) if backup == format!("{{\"a\": \"{old}\"}}") => Ok(()),
            (_, backup) => Err(format!("the backup has {} bytes", backup.len())),
        }
    }

    /// Whether an edit that follows the power cut works, as if nothing had happened. Gives the number of
    /// temporary files that it leaves behind.
    pub(super) fn goes_on(&self, directory: &Path) -> Result<usize, String> {
        let path = directory.join(self.file);
        let home = path.parent().unwrap().to_owned();
        self.has_backup(directory)?;
        let script = format!("exec jsonlock set -v --parents {} next=1", self.file);
        let output = shell(directory, &script);
        let says = String::from_utf8_lossy(&output.stderr).into_owned();
        let value =
            serde_json::from_slice::<serde_json::Value>(&fs::read(path).unwrap_or_default());
        match value {
            Ok(value) if output.status.success() && value["next"] == "1" => {}
            _ => return Err(format!("the next edit fails: {says}")),
        }
        // A lock file that is taken for another program's would never again name what to remove.
        if says.contains("did not write") {
            return Err(format!("the lock file is not ours any more: {says}"));
        }
        let known = ["f", "f.lock", "f.bak", "t"];
        let left = names(&home).into_iter().filter(|name| !known.contains(&name.as_str()));
        let left: Vec<String> = left.collect();
        match left.iter().all(|name| name.starts_with(".jsonlock-")) {
            true => Ok(left.len()),
            false => Err(format!("left behind: {left:?}")),
        }
    }
}

fn shell(directory: &Path, script: &str) -> Output {
    let mut path = Path::new(JSONLOCK).parent().unwrap().as_os_str().to_owned();
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap_or_default());
    let mut command = Command::new("sh");
    command.args(["-ec", script]).current_dir(directory).env("PATH", path);
    command.env("OLD", "old ".repeat(OLD)).env("NEW", "new ".repeat(NEW));
    command.env_remove("JSONLOCK_TIMEOUT").stdin(std::process::Stdio::null()).output().unwrap()
}

fn succeeds(output: &Output) {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// What was found after a power cut, and what is wrong with it.
pub(super) fn judge(
    found: Option<&Found>,
    states: &States,
    is_acknowledged: bool,
) -> Result<(), String> {
    if found == states.new.as_ref() {
        return Ok(());
    }
    match found == states.old.as_ref() {
        true if is_acknowledged => Err("an acknowledged edit is lost".to_owned()),
        true => Ok(()),
        false => {
            let text = found.map(|found| String::from_utf8_lossy(&found.text).into_owned());
            let start: Option<String> = text.map(|text| text.chars().take(40).collect());
            Err(format!("neither old nor new: {start:?}"))
        }
    }
}

/// Whether a check has failed for the reason that a negative control waits for.
pub(super) fn is_loss<T>(checked: &Result<T, String>) -> bool {
    let losses = ["is lost", "neither old nor new", "half a document"];
    checked.as_ref().is_err_and(|error| losses.iter().any(|loss| error.contains(loss)))
}
