"""What is said beside a result."""

from pathlib import Path

import pytest

from joulebus.homefile.home_file import load_home_file
from joulebus.homefile.notes import notes
from tests.planning.conftest import Command
from tests.planning.homes import HOMES, cabin

OLD_SKY = {"source: generated": "source: generated, climate: by_latitude"}
AT_SEA = {"latitude_degrees: 36.1, longitude_degrees: -79.95": "latitude_degrees: 10.0, longitude_degrees: -130.0"}
SINGAPORE = {"latitude_degrees: 36.1, longitude_degrees: -79.95": "latitude_degrees: 1.35, longitude_degrees: 103.82"}
KNOWN_BETTER = AT_SEA | {"source: generated": f"source: generated, monthly_ghi_kwh_m2: {[150] * 12}"}


@pytest.mark.parametrize(("days", "said"), [(1.0, 0), (7.0, 1), (365.0, 1)])
def test_a_sky_without_climate_is_said_where_yields_are_asked_for(days: float, said: int, tmp_path: Path) -> None:
    assert len(notes(load_home_file(cabin(tmp_path, **OLD_SKY)), days)) == said
    assert notes(load_home_file(HOMES / "house.yaml"), days) == []


LESS_RIGHT: list[tuple[dict[str, str], list[str]]] = [
    ({}, []),
    (AT_SEA, ["is generated with the climate of land"]),
    (SINGAPORE, ["up to a tenth less than a place really has (7.2 % in Singapore); name a weather file, or monthly_ghi_kwh_m2"]),
    (KNOWN_BETTER, []),
    (SINGAPORE | {"source: generated": f"source: generated, monthly_ghi_kwh_m2: {[140] * 12}"}, []),
]


@pytest.mark.parametrize(("words", "said"), LESS_RIGHT)
def test_a_climate_that_is_less_right_is_said(words: dict[str, str], said: list[str], tmp_path: Path) -> None:
    found = notes(load_home_file(cabin(tmp_path, **words)), 365.0)
    assert [sentence for sentence, part in zip(found, said, strict=True) if part in sentence] == found


def test_a_note_stands_beside_the_result_and_not_in_it(joulebus: Command, tmp_path: Path) -> None:
    said = joulebus("plan", str(cabin(tmp_path, **OLD_SKY)), "--days", "7", "--tick", "900", "--json")
    assert "note: weather is generated and knows no climate" in said.stderr
    assert said.stdout.startswith("{")
