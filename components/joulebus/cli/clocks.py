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
        state = asked.ask(f"{base}.{procedure}", arguments)
        target = state["tick"] + arguments.get("ticks", 0)
        for _ in range(CLOCK_LOOKS_MAX if procedure in ("step", "pause") else 0):
            time.sleep(CLOCK_LOOK_SECONDS)
            before, state = state, asked.ask(f"{base}.get", {})
            if state["cause"] is not None or (state["tick"] >= target and (procedure == "step" or state["tick"] == before["tick"])):
                break
    local = datetime.fromisoformat(state["time"]).astimezone(ZoneInfo(state["timezone"]))
    print_json({**state, "local_time": local.isoformat()})
