"""Directories that machines share by 9p, virtiofs and sshfs: refused unless that is allowed, and what happens then.

Where locks do not reach the other machine, edits are lost, which is why they are refused. It is counted here.
"""

import atexit
import json
import shutil
import subprocess
import time

import layers
import load
import refusals
import waits
from machine import WORK, Machine, boot
from network import Cable

VIRTIOFSD = "/usr/lib/qemu/virtiofsd"
KEY = "/run/key"

# The device's tag, and the daemon's options.
VIRTIOFS = {"virtiofs": "cache=none", "virtiofs-flock": "cache=none,flock"}


class Folder:
    """One directory that machines a and b share."""

    def __init__(self, name, kind, directories, read, write):
        self.name, self.kind = name, kind
        self.directories = directories
        self.read, self.write = read, write


def run(report, options):
    host = WORK / "folders"
    shutil.rmtree(host, ignore_errors=True)
    cable = Cable()
    a = Machine("a", options.binary, [*devices(host, "a"), *cable.first_end()])
    b = Machine("b", options.binary, [*devices(host, "b"), *cable.second_end()])
    try:
        boot(a, b)
        cable.join(a, "eth0", 1)
        cable.join(b, "eth0", 2)
        for folder in [*mount(host, a, b), serve_sftp(cable, a, b)]:
            check(report, a, b, folder)
        layers.check(report, a)
    finally:
        a.cut_power()
        b.cut_power()


def devices(host, machine):
    """What gives a machine the directories of this one."""
    (host / "9p").mkdir(parents=True, exist_ok=True)
    found = [
        *("-fsdev", f"local,id=share,path={host / '9p'},security_model=none"),
        *("-device", "virtio-9p-pci,fsdev=share,mount_tag=9p"),
        *("-object", "memory-backend-memfd,id=memory,size=512M,share=on"),
        *("-numa", "node,memdev=memory"),
    ]
    for number, (tag, words) in enumerate(VIRTIOFS.items()):
        socket = start_virtiofsd(host / tag, words, f"{tag}.{machine}")
        found += ["-chardev", f"socket,id=chardev{number},path={socket}"]
        found += ["-device", f"vhost-user-fs-pci,chardev=chardev{number},tag={tag}"]
    return found


def start_virtiofsd(directory, words, name):
    """Starts a daemon that ends with the machine that it serves."""
    directory.mkdir(exist_ok=True)
    socket = WORK / f"{name}.socket"
    socket.unlink(missing_ok=True)
    log = open(WORK / f"virtiofsd.{name}", "wb")
    options = f"source={directory},sandbox=chroot,xattr,{words}"
    command = [VIRTIOFSD, f"--socket-path={socket}", "-o", options]
    daemon = subprocess.Popen(command, stdout=log, stderr=log)
    atexit.register(daemon.kill)
    while not socket.exists():
        if daemon.poll() is not None:
            raise SystemExit(f"{VIRTIOFSD} has ended, see {log.name}")
        time.sleep(0.05)
    return socket


def mount(host, a, b):
    """Mounts what this machine shares."""
    mounts = {"9p": "-t 9p -o trans=virtio,version=9p2000.L,cache=none"}
    mounts |= {tag: "-t virtiofs" for tag in VIRTIOFS}
    for tag, words in mounts.items():
        directory = f"/mnt/{tag}"
        for machine in (a, b):
            machine.check(f"mkdir -p {directory} && mount {words} {tag} {directory}")

        def read(name, tag=tag):
            file = host / tag / name
            return file.read_text() if file.exists() else None

        def write(name, text, tag=tag):
            (host / tag / name).write_text(text)

        yield Folder(tag, tag.removesuffix("-flock"), [directory, directory], read, write)


def serve_sftp(cable, a, b):
    """Lets b mount a directory of a by sshfs."""
    a.check(f"mkdir -p /run/served /run/sshd && ssh-keygen -q -t ed25519 -N '' -f {KEY} && usermod -p '*' root")
    options = "-o StrictModes=no -o UsePAM=no -o PermitRootLogin=yes -o Subsystem='sftp internal-sftp'"
    a.check(f"/usr/sbin/sshd -f /dev/null -h {KEY} -o AuthorizedKeysFile={KEY}.pub {options}")
    b.call("files.put", path=KEY, text=a.call("files.read", path=KEY))
    b.check(f"chmod 600 {KEY} && mkdir -p /mnt/sshfs")
    known = "StrictHostKeyChecking=no,UserKnownHostsFile=/dev/null,LogLevel=ERROR"
    b.check(f"sshfs -o {known},IdentityFile={KEY} root@{cable.first_address()}:/run/served /mnt/sshfs")

    def read(name):
        return a.call("files.read", path=f"/run/served/{name}")

    def write(name, text):
        a.call("files.put", path=f"/run/served/{name}", text=text)

    return Folder("sshfs", "sshfs", ["/run/served", "/mnt/sshfs"], read, write)


def check(report, a, b, folder):
    folder.write("r.json", '{"n": 0}\n')
    refused = refusals.expect_all_refused(report, b, folder.directories[1], folder.name, folder.kind)
    folder.write("w.json", '{"n": 0}\n')
    check_wait(report, a, b, folder)
    check_allowed(report, b, folder)
    folder.write("e.json", load.EMPTY)
    outcome = load.edit_on_both([a, b], folder.directories, "e.json", lambda: folder.read("e.json"))
    report.note(f"{folder.name}, allowed: {outcome}")
    word = folder.name.replace("-", "_")
    report.figure(**{f"{word}_refused": refused})
    report.figure(**{f"{word}_acknowledged": len(outcome.acknowledged), f"{word}_lost": outcome.lost})
    report.expect(bool(outcome.acknowledged), f"{folder.name}: edits make progress where they are allowed")
    if folder.name == "virtiofs-flock":
        whole = outcome.lost == 0 and len(outcome.acknowledged) == 200
        report.expect(whole, "virtiofs-flock: polling for the lock loses nothing, and starves nobody")


def check_allowed(report, b, folder):
    """One try is enough where the lock is free."""
    directory = folder.directories[1]
    run = b.jsonlock("set", "r.json", "k=v", "--timeout", "0", directory=directory)
    report.expect_status(run, 0, f"{folder.name}: --timeout 0 works when the lock is free")
    status = b.jsonlock("status", "r.json", directory=directory)
    report.note(f"status where it is allowed:\n{status.output}")


def check_wait(report, a, b, folder):
    waits.expect_noticed(report, folder.name, b, a, folder.directories[::-1], "w.json")
    document = json.loads(folder.read("w.json"))
    report.expect(document == {"n": 1}, f"{folder.name}: the edit that was waited for is there", document)
