use super::{Answer, extended, is_same};
use rustix::fs::Stat;
use rustix::io::Errno;
use rustix::net::sockopt::socket_peercred;
use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, Shutdown, recvmsg, sendmsg, shutdown,
};
use rustix::process::geteuid;
use std::fs::File;
use std::io::{self, IoSlice, IoSliceMut, Read as _};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd as _, OwnedFd};
use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::net::{SocketAddr, UnixListener, UnixStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// How long even those wait who do not want to: the holder has to answer, and is there.
const LEAST_WAIT: Duration = Duration::from_millis(100);

/// How long to do without new connections after one could not be accepted, for want of descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(10);

/// A connection to the holder of a lock, on which it grants a turn. Closing it ends the turn.
#[derive(Debug)]
pub(in super::super) struct Request {
    stream: UnixStream,
    lock: Stat,
}

impl Request {
    /// Asks for a turn, if the socket's owner is to be trusted and still there.
    pub(super) fn new(socket: &str, lock: Stat) -> Option<Self> {
        let address = SocketAddr::from_abstract_name(socket).ok()?;
        let stream = UnixStream::connect_addr(&address).ok()?;
        // Once the holder is gone anybody could listen in its place, and let us wait.
        let is_trusted = is_trusted(&stream) || geteuid().is_root();
        is_trusted.then_some(Request { stream, lock })
    }

    /// Waits for the answer, for so long.
    pub(in super::super) fn answer(&self, limit: Option<Duration>) -> Answer {
        let limit = limit.map(|limit| limit.max(LEAST_WAIT));
        let received = self.stream.set_read_timeout(limit).and_then(|()| receive(&self.stream));
        match received {
            Ok(Some(file)) if is_same(&file, &self.lock) => Answer::Granted(file),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Answer::Late,
            Ok(_) | Err(_) => Answer::Gone,
        }
    }
}

/// Grants turns until it is dropped.
#[derive(Debug)]
pub(in super::super) struct Sharing {
    variable: String,
    listener: Arc<UnixListener>,
    turn: Arc<Mutex<CurrentTurn>>,
    server: Option<JoinHandle<()>>,
}

/// Whose turn it is.
#[derive(Debug)]
enum CurrentTurn {
    Nobodys,
    Somebodys(UnixStream),
    /// There are no more turns.
    Over,
}

impl Sharing {
    pub(in super::super) fn start(lock: &Arc<File>) -> io::Result<Self> {
        let socket = format!("jsonlock-{:016x}", fastrand::u64(..));
        let address = SocketAddr::from_abstract_name(&socket)?;
        let listener = Arc::new(UnixListener::bind_addr(&address)?);
        let turn = Arc::new(Mutex::new(CurrentTurn::Nobodys));
        let server = Server {
            listener: Arc::clone(&listener),
            lock: Arc::clone(lock),
            turn: Arc::clone(&turn),
        };
        let thread = thread::Builder::new().name("jsonlock-share".to_owned());
        let server = Some(thread.stack_size(64 * 1024).spawn(move || server.run())?);
        Ok(Sharing { variable: extended(lock, &socket), listener, turn, server })
    }

    /// What the variable has to be for those with which the lock is shared.
    pub(in super::super) fn variable(&self) -> String {
        self.variable.clone()
    }
}

impl Drop for Sharing {
    /// Whoever has a turn goes on with a descriptor of its own; whoever waits for one is sent away.
    fn drop(&mut self) {
        let turn = set_turn(&self.turn, CurrentTurn::Over);
        if let CurrentTurn::Somebodys(stream) = turn {
            let _ = stream.shutdown(std::net::Shutdown::Both);
        }
        let has_ended = shutdown(&self.listener, Shutdown::Both).is_ok();
        if let (true, Some(server)) = (has_ended, self.server.take()) {
            let _ = server.join();
        }
    }
}

struct Server {
    listener: Arc<UnixListener>,
    lock: Arc<File>,
    turn: Arc<Mutex<CurrentTurn>>,
}

impl Server {
    fn run(&self) {
        while !self.is_over() {
            match self.listener.accept() {
                Ok((stream, _)) if is_trusted(&stream) => self.grant(stream),
                Ok(_) => {}
                Err(_) if self.is_over() => return,
                Err(_) => thread::sleep(ACCEPT_PAUSE),
            }
        }
    }

    fn is_over(&self) -> bool {
        let turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        matches!(*turn, CurrentTurn::Over)
    }

    /// Lets a program have its turn, and waits for the end of it.
    fn grant(&self, mut stream: UnixStream) {
        let Ok(other) = stream.try_clone() else { return };
        let mut turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        if matches!(*turn, CurrentTurn::Over) {
            return;
        }
        *turn = CurrentTurn::Somebodys(other);
        drop(turn);
        if send(&stream, &self.lock).is_ok() {
            // The connection ends; nothing else is ever sent.
            let _ = stream.read(&mut [0]);
        }
        let mut turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        if matches!(*turn, CurrentTurn::Somebodys(_)) {
            *turn = CurrentTurn::Nobodys;
        }
    }
}

fn set_turn(turn: &Mutex<CurrentTurn>, new: CurrentTurn) -> CurrentTurn {
    std::mem::replace(&mut *turn.lock().unwrap_or_else(PoisonError::into_inner), new)
}

/// Whether the other end belongs to the same user, or to root. Sockets of this kind have no permissions,
/// and everybody can see their names.
fn is_trusted(stream: &UnixStream) -> bool {
    socket_peercred(stream).is_ok_and(|peer| peer.uid == geteuid() || peer.uid.is_root())
}

fn send(stream: &UnixStream, lock: &File) -> Result<(), Errno> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut control = SendAncillaryBuffer::new(&mut space);
    let descriptors = [lock.as_fd()];
    control.push(SendAncillaryMessage::ScmRights(&descriptors));
    let byte = [IoSlice::new(&[1])];
    sendmsg(stream, &byte, &mut control, SendFlags::NOSIGNAL).map(drop)
}

/// The file that was sent, `None` if the connection has ended.
fn receive(stream: &UnixStream) -> io::Result<Option<File>> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut control = RecvAncillaryBuffer::new(&mut space);
    let mut byte = [0];
    let mut bytes = [IoSliceMut::new(&mut byte)];
    rustix::io::retry_on_intr(|| {
        recvmsg(stream, &mut bytes, &mut control, RecvFlags::CMSG_CLOEXEC)
    })?;
    let files = control.drain().filter_map(|message| match message {
        RecvAncillaryMessage::ScmRights(mut files) => files.next(),
        _ => None,
    });
    Ok(files.map(|file: OwnedFd| File::from(file)).next())
}
