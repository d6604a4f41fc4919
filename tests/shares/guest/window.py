"""Ending an edit while an NFS client moves the old document away, and before the new one has its name."""

import contextlib
import glob
import os
import subprocess
import time

from commands import start_jsonlock


def kill(directory, name):
    """Kills an edit there, with the document open in this process, too. Says whether it was in time."""
    with open(os.path.join(directory, name)):
        return kill_alone(directory, name)


def kill_alone(directory, name):
    """The same with the document open nowhere else, at least not on this machine."""
    process = start_jsonlock(["apply", name, ".n += 1", "--timeout", "2m"], directory)
    while process.poll() is None:
        stacks = stacks_of(process.pid)
        # The client looks for a free name first; what matters is the rename behind that.
        if "nfs_sillyrename" in stacks and "lookup" not in stacks:
            process.kill()
            break
    status = process.wait()
    return {"in_time": status < 0, "status": status}


def stacks_of(process):
    """What the kernel does for each thread of a process."""
    stacks = ""
    for file in glob.glob(f"/proc/{process}/task/*/stack"):
        # Threads end.
        with contextlib.suppress(OSError), open(file) as stack:
            stacks += stack.read()
    return stacks


def edit_until_cut(directory, name):
    """Begins an edit, with the document open in this process, too; the machine's end is near."""
    with open(os.path.join(directory, name)):
        return start_jsonlock(["apply", name, ".n += 1", "--timeout", "2m"], directory).wait()


def cut_off(directory, device, seconds):
    """On the server: unplugs a client as soon as it has moved a document away. Says whether it did so in time."""
    known = moved_away(directory)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if moved_away(directory) - known:
            subprocess.run(["ip", "link", "set", device, "down"], check=True)
            return True
    return False


def moved_away(directory):
    return {name for name in os.listdir(directory) if name.startswith(".nfs")}
