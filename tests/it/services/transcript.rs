//! The part of the README that is about S3, on moto, a small S3 in Python.

use crate::readme;
use crate::system::{until, works};
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};

/// A server, which ends when this is dropped, or after a while.
struct Moto {
    limit: Child,
    address: SocketAddr,
}

impl Moto {
    fn start() -> Self {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let mut limit = Command::new("timeout");
        limit.args(["120", "moto_server", "-H", "127.0.0.1", "-p", &address.port().to_string()]);
        limit.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let moto = Moto { limit: limit.spawn().unwrap(), address };
        until("a bucket", || moto.makes_bucket("ci-state"));
        moto
    }

    fn makes_bucket(&self, name: &str) -> bool {
        let mut curl = Command::new("curl");
        curl.args(["-sf", "-X", "PUT", "--aws-sigv4", "aws:amz:us-east-1:s3", "--user", "id:key"]);
        curl.arg(format!("http://{}/{name}", self.address)).stdout(Stdio::null());
        curl.status().unwrap().success()
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        // It passes this signal on.
        let _ = Command::new("kill").arg(self.limit.id().to_string()).status();
        let _ = self.limit.wait();
    }
}

#[test]
fn what_the_readme_shows_of_s3_is_true() {
    let test = "services::transcript::what_the_readme_shows_of_s3_is_true";
    if !works(test, &["moto_server", "--help"]) || !works(test, &["curl", "--version"]) {
        return;
    }
    let moto = Moto::start();
    let environment = format!(
        "export AWS_ACCESS_KEY_ID=id AWS_SECRET_ACCESS_KEY=key AWS_REGION=us-east-1 AWS_ALLOW_HTTP=true \
         AWS_ENDPOINT_URL=http://{}",
        moto.address
    );
    readme::transcript_is_true("s3://", &environment);
}
