"""A first home file from a few answers: roof, battery, consumption, place and tariff, with comments that say how to go on."""

import json
import math
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from joulebus.errors import UsageError
from joulebus.homefile.cities import NEAR_KM, City, distance_km, nearest_city
from joulebus.refusals.typed import decimal

COMPASS = {"N": 0, "NE": 45, "E": 90, "SE": 135, "S": 180, "SW": 225, "W": 270, "NW": 315}
SIDES = {0: "north", 45: "north_east", 90: "east", 135: "south_east", 180: "south", 225: "south_west", 270: "west", 315: "north_west"}
ROOF = re.compile(r"\s*([\d.]+)\s*(?:W|Wp)?\s*@\s*([A-Za-z]{1,2}|[\d.]+)\s*(?:/\s*([\d.]+))?\s*")
TARIFF = re.compile(r"\s*([^/@\s]+)\s*(?:/\s*([^/@\s]+)\s*@\s*(\d{1,2}:\d{2}-\d{1,2}:\d{2}))?\s*")
USUAL_TILT = 35.0


@dataclass(frozen=True)
class Roof:
    """A side of a roof with panels."""

    watts: float
    azimuth_degrees: float
    tilt_degrees: float


@dataclass(frozen=True)
class Draft:
    """The answers."""

    name: str
    latitude_degrees: float
    longitude_degrees: float
    timezone: str
    currency: str
    year: int
    """Year in which the home begins."""
    roofs: tuple[Roof, ...] = ()
    battery_kwh: float = 0.0
    kwh: float = 3_500.0
    """Consumption per year."""
    load: str | None = None
    """Properties of the baseload that a file gives, as a home file says them."""
    tariff: str = "0.30"
    export: float = 0.05
    weather: str | None = None


def read_roofs(text: str) -> tuple[Roof, ...]:
    """``3000@90,3000@270/20``: W at the peak, at degrees from the north or a point of the compass, and the tilt.

    Raises:
        UsageError: A part is otherwise.
    """
    return tuple(_roof(part) for part in text.split(",") if part.strip() and part.strip() != "0")


def _roof(text: str) -> Roof:
    match = ROOF.fullmatch(text)
    azimuth = None if match is None else COMPASS.get(match[2].upper()) if match[2].isalpha() else decimal(match[2])
    if match is None or azimuth is None:
        raise UsageError(f'a roof must be WATTS@AZIMUTH or WATTS@AZIMUTH/TILT, such as 3000@90 (east) or 3000@S/30, but was "{text}"')
    watts, tilt = decimal(match[1]), decimal(match[3]) if match[3] else USUAL_TILT
    if watts is None or tilt is None or not (0 < watts <= 1_000_000 and 0 <= azimuth <= 360 and 0 <= tilt <= 90):
        raise UsageError(f'a roof has up to 1,000,000 W, an azimuth of 0 to 360 degrees and a tilt of 0 to 90 degrees, but was "{text}"')
    return Roof(watts, azimuth, tilt)


def read_place(text: str) -> tuple[float, float]:
    """``50.85,4.35``: degrees north and east.

    Raises:
        UsageError: It is otherwise.
    """
    parts = [decimal(part) for part in text.split(",")]
    if len(parts) != 2 or parts[0] is None or parts[1] is None or not (-90 <= parts[0] <= 90 and -180 <= parts[1] <= 180):
        raise UsageError(f'--place must be LATITUDE,LONGITUDE in degrees, such as 50.85,4.35, but was "{text}"')
    return parts[0], parts[1]


def clock_of(latitude_degrees: float, longitude_degrees: float) -> City:
    """The city whose time zone and money a place probably has.

    Raises:
        UsageError: No city is near; the time zone must be said.
    """
    found = nearest_city(latitude_degrees, longitude_degrees)
    if distance_km(found, latitude_degrees, longitude_degrees) > NEAR_KM:
        raise UsageError(f"no city is near {latitude_degrees:g},{longitude_degrees:g}; say its --timezone, such as Europe/Brussels")
    return found


def draft_text(draft: Draft) -> str:
    """The home file.

    Raises:
        UsageError: The tariff is none.
    """
    zone = ZoneInfo(draft.timezone)
    start = datetime(draft.year, 6 if draft.latitude_degrees >= 0 else 12, 21, 12, tzinfo=zone)
    parts = [
        f"# {draft.name}: a home drafted by `joulebus new`. What a kind can do: joulebus device kinds.",
        "",
        f"home: {draft.name}",
        "place:",
        f"  latitude_degrees: {draft.latitude_degrees:g}",
        f"  longitude_degrees: {draft.longitude_degrees:g}",
        f"  timezone: {draft.timezone}",
        f"start: {start.isoformat()}    # noon of the longest day; or now",
        "tick_seconds: 60                        # divides 900",
        "speed: 60                               # a day in 24 minutes; 1 follows the clock on the wall",
        "seed: 1                                 # of all chance: another seed is other weather and other habits",
        "",
        "devices:",
        "",
        *_sky(draft),
        *_direct_current(draft),
        *_grid(draft),
        *_loads(draft),
    ]
    return "\n".join(parts) + "\n"


def _sky(draft: Draft) -> list[str]:
    if not draft.roofs:
        return []
    lines = ["  # The sky", "", "  sun: {kind: sun}"]
    if draft.weather is not None:
        return [*lines, f"  weather: {{kind: weather, source: file, file: {json.dumps(draft.weather)}}}", ""]
    return [
        *lines,
        "  # Generated: each month with the light and warmth of this place on average, its days by chance. Measured weather is nearer: a",
        "  # typical year as EPW or CSV, for example from PVGIS of the European Commission (hourly data, TMY). Then:",
        "  # weather: {kind: weather, source: file, file: FILE}",
        "  weather: {kind: weather, source: generated}",
        "",
    ]


def _direct_current(draft: Draft) -> list[str]:
    """Panels, battery and inverter."""
    lines = (
        ["  # Panels, battery and inverter; azimuth: 0 north, 90 east, 180 south, 270 west", ""] if draft.roofs or draft.battery_kwh else []
    )
    for name, roof in zip(_names(draft.roofs), draft.roofs, strict=True):
        place = f"azimuth_degrees: {roof.azimuth_degrees:g}, tilt_degrees: {roof.tilt_degrees:g}, mounting: roof"
        lines.append(f"  {name}: {{kind: panel, peak_watts: {roof.watts:g}, {place}}}")
    if draft.battery_kwh:
        watts = max(round(draft.battery_kwh * 500), 100)  # Empty in two hours, as most are sold.
        power = f"charge_watts_max: {watts}, discharge_watts_max: {watts}"
        lines.append(f"  battery: {{kind: battery, capacity_kwh: {draft.battery_kwh:g}, minimum_percent: 10, {power}}}")
    peak = sum(roof.watts for roof in draft.roofs)
    rating = max(math.ceil(max(peak * 0.85, draft.battery_kwh * 500) / 500) * 500, 1_000)
    return [*lines, *_price_hint(draft), f"  inverter: {{kind: inverter, rating_watts: {rating}}}", ""]


def _price_hint(draft: Draft) -> list[str]:
    """What a battery can do with a price that changes."""
    if not draft.battery_kwh or not ("/" in draft.tariff or Path(draft.tariff).is_file()):
        return []
    return [
        "  # The inverter can follow the price: charge from the grid below one, serve the home from another on, never sell below 0:",
        "  # charge_below_euro_per_kwh: 0.20, discharge_from_euro_per_kwh: 0.25, export_from_euro_per_kwh: 0",
    ]


def _names(roofs: tuple[Roof, ...]) -> list[str]:
    """Names by side of the roof; the second panel of a side gets a number."""
    found: list[str] = []
    for roof in roofs:
        side = f"panel_{SIDES[round(roof.azimuth_degrees / 45) * 45 % 360]}"
        number = sum(name == side or name.startswith(f"{side}_") and name.removeprefix(f"{side}_").isdecimal() for name in found)
        found.append(f"{side}_{number + 1}" if number else side)
    return found


def _grid(draft: Draft) -> list[str]:
    match = TARIFF.fullmatch(draft.tariff)
    lines = ["  # The grid and its tariff", "", "  grid:", "    kind: grid"]
    if draft.currency != "€":
        lines.append(f"    currency: {json.dumps(draft.currency, ensure_ascii=False)}    # of all prices, whatever names of properties say")
    price = None if match is None else decimal(match[1])
    if Path(draft.tariff).is_file():
        lines.append(f"    import_prices_file: {json.dumps(str(Path(draft.tariff).resolve()))}")
    elif match is None or price is None:
        raise UsageError(f'a tariff must be a price per kWh, DAY/NIGHT@22:00-06:00, or a file of prices, but was "{draft.tariff}"')
    else:
        lines.append(f"    import_euro_per_kwh: {price:g}")
        night = decimal(match[2]) if match[2] else None
        if match[2] and night is None:
            raise UsageError(f'the second price of a tariff must be a number, but was "{match[2]}"')
        if night is not None:
            lines += ["    import_rates:", f'      - {{during: "{match[3]}", euro_per_kwh: {night:g}}}']
    return [*lines, f"    export_euro_per_kwh: {draft.export:g}", ""]


def _loads(draft: Draft) -> list[str]:
    what = draft.load or f"annual_kwh: {draft.kwh:g}"
    return [
        "  # What the home uses. Devices of their own are simulated more closely; take their share from the baseload then:",
        '  # oven: {kind: oven, timers: ["18:00-18:40"]}',
        '  # geyser: {kind: geyser, litres: 150, draws: [{at: "06:45", litres: 60}]}',
        '  # washing_machine: {kind: washing_machine, starts: ["Mon,Thu 10:00"]}',
        "  # fridge: {kind: fridge}",
        "",
        f"  baseload: {{kind: baseload, {what}}}",
    ]
