"""A small home in Brussels with a meter, and its journals."""

from pathlib import Path

from joulebus.homefile.home_file import load_home_file
from joulebus.planning.planned import PlanOrder, begin_plan, go_on

FLAT_WITH_METER = """\
home: flat
place: {latitude_degrees: 50.85, longitude_degrees: 4.35, timezone: Europe/Brussels}
start: 2026-03-27T21:52:00+01:00
tick_seconds: 60
seed: 7
devices:
  sun: {kind: sun}
  weather: {kind: weather, source: generated}
  panel: {kind: panel, peak_watts: 4000}
  inverter: {kind: inverter, rating_watts: 3000}
  grid: {kind: grid, import_limit_watts: 9200}
  oven: {kind: oven, power_watts: 2400, timers: ["10:20-10:50", "17:40-18:30", "23:50-00:20"]}
  baseload: {kind: baseload, annual_kwh: 3000}
  meter: {kind: meter, message: "hello"}
"""
"""Begins on a Friday evening, eight minutes before the night tariff; two days later summer time begins."""


def flat(folder: Path, ticks: int, **words: str) -> Path:
    """The journal of a plan of it."""
    text = FLAT_WITH_METER
    for old, new in words.items():
        assert old in text, f"the flat says {old}"
        text = text.replace(old, new)
    return planned(folder, text, ticks)


def planned(folder: Path, text: str, ticks: int, window: int | None = None) -> Path:
    """The journal of a plan of a home file."""
    file = folder / "home.yaml"
    file.write_text(text)
    begin_plan(load_home_file(file), folder / "run", PlanOrder(ticks, window))
    go_on(folder / "run")
    return folder / "run/journal.bin"
