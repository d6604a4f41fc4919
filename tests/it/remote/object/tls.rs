//! Services that are reached by TLS.

use super::services::{moto_by_tls, without_services};
use crate::harness::{Run, Sandbox};
use crate::system::works;

/// An authority, and a certificate by it for this machine.
const CERTIFICATES: &str = r#"
exec 2> log
set -e
openssl ecparam -name prime256v1 -genkey -noout -out ca.key
openssl req -x509 -new -key ca.key -days 2 -subj /CN=ca -out ca.pem
openssl ecparam -name prime256v1 -genkey -noout -out server.key
echo 'subjectAltName=IP:127.0.0.1,DNS:localhost' > server.ext
openssl req -new -key server.key -subj /CN=server -out server.csr
openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile server.ext -out server.pem
"#;

#[test]
fn only_a_service_that_the_system_trusts_is_asked() {
    if !works("TLS with S3", &["openssl", "version"]) {
        return;
    }
    let files = Sandbox::new();
    files.shell(CERTIFICATES).succeeds();
    let Some(service) = moto_by_tls(&files.path("server.pem"), &files.path("server.key")) else {
        return;
    };
    let address = service.server.address();
    let run = |args: &[&str], trusted: &str| -> Run {
        let mut command = files.command(args);
        without_services(&mut command);
        command.envs(service.environment(address)).env_remove("AWS_ALLOW_HTTP");
        command.env("AWS_ENDPOINT_URL", format!("https://{address}"));
        command.env("SSL_CERT_FILE", trusted);
        files.run_command(command)
    };
    let url = service.url("d.json");
    run(&["set", &url, "a=1"], "ca.pem").succeeds();
    run(&["get", &url, "a"], "ca.pem").succeeds().prints("1\n");
    let untrusted = run(&["set", &url, "a=2", "--timeout", "0"], "server.pem").exits_with(69);
    untrusted.says("certificate").says("SSL_CERT_FILE").says("was not changed");
    run(&["get", &url, "a"], "ca.pem").succeeds().prints("1\n");
}
