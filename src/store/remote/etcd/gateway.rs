use super::super::Failure;
use super::super::time_for;
use super::messages::{Admission, Credentials};
use super::not_understood;
use super::refusal::Refusal;
use super::settings::{Endpoint, Settings, User};
use super::unanswered::{self, Purpose};
use crate::{Error, ErrorKind};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt;
use std::io::BufReader;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use ureq::typestate::WithBody;
use ureq::{Agent, BodyReader, RequestBuilder};

/// More than any value, even where etcd was told to take larger ones.
const LARGEST: u64 = 1 << 30;

/// More than any answer that says why there is none.
const LARGEST_REFUSAL: u64 = 1 << 16;

/// What the largest values take in base64, unless etcd was told to take larger ones.
const LARGE: usize = 1 << 21;

/// The gateways of a cluster. Each request goes to one of them, and to another one only if the first
/// certainly did not get it.
#[derive(Debug)]
pub(super) struct Gateway {
    endpoints: Vec<Endpoint>,
    /// The endpoint that worked last.
    current: AtomicUsize,
    agent: Agent,
    user: Option<User>,
    token: Mutex<Option<Token>>,
}

/// What etcd calls a user who has given the password; nothing where it has no users.
#[derive(Clone, PartialEq, Eq)]
struct Token(Option<String>);

/// A request, but for where it is sent.
#[derive(Clone, Copy)]
struct Question<'a> {
    purpose: Purpose,
    path: &'a str,
    body: &'a [u8],
    /// How long the beginning of the answer may take.
    answer: Duration,
    /// When all of the answer must be there.
    end: Instant,
}

/// An answer that comes in parts.
pub(super) type Stream = BufReader<BodyReader<'static>>;

/// Why there is no answer to use.
#[derive(Debug)]
pub(super) enum Problem {
    /// Etcd answers that it did not do it, or that it does not know.
    Refused(Refusal),
    /// There was no answer.
    Failed(Failure),
}

impl Gateway {
    pub(super) fn new(settings: Settings) -> Self {
        let Settings { endpoints, user, tls } = settings;
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            // Those of the environment are for the web; etcdctl uses none either.
            .proxy(None)
            .tls_config(tls);
        Gateway {
            current: AtomicUsize::new(fastrand::usize(..endpoints.len().max(1))),
            endpoints,
            agent: Agent::new_with_config(config.build()),
            user,
            token: Mutex::new(None),
        }
    }

    /// Makes a request that may change something, once. It takes no longer than `limit`, and what a large
    /// document needs on its way.
    pub(super) fn write<R: DeserializeOwned>(
        &self,
        path: &str,
        request: &impl Serialize,
        limit: Duration,
    ) -> Result<R, Problem> {
        let body = serialize(request)?;
        let end = Instant::now() + limit + time_for(body.len());
        self.ask(Question { purpose: Purpose::Write, path, body: &body, answer: limit, end })
    }

    /// Makes a request that changes nothing, so that another endpoint can be asked while the time allows. Of
    /// three endpoints, one may be cut off, and another one busy with becoming the leader.
    pub(super) fn look<R: DeserializeOwned>(
        &self,
        path: &str,
        request: &impl Serialize,
        limit: Duration,
    ) -> Result<R, Problem> {
        let body = serialize(request)?;
        let count = u32::try_from(self.endpoints.len().max(1)).unwrap_or(u32::MAX);
        let answer = limit / count;
        let ask = || {
            let end = Instant::now() + answer + time_for(LARGE);
            self.ask(Question { purpose: Purpose::Look, path, body: &body, answer, end })
        };
        let mut result = ask();
        for _ in 1..count {
            let may_do_better = match &result {
                Err(Problem::Failed(failure)) => matches!(failure, Failure::Unclear(_)),
                Err(Problem::Refused(refusal)) => refusal.is_of_endpoint(),
                Ok(_) => false,
            };
            if !may_do_better {
                break;
            }
            result = ask();
        }
        result
    }

    fn ask<R: DeserializeOwned>(&self, question: Question<'_>) -> Result<R, Problem> {
        let token = self.token(question.answer)?;
        let answer = match self.post(question, &token) {
            // It was not looked at, so this is the first time that it counts.
            Err(Problem::Refused(refusal)) if token.0.is_some() && refusal.is_about_token() => {
                self.forget(&token);
                self.post(question, &self.token(question.answer)?)
            }
            answer => answer,
        };
        serde_json::from_slice(&answer?).map_err(|_| Problem::Failed(not_understood()))
    }

    /// Asks one endpoint after the other until one gets the request.
    fn post(&self, question: Question<'_>, token: &Token) -> Result<Vec<u8>, Problem> {
        let first = self.current.load(Ordering::Relaxed);
        let count = self.endpoints.len();
        let mut failure = no_endpoint();
        for (place, endpoint) in (0..count).zip(self.endpoints.iter().cycle().skip(first)) {
            match self.post_to(endpoint, question, token) {
                // One that is away may come back, so that it decides whether to try again.
                Err(problem) if is_unsent(&problem) => {
                    let is_away = matches!(problem, Problem::Failed(Failure::Unsent(_)));
                    if place == 0 || is_away {
                        failure = problem;
                    }
                }
                answer => {
                    let next = place + usize::from(is_of_endpoint(&answer));
                    self.current.store((first + next) % count, Ordering::Relaxed);
                    return answer;
                }
            }
        }
        Err(failure)
    }

    /// Asks the endpoint that worked last for an answer that begins within `limit` and may go on until `end`;
    /// nothing if it gives none.
    pub(super) fn open(
        &self,
        path: &str,
        request: &impl Serialize,
        limit: Duration,
        end: Instant,
    ) -> Option<Stream> {
        let body = serialize(request).ok()?;
        let token = self.token(limit).ok()?;
        let current = self.current.load(Ordering::Relaxed);
        let endpoint = self.endpoints.get(current)?;
        let request = self.request(endpoint, path, limit, end, &token);
        // A node that has lost the others is to say so, and not to wait until it hears of them again.
        let request = request.header("Grpc-Metadata-Hasleader", "true");
        let answer = request.send(&body).ok().filter(|answer| answer.status() == 200);
        if answer.is_none() {
            self.current.store((current + 1) % self.endpoints.len(), Ordering::Relaxed);
        }
        let body = answer?.into_body().into_with_config().limit(LARGEST);
        Some(BufReader::new(body.reader()))
    }

    fn post_to(
        &self,
        endpoint: &Endpoint,
        question: Question<'_>,
        token: &Token,
    ) -> Result<Vec<u8>, Problem> {
        let Question { purpose, path, body, answer, end } = question;
        let failed = |error| Problem::Failed(unanswered::failure(endpoint, error, purpose));
        let request = self.request(endpoint, path, answer, end, token);
        let mut response = request.send(body).map_err(failed)?;
        let status = response.status().as_u16();
        let largest = if status == 200 { LARGEST } else { LARGEST_REFUSAL };
        let answer = response.body_mut().with_config().limit(largest).read_to_vec();
        let answer =
            answer.map_err(|error| Problem::Failed(unanswered::cut_off(endpoint, &error)))?;
        match status {
            200 => Ok(answer),
            _ => Err(Problem::Refused(Refusal::new(&endpoint.to_string(), status, &answer))),
        }
    }

    /// A request whose answer begins within `limit` and is there before `end`.
    fn request(
        &self,
        endpoint: &Endpoint,
        path: &str,
        limit: Duration,
        end: Instant,
        token: &Token,
    ) -> RequestBuilder<WithBody> {
        let request = self.agent.post(format!("{endpoint}/v3/{path}")).config();
        let request = request
            .timeout_global(Some(end.saturating_duration_since(Instant::now())))
            .timeout_resolve(Some(limit / 2))
            .timeout_connect(Some(limit / 2))
            .timeout_recv_response(Some(limit))
            .build()
            .content_type("application/json");
        match &token.0 {
            Some(token) => request.header("Authorization", token),
            None => request,
        }
    }

    /// What shows who asks, if etcd knows users.
    fn token(&self, limit: Duration) -> Result<Token, Problem> {
        let Some(user) = &self.user else { return Ok(Token(None)) };
        if let Some(token) = &*self.known_token() {
            return Ok(token.clone());
        }
        // Threads that ask at the same time all get one; none waits for another that may get none.
        let new = self.authenticate(user, limit)?;
        *self.known_token() = Some(new.clone());
        Ok(new)
    }

    fn forget(&self, refused: &Token) {
        let mut token = self.known_token();
        // Somebody else may have got a new one meanwhile.
        if token.as_ref() == Some(refused) {
            *token = None;
        }
    }

    fn known_token(&self) -> MutexGuard<'_, Option<Token>> {
        self.token.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn authenticate(&self, user: &User, limit: Duration) -> Result<Token, Problem> {
        let body = serialize(&Credentials { name: &user.name, password: &user.password })?;
        let question = Question {
            purpose: Purpose::Look,
            path: "auth/authenticate",
            body: &body,
            answer: limit,
            end: Instant::now() + limit,
        };
        match self.post(question, &Token(None)) {
            Ok(answer) => {
                let admission: Result<Admission, _> = serde_json::from_slice(&answer);
                let admission = admission.map_err(|_| unsent(not_understood()))?;
                Ok(Token(Some(admission.token)))
            }
            Err(Problem::Refused(refusal)) if refusal.says_open_to_all() => Ok(Token(None)),
            Err(problem) => Err(unsent(problem.into())),
        }
    }
}

/// Without what would let others in.
impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Token(…)" } else { "Token(None)" })
    }
}

/// What was asked of the gateway before the request itself was sent has no effect on the document.
fn unsent(failure: Failure) -> Problem {
    Problem::Failed(match failure {
        Failure::Unclear(reason) => Failure::Unsent(reason),
        failure => failure,
    })
}

fn serialize(request: &impl Serialize) -> Result<Vec<u8>, Problem> {
    let failed = |error: serde_json::Error| {
        let error = Error::new(ErrorKind::Io, format!("cannot spell the request: {error}"));
        Problem::Failed(error.into())
    };
    serde_json::to_vec(request).map_err(failed)
}

/// Whether another endpoint can be asked, since this one did not get the request.
fn is_unsent(problem: &Problem) -> bool {
    match problem {
        Problem::Failed(Failure::Unsent(_)) => true,
        Problem::Failed(Failure::Fatal(error)) => error.kind() == ErrorKind::Unreachable,
        _ => false,
    }
}

fn no_endpoint() -> Problem {
    Problem::Failed(Failure::Unsent("there is no endpoint".to_owned()))
}

/// Whether the next request had better go to another endpoint.
fn is_of_endpoint(answer: &Result<Vec<u8>, Problem>) -> bool {
    match answer {
        Ok(_) => false,
        Err(Problem::Refused(refusal)) => refusal.is_of_endpoint(),
        Err(Problem::Failed(_)) => true,
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        match problem {
            Problem::Refused(refusal) => refusal.into(),
            Problem::Failed(failure) => failure,
        }
    }
}
