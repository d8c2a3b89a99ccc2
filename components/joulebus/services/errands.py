"""Work that takes long, in a process of its own at the lowest priority: it never holds up who asked for it, nor the home.

The process gets its order as one JSON object on standard input, which is held open as long as whoever asked lives; it says lines of JSON
on standard output: ``{"progress_ppm": …}``, and at last ``{"result": …}`` or ``{"error": …}``.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from joulebus.errors import JoulebusError

ERRAND = "joulebus.services.errand"
"""``python -m`` this, with the name of an errand, does it."""
LINE_BYTES_MAX = 4 << 20
"""Limit of a result."""
ERRAND_SECONDS_MAX = 900.0
"""Real time; the process itself is limited in time of the processor and in memory, too."""
SAID_MAX = 2_000


class ErrandError(JoulebusError):
    """An errand has failed, in its own words."""


class Errand:
    """One process; :meth:`run` once."""

    def __init__(self, name: str, order: dict[str, Any], tell: Callable[[int], None]) -> None:
        self._name, self._order, self._tell = name, order, tell
        self._process: asyncio.subprocess.Process | None = None
        self._is_cancelled = False

    async def run(self) -> dict[str, Any]:
        """Its result.

        Raises:
            ErrandError: It has failed, was ended, or took too long.
        """
        try:
            async with asyncio.timeout(ERRAND_SECONDS_MAX):
                return await self._run()
        except TimeoutError:
            raise ErrandError(f"it took more than {ERRAND_SECONDS_MAX / 60:.0f} minutes and was ended: ask for less") from None
        finally:
            self.end()

    async def _run(self) -> dict[str, Any]:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-P", "-m", ERRAND, self._name),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            limit=LINE_BYTES_MAX,
            env=os.environ.copy(),
        )
        process = self._process
        assert process.stdin is not None and process.stdout is not None
        with suppress(ConnectionError):
            process.stdin.write(json.dumps(self._order).encode() + b"\n")
            await process.stdin.drain()
        async for line in process.stdout:
            said = json.loads(line)
            if "progress_ppm" in said:
                self._tell(said["progress_ppm"])
            elif "error" in said:
                raise ErrandError(str(said["error"])[:SAID_MAX])
            else:
                result: dict[str, Any] = said["result"]
                return result
        code = await process.wait()
        raise ErrandError(
            "it was cancelled" if self._is_cancelled else f"its process ended with {code}: out of memory or time; ask for less"
        )

    def cancel(self) -> None:
        """End it; :meth:`run` raises."""
        self._is_cancelled = True
        self.end()

    def end(self) -> None:
        """End its process, if there is one."""
        if self._process is not None and self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.send_signal(signal.SIGKILL)
