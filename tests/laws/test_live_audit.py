"""Who counts a living home again believes nothing: a changed transfer, seal or outcome is refused and named."""

from collections.abc import Callable
from pathlib import Path

import pytest

from joulebus.audit import LiveAudit
from joulebus.errors import AuditError
from joulebus.home.round import Home
from joulebus.homefile.home_file import load_home_file
from joulebus_core import decode_columns, encode_columns
from joulebus_schemas.rounds import Settled

Kept = tuple[Settled, bytes]


def moved(giver: str, taker: str, joules: int) -> Callable[[Kept], Kept]:
    """More joules in the last run of a column."""

    def change(kept: Kept) -> Kept:
        columns = decode_columns(kept[1])
        runs = next(runs for one, other, runs in columns if (one, other) == (giver, taker))
        runs[-1] = (runs[-1][0], runs[-1][1] + joules)
        return kept[0], encode_columns(columns)

    return change


def another_seal(kept: Kept) -> Kept:
    note = kept[0].seals[1].model_copy(update={"hash": "0" * 64})
    return kept[0].model_copy(update={"seals": (kept[0].seals[0], note, *kept[0].seals[2:])}), kept[1]


def a_seal_less(kept: Kept) -> Kept:
    return kept[0].model_copy(update={"seals": kept[0].seals[:-1]}), kept[1]


def another_outcome(kept: Kept) -> Kept:
    richer = kept[0].outcomes["fridge"].model_copy(update={"joules_in": 1})
    return kept[0].model_copy(update={"outcomes": {**kept[0].outcomes, "fridge": richer}}), kept[1]


@pytest.fixture(scope="module")
def kept() -> Kept:
    """An hour of the house."""
    heard: list[Kept] = []
    home = Home.from_file(load_home_file(Path("examples/homes/house.yaml")))
    home.keeper.live_audit = lambda settled, columns: heard.append((settled, columns))
    home.round(3_600)
    return heard[0]


@pytest.fixture
def live_audit() -> LiveAudit:
    return LiveAudit(Home.from_file(load_home_file(Path("examples/homes/house.yaml"))).keeper.born)


def test_what_agrees_is_counted(live_audit: LiveAudit, kept: Kept) -> None:
    live_audit(*kept)
    assert (live_audit.ticks, live_audit.seals, live_audit.head) == (3_600, 4, kept[0].seals[-1].hash)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (moved("inverter", "fridge", 1), "the transfers of ticks 0 to 3599 must close, but an account that only passes on"),
        (moved("inverter", "heat", 7), "inverter moves by -7 in tick"),
        (another_seal, "seal 2 from tick 0 on is not"),
        (a_seal_less, "seal 4 from tick 0 on is not"),
        (another_outcome, "an outcome must be the sum of its transfers, but in the window from tick 0"),
    ],
)
def test_what_does_not_agree_is_refused_and_named(live_audit: LiveAudit, kept: Kept, change: Callable[[Kept], Kept], words: str) -> None:
    with pytest.raises(AuditError, match=words):
        live_audit(*change(kept))
