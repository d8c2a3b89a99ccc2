"""The real wampc (npm wamp-cli) on a terminal of its own, typed into as a person would."""

import json
import os
import pty
import re
import select
import subprocess
import time
from pathlib import Path
from typing import Any

WAMPC = Path(__file__).resolve().parents[2] / "infra/wampc/wampc"
PROMPT = "$> "
PATIENCE_SECONDS = 60.0


class Wampc:
    """One session; :meth:`call` gives what the screen says."""

    def __init__(self, url: str, authority: Path | None = None) -> None:
        """``authority``: PEM file by which it checks a certificate, in the way of all programs that run on Node."""
        ours, theirs = pty.openpty()
        environment = os.environ | {"TERM": "dumb", "NO_COLOR": "1", "FORCE_COLOR": "0", "NODE_NO_READLINE": "1"}
        environment |= {"NODE_EXTRA_CA_CERTS": str(authority)} if authority is not None else {}
        self._process = subprocess.Popen([WAMPC, url, "joulebus"], stdin=theirs, stdout=theirs, stderr=theirs, env=environment)
        os.close(theirs)
        self._screen = ours
        self._read_until(PROMPT)

    def call(self, uri: str, **named: Any) -> str:
        """``.CALL uri`` with keyword arguments as YAML; what it printed about it."""
        return self.call_as_typed(f".CALL {uri}", "", json.dumps(named) if named else "")

    def call_as_typed(self, line: str, positional: str, named: str) -> str:
        """What a person types into it, line by line; what it printed about it."""
        self._type(line)
        self._read_until("Enter args (YAML array)> ")
        self._type(positional)
        self._read_until("Enter kwargs (YAML object)> ")
        self._type(named)
        return self._read_until(PROMPT)

    def close(self) -> None:
        """Close the window."""
        self._process.kill()
        self._process.wait()
        os.close(self._screen)

    def _type(self, line: str) -> None:
        os.write(self._screen, line.encode() + b"\n")

    def _read_until(self, end: str) -> str:
        said, deadline = "", time.monotonic() + PATIENCE_SECONDS
        while not said.endswith(end):
            ready, _, _ = select.select([self._screen], [], [], max(0.0, deadline - time.monotonic()))
            assert ready, f"wampc does not say {end!r}, but: {said}"
            said = _plain(said + os.read(self._screen, 65_536).decode(errors="replace"))
        return said.removesuffix(end)


def _plain(text: str) -> str:
    """Without colours and carriage returns."""
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text).replace("\r", "")
