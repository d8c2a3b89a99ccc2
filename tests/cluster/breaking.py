"""Hands that hurt a cluster on this machine: its API server, its node."""

import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.cluster.living import PodHome, run
from tests.real.router import wait_until

API_SERVER = "kube-apiserver"
AGAIN_SECONDS = 1.0
"""Whoever keeps the API server starts it again within so long."""


def pids_of(program: str) -> list[int]:
    """Processes of this machine, in whatever namespace, that run a program."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            found += [int(path.parent.name)] if Path(path.read_bytes().split(b"\0")[0].decode(errors="replace")).name == program else []
    return found


def keep_dead(program: str, seconds: float) -> int:
    """Kill a program whenever it lives, for so long; how often that was."""
    began, last, kills = time.monotonic(), 0.0, 0

    def is_over() -> bool:
        nonlocal last, kills
        now = time.monotonic()
        if now - last > AGAIN_SECONDS:
            last = now
            for pid in pids_of(program):
                os.kill(pid, signal.SIGKILL)
                kills += 1
        return now - began > seconds

    wait_until(is_over, "it has been away long enough", seconds + 30)
    return kills


def api_answers() -> bool:
    """Whether the API server can be asked."""
    with suppress(AssertionError):
        return run("kubectl", "get", "--raw", "/readyz", "--request-timeout=2s") == "ok"
    return False


@contextmanager
def drained(home: PodHome) -> Iterator[int]:
    """Within it, no node takes pods, and the home's have been evicted; how many those were."""
    nodes = [one["metadata"]["name"] for one in json.loads(run("kubectl", "get", "nodes", "-o", "json"))["items"]]
    words = ["--ignore-daemonsets", "--delete-emptydir-data", "--force", "--timeout=240s", f"--pod-selector=joulebus.io/home={home.name}"]
    said = run("kubectl", "drain", *nodes, *words)
    try:
        yield sum(line.startswith("pod/") and line.endswith("evicted") for line in said.splitlines())
    finally:
        run("kubectl", "uncordon", *nodes)
