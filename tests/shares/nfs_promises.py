"""NFS: refused by default; where it is allowed, two machines lose nothing, and time limits are kept."""

import os
import time

import load
import refusals
import waits
from nfs import Cluster

# How long the server waits for a client that is gone before it gives its locks to others.
LEASE = int(os.environ.get("JSONLOCK_SHARES_LEASE", "90"))


def run(report, options):
    cluster = Cluster(options.binary, LEASE, report)
    try:
        check_refusals(report, cluster)
        check_edits(report, cluster)
        check_holder(report, cluster)
        check_wait(report, cluster)
        check_dead_holder(report, cluster)
    finally:
        cluster.close()


def check_refusals(report, cluster):
    directory = cluster.directory("refusals")
    cluster.put("refusals/r.json", '{"n": 0}\n')
    refused = refusals.expect_all_refused(report, cluster.a.machine, directory, "NFS", "nfs")
    report.figure(refused=refused)


def check_edits(report, cluster):
    directory = cluster.directory("edits")
    cluster.put("edits/e.json", load.EMPTY)
    machines = [cluster.a.machine, cluster.b.machine]
    outcome = load.edit_on_both(machines, [directory] * 2, "e.json", lambda: cluster.read("edits/e.json"))
    whole = len(outcome.acknowledged) == outcome.count == 200 and outcome.lost == 0
    report.expect(whole, "two clients with four processes lose none of 200 edits", outcome)
    names = cluster.names("edits")
    report.expect(names == ["e.json", "e.json.lock"], "only the document and its lock file are left", names)
    report.figure(acknowledged=len(outcome.acknowledged), lost=outcome.lost)


def check_holder(report, cluster):
    """One try works when the lock is free, and tells who holds it when it is not."""
    directory = cluster.directory("holder")
    cluster.put("holder/h.json", '{"n": 0}\n')
    a, b = cluster.a.machine, cluster.b.machine
    one_try = ["apply", "h.json", ".n += 1", "--timeout", "0"]
    free = [a.jsonlock(*one_try, directory=directory) for _ in range(5)]
    worst = max(free, key=lambda run: run.status)
    report.expect_status(worst, 0, "--timeout 0 works when the lock is free, five times")
    holding = b.start_jsonlock("lock", "h.json", "--", *until("/run/release"), directory=directory)
    b.check("until [ -e /run/held ]; do sleep 0.1; done")
    busy = a.jsonlock(*one_try, directory=directory)
    report.expect_status(busy, 75, "--timeout 0 gives up when another machine holds the lock")
    status = a.jsonlock("status", "h.json", directory=directory)
    holder = next((line for line in status.output.splitlines() if line.startswith("lock: ")), "")
    report.expect("held" in holder and "guest-b" in holder, "status names the holder's machine", holder)
    b.check("touch /run/release")
    report.expect_status(b.finish(holding), 0, "the holder ends well")


def until(file):
    """A command that says that it has begun, and ends when the file exists."""
    return ["sh", "-c", f"touch /run/held; until [ -e {file} ]; do sleep 0.1; done"]


def check_wait(report, cluster):
    directory = cluster.directory("wait")
    cluster.put("wait/w.json", '{"n": 0}\n')
    waits.expect_noticed(report, "NFS", cluster.a.machine, cluster.b.machine, [directory] * 2, "w.json")


def check_dead_holder(report, cluster):
    """The server keeps the lock of a machine that died until its lease is over. Waiting for that pays."""
    directory = cluster.directory("dead")
    cluster.put("dead/d.json", '{"n": 0}\n')
    a, b = cluster.a.machine, cluster.b.machine
    b.check("rm -f /run/held /run/release")
    b.start_jsonlock("lock", "d.json", "--", *until("/run/release"), directory=directory)
    b.check("until [ -e /run/held ]; do sleep 0.1; done")
    b.cut_power()
    cut = time.monotonic()
    edit = a.jsonlock("apply", "d.json", ".n += 1", "--timeout", "6m", directory=directory)
    waited = time.monotonic() - cut
    report.expect_status(edit, 0, "a gets the lock of a machine that died, with --timeout 6m")
    if LEASE >= 75:
        report.expect(edit.seconds > 60, "it waits for longer than a minute", f"{edit.seconds:.1f} s")
    report.figure(lease=LEASE, **({"lock_after_death": f"{waited:.0f}s"} if edit.status == 0 else {}))
