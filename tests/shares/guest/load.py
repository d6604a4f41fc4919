"""Many processes that edit one document."""

import threading
import time

from commands import jsonlock


def edit(directory, name, who, processes, edits, timeout="5m"):
    """Each process makes its edits one after another, each of a counter and a member of its own.

    Gives the members whose edits were acknowledged, and the statuses and messages of those that were not.
    """
    acknowledged, failed = [], []

    def work(process):
        for number in range(edits):
            member = f"{who}{process}_{number}"
            words = ["apply", name, f".n += 1 | .edits.{member} = true", "--timeout", timeout]
            run = jsonlock(words, directory)
            if run["status"] == 0:
                acknowledged.append(member)
            else:
                failed.append([run["status"], run["errors"].strip()])

    start = time.monotonic()
    threads = [threading.Thread(target=work, args=[process]) for process in range(processes)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {"acknowledged": acknowledged, "failed": failed, "seconds": time.monotonic() - start}
