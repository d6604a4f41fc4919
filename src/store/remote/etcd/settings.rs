//! What the environment variables of `etcdctl` say.

use super::tls;
use super::url::{Host, parse_host};
use crate::{Error, ErrorKind, Result};
use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};
use ureq::tls::TlsConfig;

/// Gives the environment variables that are set to something.
pub(super) type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

const ENDPOINTS: &str = "ETCDCTL_ENDPOINTS";

/// How to talk to etcd.
#[derive(Debug)]
pub(super) struct Settings {
    /// One at least.
    pub(super) endpoints: Vec<Endpoint>,
    pub(super) user: Option<User>,
    pub(super) tls: TlsConfig,
}

/// One of the places where a cluster answers.
#[derive(Debug)]
pub(super) struct Endpoint {
    pub(super) scheme: Scheme,
    host: Host,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scheme {
    Http,
    Https,
}

/// Somebody whom etcd knows.
pub(super) struct User {
    pub(super) name: String,
    pub(super) password: String,
}

impl Settings {
    /// Settings for these hosts, or for those of the environment if there are none.
    pub(super) fn new(hosts: &[Host], environment: Environment<'_>) -> Result<Self> {
        let scheme = match tls::is_wanted(environment) {
            true => Scheme::Https,
            false => Scheme::Http,
        };
        let endpoints = match hosts {
            [] => endpoints(scheme, environment)?,
            hosts => hosts.iter().map(|host| Endpoint { scheme, host: host.clone() }).collect(),
        };
        let user = user(environment)?;
        if user.is_some() {
            endpoints.iter().try_for_each(Endpoint::check_password)?;
        }
        Ok(Settings { endpoints, user, tls: tls::config(environment)? })
    }
}

/// The endpoints of the environment.
fn endpoints(scheme: Scheme, environment: Environment<'_>) -> Result<Vec<Endpoint>> {
    let Some(list) = environment(ENDPOINTS) else {
        let message = format!("the URL names no host, and {ENDPOINTS} is not set");
        return Err(Error::new(ErrorKind::InvalidUrl, message));
    };
    let endpoint = |text: &str| {
        let (scheme, host) = match text.split_once("://") {
            Some(("http", host)) if scheme == Scheme::Http => (Scheme::Http, host),
            Some(("http" | "https", host)) => (Scheme::Https, host),
            _ => (scheme, text),
        };
        parse_host(host.trim_end_matches('/')).map(|host| Endpoint { scheme, host })
    };
    let endpoints = list.split(',').map(|text| endpoint(text.trim()));
    endpoints.collect::<Option<_>>().ok_or_else(|| {
        // Some write a password there.
        let message = format!("{ENDPOINTS} is no list such as http://host:2379,http://other:2379");
        Error::new(ErrorKind::InvalidUrl, message)
    })
}

fn user(environment: Environment<'_>) -> Result<Option<User>> {
    for variable in ["ETCDCTL_USER", "ETCDCTL_PASSWORD"] {
        if environment(variable).is_some_and(|value| value.contains(char::is_control)) {
            let message = format!("{variable} has characters that none of its values can have");
            let advice = "a line break at its end is one of them: take it off";
            return Err(Error::new(ErrorKind::Denied, message).advise(advice));
        }
    }
    let Some(name) = environment("ETCDCTL_USER") else { return Ok(None) };
    if let Some(password) = environment("ETCDCTL_PASSWORD") {
        return Ok(Some(User { name, password }));
    }
    match name.split_once(':') {
        Some((name, password)) => {
            Ok(Some(User { name: name.to_owned(), password: password.to_owned() }))
        }
        None => {
            let message = "ETCDCTL_USER has no password";
            let advice = "set it to user:password, or set ETCDCTL_PASSWORD too";
            Err(Error::new(ErrorKind::Denied, message).advise(advice))
        }
    }
}

impl Endpoint {
    /// Refuses to send a password where everybody can read it.
    fn check_password(&self) -> Result<()> {
        if self.scheme == Scheme::Https || is_this_machine(&self.host.name) {
            return Ok(());
        }
        let message = format!("the password of ETCDCTL_USER is not sent to {self} without TLS");
        let advice = "set ETCDCTL_CACERT to the file with the cluster's certificate authority";
        Err(Error::new(ErrorKind::Denied, message).advise(advice))
    }
}

fn is_this_machine(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || address.parse().is_ok_and(|address: Ipv4Addr| address.is_loopback())
        || address.parse().is_ok_and(|address: Ipv6Addr| address.is_loopback())
}

/// Without secrets.
impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = match self.scheme {
            Scheme::Http => "http",
            Scheme::Https => "https",
        };
        write!(f, "{scheme}://{}:{}", self.host.name, self.host.port)
    }
}

/// Without the password.
impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("User").field("name", &self.name).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(hosts: &[&str], variables: &[(&str, &str)]) -> Result<Settings> {
        let hosts: Vec<Host> = hosts.iter().map(|host| parse_host(host).unwrap()).collect();
        let environment = |name: &str| {
            let found = variables.iter().find(|variable| variable.0 == name);
            found.map(|variable| variable.1.to_owned())
        };
        Settings::new(&hosts, &environment)
    }

    fn names(settings: &Settings) -> Vec<String> {
        settings.endpoints.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_endpoints_are_those_of_the_url_or_of_the_environment() {
        let list = ("ETCDCTL_ENDPOINTS", "http://a:1, https://b:2/,c");
        let found = settings(&[], &[list]).unwrap();
        assert_eq!(names(&found), ["http://a:1", "https://b:2", "http://c:2379"]);
        assert_eq!(names(&settings(&["h"], &[list]).unwrap()), ["http://h:2379"]);
        for list in ["", "ftp://h", "u:s3cret@h", "a,,b"] {
            let error = settings(&[], &[("ETCDCTL_ENDPOINTS", list)]).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidUrl, "{list}");
            assert!(!error.to_string().contains("s3cret"), "{error}");
        }
        let error = settings(&[], &[]).unwrap_err().to_string();
        assert_eq!(error, "the URL names no host, and ETCDCTL_ENDPOINTS is not set");
    }

    #[test]
    fn a_password_stays_on_this_machine_without_tls() {
        for user in [&[("ETCDCTL_USER", "u:s3cret")][..], &PASSWORD_APART] {
            for host in ["localhost", "127.0.0.1", "127.1.2.3:1", "[::1]"] {
                let user = settings(&[host], user).unwrap().user.unwrap();
                assert_eq!((user.name.as_str(), user.password.as_str()), ("u", "s3cret"));
                assert!(!format!("{user:?}").contains("s3cret"));
            }
            for host in ["etcd.example", "10.0.0.1", "localhost.example", "[fe80::1]"] {
                let error = settings(&["127.0.0.1", host], user).unwrap_err();
                assert_eq!(error.kind(), ErrorKind::Denied, "{host}");
                assert!(!error.to_string().contains("s3cret"), "{error}");
            }
        }
        let error = settings(&["localhost"], &[("ETCDCTL_USER", "u:s3cret\n")]).unwrap_err();
        assert!(error.to_string().starts_with("ETCDCTL_USER has characters"), "{error}");
        assert!(!error.to_string().contains("s3cret"), "{error}");
        let error = settings(&["localhost"], &[("ETCDCTL_USER", "u")]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Denied);
    }

    const PASSWORD_APART: [(&str, &str); 2] =
        [("ETCDCTL_USER", "u"), ("ETCDCTL_PASSWORD", "s3cret")];
}
