"""What a scenario saw, and whether the promises were kept."""

import time


class Report:
    """Prints what happens as it happens, and one line of figures at the end."""

    def __init__(self, scenario):
        self.scenario = scenario
        self._start = time.monotonic()
        self._broken = []
        self._figures = {}

    def note(self, text):
        seconds = time.monotonic() - self._start
        print(f"[{seconds:6.1f}] " + str(text).strip().replace("\n", "\n         "), flush=True)

    def expect(self, holds, promise, seen=""):
        """Notes whether a promise was kept, and what was seen of it."""
        if not holds and promise not in self._broken:
            self._broken.append(promise)
        self.note(f"{'kept' if holds else 'BROKEN'}: {promise}" + (f"; {seen}" if str(seen) else ""))

    def expect_status(self, finished, status, promise):
        """The same of a command's status."""
        seen = str(finished) if finished.status != status else f"{finished.seconds:.1f} s"
        self.expect(finished.status == status, f"{promise} (status {status})", seen)

    def figure(self, **figures):
        self._figures.update(figures)

    def close(self):
        """Says the verdict; gives whether all promises were kept."""
        figures = " ".join(f"{name}={value}" for name, value in self._figures.items())
        seconds = time.monotonic() - self._start
        verdict = f"BROKEN: {'; '.join(self._broken)}" if self._broken else "kept"
        print(f"{self.scenario}: {figures} seconds={seconds:.0f} verdict: {verdict}", flush=True)
        return not self._broken
