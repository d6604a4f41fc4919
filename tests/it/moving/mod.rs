//! A file system that behaves as an NFS client does, and proves that edits keep their promises on it.
//!
//! It is a directory, served through FUSE by the tests themselves. Names cannot be exchanged there, and a
//! rename onto the name of an open file takes two steps: the open file is moved away to `.nfs…`, then the
//! new one gets the name. Whoever is killed in between leaves no document, and the old content goes with
//! its last close. A test can cut a rename at each stage, or hold it up there and look around.

mod cut;
mod edits;
mod leftover;
mod machine;
mod nodes;
mod polled;
mod refused;
mod rename;
mod server;
mod share;
mod tools;
mod window;

use crate::harness::{Run, Sandbox, skip, with_jsonlock};
use crate::namespace::in_own_namespace;
use crate::system::until;
use fuser::{BackgroundSession, Config, MountOption, SessionACL};
use machine::Machine;
use nodes::Nodes;
pub(crate) use rename::{Cut, Stage};
use rustix::fs::{Mode, OFlags};
pub(crate) use share::Counts;
use share::Share;
use std::fs::File;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use tempfile::TempDir;

/// What the file system says that it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// One of the kinds of FUSE that are known to be local.
    Local,
    /// One that nobody knows, which may be shared, and so is used only by those who say so.
    Unknown,
}

impl Kind {
    fn subtype(self) -> String {
        match self {
            Kind::Local => "gocryptfs",
            Kind::Unknown => "nobodyknowsit",
        }
        .to_owned()
    }
}

/// Who keeps the locks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Locks {
    /// The kernel of each machine, for itself.
    OfTheKernel,
    /// The server, for all machines.
    Shared,
    /// The server, but nobody can wait for one.
    Polled,
}

/// The file system as one machine has mounted it. Dropping it unmounts it.
pub(crate) struct Moving {
    kind: Kind,
    locks: Locks,
    share: Share,
    /// What is underneath, which goes with the last machine.
    below: Arc<TempDir>,
    session: Option<BackgroundSession>,
    at: TempDir,
}

/// Runs a test with each of these file systems, in a process and a mount namespace of its own: who forks
/// elsewhere in the process has its open files for a moment, and a target that is open is what this is
/// about.
#[track_caller]
pub(crate) fn on_moving(test: &str, which: &[(Kind, Locks)], body: impl Fn(&Moving)) {
    in_own_namespace(test, || {
        for (kind, locks) in which {
            match Moving::new(*kind, *locks) {
                Ok(moving) => body(&moving),
                Err(error) => return skip(test, &format!("FUSE does not work here: {error}")),
            }
        }
    });
}

/// What most tests take.
pub(crate) const LOCAL: [(Kind, Locks); 1] = [(Kind::Local, Locks::OfTheKernel)];
/// What makes a difference to how jsonlock locks.
pub(crate) const BOTH: [(Kind, Locks); 2] = [LOCAL[0], (Kind::Unknown, Locks::OfTheKernel)];
/// What several machines can mount.
pub(crate) const SHARED: [(Kind, Locks); 1] = [(Kind::Unknown, Locks::Shared)];

impl Moving {
    pub(crate) fn new(kind: Kind, locks: Locks) -> std::io::Result<Self> {
        Moving::mount(kind, locks, Share::default(), Arc::new(tempfile::tempdir()?))
    }

    /// The same share, as another machine sees it.
    pub(crate) fn another_machine(&self) -> Self {
        let (share, below) = (self.share.clone(), Arc::clone(&self.below));
        Moving::mount(self.kind, self.locks, share, below).unwrap()
    }

    fn mount(kind: Kind, locks: Locks, share: Share, below: Arc<TempDir>) -> std::io::Result<Self> {
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let root = rustix::fs::open(below.path(), flags, Mode::empty())?;
        let nodes = Mutex::new(Nodes::new(root));
        let machine = Machine { share: share.clone(), nodes, locks };
        let at = tempfile::tempdir()?;
        let mut config = Config::default();
        // The kernel is to judge permissions by the attributes that we give.
        config.mount_options = vec![
            // Where a program looks for what is underneath.
            MountOption::FSName(below.path().display().to_string()),
            // The option of that name is for a program that mounts; this is what the kernel takes.
            MountOption::CUSTOM(format!("subtype={}", kind.subtype())),
            MountOption::DefaultPermissions,
        ];
        config.acl = SessionACL::All;
        let session = Some(fuser::spawn_mount(machine, at.path(), &config)?);
        Ok(Moving { kind, locks, share, below, session, at })
    }

    pub(crate) fn root(&self) -> &Path {
        self.at.path()
    }

    /// A directory of a test's own.
    pub(crate) fn sandbox(&self) -> Sandbox {
        let sandbox = Sandbox::below(self.root());
        // Inode numbers are used again.
        let inode = crate::system::inode(sandbox.root());
        self.share.state().forget(inode);
        sandbox
    }

    /// The same, with the document `f`, which nobody has open.
    pub(crate) fn with(&self, text: &str) -> Sandbox {
        let sandbox = self.sandbox();
        sandbox.write("f", text);
        self.settle(&sandbox);
        sandbox
    }

    /// What this machine sees of a sandbox that another one has made.
    pub(crate) fn view(&self, sandbox: &Sandbox) -> Sandbox {
        Sandbox::same(self.root().join(sandbox.root().file_name().unwrap()))
    }

    /// The program on this machine, which may edit shared files.
    pub(crate) fn command(&self, sandbox: &Sandbox, args: &[&str]) -> Command {
        let mut command = sandbox.command(args);
        if self.kind == Kind::Unknown {
            command.env("JSONLOCK_NETWORK_FS", "allow");
        }
        command
    }

    pub(crate) fn run(&self, sandbox: &Sandbox, args: &[&str]) -> Run {
        sandbox.run_command(self.command(sandbox, args))
    }

    pub(crate) fn spawn(&self, sandbox: &Sandbox, args: &[&str]) -> Child {
        let mut command = self.command(sandbox, args);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// A script, with the program on its path.
    pub(crate) fn shell(&self, sandbox: &Sandbox, script: &str) -> Run {
        let mut command = Command::new("sh");
        command.args(["-c", script]).current_dir(sandbox.root()).stdin(Stdio::null());
        if self.kind == Kind::Unknown {
            command.env("JSONLOCK_NETWORK_FS", "allow");
        }
        sandbox.run_command(with_jsonlock(command))
    }

    /// Cuts the next rename of a temporary file to this name.
    pub(crate) fn cut(&self, sandbox: &Sandbox, name: &str, stage: Stage, cut: Cut) {
        let entry = (crate::system::inode(sandbox.root()), name.into());
        self.share.state().cuts.insert(entry, (stage, cut));
    }

    /// Takes that back.
    pub(crate) fn do_not_cut(&self, sandbox: &Sandbox) {
        let inode = crate::system::inode(sandbox.root());
        self.share.state().cuts.retain(|(of, _), _| *of != inode);
    }

    /// Waits until a rename is held up, which it is as long as what this gives lives.
    #[track_caller]
    pub(crate) fn until_paused(&self) -> HeldUp<'_> {
        until("a rename that is held up", || !self.share.state().paused.is_empty());
        HeldUp(self)
    }

    /// Lets the renames go on that are held up, before their guards do.
    pub(crate) fn resume(&self) {
        rename::resume(&self.share);
    }

    pub(crate) fn counts(&self, sandbox: &Sandbox) -> Counts {
        // To ask for it with the state in hand would be to wait for oneself.
        let inode = crate::system::inode(sandbox.root());
        *self.share.state().counts(inode)
    }

    /// Waits until the server has heard of the last close of each file in the directory that nobody has
    /// open any more. The kernel tells it when it likes to.
    #[track_caller]
    pub(crate) fn settle(&self, sandbox: &Sandbox) {
        let directory = sandbox.root();
        until("the close of all files", || {
            let names = crate::harness::names(directory);
            let is_open = |name: &String| {
                let metadata = std::fs::symlink_metadata(directory.join(name));
                let inode = metadata.map_or(0, |it| std::os::unix::fs::MetadataExt::ino(&it));
                self.share.state().is_open(inode)
            };
            !names.iter().any(is_open)
        });
    }

    /// The names that are left when all files are closed.
    #[track_caller]
    pub(crate) fn names(&self, sandbox: &Sandbox) -> Vec<String> {
        self.settle(sandbox);
        sandbox.names()
    }
}

/// A rename that is held up. As long as it is, the kernel lets nobody change the directory, not even to
/// remove it.
pub(crate) struct HeldUp<'a>(&'a Moving);

impl Drop for HeldUp<'_> {
    fn drop(&mut self) {
        self.0.resume();
    }
}

impl Drop for Moving {
    fn drop(&mut self) {
        let unmounted = self.session.take().map(BackgroundSession::umount_and_join);
        if !matches!(unmounted, Some(Ok(()))) {
            // Somebody still uses it, who shall not keep the directories of this test from being removed.
            let _ = Command::new("umount").arg("-l").arg(self.root()).output();
        }
    }
}

/// What runs every command that makes the edit `a=new` to `f`, and what it reads.
pub(crate) const EDITS: [(&[&str], &str); 5] = [
    (&["set", "f", "a=new"], ""),
    (&["merge", "f", "{\"a\": \"new\"}"], ""),
    (&["apply", "f", ".a = \"new\""], ""),
    (&["batch", "f"], "{\"a\": \"new\"}\n"),
    (&["filter", "f", "--", "sed", "s/old/new/"], ""),
];

pub(crate) const OLD: &str = "{\"a\": \"old\"}";
pub(crate) const NEW: &str = "{\"a\": \"new\"}";

/// Runs one of [`EDITS`].
pub(crate) fn edit(moving: &Moving, sandbox: &Sandbox, (args, input): (&[&str], &str)) -> Run {
    let mut command = moving.command(sandbox, args);
    let file = tempfile::tempfile().unwrap();
    std::os::unix::fs::FileExt::write_all_at(&file, input.as_bytes(), 0).unwrap();
    command.stdin(file);
    sandbox.run_command(command)
}

/// A writer as it stands in many scripts, but for one thing: it does not close the document before it
/// renames. It leaves no record either.
pub(crate) const TODAYS_ORDER: &str = "exec 3< f; echo '{\"a\": \"new\"}' > f.tmp; exec mv f.tmp f";

/// Another process has the document open.
pub(crate) fn reader(sandbox: &Sandbox) -> File {
    File::open(sandbox.path("f")).unwrap()
}
