//! What lies between the nodes of a cluster, and can cut one of them off from the others.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// The header by which nodes tell each other who they are.
const FROM: &str = "\r\nx-server-from: ";

/// Passes on what nodes send each other.
#[derive(Clone, Default)]
pub(super) struct Switch(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    /// Who is cut off: the node's number and what it calls itself.
    cut: Option<(usize, String)>,
    connections: Vec<Connection>,
}

struct Connection {
    from: String,
    to: usize,
    ends: [TcpStream; 2],
}

impl State {
    fn is_cut(&self, from: &str, to: usize) -> bool {
        self.cut.as_ref().is_some_and(|(number, name)| *number == to || name == from)
    }
}

impl Switch {
    /// Listens for those who want to talk to a node, and tells where.
    pub(super) fn plug_in(&self, node: usize, port: u16) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let own = listener.local_addr().unwrap().port();
        let switch = self.clone();
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let switch = switch.clone();
                thread::spawn(move || switch.connect(client, node, port));
            }
        });
        own
    }

    /// Cuts off a node, which calls itself so.
    pub(super) fn cut(&self, node: usize, name: &str) {
        let mut state = self.0.lock().unwrap();
        state.cut = Some((node, name.to_owned()));
        let all = std::mem::take(&mut state.connections);
        let (cut, kept) = all.into_iter().partition(|one| state.is_cut(&one.from, one.to));
        state.connections = kept;
        let cut: Vec<Connection> = cut;
        cut.iter().flat_map(|one| &one.ends).for_each(|end| _ = end.shutdown(Shutdown::Both));
    }

    pub(super) fn mend(&self) {
        self.0.lock().unwrap().cut = None;
    }

    /// Passes on one connection. Nothing comes of it where it fails.
    fn connect(&self, mut client: TcpStream, to: usize, port: u16) -> Option<()> {
        let (head, from) = read_head(&mut client)?;
        let mut server = TcpStream::connect(("127.0.0.1", port)).ok()?;
        let ends = [client.try_clone().ok()?, server.try_clone().ok()?];
        let mut state = self.0.lock().unwrap();
        if state.is_cut(&from, to) {
            return None;
        }
        state.connections.push(Connection { from, to, ends });
        drop(state);
        server.write_all(&head).ok()?;
        let (mut answers, mut asker) = (server.try_clone().ok()?, client.try_clone().ok()?);
        thread::spawn(move || {
            let _ = std::io::copy(&mut answers, &mut asker);
            asker.shutdown(Shutdown::Both)
        });
        let _ = std::io::copy(&mut client, &mut server);
        server.shutdown(Shutdown::Both).ok()
    }
}

/// What a connection begins with, and who says so.
fn read_head(client: &mut TcpStream) -> Option<(Vec<u8>, String)> {
    let mut head = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let count = client.read(&mut buffer).ok().filter(|count| *count > 0)?;
        head.extend_from_slice(&buffer[..count]);
        let text = String::from_utf8_lossy(&head).to_lowercase();
        if let Some((headers, _)) = text.split_once("\r\n\r\n") {
            let from = headers.split_once(FROM).and_then(|(_, rest)| rest.lines().next());
            return Some((head, from.unwrap_or_default().to_owned()));
        }
    }
}
