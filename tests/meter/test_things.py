"""Things of the predecessor's WebSocket: what they are called and count, and that every text has an answer."""

import asyncio
import json
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from pydantic import ValidationError

from joulebus.bus import CALL_REFUSED, CallError
from joulebus.devices.meter import MeterProperties
from joulebus.meter.registers import Registers
from joulebus.meter.things import QUARTER_CAP, things, told
from joulebus.services.meter_things import ThingsDoor
from joulebus_schemas.meter import QuarterSeen

EXAMPLE = QuarterSeen.model_config["json_schema_extra"]["examples"][0]  # type: ignore[index,call-overload]
SEEN = QuarterSeen.model_validate(EXAMPLE)
STATE = Registers(1_782_034_590, (3_600_000, 7_199_999, 0, 1_800_000), import_watts=1_462, water_litres=Fraction(25, 2))
FORECAST = "electricity_mains^quarter^forecast"


class Keeper:
    """Takes changes, or refuses them."""

    def __init__(self) -> None:
        self.fields: list[dict[str, Any]] = []

    async def set(self, fields: dict[str, Any]) -> None:
        self.fields.append(fields)
        if fields["peak_watts_max"] == 66_000:
            raise CallError(CALL_REFUSED, "not today")


@pytest.fixture
def keeper() -> Keeper:
    return Keeper()


@pytest.fixture
def door(keeper: Keeper) -> ThingsDoor:
    made = ThingsDoor("", keeper.set)
    made.show(STATE, SEEN)
    return made


def answered(door: ThingsDoor, text: str) -> Any:
    return json.loads(asyncio.run(door.answer(text)))


def test_things_have_the_names_and_units_of_the_predecessor() -> None:
    found = things(STATE, SEEN)
    assert found["electricity_mains^fluvius_day^plus_meter"] == 1.0
    assert found["electricity_mains^fluvius_night^plus_meter"] == 1.999
    assert (found["electricity_mains^fluvius_night^minus_meter"], found["domestic_water^pidpa"]) == (0.5, 12)
    assert (found["electricity_mains^fluvius_day"], found["electricity_mains^fluvius_day^sensor"]) == (1, 1.462)
    assert (found["electricity_mains^fluvius_night"], found["electricity_mains^fluvius_night^sensor"]) == (0, 0)
    night = things(replace(STATE, export_watts=2_000), SEEN.model_copy(update={"is_day": False}))
    assert night["electricity_mains^fluvius_night^sensor"] == pytest.approx(-0.538)
    assert (found[FORECAST], found["electricity_mains^peak^month"]) == (1.517, 2.21)


def test_everything_is_told_in_one_array() -> None:
    words = json.loads(told(things(STATE, SEEN)))
    assert {(word["type"], word["cmd"]) for word in words} == {("th", "set")}
    assert {word["th"]: word["val"] for word in words} == things(STATE, SEEN)


def test_who_asks_gets_a_reply(door: ThingsDoor) -> None:
    ask = {"type": "th", "cmd": "ask", "th": FORECAST, "val": 0}
    assert answered(door, json.dumps(ask)) == {"type": "th", "cmd": "reply", "th": FORECAST, "val": 1.517}
    two = answered(door, json.dumps([ask, {**ask, "th": "nonsense"}]))
    assert [word["cmd"] for word in two] == ["reply", "error"]


def test_the_cap_is_set_by_the_keeper(door: ThingsDoor, keeper: Keeper) -> None:
    words = {"type": "th", "cmd": "set", "th": QUARTER_CAP}
    assert answered(door, json.dumps({**words, "val": 2.75})) == {**words, "cmd": "reply", "val": 2.75}
    assert keeper.fields == [{"peak_watts_max": 2_750}]
    assert answered(door, json.dumps({**words, "val": 66}))["text"] == "not today"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("hello", "this is no JSON"),
        ("", "this is no JSON"),
        ("[" * 4_000, "this is no JSON"),
        ('{"type": "th", "cmd": "set", "th": "electricity_mains^quarter^cap", "val": NaN}', "this is no JSON"),
        ("[]", "an array must have 1 to 32 messages, but has 0"),
        (json.dumps([1] * 33), "but has 33"),
        ("3", "must be an object"),
        ('{"type": "cum"}', 'with "type": "th"'),
        ('{"type": "th", "cmd": "ask", "th": ["x"]}', "there is no thing \"['x']\": there are electricity_mains^fluvius_day"),
        ('{"type": "th", "cmd": "usage", "th": "gas^purchased_gas"}', '"cmd" must be ask or set, but was "usage"'),
        ('{"type": "th", "cmd": "set", "th": "domestic_water^pidpa", "val": 3}', "is counted by the meter, and nobody sets it"),
        *(
            (f'{{"type": "th", "cmd": "set", "th": "{QUARTER_CAP}", "val": {value}}}', "must be a number from 0")
            for value in ("true", '"3"', "-1", "101", "1e400", "null", "{}")
        ),
    ],
)
def test_whatever_is_said_is_answered_with_a_sentence(door: ThingsDoor, keeper: Keeper, text: str, sentence: str) -> None:
    word = answered(door, text)
    assert word["cmd"] == "error" and sentence in word["text"]
    assert keeper.fields == []


def test_before_anything_is_counted_it_says_so(keeper: Keeper) -> None:
    assert "nothing yet" in answered(ThingsDoor("", keeper.set), '{"type": "th", "cmd": "ask", "th": "x"}')["text"]


@pytest.mark.parametrize(
    ("networks", "address", "may"),
    [
        ((), "127.0.0.1", True),
        ((), "::1", True),
        ((), "192.168.1.5", False),
        (("192.168.1.0/24",), "192.168.1.5", True),
        (("192.168.1.0/24",), "127.0.0.1", False),
        (("10.0.0.1", "fd00::/8"), "fd00::5", True),
        (("10.0.0.1", "fd00::/8"), "10.0.0.2", False),
    ],
)
def test_who_may_come_is_listed(keeper: Keeper, networks: tuple[str, ...], address: str, may: bool) -> None:
    door = ThingsDoor("", keeper.set)
    door.open(MeterProperties(things_from=networks))
    assert door.may_come(address) is may


@pytest.mark.parametrize("network", ["here", "192.168.1.5/24", "300.0.0.1"])
def test_a_network_that_is_none_is_refused(network: str) -> None:
    with pytest.raises(ValidationError, match="an address or a network"):
        MeterProperties(things_from=(network,))
