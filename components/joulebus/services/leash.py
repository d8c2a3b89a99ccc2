"""A supervisor that is bound to the process that started it: when that one ends, however it ends, so does the home."""

import os
import signal
import sys
import threading
import time

ORDERLY_SECONDS_MAX = 20.0
"""Then the supervisor kills itself, and the kernel its children: nothing may outlive a terminal that is gone."""


def bind_to_parent() -> None:
    """End this process when its standard input is closed, which its parent holds open as long as it lives."""
    threading.Thread(target=_wait_for_the_end, name="leash", daemon=True).start()


def _wait_for_the_end() -> None:
    while os.read(sys.stdin.fileno(), 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(ORDERLY_SECONDS_MAX)
    os.kill(os.getpid(), signal.SIGKILL)
