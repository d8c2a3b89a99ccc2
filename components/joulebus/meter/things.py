"""What rudyvan/digital_meter says and asks by WebSocket: things with a name and a number, in JSON. Pure.

A message is an object ``{"type": "th", "cmd": "ask", "th": NAME, "val": NUMBER}``, or an array of them. Names and units are those of the
predecessor: kWh, kW, and litres of gas and water. What it promised and never said (the running quarter-hour and the peaks) has names below
``electricity_mains^quarter`` and ``^peak``, in kW. What cannot be answered is answered with ``"cmd": "error"`` and a sentence.
"""

import json
import math
from collections.abc import Mapping
from typing import Any, NamedTuple

from joulebus.errors import PropertyError
from joulebus.meter.registers import EXPORT_DAY, EXPORT_NIGHT, IMPORT_DAY, IMPORT_NIGHT, Registers
from joulebus_schemas.facts import JOULES_PER_KWH, WATTS_PER_KW
from joulebus_schemas.meter import QuarterSeen

THINGS_ASKED_MAX = 32
"""Messages in one array."""
QUARTER_CAP = "electricity_mains^quarter^cap"
CAP_KW_MAX = 100
MAINS = "electricity_mains"
Number = float | int


class ThingAsked(NamedTuple):
    """A message that can be answered."""

    name: str
    value: Number | None
    """What it is to be; None: it is only asked for."""


def things(state: Registers, seen: QuarterSeen) -> dict[str, Number]:
    """All that is said, by name."""
    found: dict[str, Number] = {}
    net = (state.import_watts - state.export_watts) / WATTS_PER_KW
    for rate, plus, minus, holds in (
        ("fluvius_day", IMPORT_DAY, EXPORT_DAY, seen.is_day),
        ("fluvius_night", IMPORT_NIGHT, EXPORT_NIGHT, not seen.is_day),
    ):
        found[f"{MAINS}^{rate}"] = int(holds)
        found[f"{MAINS}^{rate}^sensor"] = net if holds else 0
        found[f"{MAINS}^{rate}^plus_meter"] = _kwh(state.joules[plus])
        found[f"{MAINS}^{rate}^minus_meter"] = _kwh(state.joules[minus])
    found["gas^purchased_gas"] = int(state.gas_litres)
    found["domestic_water^pidpa"] = int(state.water_litres)
    for name in ("demand", "forecast", "cap", "gap", "allowed"):
        found[f"{MAINS}^quarter^{name}"] = getattr(seen, f"{name}_watts") / WATTS_PER_KW
    found[f"{MAINS}^peak^day"] = seen.day_peak_watts / WATTS_PER_KW
    found[f"{MAINS}^peak^month"] = seen.month_peak_watts / WATTS_PER_KW
    return found


def told(found: Mapping[str, Number]) -> str:
    """What is sent unasked: everything."""
    return json.dumps([_word("set", name, value) for name, value in found.items()])


def read_messages(text: str) -> tuple[list[Any], bool]:
    """The messages of a text, and whether they came in an array.

    Raises:
        PropertyError: It is no JSON, or too many of them.
    """
    try:
        given = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise PropertyError('this is no JSON: say {"type": "th", "cmd": "ask", "th": "electricity_mains^quarter^forecast"}') from None
    if not isinstance(given, list):
        return [given], False
    if not 0 < len(given) <= THINGS_ASKED_MAX:
        raise PropertyError(f"an array must have 1 to {THINGS_ASKED_MAX} messages, but has {len(given)}")
    return given, True


def thing_asked(message: Any, found: Mapping[str, Number]) -> ThingAsked:
    """What a message wants.

    Raises:
        PropertyError: It is none, or names a thing that is not there or may not be set.
    """
    if not isinstance(message, dict) or message.get("type") != "th":
        raise PropertyError('a message must be an object with "type": "th"')
    name, command, value = message.get("th"), message.get("cmd"), message.get("val")
    if not isinstance(name, str) or name not in found:
        raise PropertyError(f'there is no thing "{str(name)[:60]}": there are {", ".join(found)}')
    if command == "ask":
        return ThingAsked(name, None)
    if command != "set":
        raise PropertyError(f'"cmd" must be ask or set, but was "{str(command)[:20]}"')
    if name != QUARTER_CAP:
        raise PropertyError(f"{name} is counted by the meter, and nobody sets it; only {QUARTER_CAP} may be set")
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= CAP_KW_MAX or not math.isfinite(value):
        raise PropertyError(f"{QUARTER_CAP} must be a number from 0 (the month's peak) to {CAP_KW_MAX} kW")
    return ThingAsked(name, value)


def replied(name: str, value: Number) -> dict[str, Any]:
    """The answer to a message."""
    return _word("reply", name, value)


def wrong(message: Any, text: str) -> dict[str, Any]:
    """The answer to a message that has none."""
    name = message.get("th") if isinstance(message, dict) else None
    return {"type": "th", "cmd": "error", "th": name[:60] if isinstance(name, str) else None, "text": text}


def _word(command: str, name: str, value: Number) -> dict[str, Any]:
    return {"type": "th", "cmd": command, "th": name, "val": value}


def _kwh(joules: int) -> float:
    """Whole watt-hours, as telegrams have them."""
    return joules * 1_000 // JOULES_PER_KWH / 1_000


def _no_number(name: str) -> None:
    raise ValueError(name)
