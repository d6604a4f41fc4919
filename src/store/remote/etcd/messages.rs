//! What the gateway is sent, and what it answers. Keys and values are in base64, and numbers in quotes.

use crate::store::Version;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::de::{Error as _, IgnoredAny};
use serde::{Deserialize, Deserializer, Serialize};

/// Bytes as messages spell them.
pub(super) fn encode(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Reads or writes several keys at one revision.
#[derive(Serialize)]
pub(super) struct Transaction<'a> {
    compare: Vec<Compare<'a>>,
    success: Vec<Operation<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    failure: Vec<Operation<'a>>,
}

/// Compares the revision of a key, which is 0 if there is none.
#[derive(Serialize)]
struct Compare<'a> {
    key: &'a str,
    target: &'static str,
    result: &'static str,
    mod_revision: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Operation<'a> {
    RequestRange(Range<'a>),
    RequestPut(Put<'a>),
}

/// Asks for one key.
#[derive(Serialize)]
pub(super) struct Range<'a> {
    key: &'a str,
    /// At a past revision.
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<u64>,
}

#[derive(Serialize)]
struct Put<'a> {
    key: &'a str,
    value: String,
    ignore_lease: bool,
}

/// What becomes of the lease of a key that is written.
pub(super) enum Lease {
    /// It stays. The key must exist.
    Kept,
    /// The key has none from now on.
    None,
}

impl<'a> Transaction<'a> {
    /// Reads both keys.
    pub(super) fn read(first: &'a str, second: &'a str) -> Self {
        Transaction { compare: Vec::new(), success: ranges(first, second), failure: Vec::new() }
    }

    /// Does what is added if the key has this revision; if it does not exist, without one.
    pub(super) fn if_unchanged(key: &'a str, revision: Option<&'a Version>) -> Self {
        let mod_revision = revision.map_or("0", Version::as_str);
        let compare = Compare { key, target: "MOD", result: "EQUAL", mod_revision };
        Transaction { compare: vec![compare], success: Vec::new(), failure: Vec::new() }
    }

    /// Reads both keys if the first has another revision.
    pub(super) fn or_else_read(mut self, first: &'a str, second: &'a str) -> Self {
        self.failure = ranges(first, second);
        self
    }

    pub(super) fn put(mut self, key: &'a str, value: &[u8], lease: Lease) -> Self {
        let ignore_lease = matches!(lease, Lease::Kept);
        let put = Put { key, value: encode(value), ignore_lease };
        self.success.push(Operation::RequestPut(put));
        self
    }
}

fn ranges<'a>(first: &'a str, second: &'a str) -> Vec<Operation<'a>> {
    [first, second].map(|key| Operation::RequestRange(Range::now(key))).into()
}

impl<'a> Range<'a> {
    pub(super) fn now(key: &'a str) -> Self {
        Range { key, revision: None }
    }

    pub(super) fn at(key: &'a str, revision: u64) -> Self {
        Range { key, revision: Some(revision) }
    }
}

/// Asks for the writes to a key from now on.
#[derive(Serialize)]
pub(super) struct Watch<'a> {
    create_request: Range<'a>,
}

impl<'a> Watch<'a> {
    pub(super) fn of(key: &'a str) -> Self {
        Watch { create_request: Range::now(key) }
    }
}

/// One line of the answer to that.
#[derive(Deserialize)]
pub(super) struct Notice {
    pub(super) result: Progress,
}

/// How far a watch is.
#[derive(Deserialize)]
pub(super) struct Progress {
    /// It has begun.
    #[serde(default)]
    pub(super) created: bool,
    /// It has ended.
    #[serde(default)]
    pub(super) canceled: bool,
    /// What was written.
    #[serde(default)]
    pub(super) events: Vec<IgnoredAny>,
}

/// What came of a transaction.
#[derive(Deserialize)]
pub(super) struct Outcome {
    #[serde(default)]
    pub(super) succeeded: bool,
    #[serde(default)]
    responses: Vec<Response>,
    #[serde(rename = "header")]
    _header: Header,
}

/// Every answer of etcd has one, and those of other programs have none.
#[derive(Deserialize)]
struct Header {
    #[serde(rename = "revision", deserialize_with = "number")]
    _revision: u64,
}

#[derive(Deserialize)]
struct Response {
    #[serde(default)]
    response_range: Option<Answer>,
}

/// The keys that were asked for, as far as they exist.
#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    kvs: Vec<KeyValue>,
}

/// The answer to a request for one key.
#[derive(Deserialize)]
pub(super) struct Found {
    #[serde(flatten)]
    answer: Answer,
    #[serde(rename = "header")]
    _header: Header,
}

/// A key as it is or was.
#[derive(Clone, Deserialize)]
pub(super) struct KeyValue {
    #[serde(deserialize_with = "number")]
    pub(super) create_revision: u64,
    #[serde(deserialize_with = "number")]
    pub(super) mod_revision: u64,
    /// How many writes there were since it was created.
    #[serde(deserialize_with = "number")]
    pub(super) version: u64,
    #[serde(default)]
    value: String,
}

impl Outcome {
    /// Both keys that were read.
    pub(super) fn found(self) -> Option<[Option<KeyValue>; 2]> {
        let answers = self.responses.into_iter().map(|response| response.response_range);
        let answers = answers.collect::<Option<Vec<_>>>()?;
        let answers = <[Answer; 2]>::try_from(answers).ok()?;
        Some(answers.map(|answer| answer.kvs.into_iter().next()))
    }
}

impl Found {
    pub(super) fn key(self) -> Option<KeyValue> {
        self.answer.kvs.into_iter().next()
    }
}

impl KeyValue {
    /// The value, if it can be read.
    pub(super) fn value(&self) -> Option<Vec<u8>> {
        STANDARD.decode(&self.value).ok()
    }
}

fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
}

/// Asks for a token.
#[derive(Serialize)]
pub(super) struct Credentials<'a> {
    pub(super) name: &'a str,
    pub(super) password: &'a str,
}

/// The answer to that.
#[derive(Deserialize)]
pub(super) struct Admission {
    pub(super) token: String,
}
