"""Small virtual machines whose root is this machine's, read only, under a layer in memory.

Each runs the agent of guest/, which makes the calls that it is sent: functions of the modules beside it.
"""

import atexit
import contextlib
import json
import os
import pathlib
import subprocess
import sys
import threading

HERE = pathlib.Path(__file__).resolve().parent
WORK = pathlib.Path(os.environ.get("JSONLOCK_SHARES", HERE.parents[1] / "target" / "shares")).resolve()

# Software emulation runs everywhere; "kvm" is many times faster where the processor has it.
ACCELERATOR = os.environ.get("JSONLOCK_SHARES_ACCELERATOR", "tcg,thread=multi")

# Emulated machines that share a busy processor may take a while.
BOOT_SECONDS = 300
CALL_SECONDS = 900


class GuestError(Exception):
    """A call that raised an exception in its guest, or that the guest never answered."""


class Finished:
    """A command that has ended in a guest."""

    def __init__(self, result):
        self.status = result["status"]
        self.output = result["output"]
        self.errors = result["errors"]
        self.seconds = result["seconds"]

    def __str__(self):
        return f"status {self.status} after {self.seconds:.1f} s: {(self.output + self.errors).strip()}"


class Machine:
    """A virtual machine, from its boot to the cut of its power."""

    def __init__(self, name, program, devices=(), memory="512M"):
        self.name = name
        self.program = program
        self._calls = 0
        self._answers = {}
        self._news = threading.Condition()
        self._process = subprocess.Popen(
            self._command(devices, memory),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=open(WORK / f"qemu.{name}", "wb"),
        )
        atexit.register(self.cut_power)
        threading.Thread(target=self._listen, daemon=True).start()

    def _command(self, devices, memory):
        (kernel,) = (WORK / "kernel" / "boot").glob("vmlinuz-*")
        words = {
            "console": "ttyS0",
            "panic": 1,
            "net.ifnames": 0,
            "loglevel": 3,
            "tsc": "unstable",
            "agent.name": f"guest-{self.name}",
            "agent.python": os.path.realpath(sys.executable),
            "agent.file": HERE / "guest" / "agent.py",
        }
        return [
            *("qemu-system-x86_64", "-machine", "q35", "-accel", ACCELERATOR),
            *("-cpu", "max", "-smp", "1", "-m", memory, "-display", "none", "-nodefaults", "-no-reboot"),
            *("-kernel", str(kernel), "-initrd", str(WORK / "ramdisk.gz")),
            *("-append", " ".join(f"{key}={value}" for key, value in words.items())),
            *("-serial", f"file:{WORK / f'console.{self.name}'}"),
            *("-chardev", "stdio,id=agent,signal=off"),
            *("-device", "virtio-serial-pci", "-device", "virtserialport,chardev=agent,name=agent"),
            *("-fsdev", "local,id=root,path=/,security_model=none,readonly=on,multidevs=remap"),
            *("-device", "virtio-9p-pci,fsdev=root,mount_tag=host", "-device", "virtio-rng-pci"),
            *devices,
        ]

    def _listen(self):
        for line in self._process.stdout:
            # The port may have something else to say while the machine starts.
            with contextlib.suppress(ValueError):
                answer = json.loads(line)
                with self._news:
                    self._answers[answer["id"]] = answer
                    self._news.notify_all()
        with self._news:
            self._answers.setdefault("end", {"error": "the machine has ended"})
            self._news.notify_all()

    def wait_until_booted(self):
        """Waits for the agent, and brings the program into the machine's memory."""
        self._answer("boot", BOOT_SECONDS)
        self.check(f"ip link set lo up && cp '{self.program}' /run/jsonlock && chmod +x /run/jsonlock")

    def start(self, function, **arguments):
        """Begins a call of a function of the guest's modules, to be waited for with `answer`."""
        self._calls += 1
        request = {"id": self._calls, "call": function, "arguments": arguments}
        self._process.stdin.write(json.dumps(request).encode() + b"\n")
        self._process.stdin.flush()
        return self._calls

    def answer(self, call, seconds=CALL_SECONDS):
        """What a call gave."""
        return self._answer(call, seconds).get("result")

    def _answer(self, call, seconds):
        with self._news:
            self._news.wait_for(lambda: call in self._answers or "end" in self._answers, seconds)
            answer = self._answers.pop(call, None) or self._answers.get("end", {"error": "no answer"})
        if "error" in answer:
            raise GuestError(f"{self.name}: {answer['error']}")
        return answer

    def call(self, function, seconds=CALL_SECONDS, **arguments):
        """Calls a function in the guest and gives what it gives."""
        return self.answer(self.start(function, **arguments), seconds)

    def shell(self, script):
        """Runs a script to its end."""
        return Finished(self.call("commands.shell", script=script))

    def check(self, script):
        """Runs a script that must succeed, and gives what it prints."""
        finished = self.shell(script)
        if finished.status != 0:
            raise GuestError(f"{self.name}: {script}: {finished}")
        return finished.output

    def start_jsonlock(self, *words, directory, **options):
        """Begins a run of the program, which is allowed to edit on shares unless told otherwise."""
        return self.start("commands.jsonlock", words=words, directory=directory, **options)

    def jsonlock(self, *words, directory, **options):
        """Runs the program to its end. `text` is its standard input, and `allow` may be false."""
        return self.finish(self.start_jsonlock(*words, directory=directory, **options))

    def finish(self, call):
        """Waits for the end of a run that was begun."""
        return Finished(self.answer(call))

    def is_on(self):
        return self._process.poll() is None

    def cut_power(self):
        """Ends the machine as a power cut does."""
        self._process.kill()
        self._process.wait()


def boot(*machines):
    """Waits until all of them are up."""
    for machine in machines:
        machine.wait_until_booted()
