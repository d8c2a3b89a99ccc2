"""Who is joined to the router at this moment: its worker writes it down when it changes, and the home reads it.

It is copied into the run directory and imported by Crossbar, so it imports nothing of ours but what is copied, too.
Nobody gets rights on the router's own procedures for it: those tell about everybody's connections, too.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

try:
    from joulebus.provision.sessions import replace_json
except ImportError:  # In the router's worker.
    from sessions import replace_json  # type: ignore[import-not-found, no-redef]

PRESENT = "~present.json"
"""The file beside the folders of homes, whose names have no such mark."""


class Present:
    """Sessions with a name, by number, as the router has them."""

    def __init__(self, principals: Path) -> None:
        self._path = principals / PRESENT
        self._there: dict[int, dict[str, Any]] = {}
        self._is_written = False

    def look(self, sessions: Mapping[int, Any], now: int) -> None:
        """Write down who is there when somebody has come or gone; ``sessions`` are the router's own, ``now`` in unix seconds."""
        there = {
            number: self._there.get(number) or {"principal": str(one._authid), "role": _role(str(one._authrole)), "since_unix_seconds": now}
            for number, one in list(sessions.items())
            if "/" in str(one._authid or "")
        }
        if there.keys() == self._there.keys() and self._is_written:
            return
        self._there, self._is_written = there, False
        with suppress(OSError):  # A router whose folder is read-only keeps it to itself.
            replace_json(self._path, [{"session": number, **one} for number, one in self._there.items()])
            self._is_written = True


def read_present(principals: Path, home: str) -> list[dict[str, Any]]:
    """Those of a home, the last who came first; OSError when the router has written nothing down."""
    found: list[dict[str, Any]] = json.loads((principals / PRESENT).read_text())
    here = [one for one in found if str(one["principal"]).startswith(f"{home}/")]
    return sorted(here, key=lambda one: (-int(one["since_unix_seconds"]), str(one["principal"]), int(one["session"])))


def _role(name: str) -> str:
    """Without the mark of its rights that the router knows it by."""
    return name.rpartition("_")[0] or name
