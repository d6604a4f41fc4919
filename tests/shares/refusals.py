"""What must not happen on a share unless it is allowed."""

WRITING = {
    "set": ["set", "r.json", "k=v"],
    "del": ["del", "r.json", "n"],
    "merge": ["merge", "r.json", '{"k": 1}'],
    "patch": ["patch", "r.json", '[{"op": "add", "path": "/k", "value": 1}]'],
    "apply": ["apply", "r.json", ".n += 1"],
    "filter": ["filter", "r.json", "--", "cat"],
    "lock": ["lock", "r.json", "--", "true"],
    "batch": ["batch", "r.json"],
    "set of a new file": ["set", "new.json", "k=v"],
    "apply of a new file": ["apply", "new.json", ".n = 1"],
    "set with a backup": ["set", "r.json", "k=v", "--backup"],
    "set with --network-fs=refuse": ["set", "r.json", "k=v", "--network-fs=refuse"],
    "set with a lock file elsewhere": ["set", "r.json", "k=v", "--lock-file", "/run/elsewhere.lock"],
}

READING = {
    "get": ["get", "r.json", "n"],
    "wait": ["wait", "r.json", 'has("n")', "--timeout", "5"],
}

REFUSED = 69


def expect_all_refused(report, machine, directory, share, kind):
    """Each command that writes is refused on r.json, and leaves nothing; each that reads works.

    Gives how many were refused, and of how many.
    """
    before = look(machine, directory)
    attempts = {name: (words, directory) for name, words in WRITING.items()}
    outside = ["set", "outside.json", "k=v", "--lock-file", f"{directory}/outside.lock"]
    attempts["a lock file there for a document elsewhere"] = (outside, "/run")
    runs = {name: refuse(machine, *attempt) for name, attempt in attempts.items()}
    accepted = [f"\n{name}: {run}" for name, run in runs.items() if run.status != REFUSED]
    (*_, last) = runs.values()
    report.expect(
        not accepted,
        f"{share}: everything that writes is refused",
        "".join(accepted) or f"{len(runs)} commands, the last with: {last.errors.strip()}",
    )
    after = look(machine, directory)
    report.expect(before == after, f"{share}: nothing is created or changed", "" if before == after else after)
    for name, words in READING.items():
        run = machine.jsonlock(*words, directory=directory, allow=False)
        report.expect_status(run, 0, f"{share}: {name} is allowed")
    status = machine.jsonlock("status", "r.json", directory=directory, allow=False)
    says = "error 69" in status.output and kind in status.output.lower()
    report.expect(says and status.status == REFUSED, f"{share}: status says why, and names {kind}", status)
    machine.check(f"rm -f /run/outside.json /run/elsewhere.lock {directory}/outside.lock")
    return f"{len(runs) - len(accepted)}/{len(runs)}"


def look(machine, directory):
    return machine.check(f"cd {directory} && ls -A && cat r.json")


def refuse(machine, words, directory):
    return machine.jsonlock(*words, directory=directory, allow=False, text='{"k": 1}\n')
