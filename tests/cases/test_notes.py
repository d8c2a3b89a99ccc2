"""What is said beside a result."""

from pathlib import Path

import pytest

from joulebus.homefile.home_file import load_home_file
from joulebus.homefile.notes import notes
from tests.planning.conftest import Command
from tests.planning.homes import HOMES, cabin


@pytest.mark.parametrize(("days", "said"), [(1.0, 0), (7.0, 1), (365.0, 1)])
def test_a_generated_sky_is_said_where_yields_are_asked_for(days: float, said: int, tmp_path: Path) -> None:
    assert len(notes(load_home_file(cabin(tmp_path)), days)) == said
    assert notes(load_home_file(HOMES / "house.yaml"), days) == []


def test_a_note_stands_beside_the_result_and_not_in_it(joulebus: Command, tmp_path: Path) -> None:
    said = joulebus("plan", str(cabin(tmp_path)), "--days", "7", "--tick", "900", "--json")
    assert "note: weather is generated and knows no climate" in said.stderr
    assert said.stdout.startswith("{")
