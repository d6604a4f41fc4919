//! What happened to a request on its way. The errors of object_store do not tell that exactly enough: they
//! take a connection that broke after the request for one that broke before it.

use super::transport;
use async_trait::async_trait;
use object_store::ClientOptions;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpRequest, HttpResponse, HttpService,
};
use std::error::Error as StdError;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Where the machines of Amazon, Azure and Google ask for credentials.
const METADATA: &str = "169.254.169.254";

tokio::task_local! {
    /// What is being done, for requests for credentials, which do not say what they are for.
    static CURRENT: Exchange;
}

/// Goes with a request, and notes how far that came.
#[derive(Clone, Debug, Default)]
pub(super) struct Exchange {
    document: Leg,
    credentials: Leg,
}

/// One request of an exchange, or the last one of several.
#[derive(Clone, Debug, Default)]
struct Leg(Arc<Mutex<Progress>>);

/// How far a request came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Progress {
    /// It was not made.
    #[default]
    Prepared,
    /// It may be on its way.
    Sent,
    /// There was no connection to send it on.
    Unconnected(String),
    /// Nobody listens where the machines of a cloud ask for credentials, so that this is none of them.
    Elsewhere(String),
    /// The connection broke at some time.
    Broken(String),
    Answered(Answer),
}

/// What a service answered, apart from a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) status: u16,
    /// The service's own name for what is wrong, or nothing.
    pub(super) code: String,
    /// How long it wants to be left alone.
    pub(super) pause: Option<Duration>,
}

impl Answer {
    pub(super) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

impl Exchange {
    /// Has the requests for credentials that `work` makes noted here.
    pub(super) fn follow<T>(&self, work: impl Future<Output = T>) -> impl Future<Output = T> {
        CURRENT.scope(self.clone(), work)
    }

    /// How far the request for the document came.
    pub(super) fn progress(&self) -> Progress {
        self.document.progress()
    }

    /// How far the last request for credentials came, if there was one.
    pub(super) fn credentials(&self) -> Progress {
        self.credentials.progress()
    }

    /// Where to note what becomes of a request.
    fn leg(request: &HttpRequest) -> Option<Leg> {
        let document = request.extensions().get::<Exchange>().map(|it| it.document.clone());
        document.or_else(|| CURRENT.try_with(|it| it.credentials.clone()).ok())
    }
}

impl Leg {
    fn progress(&self) -> Progress {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn note(&self, progress: Progress) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = progress;
    }

    /// Notes an answer. If that is an error, it is read for the reason.
    async fn answered(
        &self,
        place: &str,
        response: HttpResponse,
    ) -> Result<HttpResponse, HttpError> {
        let mut answer = Answer {
            status: response.status().as_u16(),
            code: header(&response, "x-ms-error-code").unwrap_or_default().to_owned(),
            pause: header(&response, "retry-after").and_then(seconds),
        };
        if answer.is_success() {
            self.note(Progress::Answered(answer));
            return Ok(response);
        }
        let (head, body) = response.into_parts();
        let body = body.bytes().await.inspect_err(|error| self.note(broken(place, error)))?;
        if answer.code.is_empty() {
            answer.code = code(&body).unwrap_or_default();
        }
        self.note(Progress::Answered(answer));
        Ok(HttpResponse::from_parts(head, body.into()))
    }
}

fn header<'a>(response: &'a HttpResponse, name: &str) -> Option<&'a str> {
    response.headers().get(name)?.to_str().ok()
}

fn seconds(text: &str) -> Option<Duration> {
    text.trim().parse().ok().map(Duration::from_secs)
}

/// What an error in XML calls itself.
fn code(body: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(body).ok()?;
    let (_, rest) = text.split_once("<Code>")?;
    let (code, _) = rest.split_once("</Code>")?;
    let is_word = code.len() < 80 && code.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_word.then(|| code.to_owned())
}

/// How far a request to this place came.
fn broken(place: &str, error: &HttpError) -> Progress {
    let reason = root_cause(error);
    if !connection_failed(error) {
        return Progress::Broken(format!("the connection to {place} broke: {reason}"));
    }
    let advice = if reason.contains("certificate") {
        "; SSL_CERT_FILE names the authorities to trust, if the system's are not enough"
    } else if reason.contains("InvalidContentType") {
        "; does it listen without TLS?"
    } else {
        ""
    };
    Progress::Unconnected(format!("cannot reach {place}: {reason}{advice}"))
}

/// The service that a request is for, as messages show it.
fn place(request: &HttpRequest) -> String {
    let uri = request.uri();
    let port = uri.port_u16().map(|port| format!(":{port}")).unwrap_or_default();
    let (scheme, host) = (uri.scheme_str().unwrap_or_default(), uri.host().unwrap_or_default());
    format!("{scheme}://{host}{port}")
}

fn elsewhere(progress: Progress) -> Progress {
    match progress {
        Progress::Unconnected(reason) => Progress::Elsewhere(reason),
        other => other,
    }
}

/// Whether there certainly was no connection.
fn connection_failed(error: &HttpError) -> bool {
    let mut source = error.source();
    while let Some(error) = source {
        if let Some(error) = error.downcast_ref::<reqwest::Error>() {
            return error.is_connect() || error.is_builder();
        }
        source = error.source();
    }
    false
}

/// Whether this is about the way to a service and back.
pub(super) fn is_about_connection(error: &(dyn StdError + 'static)) -> bool {
    error.is::<reqwest::Error>() || error.source().is_some_and(is_about_connection)
}

/// What it all began with, which is not about the request and so holds no secrets.
pub(super) fn root_cause(error: &dyn StdError) -> String {
    let mut last = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        last = error.to_string();
        source = error.source();
    }
    last
}

/// Makes connections that note how far requests came.
#[derive(Debug)]
pub(super) struct Noting;

impl HttpConnector for Noting {
    fn connect(&self, options: &ClientOptions) -> object_store::Result<HttpClient> {
        let client = transport::client(options)?;
        Ok(HttpClient::new(NotingClient(HttpClient::new(client))))
    }
}

#[derive(Debug)]
struct NotingClient(HttpClient);

#[async_trait]
impl HttpService for NotingClient {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let Some(leg) = Exchange::leg(&request) else {
            return self.0.execute(request).await;
        };
        leg.note(Progress::Sent);
        let place = place(&request);
        let is_metadata = request.uri().host() == Some(METADATA);
        let note = |error: &HttpError| match is_metadata {
            true => elsewhere(broken(&place, error)),
            false => broken(&place, error),
        };
        let response = self.0.execute(request).await;
        let response = response.inspect_err(|error| leg.note(note(error)))?;
        leg.answered(&place, response).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_name_themselves() {
        for (body, expected) in [
            ("<?xml?><Error><Code>NoSuchKey</Code><Key>k</Key></Error>", Some("NoSuchKey")),
            ("<Error><Code>two words</Code></Error>", None),
            ("<Code>", None),
            ("<html>", None),
            ("", None),
        ] {
            assert_eq!(code(body.as_bytes()).as_deref(), expected, "{body}");
        }
        assert_eq!(code(b"<Code>\xff</Code>"), None);
    }

    #[test]
    fn pauses_are_seconds() {
        assert_eq!(seconds(" 7 "), Some(Duration::from_secs(7)));
        assert_eq!(seconds("Wed, 21 Oct 2026 07:28:00 GMT"), None);
    }
}
