"""Times that fall inside a tick: a long tick nets what they tell apart, and whoever reads its numbers should know."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from joulebus.physics.daily import parse_window
from joulebus.physics.schedule import unix_seconds

OUTAGE = "the remainder of that tick serves the home as if it had not been out"
PRICE = "the whole tick has the price of its start"


def uneven_times(grid: Mapping[str, Any], timezone: str, tick_seconds: int) -> Iterator[tuple[str, str]]:
    """The first time of each sort that is not on a tick, and what becomes of it. Zones are whole quarter-hours apart."""
    outages = [edge for outage in grid["outages"] for edge in (outage["begins"], outage["ends"])]
    prices = [price["since"] for way in ("import", "export") for price in grid[f"{way}_prices_from"]]
    rates = [rate["during"] for way in ("import", "export") for rate in grid[f"{way}_rates"]]
    stages = [change["since"] for change in grid["load_shedding_changes"]]
    for what, windows, said in (("the outage", grid["daily_outages"], OUTAGE), ("the rate", rates, PRICE)):
        yield from ((f"{what} {window}", said) for window in _first(windows, lambda one: parse_window(one)[1:], tick_seconds))
    for what, moments, said in (("the outage at", outages, OUTAGE), ("the price from", prices, PRICE), ("the stage from", stages, OUTAGE)):
        for moment in _first(moments, lambda one: (unix_seconds(one, timezone),), tick_seconds):
            yield f"{what} {moment}", said


def _first(times: Iterable[str], seconds: Any, tick_seconds: int) -> list[str]:
    return [time for time in times if any(edge % tick_seconds for edge in seconds(time))][:1]
