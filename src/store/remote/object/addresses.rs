//! What is refused of the environment before anything is made of it. A value that makes no address or no
//! header would end the program inside object_store, and plain http gives away what passes.

use super::transport::is_true;
use crate::{Error, ErrorKind, Result};
use reqwest::Url;
use std::net::{IpAddr, Ipv6Addr};

/// The variables that are addresses of services.
const ADDRESSES: [&str; 15] = [
    "AWS_ENDPOINT",
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_S3",
    "AWS_ENDPOINT_URL_STS",
    "AWS_METADATA_ENDPOINT",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AZURE_ENDPOINT",
    "AZURE_STORAGE_ENDPOINT",
    "AZURE_AUTHORITY_HOST",
    "AZURE_STORAGE_AUTHORITY_HOST",
    "AZURE_IDENTITY_ENDPOINT",
    "AZURE_MSI_ENDPOINT",
    "IDENTITY_ENDPOINT",
    "AZURITE_BLOB_STORAGE_URL",
    "GOOGLE_BASE_URL",
];

/// Those of them that object_store reaches by plain http without being told to. Close to the machine that is
/// usual.
const CLOSE: [&str; 6] = [
    "AWS_METADATA_ENDPOINT",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AZURE_IDENTITY_ENDPOINT",
    "AZURE_MSI_ENDPOINT",
    "IDENTITY_ENDPOINT",
    "AZURITE_BLOB_STORAGE_URL",
];

/// The ends of the names of variables that become words of addresses.
const WORDS: [&str; 5] =
    ["_REGION", "_TENANT_ID", "_AUTHORITY_ID", "_ACCOUNT_NAME", "_STORAGE_ACCOUNT"];

/// Is put behind an address. Without a slash it could make that another one.
const RELATIVE: &str = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";

/// The ends of the names of variables whose values have lines.
const TEXTS: [&str; 2] = ["_SERVICE_ACCOUNT_KEY", "_PROXY_CA_CERTIFICATE"];

/// The ends of the names of variables that are paths of files, which may be in any script.
const PATHS: [&str; 4] = ["_FILE", "_PATH", "_SERVICE_ACCOUNT", "_APPLICATION_CREDENTIALS"];

/// Checks the value of a variable. `allowing` is the variable that allows plain http.
pub(super) fn check(name: &str, value: &str, allowing: &str) -> Result<()> {
    // object_store knows them in any case.
    let name = name.to_ascii_uppercase();
    let name = name.as_str();
    if TEXTS.iter().any(|end| name.ends_with(end)) {
        return Ok(());
    }
    let is_path = PATHS.iter().any(|end| name.ends_with(end));
    if value.chars().any(char::is_control) || (!is_path && !value.is_ascii()) {
        let message = format!("{name} has characters that none of its values can have");
        return Err(refused(message, "a line break at its end is one of them: take it off"));
    }
    let is_word = WORDS.iter().any(|end| name.ends_with(end));
    if is_word && !value.bytes().all(is_of_word) {
        let message = format!("{name} has characters that no such name has");
        return Err(refused(message, "they are letters, digits, dots, - and _"));
    }
    let is_path = value.starts_with('/') && value.bytes().all(|byte| byte.is_ascii_graphic());
    if name == RELATIVE && !is_path {
        return Err(refused(format!("{name} is no path"), "it begins with a slash"));
    }
    match ADDRESSES.contains(&name) {
        true => check_address(name, value, allowing),
        false => Ok(()),
    }
}

fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.".contains(&byte)
}

fn check_address(name: &str, value: &str, allowing: &str) -> Result<()> {
    let has_scheme = value.starts_with("https://") || value.starts_with("http://");
    let is_plain =
        value.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>\"{}|\\^`".contains(&byte));
    let url = Url::parse(value).ok().filter(|url| has_scheme && is_plain && url.has_host());
    let Some(url) = url else {
        let message = format!("{name} is no address that begins with https:// or http://");
        return Err(refused(message, "write it as https://host"));
    };
    let is_allowed = allows(allowing) || (CLOSE.contains(&name) && is_close(&url));
    if url.scheme() == "https" || is_allowed {
        return Ok(());
    }
    let message =
        format!("{name} is reached by plain http, which lets others read and change everything");
    Err(refused(message, &format!("{allowing}=true allows that")))
}

fn allows(name: &str) -> bool {
    std::env::var(name).is_ok_and(|value| is_true(&value))
}

/// Whether what is sent there does not leave the machine and what hosts it.
fn is_close(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse();
    match address {
        Ok(IpAddr::V4(address)) => address.is_loopback() || address.is_link_local(),
        Ok(IpAddr::V6(address)) => is_close_in_ipv6(&address),
        Err(_) => host == "localhost",
    }
}

fn is_close_in_ipv6(address: &Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    // Amazon's network for what machines and containers ask their host.
    let is_of_host = (first, second) == (0xfd00, 0x0ec2);
    address.is_loopback() || address.is_unicast_link_local() || is_of_host
}

fn refused(message: String, advice: &str) -> Error {
    Error::new(ErrorKind::Denied, message).advise(advice)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Nobody sets this.
    const ALLOWING: &str = "JSONLOCK_TEST_ALLOWS_NOTHING";

    #[test]
    fn what_makes_no_address_or_header_is_refused_and_not_shown() {
        for (name, value, says) in [
            ("AWS_ENDPOINT_URL", "s3cret.example.com:9000", "begins with https://"),
            ("GOOGLE_BASE_URL", "localhost:s3cret", "begins with https://"),
            ("AZURE_STORAGE_ENDPOINT", "//s3cret", "begins with https://"),
            ("AZURE_STORAGE_ENDPOINT", "https://", "begins with https://"),
            ("AWS_ENDPOINT_URL_S3", "https://s3cret host", "begins with https://"),
            ("AWS_ENDPOINT_URL", "https://host\n", "a line break at its end"),
            ("AWS_SECRET_ACCESS_KEY", "s3cret\n", "a line break at its end"),
            ("AWS_SESSION_TOKEN", "s3crét", "characters that none of its values can have"),
            ("AWS_WEB_IDENTITY_TOKEN_FILE", "/s3cret\r", "a line break at its end"),
            ("AWS_DEFAULT_REGION", "s3cret region", "has characters that no such name has"),
            ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "@s3cret", "begins with a slash"),
        ] {
            let error = check(name, value, ALLOWING).unwrap_err();
            let text = error.to_string();
            assert_eq!(error.kind(), ErrorKind::Denied, "{text}");
            assert!(text.contains(name) && text.contains(says), "{text}");
            assert!(!text.contains("s3cr"), "{text}");
        }
        for (name, value) in [
            ("AWS_ENDPOINT_URL", "https://host:9000/path"),
            ("GOOGLE_SERVICE_ACCOUNT_KEY", "{\n\"é\": 1}\n"),
            ("GOOGLE_APPLICATION_CREDENTIALS", "/home/é/key.json"),
            ("AWS_REGION", "us-gov-west-1"),
            ("AZURE_STORAGE_SAS_TOKEN", "?sv=2022&sig=a%2Bb"),
        ] {
            check(name, value, ALLOWING).unwrap();
        }
    }

    #[test]
    fn plain_http_is_for_what_is_close() {
        for (name, value, is_fine) in [
            ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:80/role", true),
            ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://169.254.170.23/v1", true),
            ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://[fd00:ec2::23]/v1", true),
            ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://[fd00:ec3::23]/v1", false),
            ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://10.0.0.1/role", false),
            ("AWS_METADATA_ENDPOINT", "http://[fe80::1]", true),
            ("AWS_METADATA_ENDPOINT", "http://metadata.example.com", false),
            ("IDENTITY_ENDPOINT", "http://localhost:42356/msi/token", true),
            ("IDENTITY_ENDPOINT", "http://localhost.example.com", false),
            ("IDENTITY_ENDPOINT", "https://example.com", true),
            ("AZURITE_BLOB_STORAGE_URL", "http://[::1]:10000", true),
            ("AZURITE_BLOB_STORAGE_URL", "http://azurite:10000", false),
            ("AWS_ENDPOINT_URL", "http://127.0.0.1:9000", false),
        ] {
            let found = check(name, value, ALLOWING);
            assert_eq!(found.is_ok(), is_fine, "{name}={value}");
            if let Err(error) = found {
                assert!(error.to_string().contains("=true allows that"), "{error}");
            }
        }
    }
}
