"""The lock-and-rename helper that many Python projects carry, as a peer for jsonlock.

It follows the same protocol, but leaves out the sync of the directory, and all checks. It encodes
with the fast encoder of the json module, which needs the whole document on one line.

    plain_writer.py set FILE KEY VALUE
    plain_writer.py threads|processes FILE WORKERS EDITS [--no-sync]

The first form makes one edit. The second makes WORKERS x EDITS edits, each of a key of its own, and
prints how many seconds they took, without the start of the workers.
"""

import fcntl
import json
import os
import sys
import tempfile
import time


def update(path, key, value, syncs=True):
    with open(path + ".lock", "a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with open(path) as file:
            document = json.load(file)
        document[key] = value
        handle, temporary = tempfile.mkstemp(dir=os.path.dirname(path) or ".")
        with os.fdopen(handle, "w") as file:
            file.write(json.dumps(document))
            file.flush()
            if syncs:
                os.fsync(file.fileno())
        os.replace(temporary, path)


def work(barrier, path, worker, edits, syncs):
    barrier.wait()
    for edit in range(edits):
        update(path, f"w{worker}e{edit}", "v", syncs)


def crowd(kind, path, workers, edits, syncs):
    # Here, because a single edit should not wait for these to load.
    import multiprocessing
    import threading

    starters = {
        "threads": (threading.Barrier, threading.Thread),
        "processes": (multiprocessing.Barrier, multiprocessing.Process),
    }
    make_barrier, make_worker = starters[kind]
    barrier = make_barrier(workers + 1)
    crew = [
        make_worker(target=work, args=(barrier, path, worker, edits, syncs))
        for worker in range(workers)
    ]
    for member in crew:
        member.start()
    barrier.wait()
    start = time.monotonic()
    for member in crew:
        member.join()
    print(time.monotonic() - start)


def main():
    command, path, *rest = sys.argv[1:]
    if command == "set":
        update(path, *rest)
    else:
        crowd(command, path, int(rest[0]), int(rest[1]), "--no-sync" not in rest)


if __name__ == "__main__":
    main()
