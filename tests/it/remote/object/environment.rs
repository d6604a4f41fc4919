//! What the environment lacks is said before anything is sent.

use super::services::without_services;
use crate::harness::Sandbox;

#[test]
fn what_is_missing_is_named() {
    let keys = [("AWS_ACCESS_KEY_ID", "id"), ("AWS_SECRET_ACCESS_KEY", "s3cret")];
    let (s3, azure) = ("s3://bucket/d.json", "az://box/d.json");
    for (url, variables, code, says) in [
        (s3, &[("AWS_PROFILE", "ci")][..], 77, "aws configure export-credentials --format env"),
        (s3, &[("AWS_EC2_METADATA_DISABLED", "true")], 77, "there are no credentials for S3"),
        (
            s3,
            &[keys[0], keys[1], ("AWS_ENDPOINT_URL", "http://127.0.0.1:9")],
            77,
            "AWS_ALLOW_HTTP=true allows that",
        ),
        (
            s3,
            &[keys[0], keys[1], ("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9")],
            77,
            "AWS_ALLOW_HTTP=true allows that",
        ),
        // The one that is for S3 counts.
        (
            s3,
            &[
                keys[0],
                keys[1],
                ("AWS_ENDPOINT_URL", "http://127.0.0.1:9"),
                ("AWS_ENDPOINT_URL_S3", "https://127.0.0.1:9"),
            ],
            69,
            "cannot reach http",
        ),
        (azure, &[("AZURE_STORAGE_ACCOUNT_NAME", "")], 77, "set AZURE_STORAGE_ACCOUNT_NAME"),
        // Which is how the az command line calls them.
        (
            azure,
            &[("AZURE_STORAGE_ACCOUNT", "me"), ("AZURE_STORAGE_KEY", "no base64, s3cret")],
            77,
            "the environment variables for Azure Blob Storage cannot be used",
        ),
        (
            "gs://bucket/d.json",
            &[("GOOGLE_BASE_URL", "http://127.0.0.1:9")],
            77,
            "GOOGLE_ALLOW_HTTP",
        ),
        (
            s3,
            &[keys[0], keys[1], ("AWS_ENDPOINT_URL", "s3cret.example.com:9000")],
            77,
            "AWS_ENDPOINT_URL is no address that begins with https:// or http://",
        ),
        (
            s3,
            &[keys[0], ("AWS_SECRET_ACCESS_KEY", "s3cret\n")],
            77,
            "AWS_SECRET_ACCESS_KEY has characters that none of its values can have",
        ),
        (s3, &[keys[0], keys[1], ("AWS_SESSION_TOKEN", "s3crét")], 77, "AWS_SESSION_TOKEN has"),
        ("gs://bucket/d.json", &[("GOOGLE_BASE_URL", "s3cret:80")], 77, "GOOGLE_BASE_URL is no"),
        (
            azure,
            &[("AZURE_STORAGE_ACCOUNT", "me"), ("AZURE_STORAGE_ENDPOINT", "s3cret")],
            77,
            "AZURE_STORAGE_ENDPOINT is no address",
        ),
        (
            azure,
            &[("AZURE_STORAGE_ACCOUNT", "me"), ("IDENTITY_ENDPOINT", "http://s3cret.example")],
            77,
            "AZURE_ALLOW_HTTP=true allows that",
        ),
        (
            s3,
            &[("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://s3cret.example")],
            77,
            "AWS_ALLOW_HTTP=true allows that",
        ),
        ("az://box/d.json?sv=1&sig=s3cret", &[], 2, "write %3F"),
        ("s3://id:s3cret@bucket/d.json", &[], 2, "no room for keys and passwords"),
        ("s3://bucket", &[], 2, "names no document"),
    ] {
        let sandbox = Sandbox::new();
        let mut command = sandbox.command(["set", url, "a=1", "--timeout", "0"]);
        without_services(&mut command);
        command.env("HOME", sandbox.root()).envs(variables.iter().copied());
        sandbox.run_command(command).exits_with(code).says(says).never_says("s3cret");
        assert!(sandbox.names().is_empty(), "{:?}", sandbox.names());
    }
}
