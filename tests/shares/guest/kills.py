"""Edits that are killed at a random moment, each followed by one that is not."""

import contextlib
import json
import os
import random
import re
import time

from commands import jsonlock, start_jsonlock


class Document:
    """A document with a counter `n`, and a member `keep` that must never vanish."""

    def __init__(self, directory, name):
        self.directory, self.name = directory, name
        self.path = os.path.join(directory, name)
        # What the counter may be: the last one acknowledged, and one more once an edit was killed.
        self.allowed = {0}

    def open_elsewhere(self):
        """Another process of this machine keeps the file open, so an NFS client moves it away first."""
        try:
            return open(self.path)
        except FileNotFoundError:
            return contextlib.nullcontext()

    def edit(self):
        """Makes an edit, and gives a word for what it started from."""
        report = "[$old.n, .n, $old.keep]"
        words = ["apply", self.name, ".n += 1", f"--print={report}", "--timeout", "2m"]
        run = jsonlock(words, self.directory)
        if run["status"] != 0:
            return ("refused" if run["status"] == 77 else "failed"), run
        old, new, keep = json.loads(run["output"])
        is_whole = old in self.allowed and keep is True
        self.allowed = {new}
        return ("whole" if is_whole else "lost"), run

    def put_right(self, outcome, run):
        """Makes a document that the next rounds can go on with."""
        left = re.search(r"\.jsonlock-\w{16}", run["errors"])
        if outcome == "refused" and left:
            os.rename(os.path.join(self.directory, left[0]), self.path)
        elif outcome == "lost":
            jsonlock(["set", self.name, "keep:=true"], self.directory)


def measure(directory, name, edits):
    """How long edits take that nobody kills, sorted. The counter goes up by as many."""
    document, seconds = Document(directory, name), []
    for _ in range(edits):
        with document.open_elsewhere():
            seconds.append(jsonlock(["apply", name, ".n += 1"], directory)["seconds"])
    return sorted(seconds)


def kill(directory, name, start, kills, durations):
    """Kills as many edits, each at a moment within one of the durations."""
    document = Document(directory, name)
    document.allowed = {start}
    seen = dict.fromkeys(["killed", "finished", "gone", "whole", "lost", "refused", "failed"], 0)
    seen["messages"] = []
    while seen["killed"] < kills:
        with document.open_elsewhere():
            kill_one(document, seen, random.uniform(0, random.choice(durations)))
            outcome, run = document.edit()
        seen[outcome] += 1
        if outcome != "whole":
            if len(seen["messages"]) < 3:
                seen["messages"].append(f"{outcome}: {run['output']}{run['errors']}".strip())
            document.put_right(outcome, run)
    return seen


def kill_one(document, seen, moment):
    process = start_jsonlock(["apply", document.name, ".n += 1", "--timeout", "2m"], document.directory)
    time.sleep(moment)
    process.kill()
    status = process.wait()
    advanced = {count + 1 for count in document.allowed}
    if status == 0:
        seen["finished"] += 1
        document.allowed = advanced
    else:
        seen["killed" if status < 0 else "failed"] += 1
        document.allowed |= advanced
        seen["gone"] += not os.path.exists(document.path)
