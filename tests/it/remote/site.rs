//! A service, as those tests see it that all services have to pass.

use super::proxy::{Fault, Message, Proxy};
use crate::harness::{Run, Sandbox};
use std::net::SocketAddr;
use std::process::Command;

pub struct Site<'a> {
    pub servers: Vec<SocketAddr>,
    pub is_write: fn(&Message) -> bool,
    /// The URL of a document, if the servers have these addresses.
    pub url: Box<dyn Fn(&[SocketAddr], &str) -> String + Sync + 'a>,
    /// Tells a program where they are and who asks, and nothing else of services.
    pub prepare: Box<dyn Fn(&[SocketAddr], &mut Command) + Sync + 'a>,
}

/// The same servers, with a proxy before each.
pub struct Proxied {
    proxies: Vec<Proxy>,
    pub addresses: Vec<SocketAddr>,
}

impl Site<'_> {
    /// Runs jsonlock.
    pub fn run(&self, servers: &[SocketAddr], sandbox: &Sandbox, args: &[&str]) -> Run {
        let mut command = sandbox.command(args);
        (self.prepare)(servers, &mut command);
        sandbox.run_command(command)
    }

    /// Has one write in so many end by a fault.
    pub fn proxied(&self, fault: Fault, one_in: usize) -> Proxied {
        let start = |server: &SocketAddr| Proxy::start(*server, self.is_write, fault, one_in);
        let proxies: Vec<Proxy> = self.servers.iter().map(start).collect();
        let addresses = proxies.iter().map(Proxy::address).collect();
        Proxied { proxies, addresses }
    }
}

impl Proxied {
    /// How many writes have ended by the fault.
    pub fn injected(&self) -> usize {
        self.proxies.iter().map(Proxy::injected).sum()
    }

    /// Sends what is late and was not sent yet.
    pub fn flush(&self) {
        self.proxies.iter().for_each(Proxy::flush);
    }
}
