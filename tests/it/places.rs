//! Proves what may be a document and where it may be: links, mounts, odd names, things that are no
//! files, directories that are missing or gone.

use crate::harness::{Sandbox, names};
use crate::system::{can_mount, chmod, is_root};
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::symlink;

const OLD: &str = "{\"a\": \"old\"}";

#[test]
fn a_link_is_followed_and_stays_a_link() {
    let sandbox = Sandbox::new();
    fs::create_dir(sandbox.path("real")).unwrap();
    sandbox.write("real/f", OLD);
    symlink("real/f", sandbox.path("link")).unwrap();
    symlink(sandbox.path("link"), sandbox.path("chain")).unwrap();
    symlink("real", sandbox.path("dir")).unwrap();
    for link in ["link", "chain", "dir/f"] {
        sandbox.run(["set", link, &format!("a={link}")]).succeeds();
        assert_eq!(sandbox.json("real/f")["a"], link);
        assert_eq!(sandbox.names(), ["chain", "dir", "link", "real"]);
        assert_eq!(names(&sandbox.path("real")), ["f", "f.lock"]);
    }
    for link in ["chain", "dir", "link"] {
        assert!(fs::symlink_metadata(sandbox.path(link)).unwrap().is_symlink(), "{link}");
    }
    sandbox.run(["set", "--follow=never", "link", "a=new"]).exits_with(77).says("symbolic link");
    sandbox.run(["set", "--follow=never", "real/f", "a=new"]).succeeds();
}

#[test]
fn a_link_to_nothing_makes_the_document_where_it_points() {
    let sandbox = Sandbox::new();
    fs::create_dir(sandbox.path("real")).unwrap();
    symlink("real/new", sandbox.path("link")).unwrap();
    sandbox.run(["set", "--no-create", "link", "a=new"]).exits_with(66);
    assert_eq!(names(&sandbox.path("real")), [""; 0]);
    sandbox.run(["set", "link", "a=new"]).succeeds();
    assert_eq!(sandbox.json("real/new")["a"], "new");
    assert_eq!(names(&sandbox.path("real")), ["new", "new.lock"]);
}

#[test]
fn a_link_to_itself_is_an_error() {
    let sandbox = Sandbox::new();
    symlink("loop", sandbox.path("loop")).unwrap();
    sandbox.run(["set", "loop", "a=new"]).exits_with(74).says("too many symbolic links");
    assert_eq!(sandbox.names(), ["loop"]);
}

/// Opening some of these would hang, and writing to others would be heard.
#[test]
fn only_regular_files_are_documents() {
    let sandbox = Sandbox::new();
    let _ = sandbox.shell("mkdir dir; mkfifo pipe; ln -s pipe link").succeeds();
    let before = sandbox.names();
    for (path, says) in [
        ("pipe", "a pipe"),
        ("link", "a pipe"),
        ("dir", "a directory"),
        ("dir/", "a directory"),
        (".", "a directory"),
        ("dir/..", "a directory"),
        ("/dev/null", "a device"),
        ("/", "directory"),
        // The text of these links is not where they lead.
        ("/dev/stdin", "an open file"),
        ("/proc/self/fd/0", "an open file"),
    ] {
        sandbox.run(["set", path, "a=new"]).exits_with(77).says(says).says("was not changed");
        let get = sandbox.run(["get", path]);
        assert!(matches!(get.code(), Some(77)), "{get}");
        assert_eq!(sandbox.names(), before, "{path}");
    }
    sandbox.run(["set", "", "a=new"]).exits_with(2);
    assert!(!fs::exists("/dev/null.lock").unwrap());
}

#[test]
fn names_need_not_be_utf8_nor_tame() {
    for name in [&b"caf\xe9.json"[..], b"with space", b"new\nline", b"-dash", b"'quote\"", b"..."] {
        let name = OsStr::from_bytes(name);
        let sandbox = Sandbox::new();
        let args = [OsStr::new("set"), OsStr::new("--"), name, OsStr::new("a=new")];
        sandbox.run(args).succeeds();
        sandbox.run(args).succeeds();
        let mut lock = name.to_owned();
        lock.push(".lock");
        assert!(sandbox.root().join(name).is_file() && sandbox.root().join(lock).is_file());
        assert_eq!(sandbox.names().len(), 2);
    }
}

#[test]
fn a_missing_directory_takes_parents() {
    let sandbox = Sandbox::new();
    let deep = "x/y/z/f";
    sandbox.run(["set", deep, "a=new"]).exits_with(73).says("does not exist").says("--parents");
    sandbox.run(["set", "--no-create", deep, "a=new"]).exits_with(66);
    sandbox.run(["set", "--parents", "--dry-run", deep, "a=new"]).succeeds();
    assert_eq!(sandbox.names(), [""; 0]);
    sandbox.run(["set", "--parents", deep, "a=new"]).succeeds();
    sandbox.run(["set", "--parents", deep, "b=new"]).succeeds();
    assert_eq!(sandbox.json(deep), serde_json::json!({"a": "new", "b": "new"}));
    assert_eq!(names(&sandbox.path("x/y/z")), ["f", "f.lock"]);
    sandbox.write("file", "");
    let run = sandbox.run(["set", "--parents", "file/f", "a=new"]);
    assert!(matches!(run.code(), Some(73 | 66)), "{run}");
}

#[test]
fn without_creating_nothing_is_created() {
    let sandbox = Sandbox::new();
    sandbox.run(["set", "--no-create", "typo", "a=new"]).exits_with(66).says("does not exist");
    sandbox.run(["get", "typo", "a"]).exits_with(66);
    assert_eq!(sandbox.names(), [""; 0], "not even a lock file");
}

#[test]
fn reading_creates_nothing() {
    let sandbox = Sandbox::with("f", OLD);
    chmod(sandbox.root(), 0o555);
    assert!(sandbox.run(["get", "f", "a"]).succeeds().stdout().contains("old"));
    assert!(
        sandbox.run(["set", "--dry-run", "f", "a=new"]).code()
            == Some(if is_root() { 0 } else { 77 })
    );
    assert_eq!(sandbox.names(), ["f"]);
    chmod(sandbox.root(), 0o755);
}

#[test]
fn a_current_directory_that_is_gone_does_not_matter_to_absolute_paths() {
    let sandbox = Sandbox::with("f", OLD);
    let path = sandbox.path("f");
    let script =
        format!("mkdir gone; cd gone; rmdir ../gone; jsonlock set {} a=new", path.display());
    sandbox.shell(&script).succeeds();
    assert_eq!(sandbox.json("f")["a"], "new");
    let run = sandbox.shell("mkdir gone; cd gone; rmdir ../gone; exec jsonlock set f a=new");
    assert!(matches!(run.code(), Some(66 | 73)), "{run}");
}

/// The temporary file is made beside the document and nowhere else.
#[test]
fn the_directory_for_temporary_files_does_not_matter() {
    let sandbox = Sandbox::with("f", OLD);
    for directory in ["/nonexistent", "/dev/shm", "/proc"] {
        let mut command = sandbox.command(["set", "f", &format!("a={directory}")]);
        command.env("TMPDIR", directory);
        sandbox.run_command(command).succeeds();
        assert_eq!(sandbox.json("f")["a"], directory);
    }
}

/// Runs a script as root in a mount namespace of its own. It fails with the first command that does.
fn mounted(sandbox: &Sandbox, script: &str) {
    sandbox.write("script", format!("set -e\n{script}"));
    sandbox.shell("exec unshare -m sh script").succeeds();
}

#[test]
fn a_document_that_is_a_mount_point_is_refused_with_advice() {
    if !can_mount("places::a_document_that_is_a_mount_point_is_refused_with_advice") {
        return;
    }
    let sandbox = Sandbox::with("f", OLD);
    sandbox.write("host", OLD);
    mounted(
        &sandbox,
        "mount --bind host f
        code=0; jsonlock set f a=new 2> message || code=$?; test $code = 77
        grep -q 'mount its directory instead' message
        test ! -e f.lock
        test \"$(jsonlock get f a | tr -d '\"')\" = old",
    );
    assert_eq!((sandbox.read("f").as_str(), sandbox.read("host").as_str()), (OLD, OLD));
}

#[test]
fn both_sides_of_a_bind_mounted_directory_have_one_lock() {
    if !can_mount("places::both_sides_of_a_bind_mounted_directory_have_one_lock") {
        return;
    }
    let sandbox = Sandbox::new();
    fs::create_dir(sandbox.path("host")).unwrap();
    fs::create_dir(sandbox.path("container")).unwrap();
    sandbox.write("host/f", OLD);
    mounted(
        &sandbox,
        "mount --bind host container
        (for n in 1 2 3 4 5 6 7 8; do jsonlock set host/f h$n=x; done) & one=$!
        (for n in 1 2 3 4 5 6 7 8; do jsonlock set container/f c$n=x; done) & two=$!
        wait $one; wait $two
        code=0; flock host/f.lock jsonlock set --timeout 0 container/f a=new || code=$?
        test $code = 75",
    );
    let document = sandbox.json("host/f");
    assert_eq!(document.as_object().unwrap().len(), 17, "{document}");
}

#[test]
fn a_read_only_mount_is_refused_and_read() {
    if !can_mount("places::a_read_only_mount_is_refused_and_read") {
        return;
    }
    let sandbox = Sandbox::new();
    fs::create_dir(sandbox.path("volume")).unwrap();
    // As Kubernetes mounts a ConfigMap: links to links.
    mounted(
        &sandbox,
        "mount -t tmpfs none volume
        mkdir volume/..1; echo '{\"a\": \"old\"}' > volume/..1/f
        ln -s ..1 volume/..data; ln -s ..data/f volume/f
        mount -o remount,ro volume
        code=0; jsonlock set volume/f a=new 2> message || code=$?; test $code = 77
        grep -q 'read-only mount' message
        code=0; jsonlock set volume/new a=new 2> message || code=$?; test $code = 77
        grep -q 'read-only mount' message
        jsonlock get volume/f a | grep -q old
        test \"$(ls -A volume | tr '\\n' ' ')\" = '..1 ..data f '",
    );
}

/// The layers of a container: the document comes from the lower one, the edit goes to the upper one.
#[test]
fn an_overlay_is_edited_like_any_other_file_system() {
    if !can_mount("places::an_overlay_is_edited_like_any_other_file_system") {
        return;
    }
    let sandbox = Sandbox::new();
    for directory in ["disk", "merged"] {
        fs::create_dir(sandbox.path(directory)).unwrap();
    }
    let probe = "mount -t tmpfs none disk && mkdir disk/l disk/u disk/w &&
        mount -t overlay -o lowerdir=disk/l,upperdir=disk/u,workdir=disk/w none merged";
    sandbox.write("probe", probe);
    if sandbox.shell("unshare -m sh probe").code() != Some(0) {
        return crate::harness::skip("places::an_overlay", "overlayfs cannot be mounted here");
    }
    mounted(
        &sandbox,
        "mount -t tmpfs none disk; mkdir disk/l disk/u disk/w; echo '{\"a\": \"old\"}' > disk/l/f
        mount -t overlay -o lowerdir=disk/l,upperdir=disk/u,workdir=disk/w none merged
        for n in 1 2 3 4; do jsonlock set merged/f a$n=x & done; wait
        jsonlock set merged/f a=new
        test \"$(jq length merged/f)\" = 5
        test \"$(ls -A merged | tr '\\n' ' ')\" = 'f f.lock '
        grep -q old disk/l/f",
    );
}
