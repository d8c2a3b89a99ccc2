"""Timers, background tasks and futures, for code that need not know which event loop runs.

Everything runs on the loop's one thread, so nothing here interrupts a handler.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from contextlib import suppress
from inspect import isawaitable
from typing import Any, TypeVar

from joulebus.bus.loop import loop

_log = logging.getLogger("joulebus.bus")

_T = TypeVar("_T")

_tasks: set[asyncio.Task[Any]] = set()
"""The loop holds tasks only weakly: one that nobody else refers to may be collected before it is finished."""


def later(seconds: float, act: Callable[[], object]) -> asyncio.Handle:
    """Call ``act`` once, after so many seconds. Pass the result to :func:`cancel` to prevent it; an exception is logged."""
    return loop().call_later(seconds, act) if seconds > 0 else loop().call_soon(act)


def cancel(timer: asyncio.Handle | None) -> None:
    """Cancel a timer of :func:`later`; no effect if it has fired, or is None."""
    if timer is not None:
        timer.cancel()


class Repeated:
    """A timer of :func:`every`."""

    def __init__(self, seconds: float, act: Callable[[], object]) -> None:
        self._seconds, self._act = seconds, act
        self._timer = loop().call_later(seconds, self._again)
        self._is_cancelled = False

    def cancel(self) -> None:
        """Stop repeating; a call in progress is finished."""
        self._is_cancelled = True
        self._timer.cancel()

    def _again(self) -> None:
        try:
            given = self._act()
        except Exception:  # A timer that stops at its first error (a full disk, a lost router) would be missed later.
            _log.exception("failed, and is tried again in %g s", self._seconds)
            given = None
        if isawaitable(given):
            spawn(_finished(given)).add_done_callback(lambda task: self._schedule())
        else:
            self._schedule()

    def _schedule(self) -> None:
        if not self._is_cancelled:
            self._timer = loop().call_later(self._seconds, self._again)


def every(seconds: float, act: Callable[[], object]) -> Repeated:
    """Call ``act`` every so many seconds, first after one interval, and never before the previous call has finished.

    ``act`` may be ``async``. An exception is logged, and the timer goes on.
    """
    return Repeated(seconds, act)


def spawn(work: Coroutine[Any, Any, _T]) -> asyncio.Task[_T]:
    """Run a coroutine in the background, from the next turn of the loop on; those started first run first. An exception is logged."""
    task = loop().create_task(work)
    _tasks.add(task)
    task.add_done_callback(_ended)
    return task


def answer_later() -> asyncio.Future[Any]:
    """A future: a handler of a call may return it, and :func:`give` resolves it."""
    return loop().create_future()


def give(answer: asyncio.Future[_T], value: _T | Exception) -> None:
    """Resolve a future with a value or an exception; ignored if it is resolved or cancelled already."""
    if answer.done():
        return
    if isinstance(value, Exception):
        answer.set_exception(value)
    else:
        answer.set_result(value)


async def end_tasks() -> None:
    """Cancel all background tasks and wait until they have ended."""
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
            _log.error("a task in the background failed", exc_info=error)
