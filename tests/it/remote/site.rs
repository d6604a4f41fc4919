//! A service, as those tests see it that all services have to pass.

use super::proxy::{Fault, Message, Proxy};
use crate::harness::{Run, Sandbox, with_jsonlock};
use std::net::SocketAddr;
use std::process::{Command, Stdio};

/// Gives the URL of a document, if the servers have these addresses.
type Url<'a> = dyn Fn(&[SocketAddr], &str) -> String + Sync + 'a;

/// Tells a program where the servers are and who asks, and nothing else of services.
type Prepare<'a> = dyn Fn(&[SocketAddr], &mut Command) + Sync + 'a;

pub struct Site<'a> {
    pub servers: Vec<SocketAddr>,
    pub is_write: fn(&Message) -> bool,
    pub url: Box<Url<'a>>,
    pub prepare: Box<Prepare<'a>>,
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

    /// Runs a script that runs jsonlock.
    pub fn shell(&self, sandbox: &Sandbox, script: &str) -> Run {
        let mut command = Command::new("sh");
        command.args(["-c", script]).current_dir(sandbox.root()).stdin(Stdio::null());
        (self.prepare)(&self.servers, &mut command);
        sandbox.run_command(with_jsonlock(command))
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
