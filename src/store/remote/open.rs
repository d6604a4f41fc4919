use super::RemoteStore;
use crate::{Error, ErrorKind, Result};

/// What begins the names of documents in object stores.
const OBJECT_SCHEMES: [&str; 6] = ["s3", "s3a", "gs", "az", "abfs", "abfss"];

impl RemoteStore {
    /// The document that a URL names, such as `etcd://host:2379/key` or `s3://bucket/key`.
    ///
    /// Who may read and write it, and where the service is if the URL does not say so, is taken from the
    /// environment variables that the services' own tools use. Nothing is sent yet.
    ///
    /// ```
    /// use jsonlock::{ErrorKind, RemoteStore};
    ///
    /// let error = RemoteStore::open("gopher://host/key").unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::InvalidUrl);
    /// ```
    ///
    /// # Errors
    ///
    /// [`InvalidUrl`](ErrorKind::InvalidUrl) for what names no document of a service,
    /// [`Unsupported`](ErrorKind::Unsupported) if the service's cargo feature is off, and whatever is wrong with
    /// the environment.
    pub fn open(url: &str) -> Result<Self> {
        match scheme(url) {
            Some("etcd") => etcd(url),
            Some(scheme) if OBJECT_SCHEMES.contains(&scheme) => object_store(url),
            Some(scheme) => {
                let message =
                    format!("jsonlock knows no documents whose names begin with {scheme}://");
                // Without the rest, which may hold a password.
                let advice = "it knows etcd, s3, az and gs; write ./ before it if it is a file";
                Err(Error::new(ErrorKind::InvalidUrl, message).advise(advice))
            }
            None => Err(no_url(url)),
        }
    }
}

/// Not all of it is shown, as there may be a password in it.
fn no_url(text: &str) -> Error {
    match misspelt(text) {
        Some(scheme) => {
            let message =
                format!("what begins with {scheme}: and not with {scheme}:// names no document");
            let advice = format!("write {scheme}://, or ./ before it if it is a file");
            Error::new(ErrorKind::InvalidUrl, message).advise(&advice)
        }
        None => Error::new(ErrorKind::InvalidUrl, format!("{text} is not a URL")),
    }
}

/// The scheme of a text that would be a URL if there were two slashes behind the colon.
fn misspelt(text: &str) -> Option<&str> {
    let (scheme, _) = text.split_once(':')?;
    let is_known = scheme == "etcd" || OBJECT_SCHEMES.contains(&scheme);
    (is_known && self::scheme(text).is_none()).then_some(scheme)
}

/// Whether this is meant as a URL: it is one, or begins like one that names a document. Everything else is
/// the name of a file.
///
/// ```
/// assert!(jsonlock::is_url("s3://bucket/key"));
/// assert!(jsonlock::is_url("s3:/bucket/key"), "a mistake, which RemoteStore::open refuses");
/// assert!(!jsonlock::is_url("./s3:/bucket/key"));
/// ```
pub fn is_url(text: &str) -> bool {
    scheme(text).is_some() || misspelt(text).is_some()
}

/// What stands before `://`, if that is the scheme of a URL (RFC 3986, section 3.1).
pub fn scheme(text: &str) -> Option<&str> {
    let (scheme, _) = text.split_once("://")?;
    let is_scheme = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    is_scheme.then_some(scheme)
}

#[cfg(feature = "etcd")]
fn etcd(url: &str) -> Result<RemoteStore> {
    super::etcd::Etcd::open(url).map(RemoteStore::new)
}

#[cfg(not(feature = "etcd"))]
fn etcd(_url: &str) -> Result<RemoteStore> {
    Err(without("etcd:// documents", "etcd"))
}

#[cfg(feature = "object-store")]
fn object_store(url: &str) -> Result<RemoteStore> {
    super::object::Object::open(url).map(RemoteStore::new)
}

#[cfg(not(feature = "object-store"))]
fn object_store(url: &str) -> Result<RemoteStore> {
    let scheme = scheme(url).unwrap_or_default();
    Err(without(&format!("{scheme}:// documents"), "object-store"))
}

#[cfg(not(all(feature = "etcd", feature = "object-store")))]
fn without(what: &str, feature: &str) -> Error {
    let message = format!(
        "this jsonlock was built without {what}; cargo install jsonlock --features {feature} builds one with \
         them"
    );
    Error::new(ErrorKind::Unsupported, message)
}

#[cfg(test)]
mod tests {
    use super::scheme;

    #[test]
    fn only_what_has_a_scheme_is_a_url() {
        for (text, expected) in [
            ("s3://bucket/key", Some("s3")),
            ("x+y-1.z://", Some("x+y-1.z")),
            ("./s3://bucket", None),
            ("a/b://c", None),
            ("://c", None),
            ("1a://c", None),
            ("c:/file", None),
            ("file.json", None),
        ] {
            assert_eq!(scheme(text), expected, "{text}");
        }
    }
}
