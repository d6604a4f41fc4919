"""A reader of a document that others edit and are killed at."""

import json
import os
import time

from commands import jsonlock

# Between two looks, so that the processor is there for those who edit, too.
PAUSE = 0.2


def read(directory, name, stop):
    """Reads in turn the whole document and its member `keep`, which is always true, until `stop` exists.

    Gives how often it was read, how often it was said to be missing or could not be read, how often the
    answer was wrong, how often the counter went back, and the first messages.
    """
    seen = {"reads": 0, "missing": 0, "wrong": 0, "went_back": 0, "messages": []}
    last = 0
    while not os.path.exists(stop):
        count = check_whole(seen, jsonlock(["get", name], directory))
        if count is not None:
            seen["went_back"] += count < last
            last = count
        check_member(seen, jsonlock(["get", name, "keep", "--default", "WRONG"], directory))
        seen["reads"] += 2
        time.sleep(PAUSE)
    return seen


def check_whole(seen, run):
    """Gives the counter, or `None` where there is none."""
    if run["status"] != 0:
        return complain(seen, "missing", run)
    try:
        document = json.loads(run["output"])
        if document["keep"] is True:
            return document["n"]
    except (ValueError, TypeError, KeyError):
        pass
    return complain(seen, "wrong", run)


def check_member(seen, run):
    if run["status"] != 0:
        complain(seen, "missing", run)
    elif run["output"] != "true\n":
        complain(seen, "wrong", run)


def complain(seen, what, run):
    seen[what] += 1
    if len(seen["messages"]) < 3:
        message = f"{run['command']}: status {run['status']}: {run['output']}{run['errors']}"
        seen["messages"].append(f"{what}: {message.strip()}")
