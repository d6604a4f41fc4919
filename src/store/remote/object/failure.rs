//! What is certain after a request did not do what it was to do.

use super::exchange::{Answer, Exchange, Progress, root_cause};
use super::url::Service;
use crate::store::remote::Failure;
use crate::{Error, ErrorKind};
use std::error::Error as StdError;

/// What a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    Read,
    Create,
    Update,
}

/// What the services call a document that does not exist. Any other 404 is no reason to believe that.
const ABSENT: [&str; 3] = ["NoSuchKey", "BlobNotFound", "NoSuchVersion"];

/// What is wrong with the credentials, among the many things that are a bad request.
const NO_CREDENTIALS: [&str; 5] = [
    "ExpiredToken",
    "InvalidToken",
    "TokenRefreshRequired",
    "InvalidAuthenticationInfo",
    "AuthorizationHeaderMalformed",
];

/// Conflicts with something else than another write. They do not go away.
const LASTING: [&str; 9] = [
    "LeaseIdMissing",
    "LeaseNotPresentWithBlobOperation",
    "LeaseIdMismatchWithBlobOperation",
    "BlobImmutableDueToPolicy",
    "BlobArchived",
    "InvalidBlobType",
    "ContainerBeingDeleted",
    "ContainerDisabled",
    "InvalidObjectState",
];

/// What is certain after a request for `purpose` ended without success. `error` is what object_store makes
/// of it, or nothing if there was no time left.
pub(super) fn of(
    service: Service,
    purpose: Purpose,
    exchange: &Exchange,
    error: Option<&object_store::Error>,
) -> Failure {
    match (exchange.progress(), error) {
        (Progress::Prepared, None) => {
            Failure::Unsent("there was no time left to get credentials".to_owned())
        }
        (Progress::Prepared, Some(error)) => Failure::Fatal(unprepared(service, error)),
        (Progress::Sent, None) => Failure::Unclear("no answer came in time".to_owned()),
        (Progress::Sent, Some(error)) => Failure::Unclear(root_cause(error)),
        (Progress::Unconnected(reason), _) => Failure::Unsent(reason),
        (Progress::Broken(reason), _) => Failure::Unclear(reason),
        (Progress::Answered(answer), _) => of_answer(service, purpose, &answer),
    }
}

/// Whether this says that there is no document.
pub(super) fn is_absent(exchange: &Exchange) -> bool {
    matches!(exchange.progress(), Progress::Answered(answer) if means_absent(&answer))
}

fn means_absent(answer: &Answer) -> bool {
    answer.status == 404 && ABSENT.contains(&answer.code.as_str())
}

/// Why no request could be made. What the services that give credentials say is not repeated.
fn unprepared(service: Service, error: &object_store::Error) -> Error {
    use object_store::Error::{NotImplemented, NotSupported};
    if matches!(error, NotImplemented { .. } | NotSupported { .. }) {
        let message = "conditional writes are turned off by an environment variable";
        return Error::new(ErrorKind::Unsupported, message);
    }
    let cause = match is_about_connection(error) {
        true => format!(": {}", root_cause(error)),
        false => String::new(),
    };
    let message = format!("there are no credentials for it{cause}");
    Error::new(ErrorKind::Denied, message).advise(advice(service))
}

fn is_about_connection(error: &(dyn StdError + 'static)) -> bool {
    error.is::<reqwest::Error>() || error.source().is_some_and(is_about_connection)
}

/// Where credentials come from.
pub(super) fn advice(service: Service) -> &'static str {
    match service {
        Service::S3 => "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
        Service::Azure => {
            "set AZURE_STORAGE_ACCOUNT_KEY, AZURE_STORAGE_SAS_TOKEN or the variables of an identity"
        }
        Service::Google => "set GOOGLE_APPLICATION_CREDENTIALS or GOOGLE_SERVICE_ACCOUNT",
    }
}

fn of_answer(service: Service, purpose: Purpose, answer: &Answer) -> Failure {
    let code = answer.code.as_str();
    match answer.status {
        _ if LASTING.contains(&code) => denied(answer, "it does not let the document be replaced"),
        _ if code == "NotImplemented" => unsupported(answer),
        200..300 => {
            Failure::Unclear("its answer was cut off or lacks what it must have".to_owned())
        }
        304 | 409 | 412 if is_write(purpose) => Failure::Conflict,
        404 if purpose == Purpose::Update && means_absent(answer) => Failure::Conflict,
        404 => missing(service, answer),
        429 => throttled(answer),
        503 if purpose == Purpose::Read && matches!(code, "SlowDown" | "ServerBusy") => {
            throttled(answer)
        }
        501 => unsupported(answer),
        // Whether a write that fails so was made, nobody knows: some services fail when another write wins,
        // and some when they have made it.
        500.. | 408 => Failure::Unclear(said("it has failed", answer)),
        400 if code == "RequestTimeout" => Failure::Unclear(said("it waited too long", answer)),
        413 => too_large(answer),
        400 if code == "EntityTooLarge" => too_large(answer),
        400 if code == "MetadataTooLarge" => crowded(answer),
        401 | 403 => refused(service, purpose, answer),
        400 if NO_CREDENTIALS.contains(&code) => refused(service, purpose, answer),
        300..400 => elsewhere(service, answer),
        _ => fatal(ErrorKind::Io, said("it does not accept the request", answer)),
    }
}

fn is_write(purpose: Purpose) -> bool {
    matches!(purpose, Purpose::Create | Purpose::Update)
}

fn said(what: &str, answer: &Answer) -> String {
    match answer.code.as_str() {
        "" => format!("{what} (status {})", answer.status),
        code => format!("{what} (status {}, {code})", answer.status),
    }
}

fn fatal(kind: ErrorKind, message: String) -> Failure {
    Failure::Fatal(Error::new(kind, message))
}

fn denied(answer: &Answer, what: &str) -> Failure {
    fatal(ErrorKind::Denied, said(what, answer))
}

fn unsupported(answer: &Answer) -> Failure {
    let message = said("the service has no conditional writes", answer);
    let advice = "edits of several programs cannot be trusted to it";
    Failure::Fatal(Error::new(ErrorKind::Unsupported, message).advise(advice))
}

fn throttled(answer: &Answer) -> Failure {
    Failure::Throttled { reason: said("it has too many requests", answer), pause: answer.pause }
}

/// A container that is missing is no document that is missing: making one does not help.
fn missing(service: Service, answer: &Answer) -> Failure {
    let container = service.container();
    let what = match answer.code.as_str() {
        "NoSuchBucket" | "ContainerNotFound" => format!("the {container} does not exist"),
        _ => "something that it needs is missing, and it does not say that it is the document"
            .to_owned(),
    };
    let error = Error::new(ErrorKind::NotFound, said(&what, answer));
    Failure::Fatal(error.advise(&format!("jsonlock makes documents, but no {container}")))
}

fn too_large(answer: &Answer) -> Failure {
    fatal(ErrorKind::Unfit, said("the document is too large for it", answer))
}

fn crowded(answer: &Answer) -> Failure {
    let message =
        said("the object has so much metadata that there is no room for jsonlock's", answer);
    fatal(ErrorKind::Unsupported, message)
}

fn refused(service: Service, purpose: Purpose, answer: &Answer) -> Failure {
    if answer.code == "RequestTimeTooSkewed" {
        let message =
            said("the clock of this machine differs too much from that of the service", answer);
        return Failure::Fatal(Error::new(ErrorKind::Denied, message).advise("set the clock"));
    }
    let verb = match purpose {
        Purpose::Read => "reading",
        Purpose::Create | Purpose::Update => "writing",
    };
    let error = Error::new(ErrorKind::Denied, said(&format!("it refuses {verb}"), answer));
    // Who may not list a bucket is not told that a document is missing.
    Failure::Fatal(match (service, purpose, answer.code.as_str()) {
        (Service::S3, Purpose::Read, "AccessDenied" | "") => error.advise(
            "without the permission s3:ListBucket it says so of documents that do not exist, too",
        ),
        _ => error,
    })
}

fn elsewhere(service: Service, answer: &Answer) -> Failure {
    let message = said("the document is to be reached elsewhere", answer);
    let advice = match service {
        Service::S3 => "set AWS_REGION to the region of the bucket",
        Service::Azure => "see AZURE_STORAGE_ENDPOINT",
        Service::Google => "see GOOGLE_BASE_URL",
    };
    Failure::Fatal(Error::new(ErrorKind::Io, message).advise(advice))
}

#[cfg(test)]
mod tests;
