//! Proves that edits work in containers, or are refused with advice that helps: bind mounts, the layers
//! of an overlay, the links of a Kubernetes volume, read-only roots.
//!
//! Each scene has a mount namespace of its own, so nothing of it is seen outside.

use crate::harness::{Sandbox, skip};
use crate::people::{ALICE, OLD, TEAM};
use crate::system::{can_mount, works};
use std::fs;

/// Runs a script as root in a mount namespace of its own. It fails with the first command that does.
///
/// `refused CODE WORDS COMMAND…` runs a command that must fail with this code and these words.
fn mounted(sandbox: &Sandbox, script: &str) {
    const PROLOGUE: &str = r#"set -eu
        refused() {
            code=$1; words=$2; shift 2; status=0
            message=$("$@" 2>&1 > /dev/null) || status=$?
            case $status:$message in
            $code:*"$words"*) ;;
            *) echo "$*: $status, $message" >&2; exit 1 ;;
            esac
        }
        holds() { test "$(ls -A "$1" | tr '\n' ' ')" = "$2" || { ls -lA "$1" >&2; exit 1; }; }
        edits() { for n in $(seq 0 9); do jsonlock set "$1" "$2_$n=x"; done; }
        all() { for pid in "$@"; do wait $pid; done; }
    "#;
    sandbox.write("script", format!("{PROLOGUE}\n{script}"));
    sandbox.shell("exec unshare -m sh script").succeeds();
}

/// Whether all keys of these writers are in a document.
#[track_caller]
fn has_all(sandbox: &Sandbox, file: &str, writers: &[&str]) {
    let document = sandbox.json(file);
    let keys = writers.iter().flat_map(|me| (0..10).map(move |number| format!("{me}_{number}")));
    let lost: Vec<_> = keys.filter(|key| document.get(key).is_none()).collect();
    assert_eq!(lost, [""; 0], "in {file}");
}

/// A sandbox with directories.
fn with_directories(names: &[&str]) -> Sandbox {
    let sandbox = Sandbox::new();
    for name in names {
        fs::create_dir(sandbox.path(name)).unwrap();
    }
    sandbox
}

/// What Docker makes of `-v FILE:FILE`, and Kubernetes of `subPath`.
#[test]
fn a_single_file_mount_is_refused_from_all_sides() {
    if !can_mount("containers::a_single_file_mount_is_refused_from_all_sides") {
        return;
    }
    let sandbox = with_directories(&["host", "container"]);
    sandbox.write("host/f", OLD);
    mounted(
        &sandbox,
        "cp host/f original; : > container/f; mount --bind host/f container/f
        ln -s container/f link
        for file in container/f link; do
            for command in 'set a=b' 'del a' 'merge {\"a\":1}' 'apply .a=1'; do
                set -- $command
                refused 77 'mount its directory instead' jsonlock $1 $file \"$2\"
            done
        done
        # No option makes it safe.
        refused 77 'mount its directory' jsonlock set --force --break-hard-links container/f a=b
        refused 77 'mount its directory' jsonlock set --lock-file elsewhere container/f a=b
        cmp original host/f; holds container 'f '; test ! -e elsewhere
        test \"$(jsonlock get container/f a)\" = old
        # Who mounted it can edit it where it comes from, which is not a mount point.
        jsonlock set host/f a=new; holds host 'f f.lock '
        # That is why the advice: the mount keeps showing the old file.
        test \"$(jsonlock get container/f a)\" = old",
    );
}

/// A mount that comes while the edit waits for its lock is noticed under the lock.
#[test]
fn a_document_that_becomes_a_mount_point_during_the_wait_is_refused() {
    let test = "containers::a_document_that_becomes_a_mount_point_during_the_wait_is_refused";
    if !can_mount(test) || !works(test, &["flock", "--version"]) {
        return;
    }
    let sandbox = with_directories(&["dir"]);
    sandbox.write("dir/f", OLD);
    sandbox.write("other", OLD);
    mounted(
        &sandbox,
        "mkfifo held; exec 9> dir/f.lock; flock 9
        refused 77 'mount its directory' jsonlock set --timeout inf dir/f a=new 9>&- & waiter=$!
        inode=$(stat -c %i dir/f.lock)
        until grep -q -- \"-> FLOCK.*:$inode \" /proc/locks; do :; done
        mount --bind other dir/f; flock -u 9; wait $waiter
        umount dir/f; grep -q old dir/f; grep -q old other; holds dir 'f f.lock '",
    );
}

/// Half of the writers are inside the container, half outside; some spell the path otherwise.
#[test]
fn writers_inside_and_outside_of_a_bind_mount_lose_nothing() {
    if !can_mount("containers::writers_inside_and_outside_of_a_bind_mount_lose_nothing") {
        return;
    }
    let sandbox = with_directories(&["host", "container", "nested"]);
    sandbox.write("host/f", "{}");
    mounted(
        &sandbox,
        "mount --bind host container
        edits host/f h0 & p0=$!; edits host/f h1 & p1=$!; edits $PWD/host/f h2 & p2=$!
        edits container/f c0 & p3=$!; edits container/../container/f c1 & p4=$!
        # Somebody in one more namespace, who sees it under one more name.
        unshare -m sh -c 'mount --bind host nested
            for n in 0 1 2 3 4 5 6 7 8 9; do jsonlock set nested/f n0_$n=x || exit 1; done' & p5=$!
        all $p0 $p1 $p2 $p3 $p4 $p5
        holds host 'f f.lock '; holds container 'f f.lock '",
    );
    has_all(&sandbox, "host/f", &["h0", "h1", "h2", "c0", "c1", "n0"]);
}

#[test]
fn a_directory_that_is_a_mount_point_is_edited_in_unless_it_is_read_only() {
    let test = "containers::a_directory_that_is_a_mount_point_is_edited_in_unless_it_is_read_only";
    if !can_mount(test) {
        return;
    }
    let sandbox = with_directories(&["data"]);
    sandbox.write("data/f", OLD);
    mounted(
        &sandbox,
        "mount --bind data data
        jsonlock set data/f a=new; holds data 'f f.lock '
        mount --bind -o ro data data
        refused 77 'read-only mount' jsonlock set data/f a=newer
        test \"$(jsonlock get data/f a)\" = new",
    );
    assert_eq!(sandbox.json("data/f")["a"], "new");
}

/// The directories of an overlay on a file system of their own: lower, upper, work.
const LAYERS: &str = "mount -t tmpfs none disk; mkdir disk/l disk/u disk/w; chmod 755 disk/?";
const OVERLAY: &str =
    "mount -t overlay -o lowerdir=disk/l,upperdir=disk/u,workdir=disk/w none merged";

/// A sandbox in which overlays can be mounted.
fn overlay(test: &str) -> Option<Sandbox> {
    if !can_mount(test) {
        return None;
    }
    let sandbox = with_directories(&["disk", "merged", "out"]);
    sandbox.write("probe", format!("{LAYERS} && {OVERLAY}"));
    if sandbox.shell("unshare -m sh probe").code() != Some(0) {
        skip(test, "overlayfs cannot be mounted here");
        return None;
    }
    Some(sandbox)
}

#[test]
fn on_an_overlay_nothing_is_lost_wherever_the_document_comes_from() {
    let test = "containers::on_an_overlay_nothing_is_lost_wherever_the_document_comes_from";
    let Some(sandbox) = overlay(test) else { return };
    // The lock file is part of the image, made by the container, or copied up by somebody first.
    for (name, prepare) in [
        ("lower", "echo '{}' > disk/l/f; @"),
        ("lower lock", "echo '{}' > disk/l/f; : > disk/l/f.lock; chmod 600 disk/l/f.lock; @"),
        ("upper", "echo '{}' > disk/u/f; @"),
        ("copied up", "echo '{}' > disk/l/f; @; touch merged/f"),
        ("new", "@"),
    ] {
        let prepare = prepare.replace('@', OVERLAY);
        mounted(
            &sandbox,
            &format!(
                "{LAYERS}; {prepare}; ls -lA --full-time disk/l > before
                edits merged/f w0 & p0=$!; edits merged/f w1 & p1=$!
                edits $PWD/merged/f w2 & p2=$!; edits merged/./f w3 & p3=$!
                all $p0 $p1 $p2 $p3; holds merged 'f f.lock '
                ls -lA --full-time disk/l | cmp - before
                cp merged/f out/f; cp disk/u/f out/upper"
            ),
        );
        assert_eq!(sandbox.read("out/f"), sandbox.read("out/upper"), "{name}");
        has_all(&sandbox, "out/f", &["w0", "w1", "w2", "w3"]);
    }
}

#[test]
fn on_an_overlay_access_and_attributes_are_kept() {
    let test = "containers::on_an_overlay_access_and_attributes_are_kept";
    let Some(sandbox) = overlay(test) else { return };
    let (uid, setting) = (ALICE.uid, "setfacl -m u:4002:rw,g:4200:r disk/l/f");
    mounted(
        &sandbox,
        &format!(
            "{LAYERS}; echo '{{}}' > disk/l/f; chown {uid}:{TEAM} disk/l/f; chmod 2664 disk/l/f
            {setting}; setfattr -n trusted.mark -v t disk/l/f
            (cd disk/l; getfacl f; getfattr --dump --match=- f) > before
            {OVERLAY}
            jsonlock set merged/f a=new 2> message; test ! -s message
            (cd merged; getfacl f; getfattr --dump --match=- f) | diff before -
            jsonlock set merged/f a=newer
            (cd merged; getfacl f; getfattr --dump --match=- f) | diff before -
            # Attributes of the overlay's own stay its own.
            (cd disk/u; getfattr --dump --match=trusted.overlay f) | grep -q redirect && exit 1
            (cd disk/l; getfacl f; getfattr --dump --match=- f) | diff before -
            grep -q '{{}}' disk/l/f"
        ),
    );
}

/// An overlay without an upper layer, as `docker run --read-only` makes it.
#[test]
fn a_read_only_root_is_read_and_its_volumes_are_edited() {
    let test = "containers::a_read_only_root_is_read_and_its_volumes_are_edited";
    let Some(sandbox) = overlay(test) else { return };
    mounted(
        &sandbox,
        &format!(
            "{LAYERS}; mkdir disk/l/volume; echo '{{\"a\": \"old\"}}' > disk/l/f; {OVERLAY}
            mount -o remount,ro merged; mount -t tmpfs none merged/volume
            test \"$(jsonlock get merged/f a)\" = old
            refused 77 'read-only mount' jsonlock set merged/f a=new
            refused 77 'f was not changed' jsonlock set --force merged/f a=new
            # A lock file elsewhere does not help: the document itself cannot be replaced.
            refused 77 'read-only mount' jsonlock set --lock-file merged/volume/l merged/f a=new
            refused 77 'read-only mount' jsonlock set merged/new a=new
            refused 77 'read-only mount' jsonlock set --mode=600 merged/new a=new
            holds merged/volume ''; holds merged 'f volume '
            jsonlock set merged/volume/f a=new; holds merged/volume 'f f.lock '
            # Where only the lock's place is read-only, another one helps.
            refused 77 'lock file' jsonlock set --lock-file merged/lock merged/volume/f a=newer
            jsonlock set --lock-file merged/volume/l merged/volume/f a=newer
            test \"$(jsonlock get merged/volume/f a)\" = newer"
        ),
    );
}

/// `FILE → ..data/FILE`, `..data → ..2024_1`: a new version is a new directory and one turned link.
const LINK_FARM: &str = "mkdir v/..2024_1 v/..2024_2
    echo '{\"a\": \"old\"}' > v/..2024_1/f; cp v/..2024_1/f v/..2024_2/f
    ln -s ..2024_1 v/..data; ln -s ..data/f v/f";

#[test]
fn in_a_link_farm_the_edit_goes_to_the_real_file_and_the_links_stay() {
    if !can_mount("containers::in_a_link_farm_the_edit_goes_to_the_real_file_and_the_links_stay") {
        return;
    }
    let sandbox = with_directories(&["v"]);
    mounted(
        &sandbox,
        &format!(
            "{LINK_FARM}
            edits v/f l & p0=$!; edits v/..data/f d & p1=$!; edits v/..2024_1/f r & p2=$!
            all $p0 $p1 $p2
            test \"$(readlink v/f)\" = ..data/f; test \"$(readlink v/..data)\" = ..2024_1
            holds v '..2024_1 ..2024_2 ..data f '; holds v/..2024_1 'f f.lock '
            cp v/f first; ln -s ..2024_2 v/turned; mv -T v/turned v/..data
            jsonlock set v/f a=new; cmp first v/..2024_1/f; grep -q new v/..2024_2/f
            # As it is in truth.
            mount --bind v v; mount -o remount,bind,ro v
            refused 77 'read-only mount' jsonlock set v/f a=newer
            test \"$(jsonlock get v/f a)\" = new"
        ),
    );
    has_all(&sandbox, "first", &["l", "d", "r"]);
}

/// The kubelet turns the link while an edit waits: the edit goes where the link leads then.
#[test]
fn a_link_farm_that_turns_during_the_wait_is_followed() {
    let test = "containers::a_link_farm_that_turns_during_the_wait_is_followed";
    if !can_mount(test) || !works(test, &["flock", "--version"]) {
        return;
    }
    let sandbox = with_directories(&["v"]);
    mounted(
        &sandbox,
        &format!(
            "{LINK_FARM}
            exec 9> v/..2024_1/f.lock; flock 9
            jsonlock set --timeout inf v/f a=new 9>&- & waiter=$!
            inode=$(stat -c %i v/..2024_1/f.lock)
            until grep -q -- \"-> FLOCK.*:$inode \" /proc/locks; do :; done
            ln -s ..2024_2 v/turned; mv -T v/turned v/..data; flock -u 9; wait $waiter
            grep -q old v/..2024_1/f; grep -q new v/..2024_2/f"
        ),
    );
}
