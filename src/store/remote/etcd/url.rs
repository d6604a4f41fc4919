use crate::{Error, ErrorKind, Result};
use percent_encoding::percent_decode_str;
use std::net::Ipv6Addr;

/// Where a client of etcd is expected, by its registered port.
const PORT: u16 = 2379;

const PATTERN: &str = "write etcd://host:2379/key, with several hosts separated by commas";

/// What a URL names.
#[derive(Debug)]
pub(super) struct Location {
    /// None where the environment is to tell.
    pub(super) hosts: Vec<Host>,
    pub(super) key: Vec<u8>,
}

/// Where an endpoint listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Host {
    /// An address of IPv6 is in brackets.
    pub(super) name: String,
    pub(super) port: u16,
}

/// Takes apart what follows the pattern `etcd://host:port,host:port/key`.
pub(super) fn parse(url: &str) -> Result<Location> {
    let rest = url.strip_prefix("etcd://").unwrap_or(url);
    let (hosts, key) = rest.split_once('/').unwrap_or((rest, ""));
    // A password must not be repeated, not even as a part of the URL.
    if hosts.contains('@') {
        let message = "a URL of etcd has no room for a user and a password, which others would see";
        let advice = "set ETCDCTL_USER to user:password";
        return Err(Error::new(ErrorKind::InvalidUrl, message).advise(advice));
    }
    if key.is_empty() {
        let message = format!("{url} names no key");
        return Err(Error::new(ErrorKind::InvalidUrl, message).advise(PATTERN));
    }
    let key: Vec<u8> = percent_decode_str(key).collect();
    if key.ends_with(super::SUFFIX) {
        let message = format!("{url} names what jsonlock keeps beside a document");
        let advice = "a key that ends in .jsonlock cannot be one";
        return Err(Error::new(ErrorKind::InvalidUrl, message).advise(advice));
    }
    let hosts = hosts.split(',').filter(|_| !hosts.is_empty());
    let hosts = hosts.map(parse_host).collect::<Option<_>>().ok_or_else(|| {
        let message = "what stands between etcd:// and the next slash is no list of hosts";
        Error::new(ErrorKind::InvalidUrl, message).advise(PATTERN)
    })?;
    Ok(Location { hosts, key })
}

/// Takes apart `host:port`, or `host`.
pub(super) fn parse_host(text: &str) -> Option<Host> {
    let bracket = text.find(']').unwrap_or(0);
    let colon = text.get(bracket..)?.find(':').map(|colon| bracket + colon);
    let (name, port) = match colon {
        Some(colon) => (text.get(..colon)?, text.get(colon + 1..)?.parse().ok()?),
        None => (text, PORT),
    };
    is_name(name).then(|| Host { name: name.to_owned(), port })
}

fn is_name(text: &str) -> bool {
    let address = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    if let Some(address) = address {
        return address.parse::<Ipv6Addr>().is_ok();
    }
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    !text.is_empty() && text.bytes().all(is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts(url: &str) -> Vec<String> {
        let hosts = parse(url).unwrap().hosts;
        hosts.into_iter().map(|Host { name, port }| format!("{name}:{port}")).collect()
    }

    #[test]
    fn hosts_have_a_port_or_get_one() {
        for (url, expected) in [
            ("etcd://h/k", &["h:2379"][..]),
            ("etcd://h:1/k", &["h:1"]),
            ("etcd://a:1,b.c,10.0.0.1:65535/k", &["a:1", "b.c:2379", "10.0.0.1:65535"]),
            ("etcd://[::1]/k", &["[::1]:2379"]),
            ("etcd://[::1]:7,h/k", &["[::1]:7", "h:2379"]),
            ("etcd:///k", &[]),
        ] {
            assert_eq!(hosts(url), expected, "{url}");
        }
    }

    #[test]
    fn the_key_is_all_that_is_behind_the_hosts() {
        for (url, expected) in [
            ("etcd://h/k", "k"),
            ("etcd://h//a/b", "/a/b"),
            ("etcd://h/a%2fb%20c%25", "a/b c%"),
            ("etcd://h/a?b#c@d", "a?b#c@d"),
            ("etcd:///a,b:1/c.json", "a,b:1/c.json"),
            ("etcd://h/50%", "50%"),
            ("etcd://h/é", "é"),
        ] {
            assert_eq!(parse(url).unwrap().key, expected.as_bytes(), "{url}");
        }
        assert_eq!(parse("etcd://h/%ff").unwrap().key, [0xff]);
    }

    #[test]
    fn what_names_no_document_is_refused() {
        for url in [
            "etcd://",
            "etcd:///",
            "etcd://h",
            "etcd://h/",
            "etcd://h,/k",
            "etcd://,/k",
            "etcd://h:/k",
            "etcd://h:x/k",
            "etcd://h:65536/k",
            "etcd://::1/k",
            "etcd://[h]/k",
            "etcd://[::1/k",
            "etcd://h h/k",
            "etcd://h?x/k",
            "etcd://[::1]x/k",
            "etcd://:1/k",
            "etcd://h/k.jsonlock",
            "etcd://h/k%2Ejsonlock",
        ] {
            let error = parse(url).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidUrl, "{url}: {error}");
        }
    }

    #[test]
    fn a_password_is_not_repeated() {
        for url in ["etcd://u:s3cret@h/k", "etcd://u:s3cret@", "etcd://h,u:s3cret@h"] {
            let error = parse(url).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidUrl);
            let text = error.to_string();
            assert!(text.contains("ETCDCTL_USER") && !text.contains("s3cret"), "{text}");
        }
        let text = parse("etcd://u:s3/cret@h/k").unwrap_err().to_string();
        assert!(!text.contains("s3"), "{text}");
    }
}
