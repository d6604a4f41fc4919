//! What is certain after no request for a document could be made.

use super::exchange::{Answer, Exchange, Progress, is_about_connection, root_cause};
use super::failure::said;
use super::url::Service;
use crate::store::remote::Failure;
use crate::{Error, ErrorKind};

/// What is in the texts of errors that have to do with credentials, where none were asked for: a file cannot
/// be read, `az` is not installed.
const ABOUT_CREDENTIALS: [&str; 5] = ["token", "credential", "account", "jwt", "key"];

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

/// What to do about credentials that are there.
pub(super) fn look_at(service: Service) -> String {
    advice(service).replacen("set ", "look at ", 1).replace(" or ", " and ")
}

/// Why no request could be made. What the services that give credentials say is not repeated.
pub(super) fn unprepared(
    service: Service,
    exchange: &Exchange,
    error: &object_store::Error,
) -> Failure {
    use object_store::Error::{NotImplemented, NotSupported};
    if matches!(error, NotImplemented { .. } | NotSupported { .. }) {
        let message = "conditional writes are turned off by an environment variable";
        return Failure::Fatal(Error::new(ErrorKind::Unsupported, message));
    }
    after(exchange.credentials(), service, error)
}

/// The same, where the last request for credentials came so far.
fn after(progress: Progress, service: Service, error: &object_store::Error) -> Failure {
    match progress {
        Progress::Unconnected(reason) | Progress::Broken(reason) => passing(&reason),
        Progress::Elsewhere(reason) => missing(service, &format!(": {reason}")),
        Progress::Answered(answer) if is_passing(&answer) => {
            passing(&said("what gives them has failed", &answer))
        }
        Progress::Answered(answer) if !answer.is_success() => {
            missing(service, &said(": what gives them refuses to", &answer))
        }
        Progress::Sent | Progress::Answered(_) if is_about_connection(error) => {
            passing(&root_cause(error))
        }
        Progress::Prepared if !is_about_credentials(error) => {
            let message = "the environment variables make no request that can be sent";
            Failure::Fatal(Error::new(ErrorKind::Denied, message))
        }
        Progress::Prepared | Progress::Sent | Progress::Answered(_) => missing(service, ""),
    }
}

fn is_passing(answer: &Answer) -> bool {
    matches!(answer.status, 408 | 429 | 500..)
}

/// The text is looked at, and not shown.
fn is_about_credentials(error: &object_store::Error) -> bool {
    let text = error.to_string().to_lowercase();
    ABOUT_CREDENTIALS.iter().any(|word| text.contains(word))
}

/// Credentials could not be had this time.
fn passing(reason: &str) -> Failure {
    Failure::Unsent(format!("no credentials for it could be had: {reason}"))
}

fn missing(service: Service, reason: &str) -> Failure {
    let message = format!("there are no credentials for it{reason}");
    Failure::Fatal(Error::new(ErrorKind::Denied, message).advise(advice(service)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(text: &'static str) -> Failure {
        unprepared(Service::S3, &Exchange::default(), &error(text))
    }

    fn error(text: &'static str) -> object_store::Error {
        object_store::Error::Generic { store: "S3", source: text.into() }
    }

    #[test]
    fn what_gives_credentials_may_be_down_for_a_moment() {
        let answered = |status| Progress::Answered(Answer { status, ..Answer::default() });
        for (progress, passes) in [
            (Progress::Unconnected("refused".to_owned()), true),
            (Progress::Broken("reset".to_owned()), true),
            (answered(429), true),
            (answered(503), true),
            (answered(400), false),
            (answered(403), false),
            (answered(404), false),
            // It was an answer that makes no sense.
            (answered(200), false),
            (Progress::Elsewhere("no route".to_owned()), false),
        ] {
            let failure = after(progress.clone(), Service::S3, &error("s3cret token"));
            assert_eq!(matches!(failure, Failure::Unsent(_)), passes, "{progress:?}: {failure}");
            let text = failure.to_string();
            assert!(text.contains("credentials") && !text.contains("s3cret"), "{text}");
        }
    }

    #[test]
    fn only_what_is_about_credentials_is_called_that() {
        for text in ["Failed to read token file 's3cret'", "'az account get-access-token' failed"] {
            let text = judged(text).to_string();
            assert!(text.starts_with("there are no credentials for it; set AWS_"), "{text}");
        }
        let text = judged("Invalid URI s3cret").to_string();
        assert_eq!(text, "the environment variables make no request that can be sent");
    }
}
