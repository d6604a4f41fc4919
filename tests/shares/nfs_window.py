"""NFS: an edit ends within the rename, when the old document has lost its name and the new one has none yet.

Its process is killed there, or its machine loses its power. The next edit is made on the other machine.
"""

import json

from nfs import DISK, Cluster

NAME = "w.json"
STOP = "/run/stop"
LEASE = 15

# By how many milliseconds the packets of the client are late. It makes every step of an edit last as long.
DELAY_OF_KILLS = 60
DELAY_OF_CUTS = 300


def run(report, options):
    cluster = Cluster(options.binary, LEASE, report)
    try:
        check_alone(report, cluster)
        kills = Rounds(report, cluster, "window")
        kills.run("kill", options.aimed, kill)
        cuts = Rounds(report, cluster, "cuts")
        cuts.run("power cut", options.cuts, cut)
    finally:
        cluster.close()


def check_alone(report, cluster):
    """Without another process that has the document open there is no such moment."""
    directory = cluster.directory("alone")
    cluster.put(f"alone/{NAME}", '{"n": 0}\n')
    cluster.b.slow_down(DELAY_OF_KILLS)
    for _ in range(3):
        killed = cluster.b.machine.call("window.kill_alone", directory=directory, name=NAME)
        report.expect(killed["status"] == 0, "an edit alone never moves the document away", killed)


class Rounds:
    """Edits of a document, each of which is ended, and followed by one that is not."""

    def __init__(self, report, cluster, directory):
        self.report, self.cluster = report, cluster
        self.path = f"{directory}/{NAME}"
        self.server_directory = f"{DISK}/{directory}"
        self.directory = cluster.directory(directory)
        self.allowed = {0}
        self.seen = dict.fromkeys(["ended", "gone", "lost", "refused", "failed", "unread"], 0)

    def run(self, what, count, end):
        self.put(0)
        reader = self.cluster.a.machine.start(
            "readers.read", directory=self.directory, name=NAME, stop=STOP
        )
        for _ in range(3 * count):
            if self.seen["ended"] == count:
                break
            if end(self):
                self.seen["ended"] += 1
                self.look()
            self.edit()
        self.cluster.a.machine.check(f"touch {STOP}")
        read = self.cluster.a.machine.answer(reader)
        self.cluster.a.machine.check(f"rm {STOP}")
        self.conclude(what, count, read)

    def put(self, count):
        self.cluster.put(self.path, json.dumps({"n": count, "keep": True}) + "\n")
        self.allowed = {count}

    def look(self):
        """What is there when an edit has ended."""
        self.allowed |= {count + 1 for count in self.allowed}
        self.seen["gone"] += self.cluster.read(self.path) is None
        run = self.cluster.a.machine.jsonlock("get", NAME, directory=self.directory)
        if run.status != 0 or not self.is_whole(run.output):
            self.seen["unread"] += 1
            self.report.note(f"get on a: {run}")

    def is_whole(self, text):
        document = json.loads(text) or {}
        return document.get("n") in self.allowed and document.get("keep") is True

    def edit(self):
        """The next edit, which starts from old or new."""
        run = self.cluster.a.machine.jsonlock(
            "apply", NAME, ".n += 1", "--print=$old", "--timeout", "5m", directory=self.directory
        )
        if run.status == 0 and self.is_whole(run.output):
            self.allowed = {json.loads(run.output)["n"] + 1}
            return
        outcome = {0: "lost", 77: "refused"}.get(run.status, "failed")
        self.seen[outcome] += 1
        self.report.note(f"{outcome}: {run}; there are {self.cluster.names(self.path.split('/')[0])}")
        self.put(max(self.allowed))

    def conclude(self, what, count, read):
        seen, expect = self.seen, self.report.expect
        messages = "\n".join(read["messages"])
        expect(seen["ended"] == count, f"each {what} is in the window", seen)
        expect(seen["lost"] == 0, f"the edit after each {what} starts from old or new", f"{seen['lost']} do not")
        expect(seen["refused"] + seen["failed"] == 0, "all of them work", seen)
        whole = seen["unread"] + read["missing"] + read["wrong"] + read["went_back"] == 0
        expect(whole, "the reader on the other machine always finds the document", f"{read['reads']} reads\n{messages}")
        prefix = what.replace(" ", "_")
        self.report.figure(**{f"{prefix}s_{name}": value for name, value in seen.items()})
        self.report.figure(**{f"{prefix}s_{name}": read[name] for name in ("reads", "missing", "wrong")})


def kill(rounds):
    """Kills an edit on b. Gives whether that was in time."""
    b = rounds.cluster.b
    b.slow_down(DELAY_OF_KILLS)
    killed = b.machine.call("window.kill", directory=rounds.directory, name=NAME)
    if not killed["in_time"]:
        rounds.allowed = {count + 1 for count in rounds.allowed}
        rounds.report.note(f"not in time: {killed}")
    return killed["in_time"]


def cut(rounds):
    """Cuts the power of b. The server stops hearing of it first, which is the same and can be aimed better."""
    server, b = rounds.cluster.server, rounds.cluster.b
    if not b.machine.is_on():
        b.restart()
    b.slow_down(DELAY_OF_CUTS)
    cut_off = server.start("window.cut_off", directory=rounds.server_directory, device="eth1", seconds=120)
    b.machine.start("window.edit_until_cut", directory=rounds.directory, name=NAME)
    in_time = server.answer(cut_off)
    b.machine.cut_power()
    if not in_time:
        rounds.allowed |= {count + 1 for count in rounds.allowed}
    server.check("ip link set eth1 up")
    return in_time
