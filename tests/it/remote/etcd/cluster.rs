//! Starts clusters, disturbs them, and talks to them as `etcdctl` does.

use super::switch::Switch;
use crate::harness::{Run, Sandbox};
use crate::remote::site::Site;
use crate::system::{until, works};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use std::net::TcpListener;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, OnceLock};

/// What `etcdctl` and jsonlock take from the environment.
const VARIABLES: [&str; 6] = [
    "ETCDCTL_ENDPOINTS",
    "ETCDCTL_CACERT",
    "ETCDCTL_CERT",
    "ETCDCTL_KEY",
    "ETCDCTL_USER",
    "ETCDCTL_PASSWORD",
];

/// Ends all nodes and removes what they wrote when its standard input is closed, as it is when the test
/// is over, however that ends.
const JANITOR: &str = r#"cat > /dev/null
for file in *.pid; do [ -e "$file" ] && kill -KILL "$(cat "$file")"; done
cd / && rm -rf "$1""#;

/// A cluster of etcd of its own.
pub(super) struct Cluster {
    directory: PathBuf,
    nodes: Vec<Node>,
    scheme: &'static str,
    options: Vec<String>,
    variables: Vec<(&'static str, String)>,
    switch: Option<Switch>,
    janitor: Child,
}

struct Node {
    client: u16,
    peer: u16,
    /// Where the other nodes find it.
    advertised: u16,
    process: Mutex<Option<Child>>,
}

/// The cluster that tests share which disturb nobody.
pub(super) fn shared(test: &str) -> Option<&'static Cluster> {
    static SHARED: OnceLock<Option<Cluster>> = OnceLock::new();
    let cluster = SHARED.get_or_init(|| Plan::nodes(3).start(test));
    if cluster.is_none() {
        is_here(test);
    }
    cluster.as_ref()
}

/// Whether there is an etcd to start; says so where there is none.
fn is_here(test: &str) -> bool {
    works(test, &["etcd", "--version"]) && works(test, &["etcdctl", "version"])
}

/// What a cluster is to be like.
pub(super) struct Plan {
    nodes: usize,
    scheme: &'static str,
    options: Vec<String>,
    variables: Vec<(&'static str, String)>,
    switch: Option<Switch>,
}

impl Plan {
    pub(super) fn nodes(nodes: usize) -> Self {
        Plan { nodes, scheme: "http", options: Vec::new(), variables: Vec::new(), switch: None }
    }

    pub(super) fn options<S: Into<String>>(mut self, options: impl IntoIterator<Item = S>) -> Self {
        self.options.extend(options.into_iter().map(Into::into));
        self
    }

    /// The nodes can be cut off from each other.
    pub(super) fn switched(mut self) -> Self {
        self.switch = Some(Switch::default());
        self
    }

    /// Clients need TLS, and these variables for it.
    pub(super) fn tls(mut self, variables: &[(&'static str, &Path)]) -> Self {
        self.scheme = "https";
        let variables = variables.iter();
        self.variables =
            variables.map(|(name, file)| (*name, file.display().to_string())).collect();
        self
    }

    /// Starts it and waits until it works; nothing where there is no etcd.
    pub(super) fn start(self, test: &str) -> Option<Cluster> {
        if !is_here(test) {
            return None;
        }
        let directory = tempfile::tempdir().unwrap().keep();
        let mut janitor = Command::new("sh");
        janitor.args(["-c", JANITOR, "janitor"]).arg(&directory).current_dir(&directory);
        // An interrupt from the terminal is not for it.
        janitor.process_group(0).stdin(Stdio::piped()).stderr(Stdio::null());
        let cluster = Cluster {
            nodes: nodes(self.nodes, self.switch.as_ref()),
            switch: self.switch,
            scheme: self.scheme,
            options: self.options,
            variables: self.variables,
            janitor: janitor.spawn().unwrap(),
            directory,
        };
        (0..self.nodes).for_each(|node| cluster.start(node));
        until("a cluster that works", || cluster.etcdctl(["endpoint", "health"]).code() == Some(0));
        Some(cluster)
    }
}

/// Nodes on ports that were free a moment ago.
fn nodes(count: usize, switch: Option<&Switch>) -> Vec<Node> {
    let listen = || TcpListener::bind("127.0.0.1:0").unwrap();
    let listeners: Vec<_> = (0..count).map(|_| [listen(), listen()]).collect();
    let ports = listeners.iter().map(|pair| pair.each_ref().map(port));
    let node = |(node, [client, peer]): (usize, [u16; 2])| {
        let advertised = switch.map_or(peer, |switch| switch.plug_in(node, peer));
        Node { client, peer, advertised, process: Mutex::new(None) }
    };
    ports.enumerate().map(node).collect()
}

fn port(listener: &TcpListener) -> u16 {
    listener.local_addr().unwrap().port()
}

impl Cluster {
    /// Starts a node, with what it had if it was there before.
    pub(super) fn start(&self, node: usize) {
        let own = &self.nodes[node];
        let client = format!("{}://127.0.0.1:{}", self.scheme, own.client);
        let (peer, advertised) = (peer_url(own.peer), peer_url(own.advertised));
        let all = self.nodes.iter().enumerate();
        let all = all.map(|(at, node)| format!("n{at}={}", peer_url(node.advertised)));
        let all: Vec<String> = all.collect();
        let mut command = Command::new("etcd");
        command.args(["--name", &format!("n{node}"), "--data-dir", &format!("n{node}")]);
        command.args(["--listen-peer-urls", &peer, "--initial-advertise-peer-urls", &advertised]);
        command.args(["--listen-client-urls", &client, "--advertise-client-urls", &client]);
        command.args(["--initial-cluster", &all.join(",")]).args(&self.options);
        command.current_dir(&self.directory).stdin(Stdio::null());
        let log =
            std::fs::OpenOptions::new().create(true).append(true).open(self.file(node, "log"));
        let child = command.stdout(Stdio::null()).stderr(log.unwrap()).spawn().unwrap();
        write(&self.file(node, "pid"), &child.id().to_string());
        *own.process.lock().unwrap() = Some(child);
    }

    /// Ends a node without giving it the time to do anything about it.
    pub(super) fn kill(&self, node: usize) {
        let mut child = self.nodes[node].process.lock().unwrap().take().unwrap();
        // Another process may get its number.
        std::fs::remove_file(self.file(node, "pid")).unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// Stops a node, or lets it go on.
    pub(super) fn signal(&self, node: usize, signal: Signal) {
        let process = self.nodes[node].process.lock().unwrap();
        kill_process(Pid::from_child(process.as_ref().unwrap()), signal).unwrap();
    }

    /// Which node leads.
    pub(super) fn leader(&self) -> usize {
        let leads =
            |answer: &Value| answer["Status"]["leader"] == answer["Status"]["header"]["member_id"];
        let mut found = None;
        until("a leader", || {
            let run = self.etcdctl(["endpoint", "status", "-w", "json"]);
            let answers: Vec<Value> = serde_json::from_str(&run.stdout()).unwrap_or_default();
            found = answers.iter().find(|answer| leads(answer)).cloned();
            found.is_some()
        });
        let endpoint = found.unwrap()["Endpoint"].as_str().unwrap().to_owned();
        let is_it = |node: &Node| endpoint.ends_with(&format!(":{}", node.client));
        self.nodes.iter().position(is_it).unwrap()
    }

    /// Lets no other node hear of this one, nor this one of any other.
    pub(super) fn cut_off(&self, node: usize) {
        let run = self.etcdctl(["member", "list", "-w", "json"]).succeeds();
        let list: Value = serde_json::from_str(&run.stdout()).unwrap();
        let members = list["members"].as_array().unwrap();
        let member = members.iter().find(|member| member["name"] == format!("n{node}")).unwrap();
        let name = format!("{:x}", member["ID"].as_u64().unwrap());
        self.switch.as_ref().unwrap().cut(node, &name);
    }

    /// Lets all of them hear each other again.
    pub(super) fn mend(&self) {
        self.switch.as_ref().unwrap().mend();
    }

    fn file(&self, node: usize, suffix: &str) -> PathBuf {
        self.directory.join(format!("n{node}.{suffix}"))
    }

    /// The hosts, as they are in a URL.
    pub(super) fn hosts(&self) -> String {
        let hosts = self.nodes.iter().map(|node| format!("127.0.0.1:{}", node.client));
        hosts.collect::<Vec<_>>().join(",")
    }

    pub(super) fn url(&self, key: &str) -> String {
        format!("etcd://{}/{key}", self.hosts())
    }

    /// The same, for what all services have to pass.
    pub(super) fn site(&self) -> Site<'_> {
        let addresses = self.nodes.iter().map(|node| ([127, 0, 0, 1], node.client).into());
        Site {
            servers: addresses.collect(),
            is_write: |request| request.has("\"compare\":[{"),
            url: Box::new(|servers, key| {
                let hosts = servers.iter().map(ToString::to_string).collect::<Vec<_>>();
                format!("etcd://{}/{key}", hosts.join(","))
            }),
            prepare: Box::new(|_, command| {
                VARIABLES.iter().for_each(|name| _ = command.env_remove(name));
            }),
        }
    }

    /// Runs `etcdctl`.
    pub(super) fn etcdctl<S: AsRef<str>>(&self, args: impl IntoIterator<Item = S>) -> Run {
        let mut command = Command::new("etcdctl");
        command.args(args.into_iter().map(|arg| arg.as_ref().to_owned()));
        let command = self.with_variables(command);
        Sandbox::new().run_command(command)
    }

    /// What a key holds.
    pub(super) fn value(&self, key: &str) -> String {
        let run = self.etcdctl(["get", "--print-value-only", key]).succeeds();
        run.stdout().trim_end_matches('\n').to_owned()
    }

    /// The same command, with what it needs to know of the cluster, and nothing else.
    pub(super) fn with_variables(&self, command: Command) -> Command {
        let mut command = without_variables(command);
        let endpoints = self.nodes.iter();
        let endpoints =
            endpoints.map(|node| format!("{}://127.0.0.1:{}", self.scheme, node.client));
        command.env("ETCDCTL_ENDPOINTS", endpoints.collect::<Vec<_>>().join(","));
        command.env("ETCDCTL_API", "3").envs(self.variables.iter().cloned());
        command
    }

    /// Runs jsonlock.
    pub(super) fn run<S: AsRef<str>>(&self, args: impl IntoIterator<Item = S>) -> Run {
        self.run_in(&Sandbox::new(), args)
    }

    pub(super) fn run_in<S: AsRef<str>>(
        &self,
        sandbox: &Sandbox,
        args: impl IntoIterator<Item = S>,
    ) -> Run {
        let args = args.into_iter().map(|arg| arg.as_ref().to_owned());
        sandbox.run_command(self.with_variables(sandbox.command(args)))
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.janitor.stdin.take());
        self.janitor.wait().unwrap();
        for node in &self.nodes {
            node.process.lock().unwrap().take().map(|mut child| child.wait());
        }
    }
}

/// The same command, without what etcdctl and jsonlock take from the environment.
pub(super) fn without_variables(mut command: Command) -> Command {
    VARIABLES.iter().for_each(|name| _ = command.env_remove(name));
    command
}

fn peer_url(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

#[expect(clippy::disallowed_methods, reason = "it is no document")]
fn write(file: &Path, text: &str) {
    std::fs::write(file, text).unwrap();
}
