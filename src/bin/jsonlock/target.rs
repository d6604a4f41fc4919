//! From arguments to the store that they speak of.

mod remote;

pub(crate) use remote::{inspectable as inspectable_remotely, shown, url};

use crate::args::{self, Locating, Locking, Reading, Status, Writing};
use crate::report::{self, Usage};
use crate::signals;
use anyhow::Result;
use clap::ValueEnum as _;
use jsonlock::{
    Create, Deadline, Dialect, Document, Durability, Editor, Error, ErrorKind, Event, Follow,
    HardLinks, LocalStore, Network, ReadOnly, RemoteStore, Store, Wait,
};
use std::io::IsTerminal as _;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long a filter may run even if the wait limit is shorter.
const LEAST_FOR_FILTERS: Duration = Duration::from_secs(5);

/// Where a document is.
#[derive(Clone)]
pub(crate) enum Target {
    Local(LocalStore),
    Remote(RemoteStore),
}

impl Target {
    pub(crate) fn create(self, create: Create) -> Self {
        match self {
            Target::Local(store) => Target::Local(store.create(create)),
            Target::Remote(store) => Target::Remote(store.create(create)),
        }
    }

    pub(crate) fn store(&self) -> &dyn Store {
        match self {
            Target::Local(store) => store,
            Target::Remote(store) => store,
        }
    }
}

/// The document to read.
pub(crate) fn readable(file: &Path, locating: &Locating) -> Result<Target> {
    Ok(match url(file) {
        Some(url) => Target::Remote(remote::readable(url)?),
        None => Target::Local(local(file, locating)?),
    })
}

fn local(file: &Path, locating: &Locating) -> Result<LocalStore> {
    if file == Path::new("-") {
        let message = "FILE is -, which is no document; write ./- for a file of that name";
        return Err(Usage(message.to_owned()).into());
    }
    Ok(LocalStore::new(file).follow(follow(locating)))
}

/// What the document is written in: what the option says, else its name.
pub(crate) fn dialect(file: &Path, reading: &Reading) -> Dialect {
    if reading.jsonc {
        return Dialect::Jsonc;
    }
    // The directory is part of some names, also for those who are in it.
    let absolute = std::path::absolute(file);
    Dialect::of(absolute.as_deref().unwrap_or(file))
}

/// An editor for the document.
pub(crate) fn editor(file: &Path, reading: &Reading) -> Editor {
    Editor::default().dialect(dialect(file, reading))
}

/// The same error, with advice if the document would be valid as JSONC.
pub(crate) fn advise(error: Error, store: &dyn Store, reading: &Reading, file: &Path) -> Error {
    if error.kind() != ErrorKind::InvalidJson || dialect(file, reading) == Dialect::Jsonc {
        return error;
    }
    let Ok(Some(text)) = store.read_by(&Wait::NONE.start()) else { return error };
    let is_jsonc =
        Document::parse(text.clone()).is_err() && Document::parse_as(text, Dialect::Jsonc).is_ok();
    match is_jsonc {
        true => error.advise("--jsonc, or a name that ends in .jsonc, accepts that and keeps it"),
        false => error,
    }
}

/// The file to lock. What services keep cannot be locked.
pub(crate) fn lockable(file: &Path, locking: &Locking) -> Result<LocalStore> {
    match url(file) {
        Some(url) => Err(remote::cannot_lock(url)),
        None => locked_locally(file, locking),
    }
}

fn locked_locally(file: &Path, locking: &Locking) -> Result<LocalStore> {
    let mut store = local(file, &locking.locating)?.network(network(locking.network_fs)?);
    if let Some(lock_file) = &locking.lock_file {
        store = store.lock_file(lock_file);
    }
    Ok(match tell(locking) {
        Some(tell) => store.observe(tell),
        None => store,
    })
}

/// The document to edit.
pub(crate) fn writable(file: &Path, writing: &Writing) -> Result<Target> {
    let create = match (writing.no_create, writing.parents) {
        (true, _) => Create::Never,
        (_, true) => Create::Parents,
        _ => Create::File,
    };
    let target = match url(file) {
        Some(url) => Target::Remote(remote::writable(url, writing)?),
        None => Target::Local(written_locally(file, writing)?),
    };
    Ok(target.create(create))
}

fn written_locally(file: &Path, writing: &Writing) -> Result<LocalStore> {
    let mut store = locked_locally(file, &writing.locking)?
        .durability(match writing.durability {
            args::Durability::Full => Durability::Full,
            args::Durability::Data => Durability::Data,
            args::Durability::None => Durability::None,
        })
        .interrupts(signals::interrupts());
    if writing.force {
        store = store.read_only(ReadOnly::Override);
    }
    if writing.break_hard_links {
        store = store.hard_links(HardLinks::Break);
    }
    if let Some(suffix) = &writing.backup {
        let bytes = suffix.as_encoded_bytes();
        if bytes.is_empty() || bytes.contains(&b'/') {
            let message = "--backup takes a suffix such as .bak, without a slash";
            return Err(Usage(message.to_owned()).into());
        }
        store = store.backup(suffix);
    }
    if let Some(mode) = &writing.mode {
        store = store.mode(permissions(mode)?);
    }
    Ok(store)
}

/// The file to look at, as an edit with the same options would see it.
pub(crate) fn inspectable(args: &Status) -> Result<LocalStore> {
    if args.probe {
        let message = "--probe asks services whether they keep their promises, and FILE is a file, whose \
                       edits are kept apart by a lock";
        return Err(Usage(message.to_owned()).into());
    }
    let mut store = local(&args.file, &args.locating)?.network(network(args.network_fs)?);
    if args.no_create {
        store = store.create(Create::Never);
    }
    if args.force {
        store = store.read_only(ReadOnly::Override);
    }
    if args.break_hard_links {
        store = store.hard_links(HardLinks::Break);
    }
    Ok(match &args.lock_file {
        Some(lock_file) => store.lock_file(lock_file),
        None => store,
    })
}

fn network(chosen: Option<args::NetworkFs>) -> Result<Network> {
    let chosen = match chosen {
        Some(chosen) => Some(chosen),
        None => variable("JSONLOCK_NETWORK_FS")?
            .map(|text| args::NetworkFs::from_str(&text, false))
            .transpose()
            .map_err(|_| Usage("JSONLOCK_NETWORK_FS takes refuse or allow".to_owned()))?,
    };
    Ok(match chosen {
        None | Some(args::NetworkFs::Refuse) => Network::Refuse,
        Some(args::NetworkFs::Allow) => Network::Allow,
    })
}

/// An environment variable. CI systems set those that have no value to the empty string.
fn variable(name: &str) -> Result<Option<String>> {
    match std::env::var(name) {
        Ok(value) => Ok(Some(value).filter(|value| !value.is_empty())),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(_) => Err(Usage(format!("{name} is not UTF-8")).into()),
    }
}

fn follow(locating: &Locating) -> Follow {
    match locating.follow {
        args::Follow::Safe => Follow::Safe,
        args::Follow::Always => Follow::Always,
        args::Follow::Never => Follow::Never,
    }
}

fn permissions(mode: &str) -> Result<u32> {
    match u32::from_str_radix(mode, 8) {
        Ok(mode) if mode <= 0o777 => Ok(mode),
        _ => Err(Usage(format!("--mode takes octal permissions such as 640, not {mode:?}")).into()),
    }
}

/// Which events are printed, and how: a person at a terminal is told about long waits, and everybody
/// about what needs mending.
fn tell(locking: &Locking) -> Option<impl Fn(&Event) + Send + Sync + 'static> {
    if locking.quiet {
        return None;
    }
    let verbose = locking.verbose;
    let is_terminal = std::io::stderr().is_terminal();
    let last_said = Mutex::new(None);
    Some(move |event: &Event| {
        let is_wait = matches!(event, Event::Waiting { .. });
        if verbose || event.is_warning() || (is_wait && is_terminal) {
            // What happens in each of many attempts need not be said each time.
            let mut last_said = last_said.lock().unwrap_or_else(PoisonError::into_inner);
            if last_said.replace(event.clone()).as_ref() != Some(event) {
                report::say(event);
            }
        }
    })
}

/// The wait limit that the options or the environment set.
pub(crate) fn wait(locking: &Locking) -> Result<Wait> {
    match &locking.timeout {
        Some(timeout) => duration(timeout, "--timeout"),
        None => default_wait(),
    }
}

/// The wait limit that the environment sets, for commands that have no option for it.
pub(crate) fn default_wait() -> Result<Wait> {
    match variable("JSONLOCK_TIMEOUT")? {
        Some(timeout) => duration(&timeout, "JSONLOCK_TIMEOUT"),
        None => Ok(Wait::default()),
    }
}

/// The limit that `wait` waits for a condition. The environment's is for locks.
pub(crate) fn patience(timeout: Option<&str>) -> Result<Wait> {
    timeout.map_or(Ok(Wait::FOREVER), |timeout| duration(timeout, "--timeout"))
}

/// When a filter that starts now must be done. Whoever does not want to wait for others still wants
/// the filter to run.
pub(crate) fn filter_deadline(wait: Wait) -> Option<Instant> {
    filter_end(&wait.start())
}

/// When a filter that starts now must be done, in a wait that has started already.
pub(crate) fn filter_end(deadline: &Deadline) -> Option<Instant> {
    deadline.instant().map(|end| end.max(Instant::now() + LEAST_FOR_FILTERS))
}

/// Seconds, a number with a unit, or `inf`.
fn duration(text: &str, origin: &str) -> Result<Wait> {
    if text == "inf" {
        return Ok(Wait::FOREVER);
    }
    let seconds = text.parse::<f64>().ok();
    let seconds = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    let limit = seconds.or_else(|| humantime::parse_duration(text).ok());
    limit.map(Wait::at_most).ok_or_else(|| {
        let examples = "30, 0.5, 500ms, 2m, 0 or inf";
        Usage(format!("{origin} takes a duration such as {examples}, not {text:?}")).into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timeouts_are_seconds_or_have_a_unit() {
        for (text, milliseconds) in
            [("0", 0), ("30", 30_000), ("0.2", 200), ("500ms", 500), ("2m", 120_000)]
        {
            assert_eq!(
                duration(text, "").unwrap(),
                Wait::at_most(Duration::from_millis(milliseconds)),
                "{text}"
            );
        }
        assert_eq!(duration("inf", "").unwrap(), Wait::FOREVER);
        for text in ["", "-1", "nan", "soon", "1e400"] {
            assert!(duration(text, "").is_err(), "{text}");
        }
    }
}
