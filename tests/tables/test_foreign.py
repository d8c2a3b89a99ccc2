"""A device that lives outside: what it may say, and that nobody says it in its place."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from joulebus.device import Inputs
from joulebus.devices.foreign import Foreign, ForeignProperties
from joulebus.errors import RosterError
from joulebus.home.outside import beyond, lives_outside, not_its_own
from joulebus_schemas.roster import Member
from joulebus_schemas.rounds import Offered
from tests.tables.living import context, span_of

ROOT = Path(__file__).resolve().parents[2]
MEMBER = Member(kind="foreign", properties={"take_watts_max": 1_000, "give_watts_max": 50, "shedding_priority": 3})
JOULEBUS = str(Path(sys.executable).with_name("joulebus"))
TICK_SECONDS = 10


def verdict(offer: dict[str, Any], state: dict[str, Any] | None = None) -> str | None:
    """What the home says of a packet of two ticks."""
    words = {"window": {"start": 0, "ticks": 2}, "offer": offer, "state": state or {}}
    return beyond(MEMBER, Offered.model_validate_json(json.dumps(words)), TICK_SECONDS)


def flow(*values: int, **more: Any) -> dict[str, Any]:
    """Joules tick by tick, with a priority that it may have."""
    return {"role": "flow", "want": {"form": "each", "values": values}, "shedding_priority": 3, **more}


@pytest.mark.parametrize(
    "offer",
    [
        {"role": "nothing"},
        flow(0, 0),
        flow(10_000, -500),
        flow(0, 1, shedding_priority=0),
        flow(0, 0, all_or_nothing=True, due={"form": "each", "values": [7, 10_000]}),
        flow(
            5,
            5,
            least={"form": "run_lengths", "run_lengths": [[2, -500]]},
            most={"form": "run_lengths", "run_lengths": [[1, 5], [1, 10_000]]},
        ),
    ],
)
def test_what_stays_within_its_limits_is_taken(offer: dict[str, Any]) -> None:
    assert verdict(offer) is None


@pytest.mark.parametrize(
    ("offer", "sentence"),
    [
        (flow(0, 10_001), "want must be within -500 and 10000 J a tick (give_watts_max, take_watts_max), but is 10001"),
        (flow(-501, 0), "want must be within -500 and 10000 J a tick (give_watts_max, take_watts_max), but is -501"),
        (flow(0, 0, least={"form": "each", "values": [0, -501]}), "least must be within -500 and 10000 J"),
        (flow(0, 0, most={"form": "run_lengths", "run_lengths": [[2, 10_001]]}), "most must be within -500 and 10000 J"),
        (flow(0, 0, due={"form": "each", "values": [0, 10_001]}), "due must be within -500 and 10000 J"),
        (flow(0, -1, all_or_nothing=True), "only a load may wait"),
        (flow(0, 0, due={"form": "each", "values": [0, -1]}), "only a load may wait"),
        (flow(0, 0, shedding_priority=4), "its shedding_priority must be at most 3, but is 4"),
        (flow(0, 0, side="dc"), "must be on the AC side"),
        (flow(0, 0, origin="sun"), "must be on the AC side and bring its own joules"),
        (
            {"role": "flow", "shedding_priority": 0,
             "want": {"form": "knots", "grid_seconds": 20, "lead_seconds": 0, "milliwatts": [0, 0]}},
            "want must be run_lengths or each",
        ),
        (
            {
                "role": "thermal", "heat_microjoules": 0, "on": False, "low_microjoules": 0, "high_microjoules": 1, "watts": 1,
                "surroundings": [],
            },
            "must offer a flow or nothing, but offers a thermal",
        ),
    ],
)  # fmt: skip
def test_what_is_more_than_it_may_is_refused_with_a_sentence(offer: dict[str, Any], sentence: str) -> None:
    assert sentence in (verdict(offer) or "")


def test_a_state_that_grows_is_refused() -> None:
    assert verdict(flow(0, 0), {"log": "x" * 16_000}) is None
    assert "its state must have at most 16384 bytes" in (verdict(flow(0, 0), {"log": "x" * 17_000}) or "")


def test_it_changes_its_settings_and_nothing_else() -> None:
    assert not_its_own(MEMBER, {"settings": {"litres": 2}}) == ()
    assert not_its_own(MEMBER, {"settings": {}, "take_watts_max": 9_999, "shedding_priority": 9}) == ("shedding_priority", "take_watts_max")
    assert not_its_own(Member(kind="oven"), {"power_watts": 1}) == ()
    assert lives_outside(MEMBER) and not lives_outside(Member(kind="oven"))


def test_nobody_offers_in_its_place() -> None:
    its = context("2026-01-01", name="kettle")
    with pytest.raises(RosterError, match='kettle is a foreign device: .* give it "on: false" in the home file'):
        Foreign().offer(Inputs(its, ForeignProperties(), span_of(its, 1)), Foreign().begin(its, ForeignProperties()))


def test_a_plan_says_that_it_cannot_be_planned_and_how_to_mend_it(tmp_path: Path) -> None:
    example = (ROOT / "examples/homes/foreign.yaml").read_text()
    (tmp_path / "on.yaml").write_text(example)
    (tmp_path / "off.yaml").write_text(example.replace("kind: foreign", "kind: foreign\n    on: false"))
    plans = {
        name: subprocess.run([JOULEBUS, "plan", str(tmp_path / name), "--json"], capture_output=True, text=True, cwd=ROOT)
        for name in ("on.yaml", "off.yaml")
    }
    assert plans["on.yaml"].returncode == 2
    assert plans["on.yaml"].stderr.startswith("joulebus: kettle is a foreign device") and plans["on.yaml"].stderr.count("\n") == 1
    assert json.loads(plans["off.yaml"].stdout)["devices"]["heater"]["joules_in"] == 86_400 * 1_000
