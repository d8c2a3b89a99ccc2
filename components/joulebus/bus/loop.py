"""The one event loop of a process: asyncio's, with Twisted's reactor on it, so that libraries of both work side by side.

It is made when it is first needed, because a process that forks others must not have one before it forks.
"""
# mypy: allow-untyped-calls

import asyncio
import sys
from functools import cache
from typing import Any


@cache
def loop() -> asyncio.AbstractEventLoop:
    """The event loop; it also turns Twisted's reactor."""
    assert not is_made(), "a reactor of another kind is installed: import joulebus.bus.loop first"
    from twisted.internet.main import installReactor

    from joulebus.bus.reactor import WritingReactor

    made = asyncio.new_event_loop()
    asyncio.set_event_loop(made)
    installReactor(WritingReactor(made))
    return made


def is_made() -> bool:
    """Whether this process has a loop, so that it must not fork others any more."""
    return "twisted.internet.reactor" in sys.modules


def twisted_reactor() -> Any:
    """The reactor on this loop."""
    loop()
    from twisted.internet import reactor

    return reactor
