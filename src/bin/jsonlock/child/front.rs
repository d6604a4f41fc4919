//! The process that the user has started, and the one that holds the lock on its behalf.
//!
//! A process that is killed can do nothing about what it has started. So two of them run a command: should
//! the front be killed, the other one, which has the lock, ends the command first and then lets others in.

use super::{end_with, run_self};
use anyhow::{Result, bail};
use rustix::process::{Pid, getppid};
use std::ffi::OsString;
use std::fs;
use std::io::Write as _;
use std::process::Command;

/// The name under which the program runs itself to hold the lock.
const DEPUTY: &str = "jsonlock-lock";

/// The process on whose behalf this one runs.
pub(crate) struct Front(i32);

impl Front {
    /// The front of this process, `None` if it is no deputy.
    pub(crate) fn find() -> Option<Self> {
        let mut arguments = std::env::args_os();
        if arguments.next()? != DEPUTY {
            return None;
        }
        arguments.next()?.to_str()?.parse().ok().map(Front)
    }

    /// A process that does what this one was asked to do. `None` where there can be none.
    pub(crate) fn deputy() -> Option<Command> {
        let mut deputy = run_self(DEPUTY)?;
        deputy.args(std::env::args_os().skip(1));
        Some(deputy)
    }

    /// Ends this process with the front, until it [watches](Front::watch) the front.
    pub(crate) fn end_with(&self) -> Result<()> {
        // It is a jsonlock for those who look who holds the lock.
        let name = fs::OpenOptions::new().write(true).open("/proc/self/comm");
        let _ = name.and_then(|mut name| name.write_all(b"jsonlock"));
        if !end_with(self.0) {
            bail!("the process that was to be waited for has ended");
        }
        Ok(())
    }

    pub(super) fn is_there(&self) -> bool {
        getppid().map(Pid::as_raw_pid) == Some(self.0)
    }
}

/// The arguments of this program, without those of the front.
pub(crate) fn arguments() -> impl Iterator<Item = OsString> {
    let skipped = usize::from(Front::find().is_some());
    std::env::args_os().skip(skipped)
}

#[cfg(target_os = "linux")]
impl Front {
    /// The signal that comes when the front is gone: one that nobody else sends to programs.
    pub(super) const IS_GONE: i32 = rustix::process::Signal::POWER.as_raw();

    /// Asks for the signal, and for the orphans among the descendants as children.
    pub(super) fn watch(&self) -> Result<()> {
        use anyhow::Context as _;
        use rustix::process::{
            Signal, getpid, set_child_subreaper, set_parent_process_death_signal,
        };
        set_child_subreaper(Some(getpid())).context("cannot look after what is started")?;
        set_parent_process_death_signal(Some(Signal::POWER)).context("cannot watch the parent")?;
        if !self.is_there() {
            bail!("the process that was to be waited for has ended");
        }
        Ok(())
    }

    /// The children of this process, as far as they can be seen.
    pub(super) fn children() -> Vec<Pid> {
        let tasks = fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
        let lists = tasks.filter_map(|task| fs::read_to_string(task.path().join("children")).ok());
        let lists: Vec<String> = lists.collect();
        let numbers = lists.iter().flat_map(|list| list.split_whitespace());
        numbers.filter_map(|number| Pid::from_raw(number.parse().ok()?)).collect()
    }
}

#[cfg(not(target_os = "linux"))]
impl Front {
    pub(super) const IS_GONE: i32 = 0;

    pub(super) fn watch(&self) -> Result<()> {
        Ok(())
    }

    pub(super) fn children() -> Vec<Pid> {
        Vec::new()
    }
}
