"""Somebody who edits the same document now and then."""

import json
import os
import time

from commands import jsonlock

# Between two edits: the others are to be in the middle of theirs most of the time.
PAUSE = 1.0


def edit(directory, name, stop):
    """Counts its own edits in the member `b`, until `stop` exists, and what of them was lost."""
    seen = {"acknowledged": 0, "lost": 0, "failed": 0, "messages": []}
    expected = 0
    while not os.path.exists(stop):
        words = ["apply", name, ".b += 1", "--print=[$old.b, .b, $old.keep]", "--timeout", "2m"]
        run = jsonlock(words, directory)
        if run["status"] == 0:
            old, expected_now, keep = json.loads(run["output"])
            seen["acknowledged"] += 1
            seen["lost"] += old != expected or keep is not True
            expected = expected_now
        else:
            seen["failed"] += 1
            seen["messages"] = [*seen["messages"][:2], f"status {run['status']}: {run['errors']}".strip()]
        time.sleep(PAUSE)
    return seen
