//! Servers that the tests start, each in a directory of its own.

use crate::harness::Sandbox;
use crate::system::until;
use std::ffi::OsStr;
use std::fs::File;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A server, which ends when this is dropped, or when the tests are killed.
pub struct Server {
    guard: Child,
    sandbox: Sandbox,
    address: SocketAddr,
}

impl Server {
    /// Starts a program in an empty directory, and waits until it answers at the address.
    #[expect(clippy::disallowed_methods, reason = "a log that nobody edits")]
    pub fn start<S: AsRef<OsStr>>(
        address: SocketAddr,
        command: impl IntoIterator<Item = S>,
    ) -> Self {
        let sandbox = Sandbox::new();
        let log = File::create(sandbox.path("log")).unwrap();
        let engines = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/engines");
        let mut guard = Command::new(engines.join("guard.sh"));
        guard.args(command).current_dir(sandbox.root()).stdin(Stdio::piped());
        guard.stdout(log.try_clone().unwrap()).stderr(log);
        let guard = guard.spawn().unwrap();
        let server = Server { guard, sandbox, address };
        until("a server that listens", || TcpStream::connect(address).is_ok());
        server
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.guard.stdin.take());
        let _ = self.guard.wait();
        if std::thread::panicking() {
            eprintln!("the server at {} said:\n{}", self.address, self.sandbox.read("log"));
        }
    }
}

/// An address that nobody listens at.
pub fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// Whether a program can be found.
pub fn is_installed(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|directory| directory.join(program).is_file())
}
