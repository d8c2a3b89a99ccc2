"""Timers, tasks and answers that come later, for those who need not know which event loop turns.

All of it runs on the one thread of the loop: nothing here interrupts a handler.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from contextlib import suppress
from inspect import isawaitable
from typing import Any, TypeVar

from joulebus.bus.loop import loop

log = logging.getLogger("joulebus.bus")

T = TypeVar("T")

_tasks: set[asyncio.Task[Any]] = set()
"""The loop itself keeps weak references only: a task that nobody holds may vanish in the middle of its work."""


def later(seconds: float, act: Callable[[], object]) -> asyncio.Handle:
    """Do something once; :func:`cancel` takes the answer. An error is logged."""
    return loop().call_later(seconds, act) if seconds > 0 else loop().call_soon(act)


def cancel(timer: asyncio.Handle | None) -> None:
    """Do not do it, if it has not been done."""
    if timer is not None:
        timer.cancel()


class Repeated:
    """Something that is done again and again, until it is cancelled."""

    def __init__(self, seconds: float, act: Callable[[], object]) -> None:
        self._seconds, self._act = seconds, act
        self._timer = loop().call_later(seconds, self._again)
        self._is_cancelled = False

    def cancel(self) -> None:
        """Do it no more."""
        self._is_cancelled = True
        self._timer.cancel()

    def _again(self) -> None:
        try:
            given = self._act()
        except Exception:  # What ended with its first error (a full disk, a router that is gone) would be missed later.
            log.exception("failed, and is tried again in %g s", self._seconds)
            given = None
        if isawaitable(given):
            spawn(_finished(given)).add_done_callback(lambda task: self._schedule())
        else:
            self._schedule()

    def _schedule(self) -> None:
        if not self._is_cancelled:
            self._timer = loop().call_later(self._seconds, self._again)


def every(seconds: float, act: Callable[[], object]) -> Repeated:
    """Do something again and again, never twice at once; the first time after one interval. ``act`` may be ``async``.

    An error is logged, and it is tried again.
    """
    return Repeated(seconds, act)


def spawn(work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
    """Do something in the background: it starts with the next turn of the loop, in the order of the calls. An error is logged."""
    task = loop().create_task(work)
    _tasks.add(task)
    task.add_done_callback(_ended)
    return task


def answer_later() -> asyncio.Future[Any]:
    """A value that will be given later: a handler may return it, and others may await it."""
    return loop().create_future()


def give(answer: asyncio.Future[T], value: T | Exception) -> None:
    """Give a value, or an error, to those who wait for it; a second one, or one that nobody waits for any more, is nothing."""
    if answer.done():
        return
    if isinstance(value, Exception):
        answer.set_exception(value)
    else:
        answer.set_result(value)


async def end_tasks() -> None:
    """Cancel what runs in the background, and wait until it has ended."""
    tasks = _tasks - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _finished(work: Any) -> None:
    await work


def _ended(task: asyncio.Task[Any]) -> None:
    _tasks.discard(task)
    with suppress(asyncio.CancelledError):
        error = task.exception()
        if error is not None:
            log.error("a task in the background failed", exc_info=error)
