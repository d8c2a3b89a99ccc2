"""``joulebus clock``: turn the clock of a home, and say how it stands once that has happened."""

import time
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from joulebus.cli.client import Conversation, owner
from joulebus.cli.output import print_json

CLOCK_LOOK_SECONDS = 0.1
CLOCK_LOOKS_MAX = 600
"""A minute; a home that is stopped for longer says why in its answer."""


def turn_clock(home: str | None, procedure: str, arguments: dict[str, Any]) -> None:
    """Ask, wait until the ticks of a step have passed or a pause has come, and print the state of then."""
    _, found, bus = owner(home)
    base = f"joulebus.{found.home}.clock"
    with Conversation(bus) as asked:
        target = asked.ask(f"{base}.get", {})["tick"] + arguments.get("ticks", 0)
        state = asked.ask(f"{base}.{procedure}", arguments)
        for _ in range(CLOCK_LOOKS_MAX if procedure == "step" else 0):  # The answer comes when it stands, or after some seconds.
            if state["cause"] is not None or not state["paused"] or state["tick"] >= target:
                break
            time.sleep(CLOCK_LOOK_SECONDS)
            state = asked.ask(f"{base}.get", {})
    local = datetime.fromisoformat(state["time"]).astimezone(ZoneInfo(state["timezone"]))
    print_json({**state, "local_time": local.isoformat()})
