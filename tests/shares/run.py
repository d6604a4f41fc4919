#!/usr/bin/env python3
"""Runs scenarios on real shares between virtual machines, and fails when a promise is broken.

The README beside this file says what each of them does and what it takes.
"""

import argparse
import importlib
import os
import pathlib
import signal
import subprocess
import sys

# Nothing is left beside the sources.
sys.dont_write_bytecode = True

import machine
from report import Report

SCENARIOS = ["nfs_promises", "nfs_kills", "nfs_window", "folders"]
TARGET = "x86_64-unknown-linux-gnu"


def main():
    options = arguments()
    # Whoever ends this program ends its machines, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    os.nice(5)
    for file in ("kernel", "ramdisk.gz"):
        if not (machine.WORK / file).exists():
            sys.exit(f"{machine.WORK} has no {file}: run {machine.HERE / 'setup.sh'} first")
    options.binary = (options.binary or build()).resolve(strict=True)
    kept = [run(scenario, options) for scenario in options.scenarios or SCENARIOS]
    sys.exit(0 if all(kept) else 1)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("scenarios", nargs="*", metavar="SCENARIO", help=f"some of: {' '.join(SCENARIOS)}")
    parser.add_argument("--binary", type=pathlib.Path, help="a static build; without it, one is made")
    parser.add_argument("--kills", type=int, default=500, help="edits to kill at random (500)")
    parser.add_argument("--aimed", type=int, default=50, help="edits to kill within the rename (50)")
    parser.add_argument("--cuts", type=int, default=5, help="power cuts within the rename (5)")
    options = parser.parse_args()
    if unknown := set(options.scenarios) - set(SCENARIOS):
        parser.error(f"no such scenario: {' '.join(unknown)}")
    return options


def build():
    """The program for machines that have none of its libraries."""
    root = machine.HERE.parents[1]
    flags = f"{os.environ.get('RUSTFLAGS', '')} -C target-feature=+crt-static"
    command = ["cargo", "build", "--quiet", "--release", "--locked", "--target", TARGET]
    subprocess.run(command, cwd=root, env={**os.environ, "RUSTFLAGS": flags.strip()}, check=True)
    return root / "target" / TARGET / "release" / "jsonlock"


def run(scenario, options):
    report = Report(scenario)
    try:
        importlib.import_module(scenario).run(report, options)
    except machine.GuestError as error:
        report.expect(False, "the scenario comes to its end", error)
    return report.close()


if __name__ == "__main__":
    main()
