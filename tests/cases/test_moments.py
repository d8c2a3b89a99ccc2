"""Outages, prices and stages from moments on: later than the window, in the hour that is left out, in the hour that comes twice."""

from typing import Any

import pytest

from joulebus.devices.grid import GridDevice, GridProperties
from joulebus.errors import PropertyError
from tests.cases import CASES, lived
from tests.tables.living import context, listed
from tests.tables.test_grid import offered

TV_STANDBY_QUARTER_JOULES = 450


def test_two_outages_of_next_month_do_not_trouble_today() -> None:
    assert lived(CASES / "home/two_outages.yaml").as_json()["unserved_joules"] == {}


def test_an_outage_that_begins_in_the_hour_left_out_begins_with_the_first_moment_that_there_is() -> None:
    assert lived(CASES / "home/dst_outage.yaml").as_json()["unserved_joules"] == {"tv": TV_STANDBY_QUARTER_JOULES}


def test_prices_of_the_hour_left_out_give_way_to_the_one_that_begins_after_it() -> None:
    properties = {
        "import_euro_per_kwh": 0.1,
        "import_prices_from": [
            {"since": f"2026-03-29 0{time}", "euro_per_kwh": 0.2 + n} for n, time in enumerate(("2:45", "3:00", "3:15"))
        ],
    }
    assert lived(CASES / "home/dst_prices.yaml").totals.import_cost_micro_euro > 0
    assert listed(offered(properties, "2026-03-29 01:30", 4, 900).import_price) == [100_000, 100_000, 1_200_000, 2_200_000]


def test_one_local_moment_that_stands_twice_is_refused_and_offsets_tell_the_hours_apart() -> None:
    with pytest.raises(
        PropertyError, match="import_prices_from must begin at different moments.*say the hour that comes twice with its offsets"
    ):
        lived(CASES / "files/price_hour_twice/home.yaml", 5)
    assert lived(CASES / "files/price_hour_twice/with_offsets.yaml", 5).totals.import_cost_micro_euro == 700_000


def test_load_shedding_ends_though_its_stages_change_in_the_hour_left_out() -> None:
    changes = [{"since": "2026-03-29 03:15", "stage": 0}, {"since": "2026-03-29 02:45", "stage": 8}]
    properties = {"import_limit_watts": 1, "load_shedding_changes": changes, "load_shedding_area": 6, "switching_minutes": 0}
    caps = listed(offered(properties, "2026-03-29 00:00", 4 * 23, 900).import_joules_max)
    assert caps[:8] == [900] * 8 and caps[9:] == [900] * 83
    assert caps[8] == 0


@pytest.mark.parametrize(
    ("properties", "said"),
    [
        ({"outages": [{"begins": "2026-10-25 02:30", "ends": "2026-10-25 02:15+02:00"}]}, "must end after it begins; in Europe/Brussels"),
        ({"outages": [{"begins": "2026-10-25 02:30", "ends": "2026-10-25 04:00"}] * 2}, "planned outages must begin at different moments"),
        (
            {"load_shedding_changes": [{"since": "2026-07-01 12:00", "stage": 1}, {"since": "2026-07-01 10:00Z", "stage": 2}]},
            "2026-07-01 12:00:00 and 2026-07-01 10:00:00.00:00 are the same moment",
        ),
    ],
)
def test_moments_that_cannot_be_told_apart_are_refused_when_they_are_asked_for(properties: dict[str, Any], said: str) -> None:
    with pytest.raises(PropertyError, match=said):
        GridDevice().begin(context("2026-03-02"), GridProperties.model_validate(properties))
