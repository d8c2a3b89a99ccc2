"""What a test lets a zygote fork: says something, then sleeps, or ends with a code."""

import sys
import time


def main(arguments: list[str]) -> int:
    """``sleep`` for long, ``end CODE``, or ``fail``."""
    print("here", arguments, flush=True)
    if arguments[0] == "end":
        return int(arguments[1])
    if arguments[0] == "leave":
        sys.exit(int(arguments[1]))
    assert arguments[0] == "sleep", "a bug of the component"
    time.sleep(600)
    return 0
