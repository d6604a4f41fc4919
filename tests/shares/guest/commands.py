"""Running commands in a guest."""

import glob
import os
import pathlib
import subprocess
import time

PROGRAM = "/run/jsonlock"


def shell(script):
    """Runs a script of bash."""
    return finished(["bash", "-c", script])


def jsonlock(words, directory, allow=True, text=""):
    """Runs the program in a directory, with a text on its standard input."""
    return finished([PROGRAM, *words], cwd=directory, env=environment(allow), input=text)


def start_jsonlock(words, directory):
    """Begins a run of the program that nobody listens to."""
    null = subprocess.DEVNULL
    return subprocess.Popen(
        [PROGRAM, *words],
        cwd=directory,
        env=environment(allow=True),
        stdin=null,
        stdout=null,
        stderr=null,
    )


def environment(allow):
    permission = {"JSONLOCK_NETWORK_FS": "allow"} if allow else {}
    return {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], **permission}


def until_asleep(seconds=60):
    """Waits until some run of the program sleeps between two looks; says whether one did in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        for process in programs():
            if any(word in read(process / "wchan") for word in ("poll", "nanosleep")):
                return True
        time.sleep(0.05)
    return False


def programs():
    """The directories in procfs of all runs of the program."""
    named = (pathlib.Path(file) for file in glob.glob("/proc/[0-9]*/comm"))
    return [file.parent for file in named if read(file).strip() == "jsonlock"]


def read(file):
    """What procfs says, which is nothing once the process has gone."""
    try:
        return file.read_text()
    except OSError:
        return ""


def finished(command, input="", **options):
    start = time.monotonic()
    run = subprocess.run(
        command,
        capture_output=True,
        text=True,
        errors="replace",
        input=input,
        check=False,
        **options,
    )
    return {
        "command": " ".join(command),
        "status": run.returncode,
        "output": run.stdout,
        "errors": run.stderr,
        "seconds": time.monotonic() - start,
    }
