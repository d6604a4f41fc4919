//! Clusters that talk to those only who show a certificate.

use super::cluster::{Cluster, Plan, without_variables};
use crate::harness::{Run, Sandbox};
use crate::system::works;
use std::path::Path;

/// An authority, certificates by it for the server (one that may be a client too, and one that may not) and
/// the client, and another authority.
const CERTIFICATES: &str = r#"
exec 2> log
set -e
key() { openssl ecparam -name prime256v1 -genkey -noout -out $1.key; }
authority() {
  key $1
  openssl req -x509 -new -key $1.key -days 2 -subj /CN=$1 -out $1.pem
}
signed() {
  key $1
  printf '%s\n' "extendedKeyUsage=$2" 'subjectAltName=IP:127.0.0.1,DNS:localhost' > $1.ext
  openssl req -new -key $1.key -subj /CN=$1 -out $1.csr
  openssl x509 -req -in $1.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile $1.ext -out $1.pem
}
authority ca
authority other
signed server serverAuth,clientAuth
signed narrow serverAuth
signed client clientAuth
"#;

/// A sandbox with certificates.
fn certificates(test: &str) -> Option<Sandbox> {
    if !works(test, &["openssl", "version"]) {
        return None;
    }
    let sandbox = Sandbox::new();
    sandbox.shell(CERTIFICATES).succeeds();
    Some(sandbox)
}

/// A node with this certificate that wants one of its clients.
fn start(test: &str, files: &Sandbox, certificate: &str) -> Option<Cluster> {
    let file = |name: &str| files.path(name).display().to_string();
    let options = [
        "--client-cert-auth".to_owned(),
        format!("--trusted-ca-file={}", file("ca.pem")),
        format!("--cert-file={}", file(&format!("{certificate}.pem"))),
        format!("--key-file={}", file(&format!("{certificate}.key"))),
    ];
    let variables = [
        ("ETCDCTL_CACERT", files.path("ca.pem")),
        ("ETCDCTL_CERT", files.path("client.pem")),
        ("ETCDCTL_KEY", files.path("client.key")),
    ];
    let variables: Vec<(&'static str, &Path)> =
        variables.iter().map(|(name, file)| (*name, file.as_path())).collect();
    Plan::nodes(1).options(options).tls(&variables).start(test)
}

/// Tries an edit with these variables alone.
fn edit(files: &Sandbox, cluster: &Cluster, variables: &[(&str, &str)]) -> Run {
    let args = ["set", &cluster.url("k"), "a=1", "--timeout", "0"];
    let mut command = without_variables(files.command(args));
    command.envs(variables.iter().copied());
    files.run_command(command)
}

#[test]
fn certificates_are_asked_for_and_shown() {
    let Some(files) = certificates("certificates") else { return };
    let Some(cluster) = start("certificates", &files, "server") else { return };
    cluster.run(["set", &cluster.url("k"), "a=1"]).succeeds();
    cluster.run(["get", "etcd:///k", "a"]).succeeds().prints("1\n");
    let url = cluster.url("k").replace("127.0.0.1", "localhost");
    cluster.run(["set", &url, "a=2"]).succeeds();

    let client = [("ETCDCTL_CERT", "client.pem"), ("ETCDCTL_KEY", "client.key")];
    let with = |authority| [&[("ETCDCTL_CACERT", authority)][..], &client].concat();
    edit(&files, &cluster, &with("ca.pem")).succeeds();
    edit(&files, &cluster, &with("other.pem")).exits_with(69).says("ETCDCTL_CACERT");
    edit(&files, &cluster, &client).exits_with(69).says("ETCDCTL_CACERT");
    // Whom the system trusts needs no mention.
    let system = [&[("SSL_CERT_FILE", "ca.pem")][..], &client].concat();
    edit(&files, &cluster, &system).succeeds();
    // The server says so after it was sent the request, or just hangs up.
    let run = edit(&files, &cluster, &[("ETCDCTL_CACERT", "ca.pem")]).says("ETCDCTL_CERT");
    assert!([Some(69), Some(77)].contains(&run.code()), "{run}");
    edit(&files, &cluster, &[]).exits_with(69);
}

#[test]
fn files_that_are_no_certificates_are_named() {
    let Some(files) = certificates("files") else { return };
    let run = |variables: &[(&str, &str)]| {
        let mut command = without_variables(files.command(["set", "etcd://h/k", "a=1"]));
        command.envs(variables.iter().copied());
        files.run_command(command)
    };
    run(&[("ETCDCTL_CACERT", "missing")])
        .exits_with(74)
        .says("ETCDCTL_CACERT: cannot read missing");
    run(&[("ETCDCTL_CACERT", "ca.key")]).exits_with(74).says("there is no certificate in it");
    run(&[("ETCDCTL_CERT", "client.pem")]).exits_with(2).says("go together");
    let pair = |certificate, key| run(&[("ETCDCTL_CERT", certificate), ("ETCDCTL_KEY", key)]);
    pair("client.pem", "client.pem").exits_with(74).says("there is no private key in it");
    pair("client.pem", "server.key").exits_with(74).says("client.pem cannot be used");
    // The label says how to read it, and is wrong.
    files.shell("sed 's/EC PRIVATE/RSA PRIVATE/' client.key > labelled.key").succeeds();
    pair("client.pem", "labelled.key").exits_with(74).says("client.pem cannot be used");
}

/// The gateway shows the server's certificate to the server.
#[test]
fn a_certificate_that_the_gateway_cannot_use_is_diagnosed() {
    let Some(files) = certificates("narrow certificate") else { return };
    let Some(cluster) = start("narrow certificate", &files, "narrow") else { return };
    let run = cluster.run(["set", &cluster.url("k"), "a=1", "--timeout", "0"]);
    run.exits_with(69).says("clientAuth");
}
