//! How requests are sent: each of them once, and to where they are addressed.

use object_store::{ClientConfigKey, ClientOptions};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, ClientBuilder, NoProxy, Proxy};
use std::error::Error as StdError;
use std::time::Duration;

/// Less than any request may take in all, so that it is known whether there was a connection.
const CONNECT_LIMIT: Duration = Duration::from_millis(1800);

/// What object_store would make of these options, but without following redirects: some make a write a
/// read, and where a page to log in answers that, the write seems to have been made.
pub(super) fn client(options: &ClientOptions) -> object_store::Result<Client> {
    let is_set = |key| options.get_config_value(&key).is_some_and(|value| is_true(&value));
    let mut builder = ClientBuilder::new()
        .redirect(Policy::none())
        .user_agent(concat!("jsonlock/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(CONNECT_LIMIT)
        .https_only(!is_set(ClientConfigKey::AllowHttp))
        .danger_accept_invalid_certs(is_set(ClientConfigKey::AllowInvalidCertificates))
        // The length of an answer is to be that of the document.
        .no_gzip()
        .no_brotli()
        .no_zstd()
        .no_deflate();
    if is_set(ClientConfigKey::Http1Only) {
        builder = builder.http1_only();
    }
    if is_set(ClientConfigKey::Http2Only) {
        builder = builder.http2_prior_knowledge();
    }
    with_proxy(builder, options)?.build().map_err(unusable)
}

/// Whether a setting is on, in all the ways of object_store to say so.
pub(super) fn is_true(value: &str) -> bool {
    ["1", "true", "on", "yes", "y"].contains(&value.to_ascii_lowercase().as_str())
}

fn with_proxy(
    mut builder: ClientBuilder,
    options: &ClientOptions,
) -> object_store::Result<ClientBuilder> {
    let Some(url) = options.get_config_value(&ClientConfigKey::ProxyUrl) else {
        return Ok(builder);
    };
    if let Some(pem) = options.get_config_value(&ClientConfigKey::ProxyCaCertificate) {
        let certificate = Certificate::from_pem(pem.as_bytes()).map_err(unusable)?;
        builder = builder.tls_certs_merge([certificate]);
    }
    let excludes = options.get_config_value(&ClientConfigKey::ProxyExcludes);
    let excludes = excludes.and_then(|excludes| NoProxy::from_string(&excludes));
    Ok(builder.proxy(Proxy::all(url).map_err(unusable)?.no_proxy(excludes)))
}

fn unusable(error: impl StdError + Send + Sync + 'static) -> object_store::Error {
    object_store::Error::Generic { store: "HTTP client", source: Box::new(error) }
}
