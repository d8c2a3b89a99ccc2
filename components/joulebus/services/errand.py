"""The process of an errand: ``python -m joulebus.services.errand NAME``, its order on standard input. See errands.py."""

import json
import os
import resource
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from joulebus.errors import JoulebusError

NICE = 19
CPU_SECONDS_MAX = 600
MEMORY_BYTES_MAX = 4 << 30
"""Limit of its addresses; numpy and its friends reserve far more than they use."""
TOLD_SECONDS = 0.5


def main(argv: list[str]) -> int:
    """Do one errand."""
    os.nice(NICE)
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS_MAX, CPU_SECONDS_MAX))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES_MAX, MEMORY_BYTES_MAX))
    order = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_who_asked, daemon=True).start()
    try:
        said: dict[str, Any] = {"result": ERRANDS[argv[0]](order, Progress().tell)}
    except JoulebusError as error:
        said = {"error": str(error)}
    except MemoryError:
        said = {"error": "it needs more memory than it may take: ask for less"}
    print(json.dumps(said), flush=True)
    return 0


class Progress:
    """Says how far it is, at most twice a second."""

    def __init__(self) -> None:
        self._told = time.monotonic()

    def tell(self, ppm: int) -> None:
        """So much is done."""
        if time.monotonic() - self._told >= TOLD_SECONDS:
            self._told = time.monotonic()
            print(json.dumps({"progress_ppm": min(ppm, 1_000_000)}), flush=True)


def _end_with_who_asked() -> None:
    while os.read(sys.stdin.fileno(), 4096):
        pass
    os._exit(1)


def what_if(order: dict[str, Any], tell: Callable[[int], None]) -> dict[str, Any]:
    """The variants of a home."""
    from joulebus.planning.whatif import WhatIfSource, live_variants
    from joulebus_schemas.whatif import AskWhatIf

    ask = AskWhatIf.model_validate_json(json.dumps(order["ask"]))
    return live_variants(WhatIfSource(ask, Path(order["journal"]), Path(order["folder"])), tell)


def audit_books(order: dict[str, Any], tell: Callable[[int], None]) -> dict[str, Any]:
    """The ledger of a home, recomputed."""
    from joulebus.audit import Since, audit

    report = audit(order["journal"], None, Since(None, lambda done, total: tell(done * 1_000_000 // max(total, 1))))
    return {"lines": report.lines(), "is_sound": report.is_sound, "report": report.as_json()}


def export_home(order: dict[str, Any], tell: Callable[[int], None]) -> dict[str, Any]:
    """The home of a journal at its end, as a home file."""
    from joulebus.homefile.home_file import dump
    from joulebus.planning.whatif import living_home

    return {"yaml": dump(living_home(Path(order["journal"])))}


ErrandDone = Callable[[dict[str, Any], Callable[[int], None]], dict[str, Any]]
ERRANDS: dict[str, ErrandDone] = {"audit": audit_books, "export_home": export_home, "what_if": what_if}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
