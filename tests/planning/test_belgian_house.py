"""The example with everything that a house in Flanders has: its cars drive what they want to, and its peaks stay below the limit."""

from joulebus.planning.api import load
from tests.planning.homes import HOMES

LIMIT_WATTS = 5_500
"""Both programs keep to it."""


def test_five_winter_days_have_no_trip_unserved_and_no_peak_above_the_limit() -> None:
    run = load(HOMES / "belgian_house.yaml").starting("2026-01-05T00:00:00+01:00", tick_seconds=900).plan(5)
    totals, rows = run.totals, run.frame("quarter")
    assert (totals["unserved_joules"], totals["short_seconds"]) == (0, 0)
    assert 4_000 < totals["peak_watts"] <= LIMIT_WATTS
    assert totals["month_peak_mean_billed_watts"] == totals["peak_watts"]
    for car in ("car_anna", "car_ben"):
        assert rows[f"{car}_driving_joules"].sum() > 0 and rows[f"{car}_in_joules"].sum() > 0
