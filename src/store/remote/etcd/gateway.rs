use super::super::Failure;
use super::messages::{Admission, Credentials};
use super::refusal::Refusal;
use super::settings::{Endpoint, Scheme, Settings, User};
use super::{not_understood, tls};
use crate::{Error, ErrorKind};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::io::{self, BufReader};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use ureq::typestate::WithBody;
use ureq::{Agent, BodyReader, RequestBuilder, Timeout};

/// More than any value, even where etcd was told to take larger ones.
const LARGEST: u64 = 1 << 30;

/// What etcd calls a user who has given the password; nothing where it has no users.
type Token = Option<String>;

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

    /// Makes one request, and takes no longer than `limit`.
    pub(super) fn call<R: DeserializeOwned>(
        &self,
        path: &str,
        request: &impl Serialize,
        limit: Duration,
    ) -> Result<R, Problem> {
        let end = Instant::now() + limit;
        let body = serialize(request)?;
        let token = self.token(end)?;
        let answer = match self.post(path, &body, token.as_deref(), end) {
            // It was not looked at, so this is the first time that it counts.
            Err(Problem::Refused(refusal)) if token.is_some() && refusal.is_about_token() => {
                self.forget(&token);
                let token = self.token(end)?;
                self.post(path, &body, token.as_deref(), end)
            }
            answer => answer,
        };
        serde_json::from_slice(&answer?).map_err(|_| Problem::Failed(not_understood()))
    }

    /// The same for a request that changes nothing, so that another endpoint can be asked while the time
    /// allows. Of three endpoints, one may be cut off, and another one busy with becoming the leader.
    pub(super) fn look<R: DeserializeOwned>(
        &self,
        path: &str,
        request: &impl Serialize,
        limit: Duration,
    ) -> Result<R, Problem> {
        let share = limit / self.count();
        let mut result = self.call(path, request, share);
        for _ in 1..self.count() {
            if !matches!(result, Err(Problem::Failed(Failure::Unclear(_)))) {
                break;
            }
            result = self.call(path, request, share);
        }
        result
    }

    fn count(&self) -> u32 {
        u32::try_from(self.endpoints.len().max(1)).unwrap_or(u32::MAX)
    }

    /// Asks one endpoint after the other until one gets the request.
    fn post(
        &self,
        path: &str,
        body: &[u8],
        token: Option<&str>,
        end: Instant,
    ) -> Result<Vec<u8>, Problem> {
        let first = self.current.load(Ordering::Relaxed);
        let count = self.endpoints.len();
        let mut failure = no_endpoint();
        for (place, endpoint) in (0..count).zip(self.endpoints.iter().cycle().skip(first)) {
            match self.post_to(endpoint, path, body, token, end) {
                Err(problem) if is_unsent(&problem) => failure = problem,
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
        let token = self.token(Instant::now() + limit).ok()?;
        let current = self.current.load(Ordering::Relaxed);
        let endpoint = self.endpoints.get(current)?;
        let request = self.request(endpoint, path, token.as_deref(), limit).config();
        let request = request
            .timeout_global(Some(left(end)))
            .timeout_recv_response(Some(limit))
            .build()
            // A node that has lost the others is to say so, and not to wait until it hears of them again.
            .header("Grpc-Metadata-Hasleader", "true");
        let answer = request.send(body).ok().filter(|answer| answer.status() == 200);
        if answer.is_none() {
            self.current.store((current + 1) % self.endpoints.len(), Ordering::Relaxed);
        }
        let body = answer?.into_body().into_with_config().limit(LARGEST);
        Some(BufReader::new(body.reader()))
    }

    fn post_to(
        &self,
        endpoint: &Endpoint,
        path: &str,
        body: &[u8],
        token: Option<&str>,
        end: Instant,
    ) -> Result<Vec<u8>, Problem> {
        let failed = |error| Problem::Failed(failure(endpoint, error));
        let request = self.request(endpoint, path, token, left(end));
        let mut response = request.send(body).map_err(failed)?;
        let answer = response.body_mut().with_config().limit(LARGEST).read_to_vec();
        let answer = answer.map_err(|error| Problem::Failed(cut_off(endpoint, &error)))?;
        match response.status().as_u16() {
            200 => Ok(answer),
            status => Err(refused(endpoint, status, &answer)),
        }
    }

    /// A request that takes no longer than `limit`.
    fn request(
        &self,
        endpoint: &Endpoint,
        path: &str,
        token: Option<&str>,
        limit: Duration,
    ) -> RequestBuilder<WithBody> {
        let request = self.agent.post(format!("{endpoint}/v3/{path}")).config();
        let request = request
            .timeout_global(Some(limit))
            .timeout_resolve(Some(limit / 2))
            .timeout_connect(Some(limit / 2))
            .build()
            .content_type("application/json");
        match token {
            Some(token) => request.header("Authorization", token),
            None => request,
        }
    }

    /// What shows who asks, if etcd knows users.
    fn token(&self, end: Instant) -> Result<Token, Problem> {
        let Some(user) = &self.user else { return Ok(None) };
        let mut token = self.token.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(token) = &*token {
            return Ok(token.clone());
        }
        let new = self.authenticate(user, end)?;
        *token = Some(new.clone());
        Ok(new)
    }

    fn forget(&self, refused: &Token) {
        let mut token = self.token.lock().unwrap_or_else(PoisonError::into_inner);
        // Somebody else may have got a new one meanwhile.
        if token.as_ref() == Some(refused) {
            *token = None;
        }
    }

    fn authenticate(&self, user: &User, end: Instant) -> Result<Token, Problem> {
        let body = serialize(&Credentials { name: &user.name, password: &user.password })?;
        match self.post("auth/authenticate", &body, None, end) {
            Ok(answer) => {
                let admission: Result<Admission, _> = serde_json::from_slice(&answer);
                let admission = admission.map_err(|_| unsent(not_understood()))?;
                Ok(Some(admission.token))
            }
            Err(Problem::Refused(refusal)) if refusal.says_open_to_all() => Ok(None),
            Err(problem) => Err(unsent(problem.into())),
        }
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

fn refused(endpoint: &Endpoint, status: u16, answer: &[u8]) -> Problem {
    Problem::Refused(Refusal::new(&endpoint.to_string(), status, answer))
}

fn left(end: Instant) -> Duration {
    end.saturating_duration_since(Instant::now())
}

/// Whether the next request had better go to another endpoint.
fn is_of_endpoint(answer: &Result<Vec<u8>, Problem>) -> bool {
    match answer {
        Ok(_) => false,
        Err(Problem::Refused(refusal)) => refusal.is_of_endpoint(),
        Err(Problem::Failed(_)) => true,
    }
}

/// What is certain after a request to an endpoint failed.
fn failure(endpoint: &Endpoint, error: ureq::Error) -> Failure {
    let unreached = |reason: &str| Failure::Unsent(format!("cannot reach {endpoint}: {reason}"));
    match error {
        ureq::Error::HostNotFound => unreached("there is no such host"),
        ureq::Error::ConnectionFailed => unreached("it cannot be connected to"),
        ureq::Error::Timeout(Timeout::Resolve) => unreached("its name was not resolved in time"),
        ureq::Error::Timeout(Timeout::Connect) => unreached("it was not connected to in time"),
        // Only those who connect get this.
        ureq::Error::Io(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
            unreached(&error.to_string())
        }
        ureq::Error::Io(error) if is_about_name(&error) => unreached(&error.to_string()),
        ureq::Error::Timeout(_) => Failure::Unclear(format!("{endpoint} did not answer in time")),
        error => tls::failure(endpoint, &error).unwrap_or_else(|| cut_off(endpoint, &error)),
    }
}

/// The standard library has no kind for it.
fn is_about_name(error: &io::Error) -> bool {
    error.raw_os_error().is_none() && error.to_string().contains("lookup address")
}

fn cut_off(endpoint: &Endpoint, error: &ureq::Error) -> Failure {
    let reason = format!("no answer came from {endpoint}: {error}");
    Failure::Unclear(match endpoint.scheme {
        Scheme::Http => reason,
        Scheme::Https => format!("{reason}; {}", tls::MAY_BE_UNKNOWN),
    })
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        match problem {
            Problem::Refused(refusal) => refusal.into(),
            Problem::Failed(failure) => failure,
        }
    }
}
