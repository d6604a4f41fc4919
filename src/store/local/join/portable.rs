//! Where sockets have no names of their own kind, nobody shares a lock: programs that the holder runs
//! wait for it as everybody does.

use super::{Answer, Entry, extended};
use rustix::fs::Stat;
use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::time::Duration;

#[derive(Debug)]
pub(in super::super) struct Request;

impl Request {
    pub(super) fn new(_: &Entry, _: Stat) -> io::Result<Option<Self>> {
        Ok(None)
    }

    pub(in super::super) fn answer(&self, _: Option<Duration>) -> Answer {
        Answer::Gone
    }

    pub(in super::super) fn into_turns(self, above: Vec<OwnedFd>) -> Vec<OwnedFd> {
        above
    }
}

#[derive(Debug)]
pub(in super::super) struct Sharing {
    variable: String,
}

impl Sharing {
    pub(in super::super) fn start(lock: &Arc<File>, _: &[OwnedFd]) -> io::Result<Self> {
        Ok(Sharing { variable: extended(lock, "") })
    }

    pub(in super::super) fn variable(&self) -> String {
        self.variable.clone()
    }
}
