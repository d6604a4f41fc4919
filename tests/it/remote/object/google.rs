//! Google Cloud Storage, of which there is no server here. A few lines stand for it, which show that the right
//! headers are sent and understood.

use super::services::without_services;
use crate::harness::{Run, Sandbox};
use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// What stands for the service.
#[derive(Default)]
struct Fake {
    object: Option<Object>,
    generations: u64,
    /// The conditions that came with writes.
    conditions: Vec<String>,
    /// Answers that come before all others.
    refusals: Vec<&'static str>,
}

struct Object {
    generation: u64,
    body: Vec<u8>,
    metadata: BTreeMap<String, String>,
}

/// A request, with the names of its headers in lower case.
struct Request {
    method: String,
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
}

impl Fake {
    fn start() -> (SocketAddr, Arc<Mutex<Fake>>) {
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

    fn answer(&mut self, request: Request) -> Vec<u8> {
        if let Some(refusal) = self.refusals.pop() {
            return format!("HTTP/1.1 {refusal}\r\ncontent-length: 0\r\n\r\n").into();
        }
        match request.method.as_str() {
            "PUT" => self.put(request),
            _ => self.get(),
        }
    }

    fn put(&mut self, request: Request) -> Vec<u8> {
        let condition = request.headers["x-goog-if-generation-match"].clone();
        let now = self.object.as_ref().map_or(0, |object| object.generation);
        self.conditions.push(condition.clone());
        if condition != now.to_string() {
            return error("412 Precondition Failed", "PreconditionFailed");
        }
        self.generations += 1;
        let generation = 1_700_000_000_000_000 + self.generations;
        let is_metadata = |name: &str| name.starts_with("x-goog-meta-");
        let metadata = request.headers.into_iter().filter(|(name, _)| is_metadata(name)).collect();
        self.object = Some(Object { generation, body: request.body, metadata });
        format!(
            "HTTP/1.1 200 OK\r\netag: \"same\"\r\nx-goog-generation: {generation}\r\ncontent-length: 0\r\n\r\n"
        )
        .into()
    }

    fn get(&self) -> Vec<u8> {
        let Some(object) = &self.object else { return error("404 Not Found", "NoSuchKey") };
        let mut head = format!(
            "HTTP/1.1 200 OK\r\netag: \"same\"\r\nx-goog-generation: {}\r\ncontent-length: {}\r\n\
             last-modified: Wed, 21 Oct 2026 07:28:00 GMT\r\n",
            object.generation,
            object.body.len()
        );
        for (name, value) in &object.metadata {
            head += &format!("{name}: {value}\r\n");
        }
        [head.as_bytes(), b"\r\n", &object.body].concat()
    }
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
        let method = line.split(' ').next()?.to_owned();
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
        let answer = fake.lock().unwrap().answer(Request { method, headers, body });
        client.get_mut().write_all(&answer).ok()?;
    }
}

fn run(sandbox: &Sandbox, address: SocketAddr, args: &[&str]) -> Run {
    let mut command = sandbox.command(args);
    without_services(&mut command);
    command.env("GOOGLE_BASE_URL", format!("http://{address}"));
    command.env("GOOGLE_BEARER_TOKEN", "s3cret").env("GOOGLE_ALLOW_HTTP", "true");
    sandbox.run_command(command)
}

#[test]
fn writes_name_the_generation_that_they_replace() {
    let (sandbox, (address, fake)) = (Sandbox::new(), Fake::start());
    let url = "gs://bucket/d.json";
    run(&sandbox, address, &["get", url]).exits_with(66);
    for _ in 0..3 {
        run(&sandbox, address, &["apply", url, ".n += 1", "--print=.n"]).succeeds();
    }
    run(&sandbox, address, &["get", url, "n"]).succeeds().prints("3\n");
    let fake = fake.lock().unwrap();
    assert_eq!(fake.conditions, ["0", "1700000000000001", "1700000000000002"]);
    let ledger = &fake.object.as_ref().unwrap().metadata["x-goog-meta-jsonlock"];
    assert!(ledger.starts_with("1.") && ledger.contains(".3."), "{ledger}");
}

#[test]
fn too_many_writes_are_tried_again() {
    let (sandbox, (address, fake)) = (Sandbox::new(), Fake::start());
    let url = "gs://bucket/d.json";
    run(&sandbox, address, &["set", url, "a=1"]).succeeds();
    fake.lock().unwrap().refusals = vec!["429 Too Many Requests", "503 Service Unavailable"];
    run(&sandbox, address, &["set", url, "a=2"]).succeeds();
    run(&sandbox, address, &["get", url, "a"]).succeeds().prints("2\n");
    fake.lock().unwrap().refusals = vec!["429 Too Many Requests"];
    let set = ["set", url, "a=3", "--timeout", "0"];
    run(&sandbox, address, &set).exits_with(75).says("it has too many requests (status 429)");
}
