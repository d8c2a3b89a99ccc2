"""What takes long in the router's worker, done in a thread beside it. It is copied into the run directory and imported by Crossbar."""
# mypy: allow-untyped-calls

from collections.abc import Callable
from typing import Any


def in_a_thread(reactor: Any, work: Callable[[], Any]) -> Any:
    """A Deferred of its result; meanwhile the router goes on."""
    from twisted.internet.threads import deferToThreadPool  # Not where the router is only written about.

    return deferToThreadPool(reactor, reactor.getThreadPool(), work)
