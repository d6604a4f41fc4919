//! What is certain after a request did not do what it was to do.

use super::credentials::{look_at, unprepared};
use super::exchange::{Answer, Exchange, Progress, is_about_connection, root_cause};
use super::url::Service;
use crate::store::remote::Failure;
use crate::{Error, ErrorKind};

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

/// What services call a key that is not theirs.
const WRONG_CREDENTIALS: [&str; 5] = [
    "SignatureDoesNotMatch",
    "InvalidAccessKeyId",
    "AuthenticationFailed",
    "AuthorizationFailure",
    "ExpiredToken",
];

const SET_REGION: &str = "set AWS_REGION to the region of the bucket";

/// What a 409 calls another write that came first. All others do not go away: a lease, a policy, a snapshot,
/// something that is no blob. Some services give no name.
const CONFLICTS: [&str; 4] =
    ["", "ConditionalRequestConflict", "OperationAborted", "BlobAlreadyExists"];

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
        (Progress::Prepared, Some(error)) => unprepared(service, exchange, error),
        (Progress::Sent, None) => Failure::Unclear("no answer came in time".to_owned()),
        (Progress::Sent, Some(error)) => Failure::Unclear(root_cause(error)),
        (Progress::Unconnected(reason) | Progress::Elsewhere(reason), _) => Failure::Unsent(reason),
        (Progress::Broken(reason), _) => Failure::Unclear(reason),
        (Progress::Answered(answer), Some(error))
            if purpose == Purpose::Read && answer.is_success() =>
        {
            unread(error)
        }
        (Progress::Answered(answer), _) => of_answer(service, purpose, &answer),
    }
}

/// What is certain after the service has begun to give the document, and `error` came instead of its end.
pub(super) fn unread(error: &object_store::Error) -> Failure {
    match is_about_connection(error) {
        true => Failure::Unclear(root_cause(error)),
        // It would give the same answer to the next request.
        false => {
            let message = format!("its answer makes no sense: {}", root_cause(error));
            fatal(ErrorKind::Io, message)
        }
    }
}

/// Whether this says that there is no document.
pub(super) fn is_absent(exchange: &Exchange) -> bool {
    matches!(exchange.progress(), Progress::Answered(answer) if means_absent(&answer))
}

fn means_absent(answer: &Answer) -> bool {
    answer.status == 404 && ABSENT.contains(&answer.code.as_str())
}

fn of_answer(service: Service, purpose: Purpose, answer: &Answer) -> Failure {
    let code = answer.code.as_str();
    match answer.status {
        _ if code == "NotImplemented" => unsupported(purpose, answer),
        200..300 => {
            Failure::Unclear("its answer was cut off or lacks what it must have".to_owned())
        }
        304 | 409 | 412 if is_conflict(purpose, answer) => Failure::Conflict,
        404 if purpose == Purpose::Update && means_absent(answer) => Failure::Conflict,
        404 => missing(service, answer),
        429 => throttled(answer),
        503 if purpose == Purpose::Read && matches!(code, "SlowDown" | "ServerBusy") => {
            throttled(answer)
        }
        501 => unsupported(purpose, answer),
        // Whether a write that fails so was made, nobody knows: some services fail when another write wins,
        // and some when they have made it.
        500.. | 408 => Failure::Unclear(said("it has failed", answer)),
        400 if code == "RequestTimeout" => Failure::Unclear(said("it waited too long", answer)),
        413 => too_large(answer),
        400 if code == "EntityTooLarge" => too_large(answer),
        400 if code == "MetadataTooLarge" => crowded(answer),
        401 | 403 | 409 | 412 => refused(service, purpose, answer),
        400 if NO_CREDENTIALS.contains(&code) => refused(service, purpose, answer),
        300..400 => elsewhere(service, answer),
        _ => fatal(ErrorKind::Io, said("it does not accept the request", answer)),
    }
}

fn is_conflict(purpose: Purpose, answer: &Answer) -> bool {
    let is_write = matches!(purpose, Purpose::Create | Purpose::Update);
    is_write
        && match answer.status {
            409 => CONFLICTS.contains(&answer.code.as_str()),
            // Leases are conditions, too.
            412 => !answer.code.starts_with("Lease"),
            _ => true,
        }
}

pub(super) fn said(what: &str, answer: &Answer) -> String {
    match answer.code.as_str() {
        "" => format!("{what} (status {})", answer.status),
        code => format!("{what} (status {}, {code})", answer.status),
    }
}

fn fatal(kind: ErrorKind, message: String) -> Failure {
    Failure::Fatal(Error::new(kind, message))
}

fn unsupported(purpose: Purpose, answer: &Answer) -> Failure {
    if purpose == Purpose::Read {
        let message = said("the service does not know how to read documents", answer);
        return fatal(ErrorKind::Unsupported, message);
    }
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
        _ => {
            let what = "what answers does not say that it is the document that is missing";
            let error = Error::new(ErrorKind::NotFound, said(what, answer));
            return Failure::Fatal(
                error.advise("look at the variable that says where the service is"),
            );
        }
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
    let what = match (purpose, answer.status) {
        (Purpose::Read, _) => "it refuses reading",
        (_, 409 | 412) => "it does not let the document be replaced",
        _ => "it refuses writing",
    };
    let error = Error::new(ErrorKind::Denied, said(what, answer));
    Failure::Fatal(match (service, purpose, answer.code.as_str()) {
        // Who may not list a bucket is not told that a document is missing.
        (Service::S3, Purpose::Read, "AccessDenied" | "") => error.advise(
            "without the permission s3:ListBucket it says so of documents that do not exist, too",
        ),
        (Service::Google, Purpose::Read, "AccessDenied" | "") => error.advise(
            "without the permission storage.objects.list it says so of documents that do not exist, too",
        ),
        (_, _, code) if WRONG_CREDENTIALS.contains(&code) => error.advise(&look_at(service)),
        // The region is part of what is signed.
        (_, _, "AuthorizationHeaderMalformed") => error.advise(SET_REGION),
        _ => error,
    })
}

fn elsewhere(service: Service, answer: &Answer) -> Failure {
    let message = said("the document is to be reached elsewhere", answer);
    let advice = match service {
        Service::S3 => SET_REGION,
        Service::Azure => "see AZURE_STORAGE_ENDPOINT",
        Service::Google => "see GOOGLE_BASE_URL",
    };
    Failure::Fatal(Error::new(ErrorKind::Io, message).advise(advice))
}

#[cfg(test)]
mod tests;
