"""The documents and commands of an NRGkick Gen2, as a charger of ours has them."""

import json
from typing import Any

import pytest

from joulebus.devices.charger import ChargerProperties, ChargerState
from joulebus.errors import PropertyError
from joulebus.services.charger import phases_of_cars
from joulebus.services.nrgkick import ChargerSeen, chosen, command, control_document, info_document, parameters, values_document
from joulebus_schemas.roster import Member

BUSY = ChargerState(plugged=True, session_joules=7_200_000 + 3_599, charged_joules=36_000_000)


def seen(properties: dict[str, Any] | None = None, state: ChargerState = BUSY, watts: int = 0, car_phases: int = 3) -> ChargerSeen:
    return ChargerSeen("house/wallbox", ChargerProperties.model_validate(properties or {}), state, watts, car_phases)


@pytest.mark.parametrize(
    ("what", "status", "relays", "permitted", "warning"),
    [
        (seen(state=ChargerState()), 1, 0, 0, 0),
        (seen(), 2, 0, 1, 0),
        (seen(watts=11_040), 3, 15, 1, 0),
        (seen(watts=3_680, car_phases=1), 3, 3, 1, 0),
        (seen({"phase_count": 1}, watts=3_680), 3, 3, 1, 0),
        (seen({"pause": True}), 2, 0, 0, 0),
        (seen({"energy_limit_wh": 2_000}), 2, 0, 0, 3),
        (seen(state=BUSY.model_copy(update={"switching_seconds": 4})), 2, 0, 0, 0),
        (seen(watts=-2_000), 3, 15, 1, 0),
    ],
)
def test_what_it_does_is_said_in_its_codes(what: ChargerSeen, status: int, relays: int, permitted: int, warning: int) -> None:
    general = chosen(values_document(what), {"raw": "1"})["general"]
    found = (general["status"], general["relay_state"], general["charge_permitted"], general["warning_code"])
    assert found == (status, relays, permitted, warning)


def test_without_raw_codes_are_words() -> None:
    general = chosen(values_document(seen(watts=11_040)), {})["general"]
    assert (general["status"], general["relay_state"], general["error_code"]) == ("CHARGING", "N, L1, L2, L3", "NO_ERROR")
    assert chosen(info_document(seen(), "10.0.0.2"), {})["grid"] == {"voltage": 230, "frequency": 50.0, "phases": "L1, L2, L3"}
    json.dumps(chosen(info_document(seen(), "10.0.0.2"), {"raw": "1"}))


@pytest.mark.parametrize(
    ("what", "amps", "shares"),
    [
        (seen(watts=11_041), 16.0, [3_681, 3_680, 3_680]),
        (seen(watts=3_680, car_phases=1), 16.0, [3_680, 0, 0]),
        (seen(), 0.0, [0, 0, 0]),
    ],
)
def test_phases_add_up_to_the_total(what: ChargerSeen, amps: float, shares: list[int]) -> None:
    flow = values_document(what)["powerflow"]
    assert [flow[f"l{index}"]["active_power"] for index in (1, 2, 3)] == shares
    assert (flow["total_active_power"], flow["charging_current"]) == (sum(shares), amps)


def test_counters_are_whole_watt_hours_that_never_run_ahead() -> None:
    assert values_document(seen())["energy"] == {"total_charged_energy": 10_000, "charged_energy": 2_000}


def test_each_charger_has_a_serial_number_of_its_own() -> None:
    one, other = seen(), ChargerSeen("house/wallbox2", ChargerProperties(), ChargerState())
    assert one.serial == seen(watts=5).serial != other.serial and len(one.serial) == 13


@pytest.mark.parametrize(("section", "answered"), [("energy", ["energy"]), ("status", ["general"]), ("general", ["general"])])
def test_sections_may_be_chosen(section: str, answered: list[str]) -> None:
    assert list(chosen(values_document(seen()), {"raw": "1", section: "1"})) == answered


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("current_set=6", {"amps": 6.0}),
        ("current_set=10.43", {"amps": 10.4}),
        ("current_set=32.0", {"amps": 32.0}),
        ("charge_pause=1", {"pause": True}),
        ("charge_pause=0", {"pause": False}),
        ("energy_limit=5000", {"energy_limit_wh": 5_000}),
        ("energy_limit=0", {"energy_limit_wh": 0}),
        ("phase_count=1", {"phase_count": 1}),
    ],
)
def test_a_command_is_a_change_of_properties(query: str, fields: dict[str, Any]) -> None:
    assert command(parameters(query)) == fields
    after = control_document(ChargerProperties(**fields))
    assert float(query.partition("=")[2]) == pytest.approx(after[query.partition("=")[0]], abs=0.1)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("current_set=5.9", 'current_set must be from 6.0 to 32.0 A, but was "5.9"'),
        ("current_set=32.1", "from 6.0 to 32.0"),
        ("current_set=1e1", "from 6.0 to 32.0"),
        ("current_set=nan", "from 6.0 to 32.0"),
        ("current_set=%2D16", "from 6.0 to 32.0"),
        ("current_set=", "from 6.0 to 32.0"),
        ("charge_pause=2", "charge_pause must be 0 or 1"),
        ("charge_pause=true", "charge_pause must be 0 or 1"),
        ("energy_limit=-1", "energy_limit must be from 0"),
        ("energy_limit=1.5", "energy_limit must be from 0"),
        ("energy_limit=1000001", "energy_limit must be from 0"),
        ("phase_count=2", "phase_count must be 1 or 3"),
        ("amps=16", 'there is no setting "amps"'),
        ("current_set=16&charge_pause=1", "one setting at a time"),
        ("current_set=16&current_set=10", "each parameter once"),
        ("&".join(f"a{index}=1" for index in range(17)), "at most 16 parameters"),
    ],
)
def test_what_is_no_command_is_refused_with_a_sentence(query: str, text: str) -> None:
    with pytest.raises(PropertyError, match=text):
        command(parameters(query))


def test_a_section_that_is_not_there_is_refused() -> None:
    with pytest.raises(PropertyError, match='there is no section "gps": there are energy, powerflow'):
        chosen(values_document(seen()), {"gps": "1"})


@pytest.mark.parametrize(
    ("cars", "phases"),
    [
        ({}, 3),
        ({"zoe": ("wallbox", 1)}, 1),
        ({"zoe": ("wallbox", 1), "id3": ("wallbox", 3)}, 3),
        ({"zoe": ("wallbox", 1), "id3": ("carport", 3)}, 1),
    ],
)
def test_phases_are_those_of_the_cars_at_this_charger(cars: dict[str, tuple[str, int]], phases: int) -> None:
    roster = {name: Member(kind="charger") for name in ("carport", "wallbox")}
    roster |= {name: Member(kind="car", hears=(at,), properties={"phase_count": count}) for name, (at, count) in cars.items()}
    assert phases_of_cars(roster, "wallbox") == phases
