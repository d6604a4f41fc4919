//! Handles on services, as the environment says. Each variable is one that the services' own tools know.

use super::addresses;
use super::credentials::look_at;
use super::exchange::Noting;
use super::url::{Location, Service};
use crate::{Error, ErrorKind, Result};
use object_store::aws::AmazonS3Builder;
use object_store::azure::{AzureConfigKey, MicrosoftAzureBuilder};
use object_store::gcp::{GoogleCloudStorageBuilder, GoogleConfigKey};
use object_store::{ClientConfigKey, ObjectStore, RetryConfig};

/// What gives credentials for S3, besides a machine that is one of Amazon's.
const S3_CREDENTIALS: [&str; 5] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_SKIP_SIGNATURE",
];

/// The address of S3, and those of all services of Amazon, which do not count where that is set.
const OF_S3: &str = "AWS_ENDPOINT_URL_S3";
const OF_ALL: [&str; 2] = ["AWS_ENDPOINT_URL", "AWS_ENDPOINT"];

/// What object_store does not know: two names of the `az` command line, and one of managed identities.
const AZURE_NAMES: [(&str, AzureConfigKey); 3] = [
    ("AZURE_STORAGE_ACCOUNT", AzureConfigKey::AccountName),
    ("AZURE_STORAGE_KEY", AzureConfigKey::AccessKey),
    ("IDENTITY_ENDPOINT", AzureConfigKey::MsiEndpoint),
];

/// A handle on the service that keeps a document. Nothing is sent yet.
pub(super) fn connect(location: &Location) -> Result<Box<dyn ObjectStore>> {
    match location.service {
        Service::S3 => s3(location),
        Service::Azure => azure(location),
        Service::Google => google(location),
    }
}

fn s3(location: &Location) -> Result<Box<dyn ObjectStore>> {
    require_s3_credentials()?;
    let mut builder = AmazonS3Builder::new();
    for (key, value) in settings("AWS_")? {
        builder = builder.with_config(key, value);
    }
    let builder = builder.with_bucket_name(&location.bucket);
    let store = builder.with_retry(once()).with_http_connector(Noting).build();
    Ok(Box::new(store.map_err(|error| unusable(location, &error))?))
}

/// Without this, the address where machines of Amazon get theirs would be tried, which takes long on others.
fn require_s3_credentials() -> Result<()> {
    if S3_CREDENTIALS.iter().any(|name| variable(name).is_some()) {
        return Ok(());
    }
    let message = if variable("AWS_PROFILE").is_some() {
        "AWS_PROFILE alone gives no credentials, since jsonlock does not read the files of the AWS command line"
    } else if variable("AWS_EC2_METADATA_DISABLED").is_some_and(|value| value == "true") {
        "there are no credentials for S3"
    } else {
        return Ok(());
    };
    let advice =
        "eval \"$(aws configure export-credentials --format env)\" sets those of a profile";
    Err(Error::new(ErrorKind::Denied, message).advise(advice))
}

fn azure(location: &Location) -> Result<Box<dyn ObjectStore>> {
    let mut builder = MicrosoftAzureBuilder::new();
    for (name, key) in AZURE_NAMES {
        if let Some(value) = checked("AZURE_", name)? {
            builder = builder.with_config(key, value);
        }
    }
    for (key, value) in settings("AZURE_")? {
        builder = builder.with_config(key, value);
    }
    // Only object_store itself reads this one.
    checked("AZURE_", "AZURITE_BLOB_STORAGE_URL")?;
    if let Some(account) = &location.account {
        builder = builder.with_account(account);
    }
    let builder = builder.with_container_name(&location.bucket);
    let store = builder.with_retry(once()).with_http_connector(Noting).build();
    Ok(Box::new(store.map_err(|error| unusable(location, &error))?))
}

fn google(location: &Location) -> Result<Box<dyn ObjectStore>> {
    let allow = GoogleConfigKey::Client(ClientConfigKey::AllowHttp);
    let mut builder = GoogleCloudStorageBuilder::new().with_config(allow, "false");
    for (key, value) in settings("GOOGLE_")? {
        builder = builder.with_config(key, value);
    }
    let builder = builder.with_bucket_name(&location.bucket);
    let store = builder.with_retry(once()).with_http_connector(Noting).build();
    Ok(Box::new(store.map_err(|error| unusable(location, &error))?))
}

/// An environment variable. CI systems set those that have no value to the empty string.
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The same, if it is one that can be used.
fn checked(prefix: &str, name: &str) -> Result<Option<String>> {
    let value = variable(name);
    if let Some(value) = &value {
        addresses::check(name, value, &format!("{prefix}ALLOW_HTTP"))?;
    }
    Ok(value)
}

/// The variables of a service that object_store knows.
fn settings<K: std::str::FromStr>(prefix: &str) -> Result<Vec<(K, String)>> {
    let mut settings = Vec::new();
    for (name, _) in std::env::vars_os() {
        let Some(name) = name.to_str().filter(|name| name.starts_with(prefix)) else { continue };
        let Ok(key) = name.to_ascii_lowercase().parse() else { continue };
        if OF_ALL.contains(&name) && variable(OF_S3).is_some() {
            continue;
        }
        if let Some(value) = checked(prefix, name)? {
            settings.push((key, value));
        }
    }
    Ok(settings)
}

/// Requests are made once: to make one again without knowing what became of it would make some edits twice.
fn once() -> RetryConfig {
    RetryConfig { max_retries: 0, ..RetryConfig::default() }
}

/// What the environment says makes no handle. The values are not repeated.
fn unusable(location: &Location, error: &object_store::Error) -> Error {
    let service = match location.service {
        Service::S3 => "S3",
        Service::Azure => "Azure Blob Storage",
        Service::Google => "Google Cloud Storage",
    };
    let is_about_account = error.to_string().contains("Account must be specified");
    let (message, advice) = match is_about_account {
        true => (
            "no storage account is named".to_owned(),
            "set AZURE_STORAGE_ACCOUNT_NAME, or write abfss://container@account/key".to_owned(),
        ),
        false => (
            format!("the environment variables for {service} cannot be used"),
            look_at(location.service),
        ),
    };
    Error::new(ErrorKind::Denied, message).advise(&advice)
}
