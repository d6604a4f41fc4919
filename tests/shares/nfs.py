"""An NFS server and two clients, each a machine of its own."""

from machine import WORK, Machine, boot
from network import Cable

SHARE = "/mnt/share"
DISK = "/mnt/disk"

# Without these, a server that has just started refuses locks for a minute and a half.
SERVE = f"""
set -e
mkdir -p {DISK} && mkfs.ext4 -q -F /dev/vda && mount /dev/vda {DISK} && chmod 777 {DISK}
mkdir -p /var/lib/nfs && mount -t tmpfs state /var/lib/nfs
mkdir -p /var/lib/nfs/rpc_pipefs /var/lib/nfs/sm /var/lib/nfs/v4recovery /run/rpcbind
touch /var/lib/nfs/etab /var/lib/nfs/rmtab
mount -t rpc_pipefs pipes /var/lib/nfs/rpc_pipefs
mount -t nfsd nfsd /proc/fs/nfsd
rpcbind
exportfs -o rw,no_root_squash,fsid=0,insecure,sync '*:{DISK}'
echo LEASE > /proc/fs/nfsd/nfsv4leasetime
echo 10 > /proc/fs/nfsd/nfsv4gracetime
echo 3 > /proc/sys/fs/nfs/nlm_timeout
echo 3 > /proc/sys/fs/nfs/nlm_grace_period
rpc.nfsd 8
rpc.mountd
"""


class Client:
    """A client machine, which can be cut off and started again."""

    def __init__(self, name, program, cable):
        self.name, self._program, self._cable = name, program, cable
        self.begin()

    def begin(self):
        self.machine = Machine(self.name, self._program, self._cable.second_end())

    def mount(self):
        """Mounts the share, and locks once: the server may still be waiting for clients of its past."""
        boot(self.machine)
        self._cable.join(self.machine, "eth0", 2)
        self.machine.check(
            f"mkdir -p {SHARE} && mount -t nfs4 -o vers=4.2 {self._cable.first_address()}:/ {SHARE}"
            f" && flock {SHARE}/.mounted.{self.name} true"
        )

    def restart(self):
        self.begin()
        self.mount()

    def slow_down(self, delay):
        """Lets each of its packets leave late, which makes every step of an edit last."""
        self.machine.check(f"tc qdisc replace dev eth0 root netem delay {delay}ms")


class Cluster:
    """The three machines. What is `DISK` on the server is `SHARE` on the clients."""

    def __init__(self, program, lease, report):
        disk = WORK / "disk.img"
        disk.unlink(missing_ok=True)
        with open(disk, "wb") as file:
            file.truncate(256 << 20)
        cables = [Cable(), Cable()]
        drive = ["-drive", f"file={disk},if=virtio,format=raw"]
        self.server = Machine("server", program, [*drive, *cables[0].first_end(), *cables[1].first_end()])
        boot(self.server)
        for number, cable in enumerate(cables):
            cable.join(self.server, f"eth{number}", 1)
        self.server.check(SERVE.replace("LEASE", str(lease)))
        self.a = Client("a", program, cables[0])
        self.b = Client("b", program, cables[1])
        self.a.mount()
        self.b.mount()
        report.note("a server and its clients a and b are up; " + self.a.machine.check("grep nfs4 /proc/mounts"))

    def directory(self, name):
        """Makes a directory of the share."""
        self.server.check(f"mkdir {DISK}/{name} && chmod 777 {DISK}/{name}")
        return f"{SHARE}/{name}"

    def put(self, name, text):
        """Makes a document, as the server sees it."""
        self.server.call("files.put", path=f"{DISK}/{name}", text=text)

    def read(self, name):
        """The document's text on the server, or `None` where it is missing."""
        return self.server.call("files.read", path=f"{DISK}/{name}")

    def names(self, name):
        """What is in a directory, on the server."""
        return self.server.call("files.names", path=f"{DISK}/{name}")

    def close(self):
        for machine in (self.a.machine, self.b.machine, self.server):
            machine.cut_power()
