"""Prices of years from files, as exchanges and suppliers hand them out."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from joulebus.device import Inputs, Span
from joulebus.devices.grid import GridDevice, GridProperties
from joulebus.errors import PropertyError
from joulebus.series.prices import PriceFile, _parsed, read_prices
from joulebus_schemas.offers import Grid as GridOffer
from tests.cases import lived
from tests.cases.test_loads import BERLIN, FIRST, quarters
from tests.tables.living import context, listed, span_of

HOME = """home: quarters
place: {latitude_degrees: 48.1, longitude_degrees: 11.6, altitude_m: 250, timezone: Europe/Berlin}
start: 2026-10-25T00:00:00+02:00
tick_seconds: 900
devices:
  inverter: {kind: inverter, rating_watts: 0, night_watts: 0}
  grid: {kind: grid, import_limit_watts: 100000, import_prices_file: prices.csv, prices_clock: wall}
  heater: {kind: appliance, power_watts: 1000, standby_watts: 0, timers: ["00:00-24:00"]}
"""


def year(folder: Path, content: str | None = None) -> Path:
    """A year of quarter-hourly prices, each of them one cent per MWh dearer than the one before."""
    rows = [f"{time};{number / 100:.2f}".replace(".", ",", 1) for number, time in enumerate(quarters(2026, "%Y-%m-%d %H:%M"))]
    path = folder / "prices.csv"
    path.write_text(content or "Beginn;Preis [EUR/MWh]\n" + "\n".join(rows))
    return path


def test_a_day_of_25_hours_costs_what_each_of_its_quarters_costs(tmp_path: Path) -> None:
    year(tmp_path)
    (tmp_path / "home.yaml").write_text(HOME)
    first = (int(datetime(2026, 10, 24, 22, tzinfo=UTC).timestamp()) - FIRST) // 900
    cost = sum(10 * number for number in range(first, first + 100)) // 4
    assert lived(tmp_path / "home.yaml", 25).totals.import_cost_micro_euro == pytest.approx(cost, abs=1)


def test_after_the_end_of_the_file_the_base_price_holds(tmp_path: Path) -> None:
    properties = GridProperties(import_prices_file=str(year(tmp_path)), prices_clock="wall", import_euro_per_kwh=0.25)
    its = context("2026-12-31 23:30", BERLIN, 900)
    offer = GridDevice().offer(Inputs(its, properties, span_of(its, 4)), GridDevice().begin(its, properties))
    assert isinstance(offer, GridOffer)
    assert listed(offer.import_price) == [350_380, 350_390, 250_000, 250_000]
    with pytest.raises(PropertyError, match="must hold the time at which the home begins, but .* to 2026-12-31 23:00"):
        GridDevice().begin(context("2027-01-01 00:00", BERLIN, 900), properties)


def test_a_year_of_quarters_is_read_once_however_many_windows_ask_for_it(tmp_path: Path) -> None:
    properties = GridProperties(import_prices_file=str(year(tmp_path)), export_prices_file=str(year(tmp_path)), prices_clock="wall")
    its = context("2026-03-29 00:00", BERLIN, 1)
    _parsed.cache_clear()
    for window in range(200):
        span = Span(window, 1, 1, its.start_unix_seconds + window)
        GridDevice().offer(Inputs(its, properties, span), GridDevice().begin(its, properties))
    assert _parsed.cache_info().misses <= 2, "import and export"


HOURS = [1_767_222_000, 1_767_225_600, 1_767_229_200]
MICRO = [100_000, -20_000, 300_000]
FILES: list[tuple[str, Any]] = [
    # name, content
    ("a.csv", "time,price_eur_mwh,note\n2026-01-01T00:00+01:00,100,a\n2026-01-01T01:00+01:00,-20,b\n2026-01-01T02:00+01:00,300,c\n"),
    (
        "b.csv",
        "MTU (CET/CEST);ct/kWh\n" + "\n".join(f"01.01.2026 0{n}:00 - 01.01.2026 0{n + 1}:00;{m // 10_000},0" for n, m in enumerate(MICRO)),
    ),
    ("c.csv", "from,to,EUR per kWh\n2026-01-01T01:00Z,x,0.3\n2026-01-01T00:00Z,x,-0.02\n2025-12-31T23:00Z,x,0.1\n"),
    ("tibber.json", [{"total": m / 1e6, "startsAt": f"2026-01-01T0{n}:00:00.000+01:00", "unit": "EUR/kWh"} for n, m in enumerate(MICRO)]),
    (
        "awattar.json",
        {
            "object": "list",
            "data": [
                {"start_timestamp": h * 1000, "end_timestamp": 0, "marketprice": m / 1000, "unit": "Eur/MWh"}
                for h, m in zip(HOURS, MICRO, strict=True)
            ],
        },
    ),
    ("charts.json", {"unix_seconds": HOURS, "price": [m / 1000 for m in MICRO], "unit": "EUR / MWh"}),
]


@pytest.mark.parametrize(("name", "content"), FILES)
def test_prices_are_read_as_they_are_handed_out(name: str, content: Any, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    found = read_prices(PriceFile(str(path), clock="wall", timezone=BERLIN), "import_prices_file")
    assert (list(found.moments), list(found.micro_euro), found.ends) == (HOURS, MICRO, HOURS[-1] + 3_600)


def test_hours_may_become_quarters(tmp_path: Path) -> None:
    times = [f"2026-01-{day:02}T{hour:02}:00Z" for day in (1, 2) for hour in range(24)]
    times += [f"2026-01-03T{hour:02}:{minute:02}Z" for hour in range(24) for minute in (0, 15, 30, 45)]
    path = year(tmp_path, "time,EUR/kWh\n" + "\n".join(f"{time},0.1" for time in times))
    assert read_prices(PriceFile(str(path)), "import_prices_file").ends == int(datetime(2026, 1, 4, tzinfo=UTC).timestamp())


GOOD = [f"2026-01-{day:02}T{hour:02}:00Z" for day in range(1, 11) for hour in range(24)]
REFUSED = [
    # rows, heading of the prices, refusal
    (
        GOOD[:100] + GOOD[103:],
        "EUR/kWh",
        "line 102: prices must follow each other without a gap and be sorted, but 2026-01-05 03:00",
    ),
    (GOOD[:100] + GOOD[99:], "EUR/kWh", "line 102: .*is the same moment as"),
    (GOOD, "level", "names no unit; say the unit"),
    ([time[:-1] for time in GOOD], "EUR/kWh", "prices_clock must say"),
    (["noon"] * 9, "EUR/kWh", "prices_time_column must be said, since none is found"),
]


@pytest.mark.parametrize(("times", "heading", "said"), REFUSED)
def test_prices_in_doubt_are_refused(times: list[str], heading: str, said: str, tmp_path: Path) -> None:
    path = year(tmp_path, f"time,{heading}\n" + "\n".join(f"{time},0.1" for time in times))
    with pytest.raises(PropertyError, match=said):
        read_prices(PriceFile(str(path)), "import_prices_file")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[]", "must hold a list of objects"),
        ("{", "must be CSV or JSON, but"),
        ('[{"a": 1}]', "entry 1 must have a time and a price; it has a"),
    ],
)
def test_json_without_prices_is_refused(content: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "prices.json"
    path.write_text(content)
    with pytest.raises(PropertyError, match=said):
        read_prices(PriceFile(str(path)), "import_prices_file")
