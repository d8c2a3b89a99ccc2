"""Journals that a released version wrote: read, audited and continued in the words of today."""

import json
import shutil
from pathlib import Path

import pytest

from joulebus.audit import audit
from joulebus.home.restart import wake
from joulebus.home.round import Home
from joulebus.journal.file import Journal
from joulebus.journal.older import in_todays_words
from joulebus.journal.recovery import recover
from joulebus_schemas.journal import Committed

RELEASED = Path(__file__).parent / "released/0.1.0.journal"
"""Nine ticks of a home in which a lamp is shed and the battery's rank is changed to 1 after three ticks, as version 0.1.0 wrote them."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return Path(shutil.copy(RELEASED, tmp_path / "home.journal"))


def test_properties_have_the_names_of_today(path: Path) -> None:
    with Journal.open(path) as journal:
        born, roster = recover(journal).born, recover(journal).roster
    assert (born.members["battery"].properties["priority"], roster["battery"].properties["priority"]) == (7, 1)
    assert (roster["lamp"].properties["shedding_priority"], roster["kettle"].properties["shedding_priority"]) == (2, 8)


def test_an_inverter_goes_on_with_the_curve_that_it_had(path: Path) -> None:
    with Journal.open(path) as journal:
        assert recover(journal).roster["inverter"].properties["pvwatts_version"] == 5


BEFORE = [
    # kind, what any of it says, what came later, how it was before
    ("weather", "cloud_cover_percent", "climate", "by_latitude"),
    ("panel", "tilt_degrees", "model", "hay_davies"),
    ("inverter", "sandia", "pvwatts_version", 5),
]


@pytest.mark.parametrize(("kind", "mark", "later", "before"), BEFORE)
@pytest.mark.parametrize("said", [{}, {"as": "said"}])
def test_what_came_later_is_as_it_was_before_unless_it_is_said(
    kind: str, mark: str, later: str, before: str | int, said: dict[str, str]
) -> None:
    properties = {mark: 1, **({later: said["as"]} if said else {})}
    member = {"kind": kind, "properties": properties}
    record = {"members": {"it": member}, "changes": [{"properties": properties}, {"added": member}]}
    read = json.loads(in_todays_words(json.dumps(record, separators=(",", ":")).encode()))
    found = [read["members"]["it"]["properties"], read["changes"][0]["properties"], read["changes"][1]["added"]["properties"]]
    assert [one[later] for one in found] == [said.get("as", before)] * 3


def test_what_was_granted_is_read(path: Path) -> None:
    with Journal.open(path) as journal:
        granted = [record.outcomes["lamp"].granted for _, record, _ in journal.read() if isinstance(record, Committed)]
    assert len(granted) == 9
    assert all(one is not None and one.run_lengths[0][1] < 400 * 300 for one in granted)


def test_its_seals_hold(path: Path) -> None:
    assert audit(path).is_sound


def test_the_home_goes_on(path: Path) -> None:
    with Journal.open(path) as journal:
        home = Home.of_keeper(wake(journal))
        assert len(list(home.live(3, 1))) == 3
    assert audit(path).is_sound
