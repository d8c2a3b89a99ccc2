"""A refusal costs what its message is worth: bounded work, bounded text, whatever somebody sends."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from joulebus.bus import CallError
from joulebus.bus.plain import from_plain
from joulebus.devices import KINDS
from joulebus.errors import JoulebusError
from joulebus.home.seat import read_properties
from joulebus.market.asking import asked
from joulebus.refusals.messages import guess, nearest
from joulebus_schemas.calls import AskAdd, AskSpeed, Fields

CPU_SECONDS_MAX = 0.2
TRIES = 3
"""The quickest counts: others on the same cores slow down what shares their caches."""
TEXT_MAX = 16_000
LONG = "setpoint_celsius" * 56_000
"""900 KB."""
MANY = {f"k{number}": 1 for number in range(60_000)}
NEW = {"name": "x", "kind": "oven"}
LONGISH = {f"{number:0200}": 1 for number in range(250)}


def asks(properties: dict[str, Any]) -> Any:
    return read_properties(KINDS["oven"], properties, "oven")


COSTLY: dict[str, Callable[[], Any]] = {
    "60,000 unknown keys": lambda: from_plain(Fields, None, MANY),
    "60,000 unknown properties": lambda: asks(MANY),
    "60,000 properties of a new device": lambda: asks(
        from_plain(AskAdd, [{"name": "x", "kind": "oven", "properties": MANY}], None).properties
    ),
    "a key of 900 KB": lambda: asks({LONG: 1}),
    "a key of 900 KB in a message": lambda: from_plain(AskAdd, [{LONG: 1}], None),
    "a value of 900 KB": lambda: asks({"setpoint_celsius": LONG}),
    "a word of 900 KB where some words are known": lambda: from_plain(AskSpeed, [{"speed": LONG}], None),
    "250 keys of 200 letters": lambda: asks(LONGISH),
    "60,000 timers that are none": lambda: asks({"timers": ["x"] * 60_000}),
    "a list of 300,000 zeros": lambda: asks({"timers": [0] * 300_000}),
    "an object of 60,000 where a number should be": lambda: asks({"setpoint_celsius": MANY}),
    "60,000 arguments of the market": lambda: asked("asset.upsert", MANY),
    "a name of 900 KB in the market": lambda: asked(LONG, {}),
    "300,000 readings of the market": lambda: asked("metering.book_epoch", {"epoch": 1, "values": [0] * 300_000}),
}


@pytest.mark.parametrize("name", COSTLY)
def test_a_refusal_is_cheap_and_short(name: str) -> None:
    from_plain(Fields, None, {"x": 1})  # Models are built on first use.
    asks({})
    with pytest.raises((CallError, JoulebusError)):
        asks({"x": 1, "setpoint_celsius": "x"})
    tries = [refusal(COSTLY[name]) for _ in range(TRIES)]
    assert min(seconds for seconds, _ in tries) < CPU_SECONDS_MAX
    for _, refused in tries:
        assert len(str(refused)) + len(str(getattr(refused, "errors", ""))) < TEXT_MAX


def refusal(ask: Callable[[], Any]) -> tuple[float, Exception]:
    """The CPU time of a refusal, and what was said."""
    began = time.process_time()
    with pytest.raises((CallError, JoulebusError)) as refused:
        ask()
    return time.process_time() - began, refused.value


def test_a_long_word_is_not_compared() -> None:
    assert nearest(LONG, ["setpoint_celsius"]) is None
    assert guess("setpoint_celcius", ["setpoint_celsius"], "") == 'did you mean "setpoint_celsius"?'
