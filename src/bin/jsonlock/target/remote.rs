//! Documents that services keep.

use super::{default_wait, tell, wait};
use crate::args::{Locking, Status, Writing};
use crate::report::{Failed, Usage};
use anyhow::{Error, Result};
use jsonlock::{Create, ErrorKind, RemoteStore};
use std::path::Path;

/// FILE, if it is a URL and not the name of a file.
pub(crate) fn url(file: &Path) -> Option<&str> {
    file.to_str().filter(|text| jsonlock::is_url(text))
}

/// FILE as messages show it, also if it is a URL that was refused because there is a secret in it.
pub(crate) fn shown(file: &Path) -> String {
    let hidden = url(file).and_then(without_secrets);
    hidden.unwrap_or_else(|| file.display().to_string())
}

/// The beginning of a URL that seems to have a password, or parameters that give access; otherwise nothing.
fn without_secrets(url: &str) -> Option<String> {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.split_once(':').map(|(scheme, _)| format!("{scheme}:…"));
    };
    let authority = rest.split('/').next().unwrap_or_default();
    let has_user = authority.contains('@') && !scheme.starts_with("abfs");
    let has_password = match scheme {
        "etcd" => authority.split(',').any(has_no_port),
        _ => authority.contains(':'),
    };
    let has_secret = has_user || has_password || rest.contains('?');
    has_secret.then(|| format!("{scheme}://…"))
}

/// Whether what is behind the colon of `host:port` is something else, which may be a password.
fn has_no_port(host: &str) -> bool {
    let port = host.rsplit_once(':').map_or("", |(_, port)| port);
    !host.starts_with('[') && !port.bytes().all(|byte| byte.is_ascii_digit())
}

/// The document to read.
pub(super) fn readable(url: &str) -> Result<RemoteStore> {
    Ok(RemoteStore::open(url)?.read_wait(default_wait()?))
}

/// The document to edit.
pub(super) fn writable(url: &str, writing: &Writing) -> Result<RemoteStore> {
    if let Some(option) = option_of_files(writing) {
        return Err(is_for_files(option, url));
    }
    let store = RemoteStore::open(url)?.read_wait(wait(&writing.locking)?);
    Ok(match tell(&writing.locking) {
        Some(tell) => store.observe(tell),
        None => store,
    })
}

/// The document to look at, as an edit with the same options would see it.
pub(crate) fn inspectable(url: &str, args: &Status) -> Result<RemoteStore> {
    if args.lock_file.is_some() {
        return Err(is_for_files("--lock-file", url));
    }
    let create = if args.no_create { Create::Never } else { Create::File };
    Ok(readable(url)?.create(create))
}

/// What is promised of files only. The options that say what to do with something that services do not
/// have, such as directories, are fine.
fn option_of_files(writing: &Writing) -> Option<&'static str> {
    match writing {
        Writing { backup: Some(_), .. } => Some("--backup"),
        Writing { mode: Some(_), .. } => Some("--mode"),
        Writing { locking: Locking { lock_file: Some(_), .. }, .. } => Some("--lock-file"),
        _ => None,
    }
}

fn is_for_files(option: &str, url: &str) -> Error {
    let name = shown(Path::new(url));
    Usage(format!("{option} is for files, and {name} is none")).into()
}

/// Why a document of a service is not locked.
pub(super) fn cannot_lock(url: &str) -> Error {
    if let Err(error) = RemoteStore::open(url)
        && error.kind() == ErrorKind::InvalidUrl
    {
        return error.into();
    }
    let message = format!(
        "{} cannot be locked: a service would have to let a lock expire, and then two could have it; filter \
         runs a command on the document, and makes the edit if nobody else did",
        shown(Path::new(url))
    );
    Failed::new(ErrorKind::Unsupported, message).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_in_urls_are_not_shown() {
        for (file, expected) in [
            ("etcd://user:s3cret@host/key", "etcd://…"),
            ("etcd://user:s3c/ret@host/key", "etcd://…"),
            ("etcd://[::ab]:7,h/key", "etcd://[::ab]:7,h/key"),
            ("s3://s3cret@bucket/key", "s3://…"),
            ("s3://id:s3c/ret@bucket/key", "s3://…"),
            ("https://account.example/container/key?sig=s3cret", "https://…"),
            ("abfs://container@account.example/key", "abfs://container@account.example/key"),
            ("etcd://a:1,b:2/key@2", "etcd://a:1,b:2/key@2"),
            ("./what?.json", "./what?.json"),
            ("s3:/id:s3cret@bucket/key", "s3:…"),
        ] {
            assert_eq!(shown(Path::new(file)), expected);
        }
    }
}
