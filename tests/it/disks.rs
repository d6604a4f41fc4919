//! Proves that an edit for which the disk or the process has no room left, or whose disk breaks, leaves
//! the document as it was, leaves nothing else behind, and says which step failed.

use crate::harness::{Run, Sandbox, names};
use crate::namespace::{Mounted, in_own_namespace, on_images};
use crate::system::{HoldingProcess, can_trace, end_of, inode, until, waiters_of, works};
use crate::tracing::{Call, calls_of_the_edit, stopped_at};
use std::path::Path;

const OLD: &str = "{\"a\": \"old\"}";

/// A small file system, in `disk`, that holds the document `f`.
struct Disk {
    // Unmounted before its directory is removed, so it stands first.
    mounted: Option<Mounted>,
    arguments: Vec<String>,
    sandbox: Sandbox,
    inode: u64,
}

impl Disk {
    fn new(arguments: &[&str]) -> Self {
        Disk::on(Sandbox::new(), arguments)
    }

    fn tmpfs(options: &str) -> Self {
        Disk::new(&["-t", "tmpfs", "-o", options, "none"])
    }

    /// A small ext4 in a file of this sandbox.
    fn ext4() -> Self {
        Disk::ext4_on(Sandbox::new(), "image", "")
    }

    /// One in a file in another directory, which takes room there only when it is written to, for its
    /// journal too.
    fn ext4_in(directory: &Path) -> Self {
        let image = directory.join("image");
        Disk::ext4_on(
            Sandbox::new(),
            image.to_str().unwrap(),
            "-E lazy_itable_init=1,lazy_journal_init=1,nodiscard",
        )
    }

    fn ext4_on(sandbox: Sandbox, image: &str, options: &str) -> Self {
        let make = format!("truncate -s 64M {image} && mkfs.ext4 -q -F {options} {image}");
        sandbox.shell(&make).succeeds();
        let image = sandbox.path(image);
        let disk = Disk::on(sandbox, &["-o", "loop", image.to_str().unwrap()]);
        disk.shell("sync -f .").succeeds();
        disk
    }

    fn on(sandbox: Sandbox, arguments: &[&str]) -> Self {
        std::fs::create_dir(sandbox.path("disk")).unwrap();
        let mounted = Mounted::new(arguments, &sandbox.path("disk")).unwrap();
        sandbox.write("disk/f", OLD);
        let inode = inode(&sandbox.path("disk/f"));
        let arguments = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        Disk { mounted: Some(mounted), arguments, sandbox, inode }
    }

    /// Takes it out and puts it in again, so that only what it really holds is seen.
    fn remount(&mut self) {
        let arguments: Vec<&str> = self.arguments.iter().map(String::as_str).collect();
        drop(self.mounted.take());
        self.mounted = Some(Mounted::new(&arguments, &self.sandbox.path("disk")).unwrap());
    }

    /// A script, run on the disk.
    fn shell(&self, script: &str) -> Run {
        self.sandbox.shell(&format!("cd disk && {script}"))
    }

    /// With `remedy` edits work again. Undone, they leave the lock file and another inode.
    #[track_caller]
    fn edited(self, remedy: &str) -> Self {
        self.shell(&format!("{remedy} && jsonlock set f b=x && jsonlock del f b")).succeeds();
        Disk { inode: inode(&self.sandbox.path("disk/f")), ..self }
    }

    /// The edit fails with this code, says this, and has changed nothing.
    #[track_caller]
    fn refuses(&self, edit: &str, code: i32, says: &str) {
        self.shell(&format!("exec {edit}")).exits_with(code).says(says).says("f was not changed\n");
        self.is_as_it_was();
    }

    #[track_caller]
    fn is_as_it_was(&self) {
        assert_eq!(self.sandbox.read("disk/f"), OLD);
        assert_eq!(inode(&self.sandbox.path("disk/f")), self.inode);
        self.has_no_litter();
    }

    /// Nothing is there beside the document and its lock file but what the test put there.
    #[track_caller]
    fn has_no_litter(&self) {
        let known = ["f", "f.lock", "full", "image", "lost+found"];
        let names = names(&self.sandbox.path("disk"));
        assert!(names.iter().all(|name| known.contains(&name.as_str())), "{names:?}");
    }
}

const FILL: &str = "cat /dev/zero > full 2> /dev/null || true";

#[test]
fn a_full_disk_changes_nothing() {
    in_own_namespace("disks::a_full_disk_changes_nothing", || {
        let disk = Disk::tmpfs("size=64k");
        disk.shell(FILL).succeeds();
        disk.refuses(
            "jsonlock set f a=new",
            74,
            "; the new content needs room beside the old; f was",
        );
        let disk = disk.edited("rm full");
        disk.shell(FILL).succeeds();
        disk.refuses("jsonlock set f a=new", 74, "cannot write");
    });
}

#[test]
fn a_disk_without_inodes_changes_nothing() {
    in_own_namespace("disks::a_disk_without_inodes_changes_nothing", || {
        // The root directory and the document use them up, and then the lock file.
        for (inodes, says) in [(2, "f.lock"), (3, "create a temporary file")] {
            let disk = Disk::tmpfs(&format!("nr_inodes={inodes}"));
            disk.refuses("jsonlock set f a=new", 73, says);
            disk.shell("mount -o remount,nr_inodes=9 . && jsonlock set f a=new").succeeds();
        }
    });
}

#[test]
fn a_read_only_disk_changes_nothing() {
    in_own_namespace("disks::a_read_only_disk_changes_nothing", || {
        let disk = Disk::tmpfs("size=1m");
        disk.shell("mount -o remount,ro .").succeeds();
        disk.refuses("jsonlock set f a=new", 77, "ead-only");
        let disk = disk.edited("mount -o remount,rw .");
        disk.shell("mount -o remount,ro .").succeeds();
        disk.refuses("jsonlock set f a=new", 77, "ead-only");
        disk.shell("jsonlock get f a").succeeds().prints("old\n");
    });
}

/// What ext4 has made of a write error, or an administrator in need: nobody is asked whether a file is
/// still open for writing.
#[test]
fn a_disk_that_becomes_read_only_during_the_wait_changes_nothing() {
    let test = "disks::a_disk_that_becomes_read_only_during_the_wait_changes_nothing";
    on_images(test, || {
        let disk = Disk::ext4();
        let lock = disk.sandbox.path("disk/f.lock");
        let holder = HoldingProcess::start(&lock, "holder");
        let edit = disk.sandbox.spawn(["set", "disk/f", "a=new"]);
        until("an edit that waits", || waiters_of(&lock) == 1);
        // As long as files are open for writing, the polite way is refused.
        assert_ne!(disk.shell("mount -o remount,ro .").code(), Some(0));
        disk.shell("mount -o remount,abort .").succeeds();
        holder.stop();
        let ended = end_of(edit);
        assert_eq!(ended.code, Some(77), "{}", ended.stderr);
        assert!(ended.stderr.contains("ead-only"), "{}", ended.stderr);
        assert!(ended.stderr.ends_with("disk/f was not changed\n"), "{}", ended.stderr);
        disk.is_as_it_was();
    });
}

/// A disk that is pulled out: from then on every call fails.
#[test]
fn a_disk_that_is_gone_is_an_error() {
    let test = "disks::a_disk_that_is_gone_is_an_error";
    if !works(test, &["xfs_io", "-V"]) {
        return;
    }
    on_images(test, || {
        let mut disk = Disk::ext4();
        disk.shell("xfs_io -x -c shutdown .").succeeds();
        let run = disk.shell("exec jsonlock set f a=new");
        run.exits_with(74).says("Input/output error").says("f was not changed\n");
        disk.remount();
        assert_eq!(disk.sandbox.read("disk/f"), OLD);
        disk.has_no_litter();
    });
}

/// A disk that takes more than it can keep: what is written stays in memory, and only the sync finds out
/// that there is no room for it.
#[test]
fn a_sync_that_fails_for_real_is_no_success() {
    let test = "disks::a_sync_that_fails_for_real_is_no_success";
    on_images(test, || {
        let room = Disk::tmpfs("size=24m");
        let mut disk = Disk::ext4_in(&room.sandbox.path("disk"));
        room.shell(FILL).succeeds();
        let edit = "jsonlock set f a=$(head -c 100000 /dev/zero | tr '\\0' x)";
        // A sync that is repeated may succeed, and lie. An edit that is repeated must not.
        for _ in 0..3 {
            disk.refuses(edit, 74, "cannot sync f: ");
        }
        room.shell("rm full").succeeds();
        disk.shell("jsonlock set f a=new").succeeds();
        disk.remount();
        assert_eq!(disk.sandbox.json("disk/f")["a"], "new");
        disk.has_no_litter();
    });
}

/// The file is synced and renamed, and then there is no room for the journal that says so.
#[test]
fn a_sync_of_the_directory_that_fails_for_real_is_unconfirmed() {
    let test = "disks::a_sync_of_the_directory_that_fails_for_real_is_unconfirmed";
    if !can_trace(test) {
        return;
    }
    on_images(test, || {
        let room = Disk::tmpfs("size=24m");
        let mut disk = Disk::ext4_in(&room.sandbox.path("disk"));
        let calls = calls_of_the_edit(&disk.sandbox, &["set", "disk/f", "a=other"]);
        let publishes =
            |call: &&Call| call.name.starts_with("rename") && call.line.contains(".jsonlock-");
        let publish = calls.iter().find(publishes).unwrap();
        let fill = || drop(room.shell(FILL).succeeds());
        let ended = stopped_at(&disk.sandbox, &["set", "disk/f", "a=new"], publish, fill);
        assert_eq!(ended.code, Some(79), "{}", ended.stderr);
        assert!(ended.stderr.contains("it may not survive a power cut"), "{}", ended.stderr);
        assert_eq!(disk.sandbox.json("disk/f")["a"], "new");
        room.shell("rm full").succeeds();
        disk.remount();
        let survived = disk.sandbox.json("disk/f")["a"].clone();
        assert!(survived == "new" || survived == "other", "{survived}");
    });
}

#[test]
fn a_used_up_quota_changes_nothing() {
    let test = "disks::a_used_up_quota_changes_nothing";
    if !works(test, &["btrfs", "--version"]) {
        return;
    }
    on_images(test, || {
        let sandbox = Sandbox::new();
        sandbox.shell("truncate -s 128M image && mkfs.btrfs -q image").succeeds();
        let image = sandbox.path("image");
        let disk = Disk::on(sandbox, &["-o", "loop", image.to_str().unwrap()]);
        disk.shell("sync -f . && btrfs quota enable . && btrfs quota rescan -w .").succeeds();
        disk.shell("btrfs qgroup limit 2M .").succeeds();
        disk.shell(FILL).succeeds();
        disk.refuses("jsonlock set f a=new", 73, "Disk quota exceeded");
        let disk = disk.edited("btrfs qgroup limit none .");
        disk.shell("sync -f . && btrfs qgroup limit 2M .").succeeds();
        disk.refuses("jsonlock set f a=new", 73, "Disk quota exceeded");
    });
}
