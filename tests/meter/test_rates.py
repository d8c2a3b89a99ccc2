"""Registers become money in one place: exact, rounded once, by the rates that held at the time; files that cannot be are refused."""

import json
from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from joulebus.errors import HomeFileError, ReportError
from joulebus.homefile.yaml_lines import read_yaml
from joulebus.rates.file import RateBook, load_rates, rates_of
from joulebus.rates.money import Bill, MeteredQuarter, bill, billed_watts, cents, month_peaks
from joulebus.rates.schema import rates_schema
from joulebus.rates.words import CapacityWords

BRUSSELS = "Europe/Brussels"
EXAMPLES = sorted((Path(__file__).resolve().parents[2] / "examples/rates").glob("*.yaml"))
KWH = 3_600_000
FLAT = {"since": "2026-01-01", "imported": {"day": 0.3214, "night": 0.2225}, "exported": {"day": 0.1, "night": 0.1}}


def unix(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(BRUSSELS)).timestamp())


def book(*periods: dict[str, object]) -> RateBook:
    return rates_of({"rates": 1, "name": "test", "periods": list(periods)}, BRUSSELS, Path.cwd())


def amounts(found: Bill) -> dict[str, int]:
    return {line.name: line.micro_euro for line in found.lines}


def quarter(at: str, bought: float = 0, sold: float = 0, is_day: bool = True) -> MeteredQuarter:
    return MeteredQuarter(unix(at), round(bought * KWH), round(sold * KWH), is_day)


def test_the_predecessor_s_vector() -> None:
    rates = book({**FLAT, "gas": {"euro_per_m3": 1.576}, "water": {"euro_per_m3": 6.2}})
    one = replace(quarter("2026-06-22 12:00", 1, 0.5), gas_litres=100, water_litres=20)
    found = bill(rates, [one], unix("2026-06-22"), unix("2026-06-23"))
    assert amounts(found) == {"import, day": 321_400, "export, day": -50_000, "gas": 157_600, "water": 124_000}
    assert sum(cents(line.micro_euro for line in found.lines)) == 55


def test_a_later_price_leaves_the_past_as_it_was() -> None:
    used = [quarter("2026-06-30 23:45", 1000), quarter("2026-07-01 00:00", 1)]
    span = unix("2026-01-01"), unix("2027-01-01")
    dearer = {**FLAT, "since": "2026-07-01", "imported": {"day": 0.40, "night": 0.40}}
    before, after = (sum(amounts(bill(book(*periods), used[:1], *span)).values()) for periods in ((FLAT,), (FLAT, dearer)))
    assert before == after == 321_400_000
    assert bill(book(FLAT, dearer), used, *span).micro_euro == 321_400_000 + 400_000


def test_windows_beat_the_price_and_the_later_wins() -> None:
    windows = [{"during": "17:00-21:00", "euro_per_kwh": 0.5}, {"during": "Mon 18:00-19:00", "euro_per_kwh": 0.9}]
    rates = book({"since": "2026-01-01", "imported": {"euro_per_kwh": 0.2, "windows": windows}})
    for at, euro in (("2026-06-22 16:45", 0.2), ("2026-06-22 17:00", 0.5), ("2026-06-22 18:00", 0.9), ("2026-06-23 18:00", 0.5)):
        assert bill(rates, [quarter(at, 1)], unix("2026-01-01"), unix("2027-01-01")).micro_euro == euro * 1e6


def test_dynamic_prices_are_those_of_their_quarter_hour(tmp_path: Path) -> None:
    (tmp_path / "prices.csv").write_text(
        "start,euro_per_mwh\n2026-06-22T10:00:00Z,100\n2026-06-22T10:15:00Z,-20\n2026-06-22T10:30:00Z,50\n"
    )
    file = tmp_path / "rates.yaml"
    file.write_text(
        "rates: 1\nname: spot\nperiods:\n"
        "  - {since: 2026-01-01, imported: {prices_file: prices.csv, factor: 1.5, plus_euro_per_kwh: 0.01}}\n"
    )
    rates, span = load_rates(file, BRUSSELS), (unix("2026-06-22"), unix("2026-06-23"))
    paid = [bill(rates, [quarter(at, 1)], *span).micro_euro for at in ("2026-06-22 12:00", "2026-06-22 12:15", "2026-06-22 12:30")]
    assert paid == [160_000, -20_000, 85_000]
    with pytest.raises(
        ReportError, match="prices.csv must hold whenever energy flows, but goes from 2026-06-22T10:00Z to 2026-06-22T10:45Z"
    ):
        bill(rates, [quarter("2026-06-22 12:45", 1)], *span)


PEAKS = {
    (1900, 2200, 3100, 4000, 3500, 2400, 2000, 2600, 3300, 4400, 4900, 4100): {"month": 3_325, "mean": 3_200},
    (632, 4600, 0, 1028, 3444, 4164, 4564, 6000, 9200, 5000, 4120, 4880): {"month": 4_456},
    (100, 200): {"month": 2_500, "mean": 2_500},
}
"""Published examples: VREG's in watts, the mean with the least for each month or for the mean."""


@pytest.mark.parametrize(("peaks", "floor_of"), [(peaks, floor_of) for peaks, means in PEAKS.items() for floor_of in means])
def test_capacity_is_billed_by_the_mean_of_months(peaks: tuple[int, ...], floor_of: str) -> None:
    words = CapacityWords.model_validate({"euro_per_kw_year": 52.3679, "floor_of": floor_of})
    by_month = {unix(f"2026-{month:02d}-01"): watts for month, watts in enumerate(peaks, 1)}
    found = billed_watts(words, by_month, max(by_month))
    assert abs(found - PEAKS[peaks][floor_of]) < 1


def test_a_year_of_capacity_costs_what_is_published() -> None:
    rates = book({**FLAT, "capacity": {"euro_per_kw_year": 52.3679, "months": 12}})
    peaks = next(iter(PEAKS))
    year = [MeteredQuarter(unix(f"{2025 + number // 12}-{number % 12 + 1:02d}-10 12:00"), watts * 900, 0, True)
            for number, watts in enumerate(peaks + peaks)]  # fmt: skip
    assert month_peaks(year, BRUSSELS)[unix("2026-11-01")] == 4_900
    december = bill(rates, year, unix("2026-12-01"), unix("2027-01-01"))
    share = Fraction(unix("2027-01-01") - unix("2026-12-01"), unix("2027-01-01") - unix("2026-01-01"))
    assert amounts(december)["capacity"] == round(Fraction("3.325") * 52_367_900 * share)
    assert abs(amounts(december)["capacity"] / share - 174_120_000) < 10_000
    capped = book({**FLAT, "capacity": {"euro_per_kw_year": 52.3679, "euro_per_kwh_max": 0.24}})
    paid = amounts(bill(capped, year, unix("2026-12-01"), unix("2027-01-01")))["capacity"]
    assert paid == round(4_100 * 900 / KWH * 240_000)


def test_fees_taxes_and_vat() -> None:
    fees = [
        {"name": "daily", "euro": 1, "per": "day"},
        {"name": "monthly", "euro": 31, "per": "month"},
        {"name": "yearly", "euro": 365, "per": "year"},
    ]
    rates = book({**FLAT, "fees": fees, "taxes": [{"name": "excise", "euro_per_kwh": 0.05}], "vat_percent": 6})
    found = amounts(bill(rates, [quarter("2026-10-25 12:00", 10, 5)], unix("2026-10-25"), unix("2026-10-26")))
    hours = Fraction(25, 31 * 24 + 1)  # The day on which the clock is put back.
    assert found["daily"] == 1_000_000 and found["monthly"] == round(31_000_000 * hours)
    assert found["excise"] == 500_000 and found["export, day"] == -500_000
    taxed = sum(value for name, value in found.items() if name not in ("export, day", "VAT 6 %"))
    assert abs(found["VAT 6 %"] - taxed * 6 / 100) < 1


def test_what_nothing_prices_is_named() -> None:
    with pytest.raises(ReportError, match="no period holds at 2025-12-31T11:00Z"):
        bill(book(FLAT), [quarter("2025-12-31 12:00", 1)], unix("2025-01-01"), unix("2027-01-01"))


@given(st.lists(st.integers(-(10**12), 10**12), max_size=40))
def test_cents_add_up_to_the_rounded_sum(lines: list[int]) -> None:
    whole = cents(lines)
    assert sum(whole) == (sum(lines) + 5_000) // 10_000
    assert all(abs(cent * 10_000 - line) < 10_000 for cent, line in zip(whole, lines, strict=True))


@given(st.lists(st.tuples(st.integers(0, 34_000), st.integers(0, 10**7), st.booleans()), max_size=30))
def test_every_amount_is_within_half_a_micro_euro_of_the_exact_one(used: list[tuple[int, int, bool]]) -> None:
    begins = unix("2026-01-01")
    quarters = [MeteredQuarter(begins + 900 * number, joules, 0, day) for number, joules, day in sorted(used)]
    found = bill(book(FLAT), quarters, begins, unix("2027-01-01"))
    exact = sum(Fraction(one.import_joules * (321_400 if one.is_day else 222_500), KWH) for one in quarters)
    assert abs(found.micro_euro - exact) <= Fraction(len(found.lines), 2)


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_examples_hold_and_fit_the_schema(file: Path) -> None:
    rates = load_rates(file, BRUSSELS)
    Draft202012Validator(rates_schema()).validate(json.loads(json.dumps(read_yaml(file.read_text()).value)))
    assert rates_of(rates.as_json(), BRUSSELS, Path.cwd()).periods[0].begins == rates.periods[0].begins


WRONG = {
    "imported: {euro_per_kw: 0.3}": "rates.yaml:5: periods.0.imported.euro_per_kw: unknown property in imported; did you mean",
    "imported: {day: 0.3}": "rates.yaml:5: periods.0.imported: day and night belong together",
    "imported: {euro_per_kwh: 0.3, day: 0.3, night: 0.2}": "a kWh has one price",
    'imported: {euro_per_kwh: 0.3, windows: [{during: "17:10-18:00", euro_per_kwh: 1}]}': "a price changes on a quarter-hour",
    "imported: {prices_file: nowhere.csv}": "nowhere.csv",
    "imported: {euro_per_kwh: 0.3}\n    until: 2025-01-01": "a period must end after it begins",
    "imported: {euro_per_kwh: 0.3}\n  - since: 2025-01-01\n    imported: {euro_per_kwh: 0.3}": "periods must follow each other",
}


@pytest.mark.parametrize("text", WRONG)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, text: str) -> None:
    file = tmp_path / "rates.yaml"
    file.write_text(f"rates: 1\nname: wrong\nperiods:\n  - since: 2026-01-01\n    {text}\n")
    with pytest.raises(HomeFileError) as refused:
        load_rates(file, BRUSSELS)
    assert WRONG[text] in str(refused.value) and "rates.yaml:" in str(refused.value)
