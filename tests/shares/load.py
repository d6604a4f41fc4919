"""Two machines that edit one document, and what became of the edits."""

import collections
import json
import re

TEMPORARY = re.compile(r"\.jsonlock-\w{16}")
EMPTY = '{"n": 0, "edits": {}}\n'


class Outcome:
    """How many edits were acknowledged, lost, and refused."""

    def __init__(self, loads, text):
        self.acknowledged = [member for load in loads for member in load["acknowledged"]]
        self.failed = [failure for load in loads for failure in load["failed"]]
        self.seconds = max(load["seconds"] for load in loads)
        try:
            document = json.loads(text or "null") or {}
        except ValueError:
            document = {}
        found = document.get("edits") or {}
        self.lost = sum(member not in found for member in self.acknowledged)
        self.count = document.get("n")

    def failures(self):
        """Each kind of failure once, with its number."""
        kinds = collections.Counter((status, TEMPORARY.sub(".jsonlock-…", text)) for status, text in self.failed)
        return "".join(f"\n{count} x status {status}: {text}" for (status, text), count in kinds.most_common(5))

    def __str__(self):
        return (
            f"{len(self.acknowledged)} acknowledged, {len(self.failed)} failed, {self.lost} lost, "
            f"n={self.count}, {self.seconds:.0f} s{self.failures()}"
        )


def edit_on_both(machines, directories, name, read, processes=4, edits=25):
    """Lets two machines edit at once. `read` gives the document's text afterwards."""
    calls = [
        machine.start(
            "load.edit",
            directory=directory,
            name=name,
            who=machine.name,
            processes=processes,
            edits=edits,
        )
        for machine, directory in zip(machines, directories)
    ]
    loads = [machine.answer(call) for machine, call in zip(machines, calls)]
    return Outcome(loads, read())
