"""The event loop of a process: asyncio's, with Twisted's reactor on top, so that libraries of both work side by side.

It is created on first use, because a process that forks others must not have one before it forks.
"""
# mypy: allow-untyped-calls

import asyncio
import sys
from functools import cache
from typing import Any


@cache
def loop() -> asyncio.AbstractEventLoop:
    """The event loop, created on first use; it also runs Twisted's reactor."""
    assert not is_made(), "another reactor is installed already: call joulebus.bus.loop.loop() before importing twisted.internet.reactor"
    from twisted.internet.main import installReactor

    from joulebus.bus.reactor import WritingReactor

    made = asyncio.new_event_loop()
    asyncio.set_event_loop(made)
    installReactor(WritingReactor(made))
    return made


def is_made() -> bool:
    """Whether this process has a loop; if so, it must not fork any more."""
    return "twisted.internet.reactor" in sys.modules


def twisted_reactor() -> Any:
    """Twisted's reactor, on this loop."""
    loop()
    from twisted.internet import reactor

    return reactor
