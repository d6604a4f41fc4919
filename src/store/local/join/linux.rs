use super::{Answer, Entry, MOST_TURNS, extended, is_same};
use rustix::fs::Stat;
use rustix::io::Errno;
use rustix::net::sockopt::socket_peercred;
use rustix::net::{
    AddressFamily, RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, ReturnFlags,
    SendAncillaryBuffer, SendAncillaryMessage, SendFlags, Shutdown, SocketAddrUnix, SocketFlags,
    SocketType, connect, recvmsg, sendmsg, shutdown, socket_with,
};
use rustix::process::{Uid, geteuid};
use std::fs::File;
use std::io::{self, IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd as _, OwnedFd};
use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::net::{SocketAddr, UnixListener, UnixStream};
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// How long even those wait who do not want to: the holder has to answer, and is there.
const LEAST_WAIT: Duration = Duration::from_millis(500);

/// How long to do without new connections after one could not be accepted, for want of descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(10);

/// The lock, and all turns.
const MOST_DESCRIPTORS: usize = MOST_TURNS + 1;

/// A connection to the holder of a lock, on which it grants a turn.
#[derive(Debug)]
pub(in super::super) struct Request {
    stream: UnixStream,
    lock: Stat,
}

impl Request {
    /// Asks for a turn, if it is the one who said so that listens, and not somebody in his place.
    pub(super) fn new(entry: &Entry, lock: Stat) -> io::Result<Option<Self>> {
        let stream = match connected(&entry.socket) {
            Err(error) if Errno::from_io_error(&error).is_some_and(is_lack) => return Err(error),
            // Nobody listens, or it is no name of a socket at all.
            Err(_) => return Ok(None),
            Ok(stream) => stream,
        };
        Ok(is_peer(&stream, entry.owner).then_some(Request { stream, lock }))
    }

    /// Waits for the answer, for so long.
    pub(in super::super) fn answer(&self, limit: Option<Duration>) -> Answer {
        let limit = limit.map(|limit| limit.max(LEAST_WAIT));
        let received = self.stream.set_read_timeout(limit).and_then(|()| receive(&self.stream));
        match received {
            Ok(Some((file, turns))) if is_same(&file, &self.lock) => Answer::Granted(file, turns),
            Ok(_) => Answer::Gone,
            Err(error) => match error.kind() {
                io::ErrorKind::WouldBlock => Answer::Late,
                io::ErrorKind::ConnectionReset => Answer::Gone,
                _ => Answer::Failed(error),
            },
        }
    }

    /// The turn that was granted, and those above it.
    pub(in super::super) fn into_turns(self, mut above: Vec<OwnedFd>) -> Vec<OwnedFd> {
        above.push(self.stream.into());
        above
    }
}

/// Whether there is too little of something for a connection.
fn is_lack(error: Errno) -> bool {
    [Errno::MFILE, Errno::NFILE, Errno::NOMEM, Errno::NOBUFS].contains(&error)
}

/// Does not wait, even if nobody accepts connections.
fn connected(socket: &str) -> io::Result<UnixStream> {
    let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
    let stream = socket_with(AddressFamily::UNIX, SocketType::STREAM, flags, None)?;
    connect(&stream, &SocketAddrUnix::new_abstract_name(socket.as_bytes())?)?;
    let stream = UnixStream::from(stream);
    stream.set_nonblocking(false)?;
    Ok(stream)
}

/// Grants turns until it is dropped.
#[derive(Debug)]
pub(in super::super) struct Sharing {
    variable: String,
    listener: Arc<UnixListener>,
    turn: Arc<Mutex<CurrentTurn>>,
    threads: Vec<JoinHandle<()>>,
}

/// Whose turn it is.
#[derive(Debug)]
enum CurrentTurn {
    Nobodys,
    Somebodys(Arc<UnixStream>),
    /// There are no more turns.
    Over,
}

impl Sharing {
    /// Shares a lock, and the turns in which it was got.
    pub(in super::super) fn start(lock: &Arc<File>, turns: &[OwnedFd]) -> io::Result<Self> {
        if turns.len() > MOST_TURNS - 1 {
            return Err(io::Error::other("too many locks are nested in each other"));
        }
        let socket = format!("jsonlock-{:016x}", fastrand::u64(..));
        let address = SocketAddr::from_abstract_name(&socket)?;
        let listener = Arc::new(UnixListener::bind_addr(&address)?);
        let turn = Arc::new(Mutex::new(CurrentTurn::Nobodys));
        let turns = turns.iter().map(OwnedFd::try_clone).collect::<io::Result<_>>()?;
        let (requests, requested) = mpsc::channel();
        let granter = Granter { lock: Arc::clone(lock), turns, turn: Arc::clone(&turn) };
        let granting = thread(move || requested.iter().for_each(|stream| granter.grant(stream)))?;
        let (door, watch) = (Arc::clone(&listener), Arc::clone(&turn));
        let accepting = thread(move || accept(&door, &watch, &requests))?;
        let variable = extended(lock, &socket);
        Ok(Sharing { variable, listener, turn, threads: vec![accepting, granting] })
    }

    /// What the variable has to be for those with which the lock is shared.
    pub(in super::super) fn variable(&self) -> String {
        self.variable.clone()
    }
}

impl Drop for Sharing {
    /// Whoever has a turn goes on with a descriptor of its own; whoever waits for one is sent away.
    fn drop(&mut self) {
        let turn = std::mem::replace(&mut *locked(&self.turn), CurrentTurn::Over);
        if let CurrentTurn::Somebodys(stream) = turn {
            let _ = stream.shutdown(std::net::Shutdown::Both);
        }
        if shutdown(&self.listener, Shutdown::Both).is_ok() {
            for thread in self.threads.drain(..) {
                let _ = thread.join();
            }
        }
    }
}

fn thread(run: impl FnOnce() + Send + 'static) -> io::Result<JoinHandle<()>> {
    thread::Builder::new().name("jsonlock-share".to_owned()).stack_size(64 * 1024).spawn(run)
}

fn locked(turn: &Mutex<CurrentTurn>) -> std::sync::MutexGuard<'_, CurrentTurn> {
    turn.lock().unwrap_or_else(PoisonError::into_inner)
}

fn is_over(turn: &Mutex<CurrentTurn>) -> bool {
    matches!(*locked(turn), CurrentTurn::Over)
}

/// Takes connections as they come, and sends strangers away at once, so that they cannot be in the way.
fn accept(listener: &UnixListener, turn: &Mutex<CurrentTurn>, requests: &Sender<UnixStream>) {
    while !is_over(turn) {
        match listener.accept() {
            Ok((stream, _)) if is_peer(&stream, geteuid()) => _ = requests.send(stream),
            Ok(_) => {}
            Err(_) if is_over(turn) => return,
            Err(_) => thread::sleep(ACCEPT_PAUSE),
        }
    }
}

struct Granter {
    lock: Arc<File>,
    turns: Vec<OwnedFd>,
    turn: Arc<Mutex<CurrentTurn>>,
}

impl Granter {
    /// Lets a program have its turn, and waits for the end of it.
    fn grant(&self, stream: UnixStream) {
        let stream = Arc::new(stream);
        {
            let mut turn = locked(&self.turn);
            if matches!(*turn, CurrentTurn::Over) {
                return;
            }
            *turn = CurrentTurn::Somebodys(Arc::clone(&stream));
        }
        if self.send(&stream).is_ok() {
            // The connection ends; nothing else is ever sent.
            let _ = rustix::io::retry_on_intr(|| rustix::io::read(&*stream, &mut [0; 1]));
        }
        let mut turn = locked(&self.turn);
        if matches!(*turn, CurrentTurn::Somebodys(_)) {
            *turn = CurrentTurn::Nobodys;
        }
    }

    fn send(&self, stream: &UnixStream) -> rustix::io::Result<()> {
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MOST_DESCRIPTORS))];
        let mut control = SendAncillaryBuffer::new(&mut space);
        let turns = self.turns.iter().map(|turn| turn.as_fd());
        let descriptors: Vec<_> = std::iter::once(self.lock.as_fd()).chain(turns).collect();
        control.push(SendAncillaryMessage::ScmRights(&descriptors));
        let byte = [IoSlice::new(&[1])];
        rustix::io::retry_on_intr(|| sendmsg(stream, &byte, &mut control, SendFlags::NOSIGNAL))?;
        Ok(())
    }
}

/// Whether the other end belongs to this user, or to root. Sockets of this kind have no permissions, and
/// everybody can see their names.
fn is_peer(stream: &UnixStream, user: Uid) -> bool {
    socket_peercred(stream).is_ok_and(|peer| peer.uid == user || peer.uid.is_root())
}

/// The lock and the turns that were sent, `None` if the connection has ended.
fn receive(stream: &UnixStream) -> io::Result<Option<(File, Vec<OwnedFd>)>> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MOST_DESCRIPTORS))];
    let mut control = RecvAncillaryBuffer::new(&mut space);
    let mut byte = [0];
    let mut bytes = [IoSliceMut::new(&mut byte)];
    let received = rustix::io::retry_on_intr(|| {
        recvmsg(stream, &mut bytes, &mut control, RecvFlags::CMSG_CLOEXEC)
    })?;
    if received.flags.contains(ReturnFlags::CTRUNC) {
        // The lock without all of its turns would be somebody else's as well.
        return Err(Errno::MFILE.into());
    }
    let mut descriptors = Vec::new();
    for message in control.drain() {
        if let RecvAncillaryMessage::ScmRights(sent) = message {
            descriptors.extend(sent);
        }
    }
    let mut descriptors = descriptors.into_iter();
    Ok(descriptors.next().map(|lock| (File::from(lock), descriptors.collect())))
}
