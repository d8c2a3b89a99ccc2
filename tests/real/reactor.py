"""The event loop inside a test: turned by hand until something is true."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

from twisted.internet.defer import Deferred

from joulebus.bus.loop import loop, twisted_reactor

turning: Any = twisted_reactor()
LOOK_SECONDS = 0.005
PATIENCE_SECONDS = 90.0
"""How long something may take that takes a moment: two busy cores are slow."""


def until(condition: Callable[[], object], what: str, seconds: float = PATIENCE_SECONDS) -> None:
    """Turn the loop until a condition holds; fails with what was waited for."""
    if not turning.running:
        turning.startRunning(installSignalHandlers=False)
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds:g} s: {what}"
        loop().run_until_complete(asyncio.sleep(LOOK_SECONDS))


def turn(seconds: float) -> None:
    """Let so much time pass, to see that something does not happen."""
    end = time.monotonic() + seconds
    until(lambda: time.monotonic() >= end, "time passes", seconds + 5)


def outcome(asked: Awaitable[Any] | Deferred[Any], seconds: float = PATIENCE_SECONDS) -> Any:
    """What somebody gets who awaits it: a value, or the exception."""
    awaited = asked.asFuture(loop()) if isinstance(asked, Deferred) else asked
    results: list[Any] = []

    async def get() -> None:
        try:
            results.append(await awaited)
        except Exception as error:
            results.append(error)

    task = loop().create_task(get())
    until(task.done, "an answer", seconds)
    return results[0]
