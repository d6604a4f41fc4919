//! A directory to work in and a way to run the built program there.
//!
//! A check that fails prints a report: the command, its output, and what the directory holds.

use std::ffi::OsStr;
use std::fmt;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use tempfile::TempDir;

/// The program under test.
pub const JSONLOCK: &str = env!("CARGO_BIN_EXE_jsonlock");

/// A temporary directory of its own for each test.
pub struct Sandbox {
    root: PathBuf,
    /// Removes it in the end; nothing where somebody else does.
    _dir: Option<TempDir>,
}

impl Sandbox {
    pub fn new() -> Self {
        Sandbox::of(tempfile::tempdir().unwrap())
    }

    /// A sandbox on the file system that has this directory.
    pub fn below(directory: &Path) -> Self {
        Sandbox::of(TempDir::new_in(directory).unwrap())
    }

    /// A directory that is another sandbox as well.
    pub fn same(root: PathBuf) -> Self {
        Sandbox { root, _dir: None }
    }

    fn of(dir: TempDir) -> Self {
        Sandbox { root: dir.path().to_owned(), _dir: Some(dir) }
    }

    /// A sandbox that holds one file.
    pub fn with(name: &str, text: impl AsRef<[u8]>) -> Self {
        let sandbox = Sandbox::new();
        sandbox.write(name, text);
        sandbox
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    #[expect(clippy::disallowed_methods, reason = "tests set up files as other programs would")]
    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        fs::write(self.path(name), text).unwrap();
    }

    pub fn read(&self, name: &str) -> String {
        String::from_utf8(self.read_bytes(name)).unwrap()
    }

    pub fn read_bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The value of a file that holds JSON.
    pub fn json(&self, name: &str) -> serde_json::Value {
        let text = self.read(name);
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}\n{text}"))
    }

    /// The names in the directory, sorted.
    pub fn names(&self) -> Vec<String> {
        names(self.root())
    }

    /// The program with these arguments, in the sandbox and without jsonlock's own variables.
    pub fn command<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Command {
        let mut command = Command::new(JSONLOCK);
        command.args(args).current_dir(self.root()).stdin(Stdio::null());
        command.env_remove("JSONLOCK_TIMEOUT").env_remove("JSONLOCK_NETWORK_FS");
        command
    }

    /// Runs the program to its end.
    pub fn run<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Run {
        self.run_command(self.command(args))
    }

    /// Runs the program with something on standard input.
    pub fn run_with_input<S: AsRef<OsStr>>(
        &self,
        args: impl IntoIterator<Item = S>,
        input: impl AsRef<[u8]>,
    ) -> Run {
        let mut command = self.command(args);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // A program that does not read its input closes the pipe, which is no concern of the test.
        let _ = child.stdin.take().unwrap().write_all(input.as_ref());
        self.report(&command, child.wait_with_output().unwrap())
    }

    /// Runs any command to its end.
    pub fn run_command(&self, mut command: Command) -> Run {
        let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        self.report(&command, output)
    }

    /// Starts the program and leaves it running.
    pub fn spawn<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Child {
        let args: Vec<S> = args.into_iter().collect();
        let program = std::iter::once(OsStr::new(JSONLOCK));
        let mut command = listening(program.chain(args.iter().map(AsRef::as_ref)));
        command.current_dir(self.root()).stdin(Stdio::null());
        command.env_remove("JSONLOCK_TIMEOUT").env_remove("JSONLOCK_NETWORK_FS");
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().unwrap()
    }

    /// Runs a shell script in the sandbox, with `jsonlock` on its path.
    pub fn shell(&self, script: &str) -> Run {
        let mut command = Command::new("sh");
        command.args(["-c", script]).current_dir(self.root()).stdin(Stdio::null());
        self.run_command(with_jsonlock(command))
    }

    fn report(&self, command: &Command, output: Output) -> Run {
        Run { command: format!("{command:?}"), output, root: self.root().to_owned() }
    }
}

/// A command that signals end, even where those who run the tests have them ignored, as shells do for
/// what they start in the background.
pub fn listening<S: AsRef<OsStr>>(command: impl IntoIterator<Item = S>) -> Command {
    let mut env = Command::new("env");
    env.arg("--default-signal=HUP,INT,QUIT,TERM,USR1,USR2").args(command);
    env
}

/// The same command, with `jsonlock` on its path.
pub fn with_jsonlock(mut command: Command) -> Command {
    let directory = Path::new(JSONLOCK).parent().unwrap();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let paths = std::iter::once(directory.to_owned()).chain(std::env::split_paths(&path));
    command.env("PATH", std::env::join_paths(paths).unwrap());
    command
}

/// The names in a directory, sorted.
pub fn names(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// A program that has ended. The checks return it, so that they can be chained.
pub struct Run {
    command: String,
    output: Output,
    root: PathBuf,
}

impl Run {
    pub fn code(&self) -> Option<i32> {
        self.output.status.code()
    }

    pub fn stdout(&self) -> String {
        String::from_utf8_lossy(&self.output.stdout).into_owned()
    }

    pub fn stderr(&self) -> String {
        String::from_utf8_lossy(&self.output.stderr).into_owned()
    }

    #[track_caller]
    pub fn succeeds(self) -> Self {
        self.exits_with(0)
    }

    #[track_caller]
    pub fn exits_with(self, code: i32) -> Self {
        assert_eq!(self.code(), Some(code), "exit status\n{self}");
        self
    }

    #[track_caller]
    pub fn prints(self, expected: &str) -> Self {
        assert_eq!(self.stdout(), expected, "standard output\n{self}");
        self
    }

    /// Standard error has this text somewhere.
    #[track_caller]
    pub fn says(self, expected: &str) -> Self {
        assert!(self.stderr().contains(expected), "no {expected:?} on standard error\n{self}");
        self
    }

    /// Neither output has this text anywhere.
    #[track_caller]
    pub fn never_says(self, secret: &str) -> Self {
        let shows = self.stderr().contains(secret) || self.stdout().contains(secret);
        assert!(!shows, "{secret:?} must not be shown\n{self}");
        self
    }

    /// Nothing was printed at all.
    #[track_caller]
    pub fn prints_nothing(self) -> Self {
        assert!(self.output.stdout.is_empty() && self.output.stderr.is_empty(), "output\n{self}");
        self
    }
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "command: {}", self.command)?;
        // The sandbox may be gone already.
        let names = if self.root.is_dir() { names(&self.root) } else { Vec::new() };
        writeln!(f, "in:      {} {names:?}", self.root.display())?;
        writeln!(f, "status:  {}", self.output.status)?;
        writeln!(f, "stdout:\n{}", self.stdout())?;
        writeln!(f, "stderr:\n{}", self.stderr())
    }
}

/// Whether the long version of the tests is asked for: everything instead of a selection, for minutes
/// instead of seconds.
pub fn is_long() -> bool {
    std::env::var_os("JSONLOCK_LONG").is_some()
}

/// Prints why a test, or a part of it, did not run. `.ci/run` looks for these lines, so they are
/// written past the test runner, which hides what tests that pass print.
pub fn skip(what: &str, why: &str) {
    let _ = writeln!(std::io::stderr(), "SKIPPED {what}: {why}");
}

/// Prints that what a negative control or a race waits for did not happen this time, so that nothing
/// was shown either way.
pub fn not_triggered(what: &str, why: &str) {
    let _ = writeln!(std::io::stderr(), "NOT TRIGGERED {what}: {why}");
}
