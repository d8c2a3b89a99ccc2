"""Timers of the reactor, for those who do not know that there is a reactor."""

import logging
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from twisted.internet.defer import Deferred
from twisted.internet.task import LoopingCall

Later = Deferred
"""The answer to a call, as a hint: ``-> Later[Accepted]``."""

_log = logging.getLogger("joulebus.bus")

T = TypeVar("T")


def later(seconds: float, act: Callable[[], None]) -> Any:
    """Do something once; the answer can be given to :func:`cancel`."""
    from twisted.internet import reactor

    clock: Any = reactor
    return clock.callLater(seconds, act)


def cancel(timer: Any) -> None:
    """Do not do it, if it has not been done."""
    if timer is not None and timer.active():
        timer.cancel()


def every(seconds: float, act: Callable[[], None]) -> LoopingCall:
    """Do something again and again, never twice at once; the first time after one interval. When it fails, next time it may not."""

    def try_it() -> None:
        try:
            act()
        except Exception:  # A loop that ends with its first error (a full disk, a router that is gone) would be missed later.
            _log.exception("failed, and is tried again in %g s", seconds)

    loop = LoopingCall(try_it)
    loop.start(seconds, now=False)
    return loop


class Promise(Generic[T]):
    """An answer that will be given later."""

    def __init__(self) -> None:
        self.deferred: Deferred[T] = Deferred()

    def keep(self, value: T) -> None:
        """Give the answer, once."""
        if not self.deferred.called:
            self.deferred.callback(value)

    def refuse(self, error: Exception) -> None:
        """Give no answer but an error, once."""
        if not self.deferred.called:
            self.deferred.errback(error)
