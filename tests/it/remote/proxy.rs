//! A proxy for HTTP/1.1 that has accidents with writes. It knows nothing of what it passes on.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// Nobody waits longer than this for the end of a request.
const HANG: Duration = Duration::from_secs(30);

/// What becomes of a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is made, and the connection closed without an answer.
    DroppedReply,
    /// It is made, and the answer is that it failed.
    Refused,
    /// It is made, and the answer comes only when nobody waits for it any more.
    LateReply,
    /// It reaches the server only when nobody waits for it any more, and after a later write.
    LateRequest,
    /// It is sent twice, and the answer is that to the second copy.
    Repeated,
}

/// A request or an answer, as it came.
#[derive(Clone, Debug)]
pub struct Message {
    head: Vec<u8>,
    body: Vec<u8>,
}

/// Runs as long as the process.
#[derive(Clone, Debug)]
pub struct Proxy {
    address: SocketAddr,
    state: Arc<State>,
}

#[derive(Debug)]
struct State {
    server: SocketAddr,
    is_write: fn(&Message) -> bool,
    fault: Fault,
    one_in: usize,
    writes: AtomicUsize,
    injected: AtomicUsize,
    late: Mutex<Vec<Message>>,
}

impl Message {
    /// The first word, which is the method of a request.
    pub fn method(&self) -> &str {
        let line = self.head.split(|byte| *byte == b' ').next().unwrap();
        std::str::from_utf8(line).unwrap()
    }

    /// The value of a header, whose name is in lower case.
    pub fn header(&self, name: &str) -> Option<String> {
        let head = String::from_utf8_lossy(&self.head).into_owned();
        head.lines().skip(1).find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
        })
    }

    /// Whether the body has this text somewhere.
    #[cfg_attr(not(feature = "etcd"), expect(dead_code, reason = "the others have methods"))]
    pub fn has(&self, text: &str) -> bool {
        self.body.windows(text.len()).any(|part| part == text.as_bytes())
    }

    fn ends_with_the_connection(&self) -> bool {
        ["content-length", "transfer-encoding"].iter().all(|name| self.header(name).is_none())
    }

    fn status(&self) -> u16 {
        let head = String::from_utf8_lossy(&self.head).into_owned();
        head.split(' ').nth(1).unwrap().parse().unwrap()
    }

    /// Reads the next one, or finds the end of the connection.
    fn read(from: &mut BufReader<TcpStream>) -> io::Result<Option<Message>> {
        let mut message = Message { head: Vec::new(), body: Vec::new() };
        while !message.head.ends_with(b"\r\n\r\n") {
            if from.read_until(b'\n', &mut message.head)? == 0 {
                return Ok(None);
            }
        }
        Ok(Some(message))
    }

    fn read_body(&mut self, from: &mut BufReader<TcpStream>) -> io::Result<()> {
        if self.header("transfer-encoding").is_some_and(|value| value.contains("chunked")) {
            return self.read_chunks(from);
        }
        let length = self.header("content-length").map_or(0, |value| value.parse().unwrap());
        self.body = vec![0; length];
        from.read_exact(&mut self.body)
    }

    fn read_chunks(&mut self, from: &mut BufReader<TcpStream>) -> io::Result<()> {
        loop {
            let mut line = Vec::new();
            from.read_until(b'\n', &mut line)?;
            let text = String::from_utf8_lossy(&line).into_owned();
            let digits = text.split(';').next().unwrap().trim();
            let length = usize::from_str_radix(digits, 16).map_err(io::Error::other)?;
            let mut chunk = vec![0; length + 2];
            from.read_exact(&mut chunk)?;
            self.body.extend(line);
            self.body.extend(chunk);
            if length == 0 {
                return Ok(());
            }
        }
    }

    fn write(&self, to: &mut BufReader<TcpStream>) -> io::Result<()> {
        to.get_mut().write_all(&[self.head.as_slice(), &self.body].concat())
    }
}

impl Proxy {
    /// Has one write in so many, as `is_write` knows them, end by a fault.
    pub fn start(
        server: SocketAddr,
        is_write: fn(&Message) -> bool,
        fault: Fault,
        one_in: usize,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(State {
            server,
            is_write,
            fault,
            one_in,
            writes: AtomicUsize::new(0),
            injected: AtomicUsize::new(0),
            late: Mutex::default(),
        });
        let accepting = Arc::clone(&state);
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let state = Arc::clone(&accepting);
                // A connection that breaks is what this is for.
                thread::spawn(move || state.serve(client));
            }
        });
        Proxy { address, state }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many writes have ended by the fault.
    pub fn injected(&self) -> usize {
        self.state.injected.load(Ordering::Relaxed)
    }

    /// Sends what is late and was not sent yet.
    pub fn flush(&self) {
        while self.state.deliver_late() {}
    }
}

impl State {
    fn serve(&self, client: TcpStream) -> io::Result<()> {
        client.set_nodelay(true)?;
        client.set_read_timeout(Some(HANG))?;
        let mut client = BufReader::new(client);
        let mut server = self.connect()?;
        while let Some(mut request) = Message::read(&mut client)? {
            if request.header("expect").is_some() {
                client.get_mut().write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
            }
            request.read_body(&mut client)?;
            let fault = self.next_fault(&request);
            if fault == Some(Fault::LateRequest) {
                until_given_up(&mut client);
                self.late.lock().unwrap().push(request);
                return Ok(());
            }
            let mut reply = exchange(&mut server, &request)?;
            if fault == Some(Fault::Repeated) {
                server = self.connect()?;
                reply = exchange(&mut server, &request)?;
            }
            let is_last = reply.header("connection").is_some_and(|value| value == "close");
            match fault {
                None | Some(Fault::LateRequest | Fault::Repeated) => {}
                Some(Fault::DroppedReply) => return Ok(()),
                Some(Fault::LateReply) => {
                    until_given_up(&mut client);
                    return Ok(());
                }
                Some(Fault::Refused) => {
                    let refusal = b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n";
                    client.get_mut().write_all(refusal)?;
                    server = self.connect()?;
                    continue;
                }
            }
            reply.write(&mut client)?;
            if (self.is_write)(&request) {
                self.deliver_late();
            }
            if is_last {
                return Ok(());
            }
        }
        Ok(())
    }

    fn connect(&self) -> io::Result<BufReader<TcpStream>> {
        let server = TcpStream::connect(self.server)?;
        server.set_nodelay(true)?;
        server.set_read_timeout(Some(HANG))?;
        Ok(BufReader::new(server))
    }

    fn next_fault(&self, request: &Message) -> Option<Fault> {
        if !(self.is_write)(request) {
            return None;
        }
        let number = self.writes.fetch_add(1, Ordering::Relaxed) + 1;
        let is_due = number.is_multiple_of(self.one_in);
        is_due.then(|| {
            self.injected.fetch_add(1, Ordering::Relaxed);
            self.fault
        })
    }

    /// Sends the oldest request that is late, and says whether there was one.
    fn deliver_late(&self) -> bool {
        let mut late = self.late.lock().unwrap();
        if late.is_empty() {
            return false;
        }
        let request = late.remove(0);
        drop(late);
        if let Ok(mut server) = self.connect() {
            let _ = exchange(&mut server, &request);
        }
        true
    }
}

fn exchange(server: &mut BufReader<TcpStream>, request: &Message) -> io::Result<Message> {
    request.write(server)?;
    loop {
        let ended = || io::Error::from(io::ErrorKind::UnexpectedEof);
        let mut reply = Message::read(server)?.ok_or_else(ended)?;
        match reply.status() {
            100..200 => continue,
            204 | 304 => {}
            _ if request.method() == "HEAD" => {}
            _ if reply.ends_with_the_connection() => {
                server.read_to_end(&mut reply.body)?;
            }
            _ => reply.read_body(server)?,
        }
        return Ok(reply);
    }
}

/// Waits for the client to close the connection.
fn until_given_up(client: &mut BufReader<TcpStream>) {
    let _ = client.read(&mut [0]);
}
