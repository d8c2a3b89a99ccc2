"""The supervisor's end of the zygote: components by fork, which look like processes that were started."""

import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from joulebus.errors import SetupError
from joulebus.provision.zygote import ORDER_BYTES_MAX

READY_SECONDS_MAX = 60.0
LOST_CHILD = -signal.SIGKILL
"""What is known of the end of a component whose zygote died: it was killed with it."""


class Forked:
    """A forked component, with the part of ``subprocess.Popen`` that a supervisor needs."""

    def __init__(self, prefork: "PreforkServer", pid: int) -> None:
        self.prefork = prefork
        self.pid = pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Its exit code, if it has ended."""
        self.prefork.listen(0)
        return self.returncode

    def wait(self) -> int:
        """Wait for its end."""
        while self.returncode is None:
            self.prefork.listen(1.0)
        return self.returncode


class PreforkServer:
    """Orders components from a zygote, which is started with the first one."""

    def __init__(self, modules: tuple[str, ...], log: Path, preexec: Callable[[], None]) -> None:
        self.modules = modules
        self.log = log
        self.preexec = preexec
        self.alive: dict[int, Forked] = {}
        self._channel: socket.socket | None = None
        self._zygote: subprocess.Popen[bytes] | None = None
        self._born: Forked | None = None

    def fork(self, name: str, module: str, arguments: tuple[str, ...], log: Path, environment: Mapping[str, str]) -> Forked:
        """A component that runs ``module.main(arguments)``.

        Raises:
            SetupError: The process that starts components has ended.
        """
        if self._channel is None:
            self._start()
        assert self._channel is not None
        order = {"name": name, "module": module, "arguments": arguments, "log": str(log), "environment": dict(environment)}
        self._born = None
        with suppress(OSError):
            self._channel.send(json.dumps(order).encode())
        deadline = time.monotonic() + READY_SECONDS_MAX
        while self._born is None and self._channel is not None and time.monotonic() < deadline:
            self.listen(1.0)
        if self._born is None:
            raise SetupError(f"{name} cannot be started: the process that starts components has ended; see {self.log}")
        return self._born

    def listen(self, seconds: float) -> None:
        """Hear from the zygote who was born and who ended."""
        if self._channel is None:
            return
        while self._channel is not None and select.select([self._channel], [], [], seconds)[0]:
            self._hear(self._channel)
            seconds = 0

    def close(self) -> None:
        """End the zygote, and with it whoever is left."""
        if self._channel is not None:
            self._channel.close()
            self._channel = None
        if self._zygote is not None:
            self._zygote.wait()
            self._zygote = None

    def _hear(self, channel: socket.socket) -> None:
        try:
            said = channel.recv(ORDER_BYTES_MAX)
        except OSError:
            said = b""
        if not said:
            self._lost()
            return
        message = json.loads(said)
        if "code" in message:
            self.alive.pop(message["pid"]).returncode = message["code"]
        else:
            self._born = self.alive[message["pid"]] = Forked(self, message["pid"])

    def _lost(self) -> None:
        self.close()
        for forked in self.alive.values():
            forked.returncode = LOST_CHILD
        self.alive.clear()

    def _start(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        argv = [sys.executable, "-m", "joulebus.provision.zygote", str(theirs.fileno()), *self.modules]
        with theirs, self.log.open("ab") as log:
            self._zygote = subprocess.Popen(
                argv,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
                preexec_fn=self.preexec,
                env=os.environ.copy(),
            )
        self._channel = ours
