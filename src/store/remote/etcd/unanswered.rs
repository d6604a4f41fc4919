//! What is certain of a request that was not answered.

use super::settings::{Endpoint, Scheme};
use super::tls::{self, Certainty};
use crate::store::remote::Failure;
use std::io;
use ureq::Timeout;

/// What a request is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// It changes nothing.
    Look,
    Write,
}

/// What is certain after a request to an endpoint failed.
pub(super) fn failure(endpoint: &Endpoint, error: ureq::Error, purpose: Purpose) -> Failure {
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
        error => match tls::failure(endpoint, &error) {
            // Some errors may come after the request was sent, which does no harm to one that only looks.
            Some((certainty, failure))
                if certainty == Certainty::Unsent || purpose == Purpose::Look =>
            {
                failure
            }
            Some((_, failure)) => Failure::Unclear(failure.to_string()),
            None => cut_off(endpoint, &error),
        },
    }
}

/// The standard library has no kind for it.
fn is_about_name(error: &io::Error) -> bool {
    error.raw_os_error().is_none() && error.to_string().contains("lookup address")
}

pub(super) fn cut_off(endpoint: &Endpoint, error: &ureq::Error) -> Failure {
    let reason = format!("no answer came from {endpoint}: {error}");
    Failure::Unclear(match endpoint.scheme {
        Scheme::Http => reason,
        Scheme::Https => format!("{reason}; {}", tls::MAY_BE_UNKNOWN),
    })
}
