"""Twisted's reactor inside a test: turned by hand until something is true."""

import time
from collections.abc import Callable
from typing import Any

from twisted.internet import reactor
from twisted.internet.defer import Deferred

turning: Any = reactor


def until(condition: Callable[[], object], what: str, seconds: float = 20.0) -> None:
    """Turn the reactor until a condition holds; fails with what was waited for."""
    if not turning.running:
        turning.startRunning(installSignalHandlers=False)
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds:g} s: {what}"
        turning.iterate(0.01)


def turn(seconds: float) -> None:
    """Let so much time pass, to see that something does not happen."""
    end = time.monotonic() + seconds
    until(lambda: time.monotonic() >= end, "time passes", seconds + 5)


def outcome(deferred: Deferred[Any], seconds: float = 20.0) -> Any:
    """What a deferred fires with, or the exception it fails with."""
    results: list[Any] = []
    deferred.addCallbacks(results.append, lambda failure: results.append(failure.value))
    until(lambda: results, "an answer", seconds)
    return results[0]
