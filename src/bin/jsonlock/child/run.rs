//! Running a command to its end, with all that it starts.

use super::{Front, start};
use crate::signals;
use anyhow::{Context as _, Result};
use rustix::io::{Errno, retry_on_intr};
use rustix::process::{
    Pid, Signal, WaitId, WaitIdOptions, WaitOptions, getpgrp, kill_process, wait, waitid,
};
use rustix::termios::tcgetpgrp;
use signal_hook::consts::{SIGINT, SIGQUIT};
use signal_hook::iterator::Signals;
use std::fs::File;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, ExitStatus};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// How often those are killed who have come since the last time.
const ROUND: Duration = Duration::from_millis(5);

/// Runs a command to its end, and passes on the signals that come meanwhile.
///
/// When `front`, on whose behalf this is, is gone, the command is killed with all that it has started, and
/// nothing of it is left when this function returns.
pub(crate) fn run(command: &mut Command, front: Option<&Front>) -> Result<ExitStatus> {
    signals::hear_of_children();
    let mut caught = signals::deadly();
    caught.extend(front.map(|_| Front::IS_GONE));
    // From here on they do not end this process, so that it can tell how the command ended.
    let mut signals = Signals::new(caught).context("cannot catch signals")?;
    front.map_or(Ok(()), Front::watch)?;
    let handle = signals.handle();
    let family = Mutex::new(Family::default());
    // Until the child is there, signals wait for it. One that cannot be stopped is not started.
    let mut starting = lock(&family);
    thread::scope(|scope| {
        let heed = || signals.forever().for_each(|signal| heed(signal, &family, front));
        let heeding = thread::Builder::new().spawn_scoped(scope, heed);
        heeding.context("cannot start to pass on signals")?;
        let started = start(command);
        starting.command = started.as_ref().ok().map(Pid::from_child);
        drop(starting);
        let status = started.and_then(|_| end_of(&family).context("cannot wait for the command"));
        handle.close();
        status
    })
}

/// The children of this process. While it is locked none of them is buried, so that their numbers are theirs.
#[derive(Default)]
struct Family {
    /// The command, until it has ended.
    command: Option<Pid>,
    status: Option<ExitStatus>,
    is_to_die: bool,
    has_ended: bool,
}

impl Family {
    /// Takes leave of those who have ended.
    fn bury(&mut self) {
        while let Ok(Some((pid, status))) = retry_on_intr(|| wait(WaitOptions::NOHANG)) {
            if self.command == Some(pid) {
                self.command = None;
                self.status = Some(ExitStatus::from_raw(status.as_raw()));
            }
        }
    }

    fn kill(&self) {
        for pid in self.command.into_iter().chain(Front::children()) {
            // Who may not be killed by us is waited for.
            let _ = kill_process(pid, Signal::KILL);
        }
    }
}

/// Waits for the end of the command, and if all are to die, for that of all.
fn end_of(family: &Mutex<Family>) -> Result<ExitStatus, Errno> {
    loop {
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
        let waited = retry_on_intr(|| waitid(WaitId::All, options));
        let mut family = lock(family);
        family.bury();
        let ended = match (family.status, waited) {
            (None, Ok(_)) => continue,
            (Some(_), Ok(_)) if family.is_to_die => continue,
            (Some(status), _) => Ok(status),
            (None, Err(error)) => Err(error),
        };
        family.has_ended = true;
        return ended;
    }
}

fn heed(signal: i32, family: &Mutex<Family>, front: Option<&Front>) {
    match front {
        Some(front) if signal == Front::IS_GONE => {
            if !front.is_there() {
                kill_all(family);
            }
        }
        _ => pass_on(signal, lock(family).command),
    }
}

/// Kills the children, and those who become children when their parents die, until nobody is left.
fn kill_all(family: &Mutex<Family>) {
    lock(family).is_to_die = true;
    while !lock(family).has_ended {
        lock(family).kill();
        thread::sleep(ROUND);
    }
}

fn pass_on(signal: i32, command: Option<Pid>) {
    if let (false, Some(pid), Some(signal)) =
        (comes_from_keyboard(signal), command, Signal::from_named_raw(signal))
    {
        let _ = kill_process(pid, signal);
    }
}

/// Whether the terminal has sent a signal, and then to the child too.
fn comes_from_keyboard(signal: i32) -> bool {
    [SIGINT, SIGQUIT].contains(&signal)
        && File::open("/dev/tty").is_ok_and(|terminal| tcgetpgrp(terminal) == Ok(getpgrp()))
}

fn lock(family: &Mutex<Family>) -> MutexGuard<'_, Family> {
    family.lock().unwrap_or_else(PoisonError::into_inner)
}
