"""The agent of a guest: makes the calls that come over a port, each in a process of its own.

A request is a line of JSON, {"id": 1, "call": "module.function", "arguments": {}}, and so is its answer,
{"id": 1, "result": null} or {"id": 1, "error": "why"}.
"""

import fcntl
import glob
import importlib
import json
import os
import signal
import time
import traceback


def main():
    while not (ports := glob.glob("/dev/vport*p1")):
        time.sleep(0.01)
    port = os.open(ports[0], os.O_RDWR)
    # Nobody waits for the processes that make the calls.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    send(port, {"id": "boot"})
    for request in requests(port):
        function = find(request["call"])
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            send(port, answer(request, function))
            os._exit(0)


def requests(port):
    """All requests, until the other side has closed the port."""
    pending = b""
    while data := os.read(port, 65536):
        *lines, pending = (pending + data).split(b"\n")
        yield from map(json.loads, lines)


def find(name):
    """The function, whose module is loaded once for all calls."""
    module, function = name.split(".")
    return getattr(importlib.import_module(module), function)


def answer(request, function):
    try:
        return {"id": request["id"], "result": function(**request["arguments"])}
    except Exception:
        return {"id": request["id"], "error": traceback.format_exc()}


def send(port, message):
    data = json.dumps(message).encode() + b"\n"
    with open("/run/agent.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        while data:
            data = data[os.write(port, data) :]


main()
