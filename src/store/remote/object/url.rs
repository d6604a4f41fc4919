use crate::{Error, ErrorKind, Result};
use object_store::path::Path;

/// Which protocol a document is reached by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Service {
    S3,
    Azure,
    Google,
}

impl Service {
    /// What it calls what holds documents.
    pub(super) fn container(self) -> &'static str {
        match self {
            Service::Azure => "container",
            Service::S3 | Service::Google => "bucket",
        }
    }
}

/// Where a document is, as its URL says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Location {
    pub(super) service: Service,
    /// The bucket or container.
    pub(super) bucket: String,
    /// The storage account, which Azure's URLs may have.
    pub(super) account: Option<String>,
    pub(super) key: Path,
}

/// What may stand behind the account in Azure's URLs. It says nothing that is not known.
const AZURE_HOSTS: [&str; 3] = ["", ".dfs.core.windows.net", ".blob.core.windows.net"];

/// A URL without what stands behind its ?, which may be a secret: a signature, for instance.
fn shown(url: &str) -> String {
    match url.split_once(['?', '#']) {
        Some((before, _)) => format!("{before}…"),
        None => url.to_owned(),
    }
}

/// Takes a URL apart.
pub(super) fn parse(url: &str) -> Result<Location> {
    let (scheme, rest) = url.split_once("://").unwrap_or_default();
    let service = match scheme {
        "az" | "abfs" | "abfss" => Service::Azure,
        "gs" => Service::Google,
        _ => Service::S3,
    };
    let (authority, key) = rest.split_once('/').unwrap_or((rest, ""));
    let (bucket, host) = match authority.split_once('@') {
        Some((bucket, host)) => (bucket, Some(host)),
        None => (authority, None),
    };
    if let Some((_, port)) = authority.rsplit_once(':')
        && !authority.contains('@')
        && !port.is_empty()
        && port.bytes().all(|byte| byte.is_ascii_digit())
    {
        let message = format!("a {scheme}:// URL names no host and port");
        return Err(invalid(message, "AWS_ENDPOINT_URL and its like say where the service is"));
    }
    if authority.contains(':') || (host.is_some() && service != Service::Azure) {
        return Err(no_secrets(scheme));
    }
    let is_plain =
        |character: char| character.is_ascii_alphanumeric() || "-._$".contains(character);
    if bucket.is_empty() || !bucket.chars().all(is_plain) {
        let container = service.container();
        let message = format!("{} names no {container}", shown(url));
        return Err(invalid(message, &format!("write {scheme}://{container}/key")));
    }
    let account = host.map(|host| account(url, host)).transpose()?;
    Ok(Location { service, bucket: bucket.to_owned(), account, key: parse_key(url, key)? })
}

fn no_secrets(scheme: &str) -> Error {
    let message = format!("a {scheme}:// URL has no room for keys and passwords");
    invalid(message, "they belong into environment variables, where others cannot see them")
}

fn account(url: &str, host: &str) -> Result<String> {
    let (account, rest) = host.split_at(host.find('.').unwrap_or(host.len()));
    let is_plain = !account.is_empty() && account.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if is_plain && AZURE_HOSTS.contains(&rest) {
        return Ok(account.to_owned());
    }
    let message = format!("{} names no storage account of Azure", shown(url));
    Err(invalid(
        message,
        "write abfss://container@account/key; AZURE_STORAGE_ENDPOINT may name another host",
    ))
}

fn parse_key(url: &str, text: &str) -> Result<Path> {
    if text.is_empty() {
        return Err(invalid(
            format!("{} names no document", shown(url)),
            "write its key behind a slash",
        ));
    }
    if text.contains(['?', '#']) {
        let message = format!("{} has a ? or # in its key", shown(url));
        return Err(invalid(message, "write %3F or %23"));
    }
    // Its parser would take slashes off both ends, which is another key.
    let lower = text.to_ascii_lowercase();
    let has_slash = |slash: &str| lower.starts_with(slash) || lower.ends_with(slash);
    let parsed = match has_slash("/") || has_slash("%2f") {
        true => None,
        false => Path::from_url_path(text).ok(),
    };
    parsed.ok_or_else(|| {
        let message =
            format!("{} has an empty part, . or .. in its key, or what is not UTF-8", shown(url));
        invalid(message, "jsonlock does not reach such keys")
    })
}

fn invalid(message: String, advice: &str) -> Error {
    Error::new(ErrorKind::InvalidUrl, message).advise(advice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_name_a_bucket_and_a_key() {
        for (url, service, bucket, account, key) in [
            ("s3://b-1.c/k", Service::S3, "b-1.c", None, "k"),
            ("s3a://bucket/a/b.json", Service::S3, "bucket", None, "a/b.json"),
            ("s3://bucket/a%20b%3F", Service::S3, "bucket", None, "a b?"),
            ("s3://bucket/ä@:b", Service::S3, "bucket", None, "ä@:b"),
            ("gs://bucket/k", Service::Google, "bucket", None, "k"),
            ("az://box/k", Service::Azure, "box", None, "k"),
            ("az://$web/k", Service::Azure, "$web", None, "k"),
            ("abfs://box@me/k", Service::Azure, "box", Some("me"), "k"),
            ("abfss://box@me.dfs.core.windows.net/k", Service::Azure, "box", Some("me"), "k"),
        ] {
            let location = parse(url).unwrap();
            let found = (location.service, location.bucket.as_str(), location.account.as_deref());
            assert_eq!((found, location.key.as_ref()), ((service, bucket, account), key), "{url}");
        }
    }

    #[test]
    fn what_names_no_document_is_refused() {
        for (url, says) in [
            ("s3://", "names no bucket; write s3://bucket/key"),
            ("s3:///key", "names no bucket"),
            ("az:///key", "names no container"),
            ("s3://bucket", "names no document; write its key behind a slash"),
            ("s3://bucket/", "names no document"),
            ("s3://bucket//key", "has an empty part"),
            ("s3://bucket/%2Fkey", "has an empty part"),
            ("s3://localhost:9000/bucket/key", "names no host and port; AWS_ENDPOINT_URL"),
            ("s3://bucket/key/", "has an empty part"),
            ("s3://bucket/a//b", "has an empty part"),
            ("s3://bucket/a/../b", "has an empty part"),
            ("s3://bucket/%ff", "what is not UTF-8"),
            ("s3://bucket/key?versionId=1", "write %3F or %23"),
            ("s3://a b/key", "names no bucket"),
            ("abfss://box@/key", "names no storage account"),
            ("abfss://box@me.example.com/key", "names no storage account"),
        ] {
            let error = parse(url).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidUrl, "{url}");
            assert!(error.to_string().contains(says), "{url}: {error}");
        }
    }

    #[test]
    fn secrets_are_not_repeated() {
        for url in [
            "s3://id:secret@bucket/key",
            "s3://secret@bucket/key",
            "s3://id:secret/x@bucket/key",
            "gs://id:secret@bucket",
            "az://id:secret@account/key",
            "az://box/key?sv=2022&sig=secret",
            "s3://bucket/key#secret",
            "s3://bucket?sig=secret",
            "az://box?sig=secret/key",
            "abfss://box@account.example.com?sig=secret",
            "az://box/key//x?sig=secret",
        ] {
            let error = parse(url).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidUrl, "{url}");
            assert!(!error.to_string().contains("secret"), "{error}");
        }
    }
}
