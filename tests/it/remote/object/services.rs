//! Servers that speak the protocols of object stores.

use crate::harness::{Run, Sandbox, skip};
use crate::remote::server::{Server, free_address, is_installed};
use crate::remote::site::Site;
use crate::system::until;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A server with an empty bucket.
pub struct Service {
    pub server: Server,
    /// The URL of the bucket, with a slash.
    bucket: &'static str,
    /// Where it is and who may use it.
    environment: Vec<(&'static str, String)>,
    /// Which of these variables says where it is.
    endpoint: &'static str,
    /// What stands behind the address there.
    root: &'static str,
}

impl Service {
    pub fn url(&self, key: &str) -> String {
        format!("{}{key}", self.bucket)
    }

    /// The variables, with another address for the server.
    pub fn environment(&self, address: SocketAddr) -> Vec<(&'static str, String)> {
        let endpoint = format!("http://{address}{}", self.root);
        let kept = self.environment.iter().filter(|(name, _)| *name != self.endpoint);
        kept.cloned().chain([(self.endpoint, endpoint)]).collect()
    }

    /// The same, for what all services have to pass.
    pub fn site(&self) -> Site<'_> {
        Site {
            servers: vec![self.server.address()],
            is_write: |request| request.method() == "PUT",
            url: Box::new(|_, key| self.url(key)),
            prepare: Box::new(|servers, command| {
                without_services(command);
                command.envs(self.environment(servers[0]));
            }),
        }
    }

    /// Runs the program with the variables of this service and no others.
    pub fn run(&self, sandbox: &Sandbox, args: &[&str]) -> Run {
        self.run_with(sandbox, args, &[])
    }

    /// The same, with other values for some of the variables.
    pub fn run_with(&self, sandbox: &Sandbox, args: &[&str], others: &[(&str, &str)]) -> Run {
        let mut command = sandbox.command(args);
        without_services(&mut command);
        command.envs(self.environment(self.server.address())).envs(others.iter().copied());
        sandbox.run_command(command)
    }
}

/// Takes away what those who run the tests may have set, proxies included.
pub fn without_services(command: &mut Command) {
    let prefixes = ["AWS_", "AZURE_", "AZURITE_", "GOOGLE_", "http_", "HTTP_", "https_", "HTTPS_"];
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if prefixes.iter().any(|prefix| text.starts_with(prefix)) {
            command.env_remove(&name);
        }
    }
}

/// What Ceph wants to be told of a request without content: the hash of nothing.
const EMPTY: &str =
    "x-amz-content-sha256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

fn engine(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/engines").join(name)
}

fn has(programs: &[&str], why: &str) -> bool {
    let missing = programs.iter().find(|program| !is_installed(program));
    if let Some(missing) = missing {
        skip(why, &format!("{missing} is not installed; tests/engines/install.sh gets it"));
    }
    missing.is_none()
}

/// An S3 of this scheme, whose bucket is there already.
fn s3_of(server: Server, scheme: &str, id: &str, secret: &str) -> Service {
    let environment = vec![
        ("AWS_ACCESS_KEY_ID", id.to_owned()),
        ("AWS_SECRET_ACCESS_KEY", secret.to_owned()),
        ("AWS_REGION", "us-east-1".to_owned()),
        ("AWS_ALLOW_HTTP", "true".to_owned()),
        ("AWS_ENDPOINT_URL", format!("{scheme}://{}", server.address())),
    ];
    let endpoint = "AWS_ENDPOINT_URL";
    Service { server, bucket: "s3://bucket1/", environment, endpoint, root: "" }
}

/// The same, and makes the bucket.
fn s3(server: Server, scheme: &str, id: &str, secret: &str) -> Service {
    let bucket = format!("{scheme}://{}/bucket1", server.address());
    let user = format!("{id}:{secret}");
    until("a bucket", || {
        let mut curl = Command::new("curl");
        curl.args(["-skf", "-X", "PUT", "--aws-sigv4", "aws:amz:us-east-1:s3", "--user", &user]);
        curl.args(["-H", EMPTY]).arg(&bucket).stdout(Stdio::null()).status().unwrap().success()
    });
    s3_of(server, scheme, id, secret)
}

/// A small S3, in Python.
pub fn moto() -> Option<Service> {
    moto_with("http", &[])
}

/// The same, by TLS.
pub fn moto_by_tls(certificate: &Path, key: &Path) -> Option<Service> {
    let (certificate, key) = (certificate.to_str().unwrap(), key.to_str().unwrap());
    moto_with("https", &["-s", "-c", certificate, "-k", key])
}

fn moto_with(scheme: &str, options: &[&str]) -> Option<Service> {
    if !has(&["moto_server", "curl"], "S3 by moto") {
        return None;
    }
    let address = free_address();
    let port = address.port().to_string();
    let command = [&["moto_server", "-H", "127.0.0.1", "-p", &port], options].concat();
    Some(s3(Server::start(address, command), scheme, "someone", "secret"))
}

/// The S3 of Ceph.
pub fn radosgw() -> Option<Service> {
    if !has(&["radosgw", "ceph-mon", "ceph-osd", "radosgw-admin", "curl"], "S3 by Ceph") {
        return None;
    }
    let (address, monitor) = (free_address(), free_address());
    let script = engine("ceph.sh").into_os_string().into_string().unwrap();
    let ports = [address.port().to_string(), monitor.port().to_string()];
    let server = Server::start(address, [script.as_str(), &ports[0], &ports[1]]);
    Some(s3(server, "http", "testkey", "testsecret"))
}

/// An S3 that does not keep to conditions when writes come at the same time.
pub fn s3s() -> Option<Service> {
    if !has(&["s3s-fs", "curl"], "S3 by s3s-fs") {
        return None;
    }
    let address = free_address();
    let port = address.port().to_string();
    let script = format!(
        "mkdir -p root/bucket1; exec s3s-fs --host 127.0.0.1 --port {port} --access-key someone \
         --secret-key secret root"
    );
    let server = Server::start(address, ["sh", "-c", &script]);
    Some(s3_of(server, "http", "someone", "secret"))
}

/// Microsoft's own server for tests.
pub fn azurite() -> Option<Service> {
    if !has(&["azurite-blob", "node"], "Azure Blob Storage by Azurite") {
        return None;
    }
    let address = free_address();
    let port = address.port().to_string();
    let server = Server::start(
        address,
        [
            "azurite-blob",
            "--blobHost",
            "127.0.0.1",
            "--blobPort",
            &port,
            "--location",
            "data",
            "--silent",
            "--skipApiVersionCheck",
            "--disableTelemetry",
        ],
    );
    let endpoint = format!("http://{address}");
    until("a container", || {
        let mut node = Command::new("node");
        node.arg(engine("azure-container.mjs")).args([&endpoint, "cont1"]);
        node.stdout(Stdio::null()).status().unwrap().success()
    });
    let environment = vec![
        ("AZURE_STORAGE_USE_EMULATOR", "true".to_owned()),
        ("AZURITE_BLOB_STORAGE_URL", endpoint),
    ];
    let endpoint = "AZURITE_BLOB_STORAGE_URL";
    Some(Service { server, bucket: "az://cont1/", environment, endpoint, root: "" })
}
