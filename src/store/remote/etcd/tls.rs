//! Certificates, and what goes wrong with them.

use super::super::Failure;
use super::settings::{Endpoint, Environment};
use crate::{Error, ErrorKind, Result};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{AlertDescription, ClientConfig, RootCertStore};
use std::path::Path;
use std::sync::Arc;
use ureq::tls::{Certificate, ClientCert, PemItem, PrivateKey, RootCerts, TlsConfig, parse_pem};

const AUTHORITY: &str = "ETCDCTL_CACERT";
const CERTIFICATE: &str = "ETCDCTL_CERT";
const KEY: &str = "ETCDCTL_KEY";

/// Whether the environment speaks of certificates, so that endpoints without a scheme have TLS.
pub(super) fn is_wanted(environment: Environment<'_>) -> bool {
    [AUTHORITY, CERTIFICATE].iter().any(|name| environment(name).is_some())
}

/// Whom to trust, and how to show who asks.
pub(super) fn config(environment: Environment<'_>) -> Result<TlsConfig> {
    let roots = match environment(AUTHORITY) {
        Some(file) => RootCerts::new_with_certs(&File::read(AUTHORITY, &file)?.chain()?),
        None => RootCerts::PlatformVerifier,
    };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = TlsConfig::builder().root_certs(roots);
    let config = config.unversioned_rustls_crypto_provider(provider);
    match (environment(CERTIFICATE), environment(KEY)) {
        (Some(certificate), Some(key)) => {
            let identity =
                identity(&File::read(CERTIFICATE, &certificate)?, &File::read(KEY, &key)?);
            Ok(config.client_cert(Some(identity?)).build())
        }
        (None, None) => Ok(config.build()),
        _ => {
            let message =
                format!("{CERTIFICATE} and {KEY} go together, and one of them is not set");
            Err(Error::new(ErrorKind::InvalidUrl, message))
        }
    }
}

/// A file in PEM that a variable names.
struct File<'a> {
    variable: &'static str,
    name: &'a str,
    text: Vec<u8>,
}

impl<'a> File<'a> {
    fn read(variable: &'static str, name: &'a str) -> Result<Self> {
        let failed = |error| Error::io("read", Path::new(name), error).context(variable);
        Ok(File { variable, name, text: std::fs::read(name).map_err(failed)? })
    }

    fn chain(&self) -> Result<Vec<Certificate<'static>>> {
        let certificates = parse_pem(&self.text).filter_map(|item| match item {
            Ok(PemItem::Certificate(certificate)) => Some(certificate),
            _ => None,
        });
        let chain: Vec<_> = certificates.collect();
        if chain.is_empty() {
            Err(self.unusable("there is no certificate in it"))
        } else {
            Ok(chain)
        }
    }

    fn key(&self) -> Result<PrivateKey<'static>> {
        let key = parse_pem(&self.text).find_map(|item| match item {
            Ok(PemItem::PrivateKey(key)) => Some(key),
            _ => None,
        });
        key.ok_or_else(|| self.unusable("there is no private key in it that is not encrypted"))
    }

    fn unusable(&self, reason: &str) -> Error {
        let message = format!("{}: {} cannot be used: {reason}", self.variable, self.name);
        Error::new(ErrorKind::Io, message)
    }
}

fn identity(certificate: &File<'_>, key: &File<'_>) -> Result<ClientCert> {
    let (chain, private) = (certificate.chain()?, key.key()?);
    check(&chain, &key.text).map_err(|error| certificate.unusable(&error.to_string()))?;
    Ok(ClientCert::new_with_certs(&chain, private))
}

/// Whether the certificate and the key, in PEM, belong together. ureq panics if not.
fn check(chain: &[Certificate<'_>], key: &[u8]) -> Result<(), rustls::Error> {
    let chain = chain.iter().map(|link| CertificateDer::from(link.der().to_vec())).collect();
    // Its kind is that of its label, which is what ureq goes by.
    let key = PrivateKeyDer::from_pem_slice(key);
    let key = key.map_err(|error| rustls::Error::General(error.to_string()))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider);
    let builder = builder.with_safe_default_protocol_versions()?;
    let builder = builder.with_root_certificates(RootCertStore::empty());
    builder.with_client_auth_cert(chain, key).map(drop)
}

/// What follows from an error of TLS for the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Certainty {
    /// It was not sent.
    Unsent,
    /// It was not sent if the error came at the beginning of a connection, which cannot be told.
    Unsure,
}

/// Why a request failed, if TLS is the reason.
pub(super) fn failure(endpoint: &Endpoint, error: &ureq::Error) -> Option<(Certainty, Failure)> {
    let (certainty, kind, advice) = match cause(error)? {
        rustls::Error::InvalidCertificate(_) => {
            (Certainty::Unsent, ErrorKind::Unreachable, NOT_TRUSTED)
        }
        rustls::Error::InvalidMessage(_) => (Certainty::Unsure, ErrorKind::Unreachable, NO_TLS),
        rustls::Error::AlertReceived(alert) if is_about_certificate(*alert) => {
            (Certainty::Unsure, ErrorKind::Denied, NOT_KNOWN)
        }
        // What the system trusts is asked for when the first connection is made.
        rustls::Error::General(_) => (Certainty::Unsure, ErrorKind::Unreachable, NOT_TRUSTED),
        _ => return None,
    };
    let message = format!("no connection to {endpoint}: {error}");
    Some((certainty, Error::new(kind, message).advise(advice).into()))
}

fn cause(error: &ureq::Error) -> Option<&rustls::Error> {
    match error {
        ureq::Error::Rustls(error) => Some(error),
        ureq::Error::Io(error) => error.get_ref()?.downcast_ref(),
        _ => None,
    }
}

fn is_about_certificate(alert: AlertDescription) -> bool {
    use AlertDescription as Alert;
    matches!(
        alert,
        Alert::NoCertificate
            | Alert::BadCertificate
            | Alert::UnsupportedCertificate
            | Alert::CertificateRevoked
            | Alert::CertificateExpired
            | Alert::CertificateUnknown
            | Alert::CertificateRequired
            | Alert::UnknownCA
            | Alert::AccessDenied
    )
}

const NOT_TRUSTED: &str = "ETCDCTL_CACERT names the file with the authority to trust";
const NOT_KNOWN: &str = "ETCDCTL_CERT and ETCDCTL_KEY name the files that show who asks";
const NO_TLS: &str = "does it listen without TLS?";

/// A server that wants a certificate may hang up on those who show none, without a word.
pub(super) const MAY_BE_UNKNOWN: &str =
    "if it always does, etcd may want the certificate that ETCDCTL_CERT and ETCDCTL_KEY name";
