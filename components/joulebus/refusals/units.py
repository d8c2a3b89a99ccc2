"""Units as people write them, and the unit that a name ends with: "2.4 kW" is 2400 in a property called watts."""

import re
from fractions import Fraction

_QUANTITY = re.compile(r"\s*([-+]?[0-9][0-9_ ',]*(?:\.[0-9]+)?|[-+]?\.[0-9]+)\s*([^\s0-9].*?)?\s*")

_SIZES: dict[str, dict[str, str]] = {
    "power": {"W": "1", "kW": "1000", "MW": "1000000", "mW": "1/1000", "Wp": "1", "kWp": "1000"},
    "energy": {"J": "1", "kJ": "1000", "MJ": "1000000", "GJ": "1000000000", "Wh": "3600", "kWh": "3600000", "MWh": "3600000000"},
    "time": {"s": "1", "min": "60", "h": "3600", "d": "86400"},
    "share": {"%": "1/100", "ppm": "1/1000000"},
    "volume": {"L": "1", "l": "1", "ml": "1/1000", "m³": "1000", "m3": "1000"},
    "length": {"m": "1", "km": "1000", "cm": "1/100", "mm": "1/1000"},
    "area": {"m²": "1", "m2": "1"},
    "temperature": {"°C": "1", "C": "1"},
    "difference of temperatures": {"K": "1"},
    "angle": {"degrees": "1", "°": "1", "deg": "1"},
    "voltage": {"V": "1", "kV": "1000", "mV": "1/1000"},
    "current": {"A": "1", "mA": "1/1000"},
}
_WRITTEN = {unit: (dimension, Fraction(size)) for dimension, units in _SIZES.items() for unit, size in units.items()}

NAMED = {
    "watts": "W", "kilowatts": "kW", "milliwatts": "mW", "joules": "J", "wh": "Wh", "kwh": "kWh", "seconds": "s", "minutes": "min",
    "hours": "h", "days": "d", "percent": "%", "ppm": "ppm", "litres": "L", "m": "m", "metres": "m", "km": "km", "mm": "mm", "m2": "m²",
    "celsius": "°C", "kelvin": "K", "degrees": "degrees", "mps": "m/s", "euro": "€", "volts": "V", "amps": "A",
}  # fmt: skip
"""Units in names, as the last words of a name say them: power_watts_max."""


def unit_of(name: str) -> str:
    """The unit in a name, as people write it; "" when there is none."""
    parts = [_last_unit(part.split("_")) for part in _spelt_out(name).split("_per_")]
    return "/".join(parts) if all(parts) else ""


def without_unit(name: str) -> str:
    """A name without the unit that is in it, such as charge_max of charge_watts_max; whole when nothing else would be left."""
    words = _spelt_out(name).split("_")
    places = {place for place, word in enumerate(words) if NAMED.get(word) or NAMED.get(word + "s")}
    places |= {place for place, word in enumerate(words) if word == "per" and {place - 1, place + 1} <= places}
    left = "_".join(word for place, word in enumerate(words) if place not in places)
    return left if left and unit_of(name) else name


def _spelt_out(name: str) -> str:
    return name.replace("_m_s", "_mps").replace("_kwh_m2", "_kwh_per_m2")


def _last_unit(words: list[str]) -> str:
    return next((unit for word in reversed(words) if (unit := NAMED.get(word) or NAMED.get(word + "s"))), "")


def _with_point(text: str) -> str:
    """A decimal comma as a point: one that parts no thousands, as in 0,5 and 2,25 and 0,125."""
    return re.sub(r"^(\s*[-+]?)(\d+),(\d{1,2}|\d{4,}|\d{3}(?<=^0,\d{3}))(?=\D|$)", r"\1\2.\3", text)


def quantity(text: str, unit: str) -> int | float | None:
    """What to write in a unit for a number with or without another one; None when that makes no sense."""
    match = _QUANTITY.fullmatch(_with_point(text))
    if match is None:
        return None
    number = Fraction(re.sub(r"[_ ',]", "", match[1]))
    if match[2] and match[2] != unit:
        if match[2] not in _WRITTEN or unit not in _WRITTEN:
            return None
        (dimension, size), (wanted, one) = _WRITTEN[match[2]], _WRITTEN[unit]
        if dimension != wanted:
            return None
        number = number * size / one
    return number.numerator if number.denominator == 1 else float(number)
