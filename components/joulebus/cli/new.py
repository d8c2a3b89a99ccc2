"""``joulebus new``: a first home file, from options or from questions."""

import json
import re
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from joulebus.cli.files import check_zone
from joulebus.cli.output import called
from joulebus.cli.planning import print_notes
from joulebus.errors import UsageError
from joulebus.homefile.cities import City, city
from joulebus.homefile.draft import Draft, clock_of, draft_text, read_place, read_roofs
from joulebus.homefile.home_file import present_moment, read_home_text
from joulebus.homefile.notes import DAYS_THAT_COUNT
from joulebus.refusals.system import reason
from joulebus.refusals.typed import decimal
from joulebus.series.loads import LoadColumn
from joulebus.series.times import ClockKind
from joulebus.series.understood import understand


@dataclass(frozen=True)
class NewOptions:
    """What was asked for; None: not said."""

    file: Path
    city: str | None = None
    place: str | None = None
    timezone: str | None = None
    roof: str | None = None
    battery: str | None = None
    kwh: str | None = None
    load: Path | None = None
    load_clock: ClockKind = ""
    tariff: str | None = None
    export: str | None = None
    currency: str | None = None
    weather: Path | None = None
    force: bool = False


QUESTIONS = {
    "city": ("Which city is near (or LATITUDE,LONGITUDE)", "Brussels"),
    "roof": ("Panels as WATTS@AZIMUTH, several with commas, 0 for none (90 east, 180 south, 270 west)", "3000@180"),
    "battery": ("Battery in kWh, 0 for none", "10"),
    "kwh": ("Electricity that the home uses in a year, in kWh", "3500"),
    "tariff": ("Price of a kWh, DAY/NIGHT@22:00-06:00, or a file of prices", "0.30"),
    "export": ("Price of a kWh that is sold", "0.05"),
}


def run_new(options: NewOptions) -> None:
    """Write the file, check it as any other, and say what to try.

    Raises:
        UsageError: An answer is wrong, or the file exists already.
    """
    if options.file.exists() and not options.force:
        raise UsageError(f"{options.file} exists already; choose another name, or replace it with --force")
    text = draft_text(_draft(_asked(options)))
    home = read_home_text(text, options.file)  # What would be refused later is refused now.
    try:
        options.file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{options.file} cannot be written: {reason(error)}") from None
    command = called()
    print(f"{options.file} is written; read it, it is commented. Then try:")
    print(f"  {command} plan {options.file} --days 7")
    if "\n  battery:" in text:
        print(
            f"  {command} compare {options.file} --vary battery.capacity_kwh=0,5,10 --price battery.capacity_kwh=500 --days 365 --tick 900"
        )
    print(f"  {command} up {options.file}")
    print_notes(home, DAYS_THAT_COUNT)


def _asked(options: NewOptions) -> NewOptions:
    """Whoever says nothing is asked, in front of a terminal; everywhere else the usual answers hold."""
    said = {name: getattr(options, name) for name in QUESTIONS}
    if any(value is not None for value in said.values()) or options.place or options.load or not sys.stdin.isatty():
        return options
    answers: dict[str, Any] = {}
    for name, (question, usual) in QUESTIONS.items():
        answers[name] = input(f"{question} [{usual}]: ").strip() or usual
    place = answers.pop("city") if "," in answers["city"] else None
    return replace(options, place=place, **answers)


def _draft(options: NewOptions) -> Draft:
    if options.timezone is not None:
        check_zone(options.timezone)
    if options.weather is not None and not options.weather.is_file():
        raise UsageError(f"there is no weather file {options.weather}")
    where, near = _where(options)
    properties = None if options.load is None else _load(options.load, options.load_clock, options.timezone or near.timezone)
    return Draft(
        name=re.sub(r"[^a-z0-9_]", "_", options.file.stem.lower()).lstrip("_0123456789")[:32] or "home",
        latitude_degrees=where[0],
        longitude_degrees=where[1],
        timezone=options.timezone or near.timezone,
        currency=options.currency or near.currency,
        year=present_moment().year,
        roofs=read_roofs(options.roof or QUESTIONS["roof"][1]),
        battery_kwh=_number("--battery", options.battery or QUESTIONS["battery"][1], 2_500),
        kwh=_number("--kwh", options.kwh or QUESTIONS["kwh"][1], 1_000_000),
        load=properties,
        tariff=options.tariff or QUESTIONS["tariff"][1],
        export=_number("--export", options.export or QUESTIONS["export"][1], 100),
        weather=None if options.weather is None else str(options.weather.resolve()),
    )


def _where(options: NewOptions) -> tuple[tuple[float, float], City]:
    if options.place is not None:
        where = read_place(options.place)
        return where, clock_of(*where) if options.timezone is None else City("", "", *where, options.timezone)
    found = city(options.city or QUESTIONS["city"][1])
    return (found.latitude_degrees, found.longitude_degrees), found


def _load(path: Path, clock: ClockKind, timezone: str) -> str:
    """Properties of a baseload for a file of loads; what is understood of it is said."""
    found = understand(LoadColumn(str(path.resolve()), "", clock=clock, timezone=timezone), None)
    print(found.line())
    return ", ".join(f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in found.properties().items())


def _number(option: str, text: str, most: float) -> float:
    value = decimal(text)
    if value is None or not 0 <= value <= most:
        raise UsageError(f'{option} must be a number from 0 to {most:.0f}, but was "{text}"')
    return value
