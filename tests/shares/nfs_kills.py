"""NFS: edits are killed at random moments. Nothing is lost, and readers notice nothing."""

from nfs import Cluster

NAME = "k.json"
DOCUMENT = '{"n": 0, "b": 0, "keep": true}\n'
STOP = "/run/stop"
EDITS_TO_MEASURE = 20
# A lease matters only when a machine dies.
LEASE = 15


def run(report, options):
    cluster = Cluster(options.binary, LEASE, report)
    try:
        kill(report, cluster, options.kills)
    finally:
        cluster.close()


def kill(report, cluster, kills):
    directory = cluster.directory("kills")
    cluster.put(f"kills/{NAME}", DOCUMENT)
    a, b = cluster.a.machine, cluster.b.machine
    where = {"directory": directory, "name": NAME}
    readers = {machine: machine.start("readers.read", stop=STOP, **where) for machine in (a, b)}

    durations = a.call("kills.measure", edits=EDITS_TO_MEASURE, **where)
    report.note(f"an edit takes {durations[0]:.2f} to {durations[-1]:.2f} s, and is killed within that")
    neighbour = b.start("neighbour.edit", stop=STOP, **where)
    seen = a.call("kills.kill", seconds=7200, start=EDITS_TO_MEASURE, kills=kills, durations=durations, **where)
    for machine in (a, b):
        machine.check(f"touch {STOP}")
    edited = b.answer(neighbour)
    report.note(f"the document at the end: {cluster.read(f'kills/{NAME}')}")
    check_edits(report, seen, edited, kills)
    for machine, call in readers.items():
        check_reader(report, machine.name, machine.answer(call))
    names = cluster.names("kills")
    report.expect(names == [NAME, f"{NAME}.lock"], "only the document and its lock file are left", names)


def check_edits(report, seen, edited, kills):
    messages = "".join(f"\n{message}" for message in seen["messages"] + edited["messages"])
    report.expect(seen["killed"] >= kills, "edits were killed", seen["killed"])
    lost, unsuccessful = seen["lost"], seen["refused"] + seen["failed"]
    report.expect(lost == 0, "the edit after each kill starts from old or new", f"{lost} do not{messages}")
    report.expect(unsuccessful == 0, "each of these edits works", f"{unsuccessful} do not{messages}")
    report.expect(edited["lost"] == 0, "the other machine loses none of its edits", edited)
    report.expect(edited["failed"] == 0, "each of its edits works", f"{edited['failed']} do not")
    counts = ("killed", "finished", "gone", "lost", "refused", "failed")
    report.figure(**{count: seen[count] for count in counts})
    report.figure(other_acknowledged=edited["acknowledged"], other_lost=edited["lost"])


def check_reader(report, machine, seen):
    messages = "".join(f"\n{message}" for message in seen["messages"])
    nothing = seen["missing"] == seen["wrong"] == 0
    report.expect(nothing, f"the reader on {machine} always finds the document", f"{seen['reads']} reads{messages}")
    report.expect(seen["went_back"] == 0, f"it never goes back on {machine}", f"{seen['went_back']} times")
    report.figure(**{f"{machine}_{count}": seen[count] for count in ("reads", "missing", "wrong", "went_back")})
