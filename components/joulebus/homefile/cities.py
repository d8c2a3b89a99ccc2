"""Where cities are: those after which time zones are named, from the list of the package tzdata; and what money they use."""

import math
import re
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files

from joulebus.errors import UsageError

NEAR_KM = 1_500
"""Further away, the nearest city says little about the time zone."""
EURO_COUNTRIES = "AD AT BE CY DE EE ES FI FR GR HR IE IT LT LU LV MC MT NL PT SI SK SM VA"
CURRENCIES = dict.fromkeys(EURO_COUNTRIES.split(), "€") | {
    "AU": "$",
    "BR": "R$",
    "CA": "$",
    "CH": "CHF",
    "CN": "¥",
    "CZ": "Kč",
    "DK": "kr",
    "GB": "£",
    "HU": "Ft",
    "IN": "₹",
    "JP": "¥",
    "LS": "R",
    "NA": "R",
    "NO": "kr",
    "NZ": "$",
    "PL": "zł",
    "RO": "lei",
    "SE": "kr",
    "SZ": "R",
    "TR": "₺",
    "UA": "₴",
    "US": "$",
    "ZA": "R",
}
"""Legal tender by country; elsewhere people name it themselves."""


@dataclass(frozen=True)
class City:
    """A place with a clock."""

    name: str
    country: str
    """ISO 3166."""
    latitude_degrees: float
    longitude_degrees: float
    timezone: str

    @property
    def currency(self) -> str:
        """As it is written behind a number."""
        return CURRENCIES.get(self.country, "€")


@cache
def cities() -> tuple[City, ...]:
    """All of them, some four hundred."""
    text = (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    return tuple(City(row[2].rsplit("/", 1)[-1].replace("_", " "), row[0], *_degrees(row[1]), row[2]) for row in rows)


def city(name: str) -> City:
    """The city of a name.

    Raises:
        UsageError: It is none of those that are known.
    """
    wanted = name.strip().replace("_", " ").casefold()
    known = {one.name.casefold(): one for one in cities()}
    if wanted not in known:
        near = get_close_matches(wanted, known, 1)
        hint = f'did you mean "{known[near[0]].name}"?' if near else "give its --place LATITUDE,LONGITUDE instead"
        raise UsageError(f'"{name}" is none of the {len(known)} cities after which time zones are named; {hint}')
    return known[wanted]


def nearest_city(latitude_degrees: float, longitude_degrees: float) -> City:
    """The city whose clock is probably that of a place."""
    return min(cities(), key=lambda one: distance_km(one, latitude_degrees, longitude_degrees))


def distance_km(one: City, latitude_degrees: float, longitude_degrees: float) -> float:
    """Along the surface of a sphere of 6,371 km."""
    here, there = math.radians(latitude_degrees), math.radians(one.latitude_degrees)
    turn = math.radians(one.longitude_degrees - longitude_degrees)
    chord = math.sin((there - here) / 2) ** 2 + math.cos(here) * math.cos(there) * math.sin(turn / 2) ** 2
    return 2 * 6_371 * math.asin(math.sqrt(chord))


def _degrees(text: str) -> tuple[float, float]:
    """From ISO 6709: ±DDMM±DDDMM, or with seconds."""
    parts = re.fullmatch(r"([+-])(\d{2})(\d{2})(\d{2})?([+-])(\d{3})(\d{2})(\d{2})?", text)
    assert parts is not None, "the list of time zones is in ISO 6709"
    values = [int(parts[at] or 0) + int(parts[at + 1]) / 60 + int(parts[at + 2] or 0) / 3_600 for at in (2, 6)]
    return round(values[0] * (-1 if parts[1] == "-" else 1), 3), round(values[1] * (-1 if parts[5] == "-" else 1), 3)
