//! What happened to a request on its way. The errors of object_store do not tell that exactly enough: they
//! take a connection that broke after the request for one that broke before it.

use async_trait::async_trait;
use object_store::ClientOptions;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpRequest, HttpResponse, HttpService, ReqwestConnector,
};
use std::error::Error as StdError;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Less than any request may take in all, so that it is known whether there was a connection.
const CONNECT_LIMIT: Duration = Duration::from_millis(1800);

/// Goes with a request, and notes how far that came.
#[derive(Clone, Debug, Default)]
pub(super) struct Exchange(Arc<Mutex<Progress>>);

/// How far a request came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Progress {
    /// It was not made, since credentials are missing, for instance.
    #[default]
    Prepared,
    /// It may be on its way.
    Sent,
    /// There was no connection to send it on.
    Unconnected(String),
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
    pub(super) fn progress(&self) -> Progress {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether the service has said that it is done.
    pub(super) fn succeeded(&self) -> bool {
        matches!(self.progress(), Progress::Answered(answer) if answer.is_success())
    }

    fn note(&self, progress: Progress) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = progress;
    }

    /// Notes an answer. If that is an error, it is read for the reason.
    async fn answered(&self, response: HttpResponse) -> Result<HttpResponse, HttpError> {
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
        let body = body.bytes().await.inspect_err(|error| self.note(broken(error)))?;
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

fn broken(error: &HttpError) -> Progress {
    let reason = root_cause(error);
    match connection_failed(error) {
        true => Progress::Unconnected(format!("it cannot be connected to: {reason}")),
        false => Progress::Broken(format!("the connection broke: {reason}")),
    }
}

/// Whether there certainly was no connection.
fn connection_failed(error: &HttpError) -> bool {
    let mut source = error.source();
    while let Some(error) = source {
        if let Some(error) = error.downcast_ref::<reqwest::Error>() {
            return error.is_connect();
        }
        source = error.source();
    }
    false
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
        let options = options.clone().with_connect_timeout(CONNECT_LIMIT).with_timeout_disabled();
        let client = ReqwestConnector::default().connect(&options)?;
        Ok(HttpClient::new(NotingClient(client)))
    }
}

#[derive(Debug)]
struct NotingClient(HttpClient);

#[async_trait]
impl HttpService for NotingClient {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        // Requests for credentials have none.
        let Some(exchange) = request.extensions().get::<Exchange>().cloned() else {
            return self.0.execute(request).await;
        };
        exchange.note(Progress::Sent);
        let response = self.0.execute(request).await;
        let response = response.inspect_err(|error| exchange.note(broken(error)))?;
        exchange.answered(response).await
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
