"""What is known of a part of a home: of its process from outside, and what it says itself."""

import os
from datetime import UTC, datetime
from pathlib import Path

from joulebus.provision import Condition
from joulebus_schemas import calls


def part_status(condition: Condition, health: calls.Health | None) -> calls.PartStatus:
    """What is known of a part from outside, and what it says itself."""
    since = condition.since_unix_seconds
    silent = None if health is not None else "it does not answer" if condition.state == "running" else f"it is {condition.state}"
    return calls.PartStatus(
        state=condition.state,
        replicas=condition.replicas,
        pid=condition.pid,
        since=None if since is None else datetime.fromtimestamp(int(since), UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        restarts=condition.restarts,
        alive=health is not None,
        ready=health is not None and health.ready,
        tick=health.tick if health is not None else None,
        cause=health.cause if health is not None else silent,
    )


def resident_bytes(pid: int | None) -> int | None:
    """Memory of a process of this machine; None when there is none, or it does not run here."""
    try:
        return None if pid is None else int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return None
