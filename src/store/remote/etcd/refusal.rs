use super::super::Failure;
use crate::{Error, ErrorKind};
use serde::Deserialize;

/// How much of what a service says is repeated.
const LONGEST: usize = 200;

/// An answer that says that it was not done, or perhaps not.
#[derive(Debug)]
pub(super) struct Refusal {
    endpoint: String,
    status: u16,
    /// The code of gRPC, if etcd itself has answered.
    code: Option<u32>,
    message: String,
}

/// Old versions have two names for one text.
#[derive(Deserialize)]
struct Body {
    code: u32,
    #[serde(default)]
    message: String,
    #[serde(default)]
    error: String,
}

impl Refusal {
    pub(super) fn new(endpoint: &str, status: u16, body: &[u8]) -> Self {
        let parsed = serde_json::from_slice::<Body>(body).ok();
        let message = match &parsed {
            Some(Body { message, error, .. }) if message.is_empty() => error.clone(),
            Some(Body { message, .. }) => message.clone(),
            None => String::from_utf8_lossy(body).into_owned(),
        };
        let message = message.trim().chars().filter(|char| !char.is_control()).take(LONGEST);
        Refusal {
            endpoint: endpoint.to_owned(),
            status,
            code: parsed.map(|parsed| parsed.code),
            message: message.collect(),
        }
    }

    /// Whether the token is not accepted any more, which a new one mends.
    pub(super) fn is_about_token(&self) -> bool {
        self.has("invalid auth token")
            || self.has("auth store is old")
            || self.has("revision in header is old")
    }

    /// Whether there are no users in this etcd.
    pub(super) fn says_open_to_all(&self) -> bool {
        self.has("authentication is not enabled")
    }

    /// Whether what was asked for is gone from the history.
    pub(super) fn is_about_history(&self) -> bool {
        self.code == Some(11)
    }

    /// Whether the database is full. Then the write was made all the same if it was the one that filled it.
    pub(super) fn is_about_space(&self) -> bool {
        self.has("space exceeded")
    }

    /// Whether another endpoint may do better.
    pub(super) fn is_of_endpoint(&self) -> bool {
        self.status >= 500
    }

    fn has(&self, words: &str) -> bool {
        self.message.contains(words)
    }

    /// Whether etcd itself has refused, before it did anything. What lies between the gateway and etcd has the
    /// same codes for connections that broke.
    fn is_of_etcd(&self) -> bool {
        self.message.starts_with("etcdserver: ") || self.has("larger than max")
    }

    /// What etcd's own answers mean.
    fn by_code(&self, code: u32) -> Failure {
        match code {
            3 | 5 | 7 | 8 | 9 | 11 | 16 if !self.is_of_etcd() => Failure::Unclear(self.text()),
            8 if self.is_about_space() => self.fatal(ErrorKind::Io, FULL),
            3 | 8 if self.has("too large") || self.has("larger than max") => {
                self.fatal(ErrorKind::Unfit, TOO_LARGE)
            }
            8 => Failure::Throttled { reason: self.text(), pause: None },
            3 if self.has("user name is empty") => self.fatal(ErrorKind::Denied, NO_USER),
            3 if self.has("authentication failed") => self.fatal(ErrorKind::Denied, WRONG_USER),
            7 => self.fatal(ErrorKind::Denied, NOT_PERMITTED),
            16 => self.fatal(ErrorKind::Denied, ""),
            12 => self.fatal(ErrorKind::Unsupported, NO_GATEWAY),
            3 | 5 | 9 | 11 => self.fatal(ErrorKind::Io, ""),
            14 if self.endpoint.starts_with("https") && !self.has("etcdserver: ") => {
                Failure::Unclear(format!("{}; {NO_CLIENT_USE}", self.text()))
            }
            _ => Failure::Unclear(self.text()),
        }
    }

    /// What answers mean that come from something in between, or that is no etcd.
    fn by_status(&self) -> Failure {
        match self.status {
            401 | 403 => self.fatal(ErrorKind::Denied, ""),
            413 => self.fatal(ErrorKind::Unfit, TOO_LARGE),
            429 => Failure::Throttled { reason: self.text(), pause: None },
            400 if self.has("CommonName") => self.fatal(ErrorKind::Denied, COMMON_NAME),
            400 if self.has("HTTPS server") => self.fatal(ErrorKind::Unreachable, NEEDS_TLS),
            300..=407 | 409..=499 => self.fatal(ErrorKind::Unsupported, NOT_ETCD),
            _ => Failure::Unclear(self.text()),
        }
    }

    fn fatal(&self, kind: ErrorKind, advice: &str) -> Failure {
        let error = Error::new(kind, self.text());
        if advice.is_empty() { error.into() } else { error.advise(advice).into() }
    }

    fn text(&self) -> String {
        let Refusal { endpoint, status, message, .. } = self;
        match message.as_str() {
            "" => format!("{endpoint} answers with HTTP status {status}"),
            message => format!("{endpoint} answers: {message}"),
        }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        match (refusal.status, refusal.code) {
            (404, _) => refusal.fatal(ErrorKind::Unsupported, NO_GATEWAY),
            (_, Some(code)) => refusal.by_code(code),
            (_, None) => refusal.by_status(),
        }
    }
}

const FULL: &str =
    "compact and defragment its database, then disarm the alarm with etcdctl alarm disarm";

const TOO_LARGE: &str = "etcd takes 1.5 MiB unless it was started with another --max-request-bytes";

const NOT_PERMITTED: &str =
    "its user has to be allowed to read KEY and KEY.jsonlock, and for edits to write both";

/// The gateway takes no certificate for the name of a user.
const COMMON_NAME: &str = "set ETCDCTL_CERT to a certificate without a common name (CN), and                            ETCDCTL_USER if there are users";

const NO_USER: &str = "set ETCDCTL_USER, to user:password or with ETCDCTL_PASSWORD";

const WRONG_USER: &str = "look at ETCDCTL_USER and ETCDCTL_PASSWORD";

const NO_GATEWAY: &str = "jsonlock talks to the JSON gateway of etcd 3.4 or later, which \
                          --enable-grpc-gateway=false turns off";

const NEEDS_TLS: &str = "set ETCDCTL_CACERT to the file with its certificate authority";

const NOT_ETCD: &str = "is this etcd?";

/// The gateway is a client of its own server, to which it shows the server's certificate.
const NO_CLIENT_USE: &str = "if it always does, its certificate may lack the extended key usage clientAuth, \
                             which etcd's gateway needs under --client-cert-auth";

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(status: u16, body: &str) -> Failure {
        Refusal::new("http://h:2379", status, body.as_bytes()).into()
    }

    fn kind(failure: &Failure) -> Option<ErrorKind> {
        match failure {
            Failure::Fatal(error) => Some(error.kind()),
            _ => None,
        }
    }

    /// Both forms of the body that the versions of etcd give.
    fn bodies(code: u32, message: &str) -> [String; 2] {
        [
            format!(r#"{{"error":"{message}","message":"{message}","code":{code}}}"#),
            format!(r#"{{"code":{code},"message":"{message}","details":[]}}"#),
        ]
    }

    #[test]
    fn what_is_certain_is_told_from_what_is_not() {
        for (status, code, message, expected) in [
            (400, 3, "etcdserver: request is too large", Some(ErrorKind::Unfit)),
            (429, 8, "grpc: received message larger than max (3 vs. 2)", Some(ErrorKind::Unfit)),
            (400, 3, "etcdserver: user name is empty", Some(ErrorKind::Denied)),
            (400, 3, "etcdserver: duplicate key given in txn request", Some(ErrorKind::Io)),
            (403, 7, "etcdserver: permission denied", Some(ErrorKind::Denied)),
            (401, 16, "etcdserver: invalid auth token", Some(ErrorKind::Denied)),
            (429, 8, "etcdserver: mvcc: database space exceeded", Some(ErrorKind::Io)),
            (404, 5, "Not Found", Some(ErrorKind::Unsupported)),
            (501, 12, "unknown service", Some(ErrorKind::Unsupported)),
            (503, 14, "etcdserver: request timed out", None),
            (503, 14, "etcdserver: leader changed", None),
            (500, 13, "internal", None),
            (500, 2, "unknown", None),
            (408, 1, "canceled", None),
            (504, 4, "context deadline exceeded", None),
            (409, 10, "aborted", None),
            (500, 15, "etcdserver: corrupt cluster", None),
            (500, 99, "new", None),
            // Nobody knows how far a stream had come that somebody in between has reset.
            (403, 7, "Received RST_STREAM with code 12", None),
            (429, 8, "Received RST_STREAM with code 11", None),
        ] {
            for body in bodies(code, message) {
                let failure = failure(status, &body);
                assert_eq!(kind(&failure), expected, "{body}");
                let is_unclear = matches!(failure, Failure::Unclear(_));
                assert_eq!(is_unclear, expected.is_none(), "{body}");
                let text = failure.to_string();
                assert!(text.starts_with(&format!("http://h:2379 answers: {message}")), "{text}");
            }
        }
        let old = Refusal::new(
            "http://h:2379",
            500,
            bodies(2, "auth: revision in header is old")[0].as_bytes(),
        );
        assert!(old.is_about_token());
        let [busy, _] = bodies(8, "etcdserver: too many requests");
        assert!(matches!(failure(429, &busy), Failure::Throttled { pause: None, .. }));
    }

    #[test]
    fn answers_of_others_are_judged_by_their_status() {
        for (status, body, expected) in [
            (301, "", Some(ErrorKind::Unsupported)),
            (400, "Client sent an HTTP request to an HTTPS server.", Some(ErrorKind::Unreachable)),
            (400, "<html>", Some(ErrorKind::Unsupported)),
            (400, "CommonName of client will be ignored", Some(ErrorKind::Denied)),
            (401, "", Some(ErrorKind::Denied)),
            (403, "{}", Some(ErrorKind::Denied)),
            (404, "404 page not found", Some(ErrorKind::Unsupported)),
            (413, "", Some(ErrorKind::Unfit)),
            (204, "", None),
            (408, "", None),
            (500, "", None),
            (502, "<html>Bad Gateway</html>", None),
            (503, "{\"code\": \"no number\"}", None),
        ] {
            let failure = failure(status, body);
            assert_eq!(kind(&failure), expected, "{status} {body}");
            assert_eq!(matches!(failure, Failure::Unclear(_)), expected.is_none(), "{status}");
        }
        assert!(matches!(failure(429, ""), Failure::Throttled { .. }));
    }

    #[test]
    fn of_long_answers_little_is_repeated() {
        let text = failure(500, &format!("\u{1b}[31m{}", "x".repeat(1000))).to_string();
        assert!(text.len() < 250 && !text.contains('\u{1b}'), "{text}");
    }
}
