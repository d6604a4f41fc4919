//! A program that answers as the JSON gateway of etcd does, as far as jsonlock asks it, and that can be told to
//! lose what it has to say.

use serde_json::{Value, json};
use std::collections::{BTreeMap, VecDeque};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::{self, JoinHandle};

/// What becomes of a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Somebody else writes first.
    Overtaken,
    /// It is made, and then nobody answers.
    Unanswered,
    /// It is made and not answered, and then somebody else writes who does not count.
    Buried,
    /// It is made, and the answer is that it has failed.
    Denied,
    /// It is made, and the answer is held back for good.
    Held,
    /// It is not made, and nobody answers.
    Lost,
}

/// The service. It ends when it is dropped.
pub struct Fake {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    listener: Option<JoinHandle<()>>,
}

/// All revisions of all keys, which stay in base64.
#[derive(Default)]
struct State {
    revisions: Vec<BTreeMap<String, Key>>,
    turns: VecDeque<Turn>,
    /// Whether old revisions are forgotten.
    is_compacted: bool,
    refuses_all: bool,
    has_ended: bool,
    held: usize,
    writes: usize,
    requests: usize,
}

#[derive(Clone)]
struct Key {
    value: String,
    created: usize,
    modified: usize,
    version: usize,
}

/// What comes back.
enum Answer {
    /// A status and a body.
    Full(u16, Value),
    /// The end of the connection.
    End,
    Nothing,
}

impl Fake {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        let listener = thread::spawn(move || {
            for connection in listener.incoming() {
                if shared.lock().unwrap().has_ended {
                    return;
                }
                let (shared, connection) = (Arc::clone(&shared), connection.unwrap());
                thread::spawn(move || serve(&connection, &shared));
            }
        });
        Fake { address, state, listener: Some(listener) }
    }

    /// Its name and port.
    pub fn host(&self) -> String {
        self.address.to_string()
    }

    pub fn url(&self, key: &str) -> String {
        format!("etcd://{}/{key}", self.address)
    }

    /// Decides what becomes of the writes that come next.
    pub fn next_writes(&self, turns: &[Turn]) {
        self.state().turns.extend(turns);
    }

    /// Writes as a program does that keeps no count. The value is in base64, as is the key.
    pub fn put(&self, key: &str, value: &str) {
        self.state().put([(key.to_owned(), value.to_owned())]);
    }

    pub fn compact(&self) {
        self.state().is_compacted = true;
    }

    pub fn refuse_all(&self) {
        self.state().refuses_all = true;
    }

    pub fn writes(&self) -> usize {
        self.state().writes
    }

    pub fn requests(&self) -> usize {
        self.state().requests
    }

    /// How many answers were held back.
    pub fn held(&self) -> usize {
        self.state().held
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.state().has_ended = true;
        // The listener looks when somebody comes.
        let _ = TcpStream::connect(self.address);
        let _ = self.listener.take().map(JoinHandle::join);
    }
}

/// Answers the requests on a connection.
fn serve(connection: &TcpStream, state: &Mutex<State>) {
    let mut reader = BufReader::new(connection);
    while let Some(request) = receive(&mut reader) {
        let answer = state.lock().unwrap().answer(&request);
        let (status, body) = match answer {
            Answer::Full(status, body) => (status, body.to_string()),
            Answer::End => return,
            Answer::Nothing => continue,
        };
        let length = body.len();
        let head = format!(
            "HTTP/1.1 {status} Status\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n"
        );
        let mut writer = connection;
        if writer.write_all(format!("{head}{body}").as_bytes()).is_err() {
            return;
        }
    }
}

/// Reads a request's body.
fn receive(reader: &mut BufReader<&TcpStream>) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line == "\r\n" {
            break;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(serde_json::from_slice(&body).unwrap())
}

impl State {
    fn answer(&mut self, request: &Value) -> Answer {
        self.requests += 1;
        if self.refuses_all {
            return failure(403, 7, "etcdserver: permission denied");
        }
        let operations = request["success"].as_array();
        let is_write =
            operations.is_some_and(|all| all.iter().any(|one| one["request_put"].is_object()));
        if !is_write {
            return self.carry_out(request);
        }
        self.writes += 1;
        match self.turns.pop_front() {
            None => self.carry_out(request),
            Some(Turn::Overtaken) => {
                self.overwrite(request);
                self.carry_out(request)
            }
            Some(Turn::Lost) => Answer::End,
            Some(turn) => {
                self.carry_out(request);
                self.withhold(turn, request)
            }
        }
    }

    /// What is said of a write that was made.
    fn withhold(&mut self, turn: Turn, request: &Value) -> Answer {
        match turn {
            Turn::Denied => return failure(503, 14, "etcdserver: request timed out"),
            Turn::Held => {
                self.held += 1;
                return Answer::Nothing;
            }
            Turn::Buried => self.overwrite(request),
            _ => {}
        }
        Answer::End
    }

    /// Writes what is there once more, without a count.
    fn overwrite(&mut self, request: &Value) {
        let key = text(&request["compare"][0]["key"]);
        let value = self.now().get(&key).map_or("e30K".to_owned(), |key| key.value.clone());
        self.put([(key, value)]);
    }

    fn carry_out(&mut self, request: &Value) -> Answer {
        if request["key"].is_string() {
            let Some(mut answer) = self.range(request) else {
                return failure(400, 11, "etcdserver: mvcc: required revision has been compacted");
            };
            answer["header"] = self.header();
            return Answer::Full(200, answer);
        }
        let compare = request["compare"].as_array().into_iter().flatten();
        let succeeded = compare.into_iter().all(|one| self.holds(one));
        let name = if succeeded { "success" } else { "failure" };
        let operations = request[name].as_array().cloned().unwrap_or_default();
        let puts = operations.iter().map(|one| &one["request_put"]).filter(|put| put.is_object());
        let puts: Vec<_> = puts.map(|put| (text(&put["key"]), text(&put["value"]))).collect();
        if !puts.is_empty() {
            self.put(puts);
        }
        let ranges = operations.iter().map(|one| &one["request_range"]);
        let responses = ranges.map(|range| match range.is_object() {
            true => json!({"response_range": self.range(range)}),
            false => json!({"response_put": {}}),
        });
        let mut answer =
            json!({"header": self.header(), "responses": responses.collect::<Vec<_>>()});
        // As the gateway does, false is left out.
        if succeeded {
            answer["succeeded"] = true.into();
        }
        Answer::Full(200, answer)
    }

    fn holds(&self, compare: &Value) -> bool {
        assert_eq!((&compare["target"], &compare["result"]), (&json!("MOD"), &json!("EQUAL")));
        let key = text(&compare["key"]);
        let modified = self.now().get(&key).map_or(0, |key| key.modified);
        text(&compare["mod_revision"]) == modified.to_string()
    }

    fn range(&self, range: &Value) -> Option<Value> {
        let revision = match &range["revision"] {
            Value::Null => self.revisions.len(),
            _ if self.is_compacted => return None,
            revision => revision.to_string().trim_matches('"').parse().unwrap(),
        };
        let name = text(&range["key"]);
        let keys = revision.checked_sub(1).and_then(|index| self.revisions.get(index));
        let Some(key) = keys.and_then(|keys| keys.get(&name)) else { return Some(json!({})) };
        let key = json!({
            "key": name,
            "create_revision": key.created.to_string(),
            "mod_revision": key.modified.to_string(),
            "version": key.version.to_string(),
            "value": key.value,
        });
        Some(json!({"kvs": [key], "count": "1"}))
    }

    fn put(&mut self, values: impl IntoIterator<Item = (String, String)>) {
        let mut keys = self.now();
        let modified = self.revisions.len() + 1;
        for (name, value) in values {
            let old = keys.get(&name);
            let created = old.map_or(modified, |old| old.created);
            let version = old.map_or(1, |old| old.version + 1);
            keys.insert(name, Key { value, created, modified, version });
        }
        self.revisions.push(keys);
    }

    fn now(&self) -> BTreeMap<String, Key> {
        self.revisions.last().cloned().unwrap_or_default()
    }

    fn header(&self) -> Value {
        json!({"cluster_id": "1", "member_id": "1", "raft_term": "2", "revision": self.revisions.len().to_string()})
    }
}

fn failure(status: u16, code: u32, message: &str) -> Answer {
    Answer::Full(status, json!({"error": message, "message": message, "code": code}))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}
