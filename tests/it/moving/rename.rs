//! The rename of an NFS client: one step for a target that nobody has open, two for one that somebody has.
#![expect(clippy::disallowed_methods, reason = "the test is the file system")]

use super::share::{Share, State};
use fuser::ReplyEmpty;
use rustix::fs::{AtFlags, fstat, renameat, statat};
use rustix::io::Errno;
use rustix::process::{Pid, Signal, kill_process};
use std::ffi::OsString;
use std::os::fd::OwnedFd;
use std::sync::Arc;

/// How far a rename has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Nothing has happened yet.
    Before,
    /// The old target is moved away, and its name denotes nothing.
    Between,
    /// The new file has the name, and nobody has been told.
    After,
}

/// What happens at the stage that a test has chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cut {
    /// The process that renames is killed, and the rename goes no further.
    Kill,
    /// The rename waits until the test lets it go on.
    Pause,
}

/// A rename that waits.
pub(super) struct Paused {
    rename: Rename,
    stage: Stage,
    reply: ReplyEmpty,
}

pub(super) struct Rename {
    pub(super) from: (Arc<OwnedFd>, OsString),
    pub(super) to: (Arc<OwnedFd>, OsString),
    /// Who asked for it.
    pub(super) pid: u32,
}

impl Rename {
    pub(super) fn start(self, share: &Share, reply: ReplyEmpty) {
        self.go_on(Stage::Before, true, &mut share.state(), reply);
    }

    /// Does what is left to do, unless it is cut.
    fn go_on(self, stage: Stage, can_be_cut: bool, state: &mut State, reply: ReplyEmpty) {
        match can_be_cut.then(|| self.cut(stage, state)).flatten() {
            Some(Cut::Kill) => {
                let pid = i32::try_from(self.pid).ok().and_then(Pid::from_raw);
                pid.map(|pid| kill_process(pid, Signal::KILL));
                // The dead hear nothing, but the kernel wants an answer to bury them.
                return reply.error(fuser::Errno::EINTR);
            }
            Some(Cut::Pause) => {
                return state.paused.push(Paused { rename: self, stage, reply });
            }
            None => {}
        }
        match self.step(stage, state) {
            Ok(Some(next)) => self.go_on(next, true, state, reply),
            Ok(None) => reply.ok(),
            Err(error) => reply.error(fuser::Errno::from_i32(error.raw_os_error())),
        }
    }

    /// Takes the next step, and says to which stage it led.
    fn step(&self, stage: Stage, state: &mut State) -> Result<Option<Stage>, Errno> {
        match stage {
            Stage::Before => {
                let target = statat(&*self.to.0, &self.to.1, AtFlags::SYMLINK_NOFOLLOW);
                if let Some(target) = target.ok().filter(|target| state.is_open(target.st_ino)) {
                    state.counts(fstat(&*self.to.0)?.st_ino).moved_away += 1;
                    state.move_away(&self.to.0, &self.to.1, target.st_ino)?;
                    return Ok(Some(Stage::Between));
                }
                self.rename()
            }
            Stage::Between => self.rename(),
            Stage::After => Ok(None),
        }
    }

    fn rename(&self) -> Result<Option<Stage>, Errno> {
        renameat(&*self.from.0, &self.from.1, &*self.to.0, &self.to.1)?;
        Ok(Some(Stage::After))
    }

    /// Whether a test wants this rename to be cut here, which is done once.
    fn cut(&self, stage: Stage, state: &mut State) -> Option<Cut> {
        let directory = fstat(&*self.to.0).ok()?.st_ino;
        let entry = (directory, self.to.1.clone());
        let (_, cut) = *state.cuts.get(&entry).filter(|(wanted, _)| *wanted == stage)?;
        state.cuts.remove(&entry);
        state.counts(directory).cut += 1;
        Some(cut)
    }
}

/// Lets the renames go on that wait.
pub(super) fn resume(share: &Share) {
    let mut state = share.state();
    for Paused { rename, stage, reply } in std::mem::take(&mut state.paused) {
        rename.go_on(stage, false, &mut state, reply);
    }
}
