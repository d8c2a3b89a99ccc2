"""The supervisor of a home, started, watched and ended from outside: the one process that all others of the home end with."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from joulebus.rundir import holder

END_SECONDS_MAX = 20.0
"""How long an orderly end may take: each part is asked first. Then the supervisor is killed, and its children with it."""
SAID_CHARACTERS_MAX = 20_000


class Launched:
    """A supervisor that this process has started. When it is bound, it ends as soon as this process does, however that ends."""

    def __init__(self, argv: Sequence[str], orders: str, bound: bool) -> None:
        self.bound = bound
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 (it lives as long as this object)
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", *argv],  # -P: a folder called joulebus where somebody stands is not us.
            stdin=subprocess.PIPE,
            stdout=self._said,
            stderr=self._said,
            start_new_session=True,  # Neither Ctrl-C nor a closed terminal are for the supervisor.
            env=os.environ.copy(),
        )
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):  # It has ended already, and says why.
            self._process.stdin.write(orders.encode() + b"\n")
            self._process.stdin.flush()
            if not bound:
                self._process.stdin.close()

    @property
    def pid(self) -> int:
        """Its process."""
        return self._process.pid

    def exit_code(self) -> int | None:
        """None while it runs."""
        return self._process.poll()

    def said(self) -> str:
        """What it wrote to its standard output and error; the rest is in its log."""
        size = self._said.seek(0, os.SEEK_END)
        self._said.seek(max(0, size - SAID_CHARACTERS_MAX))
        return self._said.read().decode(errors="replace").strip()

    def end(self) -> None:
        """Ask it to end, and wait until it has; it is killed when it does not."""
        with suppress(ProcessLookupError):
            self._process.terminate()
        try:
            self._process.wait(END_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def end_from_outside(directory: Path) -> bool:
    """End the home of a directory, whoever started it; whether there was one to end."""
    pid = holder(directory)
    if pid is None:
        return False
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.kill(pid, number)
        deadline = time.monotonic() + END_SECONDS_MAX
        while holder(directory) == pid and time.monotonic() < deadline:
            time.sleep(0.05)
    return True
