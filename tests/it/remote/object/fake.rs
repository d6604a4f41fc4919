//! A few lines that stand for Google Cloud Storage, of which there is no server here.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// What the names of metadata begin with.
const METADATA: &str = "x-goog-meta-";

/// What stands for the service.
#[derive(Default)]
pub struct Fake {
    /// The objects by their paths, which begin with the bucket.
    pub objects: BTreeMap<String, Object>,
    generations: u64,
    /// The conditions that came with writes.
    pub conditions: Vec<String>,
    /// Answers that come before all others, the last one first: a status, and headers if they matter.
    pub answers: Vec<String>,
    /// The same, for writes alone, which have no effect then.
    written: Vec<String>,
    /// Whether it does not say what it has written.
    pub is_silent: bool,
    /// Whether it finds all writes outdated.
    pub knows_no_version: bool,
    /// Which methods it refuses.
    pub refused: Vec<&'static str>,
}

pub struct Object {
    generation: u64,
    body: Vec<u8>,
    pub metadata: BTreeMap<String, String>,
}

/// A request, with the names of its headers in lower case.
struct Request {
    method: String,
    path: String,
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
}

impl Fake {
    pub fn start() -> (SocketAddr, Arc<Mutex<Fake>>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let fake = Arc::new(Mutex::new(Fake::default()));
        let serving = Arc::clone(&fake);
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let fake = Arc::clone(&serving);
                thread::spawn(move || serve(client, &fake));
            }
        });
        (address, fake)
    }

    /// What it will answer next.
    pub fn answer_next(&mut self, answers: &[&str]) {
        self.answers = answers.iter().rev().map(|answer| (*answer).to_owned()).collect();
    }

    /// What it will answer the next writes, and what comes after those.
    pub fn answer_writes(&mut self, answers: &[&str]) {
        self.written = answers.iter().rev().map(|answer| (*answer).to_owned()).collect();
    }

    fn answer(&mut self, request: Request) -> Vec<u8> {
        if request.method == "PUT" {
            self.answers.append(&mut self.written);
        }
        if let Some(answer) = self.answers.pop() {
            return whole(&answer);
        }
        match request.method.as_str() {
            method if self.refused.contains(&method) => error("403 Forbidden", "AccessDenied"),
            "PUT" if self.knows_no_version => whole("412 Precondition Failed"),
            "PUT" => self.put(request),
            "DELETE" if self.objects.remove(&request.path).is_some() => {
                b"HTTP/1.1 204 No Content\r\n\r\n".to_vec()
            }
            _ => self.get(&request.path),
        }
    }

    fn put(&mut self, request: Request) -> Vec<u8> {
        let condition = request.headers["x-goog-if-generation-match"].clone();
        let now = self.objects.get(&request.path).map_or(0, |object| object.generation);
        self.conditions.push(condition.clone());
        if condition != now.to_string() {
            return error("412 Precondition Failed", "PreconditionFailed");
        }
        let is_metadata = |name: &str| name.starts_with(METADATA);
        let metadata: BTreeMap<_, _> =
            request.headers.into_iter().filter(|(name, _)| is_metadata(name)).collect();
        let size = |(name, value): (&String, &String)| name.len() - METADATA.len() + value.len();
        if metadata.iter().map(size).sum::<usize>() > 8 << 10 {
            return error("400 Bad Request", "MetadataTooLarge");
        }
        self.generations += 1;
        let generation = 1_700_000_000_000_000 + self.generations;
        self.objects.insert(request.path, Object { generation, body: request.body, metadata });
        match self.is_silent {
            true => whole("200 OK"),
            false => [head(generation, 0).as_bytes(), b"\r\n"].concat(),
        }
    }

    fn get(&self, path: &str) -> Vec<u8> {
        let Some(object) = self.objects.get(path) else {
            return error("404 Not Found", "NoSuchKey");
        };
        let mut head = head(object.generation, object.body.len());
        for (name, value) in &object.metadata {
            head += &format!("{name}: {value}\r\n");
        }
        [head.as_bytes(), b"\r\n", &object.body].concat()
    }
}

fn head(generation: u64, length: usize) -> String {
    format!(
        "HTTP/1.1 200 OK\r\netag: \"same\"\r\nx-goog-generation: {generation}\r\n\
         content-length: {length}\r\nlast-modified: Wed, 21 Oct 2026 07:28:00 GMT\r\n"
    )
}

/// An answer without content, unless it has its own.
fn whole(answer: &str) -> Vec<u8> {
    let has_own = ["content-length", "transfer-encoding"].iter().any(|name| answer.contains(name));
    let rest = if has_own { "" } else { "\r\ncontent-length: 0\r\n\r\n" };
    format!("HTTP/1.1 {answer}{rest}").into()
}

fn error(status: &str, code: &str) -> Vec<u8> {
    let body = format!("<?xml version='1.0'?><Error><Code>{code}</Code></Error>");
    format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n\r\n{body}", body.len()).into()
}

fn serve(client: TcpStream, fake: &Mutex<Fake>) -> Option<()> {
    let mut client = BufReader::new(client);
    loop {
        let mut line = String::new();
        client.read_line(&mut line).ok().filter(|length| *length > 0)?;
        let mut words = line.split(' ').map(str::to_owned);
        let (method, path) = (words.next()?, words.next()?);
        let mut headers = BTreeMap::new();
        loop {
            let mut line = String::new();
            client.read_line(&mut line).ok()?;
            let Some((name, value)) = line.split_once(':') else { break };
            headers.insert(name.to_lowercase(), value.trim().to_owned());
        }
        let length = headers.get("content-length").map_or(0, |length| length.parse().unwrap());
        let mut body = vec![0; length];
        client.read_exact(&mut body).ok()?;
        let request = Request { method, path, headers, body };
        let answer = fake.lock().unwrap().answer(request);
        client.get_mut().write_all(&answer).ok()?;
    }
}
